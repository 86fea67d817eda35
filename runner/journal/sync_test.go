package journal

import (
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weft-data/weft/compiler/plan"
	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/event"
)

// slowDisk is a world whose syncs begin when they are told to.
type slowDisk struct {
	effect.World
	syncs atomic.Int64
	begun chan struct{}
	end   chan error
}

func (d *slowDisk) Create(path string) (effect.File, error) {
	f, err := d.World.Create(path)
	return slowFile{f, d}, err
}

type slowFile struct {
	effect.File
	disk *slowDisk
}

func (f slowFile) Sync() error {
	f.disk.syncs.Add(1)
	f.disk.begun <- struct{}{}
	return errors.Join(<-f.disk.end, f.File.Sync())
}

var durable = event.BatchStarted{Node: "model.a.b", Work: plan.Batch{Phase: plan.Publish}}

// waiting starts a durable record whose sync goes on, writes one that need not wait, and starts nine durable ones more. It answers
// when all are written, with the channel of what became of the ten.
func waiting(t *testing.T) (*slowDisk, *Writer, string, chan error) {
	t.Helper()
	disk := &slowDisk{World: effect.Real{}, begun: make(chan struct{}), end: make(chan error)}
	path := filepath.Join(t.TempDir(), "j")
	seen := make(chan int64, 100)
	w, err := Create(disk, path, func(r event.Record) { seen <- r.Seq })
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 10)
	go func() { ended <- w.Append(durable) }()
	<-disk.begun
	if err := w.Append(event.Log{Text: "meanwhile"}); err != nil {
		t.Fatal(err)
	}
	for range 9 {
		go func() { ended <- w.Append(durable) }()
	}
	for n := int64(1); n <= 11; n++ {
		if got := <-seen; got != n {
			t.Fatalf("record %d was told as number %d", got, n)
		}
	}
	if len(ended) > 0 {
		t.Fatal("a durable record was taken for safe before it was")
	}
	return disk, w, path, ended
}

// TestOneSyncServesMany writes while a sync goes on; what was written meanwhile waits for one sync more, not for one each.
func TestOneSyncServesMany(t *testing.T) {
	disk, w, path, ended := waiting(t)
	disk.end <- nil
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	<-disk.begun
	if len(ended) > 0 {
		t.Error("a record that was written while a sync went on counts as safe with that sync")
	}
	disk.end <- nil
	for range 9 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	go func() {
		<-disk.begun
		disk.end <- nil
	}()
	if err := errors.Join(w.Append(event.RunFinished{}), w.Close()); err != nil {
		t.Fatal(err)
	}
	if n := disk.syncs.Load(); n != 3 {
		t.Errorf("%d syncs", n)
	}
	c, err := Read(effect.Real{}, path)
	if err != nil || len(c.Records) != 12 || c.Torn != 0 {
		t.Errorf("%d records, %d torn, %v", len(c.Records), c.Torn, err)
	}
}

// TestAFailedSyncFailsAllThatWait fails the first sync or the second.
func TestAFailedSyncFailsAllThatWait(t *testing.T) {
	full := errors.New("no space left")
	for good := range 2 {
		disk, w, _, ended := waiting(t)
		for range good {
			disk.end <- nil
			if err := <-ended; err != nil {
				t.Fatal(err)
			}
			<-disk.begun
		}
		disk.end <- full
		for range 10 - good {
			if err := <-ended; !errors.Is(err, full) {
				t.Errorf("after %d good syncs: %v", good, err)
			}
		}
		if err := w.Append(event.Log{}); !errors.Is(err, full) {
			t.Errorf("a journal that failed took a record: %v", err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestTheEndIsToldWhenItIsSafe fails the sync of the last record: nobody hears of it.
func TestTheEndIsToldWhenItIsSafe(t *testing.T) {
	world := &effect.Faulty{World: effect.Real{}, Before: func(call int64, _ string) error {
		if call > 5 { // folder, file, its first bytes, a record, the last record
			return errors.New("broken")
		}
		return nil
	}}
	told := 0
	w, err := Create(world, filepath.Join(t.TempDir(), "j"), func(event.Record) { told++ })
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Append(event.RunStarted{}); err != nil {
		t.Fatal(err)
	}
	if w.Append(event.RunFinished{}) == nil || told != 1 || world.Calls() != 6 {
		t.Errorf("%d records were told in %d calls", told, world.Calls())
	}
}

// TestCloseWaitsForTheSync closes while a sync goes on; the file is not taken away from it.
func TestCloseWaitsForTheSync(t *testing.T) {
	disk, w, _, ended := waiting(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	disk.end <- nil
	if err := <-ended; err != nil {
		t.Errorf("the record that was being made safe: %v", err)
	}
	// Of the others either one begins the next sync before the journal closes, or all hear that it is closed.
	go func() {
		for range disk.begun {
			disk.end <- nil
		}
	}()
	for range 9 {
		<-ended
	}
	wg.Wait()
	close(disk.begun)
}
