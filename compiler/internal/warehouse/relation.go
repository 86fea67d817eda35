package warehouse

import (
	"strconv"
	"strings"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/dialect"
	"github.com/weft-data/weft/compiler/internal/jinja"
	"github.com/weft-data/weft/compiler/node"
)

// Relation is a table or view as templates see it: immutable, every change makes a new one.
type Relation struct {
	d       *dialect.Dialect
	path    Path
	kind    string // "" for None
	include dialect.Policy
	quoting dialect.Policy
	options RelationOptions
	extra   map[string]jinja.Value
	// view is set for a relation in the information schema: the view after the name, or "".
	info     bool
	infoView string
}

// Path is a relation's name; nil where a part is None, which is another thing than "".
type Path struct{ Database, Schema, Identifier *string }

// Quoting says which parts to quote; nil where nothing is said.
type Quoting struct{ Database, Schema, Identifier *bool }

// RelationOptions are the rarer properties of a relation.
type RelationOptions struct {
	// Type is dbt's relation type, "" for none. With a type the name's length is checked.
	Type string
	// Quoting goes before the dialect's.
	Quoting Quoting
	// Limit makes the relation print as a subquery (--empty is limit 0).
	Limit *int
	// EventTime makes the relation print as a filtered subquery.
	EventTime *EventTime
	// External replaces the spelling as a whole: dbt-duckdb's external_location.
	External string
	// DbtCreated is Python's dbt_created: names are then matched in their folded form.
	DbtCreated bool
}

// EventTime is the filter of --sample and of microbatch models. Start and End are as Python prints a datetime
// ("2024-01-01 00:00:00+00:00"), or "".
type EventTime struct{ Field, Start, End string }

// RelationPath makes a Path of a logical name, whose empty parts are None.
func RelationPath(r node.Relation) Path {
	part := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return Path{part(r.Database), part(r.Schema), part(r.Identifier)}
}

// NewRelation makes a relation. An error is a diag.Diagnostic without a place: the dialect knows no databases, or the name is
// too long.
func NewRelation(d *dialect.Dialect, p Path, o RelationOptions) (*Relation, error) {
	r := &Relation{d: d, path: p, kind: o.Type, include: d.Relation.Include, quoting: o.Quoting.Over(d.Relation.Quoting), options: o}
	if err := r.check(nil); err != nil {
		return nil, err
	}
	return r, nil
}

// NewEphemeral is the relation by which ref() names an ephemeral model: the bare name of its CTE.
func NewEphemeral(d *dialect.Dialect, identifier string, o RelationOptions) (*Relation, error) {
	name := EphemeralPrefix + identifier
	o.Type = "cte"
	o.Quoting.Identifier = new(bool)
	return NewRelation(d, Path{Identifier: &name}, o)
}

// EphemeralPrefix stands in front of the name of an ephemeral model's CTE.
const EphemeralPrefix = "__dbt__cte__"

// Over puts what is said over a policy.
func (q Quoting) Over(p dialect.Policy) dialect.Policy {
	set := func(to *bool, from *bool) {
		if from != nil {
			*to = *from
		}
	}
	set(&p.Database, q.Database)
	set(&p.Schema, q.Schema)
	set(&p.Identifier, q.Identifier)
	return p
}

// Merge puts o over q.
func (q Quoting) Merge(o Quoting) Quoting {
	if o.Database != nil {
		q.Database = o.Database
	}
	if o.Schema != nil {
		q.Schema = o.Schema
	}
	if o.Identifier != nil {
		q.Identifier = o.Identifier
	}
	return q
}

// PolicyQuoting says everything that a policy says.
func PolicyQuoting(p dialect.Policy) Quoting {
	return Quoting{&p.Database, &p.Schema, &p.Identifier}
}

// QuotingOf reads a `quoting:` config; d may be nil.
func QuotingOf(d *jinja.Dict) Quoting {
	var q Quoting
	if d == nil {
		return q
	}
	get := func(key string) *bool {
		v, ok := d.Get(key)
		if !ok || v == jinja.None {
			return nil
		}
		return optBool(v)
	}
	return Quoting{get("database"), get("schema"), get("identifier")}
}

