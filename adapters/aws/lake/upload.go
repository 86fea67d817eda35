package lake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// uploadArguments are the members of PutObject that users may set for uploads, by the names that S3 and dbt's profiles have for them.
var uploadArguments = map[string]func(in *s3.PutObjectInput, text string){
	"ACL":                  func(in *s3.PutObjectInput, s string) { in.ACL = types.ObjectCannedACL(s) },
	"ExpectedBucketOwner":  func(in *s3.PutObjectInput, s string) { in.ExpectedBucketOwner = &s },
	"RequestPayer":         func(in *s3.PutObjectInput, s string) { in.RequestPayer = types.RequestPayer(s) },
	"SSEKMSKeyId":          func(in *s3.PutObjectInput, s string) { in.SSEKMSKeyId = &s },
	"ServerSideEncryption": func(in *s3.PutObjectInput, s string) { in.ServerSideEncryption = types.ServerSideEncryption(s) },
	"StorageClass":         func(in *s3.PutObjectInput, s string) { in.StorageClass = types.StorageClass(s) },
	"Tagging":              func(in *s3.PutObjectInput, s string) { in.Tagging = &s },
}

// Uploading sets arguments of all uploads. Those that are not known here are refused: they may be what a bucket's policy asks for.
func (o *Objects) Uploading(arguments map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		set := uploadArguments[name]
		if name == "BucketKeyEnabled" {
			on, ok := arguments[name].(bool)
			if !ok {
				return fmt.Errorf("BucketKeyEnabled is %v; expected true or false", arguments[name])
			}
			o.arguments = append(o.arguments, func(in *s3.PutObjectInput) { in.BucketKeyEnabled = aws.Bool(on) })
			continue
		}
		if set == nil {
			return fmt.Errorf("uploads have no argument `%s` in weft; expected BucketKeyEnabled, %s", name, strings.Join(slices.Sorted(maps.Keys(uploadArguments)), ", "))
		}
		text := fmt.Sprint(arguments[name])
		o.arguments = append(o.arguments, func(in *s3.PutObjectInput) { set(in, text) })
	}
	return nil
}
