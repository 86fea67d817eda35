package artifacts

import (
	"path/filepath"
	"strings"

	"github.com/weft-data/weft/compiler/node"
	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/event"
)

// RunFiles writes what was sent for each node below target/: one file a node, as dbt does, and one for each batch of a microbatch model
// with its compiled text beside it. It may be fed record by record while
// the run goes on; the files are written beside it, so that no node waits for them.
type RunFiles struct {
	world  FileWriter
	target string
	open   map[work]*runFile
	queue  chan *runFile
	done   chan struct{}
	err    error
}

// FileWriter is what writing needs of the world.
type FileWriter interface {
	// WriteFile writes a whole file, and makes its folder if there is none.
	WriteFile(path string, data []byte) error
}

// work is a node, or the batch of one by its name.
type work struct {
	node  node.ID
	batch string
}

type runFile struct {
	path string
	text strings.Builder
}

// NewRunFiles makes a writer of files below the target folder.
func NewRunFiles(world FileWriter, target string) *RunFiles {
	w := &RunFiles{world: world, target: target, open: map[work]*runFile{}, queue: make(chan *runFile, 256), done: make(chan struct{})}
	go w.work()
	return w
}

func (w *RunFiles) work() {
	defer close(w.done)
	for f := range w.queue {
		if err := w.world.WriteFile(filepath.Join(w.target, filepath.FromSlash(f.path)), []byte(f.text.String())); err != nil && w.err == nil {
			w.err = err
		}
	}
}

// Feed takes the next record.
func (w *RunFiles) Feed(r event.Record) {
	switch b := r.Body.(type) {
	case event.NodeStarted:
		if b.Label.RunPath != "" && !b.Skipping {
			w.open[work{b.Node, ""}] = &runFile{path: b.Label.RunPath}
		}
	case event.IntervalStarted:
		if b.Label.RunPath != "" {
			w.open[work{b.Node, b.Interval.Name}] = &runFile{path: ofBatch(b.Label.RunPath, b.Interval.Name)}
		}
	case event.BatchStarted:
		f := w.open[work{b.Node, b.Interval}]
		if f == nil || b.Attempt > 1 {
			return
		}
		for i := range b.Work.Statements {
			if b.Work.Statements[i].Purpose == plan.Query { // what a template asked is not what the node does
				continue
			}
			if f.text.Len() > 0 {
				f.text.WriteString("\n\n")
			}
			f.text.WriteString(b.Work.Statements[i].Shown())
			f.text.WriteString(";")
		}
		if f.text.Len() > 0 {
			f.text.WriteByte('\n')
		}
	case event.NodeFinished:
		w.write(work{b.Node, ""})
	case event.IntervalFinished:
		w.write(work{b.Node, b.Interval.Name})
		if rest, ok := strings.CutPrefix(b.Label.RunPath, "run/"); ok && b.Compiled {
			f := &runFile{path: ofBatch("compiled/"+rest, b.Interval.Name)}
			f.text.WriteString(b.CompiledCode)
			w.queue <- f
		}
	}
}

func (w *RunFiles) write(of work) {
	f := w.open[of]
	delete(w.open, of)
	if f != nil && f.text.Len() > 0 {
		w.queue <- f
	}
}

// ofBatch is the path of a batch's file, in a folder with the name of the model's.
func ofBatch(path, batch string) string {
	ext := filepath.Ext(path)
	stem := strings.TrimSuffix(path, ext)
	return stem + "/" + stem[strings.LastIndexByte(stem, '/')+1:] + "_" + batch + ext
}

// Close writes what is left and answers the first error there was.
func (w *RunFiles) Close() error {
	close(w.queue)
	<-w.done
	return w.err
}
