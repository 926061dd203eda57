// config: the settings in force, so that nobody has to guess them.
package main

import (
	"fmt"
	"net/url"
	"os"
	"strings"
)

// configCmd is `tongchang config`.
type configCmd struct {
	serveCmd
}

// Run prints what `serve` would use, as it would be set in the environment.
func (c *configCmd) Run(a *app) error {
	key := ""
	if c.DeskKey != "" {
		key = masked
	}
	for _, row := range [][2]string{
		{"TONGCHANG_DB", c.shown()},
		{"TONGCHANG_KEYS", keyFile(c.DB, c.Keys)},
		{"TONGCHANG_LISTEN", c.Listen},
		{"TONGCHANG_DESK_KEY", key},
		{"TONGCHANG_ORIGIN", strings.Join(c.Origin, ",")},
		{"TONGCHANG_LANG", a.web.Lang},
	} {
		from := ""
		if os.Getenv(row[0]) != "" {
			from = "  # " + a.words.say("config.environment")
		}
		fmt.Fprintf(a.out, "%s=%s%s\n", row[0], row[1], from)
	}
	return nil
}

const masked = "******"

// shown is the database's name without its password.
func (d *database) shown() string {
	if !isPostgres(d.DB) {
		return d.DB
	}
	u, err := url.Parse(d.DB)
	if err != nil {
		return "postgres://" + masked
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), masked)
	}
	q := u.Query()
	if q.Has("password") {
		q.Set("password", masked)
		u.RawQuery = q.Encode()
	}
	return strings.ReplaceAll(u.String(), url.QueryEscape(masked), masked)
}
