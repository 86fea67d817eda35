package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weft-data/weft/cmd/cli/eventlog"
	"github.com/weft-data/weft/cmd/cli/runview"
	"github.com/weft-data/weft/compiler"
	"github.com/weft-data/weft/compiler/diag"
)

// quietVerbs are not dbt's, or only print: they leave no trace in logs/dbt.log.
var quietVerbs = []string{"explain", "init", "dump", "help", "completion", "weft", "dbt"}

// openLog makes the log of this invocation: the screen, and logs/dbt.log.
func (o *options) openLog(verb string) {
	var secrets []string
	for name, value := range o.env {
		if strings.HasPrefix(name, "DBT_ENV_SECRET") && strings.TrimSpace(value) != "" {
			secrets = append(secrets, value)
		}
	}
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	o.log = eventlog.New(eventlog.Options{Invocation: o.invocation, PID: os.Getpid(), Now: o.world.Now, Secrets: secrets})
	o.notices.log = o.log
	level, _ := eventlog.ParseLevel(o.logLevel)
	switch {
	case level == eventlog.None:
	case o.quiet:
		level = eventlog.Error
	case o.debug:
		level = eventlog.Debug
	}
	var screen io.Writer = o.world.Stdout
	if o.showsProgress() {
		o.progress = &progress{w: o.world.Stdout, width: 80}
		screen = o.progress
	}
	o.log.Add(eventlog.Sink{W: screen, Format: eventlog.ParseFormat(o.logFormat, eventlog.Text), Level: level, Color: o.color()})
	fileLevel, _ := eventlog.ParseLevel(o.logLevelFile)
	if fileLevel == eventlog.None || slices.Contains(quietVerbs, verb) {
		return
	}
	if o.debug {
		fileLevel = eventlog.Debug
	}
	if _, err := os.Stat(filepath.Join(o.dir(), "dbt_project.yml")); err != nil && o.logPath == "" {
		return // a slip in --project-dir must not make folders
	}
	file, err := eventlog.OpenFile(filepath.Join(o.logDir(), "dbt.log"), int64(o.logFileMaxBytes))
	if err != nil {
		fmt.Fprintf(o.world.Stderr, "warning: no log is kept: %s\n  help: --log-path names another folder, --log-level-file none keeps none\n", err)
		return
	}
	o.log.Add(eventlog.Sink{W: file, Format: eventlog.ParseFormat(o.logFormatFile, eventlog.DebugText), Level: fileLevel, Color: false})
}

// logDir is where dbt.log stands: --log-path, else logs beside dbt_project.yml.
func (o *options) logDir() string {
	if o.logPath != "" {
		return o.path(o.logPath)
	}
	return filepath.Join(o.dir(), "logs")
}

// dir is the project's folder.
func (o *options) dir() string {
	if dir := o.path(o.projectDir); dir != "" {
		return dir
	}
	return compiler.FindProjectDir(o.world.Dir)
}

// jsonTalk says that stdout carries dbt's records.
func (o *options) jsonTalk() bool { return o.logFormat == "json" }

// completed is the last event of a command.
func (o *options) completed(code int) {
	if o.log == nil || o.verb == "" {
		return
	}
	now := o.world.Now()
	elapsed := now.Sub(o.started)
	word := "succeeded"
	if code != exitOK {
		word = "failed"
	}
	command := "dbt " + o.verb
	o.log.Write(eventlog.Event{Level: eventlog.Debug, Name: "CommandCompleted", Code: "Q039",
		Text: fmt.Sprintf("Command `%s` %s at %s after %.2f seconds", command, word, now.UTC().Format("15:04:05.000000"), elapsed.Seconds()),
		Data: func() map[string]any {
			return map[string]any{"command": command, "completed_at": eventlog.Stamp(now), "elapsed": elapsed.Seconds(), "success": code == exitOK}
		}})
}

