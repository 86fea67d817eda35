package engines

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Client runs statements on a Trino server by its REST protocol.
type Client struct {
	URL             string
	Catalog, Schema string
	// Session holds session properties.
	Session map[string]string
	// Precise asks for types of times with their precision; without it, as in Athena, they have none and three digits.
	Precise bool
}

// Page is what the server answers at one step.
type Page struct {
	ID      string `json:"id"`
	NextURI string `json:"nextUri"`
	Columns []struct {
		Name          string        `json:"name"`
		Type          string        `json:"type"`
		TypeSignature TypeSignature `json:"typeSignature"`
	} `json:"columns"`
	Data        [][]any      `json:"data"`
	Error       *QueryError  `json:"error"`
	UpdateType  string       `json:"updateType"`
	UpdateCount *json.Number `json:"updateCount"`
	Stats       struct {
		State            string `json:"state"`
		ProcessedRows    int64  `json:"processedRows"`
		ProcessedBytes   int64  `json:"processedBytes"`
		PhysicalInput    int64  `json:"physicalInputBytes"`
		PhysicalWritten  int64  `json:"physicalWrittenBytes"`
		ElapsedMillis    int64  `json:"elapsedTimeMillis"`
		QueuedMillis     int64  `json:"queuedTimeMillis"`
		TotalSplits      int    `json:"totalSplits"`
		PeakMemoryInByte int64  `json:"peakMemoryBytes"`
	} `json:"stats"`
}

// TypeSignature is a type in its parts.
type TypeSignature struct {
	RawType   string `json:"rawType"`
	Arguments []struct {
		Kind  string          `json:"kind"`
		Value json.RawMessage `json:"value"`
	} `json:"arguments"`
}

// QueryError is a failed statement.
type QueryError struct {
	Message       string `json:"message"`
	ErrorCode     int    `json:"errorCode"`
	ErrorName     string `json:"errorName"`
	ErrorType     string `json:"errorType"`
	ErrorLocation *struct {
		LineNumber   int `json:"lineNumber"`
		ColumnNumber int `json:"columnNumber"`
	} `json:"errorLocation"`
}

func (e *QueryError) Error() string { return e.ErrorName + ": " + e.Message }

// Submit sends a statement and gives the first page.
func (c Client) Submit(ctx context.Context, sql string) (Page, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/v1/statement", strings.NewReader(sql))
	if err != nil {
		return Page{}, err
	}
	req.Header.Set("X-Trino-User", "weft")
	req.Header.Set("X-Trino-Time-Zone", "UTC")
	if c.Precise {
		req.Header.Set("X-Trino-Client-Capabilities", "PARAMETRIC_DATETIME")
	}
	if c.Catalog != "" {
		req.Header.Set("X-Trino-Catalog", c.Catalog)
	}
	if c.Schema != "" {
		req.Header.Set("X-Trino-Schema", c.Schema)
	}
	var session []string
	for k, v := range c.Session {
		session = append(session, k+"="+v)
	}
	if len(session) > 0 {
		req.Header.Set("X-Trino-Session", strings.Join(session, ","))
	}
	return c.do(req)
}

// Next gives the page after one; a page without NextURI is the last.
func (c Client) Next(ctx context.Context, p Page) (Page, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.NextURI, nil)
	if err != nil {
		return Page{}, err
	}
	return c.do(req)
}

// Cancel stops a statement.
func (c Client) Cancel(ctx context.Context, p Page) error {
	if p.NextURI == "" {
		return nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodDelete, p.NextURI, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (c Client) do(req *http.Request) (Page, error) {
	for {
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return Page{}, err
		}
		if resp.StatusCode == http.StatusServiceUnavailable || resp.StatusCode == http.StatusBadGateway {
			resp.Body.Close()
			select {
			case <-req.Context().Done():
				return Page{}, req.Context().Err()
			case <-time.After(100 * time.Millisecond):
			}
			if req.GetBody != nil {
				if req.Body, err = req.GetBody(); err != nil {
					return Page{}, err
				}
			}
			continue
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return Page{}, fmt.Errorf("Trino answers %s", resp.Status)
		}
		d := json.NewDecoder(resp.Body)
		d.UseNumber()
		var p Page
		return p, d.Decode(&p)
	}
}

// Result is a whole answer.
type Result struct {
	Page
	Rows [][]any
}

// Run runs a statement to its end and collects all rows. A failed statement gives a *QueryError. When ctx ends the server is told, and its word awaited.
//
// Athena has one catalog where Trino needs two, which lead to each other: each reads a table's entry by itself, and between the two readings an
// Iceberg table may have become a view. A statement that met this was not even planned; it is sent again, and meets one entry or the other.
func (c Client) Run(ctx context.Context, sql string) (Result, error) {
	for attempt := 0; ; attempt++ {
		r, err := c.once(ctx, sql)
		var failed *QueryError
		if attempt == 2 || !errors.As(err, &failed) || failed.ErrorName != "TABLE_REDIRECTION_ERROR" {
			return r, err
		}
	}
}

func (c Client) once(ctx context.Context, sql string) (Result, error) {
	p, err := c.Submit(ctx, sql)
	if err != nil {
		return Result{}, err
	}
	r := Result{Page: p}
	for {
		r.Rows = append(r.Rows, p.Data...)
		if len(p.Columns) > 0 {
			r.Columns = p.Columns
		}
		if p.UpdateType != "" {
			r.UpdateType, r.UpdateCount = p.UpdateType, p.UpdateCount
		}
		r.Stats = p.Stats
		if p.Error != nil {
			return r, p.Error
		}
		if p.NextURI == "" {
			return r, nil
		}
		last := p
		if p, err = c.Next(ctx, p); err != nil {
			if ctx.Err() != nil {
				_ = c.Cancel(context.WithoutCancel(ctx), last)
			}
			return r, err
		}
	}
}
