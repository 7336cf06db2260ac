// Package metrics tells Prometheus how the server does. It holds nothing that names a person, an organization or a resource,
// and asks nothing of the database, so it also answers when that is gone.
package metrics

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"gatehouse/db"
)

// Path is where the metrics are, at the address that is theirs.
const Path = "/metrics"

// Metrics are those of one server.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// New makes the metrics of a server; use says how busy its store is.
func New(use func() db.Use) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "gatehouse_request_seconds", Help: "Requests by method, route and status, and how long they took.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30}}, []string{"method", "route", "status"})}
	m.registry.MustRegister(m.requests, storeCollector{use}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// methods are those that the routes know; any other could be anything.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// Observe counts a request that was answered. The route is the pattern, never the path: a path names things.
func (m *Metrics) Observe(method, route string, status int, took time.Duration) {
	if !slices.Contains(methods, method) {
		method = "other"
	}
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// ServeHTTP answers at Path, and nowhere else.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != Path {
		http.NotFound(w, r)
		return
	}
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// A storeCollector reads a store when it is asked.
type storeCollector struct{ use func() db.Use }

var (
	connections = described("gatehouse_database_connections", "Connections to the database that are open.")
	busy        = described("gatehouse_database_connections_busy", "Connections to the database that are in use.")
	most        = described("gatehouse_database_connections_max", "Connections to the database that may be open.")
	waits       = described("gatehouse_database_connection_waits_total", "How often somebody waited for a connection.")
	waited      = described("gatehouse_database_connection_wait_seconds_total", "How long they waited, all together.")
	checks      = described("gatehouse_checks_total", "Answers to single checks and items of batches, by decision.", "decision")
	shared      = described("gatehouse_check_statements_shared_total", "Statements that answered several single checks.")
	sharing     = described("gatehouse_checks_sharing_total", "Single checks that shared a statement.")
)

func described(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

func (storeCollector) Describe(to chan<- *prometheus.Desc) {
	for _, each := range []*prometheus.Desc{connections, busy, most, waits, waited, checks, shared, sharing} {
		to <- each
	}
}

func (c storeCollector) Collect(to chan<- prometheus.Metric) {
	now := c.use()
	gauge := func(what *prometheus.Desc, value float64) {
		to <- prometheus.MustNewConstMetric(what, prometheus.GaugeValue, value)
	}
	counter := func(what *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(what, prometheus.CounterValue, value, labels...)
	}
	gauge(connections, float64(now.Connections))
	gauge(busy, float64(now.BusyConnections))
	gauge(most, float64(now.MostConnections))
	counter(waits, float64(now.ConnectionWaits))
	counter(waited, now.ConnectionWaited.Seconds())
	counter(checks, float64(now.ChecksAllowed), "allow")
	counter(checks, float64(now.ChecksDenied), "deny")
	counter(shared, float64(now.SharedStatements))
	counter(sharing, float64(now.SharingChecks))
}
