// Package fakeaws puts the fakes of AWS services together on one address, with Trino behind Athena's.
//
// There is no AWS account in weft's tests. What stands in its place validates every request and every answer by the service
// models that AWS publishes, keeps the limits and the state that AWS keeps, and lets a real engine run the SQL. The product knows
// nothing of it: AWS_ENDPOINT_URL is all that leads a client here, weft's or anybody's.
package fakeaws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/weft-data/weft/tests/engines"
	"github.com/weft-data/weft/tests/fakeaws/athena"
	"github.com/weft-data/weft/tests/fakeaws/glue"
	"github.com/weft-data/weft/tests/fakeaws/lakeformation"
	"github.com/weft-data/weft/tests/fakeaws/objects"
	"github.com/weft-data/weft/tests/fakeaws/sts"
	"github.com/weft-data/weft/tests/fakeaws/wire"
)

// What the account of the fakes is called.
const (
	Account   = "123456789012"
	Region    = "us-east-1"
	AccessKey = "AKIAFAKEFAKEFAKEFAKE"
	// EngineKey is the key of the engine behind Athena, so that its calls can be told from those of clients.
	EngineKey = "AKIAFAKEENGINEENGINE"
	SecretKey = "fakefakefakefakefakefakefakefakefakefake"
	Bucket    = "lake"
	// TableBucket is a bucket of S3 Tables: the catalog s3tablescatalog/tables.
	TableBucket = "tables"
	Role        = "arn:aws:iam::" + Account + ":role/analytics"
)

// Options choose what is started.
type Options struct {
	// Addr is where to listen, "127.0.0.1:0" for any port.
	Addr string
	// Trino starts a server behind Athena, from the cache at Cache; without it Athena is not there.
	Trino bool
	Cache string
	// KeyLife bounds the life of keys of assumed roles; zero does not.
	KeyLife time.Duration
	Log     io.Writer
}

// Stack is what was started.
type Stack struct {
	*wire.Server
	Catalog *glue.Catalog
	Objects *objects.Store
	Keys    *wire.Keys
	Athena  *athena.Athena
	Trino   *engines.Trino
}

// Start brings the fakes up.
func Start(ctx context.Context, o Options) (*Stack, error) {
	store, err := objects.New(Bucket, "results", TableBucket)
	if err != nil {
		return nil, err
	}
	s := &Stack{Catalog: glue.New(Account), Objects: store}
	tables := glue.New(Account + ":s3tablescatalog/" + TableBucket)
	s.Catalog.AddCatalog(tables)
	s.Keys = wire.NewKeys(AccessKey, SecretKey, "arn:aws:iam::"+Account+":user/analyst")
	s.Keys.Put(EngineKey, wire.Key{Secret: SecretKey, Principal: glue.Engine})
	catalog, err := s.Catalog.Service()
	if err != nil {
		return nil, err
	}
	tokens, err := sts.Service(Account, s.Keys, sts.Roles{Role: ""}, o.KeyLife)
	if err != nil {
		return nil, err
	}
	rights, err := lakeformation.New(Account, s.Catalog).Service()
	if err != nil {
		return nil, err
	}
	faults := &wire.Faults{}
	s.Athena = athena.New(engines.Client{}, s.Catalog, store, faults)
	s.Athena.Tables, s.Athena.TableBucket = tables, TableBucket
	queries, err := s.Athena.Service()
	if err != nil {
		return nil, err
	}
	if s.Server, err = wire.Start(o.Addr, s.Keys, faults, store, catalog, tokens, rights, queries); err != nil {
		return nil, err
	}
	if o.Trino {
		lake := engines.Lake{Endpoint: s.URL, Region: Region, AccessKey: EngineKey, SecretKey: SecretKey, Warehouse: "s3://" + Bucket + "/",
			TablesID: tables.ID(), TablesWarehouse: "s3://" + TableBucket + "/"}
		if s.Trino, err = engines.StartTrino(ctx, o.Cache, lake); err != nil {
			s.Close()
			return nil, err
		}
		s.Athena.Trino = engines.Client{URL: s.Trino.URL}
	}
	return s, nil
}

// Close stops everything.
func (s *Stack) Close() error {
	var errs []error
	if s.Trino != nil {
		errs = append(errs, s.Trino.Stop())
	}
	return errors.Join(append(errs, s.Server.Close())...)
}

// Call lets a fake do an operation for the account's analyst, without the wire (wire.Server.Call).
func (s *Stack) Call(ctx context.Context, service, operation string, in map[string]any) (map[string]any, error) {
	who := wire.Caller{AccessKey: AccessKey, Region: Region, Principal: "arn:aws:iam::" + Account + ":user/analyst"}
	return s.Server.Call(ctx, who, service, operation, in)
}

// Client is the environment of a client in a test: it leads here, and leaves what the machine says of AWS out.
func (s *Stack) Client() map[string]string {
	return map[string]string{"AWS_ENDPOINT_URL": s.URL, "AWS_ACCESS_KEY_ID": AccessKey, "AWS_SECRET_ACCESS_KEY": SecretKey, "AWS_CONFIG_FILE": os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true"}
}

// Environment is what a shell exports so that AWS clients come here.
func (s *Stack) Environment() string {
	return fmt.Sprintf(`export AWS_ENDPOINT_URL=%s
export AWS_REGION=%s AWS_DEFAULT_REGION=%s
export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s
export AWS_EC2_METADATA_DISABLED=true
`, s.URL, Region, Region, AccessKey, SecretKey)
}
