package dbtest

import (
	"os"
	"strconv"
	"testing"
)

// FromEnvironment is how much a test does: as much as a variable of the environment says, or as much as every day.
// GATEHOUSE_QUESTIONS asks the oracle more, GATEHOUSE_ROUNDS runs races more often and GATEHOUSE_SEQUENCES sends more
// sequences of requests (10,000 each for a release), GATEHOUSE_STEPS, GATEHOUSE_CHANGES and GATEHOUSE_WORLDS do the same
// for the closure, the past and monotony. 10,000 sequences take 40 minutes on two cores:
// GATEHOUSE_SEQUENCES=10000 make test PKG=./web ARGS='-run TestNoSequence -v -timeout 3h'
// and PKG='./web -args -rapid.seed=7' sends those that a seed stands for.
func FromEnvironment(t testing.TB, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	number, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s is not a number: %v", name, err)
	}
	return number
}
