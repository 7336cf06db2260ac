package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// Break: in web/metrics, Observe, take the path for the route.
func TestPrometheusReadsMetricsThatNameNobody(t *testing.T) {
	t.Parallel()
	p := startProgram(t, newData(t), "--demo", "--metrics-addr", "127.0.0.1:0")
	at := p.find(`Metrics are at (\S+)`)
	p.answers("/metrics", http.StatusNotFound)
	p.answers("/orgs/meridian-secret-name/members", http.StatusOK) // the page to sign in at
	for _, method := range []string{"GET", "BREW"} {
		request, _ := http.NewRequestWithContext(t.Context(), method, p.base+"/livez", http.NoBody)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body) // its end comes when the request was counted
		answer.Body.Close()
	}
	answer, err := http.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v", answer.StatusCode, err)
	}
	for _, wanted := range []string{`(?m)^gatehouse_request_seconds_count\{method="GET",route="/livez",status="200"\} [1-9]`, `method="GET",route="/orgs/:org/members",status="303"`,
		`method="other",route="[^"]*",status="403"`, `(?m)^gatehouse_database_connections_max [1-9]`, `(?m)^gatehouse_checks_total\{decision="allow"\} \d`, `(?m)^go_goroutines `} {
		if !regexp.MustCompile(wanted).Match(text) {
			t.Errorf("%s is not in\n%s", wanted, text)
		}
	}
	if strings.Contains(string(text), "secret-name") || strings.Contains(string(text), "BREW") {
		t.Errorf("what was sent is in\n%s", text)
	}
	elsewhere, err := http.Get(strings.TrimSuffix(at, "/metrics") + "/orgs")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere.Body.Close()
	if elsewhere.StatusCode != http.StatusNotFound {
		t.Errorf("another path there answers %d", elsewhere.StatusCode)
	}
}
