package main

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

// readyCommand is `gatehouse ready`: what a container without a shell asks about its own server.
type readyCommand struct {
	Addr string `default:":8080" env:"GATEHOUSE_ADDR" placeholder:"HOST:PORT" help:"Where the server listens."`
}

// Run ends with an error unless the server on this machine is ready.
func (c *readyCommand) Run() error {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("GATEHOUSE_ADDR is %q and should be like :8080", c.Addr)
	}
	if address := net.ParseIP(host); host == "" || address != nil && address.IsUnspecified() {
		host = "127.0.0.1" // a container need not know the name localhost
	}
	answer, err := (&http.Client{Timeout: 4 * time.Second}).Get("http://" + net.JoinHostPort(host, port) + "/readyz")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready: %s", answer.Status)
	}
	return nil
}
