package main

import (
	"fmt"
	"strings"
)

// What is compared, in the order of the table.
const (
	bareStatement = "(a) statement"
	bareHandler   = "(b) bare handler"
	ourEvaluation = "(c) evaluation"
)

// decisions measures single checks in three ways, batches and searches.
func (b *bench) decisions(r *report) {
	for round := range b.rounds {
		for _, connections := range []int{1, 8, 32} {
			for _, s := range []*side{&b.small, &b.large} {
				for _, allowed := range []bool{true, false} {
					b.singles(r, s, connections, allowed)
				}
			}
		}
		for _, s := range []*side{&b.small, &b.large} {
			b.batches(r, s)
			b.searches(r, s)
		}
		fmt.Printf("round %d of %d of the decisions is done\n", round+1, b.rounds)
	}
	b.judgeDecisions(r)
}

func (s *side) address() string { return strings.TrimPrefix(s.program.base, "http://") }

func (b *bench) singles(r *report, s *side, connections int, allowed bool) {
	questions, holds, word := s.deny, `"decision":false`, "deny"
	if allowed {
		questions, holds, word = s.allow, `"decision":true`, "allow"
	}
	var calls []call
	for _, q := range questions {
		// both handlers get the very same request
		calls = append(calls, post("/access/v1/evaluation", s.token, q.body(), holds))
	}
	what := func(how string) string { return single(how, word, s.members, connections) }
	connect, done := statement(b.B, s.url, connections, questions)
	r.add(what(bareStatement), measure(b.B, connections, b.each, connect))
	done()
	r.add(what(bareHandler), measure(b.B, connections, b.each, overHTTP(b.B, s.at, calls)))
	r.add(what(ourEvaluation), measure(b.B, connections, b.each, overHTTP(b.B, s.address(), calls)))
}

func single(how, word string, members, connections int) string {
	return fmt.Sprintf("%-17s %-5s %7d users, %2d connections", how, word, members, connections)
}

// batches asks a hundred at once, allowed and denied by turns.
func (b *bench) batches(r *report, s *side) {
	var calls []call
	for n := range 20 {
		var items []string
		for i := range 50 {
			items = append(items, s.allow[(n*50+i)%len(s.allow)].body(), s.deny[(n*50+i)%len(s.deny)].body())
		}
		calls = append(calls, post("/access/v1/evaluations", s.token, `{"evaluations":[`+strings.Join(items, ",")+`]}`, `"decision":true`))
	}
	r.add(batch(s), measure(b.B, 1, b.each, overHTTP(b.B, s.address(), calls)))
}

func batch(s *side) string { return fmt.Sprintf("batch of 100, %d users, 1 connection", s.members) }

// searches asks for first pages: what somebody can view, and who can view something.
func (b *bench) searches(r *report, s *side) {
	var resources, subjects []call
	for _, q := range s.allow[:50] {
		resources = append(resources, post("/access/v1/search/resource", s.token,
			fmt.Sprintf(`{"subject":{"type":"user","id":%q},"action":{"name":"view"},"resource":{"type":%q}}`, q.subject, q.kind), `"id"`))
		subjects = append(subjects, post("/access/v1/search/subject", s.token,
			fmt.Sprintf(`{"subject":{"type":"user"},"action":{"name":"view"},"resource":{"type":%q,"id":%q}}`, q.kind, q.resource), `"id"`))
	}
	r.add(fmt.Sprintf("search resource, first page, %d users", s.members), measure(b.B, 1, b.each, overHTTP(b.B, s.address(), resources)))
	r.add(fmt.Sprintf("search subject, first page, %d users", s.members), measure(b.B, 1, b.each, overHTTP(b.B, s.address(), subjects)))
}

// judgeDecisions holds the figures against the bars.
func (b *bench) judgeDecisions(r *report) {
	for _, connections := range []int{1, 8, 32} {
		for _, word := range []string{"allow", "deny"} {
			for _, s := range []*side{&b.small, &b.large} {
				ours, bare := single(ourEvaluation, word, s.members, connections), single(bareHandler, word, s.members, connections)
				name := fmt.Sprintf("%s, %d users, %d connections", word, s.members, connections)
				if connections == 32 {
					r.atLeast("(c)/(b) rate, "+name, 1.5, r.ratio(ours, bare, rate))
					continue
				}
				r.atLeast("(c)/(b) rate, "+name, 0.85, r.ratio(ours, bare, rate))
				r.atMost("(c)/(b) p99, "+name, 1.3, r.ratio(ours, bare, p99))
			}
		}
	}
	for _, s := range []*side{&b.small, &b.large} {
		alone := single(ourEvaluation, "allow", s.members, 1)
		r.atMost(fmt.Sprintf("batch item/single, %d users", s.members), 1.0/8, r.ratio(batch(s), alone, p50)/100)
		for _, connections := range []int{1, 8, 32} {
			r.atMost(fmt.Sprintf("deny/allow p50, %d users, %d connections", s.members, connections), 1,
				r.ratio(single(ourEvaluation, "deny", s.members, connections), single(ourEvaluation, "allow", s.members, connections), p50))
		}
	}
	for _, connections := range []int{1, 8, 32} {
		for _, word := range []string{"allow", "deny"} {
			r.atMost(fmt.Sprintf("%d/%d users p50, %s, %d connections", b.large.members, b.small.members, word, connections), 1.3,
				r.ratio(single(ourEvaluation, word, b.large.members, connections), single(ourEvaluation, word, b.small.members, connections), p50))
		}
	}
}
