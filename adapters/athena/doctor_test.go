package athena

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	weftaws "github.com/weft-data/weft/adapters/aws"
	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/tests/engines"
	"github.com/weft-data/weft/tests/fakeaws"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// one answers every query with a single row, in Trino's protocol: the doctor's query needs no engine to be understood.
func one(t *testing.T) engines.Client {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"id":"1","columns":[{"name":"id","type":"integer","typeSignature":{"rawType":"integer","arguments":[]}}],"data":[[1]],"stats":{"state":"FINISHED","physicalInputBytes":0}}`)
	}))
	t.Cleanup(srv.Close)
	return engines.Client{URL: srv.URL}
}

func examine(t *testing.T, profile map[string]any) map[string]engine.Check {
	t.Helper()
	d, err := Examine(t.Context(), engine.Config{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]engine.Check{}
	d.Examine(t.Context(), func(c engine.Check) {
		if _, twice := out[c.Name]; twice {
			t.Errorf("two checks %q", c.Name)
		}
		if (c.Verdict == engine.Failing || c.Verdict == engine.Warned) && c.Mend == "" {
			t.Errorf("%s: %q without a mend", c.Name, c.Found)
		}
		if strings.Contains(c.Found+c.Mend, fakeaws.SecretKey) {
			t.Errorf("%s tells a secret: %q", c.Name, c.Found)
		}
		out[c.Name] = c
	})
	return out
}

// checkNames are all checks; each examination reports every one of them.
var checkNames = []string{"region", "identity", "clock", "workgroup", "result bucket", "data bucket", "glue", "lake formation", "query"}

func TestHealthy(t *testing.T) {
	s := fakes(t, fakeaws.Options{})
	s.Athena.Trino = one(t)
	if err := makeDatabase(t, "d"); err != nil {
		t.Fatal(err)
	}
	got := examine(t, profileOf(map[string]any{"s3_data_dir": "s3://lake/data"}))
	for _, name := range checkNames {
		want := engine.OK
		switch name {
		case "region", "lake formation": // the fakes are at another endpoint, and their Lake Formation decides on new tables
			want = engine.Warned
		}
		if c, ok := got[name]; !ok || c.Verdict != want {
			t.Errorf("%s: %+v", name, c)
		}
	}
	for name, part := range map[string]string{"identity": "arn:aws:iam::123456789012:user/analyst", "workgroup": "Athena engine version 3", "query": "1 rows", "glue": "s3://lake/d",
		"lake formation": "grant CREATE_TABLE"} {
		if c := got[name]; !strings.Contains(c.Found+c.Mend, part) {
			t.Errorf("%s says nothing of %q: %+v", name, part, c)
		}
	}
	for _, bucket := range []string{"lake", "results"} {
		keys, err := s.Objects.Keys(bucket, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if strings.Contains(k, "weft-debug") {
				t.Errorf("a probe was left behind: %s/%s", bucket, k)
			}
		}
	}
}

func makeDatabase(t *testing.T, name string) error {
	e, err := Open(t.Context(), engine.Config{Profile: profileOf(nil)})
	if err != nil {
		return err
	}
	_, err = do(t, e, "", "CREATE DATABASE "+name+" LOCATION 's3://lake/"+name+"'")
	return err
}

// Each thing that AWS can refuse is understood: the line of its check says what and how to mend it.
func TestAilments(t *testing.T) {
	denied := func(service, operation string) *wire.Fault {
		return &wire.Fault{Service: service, Operation: operation, Count: 99, Error: "AccessDeniedException", Message: "User: u is not authorized to perform: x because no identity-based policy allows it"}
	}
	object := func(method, code string, headers map[string]any) *wire.Fault {
		return &wire.Fault{Service: "s3", Operation: method, Count: 99, Error: code, Message: "refused", Fields: headers}
	}
	for name, c := range map[string]struct {
		fault   *wire.Fault
		profile map[string]any
		env     map[string]string
		check   string
		verdict engine.Verdict
		found   string
		mend    string
		omitted string // a check that is not made then
	}{
		"expired token": {fault: &wire.Fault{Service: "sts", Count: 99, Error: "ExpiredToken", Message: "The security token included in the request is expired"},
			check: "identity", verdict: engine.Failing, found: "expired", mend: "assume_role_arn", omitted: "glue"},
		"unknown keys": {profile: map[string]any{"aws_access_key_id": "AKIANOBODY", "aws_secret_access_key": "nothing at all"},
			check: "identity", verdict: engine.Failing, found: "does not know these keys", mend: "aws_profile_name", omitted: "workgroup"},
		"no keys": {env: map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
			check: "identity", verdict: engine.Failing, found: "no credentials", mend: "AWS_PROFILE", omitted: "query"},
		"role that may not be assumed": {profile: map[string]any{"assume_role_arn": "arn:aws:iam::123456789012:role/other"},
			check: "identity", verdict: engine.Failing, found: "sts:AssumeRole", mend: "role/other", omitted: "glue"},
		"no host": {env: map[string]string{"AWS_ENDPOINT_URL": "http://athena.us-nowhere-1.invalid"},
			check: "identity", verdict: engine.Failing, found: "there is no host athena.us-nowhere-1.invalid", mend: "region_name", omitted: "result bucket"},
		"nobody listens": {env: map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
			check: "identity", verdict: engine.Failing, found: "no answer", mend: "endpoint_url", omitted: "data bucket"},
		"no region":        {profile: map[string]any{"region_name": ""}, check: "region", verdict: engine.Failing, found: "no region", mend: "region_name", omitted: "identity"},
		"bad profile":      {profile: map[string]any{"s3_staging_dir": "results"}, check: "profile", verdict: engine.Failing, found: "s3_staging_dir", mend: "profiles.yml"},
		"workgroup denied": {fault: denied("athena", "GetWorkGroup"), check: "workgroup", verdict: engine.Failing, found: "athena:GetWorkGroup", mend: "allow athena:GetWorkGroup on workgroup/primary", omitted: "query"},
		"workgroup denied and not to be checked": {fault: denied("athena", "GetWorkGroup"), profile: map[string]any{"skip_workgroup_check": true},
			check: "workgroup", verdict: engine.Omitted, found: "skip_workgroup_check"},
		"no such workgroup":    {profile: map[string]any{"work_group": "nothing"}, check: "workgroup", verdict: engine.Failing, found: "nothing", mend: "list-work-groups", omitted: "query"},
		"no place for results": {profile: map[string]any{"s3_staging_dir": nil}, check: "workgroup", verdict: engine.Failing, found: "no place for results", mend: "s3_staging_dir", omitted: "result bucket"},
		"no place for data":    {profile: map[string]any{"s3_staging_dir": nil}, check: "data bucket", verdict: engine.Warned, found: "where tables go", mend: "s3_data_dir"},
		"no bucket":            {profile: map[string]any{"s3_staging_dir": "s3://nowhere/q/"}, check: "result bucket", verdict: engine.Failing, found: "does not exist", mend: "us-east-1", omitted: "query"},
		"no data bucket":       {profile: map[string]any{"s3_data_dir": "s3://nowhere/q/"}, check: "data bucket", verdict: engine.Failing, found: "does not exist", mend: "us-east-1"},
		"bucket elsewhere": {fault: object("HEAD", "PermanentRedirect", map[string]any{"x-amz-bucket-region": "eu-west-1"}),
			check: "result bucket", verdict: engine.Failing, found: "is in eu-west-1", mend: "region_name to eu-west-1", omitted: "query"},
		"bucket denied": {fault: object("HEAD", "AccessDenied", nil), check: "result bucket", verdict: engine.Failing, found: "s3:ListBucket on arn:aws:s3:::results", mend: "allow s3:ListBucket"},
		"no writing":    {fault: object("PUT", "AccessDenied", nil), check: "result bucket", verdict: engine.Failing, found: "s3:PutObject on arn:aws:s3:::results/q/*: refused", mend: "allow s3:PutObject"},
		"no key": {fault: &wire.Fault{Service: "s3", Operation: "PUT", Count: 99, Error: "AccessDenied", Message: "not authorized to perform: kms:GenerateDataKey"},
			check: "result bucket", verdict: engine.Failing, found: "encryption", mend: "kms:GenerateDataKey"},
		"no reading":  {fault: &wire.Fault{Service: "s3", Operation: "GET", Match: "weft-debug", Count: 99, Error: "AccessDenied"}, check: "result bucket", verdict: engine.Failing, found: "s3:GetObject", mend: "allow s3:GetObject"},
		"no deleting": {fault: object("DELETE", "AccessDenied", nil), check: "result bucket", verdict: engine.Failing, found: "s3:DeleteObject", mend: "aws s3 rm s3://results/q/weft-debug-"},
		"glue denied": {fault: denied("glue", "GetDatabase"), check: "glue", verdict: engine.Failing, found: "glue:GetDatabase on database/d", mend: "allow glue:GetDatabase"},
		"no tables":   {fault: denied("glue", "GetTables"), profile: map[string]any{"schema": "default"}, check: "glue", verdict: engine.Failing, found: "glue:GetTables", mend: "allow glue:GetTables"},
		"no database": {profile: map[string]any{"schema": "other"}, check: "glue", verdict: engine.Warned, found: "does not exist yet", mend: "glue:CreateDatabase"},
		"formation denied": {fault: denied("lakeformation", "GetDataLakeSettings"), check: "lake formation", verdict: engine.Warned,
			found: "lakeformation:GetDataLakeSettings", mend: "lakeformation:GetDataLakeSettings"},
		"another catalog": {profile: map[string]any{"database": "elsewhere"}, check: "profile", verdict: engine.Failing, found: "elsewhere", mend: "profiles.yml"},
		"query denied":    {fault: denied("athena", "StartQueryExecution"), check: "query", verdict: engine.Failing, found: "athena:StartQueryExecution", mend: "allow athena:StartQueryExecution"},
		"query fails": {fault: &wire.Fault{Service: "athena", Operation: "Execution", Count: 9, Message: "Insufficient permissions", Fields: map[string]any{"ErrorType": 1500}},
			check: "query", verdict: engine.Failing, found: "Insufficient permissions", mend: "lacks a right"},
	} {
		t.Run(name, func(t *testing.T) {
			s := fakes(t, fakeaws.Options{})
			s.Athena.Trino = one(t)
			for k, v := range c.env {
				t.Setenv(k, v)
			}
			if c.fault != nil {
				s.Script(*c.fault)
			}
			start := time.Now()
			got := examine(t, profileOf(c.profile))
			if took := time.Since(start); took > 15*time.Second {
				t.Errorf("it took %s", took)
			}
			line, ok := got[c.check]
			if !ok || line.Verdict != c.verdict || !strings.Contains(line.Found, c.found) || !strings.Contains(line.Mend, c.mend) {
				t.Errorf("%+v; expected %s, %q, mend %q", line, c.verdict, c.found, c.mend)
			}
			if c.omitted != "" && got[c.omitted].Verdict != engine.Omitted && !(got[c.omitted] == engine.Check{}) {
				t.Errorf("made nevertheless: %+v", got[c.omitted])
			}
		})
	}
}

func TestClock(t *testing.T) {
	for _, c := range []struct {
		ahead time.Duration
		known bool
		want  engine.Verdict
		says  string
	}{
		{0, true, engine.OK, "as AWS's"}, {30 * time.Second, true, engine.OK, "30s behind"}, {-90 * time.Second, true, engine.Warned, "1m30s ahead of"},
		{6 * time.Minute, true, engine.Failing, "6m0s behind"}, {0, false, engine.Omitted, "date"},
	} {
		if v, found := judgeClock(c.ahead, c.known); v != c.want || !strings.Contains(found, c.says) {
			t.Errorf("%s: %s, %q", c.ahead, v, found)
		}
	}
}

func TestGroups(t *testing.T) {
	version := &types.EngineVersion{EffectiveEngineVersion: aws.String("Athena engine version 3")}
	at := &types.ResultConfiguration{OutputLocation: aws.String("s3://results/group/")}
	for _, c := range []struct {
		group    types.WorkGroup
		staging  string
		facts    string
		problems string
		works    bool
	}{
		{types.WorkGroup{Configuration: &types.WorkGroupConfiguration{EngineVersion: version, ResultConfiguration: at}}, "", "[Athena engine version 3 results at s3://results/group/ unless the profile says otherwise]", "[]", true},
		{types.WorkGroup{Configuration: &types.WorkGroupConfiguration{ResultConfiguration: at, EnforceWorkGroupConfiguration: aws.Bool(true), BytesScannedCutoffPerQuery: aws.Int64(10_000_000)}}, "s3://b/c/",
			"[enforces results at s3://results/group/ queries end at 10 MB scanned]", "[s3_staging_dir of the profile is not used for results]", true},
		{types.WorkGroup{Configuration: &types.WorkGroupConfiguration{ManagedQueryResultsConfiguration: &types.ManagedQueryResultsConfiguration{Enabled: true}}}, "", "[it keeps results itself (managed)]", "[]", true},
		{types.WorkGroup{State: types.WorkGroupStateDisabled}, "s3://b/c", "[results at the profile's s3_staging_dir]", "[it is disabled]", false},
		{types.WorkGroup{Configuration: &types.WorkGroupConfiguration{EngineVersion: &types.EngineVersion{EffectiveEngineVersion: aws.String("Athena engine version 2")}}}, "s3://b/c",
			"[Athena engine version 2 results at the profile's s3_staging_dir]", "[weft writes for Athena engine version 3]", false},
	} {
		facts, problems, mend := judgeGroup(&c.group, c.staging)
		if fmt.Sprint(facts) != c.facts || fmt.Sprint(problems) != c.problems || (mend == "") != c.works {
			t.Errorf("%v, %v, mend %q; expected %s, %s", facts, problems, mend, c.facts, c.problems)
		}
	}
}

// A probe that was written is removed also when the time is up in between.
func TestProbeIsRemoved(t *testing.T) {
	s := fakes(t, fakeaws.Options{})
	s.Script(wire.Fault{Service: "s3", Operation: "GET", Match: "weft-debug", Count: 99, DelayMillis: 3000})
	p, err := readProfile(profileOf(nil))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	config, err := weftaws.Load(ctx, p.aws)
	if err != nil {
		t.Fatal(err)
	}
	at := lake.Place{Bucket: "results", Key: "q/"}
	if err := lake.NewObjects(config).Probe(ctx, at); err == nil {
		t.Error("no failure")
	}
	if keys, err := s.Objects.Keys("results", "q/weft-debug"); err != nil || len(keys) > 0 {
		t.Errorf("left behind: %v, %v", keys, err)
	}
}
