package selector

import (
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/internal/yamldoc"
)

// shown is a selector as the manifest has it: as written, with texts and short forms turned into mappings.
func shown(v *value) *jinja.Dict {
	d := jinja.NewDict(len(v.pairs))
	for _, p := range v.pairs {
		if p.name == "definition" {
			d.Set(p.name, shownDefinition(p.value))
			continue
		}
		d.Set(p.name, p.value.asIs())
	}
	return d
}

func shownDefinition(v *value) jinja.Value {
	if text, ok := v.text(); ok {
		return shownText(text)
	}
	if v.kind != yamldoc.Mapping || len(v.pairs) == 0 {
		return v.asIs()
	}
	for _, operation := range [...]string{"union", "intersection"} {
		parts := v.get(operation)
		if parts == nil {
			continue
		}
		list := jinja.NewList()
		for _, p := range parts.items {
			if _, ok := p.text(); ok || p.kind == yamldoc.Mapping {
				list.Items = append(list.Items, shownDefinition(p))
			} else {
				list.Items = append(list.Items, p.asIs())
			}
		}
		d := jinja.NewDict(1)
		d.Set(operation, list)
		return d
	}
	first := v.pairs[0]
	val := first.value.asIs()
	if first.value.kind == yamldoc.Sequence {
		list := jinja.NewList()
		for _, item := range first.value.items {
			list.Items = append(list.Items, shownDefinition(item))
		}
		val = list
	}
	d := jinja.NewDict(2)
	switch {
	case first.name == "exclude":
		d.Set("exclude", val)
	case len(v.pairs) == 1:
		d.Set("method", jinja.Str(first.name))
		d.Set("value", val)
	default:
		return v.asIs()
	}
	return d
}

// shownText is a criterion of the command line as a mapping.
func shownText(text string) *jinja.Dict {
	p, _ := cut(text)
	d := jinja.NewDict(5)
	flag := func(name string, on bool) {
		if on {
			d.Set(name, jinja.Bool(true))
		}
	}
	word := func(name, s string) {
		if s != "" {
			d.Set(name, jinja.Str(s))
		}
	}
	flag("childrens_parents", p.childrensParents)
	flag("parents", p.parents)
	word("parents_depth", p.parentsDepth)
	method := p.method
	if !p.hasMethod {
		method = string(defaultMethod(p.value))
	}
	word("method", method)
	word("value", p.value)
	flag("children", p.children)
	word("children_depth", p.childrenDepth)
	return d
}

// asIs is the value as a template would see it.
func (v *value) asIs() jinja.Value {
	switch v.kind {
	case yamldoc.Mapping:
		d := jinja.NewDict(len(v.pairs))
		for _, p := range v.pairs {
			d.Set(p.name, p.value.asIs())
		}
		return d
	case yamldoc.Sequence:
		list := jinja.NewList()
		for _, item := range v.items {
			list.Items = append(list.Items, item.asIs())
		}
		return list
	}
	return v.plain
}
