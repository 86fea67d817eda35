package lake

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Objects are the files of tables, in S3.
type Objects struct {
	client *s3.Client
	// arguments are set in every upload.
	arguments []func(*s3.PutObjectInput)
}

// NewObjects makes the access to S3.
func NewObjects(c aws.Config) *Objects { return &Objects{client: s3.NewFromConfig(c)} }

// Place is a bucket and a key, or the beginning of keys.
type Place struct{ Bucket, Key string }

// ParsePlace reads "s3://bucket/key" ("s3a", "s3n" are Hadoop's names of the same).
func ParsePlace(url string) (Place, error) {
	scheme, rest, ok := strings.Cut(url, "://")
	if bucket, key, _ := strings.Cut(rest, "/"); ok && bucket != "" && (scheme == "s3" || scheme == "s3a" || scheme == "s3n") {
		return Place{bucket, key}, nil
	}
	return Place{}, fmt.Errorf("%q is no place in S3: expected s3://bucket/path", url)
}

// String is the place's URL.
func (p Place) String() string { return "s3://" + p.Bucket + "/" + p.Key }

// Below is a place below this one.
func (p Place) Below(path string) Place {
	key := strings.TrimSuffix(p.Key, "/")
	if key != "" {
		key += "/"
	}
	return Place{p.Bucket, key + strings.TrimPrefix(path, "/")}
}

// Put writes an object.
func (o *Objects) Put(ctx context.Context, at Place, body io.ReadSeeker) error {
	in := &s3.PutObjectInput{Bucket: &at.Bucket, Key: &at.Key, Body: body}
	for _, set := range o.arguments {
		set(in)
	}
	_, err := o.client.PutObject(ctx, in)
	return err
}

// List calls f for each object below a place, in pages of a thousand, until it answers false.
func (o *Objects) List(ctx context.Context, below Place, f func(key string, size int64) bool) error {
	p := s3.NewListObjectsV2Paginator(o.client, &s3.ListObjectsV2Input{Bucket: &below.Bucket, Prefix: &below.Key})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, obj := range page.Contents {
			if !f(aws.ToString(obj.Key), aws.ToInt64(obj.Size)) {
				return nil
			}
		}
	}
	return nil
}

// deleteBatch is the most keys that DeleteObjects takes (S3 API).
const deleteBatch = 1000

// Remove deletes every object below a place, which must end with "/": a prefix without it would take a sibling's objects along.
// Objects below one of the places of keep stay.
func (o *Objects) Remove(ctx context.Context, below Place, keep ...Place) (int, error) {
	if !strings.HasSuffix(below.Key, "/") || below.Key == "/" {
		return 0, fmt.Errorf("refused to delete everything that begins with %s", below)
	}
	var keys []types.ObjectIdentifier
	if err := o.List(ctx, below, func(key string, _ int64) bool {
		for _, k := range keep {
			if k.Bucket == below.Bucket && strings.HasPrefix(key, strings.TrimSuffix(k.Key, "/")+"/") {
				return true
			}
		}
		keys = append(keys, types.ObjectIdentifier{Key: &key})
		return true
	}); err != nil {
		return 0, err
	}
	for at := 0; at < len(keys); at += deleteBatch {
		batch := keys[at:min(at+deleteBatch, len(keys))]
		out, err := o.client.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &below.Bucket, Delete: &types.Delete{Objects: batch, Quiet: aws.Bool(true)}})
		if err != nil {
			return at, err
		}
		if len(out.Errors) > 0 {
			e := out.Errors[0]
			return at, fmt.Errorf("%s was not deleted: %s: %s", aws.ToString(e.Key), aws.ToString(e.Code), aws.ToString(e.Message))
		}
	}
	return len(keys), nil
}
