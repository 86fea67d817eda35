package warehouse

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"time"

	"github.com/weft-data/weft/compiler/diag"
	"github.com/weft-data/weft/compiler/internal/basecontext"
	"github.com/weft-data/weft/compiler/internal/jinja"
)

func (a *Adapter) formatPartitionKeys(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "format_partition_keys", "partition_keys")
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, k := range nameArgs(args[0]) {
		keys = append(keys, partitionKey(k))
	}
	return jinja.Str(strings.Join(keys, ", ")), nil
}

// partitionKey is the expression that gives a partition's value: of Iceberg's hidden partitions the truncated time, of a bucket
// its column.
func partitionKey(key string) string {
	lower := strings.ToLower(key)
	for _, unit := range []string{"hour", "day", "month", "year"} {
		if rest, ok := strings.CutPrefix(lower, unit+"("); ok {
			line, _, _ := strings.Cut(rest, "\n")
			if end := strings.LastIndexByte(line, ')'); end > 0 {
				return "date_trunc('" + unit + "', " + line[:end] + ")"
			}
		}
	}
	for rest := lower; ; {
		_, after, ok := strings.Cut(rest, "bucket(")
		if !ok {
			return lower
		}
		line, _, _ := strings.Cut(after, "\n")
		if end := strings.LastIndexByte(line, ','); end > 0 {
			return line[:end]
		}
		rest = after
	}
}

func (a *Adapter) partitionValue(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "format_value_for_partition", "value", "column_type")
	if err != nil {
		return nil, err
	}
	give := func(s, compare string) (jinja.Value, error) {
		return jinja.Tuple{jinja.Str(s), jinja.Str(compare)}, nil
	}
	if args[0] == jinja.None {
		return give("null", " is ")
	}
	value := jinja.Text(args[0])
	switch jinja.Text(args[1]) {
	case "integer":
		return give(value, "=")
	case "string":
		return give("'"+strings.ReplaceAll(value, "'", "''")+"'", "=")
	case "date":
		return give("DATE'"+value+"'", "=")
	case "timestamp":
		return give("TIMESTAMP'"+value+"'", "=")
	}
	return nil, fail(c, diag.AdapterMethod, "Unsupported column type: %s", jinja.Text(args[1]))
}

// murmur3 is the bucket of a value as Iceberg numbers them.
func (a *Adapter) murmur3(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "murmur3_hash", "value", "num_buckets")
	if err != nil {
		return nil, err
	}
	buckets, ok := args[1].(jinja.Int)
	if !ok || buckets <= 0 {
		return nil, fail(c, diag.CallArguments, "murmur3_hash() expects a number of buckets, got %s", jinja.Repr(args[1]))
	}
	var data []byte
	number := func(n int64) { data = binary.LittleEndian.AppendUint64(nil, uint64(n)) }
	switch v := args[0].(type) {
	case jinja.Int:
		number(int64(v))
	case jinja.Bool:
		number(0)
		if v {
			number(1)
		}
	case jinja.Str:
		data = []byte(v)
	case basecontext.Date:
		number(time.Date(v.Year, time.Month(v.Month), v.Day, 0, 0, 0, 0, time.UTC).Unix())
	case basecontext.DateTime:
		number(v.Instant().Unix())
	default:
		return nil, fail(c, diag.AdapterMethod, "Need to add support data type for hashing: <class '%s'>", v.TypeName())
	}
	return jinja.Int(int64(murmur3x86(data)&0x7fffffff) % int64(buckets)), nil
}

// murmur3x86 is the 32-bit MurmurHash3 with seed 0.
func murmur3x86(data []byte) uint32 {
	const c1, c2 = 0xcc9e2d51, 0x1b873593
	var h uint32
	n := len(data)
	for ; len(data) >= 4; data = data[4:] {
		h ^= bits.RotateLeft32(binary.LittleEndian.Uint32(data)*c1, 15) * c2
		h = bits.RotateLeft32(h, 13)*5 + 0xe6546b64
	}
	var k uint32
	for i := len(data) - 1; i >= 0; i-- {
		k = k<<8 | uint32(data[i])
	}
	if len(data) > 0 {
		h ^= bits.RotateLeft32(k*c1, 15) * c2
	}
	h ^= uint32(n)
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}

// runCatchingPartitions runs a statement that may touch more partitions than Athena writes at once, and says so instead of failing.
func (a *Adapter) runCatchingPartitions(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "run_query_with_partitions_limit_catching", "sql")
	if err != nil {
		return nil, err
	}
	r, err := a.run(c, jinja.Text(args[0]), false, -1)
	if err != nil {
		if strings.Contains(err.Error(), "TOO_MANY_OPEN_PARTITIONS") {
			return jinja.Str("TOO_MANY_OPEN_PARTITIONS"), nil
		}
		return nil, err
	}
	scanned := jinja.Value(jinja.Int(0))
	if v, ok := r.Extra["data_scanned_in_bytes"]; ok {
		scanned = cell(v)
	}
	return jinja.Str(`{"rowcount":` + jinja.Text(jinja.Int(r.Affected)) + `,"data_scanned_in_bytes":` + jinja.Text(scanned) + "}"), nil
}

// runMany repeats an Iceberg maintenance statement until Athena says that it is done. The bound keeps an engine that never is
// from hanging a run.
func (a *Adapter) runMany(c *jinja.Call) (jinja.Value, error) {
	args, _, err := bind(c, "run_operation_with_potential_multiple_runs", "query", "op")
	if err != nil {
		return nil, err
	}
	again := "ICEBERG_" + strings.ToUpper(jinja.Text(args[1])) + "_MORE_RUNS_NEEDED"
	for range 10000 {
		_, err = a.run(c, jinja.Text(args[0]), false, -1)
		if err == nil {
			return jinja.None, nil
		}
		if !strings.Contains(err.Error(), again) || a.o.Context.Err() != nil {
			return nil, err
		}
	}
	return nil, err
}
