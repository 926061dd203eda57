// The showcase: one unit of every kind of scoring, so that whoever opens the
// demo can see a combined-class discus final, a goalball group or a pastry
// contest ranked with its reasons. Results are published ones or constructed;
// all names are made up.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"tongchang/cmd/tongchang/rehearsal"
	"tongchang/events"
)

//go:embed showcase/showcase.json
var showcaseFile []byte

// showcaseCode is the showcase's competition.
const showcaseCode = "showcase"

// showcase is the file: a programme, and what was written for each unit. There
// a start is known as @, the number of its unit from 0, and its participant's
// or team's code.
type showcase struct {
	Regulation json.RawMessage      `json:"regulation"`
	Programme  events.ProgrammeFile `json:"programme"`
	Units      []struct {
		Unit    string            `json:"unit"`
		Lines   []json.RawMessage `json:"lines"`
		Matches []json.RawMessage `json:"matches"`
	} `json:"units"`
}

// foundShowcase sets the showcase's competition up in a store.
func foundShowcase(ctx context.Context, store *events.Store) (*showcase, error) {
	s := new(showcase)
	if err := json.Unmarshal(showcaseFile, s); err != nil {
		return nil, fmt.Errorf("read the showcase: %w", err)
	}
	_, err := store.Found(ctx, events.Competition{Code: showcaseCode, Name: "同场示例：各种计分", NameEn: "Tongchang showcase: every kind of scoring", City: "哈尔滨"})
	if err != nil {
		return nil, err
	}
	command := func() events.Command {
		return events.Command{ID: uuid.NewString(), Competition: showcaseCode, Author: "demo"}
	}
	if _, err := store.SetRegulation(ctx, command(), events.SetRegulation{Regulation: s.Regulation}); err != nil {
		return nil, err
	}
	_, err = store.SetUp(ctx, command(), events.SetUp{Programme: s.Programme}, false)
	return s, err
}

// play writes the units' lines through the server's interface, one unit after
// another with a pause between, and makes all but every fourth official, as
// they would become during a day.
func (s *showcase) play(ctx context.Context, c *rehearsal.Client, pause time.Duration) error {
	var programme struct {
		Events []struct {
			Phases []struct {
				Units []struct {
					ID   int64
					Code string
				}
			}
		}
	}
	if err := c.Get(ctx, "/api/programme", &programme); err != nil {
		return err
	}
	ids := map[string]int64{}
	for _, e := range programme.Events {
		for _, p := range e.Phases {
			for _, u := range p.Units {
				ids[u.Code] = u.ID
			}
		}
	}
	for i := range s.Units {
		if err := s.playUnit(ctx, c, i, ids[s.Units[i].Unit]); err != nil {
			return fmt.Errorf("unit %s: %w", s.Units[i].Unit, err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
	return nil
}

func (s *showcase) playUnit(ctx context.Context, c *rehearsal.Client, i int, id int64) error {
	var unit struct {
		Unit  struct{ Version int64 }
		Lines []struct {
			Start     int64
			Bib, Name string
		}
	}
	address := "/api/units/" + strconv.FormatInt(id, 10)
	if err := c.Get(ctx, address, &unit); err != nil {
		return err
	}
	starts := map[string]string{}
	for _, l := range unit.Lines {
		code := l.Bib
		if code == "" {
			code = l.Name
		}
		starts[fmt.Sprintf("@%d:%s", i, code)] = strconv.FormatInt(l.Start, 10)
	}
	lines, matches := s.named(i, starts)
	command := rehearsal.Envelope{Command: uuid.NewString(), Author: "demo"}
	if _, err := c.Must(ctx, "/lines", command, map[string]any{"unit": id, "saw": unit.Unit.Version, "lines": lines, "matches": matches}); err != nil {
		return err
	}
	if i%4 == 3 {
		return nil // stays unofficial, for somebody to confirm
	}
	if err := c.Get(ctx, address, &unit); err != nil {
		return err
	}
	command.Command = uuid.NewString()
	_, err := c.Must(ctx, "/confirmations", command, map[string]any{"unit": id, "saw": unit.Unit.Version})
	return err
}

// named puts starts in the place of codes. A line's own start is a number.
func (s *showcase) named(i int, starts map[string]string) (lines, matches []json.RawMessage) {
	put := func(raw json.RawMessage) json.RawMessage {
		for code, start := range starts {
			raw = bytes.ReplaceAll(raw, []byte(`"start": "`+code+`"`), []byte(`"start": `+start))
			raw = bytes.ReplaceAll(raw, []byte(`"`+code+`"`), []byte(`"`+start+`"`))
		}
		return raw
	}
	for _, l := range s.Units[i].Lines {
		lines = append(lines, put(bytes.Clone(l)))
	}
	for _, m := range s.Units[i].Matches {
		matches = append(matches, put(bytes.Clone(m)))
	}
	return lines, matches
}
