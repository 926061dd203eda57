package main

import (
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// The figures can be read on a port of their own, know what has happened, and
// are kept from every address but this machine's.
func TestMetrics(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	h, err := startHost(t.Context(), hostOptions{db: filepath.Join(t.TempDir(), "meet.db"), listen: "127.0.0.1:0", metrics: "127.0.0.1:0", log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer h.stop()
	if _, err := (&demoCmd{Seed: 3}).found(&app{Context: t.Context()}, h, 1); err != nil {
		t.Fatal(err)
	}
	_, figures, _ := fetch(t, "http://"+h.measured+"/metrics")
	for _, want := range []string{"tongchang_watchers 0\n", "tongchang_commands_queued 0\n", "tongchang_feed_behind_seconds", "tongchang_refused_total 0\n",
		`tongchang_fanout_seconds_bucket{le="0.25"}`, "process_resident_memory_bytes"} {
		if !strings.Contains(figures, want) {
			t.Errorf("the figures lack %q", want)
		}
	}
	if strings.Contains(figures, "tongchang_commit_seconds_count 0\n") {
		t.Error("a meet was founded, and no command was counted")
	}
	if status, _, _ := fetch(t, h.url+"/metrics"); status != http.StatusNotFound {
		t.Errorf("the public port answers %d", status)
	}
	if _, err := startHost(t.Context(), hostOptions{db: filepath.Join(t.TempDir(), "other.db"), listen: "127.0.0.1:0", metrics: "0.0.0.0:0", log: quiet}); err == nil {
		t.Error("figures are shown to everybody")
	}
}
