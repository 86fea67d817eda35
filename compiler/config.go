package compiler

import (
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/resource"
)

// config reads a node's config by key; what is missing or of another type gives the zero value.
type config struct{ d *jinja.Dict }

func configOf(n *resource.Node) config {
	if n.Config == nil {
		return config{jinja.NewDict(0)}
	}
	return config{n.Config}
}

func (c config) value(key string) jinja.Value {
	if v, ok := c.d.Get(key); ok {
		return v
	}
	return jinja.None
}

func (c config) has(key string) bool {
	v := c.value(key)
	_, none := v.(jinja.NoneType)
	return !none
}

func (c config) text(key string) string {
	if !c.has(key) {
		return ""
	}
	return jinja.Text(c.value(key))
}

func (c config) truth(key string) bool { return jinja.Truth(c.value(key)) }

func (c config) int(key string, otherwise int64) int64 {
	if n, ok := c.value(key).(jinja.Int); ok {
		return int64(n)
	}
	return otherwise
}

// texts is a list of strings; a single value counts as a list of one.
func (c config) texts(key string) (list []string, isList bool) {
	switch v := c.value(key).(type) {
	case *jinja.List:
		for _, x := range v.Items {
			list = append(list, jinja.Text(x))
		}
		return list, true
	case jinja.Tuple:
		for _, x := range v {
			list = append(list, jinja.Text(x))
		}
		return list, true
	case jinja.NoneType:
		return nil, false
	default:
		return []string{jinja.Text(v)}, false
	}
}

func (c config) dict(key string) *jinja.Dict {
	d, _ := c.value(key).(*jinja.Dict)
	return d
}
