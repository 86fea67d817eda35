package lake

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Snapshot is a version of an Iceberg table. Counts are of what the commit that made it added, -1 where it does not say.
type Snapshot struct {
	ID                 string
	Rows, Bytes, Files int64
}

// maxMetadata bounds the metadata of a table that is read; it grows with the snapshots that are kept.
const maxMetadata = 64 << 20

// Snapshot reads the current snapshot of an Iceberg table from its metadata; nil if the table has none yet.
func (o *Objects) Snapshot(ctx context.Context, metadata string) (*Snapshot, error) {
	at, err := ParsePlace(metadata)
	if err != nil {
		return nil, err
	}
	out, err := o.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &at.Bucket, Key: &at.Key})
	if err != nil {
		return nil, err
	}
	defer out.Body.Close()
	body := io.Reader(io.LimitReader(out.Body, maxMetadata))
	if strings.Contains(at.Key, ".gz.") || strings.HasSuffix(at.Key, ".gz") {
		if body, err = gzip.NewReader(body); err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		body = io.LimitReader(body, maxMetadata)
	}
	return currentSnapshot(body)
}

// currentSnapshot finds the current snapshot in the metadata of a table.
func currentSnapshot(metadata io.Reader) (*Snapshot, error) {
	var table struct {
		Current   *int64 `json:"current-snapshot-id"`
		Snapshots []struct {
			ID      int64             `json:"snapshot-id"`
			Summary map[string]string `json:"summary"`
		} `json:"snapshots"`
	}
	if err := json.NewDecoder(metadata).Decode(&table); err != nil {
		return nil, err
	}
	if table.Current == nil || *table.Current < 0 {
		return nil, nil
	}
	out := &Snapshot{ID: strconv.FormatInt(*table.Current, 10), Rows: -1, Bytes: -1, Files: -1}
	for _, s := range table.Snapshots {
		if s.ID != *table.Current {
			continue
		}
		for key, to := range map[string]*int64{"added-records": &out.Rows, "added-files-size": &out.Bytes, "added-data-files": &out.Files} {
			if n, err := strconv.ParseInt(s.Summary[key], 10, 64); err == nil {
				*to = n
			}
		}
	}
	return out, nil
}
