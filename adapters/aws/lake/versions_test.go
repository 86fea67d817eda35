package lake

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

func table(location string, keys ...string) Table {
	t := Table{Location: location, entry: types.Table{StorageDescriptor: &types.StorageDescriptor{Location: aws.String(location)}}}
	for _, k := range keys {
		t.Partitions = append(t.Partitions, Column{Name: k, Type: "string"})
	}
	return t
}

// parts writes partitions as "a/b@place".
func parts(list ...string) []Partition {
	var out []Partition
	for _, s := range list {
		values, place, _ := strings.Cut(s, "@")
		out = append(out, Partition{Values: strings.Split(values, "/"), Location: place})
	}
	return out
}

func TestCompose(t *testing.T) {
	for _, c := range []struct {
		name         string
		staged, base Table
		fresh, old   []Partition
		beside       bool
		want         string
		hidden       bool
		refused      string
	}{
		{"partitions are replaced, others stay", table("new", "day"), table("old", "day"), parts("2@n2", "3@n3"), parts("1@o1", "2@o2"), false, "2@n2 3@n3 1@o1", false, ""},
		{"rows beside those that are there", table("new", "day"), table("old", "day"), parts("2@n2"), parts("1@o1", "2@o2"), true, "2/B@n2 1/0@o1 2/0@o2", true, ""},
		{"once more", table("new", "day"), table("old", "day", BuildColumn), parts("2@n2"), parts("1/0@o1", "2/A@o2"), true, "2/B@n2 1/0@o1 2/A@o2", true, ""},
		{"replaced where builds are told apart", table("new", "day"), table("old", "day", BuildColumn), parts("2@n2"), parts("1/0@o1", "2/0@o2", "2/A@o3"), false, "2/B@n2 1/0@o1", true, ""},
		{"a table without partitions", table("new"), table("old"), nil, nil, true, "B@new 0@old", true, ""},
		{"the same once more", table("new"), table("old", BuildColumn), nil, parts("0@old", "A@a"), true, "B@new 0@old A@a", true, ""},
		{"no new rows", table("new", "day"), table("old", "day"), nil, parts("1@o1"), false, "1@o1", false, ""},
		{"partitioned otherwise", table("new", "month"), table("old", "day"), nil, nil, false, "", false, "the table is partitioned by [day], and the model by [month]: build it anew with --full-refresh"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(c.old)
			list, hidden, err := Compose(c.staged, c.base, c.fresh, c.old, "B", c.beside)
			var got []string
			for _, p := range list {
				got = append(got, strings.Join(p.Values, "/")+"@"+p.Location)
			}
			if err != nil && err.Error() != c.refused || err == nil && c.refused != "" {
				t.Fatal(err)
			}
			if strings.Join(got, " ") != c.want || hidden != c.hidden || len(c.old) != before {
				t.Errorf("%v, hidden %v", got, hidden)
			}
			for _, p := range c.old {
				if slices.Contains(p.Values, "B") {
					t.Error("what is published was changed")
				}
			}
		})
	}
}

func TestSameTypes(t *testing.T) {
	base := Table{Columns: []Column{{Name: "id", Type: "int"}, {Name: "name", Type: "string"}}}
	if err := SameTypes(Table{Columns: []Column{{Name: "ID", Type: "int"}, {Name: "more", Type: "date"}}}, base); err != nil {
		t.Error(err)
	}
	err := SameTypes(Table{Columns: []Column{{Name: "id", Type: "bigint"}}}, base)
	if err == nil || !strings.Contains(err.Error(), "the column id is bigint in the query and int in the table") {
		t.Error(err)
	}
}
