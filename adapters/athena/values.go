package athena

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/weft-data/weft/runner/engine"
)

// readRow gives a row's values their types: Athena answers all as texts.
func readRow(row types.Row, info []types.ColumnInfo) ([]engine.Value, error) {
	out := make([]engine.Value, len(info))
	for i := range info {
		// Lines of SHOW and DESCRIBE may have fewer fields than columns.
		if i >= len(row.Data) || row.Data[i].VarCharValue == nil {
			continue
		}
		v, err := value(*row.Data[i].VarCharValue, aws.ToString(info[i].Type), int(info[i].Scale))
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", aws.ToString(info[i].Name), err)
		}
		out[i] = v
	}
	return out, nil
}

// value reads one text by its type. Arrays, maps and rows stay texts: their notation has no quotes and cannot be read back.
func value(text, typ string, scale int) (engine.Value, error) {
	bad := func(err error) (engine.Value, error) { return nil, fmt.Errorf("%q is no %s: %w", text, typ, err) }
	switch typ {
	case "boolean":
		b, err := strconv.ParseBool(text)
		if err != nil {
			return bad(err)
		}
		return b, nil
	case "tinyint", "smallint", "integer", "bigint":
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return bad(err)
		}
		return n, nil
	case "real", "float", "double":
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return bad(err)
		}
		return f, nil
	case "decimal":
		n, ok := new(big.Int).SetString(strings.Replace(text, ".", "", 1), 10)
		if !ok {
			return bad(fmt.Errorf("it has other characters than digits"))
		}
		_, fraction, _ := strings.Cut(text, ".")
		return engine.Decimal{Unscaled: n, Scale: len(fraction)}, nil
	case "date":
		t, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return bad(err)
		}
		return engine.Date{Time: t}, nil
	case "timestamp":
		t, err := time.Parse("2006-01-02 15:04:05.999999999", text)
		if err != nil {
			return bad(err)
		}
		return engine.Timestamp{Time: t}, nil
	case "timestamp with time zone":
		return zoned(text)
	case "time":
		t, err := time.Parse("15:04:05.999999999", text)
		if err != nil {
			return bad(err)
		}
		return engine.TimeOfDay{Since: t.Sub(t.Truncate(24 * time.Hour))}, nil
	case "varbinary":
		b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
		if err != nil {
			return bad(err)
		}
		return b, nil
	}
	return text, nil
}

// zoned reads "2024-01-31 10:00:00.000 UTC"; the zone is a name or an offset.
func zoned(text string) (engine.Value, error) {
	at := strings.LastIndexByte(text, ' ')
	if at < 0 {
		return nil, fmt.Errorf("%q is no timestamp with time zone", text)
	}
	zone := time.UTC
	switch name := text[at+1:]; {
	case strings.HasPrefix(name, "+"), strings.HasPrefix(name, "-"):
		t, err := time.Parse("-07:00", name)
		if err != nil {
			return nil, err
		}
		zone = t.Location()
	case name != "UTC":
		l, err := time.LoadLocation(name)
		if err != nil {
			return nil, err
		}
		zone = l
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05.999999999", text[:at], zone)
	if err != nil {
		return nil, err
	}
	return engine.Timestamp{Time: t.UTC(), Zoned: true}, nil
}
