package athena

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	weftaws "github.com/weft-data/weft/adapters/aws"
	"github.com/weft-data/weft/adapters/aws/lake"
)

// ownCatalog is the catalog of the account itself; tableBuckets is how the catalogs of table buckets (S3 Tables) begin.
const (
	ownCatalog   = "awsdatacatalog"
	tableBuckets = "s3tablescatalog/"
)

// isOwn says that a database of dbt (a catalog of Athena) is the account's own.
func isOwn(database string) bool { return database == "" || strings.EqualFold(database, ownCatalog) }

// isTables says that it is a table bucket.
func isTables(database string) bool {
	return strings.HasPrefix(strings.ToLower(database), tableBuckets)
}

// catalogs are those that were asked for, by Athena's names for them.
type catalogs struct {
	mu      sync.Mutex
	known   map[string]*lake.Catalog
	account string
}

// catalog finds what Glue knows of a catalog of Athena: the account's own, a table bucket, or one of another account that is registered
// with Athena.
func (e *Engine) catalog(ctx context.Context, database string) (*lake.Catalog, error) {
	c := &e.catalogs
	c.mu.Lock()
	defer c.mu.Unlock()
	name := strings.ToLower(database)
	if isOwn(name) {
		name = ownCatalog
	}
	if k := c.known[name]; k != nil {
		return k, nil
	}
	id := ""
	switch {
	case name == ownCatalog:
	case isTables(name):
		// Glue knows a table bucket by its path below the account.
		account, err := e.account(ctx)
		if err != nil {
			return nil, err
		}
		id = account + ":" + database
	default:
		var err error
		if id, err = e.registered(ctx, database); err != nil {
			return nil, err
		}
	}
	k := lake.NewCatalog(e.config, id)
	if c.known == nil {
		c.known = map[string]*lake.Catalog{}
	}
	c.known[name] = k
	return k, nil
}

// account is the caller's, asked for once; the lock of catalogs is held.
func (e *Engine) account(ctx context.Context) (string, error) {
	if e.catalogs.account != "" {
		return e.catalogs.account, nil
	}
	who, err := weftaws.WhoAmI(ctx, e.config)
	if err != nil {
		return "", err
	}
	e.catalogs.account = who.Account
	return who.Account, nil
}

// registered is the id in Glue of a catalog that is registered with Athena under a name.
func (e *Engine) registered(ctx context.Context, name string) (string, error) {
	out, err := e.client.GetDataCatalog(ctx, &api.GetDataCatalogInput{Name: &name, WorkGroup: aws.String(e.workgroup)})
	if err != nil {
		return "", err
	}
	if out.DataCatalog == nil || out.DataCatalog.Type != types.DataCatalogTypeGlue {
		return "", errNotGlue{name}
	}
	return out.DataCatalog.Parameters["catalog-id"], nil
}

// errNotGlue: a catalog is read by a connector, so that Glue cannot say what is in it.
type errNotGlue struct{ name string }

func (e errNotGlue) Error() string {
	return fmt.Sprintf("the catalog %s is not one of Glue, and weft can only query its tables, not list them", e.name)
}
