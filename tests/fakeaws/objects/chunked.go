package objects

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/johannesboyne/gofakes3"
)

// tag is an object's ETag without quotes.
func tag(o *gofakes3.Object) string { return hex.EncodeToString(o.Hash) }

// plain takes the framing off a body in the encoding aws-chunked, signed or not, with or without trailers: newer SDKs send their
// checksums behind the last chunk, which gofakes3 does not know.
func plain(r *http.Request) error {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return nil
	}
	n, err := strconv.ParseInt(r.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64)
	if err != nil {
		return fmt.Errorf("X-Amz-Decoded-Content-Length: %w", err)
	}
	r.Body = io.NopCloser(&chunks{r: bufio.NewReader(r.Body)})
	r.ContentLength = n
	r.Header.Set("Content-Length", strconv.FormatInt(n, 10))
	r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	r.Header.Del("X-Amz-Decoded-Content-Length")
	r.Header.Del("X-Amz-Trailer")
	if e := strings.TrimPrefix(r.Header.Get("Content-Encoding"), "aws-chunked"); e == "" {
		r.Header.Del("Content-Encoding")
	} else {
		r.Header.Set("Content-Encoding", strings.TrimPrefix(e, ","))
	}
	return nil
}

type chunks struct {
	r    *bufio.Reader
	left int64
	over bool
}

func (c *chunks) Read(p []byte) (int, error) {
	for c.left == 0 {
		if c.over {
			return 0, io.EOF
		}
		line, err := c.r.ReadString('\n')
		if err != nil {
			return 0, io.ErrUnexpectedEOF
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		if size == "" {
			continue // the end of the chunk before
		}
		if c.left, err = strconv.ParseInt(size, 16, 64); err != nil {
			return 0, fmt.Errorf("chunk size %q: %w", size, err)
		}
		if c.left == 0 {
			c.over = true
			io.Copy(io.Discard, c.r) // trailers
		}
	}
	if int64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.r.Read(p)
	c.left -= int64(n)
	return n, err
}
