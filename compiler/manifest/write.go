package manifest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
)

// Writer writes a manifest.json, section by section and entry by entry. The first failure of the underlying writer is kept
// and answered by Close; after it nothing more is written.
type Writer struct {
	w       io.Writer
	buffer  []byte
	section string
	entries int
	err     error
}

// flushAt is how many bytes the writer gathers before it hands them on.
const flushAt = 256 << 10

// NewWriter begins a manifest with its metadata. The schema and dbt's version are filled in where they are empty.
func NewWriter(w io.Writer, m Metadata) *Writer {
	m.Schema, m.DbtVersion = cmp.Or(m.Schema, ManifestSchema), cmp.Or(m.DbtVersion, DbtVersion)
	if m.Env == nil {
		m.Env = map[string]string{}
	}
	out := &Writer{w: w, buffer: make([]byte, 0, flushAt+64<<10)}
	text, err := json.Marshal(m)
	out.err = err
	out.buffer = append(append(out.buffer, `{"metadata":`...), text...)
	return out
}

// Section begins a section of the manifest ("nodes", "sources", …) and ends the one before it.
func (w *Writer) Section(name string) {
	w.endSection()
	w.section, w.entries = name, 0
	w.buffer = append(AppendString(append(w.buffer, ','), name), ':', '{')
}

func (w *Writer) endSection() {
	if w.section != "" {
		w.buffer = append(w.buffer, '}')
	}
}

// Entry writes one entry of the section; encode appends its value.
func (w *Writer) Entry(key string, encode func(b []byte) []byte) {
	if w.entries++; w.entries > 1 {
		w.buffer = append(w.buffer, ',')
	}
	w.buffer = encode(append(AppendString(w.buffer, key), ':'))
	if len(w.buffer) >= flushAt {
		w.flush()
	}
}

// Entries writes any number of entries that were encoded elsewhere, each as `"key":value`, with commas between them. This is how several
// goroutines share the work: each encodes a run of entries, and the runs are written in order.
func (w *Writer) Entries(count int, text []byte) {
	if count == 0 {
		return
	}
	if w.entries > 0 {
		w.buffer = append(w.buffer, ',')
	}
	w.entries += count
	if len(text) < flushAt {
		w.buffer = append(w.buffer, text...)
		if len(w.buffer) >= flushAt {
			w.flush()
		}
		return
	}
	w.flush()
	w.write(text)
}

// Value writes one entry by encoding/json, for the kinds of which there are few.
func (w *Writer) Value(key string, v any) {
	text, err := json.Marshal(v)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("encode %s %s: %w", w.section, key, err)
		return
	}
	w.Entry(key, func(b []byte) []byte { return append(b, text...) })
}

func (w *Writer) flush() {
	w.write(w.buffer)
	w.buffer = w.buffer[:0]
}

func (w *Writer) write(text []byte) {
	if w.err == nil {
		_, w.err = w.w.Write(text)
	}
}

// Close ends the manifest and says whether all of it was written. It does not close the underlying writer.
func (w *Writer) Close() error {
	w.endSection()
	w.buffer = append(w.buffer, '}')
	w.flush()
	return w.err
}
