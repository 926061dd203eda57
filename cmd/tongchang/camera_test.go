package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongchang/events"
	"tongchang/events/ledgertest"
	"tongchang/events/lynx"
	"tongchang/live"
	"tongchang/web"
)

// TestCameraFolder: start lists appear in a camera's folder, a result is read
// when it has stopped growing, and a bad file is said once and does no harm.
func TestCameraFolder(t *testing.T) {
	store, err := events.Open(t.Context(), ledgertest.New(t, "sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.Found(t.Context(), events.Competition{Code: "games", Name: "省残运会", NameEn: "Games"}); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	feed, err := web.NewFeed(store)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.New(web.Options{Store: store, Hub: live.NewHub(feed, live.Options{Logger: log}), Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	c := &camera{store: store, pages: pages, code: "games", dir: t.TempDir(), lang: web.Chinese, log: log, seen: map[string]os.FileInfo{}, growing: map[string]int64{}, written: -1}
	look := func() {
		t.Helper()
		if err := c.starts(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.results(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	look()
	for _, name := range []string{lynx.StartFile, lynx.PeopleFile, lynx.ScheduleFile} {
		if _, err := os.Stat(filepath.Join(c.dir, name)); err != nil {
			t.Error(err)
		}
	}
	path := filepath.Join(c.dir, "heat.lif")
	for _, text := range []string{"7,1,1,", "7,1,1,100 m\n1,12,4,,,,11.30\n"} { // still being saved
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		look()
		if said.Len() > 0 {
			t.Fatalf("a file was read while it grew: %s", said.String())
		}
	}
	for range 3 {
		look()
	}
	if n := strings.Count(said.String(), "heat.lif"); n != 1 {
		t.Errorf("a result of no heat of ours is said %d times: %s", n, said.String())
	}
}

// TestCameraFolderAway: a folder that is not there is said, and stops nothing.
func TestCameraFolderAway(t *testing.T) {
	store, err := events.Open(t.Context(), ledgertest.New(t, "sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.Found(t.Context(), events.Competition{Code: "games", Name: "省残运会"}); err != nil {
		t.Fatal(err)
	}
	c := &camera{store: store, code: "games", dir: filepath.Join(t.TempDir(), "away")}
	if err := c.results(t.Context()); err == nil {
		t.Error("a folder that is away is not said")
	}
}
