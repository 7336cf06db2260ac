package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/access"
)

// A benchQuestion is one check: may the subject view the resource?
type benchQuestion struct {
	subject, resource, kind string
	allowed                 bool
}

func (q benchQuestion) body() string {
	return fmt.Sprintf(`{"subject":{"type":"user","id":%q},"action":{"name":"view"},"resource":{"type":%q,"id":%q}}`, q.subject, q.kind, q.resource)
}

// Figures are what one round says of one thing: a rate a second, and times in milliseconds.
type figures struct{ rate, p50, p95, p99 float64 }

// ask is one connection's way to ask the nth thing.
type ask func(n int) error

// measure asks on several connections for a while, each as soon as it has its answer.
func measure(b *testing.B, connections int, lasts time.Duration, connect func() (ask, func())) figures {
	b.Helper()
	var group sync.WaitGroup
	times := make([][]time.Duration, connections)
	errs := make([]error, connections)
	asks := make([]ask, connections)
	for i := range connections {
		one, done := connect()
		asks[i] = one
		defer done()
		if err := one(i); err != nil { // the first on a connection is not counted
			b.Fatal(err)
		}
	}
	started := time.Now()
	for i := range connections {
		group.Go(func() {
			for n := i * 7919; time.Since(started) < lasts; n++ {
				at := time.Now()
				if errs[i] = asks[i](n); errs[i] != nil {
					return
				}
				times[i] = append(times[i], time.Since(at))
			}
		})
	}
	group.Wait()
	took := time.Since(started)
	for _, err := range errs {
		if err != nil {
			b.Fatal(err)
		}
	}
	all := slices.Sorted(slices.Values(slices.Concat(times...)))
	return figures{rate: float64(len(all)) / took.Seconds(), p50: at(all, 50), p95: at(all, 95), p99: at(all, 99)}
}

// at is a percentile, in milliseconds.
func at(sorted []time.Duration, percent int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[min(len(sorted)*percent/100, len(sorted)-1)]) / float64(time.Millisecond)
}

// statement asks the database itself, by a pool with a connection for each asker.
func statement(b *testing.B, url string, connections int, questions []benchQuestion) (connect func() (ask, func()), done func()) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		b.Fatal(err)
	}
	config.MaxConns = int32(connections)
	pool, err := pgxpool.NewWithConfig(b.Context(), config)
	if err != nil {
		b.Fatal(err)
	}
	return func() (ask, func()) {
		return func(n int) error {
			q := questions[n%len(questions)]
			var rights access.Rights
			err := pool.QueryRow(context.Background(), bareDecision, q.subject, q.resource).Scan(&rights)
			if err == nil && rights.Has(access.View) != q.allowed {
				return fmt.Errorf("%+v: %v", q, rights)
			}
			return err
		}, func() {}
	}, pool.Close
}

// A call is one HTTP request, and what its answer must hold.
type call struct {
	request []byte
	holds   []byte
}

func post(path, token, body, holds string) call {
	return call{[]byte(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		path, token, len(body), body)), []byte(holds)}
}

func get(path, cookie, holds string) call {
	return call{[]byte(fmt.Sprintf("GET %s HTTP/1.1\r\nHost: bench\r\nCookie: %s\r\n\r\n", path, cookie)), []byte(holds)}
}

// overHTTP asks a server, each asker on a connection of its own, with a client that does no more than it must: it runs on the
// same cores, and what it does counts for what is measured.
func overHTTP(b *testing.B, address string, calls []call) func() (ask, func()) {
	return func() (ask, func()) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			b.Fatal(err)
		}
		reader := bufio.NewReaderSize(conn, 64<<10)
		var body bytes.Buffer
		return func(n int) error {
			c := calls[n%len(calls)]
			if _, err := conn.Write(c.request); err != nil {
				return err
			}
			body.Reset()
			ok, err := readAnswer(reader, &body)
			if err == nil && (!ok || !bytes.Contains(body.Bytes(), c.holds)) {
				err = fmt.Errorf("%.200s is answered with %.300s, without %s", c.request, body.String(), c.holds)
			}
			return err
		}, func() { _ = conn.Close() }
	}
}

// readAnswer reads an answer of HTTP/1.1 and tells whether it is 200. Of its headers only those count that say where it ends.
func readAnswer(reader *bufio.Reader, body *bytes.Buffer) (ok bool, err error) {
	length, chunked := int64(0), false
	for n := 0; ; n++ {
		line, err := reader.ReadSlice('\n')
		if err != nil {
			return false, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if n == 0 {
			ok = bytes.HasPrefix(line, []byte("HTTP/1.1 200 "))
		}
		if len(line) == 0 {
			break
		}
		if value, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if length, err = strconv.ParseInt(string(value), 10, 64); err != nil {
				return false, err
			}
		}
		chunked = chunked || string(line) == "Transfer-Encoding: chunked"
	}
	if !chunked {
		_, err = io.CopyN(body, reader, length)
		return ok, err
	}
	if _, err = body.ReadFrom(httputil.NewChunkedReader(reader)); err == nil {
		_, err = reader.Discard(len("\r\n")) // of the trailers, of which there are none
	}
	return ok, err
}
