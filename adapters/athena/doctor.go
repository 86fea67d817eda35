package athena

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	weftaws "github.com/weft-data/weft/adapters/aws"
	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/engine"
)

// doctor looks at what Athena needs of an account. It holds no engine: what is wrong may be what keeps the engine from opening.
type doctor struct {
	input   map[string]any
	profile profile
	report  func(engine.Check)

	config aws.Config
	who    weftaws.Identity
	// lost is why nothing further can be asked: no keys, no answer.
	lost  string
	group *types.WorkGroup
	// noQuery is why the last check cannot run.
	noQuery string
}

// checkPatience is how long one check may take; the query has its own.
const (
	checkPatience = 20 * time.Second
	queryPatience = 2 * time.Minute
)

// Examine makes the doctor of a profile's output.
func Examine(_ context.Context, c engine.Config) (engine.Doctor, error) {
	return &doctor{input: c.Profile}, nil
}

// Examine makes the checks in the order in which one thing needs another.
func (d *doctor) Examine(ctx context.Context, report func(engine.Check)) {
	d.report = report
	p, err := readProfile(d.input)
	if err != nil {
		d.fail("profile", err.Error(), "correct the output in profiles.yml; docs/adapters.md lists its keys")
		return
	}
	d.profile = p
	// People wait for the answers: two attempts each.
	p.aws.Attempts = 2
	if d.config, err = weftaws.Load(ctx, p.aws); err != nil {
		d.fail("profile", p.aws.Redact(err.Error()), "correct the output in profiles.yml, or the shared files of AWS (~/.aws/config)")
		return
	}
	d.region()
	for _, c := range []struct {
		name  string
		check func(context.Context)
	}{
		{"identity", d.identity}, {"workgroup", d.workgroup}, {"result bucket", d.results}, {dataBucket, d.data},
		{"glue", d.glue}, {"lake formation", d.formation},
	} {
		if d.lost != "" {
			d.omit(c.name, d.lost)
			continue
		}
		bounded, cancel := context.WithTimeout(ctx, checkPatience)
		c.check(bounded)
		cancel()
	}
	if d.lost != "" {
		d.omit("query", d.lost)
		return
	}
	bounded, cancel := context.WithTimeout(ctx, queryPatience)
	defer cancel()
	d.query(bounded)
}

func (d *doctor) tell(v engine.Verdict, name, found, mend string) {
	d.report(engine.Check{Name: name, Verdict: v, Found: d.profile.aws.Redact(found), Mend: mend})
}
func (d *doctor) ok(name, found string)         { d.tell(engine.OK, name, found, "") }
func (d *doctor) omit(name, why string)         { d.tell(engine.Omitted, name, why, "") }
func (d *doctor) warn(name, found, mend string) { d.tell(engine.Warned, name, found, mend) }
func (d *doctor) fail(name, found, mend string) { d.tell(engine.Failing, name, found, mend) }

// diagnose explains an error; what keeps all other calls from being answered ends the examination.
func (d *doctor) diagnose(err error, action, resource string) weftaws.Diagnosis {
	var probe *lake.ProbeError
	if errors.As(err, &probe) {
		action = probe.Action
	}
	return weftaws.Diagnose(err, weftaws.Call{Action: action, Resource: resource, Region: d.config.Region})
}

func (d *doctor) failed(name string, err error, action, resource string) weftaws.Diagnosis {
	g := d.diagnose(err, action, resource)
	d.fail(name, g.Found, g.Mend)
	return g
}

// region says where the calls go.
func (d *doctor) region() {
	found := d.config.Region
	if found == "" {
		d.fail("region", "no region is set", "set region_name in the profile, for example us-east-1")
		d.lost = "not asked: no region"
		return
	}
	var moved []string
	if d.profile.endpoint != "" {
		moved = append(moved, "Athena at "+d.profile.endpoint)
	}
	if all := os.Getenv("AWS_ENDPOINT_URL"); all != "" {
		moved = append(moved, "all services at "+all)
	}
	if len(moved) > 0 {
		d.warn("region", found+", with other endpoints than AWS's own: "+strings.Join(moved, "; "), "if that is not meant, take endpoint_url out of the profile and AWS_ENDPOINT_URL out of the environment")
		return
	}
	d.ok("region", found)
}

