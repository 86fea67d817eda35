package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/weft-data/weft/publish/docsite"
)

// serveCommand shows the documentation in a browser.
func serveCommand(o *options) *cobra.Command {
	var host string
	var port int
	var browser bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "Show the documentation that docs generate has written",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.serve(cmd.Context(), host, port, browser) },
	}
	f := c.Flags()
	f.StringVar(&host, "host", "127.0.0.1", "address to listen on; 0.0.0.0 for all of this machine")
	f.IntVar(&port, "port", 8080, "port to listen on; 0 takes a free one")
	f.BoolVar(&browser, "browser", true, "open the page in a browser")
	negate(f, "browser")
	if h := environ(o.world.Environ, "DBT_HOST"); h != "" {
		host = h
		f.Lookup("host").DefValue = h
	}
	return c
}

func environ(list []string, name string) string {
	for i := len(list) - 1; i >= 0; i-- {
		if v := list[i]; len(v) > len(name) && v[:len(name)] == name && v[len(name)] == '=' {
			return v[len(name)+1:]
		}
	}
	return ""
}

func (o *options) serve(ctx context.Context, host string, port int, browser bool) error {
	if port < 0 || port > 65535 {
		return fmt.Errorf("invalid value %d for --port: 0 to 65535", port)
	}
	info, diags, err := o.outline()
	o.report(diags)
	if err != nil || diags.HasErrors() {
		return exitError{exitUsage, err}
	}
	if _, err := os.Stat(filepath.Join(info.TargetPath, "manifest.json")); err != nil {
		return exitError{exitUsage, fmt.Errorf("there is no documentation in %s: manifest.json is missing\n  help: weft docs generate writes it", o.relative(info.TargetPath))}
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return exitError{exitUsage, fmt.Errorf("cannot serve the documentation: %w\n  help: --port takes another port, --port 0 a free one", err)}
	}
	port = listener.Addr().(*net.TCPAddr).Port
	url := "http://localhost:" + strconv.Itoa(port)
	fmt.Fprintf(o.world.Stdout, "Serving docs at %d\nTo access from your browser, navigate to: %s\n\nPress Ctrl+C to exit.\n", port, url)
	if browser {
		openBrowser(url)
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := &http.Server{Handler: docsite.Handler(info.TargetPath, info.AssetPaths), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case <-ctx.Done():
		waiting, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_ = server.Shutdown(waiting) // what still loads is cut off
		return nil
	case err := <-ended:
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return exitError{exitUsage, err}
	}
}

// openBrowser asks the system to show an address. That there is no browser is no failure: the address has been printed.
func openBrowser(url string) {
	var c *exec.Cmd
	switch runtime.GOOS {
	case "darwin":
		c = exec.Command("open", url)
	case "windows":
		c = exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
	default:
		c = exec.Command("xdg-open", url)
	}
	if c.Start() == nil {
		go func() { _ = c.Wait() }()
	}
}
