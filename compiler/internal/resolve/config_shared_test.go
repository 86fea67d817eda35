package resolve

import (
	"testing"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

func TestEqualConfigsAreShared(t *testing.T) {
	c := &configs{states: map[stateKey]*state{}}
	own := &folderConfig{state: newState(newSchemas().model)}
	get := func(patch, calls *jinja.Dict) *state {
		s, _ := c.shared(own, nil, patch, calls, func() (*state, []configProblem) { return c.laid(own, nil, patch, calls) })
		return s
	}
	table := func() *jinja.Dict {
		return dictOf("materialized", jinja.Str("table"), "tags", jinja.NewList(jinja.Str("a"), jinja.Int(1)))
	}
	get(nil, table())
	if get(nil, table()) != get(nil, table()) {
		t.Error("equal configs are not shared")
	}
	for _, d := range []*jinja.Dict{
		dictOf("materialized", jinja.Str("table")),
		dictOf("materialized", jinja.Str("table"), "tags", jinja.NewList(jinja.Str("a"), jinja.Str("1"))),
		dictOf("materialized", jinja.Str("table"), "tags", jinja.NewList(jinja.Str("a"), jinja.Bool(true))),
		dictOf("materialized", jinja.Str("table"), "tags", jinja.NewList(jinja.NewList(jinja.Str("a"), jinja.Int(1)))),
		dictOf("tags", jinja.NewList(jinja.Str("a"), jinja.Int(1)), "materialized", jinja.Str("table")),
	} {
		if get(nil, d) == get(nil, table()) {
			t.Errorf("%s is not the config of the others", jinja.Repr(d))
		}
	}
	if get(table(), nil) == get(nil, table()) {
		t.Error("properties and calls are taken for one another")
	}
	wrong := dictOf("enabled", jinja.Str("perhaps"))
	get(nil, wrong)
	for range 2 {
		if _, bad := get(nil, wrong).finish(); len(bad) == 0 {
			t.Error("a problem is reported for the first node only")
		}
	}
}
