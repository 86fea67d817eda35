// Package journal keeps the one truth of a run: an append-only file of what was about to be done and what came of it.
//
// A process may die at any byte. Each record therefore stands in a frame with its length and a checksum, the intent of a publish
// is on stable storage before the publish is sent, and reading stops at the first frame that is not whole: what it has read until
// then is true.
package journal

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"path/filepath"
	"sync"

	"github.com/weft-data/weft/runner/effect"
	"github.com/weft-data/weft/runner/event"
)

// magic begins every journal; the digit is the version of the frames.
const magic = "weftjnl1"

// maxRecord bounds a record when reading: a length above it is damage, not data.
const maxRecord = 256 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Path is where the journal of an invocation lies below a project's target folder.
func Path(target, invocation string) string {
	return filepath.Join(target, "weft", "journal", invocation+".journal")
}

// Writer appends records. It is safe for concurrent use; records get their number and reach observers in one order.
type Writer struct {
	world effect.World
	// Observe sees each record after it is written, in order; the record that ends the run when it is on stable storage. It must not append.
	observe func(event.Record)

	mu   sync.Mutex
	file effect.File
	seq  int64
	buf  bytes.Buffer
	enc  *json.Encoder
	err  error

	// synced is the last record that is known to be on stable storage; syncing says that somebody brings more there, and rested tells
	// the others when that is over.
	synced  int64
	syncing bool
	rested  *sync.Cond
}

// Create makes the journal of a new run. observe may be nil.
func Create(world effect.World, path string, observe func(event.Record)) (*Writer, error) {
	if err := world.MkdirAll(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	file, err := world.Create(path)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if _, err := file.Write([]byte(magic)); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("journal: %w", err)
	}
	w := &Writer{world: world, observe: observe, file: file}
	w.rested = sync.NewCond(&w.mu)
	w.enc = json.NewEncoder(&w.buf)
	w.enc.SetEscapeHTML(false)
	return w, nil
}

// Append writes a record. When it returns without an error, a durable record is on stable storage. After the first failure every
// call fails: a run that cannot be recorded must not go on.
func (w *Writer) Append(body event.Body) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	record := event.Record{Seq: w.seq + 1, At: w.world.Now().UTC(), Body: body}
	err := w.write(record)
	_, last := body.(event.RunFinished)
	if err == nil && last {
		// What is told of the end cannot be taken back, so it is safe before it is told.
		err = w.file.Sync()
	}
	if err != nil {
		w.err = fmt.Errorf("journal: %w", err)
		return w.err
	}
	w.seq++
	if w.observe != nil {
		w.observe(record)
	}
	if event.Durable(body) && !last {
		return w.sync(record.Seq)
	}
	return nil
}

func (w *Writer) write(record event.Record) error {
	w.buf.Reset()
	w.buf.Write(make([]byte, 8))
	if err := w.enc.Encode(record); err != nil {
		return err
	}
	frame := w.buf.Bytes()
	payload := frame[8:]
	binary.LittleEndian.PutUint32(frame, uint32(len(payload)))
	binary.LittleEndian.PutUint32(frame[4:], crc32.Checksum(payload, castagnoli))
	_, err := w.file.Write(frame)
	return err
}

// sync returns when the record of that number is on stable storage. It is called with the lock held and lets go of it meanwhile: a disk takes
// milliseconds, in which others can write, and one sync then serves all that wait for the next.
func (w *Writer) sync(seq int64) error {
	for w.synced < seq && w.err == nil {
		if w.syncing {
			w.rested.Wait()
			continue
		}
		file, reached := w.file, w.seq
		w.syncing = true
		w.mu.Unlock()
		err := file.Sync()
		w.mu.Lock()
		w.syncing = false
		if err == nil {
			w.synced = reached
		} else if w.err == nil {
			w.err = fmt.Errorf("journal: %w", err)
		}
		w.rested.Broadcast()
	}
	if w.synced >= seq {
		return nil
	}
	return w.err
}

// Close ends the journal.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.syncing {
		w.rested.Wait()
	}
	if w.file == nil {
		return nil
	}
	err := w.file.Close()
	w.file = nil
	if w.err == nil {
		w.err = fmt.Errorf("journal: closed")
	}
	return err
}

// Contents is what a journal holds.
type Contents struct {
	Records []event.Record
	// Torn is how many bytes at the end were not a whole record: the process died while it wrote them, or the file is damaged.
	Torn int
}

// Read reads the journal at a path.
func Read(world effect.World, path string) (Contents, error) {
	data, err := world.ReadFile(path)
	if err != nil {
		return Contents{}, fmt.Errorf("journal: %w", err)
	}
	c, err := Decode(data)
	if err != nil {
		return Contents{}, fmt.Errorf("journal %s: %w", path, err)
	}
	return c, nil
}

// Decode reads the bytes of a journal: the records before the first frame that is not whole. It is an error if the bytes are no
// journal, or one of another version.
func Decode(data []byte) (Contents, error) {
	if len(data) < len(magic) {
		if bytes.HasPrefix([]byte(magic), data) {
			return Contents{Torn: len(data)}, nil
		}
		return Contents{}, fmt.Errorf("not a journal")
	}
	if string(data[:len(magic)]) != magic {
		return Contents{}, fmt.Errorf("not a journal, or of another version of weft: it begins with %q, not %q", data[:len(magic)], magic)
	}
	var c Contents
	rest := data[len(magic):]
	for len(rest) > 0 {
		payload, ok := frame(rest)
		if !ok {
			break
		}
		var r event.Record
		if err := json.Unmarshal(payload, &r); err != nil || r.Seq != int64(len(c.Records))+1 {
			break
		}
		c.Records = append(c.Records, r)
		rest = rest[8+len(payload):]
	}
	c.Torn = len(rest)
	return c, nil
}

func frame(b []byte) ([]byte, bool) {
	if len(b) < 8 {
		return nil, false
	}
	n := binary.LittleEndian.Uint32(b)
	if n > maxRecord || int64(n) > int64(len(b)-8) {
		return nil, false
	}
	payload := b[8 : 8+n]
	return payload, crc32.Checksum(payload, castagnoli) == binary.LittleEndian.Uint32(b[4:])
}