// event says something under dbt's name for it. data may be nil.
func (o *options) event(level eventlog.Level, name, code, text string, data map[string]any) {
	e := eventlog.Event{Level: level, Name: name, Code: code, Text: text, FileOnly: o.silent(level)}
	if data != nil || name != "" {
		e.Data = func() map[string]any { return data }
	}
	if name == "" {
		e.Data = nil
	}
	o.log.Write(e)
}

// say prints a line of talk with the time in front, as dbt's verbs do on stdout.
func (o *options) say(text string) { o.event(eventlog.Info, "", "", text, nil) }

// silent says that talk of a level stays off the screen: what ls, show and --output json print is data, to be read by other programs.
func (o *options) silent(level eventlog.Level) bool {
	if o.jsonTalk() || level > eventlog.Info {
		return false
	}
	switch o.verb {
	case "list", "show", "dump":
		return true
	}
	return o.output == "json" || o.planning || o.collecting
}

// asDbt says that the program was called by dbt's name.
func (o *options) asDbt() bool { return o.world.Name == "dbt" }

// running is the first line of dbt's verbs.
func (o *options) running() {
	text := fmt.Sprintf("Running with weft=%s (dbt %s)", Version, dbtVersion)
	if o.asDbt() {
		text = "Running with dbt=" + dbtVersion
	}
	o.event(eventlog.Info, "MainReportVersion", "A001", text, map[string]any{"version": "=" + dbtVersion, "log_version": 3})
	o.event(eventlog.Debug, "MainReportArgs", "A002", "running with arguments "+strings.Join(o.world.Args, " "), map[string]any{"args": stringArgs(o.args(o.verb))})
}

func stringArgs(args map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range args {
		out[name] = fmt.Sprint(v)
	}
	return out
}

// registered is dbt's line on the adapter.
func (o *options) registered(p *compiler.Project) {
	name := p.Info().Type
	o.event(eventlog.Info, "AdapterRegistered", "E034", "Registered adapter: "+name, map[string]any{"adapter_name": name, "adapter_version": "=" + Version})
}

// emit is what a command was asked for: it goes to stdout as it is, or as a record.
func (o *options) emit(name, code, text string, data map[string]any) {
	if data == nil {
		data = map[string]any{"msg": text}
	}
	o.log.Write(eventlog.Event{Level: eventlog.Info, Name: name, Code: code, Text: text, Print: true, Data: func() map[string]any { return data }})
}

// viewLine says one line of a run's view.
func (o *options) viewLine(l runview.Line) {
	level := map[runview.Level]eventlog.Level{runview.Debug: eventlog.Debug, runview.Info: eventlog.Info, runview.Warn: eventlog.Warn, runview.Error: eventlog.Error}[l.Level]
	at := l.At
	if at.IsZero() {
		at = o.world.Now()
	}
	o.log.Write(eventlog.Event{At: at, Level: level, Name: l.Name, Code: l.Code, Text: l.Text, Data: l.Data, Thread: l.Thread})
}

// record says diagnostics as dbt's records, for those who read stdout by machine, and to the file.
func (o *options) record(list diag.List) {
	for _, d := range list {
		level, name, code := eventlog.Warn, "Note", "Z050"
		if d.Severity == diag.Error {
			level, name, code = eventlog.Error, "MainEncounteredError", "Z002"
		}
		if event := dbtEvent(d.Code); event != "" && level == eventlog.Warn {
			name, code = event, string(d.Code)
		}
		var b strings.Builder
		diagText(&b, diag.List{d}, false)
		text := strings.TrimRight(b.String(), "\n")
		e := eventlog.Event{Level: level, Name: name, Code: code, Text: text, FileOnly: !o.jsonTalk(), Data: func() map[string]any {
			data := map[string]any{"msg": d.Detail, "exc": d.Detail, "code": string(d.Code), "hint": d.Hint, "node": d.Node}
			if !d.Span.IsZero() {
				at := d.Span.Position()
				data["file"], data["line"], data["column"] = d.Span.File.Path, at.Line, at.Column
			}
			return data
		}}
		o.log.Write(e)
	}
}
