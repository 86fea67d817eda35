// Package athena fakes Amazon Athena: queries that are submitted, polled, cancelled and read page by page, with Trino running the SQL.
//
// Athena's engine is a Trino, but its grammar is not: Hive's DDL stands beside Trino's DML, much of Trino is refused, and CTAS has
// properties of its own. The fake refuses what Athena refuses and rewrites the rest for Trino (see statement.go, ddl.go), so that a client that
// works against it has sent what Athena takes. Limits and states are those of the service's documentation.
package athena

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/weft-data/weft/tests/engines"
	"github.com/weft-data/weft/tests/fakeaws/awsmodel"
	"github.com/weft-data/weft/tests/fakeaws/glue"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

type doc = map[string]any

// Objects is where results and tables are.
type Objects interface {
	Put(bucket, key string, body []byte) error
	Keys(bucket, prefix string) ([]string, error)
	Delete(bucket, key string) error
}

// Athena is the state of the service.
type Athena struct {
	// Trino is where SQL runs.
	Trino   engines.Client
	Catalog *glue.Catalog
	// Tables is the catalog of the table bucket TableBucket (S3 Tables).
	Tables      *glue.Catalog
	TableBucket string
	Objects     Objects
	Faults      *wire.Faults
	// Queued and Running are how long each query shows these states at least.
	Queued, Running time.Duration

	mu         sync.Mutex
	executions map[string]*execution
	order      []string
	tokens     map[string]token
	groups     map[string]doc
	slots      chan struct{}
}

type token struct{ id, parameters string }

// execution is one query. Its fields change under Athena.mu.
type execution struct {
	id      string
	in      startInput
	kind    kind
	state   string
	reason  string
	failure doc // AthenaError
	output  string
	managed bool
	cutoff  int64
	submitted, started,
	ended time.Time
	scanned    int64
	rowsIn     int64
	rowsOut    int64
	updates    int64
	columns    []column
	rows       [][]*string
	cancel     context.CancelFunc
	cancelling bool
}

type column struct {
	name, typ        string
	precision, scale int
}

// New makes the service with its workgroup "primary" and a database catalog.
func New(trino engines.Client, catalog *glue.Catalog, objects Objects, faults *wire.Faults) *Athena {
	a := &Athena{Trino: trino, Catalog: catalog, Objects: objects, Faults: faults, Queued: 20 * time.Millisecond, Running: 20 * time.Millisecond,
		executions: map[string]*execution{}, tokens: map[string]token{}, groups: map[string]doc{}, slots: make(chan struct{}, 20)}
	a.groups["primary"] = doc{"Name": "primary", "State": "ENABLED", "CreationTime": seconds(time.Now()), "Configuration": doc{
		"EnforceWorkGroupConfiguration": false, "EngineVersion": engineVersion()}}
	return a
}

