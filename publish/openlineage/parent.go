package openlineage

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// Parent is the run of another program, a scheduler's perhaps, that started this one; Root is the one that started them all, nil if that
// is the same.
type Parent struct {
	Namespace, Job, Run string
	Root                *Parent
}

// ParentOf reads the run that started this one from the environment, as schedulers tell it the integration of dbt: OPENLINEAGE_CONTEXT, or
// OPENLINEAGE_PARENT_ID and OPENLINEAGE_ROOT_PARENT_ID, which are "namespace/job/run". nil if there is none. What is not well told
// is the error, and left out.
func ParentOf(env map[string]string) (*Parent, error) {
	const context, parent, root = "OPENLINEAGE_CONTEXT", "OPENLINEAGE_PARENT_ID", "OPENLINEAGE_ROOT_PARENT_ID"
	if env[context] != "" {
		return fromContext(context, env[context])
	}
	p, err := fromID(parent, env[parent])
	if p == nil || err != nil {
		return nil, err
	}
	p.Root, err = fromID(root, env[root])
	return p, err
}

func fromID(name, text string) (*Parent, error) {
	if text == "" {
		return nil, nil
	}
	parts := strings.Split(text, "/")
	if len(parts) != 3 {
		return nil, fmt.Errorf("expected %s to be namespace/job/run, found %q", name, text)
	}
	return checked(name, &Parent{Namespace: parts[0], Job: parts[1], Run: parts[2]})
}

func fromContext(name, text string) (*Parent, error) {
	type ref struct {
		Run struct {
			ID string `json:"runId"`
		} `json:"run"`
		Job struct {
			Namespace string `json:"namespace"`
			Name      string `json:"name"`
		} `json:"job"`
	}
	var told struct {
		Parent *struct {
			ref
			Root *ref `json:"root"`
		} `json:"parent"`
	}
	if err := json.Unmarshal([]byte(text), &told); err != nil {
		return nil, fmt.Errorf("%s is not the JSON that it should be: %w", name, err)
	}
	if told.Parent == nil {
		return nil, nil
	}
	p := told.Parent
	parent, err := checked(name, &Parent{Namespace: p.Job.Namespace, Job: p.Job.Name, Run: p.Run.ID})
	if err != nil || p.Root == nil {
		return parent, err
	}
	parent.Root, err = checked(name, &Parent{Namespace: p.Root.Job.Namespace, Job: p.Root.Job.Name, Run: p.Root.Run.ID})
	return parent, err
}

// checked refuses a parent that cannot stand in an event.
func checked(name string, p *Parent) (*Parent, error) {
	id := strings.ReplaceAll(p.Run, "-", "")
	if _, err := hex.DecodeString(id); p.Namespace == "" || p.Job == "" || err != nil || len(id) != 32 || len(p.Run) != 36 {
		return nil, fmt.Errorf("expected %s to name a namespace, a job and the UUID of a run, found %q, %q and %q", name, p.Namespace, p.Job, p.Run)
	}
	return p, nil
}
