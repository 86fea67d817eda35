package runview

import (
	"fmt"
	"time"

	"github.com/weft-data/weft/runner/engine"
	"github.com/weft-data/weft/runner/event"
)

// notice tells what an engine waits for. New credentials are no news unless somebody looks for trouble.
func (v *View) notice(b event.Notice) {
	l := Info
	if b.Kind == string(engine.Renewed) {
		l = Debug
	}
	v.add(l, "", Notice(b))
}

// Notice is the line that tells of a notice.
func Notice(b event.Notice) string {
	text := b.Text
	if b.Wait > 0 {
		text += "; next attempt after " + b.Wait.Round(100*time.Millisecond).String()
	}
	if b.Times > 1 {
		text += fmt.Sprintf(" (%d times since this was last said)", b.Times)
	}
	return text
}
