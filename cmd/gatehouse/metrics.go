package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"gatehouse/db"
	"gatehouse/web/metrics"
)

// listenForMetrics opens the address of the metrics; nil where none is asked for.
func (c *serveCommand) listenForMetrics() (net.Listener, error) {
	if c.Metrics == "" {
		return nil, nil
	}
	listener, err := net.Listen("tcp", c.Metrics)
	if err != nil {
		return nil, fmt.Errorf("GATEHOUSE_METRICS_ADDR: cannot listen at %s: %w", c.Metrics, err)
	}
	return listener, nil
}

// serveMetrics serves them at their own address until the context ends. Without one nothing is counted: nil.
func serveMetrics(ctx context.Context, listener net.Listener, store *db.Store, log *slog.Logger) *metrics.Metrics {
	if listener == nil {
		return nil
	}
	counted := metrics.New(store.Use)
	answering := &http.Server{Handler: counted, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10}
	context.AfterFunc(ctx, func() { _ = answering.Close() })
	go func() {
		if err := answering.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the metrics are served no longer", "error", err)
		}
	}()
	fmt.Printf("Metrics are at http://%s%s\n", listener.Addr(), metrics.Path)
	return counted
}
