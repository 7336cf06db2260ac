package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
)

// A report collects the figures of all rounds and the bars that they are held against.
type report struct {
	order  []string
	rounds map[string][]figures
	bars   []bar
}

// A bar is one promise and how it came out.
type bar struct {
	name string
	met  bool
	says string
}

func (r *report) add(what string, round figures) {
	if r.rounds == nil {
		r.rounds = map[string][]figures{}
	}
	if r.rounds[what] == nil {
		r.order = append(r.order, what)
	}
	r.rounds[what] = append(r.rounds[what], round)
}

// What of the figures is looked at.
func rate(f figures) float64 { return f.rate }
func p50(f figures) float64  { return f.p50 }
func p95(f figures) float64  { return f.p95 }
func p99(f figures) float64  { return f.p99 }

func (r *report) median(what string, of func(figures) float64) float64 {
	return medianOf(len(r.rounds[what]), func(i int) float64 { return of(r.rounds[what][i]) })
}

// ratio is the median over the rounds of one figure in the measure of another of the same round.
func (r *report) ratio(what, against string, of func(figures) float64) float64 {
	return medianOf(min(len(r.rounds[what]), len(r.rounds[against])), func(i int) float64 { return of(r.rounds[what][i]) / of(r.rounds[against][i]) })
}

func medianOf(n int, value func(int) float64) float64 {
	if n == 0 {
		return 0
	}
	values := make([]float64, n)
	for i := range values {
		values[i] = value(i)
	}
	slices.Sort(values)
	return values[n/2]
}

func (r *report) atLeast(name string, bound, got float64) {
	r.bars = append(r.bars, bar{name, got >= bound, fmt.Sprintf("%.2f, at least %.2f", got, bound)})
}

func (r *report) atMost(name string, bound, got float64) {
	r.bars = append(r.bars, bar{name, got <= bound && got > 0, fmt.Sprintf("%.3g, at most %.3g", got, bound)})
}

// memory is the most that a program took from the machine.
func (r *report) memory(programs ...*program) {
	for _, p := range programs {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
		match := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
		if err != nil || match == nil {
			continue // not on Linux
		}
		kilobytes, _ := strconv.ParseFloat(string(match[1]), 64)
		r.atMost("memory of the program at its highest, MB", 200, kilobytes/1024)
	}
}

func (r *report) print(to io.Writer) {
	fmt.Fprintf(to, "\n%-62s %10s %9s %9s %9s\n", "medians", "a second", "p50 ms", "p95 ms", "p99 ms")
	for _, what := range slices.Sorted(slices.Values(r.order)) {
		fmt.Fprintf(to, "%-62s %10.0f %9.3f %9.3f %9.3f\n", what, r.median(what, rate), r.median(what, p50), r.median(what, p95), r.median(what, p99))
	}
	fmt.Fprintf(to, "\n%-72s %-30s %s\n", "bars", "got", "met")
	for _, bar := range r.bars {
		met := "yes"
		if !bar.met {
			met = "NO"
		}
		fmt.Fprintf(to, "%-72s %-30s %s\n", bar.name, bar.says, met)
	}
}
