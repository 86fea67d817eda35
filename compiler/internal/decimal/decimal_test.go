package decimal

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"
)

// The cases were written by tests/oracle/decimals.py, which asks Python.
func cases(t testing.TB, into any) {
	raw, err := os.ReadFile("testdata/decimals.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

func TestParseAsPython(t *testing.T) {
	var file struct {
		Parse [][2]json.RawMessage
	}
	cases(t, &file)
	for _, c := range file.Parse {
		var text string
		var want *struct {
			Str     string
			Float   *float64
			Rounded string
			Int     *string
			Places  *[2]int
		}
		if json.Unmarshal(c[0], &text) != nil || json.Unmarshal(c[1], &want) != nil {
			t.Fatalf("%s", c)
		}
		d, ok := Parse(text)
		if ok != (want != nil) {
			t.Errorf("%q: is a number: %v, Python: %v", text, ok, want != nil)
			continue
		}
		if !ok || want.Str == "NaN12" {
			continue
		}
		if d.String() != want.Str {
			t.Errorf("%q prints %s, want %s", text, d, want.Str)
		}
		if want.Float != nil && d.Float64() != *want.Float {
			t.Errorf("%q as float is %v, want %v", text, d.Float64(), *want.Float)
		}
		if want.Rounded != "" && d.Round().String() != want.Rounded {
			t.Errorf("%q rounds to %s, want %s", text, d.Round(), want.Rounded)
		}
		if want.Int != nil {
			if n, _ := d.Int(); n.String() != *want.Int {
				t.Errorf("int(%q) is %s, want %s", text, n, *want.Int)
			}
		}
		if want.Places != nil {
			if w, f := d.Places(); w != want.Places[0] || f != want.Places[1] {
				t.Errorf("%q has places %d, %d, want %v", text, w, f, *want.Places)
			}
		}
	}
}

func TestArithmeticAsPython(t *testing.T) {
	var file struct{ Pairs []map[string]any }
	cases(t, &file)
	ops := map[string]func(a, b Decimal) (Decimal, bool){
		"+": Decimal.Add, "-": Decimal.Sub, "*": Decimal.Mul, "/": Decimal.Div, "//": Decimal.FloorDiv, "%": Decimal.Mod,
	}
	for _, p := range file.Pairs {
		a, _ := Parse(p["a"].(string))
		b, _ := Parse(p["b"].(string))
		if o, ok := a.Compare(b); !ok || sign(o) != int(p["cmp"].(float64)) {
			t.Errorf("%s against %s: %d, %v, want %v", a, b, o, ok, p["cmp"])
		}
		for op, f := range ops {
			got, ok := f(a, b)
			want, can := p[op].(string)
			if ok != can {
				t.Errorf("%s %s %s has a result: %v, Python: %v", a, op, b, ok, p[op])
				continue
			}
			if w, _ := Parse(want); ok && got.String() != want && !(got.IsZero() && w.IsZero()) {
				t.Errorf("%s %s %s is %s, want %s", a, op, b, got, want)
			}
		}
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestFloatsAsPython(t *testing.T) {
	var file struct{ Floats [][2]string }
	cases(t, &file)
	for _, c := range file.Floats {
		f, err := strconv.ParseFloat(c[0], 64)
		if err != nil {
			t.Fatal(err)
		}
		if got := FromFloat(f).String(); got != c[1] {
			t.Errorf("%s is %s, want %s", c[0], got, c[1])
		}
	}
}

func TestFixed(t *testing.T) {
	for _, c := range []struct {
		text   string
		places int
		want   string
	}{
		{"1.005", 2, "1.00"}, {"1.015", 2, "1.02"}, {"-1.5", 0, "-2"}, {"2.5", 0, "2"}, {"0.001", 2, "0.00"}, {"-0.001", 2, "-0.00"}, {"-0", 1, "0.0"}, {"12", 3, "12.000"},
		{"1E+3", 1, "1000.0"}, {"1E-30", 3, "0.000"}, {"0.5", 3, "0.500"}, {"999.999", 2, "1000.00"},
	} {
		d, _ := Parse(c.text)
		if got := d.Fixed(c.places); got != c.want {
			t.Errorf("%s with %d places: %s, want %s", c.text, c.places, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1", "-1.5e7", "1e999999999999", "0e-999999", "nan", "9e-999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := Parse(s)
		if !ok || !d.Finite() {
			return
		}
		again, ok := Parse(d.String())
		if o, comparable := d.Compare(again); !ok || !comparable || o != 0 {
			t.Fatalf("%q prints %s, which is read as %s", s, d, again)
		}
		d.Places()
		d.Float64()
	})
}
