package engines

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Trino is a running server.
type Trino struct {
	URL     string
	cmd     *exec.Cmd
	done    chan error
	dir     string
	logFile string
}

// Lake is where Trino finds the catalog and the objects of its tables: an endpoint that speaks Glue and S3, and a key for it.
type Lake struct {
	Endpoint, Region     string
	AccessKey, SecretKey string
	// Warehouse is where databases without a location put their tables ("s3://lake/").
	Warehouse string
	// TablesID names another catalog of the endpoint, for Iceberg tables alone, which is shown as s3tables; its tables go to TablesWarehouse.
	TablesID, TablesWarehouse string
}

// StartTrino starts a server with the catalog awsdatacatalog (Hive tables, and Iceberg tables by redirection, as Athena shows them) and
// tpch, and returns when it answers queries. It writes below a temporary folder, which Stop removes.
func StartTrino(ctx context.Context, cache string, lake Lake) (*Trino, error) {
	home := filepath.Join(cache, "trino-"+trinoVersion)
	dir, err := os.MkdirTemp("", "weft-trino-")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	t := &Trino{URL: fmt.Sprintf("http://127.0.0.1:%d", port), dir: dir, logFile: filepath.Join(dir, "server.log"), done: make(chan error, 1)}
	if err := writeConfig(dir, port, lake); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	log, err := os.Create(t.logFile)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	jars := filepath.Join(home, "lib", "*")
	args := append(strings.Fields(jvmOptions),
		"-Dnode.environment=weft", "-Dnode.id=weft-1", "-Dnode.data-dir="+filepath.Join(dir, "data"),
		"-Dconfig="+filepath.Join(dir, "etc", "config.properties"), "-Dlog.levels-file="+filepath.Join(dir, "etc", "log.properties"),
		"-Dplugin.dir="+filepath.Join(home, "plugin"), "-Dlog.enable-console=true",
		"-Dcatalog.config-dir="+filepath.Join(dir, "etc", "catalog"), "-Dsecretsconfig="+filepath.Join(dir, "etc", "secrets.toml"),
		"-cp", jars, "io.trino.server.TrinoServer")
	t.cmd = exec.Command(filepath.Join(cache, "jdk-"+jdkVersion, "bin", "java"), args...)
	t.cmd.Dir = home
	t.cmd.Stdout, t.cmd.Stderr = log, log
	// A server must not outlive the tests, however they end.
	t.cmd.SysProcAttr = dieWithParent()
	if err := t.cmd.Start(); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	go func() { t.done <- t.cmd.Wait() }()
	if err := t.await(ctx); err != nil {
		tail := t.logTail()
		t.Stop()
		return nil, fmt.Errorf("Trino did not come up: %w\n%s", err, tail)
	}
	return t, nil
}

const jvmOptions = `-server -Xmx2G -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256M -XX:+UnlockDiagnosticVMOptions
	-XX:-OmitStackTraceInFastThrow -Djdk.attach.allowAttachSelf=true -Djdk.nio.maxCachedBufferSize=2000000 -Dfile.encoding=UTF-8
	-XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED -Duser.timezone=UTC`

func writeConfig(dir string, port int, lake Lake) error {
	glue := fmt.Sprintf(`hive.metastore.glue.endpoint-url=%s
hive.metastore.glue.region=%s
hive.metastore.glue.aws-access-key=%s
hive.metastore.glue.aws-secret-key=%s
hive.metastore.glue.default-warehouse-dir=%s
`, lake.Endpoint, lake.Region, lake.AccessKey, lake.SecretKey, lake.Warehouse)
	s3 := fmt.Sprintf(`fs.native-s3.enabled=true
s3.endpoint=%s
s3.region=%s
s3.path-style-access=true
s3.aws-access-key=%s
s3.aws-secret-key=%s
`, lake.Endpoint, lake.Region, lake.AccessKey, lake.SecretKey)
	files := map[string]string{
		"etc/config.properties": fmt.Sprintf(`coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port=%d
discovery.uri=http://127.0.0.1:%d
node.internal-address=127.0.0.1
query.max-memory=1GB
query.max-memory-per-node=1GB
memory.heap-headroom-per-node=300MB
task.concurrency=2
task.max-worker-threads=4
`, port, port),
		"etc/log.properties": "io.trino=WARN\n",
		"etc/secrets.toml":   "",
		// Athena shows Hive and Iceberg tables in one catalog; redirection does that.
		"etc/catalog/awsdatacatalog.properties": "connector.name=hive\nhive.metastore=glue\n" + glue + s3 +
			"hive.iceberg-catalog-name=iceglue\nhive.non-managed-table-writes-enabled=true\nhive.max-partitions-per-writers=100\n" +
			// Athena leaves no column statistics behind a CTAS.
			"hive.collect-column-statistics-on-write=false\n",
		// Athena's limit of open partitions; the fake sends the session properties that make it a limit of the whole statement.
		"etc/catalog/iceglue.properties": "connector.name=iceberg\niceberg.catalog.type=glue\niceberg.max-partitions-per-writer=100\n" + glue + s3,
		"etc/catalog/tpch.properties":    "connector.name=tpch\n",
	}
	if lake.TablesID != "" {
		files["etc/catalog/s3tables.properties"] = "connector.name=iceberg\niceberg.catalog.type=glue\niceberg.max-partitions-per-writer=100\nhive.metastore.glue.catalogid=" + lake.TablesID +
			"\n" + strings.Replace(glue, "default-warehouse-dir="+lake.Warehouse, "default-warehouse-dir="+lake.TablesWarehouse, 1) + s3
	}
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// await waits until a query that needs a worker has an answer: the server says that it started before it can do that.
func (t *Trino) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	for {
		select {
		case err := <-t.done:
			t.done <- err
			return fmt.Errorf("the server ended: %v", err)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(300 * time.Millisecond):
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.URL+"/v1/info", nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			continue
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			continue
		}
		if _, err := (Client{URL: t.URL}).Run(ctx, "SELECT count(*) FROM tpch.tiny.nation"); err == nil {
			return nil
		}
	}
}

func (t *Trino) logTail() string {
	b, _ := os.ReadFile(t.logFile)
	if len(b) > 4000 {
		b = b[len(b)-4000:]
	}
	return string(b)
}

// Stop ends the server and removes what it wrote.
func (t *Trino) Stop() error {
	t.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-t.done:
	case <-time.After(10 * time.Second):
		t.cmd.Process.Kill()
		<-t.done
	}
	return errors.Join(os.RemoveAll(t.dir))
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
