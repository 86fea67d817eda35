package warehouse

import (
	"slices"

	"github.com/weft-data/weft/compiler/internal/jinja"
)

// Response is dbt's AdapterResponse: what the engine says of a statement. It prints as the engine's message.
type Response struct {
	message string
	fields  *jinja.Dict
}

// NewResponse makes the response of a result.
func NewResponse(r *Result) *Response {
	d := jinja.NewDict(3 + len(r.Extra))
	d.Set("_message", jinja.Str(r.Message))
	d.Set("code", orNone(r.Code))
	d.Set("rows_affected", jinja.None)
	if r.Affected >= 0 {
		d.Set("rows_affected", jinja.Int(r.Affected))
	}
	d.Set("query_id", jinja.None)
	keys := make([]string, 0, len(r.Extra))
	for k := range r.Extra {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		d.Set(k, cell(r.Extra[k]))
	}
	return &Response{r.Message, d}
}

// TypeName is Python's.
func (*Response) TypeName() string { return "AdapterResponse" }

// String is the engine's message.
func (r *Response) String() string { return r.message }

// Repr is the message too, since nothing tells more.
func (r *Response) Repr() string {
	return "AdapterResponse(_message=" + jinja.Repr(jinja.Str(r.message)) + ")"
}

// Attr finds a field, or to_dict().
func (r *Response) Attr(name string) (jinja.Value, bool, error) {
	if name == "to_dict" {
		return method(name, func(*jinja.Call) (jinja.Value, error) {
			d := jinja.NewDict(r.fields.Len())
			for k, v := range r.fields.Entries {
				if v != jinja.None {
					if err := d.Store(k, v); err != nil {
						return nil, err
					}
				}
			}
			return d, nil
		}), true, nil
	}
	v, ok := r.fields.Get(name)
	return v, ok, nil
}