// identity says who calls, with which keys, and what the clock is like.
func (d *doctor) identity(ctx context.Context) {
	who, err := weftaws.WhoAmI(ctx, d.config)
	d.who = who
	defer d.clock()
	if err != nil {
		resource := "this identity"
		action := "sts:GetCallerIdentity"
		if d.profile.aws.RoleARN != "" {
			action, resource = "sts:AssumeRole", d.profile.aws.RoleARN
		}
		g := d.failed("identity", err, action, resource)
		if g.Unreachable {
			d.lost = "not asked: AWS gives no answer"
		} else {
			d.lost = "not asked: no identity"
		}
		return
	}
	found := who.ARN + " (account " + who.Account + ")"
	until, ends, source, err := weftaws.Keys(ctx, d.config)
	switch {
	case err != nil:
	case d.profile.aws.RoleARN != "":
		found += "; a role that weft assumes again before its keys end"
	case ends && until.IsZero():
		found += "; keys of " + source + " that end at a time nobody knows here"
	case ends:
		found += "; keys of " + source + " until " + until.UTC().Format(time.RFC3339)
	}
	d.ok("identity", found)
}

// Bounds of a clock's error: AWS refuses signatures that are five minutes off (S3 fifteen).
const (
	clockWarn = time.Minute
	clockFail = 5 * time.Minute
)

func (d *doctor) clock() {
	v, found := judgeClock(d.who.Ahead, d.who.Timed)
	mend := ""
	if v == engine.Warned || v == engine.Failing {
		mend = "set the clock of this machine (NTP); AWS refuses signatures that are five minutes off"
	}
	d.tell(v, "clock", found, mend)
}

func judgeClock(ahead time.Duration, known bool) (engine.Verdict, string) {
	off := ahead.Abs()
	side := "behind"
	if ahead < 0 {
		side = "ahead of"
	}
	found := "this machine is " + off.Round(time.Second).String() + " " + side + " AWS"
	switch {
	case !known:
		return engine.Omitted, "no answer of AWS had a date"
	case off < 2*time.Second: // dates of answers are whole seconds
		return engine.OK, "as AWS's"
	case off < clockWarn:
		return engine.OK, found
	case off < clockFail:
		return engine.Warned, found
	}
	return engine.Failing, found
}

// bucketARN is the ARN of a bucket, or of what is below it, in the identity's partition ("aws", "aws-cn").
func (d *doctor) bucketARN(path string) string {
	partition := "aws"
	if parts := strings.SplitN(d.who.ARN, ":", 3); len(parts) == 3 {
		partition = parts[1]
	}
	return "arn:" + partition + ":s3:::" + path
}

func (d *doctor) groupName() string {
	if d.profile.workgroup != "" {
		return d.profile.workgroup
	}
	return "primary"
}

func (d *doctor) client() *api.Client {
	return api.NewFromConfig(d.config, func(o *api.Options) {
		if d.profile.endpoint != "" {
			o.BaseEndpoint = aws.String(d.profile.endpoint)
		}
	})
}

// workgroup reads the workgroup's settings.
func (d *doctor) workgroup(ctx context.Context) {
	name := d.groupName()
	out, err := d.client().GetWorkGroup(ctx, &api.GetWorkGroupInput{WorkGroup: &name})
	if err != nil {
		g := d.diagnose(err, "athena:GetWorkGroup", "workgroup/"+name)
		switch {
		case g.Denied && d.profile.skipCheck:
			d.omit("workgroup", g.Found+" (skip_workgroup_check is set)")
			return
		case weftaws.Code(err) == "InvalidRequestException":
			d.fail("workgroup", "the workgroup `"+name+"` is not there: "+weftaws.Message(err), "set work_group to a workgroup of region "+d.config.Region+" (aws athena list-work-groups)")
		default:
			d.fail("workgroup", g.Found, g.Mend)
		}
		d.noQuery = "not tried: the workgroup is no good"
		return
	}
	d.group = out.WorkGroup
	facts, problems, mend := judgeGroup(out.WorkGroup, d.profile.staging)
	found := "`" + name + "`: " + strings.Join(facts, ", ")
	switch {
	case mend != "" && len(problems) > 0:
		d.fail("workgroup", found+"; "+strings.Join(problems, "; "), mend)
		d.noQuery = "not tried: the workgroup is no good"
	case len(problems) > 0:
		d.warn("workgroup", found+"; "+strings.Join(problems, "; "), "take s3_staging_dir out of the profile, or let the workgroup allow clients' settings")
	default:
		d.ok("workgroup", found)
	}
}

