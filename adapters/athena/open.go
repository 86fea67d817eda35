package athena

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	weftaws "github.com/weft-data/weft/adapters/aws"
	"github.com/weft-data/weft/adapters/aws/lake"
	"github.com/weft-data/weft/runner/engine"
)

// Engine is Athena in one region.
type Engine struct {
	profile profile
	client  *api.Client
	config  aws.Config
	objects *lake.Objects
	lf      *lake.Formation
	poller  *weftaws.Poller[types.QueryExecution]
	voice   *weftaws.Voice
	version string
	// longQueue is when somebody is told that a query waits.
	longQueue time.Duration
	// workgroup is that of batches which name none.
	workgroup string
	groups    groups
	catalogs  catalogs
}

// Open makes the clients and asks for the workgroup that most batches will go through: that is one call, which also shows whether region, keys
// and rights are right.
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
	e := &Engine{profile: p, voice: voice, longQueue: longQueue, config: config, objects: lake.NewObjects(config), lf: lake.NewFormation(config)}
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
	name := e.profile.workgroup
	if work := p.groups[c.Verb]; work != "" {
		name = work
	}
	e.workgroup = name
	g, failure := e.group(ctx, name)
	if failure != nil {
		return nil, failure
	}
	e.version = g.version
	return e, nil
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
