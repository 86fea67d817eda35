// Package sts fakes the AWS Security Token Service: who a key is, and temporary keys for roles.
package sts

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/weft-data/weft/tests/fakeaws/awsmodel"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// Roles are the roles that may be assumed, by ARN, with the external id that each demands (empty for none).
type Roles map[string]string

// Service makes the fake: it hands out keys that the other fakes know. Keys of a role live as long as asked for, but no longer than
// life if that is not zero, so that tests can see keys expire in mid-run.
func Service(account string, keys *wire.Keys, roles Roles, life time.Duration) (*wire.Service, error) {
	m, err := awsmodel.Load("sts")
	if err != nil {
		return nil, err
	}
	return &wire.Service{Model: m, Invalid: "ValidationError", Operations: map[string]wire.Handler{
		"GetCallerIdentity": wire.Op(func(_ context.Context, who wire.Caller, _ struct{}) (map[string]any, error) {
			return map[string]any{"Account": account, "Arn": who.Principal, "UserId": who.AccessKey}, nil
		}),
		"AssumeRole": wire.Op(func(_ context.Context, who wire.Caller, in struct {
			RoleArn, RoleSessionName, ExternalId string
			DurationSeconds                      int
		}) (map[string]any, error) {
			external, ok := roles[in.RoleArn]
			if !ok || external != "" && external != in.ExternalId {
				return nil, wire.Errorf("AccessDenied", "User: %s is not authorized to perform: sts:AssumeRole on resource: %s", who.Principal, in.RoleArn)
			}
			seconds := in.DurationSeconds
			if seconds == 0 {
				seconds = 3600
			}
			last := time.Duration(seconds) * time.Second
			if life > 0 {
				last = min(last, life)
			}
			expires := time.Now().Add(last)
			_, role, _ := strings.Cut(in.RoleArn, ":role/")
			arn := "arn:aws:sts::" + account + ":assumed-role/" + role + "/" + in.RoleSessionName
			id, secret, token := "ASIA"+strings.ToUpper(random(8)), random(20), random(32)
			keys.Put(id, wire.Key{Secret: secret, Token: token, Principal: arn, Expires: expires})
			return map[string]any{
				"Credentials": map[string]any{"AccessKeyId": id, "SecretAccessKey": secret, "SessionToken": token,
					"Expiration": json.RawMessage(`"` + expires.UTC().Format("2006-01-02T15:04:05Z") + `"`)},
				"AssumedRoleUser": map[string]any{"Arn": arn, "AssumedRoleId": "AROA" + strings.ToUpper(random(8)) + ":" + in.RoleSessionName},
			}, nil
		}),
	}}, nil
}

func random(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}
