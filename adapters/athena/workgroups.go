package athena

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	weftaws "github.com/weft-data/weft/adapters/aws"
	"github.com/weft-data/weft/runner/engine"
)

// defaultGroup is the workgroup of those who name none.
const defaultGroup = "primary"

// group is what a query has to know of its workgroup.
type group struct {
	once sync.Once
	err  *engine.Error
	// managed says that it keeps results itself, so that no output location may be sent; version is its engine's.
	managed bool
	version string
}

// groups are the workgroups that were asked for, each read once.
type groups struct {
	mu   sync.Mutex
	read map[string]*group
}

// group reads a workgroup's settings and refuses what could not work.
func (e *Engine) group(ctx context.Context, name string) (*group, *engine.Error) {
	e.groups.mu.Lock()
	g := e.groups.read[name]
	if g == nil {
		g = &group{}
		if e.groups.read == nil {
			e.groups.read = map[string]*group{}
		}
		e.groups.read[name] = g
	}
	e.groups.mu.Unlock()
	g.once.Do(func() { g.err = e.readGroup(ctx, name, g) })
	if g.err != nil && ctx.Err() == nil && g.err.Class != engine.Permanent && g.err.Class != engine.Denied {
		// What passes is no property of the workgroup: the next one asks again.
		e.groups.mu.Lock()
		delete(e.groups.read, name)
		e.groups.mu.Unlock()
	}
	return g, g.err
}

func (e *Engine) readGroup(ctx context.Context, name string, g *group) *engine.Error {
	out, err := e.client.GetWorkGroup(ctx, &api.GetWorkGroupInput{WorkGroup: &name})
	if err != nil {
		if e.profile.skipCheck && weftaws.Classify(err, false) == engine.Denied {
			g.version = "Athena"
			return nil
		}
		f := e.failure(err, "the workgroup `"+name+"` could not be read")
		if weftaws.Code(err) == "InvalidRequestException" {
			f.Hint = "set work_group to a workgroup of this region (aws athena list-work-groups)"
		}
		return f
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
		g.version = aws.ToString(v.EffectiveEngineVersion)
	}
	if m := config.ManagedQueryResultsConfiguration; m != nil && m.Enabled {
		g.managed = true
	}
	location := config.ResultConfiguration != nil && config.ResultConfiguration.OutputLocation != nil
	if !g.managed && !location && e.profile.staging == "" {
		return failed(fmt.Errorf("there is no place for results: the profile has no s3_staging_dir, and the workgroup `%s` has no output location", name),
			"set s3_staging_dir to a place in S3, such as s3://bucket/athena/")
	}
	return nil
}

// Names of the settings that come with a batch (plan.Batch).
const (
	settingGroup   = "work_group"
	settingStaging = "s3_staging_dir"
	settingCatalog = "catalog"
)

// groupOf is the workgroup of a batch with these settings.
func (e *Engine) groupOf(settings map[string]string) string {
	if v := settings[settingGroup]; v != "" {
		return v
	}
	return e.workgroup
}
