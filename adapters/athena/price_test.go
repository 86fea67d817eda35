package athena

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
)

func TestBilled(t *testing.T) {
	const dml, ddl, ctas = "SELECT", "DROP_TABLE", "CREATE_TABLE_AS_SELECT"
	for _, c := range []struct {
		kind    string
		state   types.QueryExecutionState
		scanned int64
		want    int64
	}{
		{dml, types.QueryExecutionStateSucceeded, 0, 10 << 20},
		{dml, types.QueryExecutionStateSucceeded, 10 << 20, 10 << 20},
		{dml, types.QueryExecutionStateSucceeded, 10<<20 + 1, 11 << 20},
		{ctas, types.QueryExecutionStateSucceeded, 5, 10 << 20},
		{ddl, types.QueryExecutionStateSucceeded, 0, 0},
		{dml, types.QueryExecutionStateFailed, 1 << 40, 0},
		{dml, types.QueryExecutionStateCancelled, 1 << 30, 1 << 30},
		{dml, types.QueryExecutionStateCancelled, 0, 0},
	} {
		q := types.QueryExecution{StatementType: types.StatementTypeDml, SubstatementType: aws.String(c.kind), Status: &types.QueryExecutionStatus{State: c.state},
			Statistics: &types.QueryExecutionStatistics{DataScannedInBytes: aws.Int64(c.scanned)}}
		if c.kind != dml {
			q.StatementType = types.StatementTypeDdl
		}
		if got := billed(q); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	if got := billed(types.QueryExecution{}); got != 0 {
		t.Errorf("nothing is known: %d", got)
	}
}

// What a statement costs is told of those that end well and of those that are cancelled, by the profile's price.
func TestCost(t *testing.T) {
	_, e := open(t, map[string]any{"price_per_tb": 5.0})
	a, err := doWith(t, e, nil, "SHOW DATABASES")
	if err != nil || a.Results[0].Cost != 0 {
		t.Errorf("a statement that is free: %+v %v", a, err)
	}
	for _, bad := range []any{-1.0} {
		if _, err := readProfile(profileOf(map[string]any{"price_per_tb": bad})); err == nil {
			t.Errorf("price %v", bad)
		}
	}
}
