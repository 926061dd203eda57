// A watched folder of a photo-finish camera: start lists go in, results come out
// as proposals for the judge of the heat. Nothing is entered by itself.
package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tongchang/events"
	"tongchang/web"
)

// cameraBeat is how often a camera's folder is looked at. A network share sends
// no sign when something has changed, so nothing else would do.
const cameraBeat = time.Second

// camera watches the folder of one competition's camera.
type camera struct {
	store *events.Store
	pages *web.Server
	code  string
	dir   string
	lang  string
	log   *slog.Logger

	seen    map[string]os.FileInfo // as they were when they were last read
	growing map[string]int64       // size at the last look: still being saved
	written int64                  // last log entry that the start files show
}

// watch looks at the folder until the context ends. A folder that is away (the
// cable of the camera's computer) is looked for again; it is said once.
func (c *camera) watch(ctx context.Context) {
	c.seen, c.growing, c.written = map[string]os.FileInfo{}, map[string]int64{}, -1
	tick := time.NewTicker(cameraBeat)
	defer tick.Stop()
	well := true
	for {
		err := errors.Join(c.starts(ctx), c.results(ctx))
		if err != nil && well && ctx.Err() == nil {
			c.log.Warn("camera folder", "competition", c.code, "error", err)
		}
		well = err == nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// starts writes the start files anew where the log has moved on and they differ.
func (c *camera) starts(ctx context.Context) error {
	competition, err := c.store.Competition(ctx, c.code)
	if err != nil || competition.LastSeq == c.written {
		return err
	}
	files, err := c.pages.CameraStarts(ctx, c.code, c.lang)
	if err != nil {
		return err
	}
	for name, body := range files {
		path := filepath.Join(c.dir, name)
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, body) {
			continue
		}
		// whole or not at all: the operator may open it at any moment
		if err := os.WriteFile(path+".new", body, 0o644); err != nil {
			return err
		}
		if err := os.Rename(path+".new", path); err != nil {
			return err
		}
	}
	c.written = competition.LastSeq
	return nil
}

// results reads the result files that are new or were saved again, once they
// have stopped growing. A file that cannot be read is said and looked at again
// only when it changes.
func (c *camera) results(ctx context.Context) error {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	var failed error
	for _, e := range entries {
		if e.IsDir() || !strings.EqualFold(filepath.Ext(e.Name()), ".lif") {
			continue
		}
		info, err := e.Info()
		if err != nil {
			continue // it has gone since
		}
		if old := c.seen[e.Name()]; old != nil && old.Size() == info.Size() && old.ModTime().Equal(info.ModTime()) {
			continue
		}
		if size, looked := c.growing[e.Name()]; !looked || size != info.Size() {
			c.growing[e.Name()] = info.Size()
			continue
		}
		failed = errors.Join(failed, c.result(ctx, e.Name(), info))
	}
	return failed
}

func (c *camera) result(ctx context.Context, name string, info os.FileInfo) error {
	if info.Size() > 1<<20 {
		c.seen[name] = info
		c.log.Warn("camera file is too large", "competition", c.code, "file", name)
		return nil
	}
	data, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		return err
	}
	kept, err := c.store.KeepCameraFile(ctx, c.code, name, "camera", data)
	var refusal *events.Refusal
	if err != nil && errors.As(err, &refusal) && refusal.Status == events.StatusUnknown || ctx.Err() != nil {
		return err // the database was busy: again at the next beat
	}
	c.seen[name] = info
	delete(c.growing, name)
	switch {
	case err != nil:
		c.log.Warn("camera file not read", "competition", c.code, "file", name, "error", err)
	case kept:
		c.log.Info("camera file read", "competition", c.code, "file", name)
	}
	return nil
}
