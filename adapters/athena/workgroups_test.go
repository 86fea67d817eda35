package athena

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/tests/fakeaws"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// workgroup makes a workgroup on the fakes.
func workgroup(t *testing.T, e engine.Engine, name string, config types.WorkGroupConfiguration) {
	t.Helper()
	config.EnforceWorkGroupConfiguration = aws.Bool(config.EnforceWorkGroupConfiguration != nil && *config.EnforceWorkGroupConfiguration)
	if _, err := e.(*Engine).client.CreateWorkGroup(t.Context(), &api.CreateWorkGroupInput{Name: &name, Configuration: &config}); err != nil {
		t.Fatal(err)
	}
}

// execution is a query as Athena has it.
func execution(t *testing.T, e engine.Engine, id string) *types.QueryExecution {
	t.Helper()
	out, err := e.(*Engine).client.GetQueryExecution(t.Context(), &api.GetQueryExecutionInput{QueryExecutionId: &id})
	if err != nil {
		t.Fatal(err)
	}
	return out.QueryExecution
}

func doWith(t *testing.T, e engine.Engine, settings map[string]string, sql string) (engine.Answer, error) {
	t.Helper()
	s, err := e.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return s.Do(t.Context(), plan.Batch{Settings: settings, Statements: []plan.Statement{{SQL: sql}}})
}

// A batch goes through the workgroup that its settings name, each workgroup is read once, and a workgroup that keeps results itself is sent
// no place for them.
func TestWorkgroups(t *testing.T) {
	s, e := open(t, nil)
	workgroup(t, e, "checks", types.WorkGroupConfiguration{})
	workgroup(t, e, "managed", types.WorkGroupConfiguration{ManagedQueryResultsConfiguration: &types.ManagedQueryResultsConfiguration{Enabled: true}})
	workgroup(t, e, "enforced", types.WorkGroupConfiguration{EnforceWorkGroupConfiguration: aws.Bool(true),
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://results/enforced/")}})
	for _, c := range []struct {
		settings    map[string]string
		group, file string
	}{
		{nil, "primary", "s3://results/q/"},
		{map[string]string{"work_group": "checks"}, "checks", "s3://results/q/"},
		{map[string]string{"work_group": "checks", "s3_staging_dir": "s3://results/mine/"}, "checks", "s3://results/mine/"},
		{map[string]string{"work_group": "managed"}, "managed", ""},
		{map[string]string{"work_group": "enforced"}, "enforced", "s3://results/enforced/"},
	} {
		a, err := doWith(t, e, c.settings, "SHOW DATABASES")
		if err != nil {
			t.Errorf("%v: %v", c.settings, err)
			continue
		}
		q := execution(t, e, a.Results[0].QueryID)
		at := ""
		if q.ResultConfiguration != nil {
			at = aws.ToString(q.ResultConfiguration.OutputLocation)
		}
		if aws.ToString(q.WorkGroup) != c.group || !strings.HasPrefix(at, c.file) || c.file == "" && at != "" {
			t.Errorf("%v: workgroup %s, results at %q", c.settings, aws.ToString(q.WorkGroup), at)
		}
		if q.ResultReuseConfiguration != nil {
			t.Errorf("%v: a result may be another query's", c.settings)
		}
	}
	reads := 0
	for _, call := range s.Calls() {
		if call.Operation == "GetWorkGroup" {
			reads++
		}
	}
	if reads != 4 {
		t.Errorf("%d readings of four workgroups", reads)
	}
	_, err := doWith(t, e, map[string]string{"work_group": "enforced"}, "CREATE TABLE d.x WITH (external_location = 's3://lake/x/') AS SELECT 1 AS a")
	var refused *engine.Error
	if !errors.As(err, &refused) || !strings.Contains(refused.Hint, "set table_type to iceberg") || refused.QueryID == "" {
		t.Errorf("a Hive table at a place of its own in a workgroup that enforces one: %+v", refused)
	}
	_, err = doWith(t, e, map[string]string{"work_group": "nothing"}, "SHOW DATABASES")
	if err == nil || !strings.Contains(err.Error(), "the workgroup `nothing`") {
		t.Errorf("a workgroup that is not there: %v", err)
	}
}

// What belongs to no node goes through the workgroup of the command.
func TestWorkgroupOfCommand(t *testing.T) {
	_, e := open(t, nil)
	workgroup(t, e, "adhoc", types.WorkGroupConfiguration{})
	profile := profileOf(map[string]any{"work_groups": map[string]any{"show": "adhoc"}})
	for verb, want := range map[string]string{"show": "adhoc", "build": "primary"} {
		e, err := Open(t.Context(), engine.Config{Profile: profile, Verb: verb})
		if err != nil {
			t.Fatal(err)
		}
		a, err := doWith(t, e, nil, "SHOW DATABASES")
		if err != nil {
			t.Fatal(err)
		}
		if got := aws.ToString(execution(t, e, a.Results[0].QueryID).WorkGroup); got != want {
			t.Errorf("%s went through %s", verb, got)
		}
	}
	for _, bad := range []map[string]any{{"shwo": "adhoc"}, {"show": 3}} {
		if _, err := Open(t.Context(), engine.Config{Profile: profileOf(map[string]any{"work_groups": bad})}); err == nil || !strings.Contains(err.Error(), "work_groups") {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// A workgroup that may not be read is no reason to stop when the profile says so.
func TestUncheckedWorkgroup(t *testing.T) {
	s, _ := open(t, nil)
	s.Script(wire.Fault{Service: "athena", Operation: "GetWorkGroup", Count: 2, Error: "AccessDeniedException"})
	if _, err := Open(t.Context(), engine.Config{Profile: profileOf(nil)}); err == nil || !strings.Contains(err.Error(), "workgroup `primary`") {
		t.Errorf("%v", err)
	}
	e, err := Open(t.Context(), engine.Config{Profile: profileOf(map[string]any{"skip_workgroup_check": true})})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := doWith(t, e, nil, "SHOW DATABASES"); err != nil {
		t.Error(err)
	}
}

// A table bucket is another catalog: it is listed by its own id, and statements that define things are told of it.
func TestTableBucket(t *testing.T) {
	_, e := open(t, nil)
	in := map[string]string{"catalog": "s3tablescatalog/" + fakeaws.TableBucket}
	if _, err := doWith(t, e, in, "CREATE DATABASE ns"); err != nil {
		t.Fatal(err)
	}
	seen, err := e.Observe(t.Context(), []plan.Observation{{Relation: node.Relation{Database: in["catalog"], Schema: "ns"}}, {Relation: node.Relation{Database: "awsdatacatalog", Schema: "ns"}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen.Schemas) != 1 || seen.Schemas[0].Database != in["catalog"] {
		t.Errorf("schemas: %v", seen.Schemas)
	}
	if seen, err = e.Observe(t.Context(), []plan.Observation{{Relation: node.Relation{Database: in["catalog"]}}}); err != nil || len(seen.Schemas) == 0 {
		t.Errorf("schemas of the bucket: %v %v", seen.Schemas, err)
	}
}
