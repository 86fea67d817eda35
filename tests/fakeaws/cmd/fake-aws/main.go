// Command fake-aws starts the fakes of Athena, Glue, Lake Formation, STS and S3 with Trino behind them, prints the environment that leads AWS clients to
// them, and runs until it is interrupted.
//
//	bin/fake-aws [-addr 127.0.0.1:4566] [-no-trino]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/weft-data/weft/tests/engines"
	"github.com/weft-data/weft/tests/fakeaws"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "fake-aws:", err)
		os.Exit(1)
	}
}

func run() error {
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	noTrino := flag.Bool("no-trino", false, "start without Trino: queries fail, all else works")
	install := flag.Bool("install", false, "fetch the engines and end")
	life := flag.Duration("key-life", 0, "the longest life of an assumed role's keys")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cache, err := engines.Dir()
	if err != nil {
		return err
	}
	if !*noTrino || *install {
		if err := engines.Install(ctx, cache, os.Stderr); err != nil {
			return err
		}
	}
	if *install {
		return nil
	}
	start := time.Now()
	s, err := fakeaws.Start(ctx, fakeaws.Options{Addr: *addr, Trino: !*noTrino, Cache: cache, KeyLife: *life})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "ready after %s; end with Ctrl-C\n", time.Since(start).Round(time.Millisecond))
	fmt.Print(s.Environment())
	<-ctx.Done()
	if err := s.Close(); err != nil {
		return err
	}
	if d := s.Defects(); len(d) > 0 {
		return fmt.Errorf("answers against the service models: %q", d)
	}
	return nil
}
