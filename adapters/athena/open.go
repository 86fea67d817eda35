package athena

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	weftaws "github.com/weft-data/weft/adapters/aws"
	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/runner/engine"
)

// Engine is Athena in one region, through one workgroup.
type Engine struct {
	profile profile
	client  *api.Client
	catalog *lake.Catalog
	objects *lake.Objects
	poller  *weftaws.Poller[types.QueryExecution]
	voice   *weftaws.Voice
	version string
	// longQueue is when somebody is told that a query waits.
	longQueue time.Duration
	// managed says that the workgroup keeps results itself, so that no output location may be sent.
	managed bool
}

// Open makes the clients and asks for the workgroup: that is one call, which also shows whether region, keys and rights are right.
func Open(ctx context.Context, c engine.Config) (engine.Engine, error) {
	p, err := readProfile(c.Profile)
	if err != nil {
		return nil, failed(err, "")
	}
	voice := &weftaws.Voice{Notify: c.Notify}
	p.aws.Voice = voice
	config, err := weftaws.Load(ctx, p.aws)
	if err != nil {
		return nil, failed(err, "")
	}
	e := &Engine{profile: p, voice: voice, longQueue: longQueue, catalog: lake.NewCatalog(config, ""), objects: lake.NewObjects(config)}
	if err := e.objects.Uploading(p.uploads); err != nil {
		return nil, failed(err, "")
	}
	// AWS's quotas for the account are twenty starts and stops a second, and twenty looks at states; all of ours together stay below one.
	pace := &weftaws.Pace{Every: time.Second / 18, Burst: 2}
	e.client = api.NewFromConfig(config, func(o *api.Options) {
		o.APIOptions = append(o.APIOptions, pace.Calls("StartQueryExecution", "StopQueryExecution", "BatchGetQueryExecution"))
		if p.endpoint != "" {
			o.BaseEndpoint = aws.String(p.endpoint)
		}
	})
	e.poller = &weftaws.Poller[types.QueryExecution]{Describe: e.describe, Ended: ended, Batch: 50,
		First: min(100*time.Millisecond, p.poll), Longest: p.poll,
		// BatchGetQueryExecution has a quota of twenty calls a second for the account; a quarter of it is ours.
		Tick: 200 * time.Millisecond}
	if err := e.workgroup(ctx); err != nil {
		return nil, err
	}
	return e, nil
}

// workgroup reads the workgroup's settings and refuses what could not work.
func (e *Engine) workgroup(ctx context.Context) error {
	name := e.profile.workgroup
	if name == "" {
		name = "primary"
	}
	out, err := e.client.GetWorkGroup(ctx, &api.GetWorkGroupInput{WorkGroup: &name})
	if err != nil {
		if e.profile.skipCheck && weftaws.Classify(err, false) == engine.Denied {
			e.version = "Athena"
			return nil
		}
		return e.failure(err, "the workgroup `"+name+"` could not be read")
	}
	w := out.WorkGroup
	if w.State == types.WorkGroupStateDisabled {
		return failed(fmt.Errorf("the workgroup `%s` is disabled", name), "choose another by work_group, or enable it")
	}
	config := w.Configuration
	if config == nil {
		config = &types.WorkGroupConfiguration{}
	}
	if v := config.EngineVersion; v != nil {
		e.version = aws.ToString(v.EffectiveEngineVersion)
	}
	if m := config.ManagedQueryResultsConfiguration; m != nil && m.Enabled {
		e.managed = true
	}
	location := config.ResultConfiguration != nil && config.ResultConfiguration.OutputLocation != nil
	if !e.managed && !location && e.profile.staging == "" {
		return failed(fmt.Errorf("there is no place for results: the profile has no s3_staging_dir, and the workgroup `%s` has no output location", name),
			"set s3_staging_dir to a place in S3, such as s3://bucket/athena/")
	}
	return nil
}

// About says what the engine is.
func (e *Engine) About() engine.About { return engine.About{Adapter: "athena", Version: e.version} }

// Close ends nothing: queries that still run are their sessions' business.
func (e *Engine) Close() error { return nil }

// Session makes a session, which costs nothing.
func (e *Engine) Session(context.Context) (engine.Session, error) {
	return &Session{engine: e}, nil
}

// describe is the poller's look at executions.
func (e *Engine) describe(ctx context.Context, ids []string) (map[string]types.QueryExecution, error) {
	out, err := e.client.BatchGetQueryExecution(ctx, &api.BatchGetQueryExecutionInput{QueryExecutionIds: ids})
	if err != nil {
		return nil, err
	}
	states := make(map[string]types.QueryExecution, len(out.QueryExecutions))
	for _, q := range out.QueryExecutions {
		states[aws.ToString(q.QueryExecutionId)] = q
	}
	// What Athena does not know yet (reads are eventually consistent) is asked again.
	return states, nil
}

func ended(q types.QueryExecution) bool {
	if q.Status == nil {
		return false
	}
	switch q.Status.State {
	case types.QueryExecutionStateSucceeded, types.QueryExecutionStateFailed, types.QueryExecutionStateCancelled:
		return true
	}
	return false
}
