package athena

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
)

// What Athena bills by: bytes scanned, rounded up to megabytes, ten of them at least for each query, at a price for a terabyte. AWS counts
// these in powers of two.
const (
	megabyte = 1 << 20
	terabyte = 1 << 40
	least    = 10 * megabyte
)

// billed are the bytes that Athena bills for a query. Statements that define things are free, but for those that make a table of a query;
// so are queries that failed. A query that was cancelled is billed for what it had read.
func billed(q types.QueryExecution) int64 {
	if q.Status == nil || q.Statistics == nil {
		return 0
	}
	n := aws.ToInt64(q.Statistics.DataScannedInBytes)
	reads := q.StatementType == types.StatementTypeDml || aws.ToString(q.SubstatementType) == "CREATE_TABLE_AS_SELECT"
	switch {
	case !reads, q.Status.State == types.QueryExecutionStateFailed, q.Status.State == types.QueryExecutionStateCancelled && n == 0:
		return 0
	}
	return max((n+megabyte-1)/megabyte*megabyte, least)
}