// engineVersion is the one that weft writes statements for.
const engineVersion = "Athena engine version 3"

// judgeGroup says what a workgroup is like. With a mend the problems are such that nothing works.
func judgeGroup(w *types.WorkGroup, staging string) (facts, problems []string, mend string) {
	c := w.Configuration
	if c == nil {
		c = &types.WorkGroupConfiguration{}
	}
	if w.State == types.WorkGroupStateDisabled {
		problems, mend = append(problems, "it is disabled"), "enable the workgroup, or choose another by work_group"
	}
	if v := c.EngineVersion; v != nil && v.EffectiveEngineVersion != nil {
		facts = append(facts, *v.EffectiveEngineVersion)
		if *v.EffectiveEngineVersion != engineVersion {
			problems, mend = append(problems, "weft writes for "+engineVersion), "set the workgroup's engine version to 3 (or to automatic)"
		}
	}
	location := ""
	if c.ResultConfiguration != nil {
		location = aws.ToString(c.ResultConfiguration.OutputLocation)
	}
	enforced := aws.ToBool(c.EnforceWorkGroupConfiguration)
	managed := c.ManagedQueryResultsConfiguration != nil && c.ManagedQueryResultsConfiguration.Enabled
	switch {
	case managed:
		facts = append(facts, "it keeps results itself (managed)")
	case enforced && location != "":
		facts = append(facts, "enforces results at "+location)
	case location != "":
		facts = append(facts, "results at "+location+" unless the profile says otherwise")
	case staging == "":
		problems, mend = append(problems, "there is no place for results"), "set s3_staging_dir in the profile, or an output location in the workgroup"
	default:
		facts = append(facts, "results at the profile's s3_staging_dir")
	}
	if staging != "" && (managed || enforced && location != "" && strings.TrimSuffix(location, "/") != strings.TrimSuffix(staging, "/")) {
		problems = append(problems, "s3_staging_dir of the profile is not used for results")
	}
	if n := aws.ToInt64(c.BytesScannedCutoffPerQuery); n > 0 {
		facts = append(facts, fmt.Sprintf("queries end at %d MB scanned", n/1_000_000))
	}
	if aws.ToBool(c.RequesterPaysEnabled) {
		facts = append(facts, "requester pays")
	}
	return facts, problems, mend
}

// query runs the smallest query there is.
func (d *doctor) query(ctx context.Context) {
	if d.noQuery != "" {
		d.omit("query", d.noQuery)
		return
	}
	start := time.Now()
	e, err := Open(ctx, engine.Config{Profile: d.input})
	if err == nil {
		var s engine.Session
		if s, err = e.Session(ctx); err == nil {
			var a engine.Answer
			if a, err = s.Do(ctx, plan.Batch{Statements: []plan.Statement{{SQL: "select 1 as id", Fetch: true}}}); err == nil {
				r := a.Results[0]
				d.ok("query", fmt.Sprintf("`select 1` as query %s in %.1f s, %d rows, on %s", r.QueryID, time.Since(start).Seconds(), len(r.Rows), e.About().Version))
				return
			}
		}
	}
	var f *engine.Error
	if !errors.As(err, &f) {
		d.fail("query", err.Error(), "")
		return
	}
	found, mend := f.Message, f.Hint
	if said := weftaws.Message(err); said != "" {
		found = "the query was not accepted: " + weftaws.Code(err) + ": " + said
	}
	if f.QueryID != "" {
		found = "query " + f.QueryID + ": " + found
	}
	if g := d.diagnose(err, "athena:StartQueryExecution", "workgroup/"+d.groupName()); g.Denied && weftaws.Code(err) != "" {
		found, mend = g.Found, g.Mend
	}
	if mend == "" {
		mend = "look for the query in Athena's history, in workgroup " + d.groupName()
	}
	d.fail("query", found, mend)
}
