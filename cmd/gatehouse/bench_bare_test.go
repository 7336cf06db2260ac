package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"gatehouse/access"
)

// bareVariable makes the test binary the bare handler on a database instead.
const bareVariable = "GATEHOUSE_BENCH_BARE"

// bareDecision is the decision and nothing else.
const bareDecision = "SELECT COALESCE(bit_or(p.rights), 0)::bigint FROM access_paths($1::uuid, $2::uuid) AS p"

// serveBare is the least that one could write around the statement: net/http, encoding/json and a pool of the usual size.
// It knows no tokens, no names and no errors.
func serveBare(url string) int {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return failed(err)
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return failed(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return failed(err)
	}
	fmt.Println(listener.Addr())
	return failed(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Subject, Resource struct{ Type, ID string }
			Action            struct{ Name string }
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		right, _ := access.ParseRight(asked.Action.Name)
		var rights access.Rights
		if err := pool.QueryRow(r.Context(), bareDecision, asked.Subject.ID, asked.Resource.ID).Scan(&rights); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]bool{"decision": rights.Has(right)})
	})))
}
