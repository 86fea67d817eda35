package lower

import "testing"

func TestQueriedType(t *testing.T) {
	names := map[string]string{"string": "varchar", "int": "integer", "binary": "varbinary"}
	plain := func(t string) string {
		if n := names[t]; n != "" {
			return n
		}
		return t
	}
	for in, want := range map[string]string{
		"string":                 "varchar",
		"decimal(10,2)":          "decimal(10,2)",
		"array<string>":          "array(varchar)",
		"map<string,array<int>>": "map(varchar, array(integer))",
		"struct<a:int,b:struct<c:decimal(5,1),d:map<string,binary>>>": `row("a" integer, "b" row("c" decimal(5,1), "d" map(varchar, varbinary)))`,
	} {
		if got := queriedType(in, plain); got != want {
			t.Errorf("%s is %s, not %s", in, got, want)
		}
	}
}
