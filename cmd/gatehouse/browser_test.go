package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/playwright-community/playwright-go"

	"gatehouse/db/dbtest"
)

// What every test shares: the program, built once, one browser, and a folder in memory for the data.
var (
	binary  string
	browser playwright.Browser
	folder  string
	axe     string
	expect  = playwright.NewPlaywrightAssertions(30_000) // a busy machine takes seconds where another takes none
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if url := os.Getenv(bareVariable); url != "" {
		return serveBare(url)
	}
	for _, name := range []string{"CHROMIUM", "AXE_JS", "PLAYWRIGHT_DRIVER_PATH", "PLAYWRIGHT_NODEJS_PATH"} {
		if os.Getenv(name) == "" {
			return failed(fmt.Errorf("%s is not set: run the browser tests with `make test`, which brings what they need", name))
		}
	}
	var err error
	if folder, err = os.MkdirTemp(dbtest.Folder(), "gatehouse-browser-"); err != nil {
		return failed(err)
	}
	defer os.RemoveAll(folder)
	if err := os.Chmod(folder, 0o711); err != nil { // PostgreSQL may run as another user, who must get through
		return failed(err)
	}
	if err := build(); err != nil {
		return failed(err)
	}
	stop, err := startBrowser()
	if err != nil {
		return failed(err)
	}
	defer stop()
	return m.Run()
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, "browser tests:", err)
	return 1
}

func build() error {
	binary = filepath.Join(folder, "gatehouse")
	if said, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, said)
	}
	source, err := os.ReadFile(os.Getenv("AXE_JS"))
	axe = string(source)
	return err
}

func startBrowser() (stop func(), err error) {
	driver, err := playwright.Run(&playwright.RunOptions{SkipInstallBrowsers: true})
	if err != nil {
		return nil, fmt.Errorf("start the driver of `make test`: %w", err)
	}
	browser, err = driver.Chromium.Launch(playwright.BrowserTypeLaunchOptions{
		ExecutablePath: playwright.String(os.Getenv("CHROMIUM")),
		Timeout:        playwright.Float(60_000),
		Args: []string{"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync"},
	})
	if err != nil {
		_ = driver.Stop()
		return nil, err
	}
	return func() {
		_ = browser.Close()
		_ = driver.Stop()
	}, nil
}
