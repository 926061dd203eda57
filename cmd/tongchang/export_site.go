// export --site: the public site as files that open without a server.
package main

import (
	"errors"
	"os"
	"path/filepath"

	"tongchang/events"
	"tongchang/live"
	"tongchang/web"
)

// copySite writes the public site into a folder, which is there whole or not at
// all.
func (c *exportCmd) copySite(a *app, s *events.Store) error {
	feed, err := web.NewFeed(s)
	if err != nil {
		return err
	}
	pages, err := web.New(web.Options{Store: s, Hub: live.NewHub(feed, live.Options{})})
	if err != nil {
		return err
	}
	part, err := os.MkdirTemp(filepath.Dir(filepath.Clean(c.Site)), "."+filepath.Base(c.Site)+"-*")
	if err != nil {
		return fault("write", c.Site, err)
	}
	done, err := pages.Copy(a, c.Competition, func(name string, body []byte) error {
		file := filepath.Join(part, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, body, 0o644)
	})
	if err == nil {
		err = errors.Join(os.Chmod(part, 0o755), os.Rename(part, c.Site))
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	a.say("export.site", c.Site, done.Pages, done.Files)
	return nil
}
