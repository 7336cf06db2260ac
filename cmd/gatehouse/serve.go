package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"gatehouse/views"
	"gatehouse/web"
	"gatehouse/web/mail"
)

// serveCommand is `gatehouse serve`.
type serveCommand struct {
	databaseOptions
	Addr    string `default:":8080" env:"GATEHOUSE_ADDR" placeholder:"HOST:PORT" help:"Where to listen. Port 0 picks one and prints it."`
	BaseURL string `env:"GATEHOUSE_BASE_URL" placeholder:"URL" help:"Under which people reach the server. Default: http://localhost and the port."`
	Demo    bool   `env:"GATEHOUSE_DEMO" help:"Load a small organization to look around in, and print links to sign in with."`
	Secret  string `env:"GATEHOUSE_SECRET" placeholder:"TEXT" help:"At least 32 random characters: the key under which the values of secrets are kept. Better in a file: GATEHOUSE_SECRET_FILE."`
	Files   string `env:"GATEHOUSE_FILES" placeholder:"URL" help:"Where uploaded files lie: file:///var/lib/gatehouse/files, or s3://bucket?region=… . Default: files in the data folder."`
	SMTP    string `name:"smtp-url" env:"GATEHOUSE_SMTP_URL" placeholder:"URL" help:"The mail server: smtp://user:password@host:587?from=ADDRESS (STARTTLS) or smtps://… . Without it no mail is sent. Better in a file: GATEHOUSE_SMTP_URL_FILE."`
	Proxies string `name:"trusted-proxies" env:"GATEHOUSE_TRUSTED_PROXIES" placeholder:"NETWORKS" help:"Addresses and networks of the proxies before the server, whose X-Forwarded-For is believed: 127.0.0.1,10.0.0.0/8 . Default: none."`
	SignOns string `name:"sso-networks" env:"GATEHOUSE_SSO_NETWORKS" placeholder:"NETWORKS" help:"Private networks in which organizations' single sign-on providers may lie, over http too: 10.0.0.0/8 . Default: none, so only public addresses over https."`
	Metrics string `name:"metrics-addr" env:"GATEHOUSE_METRICS_ADDR" placeholder:"HOST:PORT" help:"Where Prometheus finds /metrics, without a password: an address that only it reaches. Default: nowhere."`
	MaxFile string `default:"100MB" env:"GATEHOUSE_MAX_FILE" placeholder:"SIZE" help:"How large an uploaded file may be."`
	Log     string `name:"log-level" default:"info" enum:"debug,info,warn,error" env:"GATEHOUSE_LOG_LEVEL" help:"What to log: debug, info, warn or error."`
}

// How long to wait for requests that are under way, and for those that a proxy still sends.
const (
	drainTime    = 500 * time.Millisecond
	shutdownTime = 8 * time.Second
)

// Run serves until it is told to stop, and then stops cleanly.
func (c *serveCommand) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	spendMemory()
	log, err := newLog(c.Log)
	if err != nil {
		return err
	}
	maxFile, err := c.maxFile()
	if err != nil {
		return err
	}
	proxies, err := networksOf("GATEHOUSE_TRUSTED_PROXIES", c.Proxies)
	if err != nil {
		return err
	}
	signOns, err := networksOf("GATEHOUSE_SSO_NETWORKS", c.SignOns)
	if err != nil {
		return err
	}
	if _, err := mail.ParseServer(c.SMTP, nil); c.SMTP != "" && err != nil {
		return err
	}
	metricsListener, err := c.listenForMetrics()
	if err != nil {
		return err
	}
	data, err := c.openCurrent(ctx)
	if err != nil {
		return err
	}
	defer data.close()
	if err := c.keepSecrets(data.Store); err != nil {
		return err
	}
	if err := c.keepFiles(ctx, data.Store); err != nil {
		return err
	}
	go sweepFiles(ctx, data.Store, log)
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("cannot listen at %s: %w", c.Addr, err)
	}
	counted := serveMetrics(ctx, metricsListener, data.Store, log)
	base, err := c.baseURL(listener)
	if err != nil {
		return err
	}
	post, err := c.postman(data.Store, base)
	if err != nil {
		return err
	}
	server, err := web.New(data.Store, web.Options{BaseURL: base, Demo: c.Demo, Mail: post.where, Proxies: proxies, SignOns: signOns, MaxFile: maxFile, Metrics: counted}, log)
	if err != nil {
		return err
	}
	if err := c.greet(ctx, data, base.String()); err != nil {
		return err
	}
	var jobs sync.WaitGroup
	jobs.Go(func() { keepExpiring(ctx, data.Store, log) })
	jobs.Go(func() { post.deliver(ctx, data.Store, log) })
	defer func() { stop(); jobs.Wait() }()
	return serve(ctx, listener, server)
}

func newLog(level string) (*slog.Logger, error) {
	var parsed slog.Level
	if err := parsed.UnmarshalText([]byte(level)); err != nil {
		return nil, err
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: parsed})), nil
}

// baseURL is the configured one, or http://localhost with the port that was picked.
func (c *serveCommand) baseURL(listener net.Listener) (*url.URL, error) {
	if c.BaseURL == "" {
		return &url.URL{Scheme: "http", Host: fmt.Sprintf("localhost:%d", listener.Addr().(*net.TCPAddr).Port)}, nil
	}
	base, err := url.Parse(strings.TrimSuffix(c.BaseURL, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || base.Path != "" {
		return nil, fmt.Errorf("GATEHOUSE_BASE_URL is %q and should be like https://gatehouse.example.org, without a path", c.BaseURL)
	}
	return base, nil
}

// greet prints where the server is and how to get in: demo links, or the setup link of an empty server.
func (c *serveCommand) greet(ctx context.Context, data *database, base string) error {
	fmt.Printf("Gatehouse is at %s\n", base)
	if c.Demo {
		return startDemo(ctx, data.Store, base)
	}
	anybody, err := data.AnyUser(ctx)
	if err != nil || anybody {
		return err
	}
	token, err := data.MakeSetupToken(ctx)
	if err == nil {
		fmt.Printf("Nobody has an account yet. Set up the first organization at\n  %s%s\n", base, views.SetupPath(token))
	}
	return err
}

// serve answers until the context ends; then it says that it is not ready, lets requests finish, and closes.
func serve(ctx context.Context, listener net.Listener, server *web.Server) error {
	answering := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second,
		WriteTimeout: 120 * time.Second, IdleTimeout: 120 * time.Second, MaxHeaderBytes: 64 << 10}
	failed := make(chan error, 1)
	go func() { failed <- answering.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	server.Drain()
	time.Sleep(drainTime)
	closing, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	if err := answering.Shutdown(closing); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return answering.Close()
}