// check is what dbt's classes refuse when a relation is made.
func (r *Relation) check(c *jinja.Call) error {
	if r.d.Relation.NoDatabase && r.path.Database != nil && *r.path.Database != "" &&
		(r.path.Schema == nil || *r.path.Schema != *r.path.Database) {
		return fail(c, diag.DatabaseNotAllowed, "Cannot set database in %s!", r.d.Name)
	}
	limit := r.d.Relation.MaxIdentifier
	if limit > 0 && r.kind != "" && r.path.Identifier != nil && len(*r.path.Identifier) > limit {
		if n := len([]rune(*r.path.Identifier)); n > limit {
			return fail(c, diag.RelationNameTooLong, "Relation name '%s' is longer than %d characters", *r.path.Identifier, limit)
		}
	}
	return nil
}

// Name is the relation's logical name.
func (r *Relation) Name() node.Relation {
	part := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	return node.Relation{Database: part(r.path.Database), Schema: part(r.path.Schema), Identifier: part(r.path.Identifier)}
}

// Type is dbt's relation type, "" for none.
func (r *Relation) Type() string { return r.kind }

// Render is the relation's name as SQL, without the subquery that a limit or an event-time filter makes of it.
func (r *Relation) Render() (string, error) {
	if r.options.External != "" {
		return r.options.External, nil
	}
	if r.d.Relation.NoDatabase && r.include.Database && r.include.Schema && !r.info {
		return "", fail(nil, diag.InvalidRelation, "Got a %s relation with schema and database set to include, but only one can be set", r.d.Name)
	}
	return r.spell(r.quote(), r.include), nil
}

// quote is the relation's quote character. dbt's class for the information schema is no adapter's own: its quotes are SQL's.
func (r *Relation) quote() string {
	if r.info {
		return `"`
	}
	return r.d.Relation.Quote
}

// spell joins the parts that are included, in the given quotes.
func (r *Relation) spell(quote string, include dialect.Policy) string {
	var b strings.Builder
	size := len(r.infoView)
	for _, p := range []*string{r.path.Database, r.path.Schema, r.path.Identifier} {
		if p != nil {
			size += len(*p) + 3
		}
	}
	b.Grow(size)
	first := true
	add := func(part *string, include, quoted bool) {
		if part == nil || !include {
			return
		}
		if !first {
			b.WriteByte('.')
		}
		first = false
		if quoted {
			b.WriteString(quote)
			b.WriteString(*part)
			b.WriteString(quote)
		} else {
			b.WriteString(*part)
		}
	}
	add(r.path.Database, include.Database, r.quoting.Database)
	add(r.path.Schema, include.Schema, r.quoting.Schema)
	add(r.path.Identifier, include.Identifier, r.quoting.Identifier)
	if r.info && r.infoView != "" {
		add(&r.infoView, true, false)
	}
	return b.String()
}

// Text is what the relation prints: its name, or the subquery that --empty, --sample or a batch makes of it.
func (r *Relation) Text() (string, error) {
	name, err := r.Render()
	if err != nil || r.kind == "function" {
		return name, err
	}
	if r.options.Limit != nil {
		name = r.limited(name)
	}
	if r.options.EventTime != nil {
		name = r.filtered(name)
	}
	return name, nil
}

func (r *Relation) limited(name string) string {
	if *r.options.Limit == 0 {
		return "(select * from " + name + " where false limit 0)" + r.alias("limit")
	}
	return "(select * from " + name + " limit " + strconv.Itoa(*r.options.Limit) + ")" + r.alias("limit")
}

func (r *Relation) filtered(name string) string {
	e := r.options.EventTime
	column, from, to := e.Field, "'"+e.Start+"'", "'"+e.End+"'"
	if r.d.Relation.EventTimeCast {
		column, from = "cast("+e.Field+" as timestamp)", "timestamp "+from
		// the blank is missing in dbt-athena's text where there is no start, and the text is what counts
		if e.Start == "" {
			to = "timestamp" + to
		} else {
			to = "timestamp " + to
		}
	}
	var where string
	switch {
	case e.Start != "" && e.End != "":
		where = column + " >= " + from + " and " + column + " < " + to
	case e.Start != "":
		where = column + " >= " + from
	case e.End != "":
		where = column + " < " + to
	default:
		return name
	}
	return "(select * from " + name + " where " + where + ")" + r.alias("et_filter")
}

func (r *Relation) alias(namespace string) string {
	if !r.d.Relation.SubqueryAlias {
		return ""
	}
	table := "None"
	if r.path.Identifier != nil {
		table = *r.path.Identifier
	}
	return " _dbt_" + namespace + "_subq_" + table
}
