package athena

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	weftaws "github.com/weft-data/weft/adapters/aws"
	"github.com/weft-data/weft/runner/engine"
)

// failed is an error that no service answered.
func failed(err error, hint string) *engine.Error {
	return &engine.Error{Class: engine.Permanent, Message: err.Error(), Statement: -1, Position: -1, Hint: hint, Err: err}
}

// cancelled is work that was not begun because its run was stopped.
func cancelled(ctx context.Context) *engine.Error {
	return &engine.Error{Class: engine.Cancelled, Message: "it was cancelled before the statement was sent", Statement: -1, Position: -1, Err: ctx.Err()}
}

// failure is an error of a call.
func (e *Engine) failure(err error, what string) *engine.Error {
	return &engine.Error{Class: weftaws.Classify(err, false), Message: e.profile.aws.Redact(what + ": " + err.Error()), Statement: -1, Position: -1,
		Hint: weftaws.Hint(err), Err: err}
}

// submitFailure is an error of the submission: without an answer nobody knows whether the query runs.
func (e *Engine) submitFailure(err error) *engine.Error {
	f := e.failure(err, "the query was not accepted")
	f.Class = weftaws.Classify(err, true)
	var busy *types.TooManyRequestsException
	if errors.As(err, &busy) {
		f.Hint = "the account's quota of queries is used up: use fewer threads, another workgroup, or ask AWS for a higher quota"
	}
	return f
}

// Errors of Athena, by the number of their type (Athena's error catalog).
const (
	typeIcebergCommit = 233
	typeNoAccess      = 1500
	typeNoS3Access    = 1501
)

// queryFailure is a query that did not succeed, in the words of its last state.
func queryFailure(id, sql string, q types.QueryExecution) *engine.Error {
	reason := aws.ToString(q.Status.StateChangeReason)
	f := &engine.Error{Class: engine.Permanent, Message: reason, Statement: -1, Position: -1, QueryID: id}
	if q.Status.State == types.QueryExecutionStateCancelled {
		f.Class = engine.Cancelled
		if strings.Contains(reason, "Bytes scanned limit") {
			f.Class = engine.Permanent
			f.Hint = "the workgroup bounds the bytes that a query may scan: narrow the query, or raise the bound (BytesScannedCutoffPerQuery)"
		}
		return f
	}
	number := int32(0)
	if a := q.Status.AthenaError; a != nil {
		number = aws.ToInt32(a.ErrorType)
		if a.Retryable {
			f.Class = engine.Transient
		}
	}
	name := errorName(reason)
	switch {
	case number == typeIcebergCommit && strings.Contains(reason, "ICEBERG_COMMIT_ERROR"), name == "ICEBERG_COMMIT_ERROR":
		f.Class = engine.Conflict
		f.Hint = "another writer committed to the table at the same time; nothing was written"
	case number >= 1400 && number <= 1406, number == 1602:
		f.Class = engine.Capacity
	case number == typeNoAccess, number == typeNoS3Access, strings.Contains(reason, "AccessDenied"), name == "PERMISSION_DENIED", strings.Contains(reason, "Insufficient Lake Formation permission"):
		f.Class = engine.Denied
		f.Hint = "the identity lacks a right on the data: docs/adapters.md lists the IAM actions, and Lake Formation may have to grant the table"
	case strings.Contains(reason, "enforces a centralized output location"):
		f.Hint = "the workgroup decides where results go, and with them Hive tables that are made of a query: set table_type to iceberg, give the node another work_group, or let the workgroup allow clients' settings"
	case strings.Contains(name, "TOO_MANY_OPEN_PARTITIONS"):
		f.Class = engine.TooManyPartitions
		f.Hint = "Athena writes at most 100 partitions in one statement: partition the table more coarsely, or build it for less at a time"
	case strings.Contains(reason, "mismatched input"), name == "SYNTAX_ERROR", strings.Contains(reason, "ParseException"):
		f.Class = engine.Syntax
	}
	f.Position = position(sql, reason)
	return f
}

// errorName is Trino's name of an error at the beginning of a reason ("TABLE_NOT_FOUND: line 1:15: …").
func errorName(reason string) string {
	name, _, ok := strings.Cut(reason, ":")
	if !ok || strings.ToUpper(name) != name || strings.ContainsAny(name, " \n") {
		return ""
	}
	return name
}

var place = regexp.MustCompile(`line (\d+):(\d+)`)

// position finds the byte that "line L:C" means; Trino counts lines and characters from 1, Hive's characters from 0, which is close enough to
// show the line.
func position(sql, reason string) int {
	m := place.FindStringSubmatch(reason)
	if m == nil {
		return -1
	}
	line, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	at := 0
	for ; line > 1; line-- {
		n := strings.IndexByte(sql[at:], '\n')
		if n < 0 {
			return -1
		}
		at += n + 1
	}
	for i := range sql[at:] {
		if column--; column <= 0 {
			return at + i
		}
	}
	return len(sql)
}
