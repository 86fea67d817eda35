package basecontext

import (
	"math/big"

	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
)

// FromYAML is the Python value of a YAML tree, as it was written: strings are not rendered, dates are datetime.date.
func FromYAML(n *yamldoc.Node) jinja.Value {
	if n == nil {
		return jinja.None
	}
	switch n.Kind {
	case yamldoc.Sequence:
		items := make([]jinja.Value, len(n.Items))
		for i, c := range n.Items {
			items[i] = FromYAML(c)
		}
		return jinja.NewList(items...)
	case yamldoc.Mapping:
		return DictFromYAML(n)
	}
	return scalarFromYAML(n)
}

// DictFromYAML is FromYAML of a mapping; anything else gives an empty dict.
func DictFromYAML(n *yamldoc.Node) *jinja.Dict {
	if n == nil {
		return jinja.NewDict(0)
	}
	d := jinja.NewDict(len(n.Pairs))
	for i := range n.Pairs {
		setPair(d, &n.Pairs[i], FromYAML(n.Pairs[i].Value))
	}
	return d
}

// setPair stores a value under a YAML key, which need not be a string. YAML keys are scalars, so all are hashable.
func setPair(d *jinja.Dict, p *yamldoc.Pair, v jinja.Value) {
	if p.Key == nil || p.Key.Kind == yamldoc.String {
		d.Set(p.Name, v)
		return
	}
	if err := d.Store(scalarFromYAML(p.Key), v); err != nil {
		d.Set(p.Name, v)
	}
}

func scalarFromYAML(n *yamldoc.Node) jinja.Value {
	switch n.Kind {
	case yamldoc.Bool:
		return jinja.Bool(n.Bool)
	case yamldoc.Int:
		if n.Big {
			i, _ := new(big.Int).SetString(n.Str, 10)
			return &jinja.BigInt{Int: i}
		}
		return jinja.Int(n.Int)
	case yamldoc.Float:
		return jinja.Float(n.Float)
	case yamldoc.String:
		return jinja.Str(n.Str)
	case yamldoc.Date:
		t := n.Timestamp()
		return Date{t.Year, t.Month, t.Day}
	case yamldoc.DateTime:
		t := n.Timestamp()
		dt := DateTime{Date: Date{t.Year, t.Month, t.Day}, Clock: Clock{t.Hour, t.Minute, t.Second, t.Microsecond}}
		if t.HasZone {
			dt.Zone = fixedZone(t.Zone)
		}
		return dt
	}
	return jinja.None
}
