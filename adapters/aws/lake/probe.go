package lake

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// ProbeError is the step of a probe that failed, by the IAM action that it needs.
type ProbeError struct {
	Action string
	// Left is the object that the probe wrote and could not remove.
	Left string
	Err  error
}

func (e *ProbeError) Error() string { return e.Action + ": " + e.Err.Error() }
func (e *ProbeError) Unwrap() error { return e.Err }

// Region is the region of a bucket, "" if S3 does not say.
func (o *Objects) Region(ctx context.Context, bucket string) (string, error) {
	out, err := o.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &bucket})
	if err != nil {
		return "", &ProbeError{Action: "s3:ListBucket", Err: err}
	}
	return aws.ToString(out.BucketRegion), nil
}

// Probe lists a place, writes an object below it, reads it back and removes it, whatever fails on the way and whether or not there is time left.
func (o *Objects) Probe(ctx context.Context, at Place) (failure error) {
	prefix := at.Below("").Key
	if _, err := o.client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &at.Bucket, Prefix: &prefix, MaxKeys: aws.Int32(1)}); err != nil {
		return &ProbeError{Action: "s3:ListBucket", Err: err}
	}
	var name [8]byte
	rand.Read(name[:])
	body := []byte("written by `weft debug`, to be removed at once\n")
	object := at.Below("weft-debug-" + hex.EncodeToString(name[:]))
	// An object may be there although the answer to its writing was an error.
	defer func() {
		clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
		defer cancel()
		_, err := o.client.DeleteObject(clean, &s3.DeleteObjectInput{Bucket: &object.Bucket, Key: &object.Key})
		if err != nil && failure == nil {
			failure = &ProbeError{Action: "s3:DeleteObject", Left: object.String(), Err: err}
		}
	}()
	if err := o.Put(ctx, object, bytes.NewReader(body)); err != nil {
		return &ProbeError{Action: "s3:PutObject", Err: err}
	}
	out, err := o.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &object.Bucket, Key: &object.Key})
	if err != nil {
		return &ProbeError{Action: "s3:GetObject", Err: err}
	}
	defer out.Body.Close()
	if got, err := io.ReadAll(out.Body); err != nil || !bytes.Equal(got, body) {
		return &ProbeError{Action: "s3:GetObject", Err: errors.Join(err, fmt.Errorf("%s was read back with %d bytes instead of %d", object, len(got), len(body)))}
	}
	return nil
}

// ProbeDatabase reads a database and the first of its tables. It says how many tables were seen, at most one; ErrNotFound if
// there is no such database.
func (k *Catalog) ProbeDatabase(ctx context.Context, name string) (location string, err error) {
	if location, err = k.Database(ctx, name); err != nil {
		return "", &ProbeError{Action: "glue:GetDatabase", Err: err}
	}
	if _, err := k.client.GetTables(ctx, &glue.GetTablesInput{CatalogId: k.account, DatabaseName: &name, MaxResults: aws.Int32(1)}); err != nil {
		return location, &ProbeError{Action: "glue:GetTables", Err: err}
	}
	return location, nil
}