func engineVersion() doc {
	return doc{"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// Service is Athena as a fake on the wire.
func (a *Athena) Service() (*wire.Service, error) {
	m, err := awsmodel.Load("athena")
	if err != nil {
		return nil, err
	}
	return &wire.Service{Model: m, Invalid: "InvalidRequestException", Operations: map[string]wire.Handler{
		"StartQueryExecution":       wire.Op(a.start),
		"StopQueryExecution":        wire.Op(a.stop),
		"GetQueryExecution":         wire.Op(a.get),
		"BatchGetQueryExecution":    wire.Op(a.batchGet),
		"ListQueryExecutions":       wire.Op(a.list),
		"GetQueryResults":           wire.Op(a.results),
		"GetQueryRuntimeStatistics": wire.Op(a.statistics),
		"GetWorkGroup":              wire.Op(a.getGroup),
		"ListWorkGroups":            wire.Op(a.listGroups),
		"CreateWorkGroup":           wire.Op(a.createGroup),
		"UpdateWorkGroup":           wire.Op(a.updateGroup),
		"DeleteWorkGroup":           wire.Op(a.deleteGroup),
		"GetDataCatalog":            wire.Op(a.getCatalog),
		"ListDataCatalogs":          wire.Op(a.listCatalogs),
		"GetDatabase":               wire.Op(a.getDatabase),
		"ListDatabases":             wire.Op(a.listDatabases),
		"GetTableMetadata":          wire.Op(a.getTable),
		"ListTableMetadata":         wire.Op(a.listTables),
	}}, nil
}

func invalid(format string, args ...any) *wire.Error {
	return &wire.Error{Code: "InvalidRequestException", Message: fmt.Sprintf(format, args...), Fields: map[string]any{"AthenaErrorCode": "INVALID_INPUT"}}
}

type startInput struct {
	QueryString, ClientRequestToken, WorkGroup string
	QueryExecutionContext                      struct{ Catalog, Database string }
	ResultConfiguration                        struct{ OutputLocation string }
	ExecutionParameters                        []string
	ResultReuseConfiguration                   *struct {
		ResultReuseByAgeConfiguration *struct {
			Enabled         bool
			MaxAgeInMinutes int
		}
	}
}

func (a *Athena) start(_ context.Context, who wire.Caller, in startInput) (doc, error) {
	if len(in.QueryString) > 262144 {
		return nil, invalid("Query string is %d bytes long; at most 262144 are allowed", len(in.QueryString))
	}
	if in.WorkGroup == "" {
		in.WorkGroup = "primary"
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	group := a.groups[in.WorkGroup]
	if group == nil {
		return nil, invalid("WorkGroup %s is not found.", in.WorkGroup)
	}
	if group["State"] != "ENABLED" {
		return nil, invalid("WorkGroup %s is disabled.", in.WorkGroup)
	}
	parameters := fmt.Sprintf("%q", []any{in.QueryString, in.WorkGroup, in.QueryExecutionContext, in.ResultConfiguration, in.ExecutionParameters})
	if in.ClientRequestToken != "" {
		if t, ok := a.tokens[who.Principal+in.ClientRequestToken]; ok {
			if t.parameters != parameters {
				return nil, invalid("Idempotent parameters do not match")
			}
			return doc{"QueryExecutionId": t.id}, nil
		}
	}
	config := group["Configuration"].(doc)
	e := &execution{id: uuid(), in: in, state: "QUEUED", submitted: time.Now(), output: in.ResultConfiguration.OutputLocation}
	location, _ := walk(config, "ResultConfiguration", "OutputLocation").(string)
	if enabled, _ := walk(config, "ManagedQueryResultsConfiguration", "Enabled").(bool); enabled {
		if e.output != "" {
			return nil, invalid("OutputLocation must not be given for a workgroup with managed query results")
		}
		e.managed = true
	} else if enforced, _ := config["EnforceWorkGroupConfiguration"].(bool); enforced || e.output == "" {
		e.output = location
	}
	if e.output == "" && !e.managed {
		return nil, invalid("No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.")
	}
	if e.output != "" && !strings.HasPrefix(e.output, "s3://") {
		return nil, invalid("outputLocation is not a valid S3 path.")
	}
	e.cutoff = integer(config["BytesScannedCutoffPerQuery"])
	if e.in.QueryExecutionContext.Catalog == "" {
		e.in.QueryExecutionContext.Catalog = "AwsDataCatalog"
	}
	if name := e.in.QueryExecutionContext.Catalog; a.knownCatalog(name) != nil {
		return nil, invalid("Catalog %s is not found", name)
	} else if !strings.EqualFold(name, catalogName) && in.ResultReuseConfiguration != nil && in.ResultReuseConfiguration.ResultReuseByAgeConfiguration != nil &&
		in.ResultReuseConfiguration.ResultReuseByAgeConfiguration.Enabled {
		return nil, invalid("Query result reuse is not supported for S3 Tables")
	}
	if e.in.QueryExecutionContext.Database == "" {
		e.in.QueryExecutionContext.Database = "default"
	}
	enforced, _ := config["EnforceWorkGroupConfiguration"].(bool)
	st, refused := parse(in.QueryString)
	if refused == nil && enforced && location != "" && st.properties["external_location"] != "" {
		refused = fmt.Errorf("The Create Table As Select query failed because it was submitted with an 'external_location' property to an Athena Workgroup that enforces a centralized output location for all queries")
	}
	e.kind = st.kind
	if !e.managed {
		suffix := ".csv"
		if e.kind.text {
			suffix = ".txt"
		}
		e.output = strings.TrimSuffix(e.output, "/") + "/" + e.id + suffix
	}
	ctx, cancel := context.WithCancel(context.Background())
	e.cancel = cancel
	a.executions[e.id] = e
	a.order = append(a.order, e.id)
	if in.ClientRequestToken != "" {
		a.tokens[who.Principal+in.ClientRequestToken] = token{e.id, parameters}
	}
	go a.run(ctx, e, st, refused)
	return doc{"QueryExecutionId": e.id}, nil
}

func uuid() string {
	var b [16]byte
	rand.Read(b[:])
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

func walk(v any, path ...string) any {
	for _, p := range path {
		m, _ := v.(map[string]any)
		v = m[p]
	}
	return v
}

func integer(v any) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(fmt.Sprint(v)), 10, 64)
	if f, ok := v.(float64); ok {
		n = int64(f)
	}
	return n
}

func (a *Athena) find(id string) (*execution, *wire.Error) {
	e := a.executions[id]
	if e == nil {
		return nil, invalid("QueryExecution %s was not found", id)
	}
	return e, nil
}

type idInput struct{ QueryExecutionId string }

func (a *Athena) stop(_ context.Context, _ wire.Caller, in idInput) (doc, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, err := a.find(in.QueryExecutionId)
	if err != nil {
		return nil, err
	}
	if e.state == "QUEUED" || e.state == "RUNNING" {
		e.cancelling = true
		e.cancel()
	}
	return doc{}, nil
}

func (a *Athena) get(_ context.Context, _ wire.Caller, in idInput) (doc, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, err := a.find(in.QueryExecutionId)
	if err != nil {
		return nil, err
	}
	return doc{"QueryExecution": e.shown()}, nil
}

func (a *Athena) batchGet(_ context.Context, _ wire.Caller, in struct{ QueryExecutionIds []string }) (doc, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	found, missing := []doc{}, []doc{}
	for _, id := range in.QueryExecutionIds {
		if e := a.executions[id]; e != nil {
			found = append(found, e.shown())
		} else {
			missing = append(missing, doc{"QueryExecutionId": id, "ErrorCode": "INVALID_INPUT", "ErrorMessage": "QueryExecution " + id + " was not found"})
		}
	}
	return doc{"QueryExecutions": found, "UnprocessedQueryExecutionIds": missing}, nil
}

func (a *Athena) list(_ context.Context, _ wire.Caller, in struct {
	WorkGroup, NextToken string
	MaxResults           int
}) (doc, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if in.WorkGroup == "" {
		in.WorkGroup = "primary"
	}
	var ids []string
	for i := len(a.order) - 1; i >= 0; i-- {
		if a.executions[a.order[i]].in.WorkGroup == in.WorkGroup {
			ids = append(ids, a.order[i])
		}
	}
	return paged("QueryExecutionIds", ids, in.NextToken, in.MaxResults, 50)
}

// paged cuts a list at a token; tokens are offsets.
func paged[T any](member string, list []T, token string, max, limit int) (doc, error) {
	if max <= 0 || max > limit {
		max = limit
	}
	from := 0
	if token != "" {
		n, err := strconv.Atoi(token)
		if err != nil || n < 0 || n > len(list) {
			return nil, invalid("Malformed NextToken")
		}
		from = n
	}
	to := min(from+max, len(list))
	out := doc{}
	// The models ask for one member at least of some lists; an empty one is left out.
	if to > from || member != "QueryExecutionIds" {
		out[member] = append([]T{}, list[from:to]...)
	}
	if to < len(list) {
		out["NextToken"] = strconv.Itoa(to)
	}
	return out, nil
}

// shown is an execution as GetQueryExecution answers it.
func (e *execution) shown() doc {
	status := doc{"State": e.state, "SubmissionDateTime": seconds(e.submitted)}
	if e.reason != "" {
		status["StateChangeReason"] = e.reason
	}
	if e.failure != nil {
		status["AthenaError"] = e.failure
	}
	statistics := doc{}
	if !e.ended.IsZero() {
		status["CompletionDateTime"] = seconds(e.ended)
		started := e.started
		if started.IsZero() {
			started = e.ended
		}
		statistics = doc{"EngineExecutionTimeInMillis": e.ended.Sub(started).Milliseconds(), "DataScannedInBytes": e.scanned,
			"TotalExecutionTimeInMillis": e.ended.Sub(e.submitted).Milliseconds(), "QueryQueueTimeInMillis": started.Sub(e.submitted).Milliseconds(),
			"ServiceProcessingTimeInMillis": 1, "QueryPlanningTimeInMillis": 1, "ResultReuseInformation": doc{"ReusedPreviousResult": false}}
	}
	d := doc{"QueryExecutionId": e.id, "Query": e.in.QueryString, "StatementType": e.kind.statement, "WorkGroup": e.in.WorkGroup,
		"QueryExecutionContext": doc{"Catalog": strings.ToLower(e.in.QueryExecutionContext.Catalog), "Database": e.in.QueryExecutionContext.Database},
		"Status":                status, "Statistics": statistics, "EngineVersion": engineVersion()}
	if e.kind.sub != "" {
		d["SubstatementType"] = e.kind.sub
	}
	if e.managed {
		d["ManagedQueryResultsConfiguration"] = doc{"Enabled": true}
	} else {
		d["ResultConfiguration"] = doc{"OutputLocation": e.output}
	}
	if len(e.in.ExecutionParameters) > 0 {
		d["ExecutionParameters"] = e.in.ExecutionParameters
	}
	return d
}

func (a *Athena) statistics(_ context.Context, _ wire.Caller, in idInput) (doc, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, err := a.find(in.QueryExecutionId)
	if err != nil {
		return nil, err
	}
	if e.state != "SUCCEEDED" && e.state != "FAILED" && e.state != "CANCELLED" {
		return nil, invalid("Query has not yet finished. Current state: %s", e.state)
	}
	return doc{"QueryRuntimeStatistics": doc{
		"Timeline": doc{"TotalExecutionTimeInMillis": e.ended.Sub(e.submitted).Milliseconds()},
		"Rows":     doc{"InputRows": e.rowsIn, "InputBytes": e.scanned, "OutputRows": e.rowsOut, "OutputBytes": int64(0)}}}, nil
}

func (a *Athena) results(_ context.Context, _ wire.Caller, in struct {
	QueryExecutionId, NextToken, QueryResultType string
	MaxResults                                   int
}) (doc, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, err := a.find(in.QueryExecutionId)
	if err != nil {
		return nil, err
	}
	switch e.state {
	case "SUCCEEDED":
	case "FAILED", "CANCELLED":
		return nil, invalid("Query did not finish successfully. Final query state: %s", e.state)
	default:
		return nil, invalid("Query has not yet finished. Current state: %s", e.state)
	}
	rows := []doc{}
	// The first page of what a query selects begins with a row of the columns' names.
	if e.kind.header {
		head := []doc{}
		for _, c := range e.columns {
			head = append(head, doc{"VarCharValue": c.name})
		}
		rows = append(rows, doc{"Data": head})
	}
	for _, r := range e.rows {
		data := []doc{}
		for _, v := range r {
			if v == nil {
				data = append(data, doc{})
			} else {
				data = append(data, doc{"VarCharValue": *v})
			}
		}
		rows = append(rows, doc{"Data": data})
	}
	out, perr := paged("Rows", rows, in.NextToken, in.MaxResults, 1000)
	if perr != nil {
		return nil, perr
	}
	info := []doc{}
	for _, c := range e.columns {
		info = append(info, doc{"CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": c.name, "Label": c.name, "Type": c.typ,
			"Precision": c.precision, "Scale": c.scale, "Nullable": "UNKNOWN", "CaseSensitive": c.typ == "varchar"})
	}
	d := doc{"ResultSet": doc{"Rows": out["Rows"], "ResultSetMetadata": doc{"ColumnInfo": info}}, "UpdateCount": e.updates}
	if t := out["NextToken"]; t != nil {
		d["NextToken"] = t
	}
	return d, nil
}

// Queries are the texts of all queries in the order of their submission, for tests that compare what clients send.
func (a *Athena) Queries() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []string
	for _, id := range a.order {
		out = append(out, a.executions[id].in.QueryString)
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Idle says that no query waits or runs.
func (a *Athena) Idle() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.executions {
		if e.ended.IsZero() {
			return false
		}
	}
	return true
}
