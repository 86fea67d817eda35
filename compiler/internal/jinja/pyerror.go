package jinja

import (
	"fmt"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/source"
)

// pyKind is the Python exception that an error stands for, as far as the language can tell them apart.
type pyKind uint8

const (
	typeError pyKind = iota
	valueError
	lookupError
	overflowError
	zeroDivision
	runtimeError
	undefinedError
	callError
	limitError
	filterError
	unsafeError
	nativeError
	attributeError
)

// pyError is an error that does not know its place yet; the evaluator adds it.
type pyError struct {
	kind    pyKind
	message string
}

func (e *pyError) Error() string { return e.message }

func typeErrorf(format string, args ...any) error {
	return &pyError{typeError, fmt.Sprintf(format, args...)}
}
func valueErrorf(format string, args ...any) error {
	return &pyError{valueError, fmt.Sprintf(format, args...)}
}
func callErrorf(format string, args ...any) error {
	return &pyError{callError, fmt.Sprintf(format, args...)}
}
func lookupErrorf(format string, args ...any) error {
	return &pyError{lookupError, fmt.Sprintf(format, args...)}
}
func limitErrorf(format string, args ...any) error {
	return &pyError{limitError, fmt.Sprintf(format, args...)}
}
func runtimeErrorf(format string, args ...any) error {
	return &pyError{runtimeError, fmt.Sprintf(format, args...)}
}

// isPy says whether err stands for one of the Python exceptions.
func isPy(err error, kinds ...pyKind) bool {
	e, ok := err.(*pyError)
	if !ok {
		return false
	}
	for _, k := range kinds {
		if e.kind == k {
			return true
		}
	}
	return false
}

var pyCodes = [...]diag.Code{
	typeError: diag.TemplateType, valueError: diag.TemplateType, lookupError: diag.TemplateType, overflowError: diag.TemplateType,
	zeroDivision: diag.TemplateType, runtimeError: diag.TemplateType, undefinedError: diag.TemplateUndefined,
	callError: diag.TemplateCall, limitError: diag.TemplateLimit, filterError: diag.TemplateFilter, unsafeError: diag.TemplateUnsafe,
	nativeError: diag.TemplateNative, attributeError: diag.TemplateType,
}

// undefinedFailure is the error of using an undefined value.
func undefinedFailure(u *Undefined) error {
	kind := undefinedError
	if u.unsafe {
		kind = unsafeError
	}
	return &pyError{kind, u.Reason()}
}

// Reason says why the value is undefined, in Jinja2's words.
func (u *Undefined) Reason() string {
	switch {
	case u.Message != "":
		return u.Message
	case !u.conditional.IsZero():
		return fmt.Sprintf("the inline if-expression on line %d evaluated to false and no else section was defined.", u.conditional.Position().Line)
	case u.of == nil:
		return quote(u.Name) + " is undefined"
	case u.key != nil:
		return typeRepr(u.of) + " has no element " + Repr(u.key)
	}
	return quote(typeRepr(u.of)) + " has no attribute " + quote(u.Name)
}

// typeRepr names an object in the message about an undefined attribute.
func typeRepr(v Value) string {
	if v == None {
		return "None"
	}
	return v.TypeName() + " object"
}

// Diagnostic is the error as a diagnostic: the chain of macro calls becomes its related places.
func (e *Error) Diagnostic() diag.Diagnostic {
	var l diag.List
	d := l.Add(e.Code, e.Span, "%s", e.Message)
	for _, f := range e.Chain {
		d.Related = append(d.Related, diag.Related{Span: f.Call, Message: "in the call of macro " + f.Macro})
	}
	return *d
}

// hostCode is the code of an error that a host function returned.
func hostCode(err error) diag.Code {
	switch err := err.(type) {
	case *pyError:
		return pyCodes[err.kind]
	case diag.Diagnostic:
		return err.Code
	case *diag.Diagnostic:
		return err.Code
	}
	return diag.TemplateHost
}

// failure gives an error its place and the chain of calls; what has them already stays as it is.
func (x *exec) failure(n Node, err error) error {
	switch err.(type) {
	case *Error, *returnSignal:
		return err
	}
	start, end := n.Range()
	e := &Error{Code: hostCode(err), Message: err.Error(), Span: source.Span{File: x.file, Start: start, End: end}, Chain: x.th.chain()}
	if _, ours := err.(*pyError); !ours {
		e.Cause = err
	}
	return e
}

// chain is the calls that are running, the innermost first.
func (th *Thread) chain() []Frame {
	out := make([]Frame, 0, len(th.frames))
	for i := len(th.frames) - 1; i >= 0; i-- {
		out = append(out, th.frames[i])
	}
	return out
}
