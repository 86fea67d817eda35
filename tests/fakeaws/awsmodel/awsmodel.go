// Package awsmodel holds what AWS publishes of the shapes of its APIs (required members, lengths, patterns, enums, errors) and checks
// values by it, so that a fake of a service cannot accept a request, or give an answer, that the real service's own model refuses.
//
// The models are the ones that botocore is driven by (see testdata's NOTICE), cut down to the operations that the fakes have. A live service
// can be stricter than its model; what it adds is the business of the fake of that service.
package awsmodel

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed models/*.json
var files embed.FS

// Service is the model of one service.
type Service struct {
	// Name is the file's name ("athena"), Target the prefix of X-Amz-Target ("AmazonAthena"), empty where the protocol has none.
	Name, Target string
	// Protocol is "json", "rest-json" or "query"; Version the API's date.
	Protocol, Version string
	Operations        map[string]Operation
	shapes            map[string]*shape
}

// Operation is one call of a service. Input and Output name shapes and may be empty.
type Operation struct {
	Name, Method, Path string
	Input, Output      string
	// Errors are the names of the errors that it may answer with.
	Errors []string
}

type shape struct {
	name     string
	Type     string               `json:"type"`
	Required []string             `json:"required"`
	Members  map[string]memberRef `json:"members"`
	Member   memberRef            `json:"member"`
	Key      memberRef            `json:"key"`
	Value    memberRef            `json:"value"`
	Min      *json.Number         `json:"min"`
	Max      *json.Number         `json:"max"`
	Pattern  string               `json:"pattern"`
	Enum     []string             `json:"enum"`
	Union    bool                 `json:"union"`
	Error    struct {
		HTTPStatusCode int    `json:"httpStatusCode"`
		Code           string `json:"code"`
	} `json:"error"`

	min, max float64
	pattern  *regexp.Regexp
	required map[string]bool
	enum     map[string]bool
}

type memberRef struct {
	Shape        string `json:"shape"`
	Location     string `json:"location"`
	LocationName string `json:"locationName"`
}

var cache sync.Map // name → *Service

// Load gives the model of a service by the name of its file ("athena", "glue", "sts", "lakeformation").
func Load(name string) (*Service, error) {
	if s, ok := cache.Load(name); ok {
		return s.(*Service), nil
	}
	data, err := files.ReadFile("models/" + name + ".json")
	if err != nil {
		return nil, err
	}
	s, err := parse(name, data)
	if err != nil {
		return nil, fmt.Errorf("model of %s: %w", name, err)
	}
	cache.Store(name, s)
	return s, nil
}

func parse(name string, data []byte) (*Service, error) {
	var raw struct {
		Metadata struct {
			APIVersion   string `json:"apiVersion"`
			Protocol     string `json:"protocol"`
			TargetPrefix string `json:"targetPrefix"`
		} `json:"metadata"`
		Operations map[string]struct {
			Name string `json:"name"`
			HTTP struct {
				Method     string `json:"method"`
				RequestURI string `json:"requestUri"`
			} `json:"http"`
			Input  struct{ Shape string }   `json:"input"`
			Output struct{ Shape string }   `json:"output"`
			Errors []struct{ Shape string } `json:"errors"`
		} `json:"operations"`
		Shapes map[string]*shape `json:"shapes"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	s := &Service{Name: name, Target: raw.Metadata.TargetPrefix, Protocol: raw.Metadata.Protocol, Version: raw.Metadata.APIVersion,
		Operations: map[string]Operation{}, shapes: raw.Shapes}
	for n, o := range raw.Operations {
		op := Operation{Name: n, Method: o.HTTP.Method, Path: o.HTTP.RequestURI, Input: o.Input.Shape, Output: o.Output.Shape}
		for _, e := range o.Errors {
			op.Errors = append(op.Errors, e.Shape)
		}
		s.Operations[n] = op
	}
	for n, sh := range s.shapes {
		sh.name = n
		if err := sh.prepare(); err != nil {
			return nil, fmt.Errorf("shape %s: %w", n, err)
		}
	}
	return s, nil
}

func (sh *shape) prepare() error {
	var err error
	if sh.Min != nil {
		if sh.min, err = sh.Min.Float64(); err != nil {
			return err
		}
	}
	if sh.Max != nil {
		if sh.max, err = sh.Max.Float64(); err != nil {
			return err
		}
	}
	if sh.Pattern != "" {
		// Patterns are Java's and match whole values, but for those that bring their own anchors.
		if p, ok := goPattern(sh.Pattern); ok {
			if sh.pattern, err = regexp.Compile(`^(?:` + p + `)$`); err != nil {
				return err
			}
		}
	}
	sh.required, sh.enum = map[string]bool{}, map[string]bool{}
	for _, r := range sh.Required {
		sh.required[r] = true
	}
	for _, e := range sh.Enum {
		sh.enum[e] = true
	}
	return nil
}

// goPattern writes a pattern of a model for Go. It answers false for those that need look-ahead, which Go does not have; no operation of
// the fakes depends on one (TestPatterns holds the list).
func goPattern(p string) (string, bool) {
	if strings.Contains(p, "(?!") || strings.Contains(p, "(?=") {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		if p[i] != '\\' || i+1 >= len(p) {
			b.WriteByte(p[i])
			continue
		}
		if p[i+1] == 'u' && i+5 < len(p) {
			// Half of a surrogate pair stands for the code points above U+FFFF.
			switch hex := strings.ToUpper(p[i+2 : i+6]); hex {
			case "D800":
				b.WriteString(`\x{10000}`)
			case "DBFF":
				b.WriteString(`\x{10FFFF}`)
			case "DC00", "DFFF":
				b.WriteString(`\x{10FFFF}`)
			default:
				b.WriteString(`\x{` + hex + `}`)
			}
			i += 5
			continue
		}
		b.WriteString(p[i : i+2])
		i++
	}
	// "\uD800\uDC00-\uDBFF\uDFFF" is one range from U+10000 to U+10FFFF in Java.
	return strings.ReplaceAll(b.String(), `\x{10000}\x{10FFFF}-\x{10FFFF}\x{10FFFF}`, `\x{10000}-\x{10FFFF}`), true
}

// ErrorStatus is the HTTP status of an error by its name, 400 where the model has none.
func (s *Service) ErrorStatus(name string) int {
	if sh, ok := s.shapes[name]; ok && sh.Error.HTTPStatusCode != 0 {
		return sh.Error.HTTPStatusCode
	}
	if strings.HasPrefix(name, "InternalS") || strings.HasPrefix(name, "InternalF") {
		return 500
	}
	return 400
}

// Violation is one value that breaks its shape. Its text is in the words that AWS uses.
type Violation struct{ Path, Message string }

// Message joins violations as AWS services write them.
func Message(vs []Violation) string {
	noun := "errors"
	if len(vs) == 1 {
		noun = "error"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d validation %s detected: ", len(vs), noun)
	for i, v := range vs {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(v.Message)
	}
	return b.String()
}

// Check validates a decoded JSON value (with json.Number for numbers) by a shape. strict also refuses members that the shape does not
// have: services ignore them in requests, but a fake that answers them is wrong.
func (s *Service) Check(shapeName string, v any, strict bool) []Violation {
	if shapeName == "" {
		return nil
	}
	c := checker{s: s, strict: strict}
	c.value(shapeName, "", v)
	return c.found
}

type checker struct {
	s      *Service
	strict bool
	found  []Violation
}

func (c *checker) fail(path, value, constraint string) {
	if path == "" {
		path = "input"
	}
	c.found = append(c.found, Violation{path, fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", value, path, constraint)})
}

func (c *checker) value(name, path string, v any) {
	sh := c.s.shapes[name]
	if sh == nil {
		c.fail(path, "", "unknown shape "+name)
		return
	}
	switch sh.Type {
	case "structure":
		c.structure(sh, path, v)
	case "list":
		l, ok := v.([]any)
		if !ok {
			c.wrong(path, v, "list")
			return
		}
		c.size(sh, path, len(l), "null")
		for i, e := range l {
			c.value(sh.Member.Shape, path+"."+strconv.Itoa(i+1)+".member", e)
		}
	case "map":
		m, ok := v.(map[string]any)
		if !ok {
			c.wrong(path, v, "map")
			return
		}
		c.size(sh, path, len(m), "null")
		for k, e := range m {
			c.value(sh.Key.Shape, path+"."+k+".key", k)
			if e != nil {
				c.value(sh.Value.Shape, path+"."+k+".value", e)
			}
		}
	case "string":
		c.text(sh, path, v)
	case "boolean":
		if _, ok := v.(bool); !ok {
			c.wrong(path, v, "boolean")
		}
	case "integer", "long", "double", "float":
		c.number(sh, path, v)
	case "timestamp":
		// JSON protocols carry seconds since the epoch; the query protocol an ISO text.
		switch v.(type) {
		case json.Number, float64, string:
		default:
			c.wrong(path, v, "timestamp")
		}
	case "blob":
		if _, ok := v.(string); !ok {
			c.wrong(path, v, "blob")
		}
	}
}

func (c *checker) structure(sh *shape, path string, v any) {
	m, ok := v.(map[string]any)
	if !ok {
		c.wrong(path, v, "structure")
		return
	}
	for _, r := range sh.Required {
		if m[r] == nil {
			c.fail(join(path, r), "null", "Member must not be null")
		}
	}
	set := 0
	for k, e := range m {
		ref, known := sh.Members[k]
		if !known {
			if c.strict {
				c.fail(join(path, k), "", sh.name+" has no such member")
			}
			continue
		}
		if e == nil {
			continue
		}
		set++
		c.value(ref.Shape, join(path, k), e)
	}
	if sh.Union && set != 1 {
		c.fail(path, "", "exactly one member must be set")
	}
}

func (c *checker) text(sh *shape, path string, v any) {
	t, ok := v.(string)
	if !ok {
		c.wrong(path, v, "string")
		return
	}
	shown := "'" + t + "'"
	if len(t) > 200 {
		shown = "'" + t[:200] + "…'"
	}
	// Lengths of strings are in UTF-16 units at most services; characters are the same but beyond U+FFFF.
	c.size(sh, path, len([]rune(t)), shown)
	if sh.pattern != nil && !sh.pattern.MatchString(t) {
		c.fail(path, shown, "Member must satisfy regular expression pattern: "+sh.Pattern)
	}
	if len(sh.enum) > 0 && !sh.enum[t] {
		c.fail(path, shown, "Member must satisfy enum value set: ["+strings.Join(sh.Enum, ", ")+"]")
	}
}

func (c *checker) number(sh *shape, path string, v any) {
	n, ok := v.(json.Number)
	if !ok {
		// The JSON protocols carry what JSON cannot as strings.
		if v == "NaN" || v == "Infinity" || v == "-Infinity" {
			ok = sh.Type == "double" || sh.Type == "float"
		}
		if !ok {
			c.wrong(path, v, sh.Type)
		}
		return
	}
	f, err := n.Float64()
	if err != nil {
		c.wrong(path, v, sh.Type)
		return
	}
	if sh.Type == "integer" || sh.Type == "long" {
		if _, err := n.Int64(); err != nil {
			c.wrong(path, v, sh.Type)
			return
		}
	}
	if sh.Min != nil && f < sh.min {
		c.fail(path, "'"+n.String()+"'", "Member must have value greater than or equal to "+sh.Min.String())
	}
	if sh.Max != nil && f > sh.max {
		c.fail(path, "'"+n.String()+"'", "Member must have value less than or equal to "+sh.Max.String())
	}
}

func (c *checker) size(sh *shape, path string, n int, shown string) {
	if sh.Min != nil && float64(n) < sh.min {
		c.fail(path, shown, "Member must have length greater than or equal to "+sh.Min.String())
	}
	if sh.Max != nil && float64(n) > sh.max {
		c.fail(path, shown, "Member must have length less than or equal to "+sh.Max.String())
	}
}

func (c *checker) wrong(path string, v any, want string) {
	c.fail(path, fmt.Sprintf("of type %T", v), "Member must be of type "+want)
}

func join(path, member string) string {
	if path == "" {
		return member
	}
	return path + "." + member
}
