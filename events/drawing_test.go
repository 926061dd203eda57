package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tongchang/events/access"
	"tongchang/events/draw"
	"tongchang/events/ledgertest"
	"tongchang/scoring/packs"
)

// drawn is an event's published draw, verified.
func drawn(t *testing.T, s *Store, competition string, event int64) *draw.Document {
	t.Helper()
	d, err := s.DrawOf(t.Context(), competition, event)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := d.Published()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := draw.ReadDocument(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := draw.Verify(doc); err != nil {
		t.Fatalf("event %d: %v", event, err)
	}
	return doc
}

// startList writes an event's start list as "H1: 3 T540, …".
func startList(t *testing.T, s *Store, c Competition, event int64) string {
	t.Helper()
	p, err := s.Programme(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, ph := range p.PhasesOf(event) {
		for _, u := range p.UnitsOf(ph.ID) {
			sheet, err := s.Sheet(t.Context(), ph.ID, u.ID)
			if err != nil {
				t.Fatal(err)
			}
			line := u.Code + ":"
			for _, l := range sheet.Lines {
				line += " " + l.LaneText() + "=" + l.Bib
			}
			all = append(all, line)
		}
	}
	return strings.Join(all, "; ")
}

func TestDraws(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn, withTestKeys(t))
		c := newFields(t, s, "draws")
		ctx := t.Context()
		id := func(code string) int64 {
			t.Helper()
			var e Event
			if err := s.r.NewSelect().Model(&e).Where("competition_id = ?", c.ID).Where("code = ?", code).Scan(ctx); err != nil {
				t.Fatal(err)
			}
			return e.ID
		}
		reason := func(why string) Command {
			a := command(c.Code)
			a.Reason = why
			return a
		}
		events := []int64{id("T54"), id("T60"), id("T11")}
		if _, err := s.MakeDraws(ctx, command(c.Code), office, MakeDraws{Events: events}); !errors.Is(err, ErrNotFound) {
			t.Errorf("drawn without a promise: %v", err)
		}
		promised := command(c.Code)
		rec, err := s.PromiseDraws(ctx, promised, office, PromiseDraws{Events: events})
		if err != nil {
			t.Fatal(err)
		}
		d, err := s.DrawOf(ctx, c.Code, events[0])
		if err != nil || len(d.Commitment) != 64 {
			t.Fatalf("%+v %v", d, err)
		}
		if raw, _ := d.Published(); strings.Contains(string(raw), `"seed"`) || !strings.Contains(string(raw), d.Commitment) {
			t.Errorf("published before the draw: %s", raw)
		}
		if again, err := s.PromiseDraws(ctx, promised, office, PromiseDraws{Events: events}); err != nil || again.Seq != rec.Seq {
			t.Errorf("the same promise again: %v %v", again, err)
		}
		if more, err := s.PromiseDraws(ctx, command(c.Code), office, PromiseDraws{Events: events}); err != nil || string(more.Outcome) != `{"draws":[]}` {
			t.Errorf("promised twice: %s %v", more.Outcome, err)
		}
		if _, err := s.MakeDraws(ctx, command(c.Code), access.Who{Account: 9, Name: "领队", Role: access.Delegation, Delegation: 1}, MakeDraws{Events: events}); err == nil {
			t.Error("a delegation has drawn")
		}

		if _, err := s.MakeDraws(ctx, command(c.Code), office, MakeDraws{Events: events, Word: "37 12"}); err != nil {
			t.Fatal(err)
		}
		doc := drawn(t, s, c.Code, events[0])
		if doc.Commitment != d.Commitment || len(doc.Drawn.Places) != 5 || doc.Plan.Word != "37 12" {
			t.Errorf("drawn %+v", doc)
		}
		if guide := drawn(t, s, c.Code, events[2]); len(guide.Drawn.Places) != 1 || len(guide.Drawn.Places[0].Lanes) != 2 {
			t.Errorf("T11 runs with a guide: %+v", guide.Drawn.Places)
		}
		list := startList(t, s, c, events[0])
		if strings.Count(list, "=T54") != 5 {
			t.Errorf("start list %s", list)
		}
		if _, err := s.MakeDraws(ctx, command(c.Code), office, MakeDraws{Events: events[:1]}); !errors.Is(err, ErrClosed) {
			t.Errorf("drawn twice: %v", err)
		}

		// somebody withdraws, and is back
		p := doc.Drawn.Places[0]
		if _, err := s.ChangeDraw(ctx, reason("受伤"), office, ChangeDraw{Event: events[0], Change: draw.Change{Act: draw.Scratch, Entrant: p.Entrant, From: &p.Spot}}); err != nil {
			t.Fatal(err)
		}
		if now := startList(t, s, c, events[0]); strings.Count(now, "=T54") != 4 {
			t.Errorf("after a scratch %s", now)
		}
		if doc = drawn(t, s, c.Code, events[0]); len(doc.Changes) != 1 || doc.Changes[0].Reason != "受伤" || doc.Changes[0].By != "organiser" {
			t.Errorf("changes %+v", doc.Changes)
		}
		if _, err := s.ChangeDraw(ctx, reason("队医确认可以参赛"), office, ChangeDraw{Event: events[0], Change: draw.Change{Act: draw.Undo, Undoes: 1}}); err != nil {
			t.Fatal(err)
		}
		if now := startList(t, s, c, events[0]); now != list {
			t.Errorf("after undoing\n%s\nwant\n%s", now, list)
		}

		stranger := draw.Change{Act: draw.Substitute, Entrant: p.Entrant, From: &p.Spot, New: &draw.Entrant{ID: drawn(t, s, c.Code, events[1]).Drawn.Places[0].Entrant}}
		if _, err := s.ChangeDraw(ctx, reason("x"), office, ChangeDraw{Event: events[0], Change: stranger}); !errors.Is(err, ErrNotFound) {
			t.Errorf("a substitute from another event: %v", err)
		}

		// what was tampered with is found
		for name, spoil := range map[string]func(*draw.Document){
			"seed":  func(d *draw.Document) { d.Seed = strings.Repeat("0", 64) },
			"entry": func(d *draw.Document) { d.Plan.Entrants = d.Plan.Entrants[1:] },
			"place": func(d *draw.Document) {
				d.Drawn.Places[0].Entrant, d.Drawn.Places[1].Entrant = d.Drawn.Places[1].Entrant, d.Drawn.Places[0].Entrant
			},
		} {
			raw, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			copied, err := draw.ReadDocument(raw)
			if err != nil {
				t.Fatal(err)
			}
			spoil(copied)
			if draw.Verify(copied) == nil {
				t.Errorf("%s: not found", name)
			}
		}

		// a new draw needs a new promise
		if _, err := s.VoidDraw(ctx, reason("名单有误"), office, VoidDraw{Event: events[0]}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.PromiseDraws(ctx, command(c.Code), office, PromiseDraws{Events: events[:1]}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.MakeDraws(ctx, command(c.Code), office, MakeDraws{Events: events[:1]}); err != nil {
			t.Fatal(err)
		}
		if again := drawn(t, s, c.Code, events[0]); again.Commitment == d.Commitment {
			t.Error("the old promise was used again")
		}

		// once a unit has begun nothing moves
		var unit int64
		if err := s.r.NewSelect().Table("units").Column("id").Where("code = ?", "T54F-1").Where("competition_id = ?", c.ID).Scan(ctx, &unit); err != nil {
			t.Fatal(err)
		}
		if _, err := s.OpenUnit(ctx, command(c.Code), OpenUnit{Unit: unit}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.VoidDraw(ctx, reason("x"), office, VoidDraw{Event: events[0]}); !errors.Is(err, ErrClosed) {
			t.Errorf("void after the start: %v", err)
		}
		if r, err := s.Check(ctx); err != nil || !r.OK() {
			t.Errorf("%v %v %v", r, r.Problems, err)
		}
	})
}

// TestWays: every kind of event has a way to be drawn and a ruleset that ranks.
func TestWays(t *testing.T) {
	for sport, types := range contestTypes() {
		for _, et := range types {
			for _, n := range []int{1, 3, 9, 23} {
				e := &Event{Code: "E", Type: et.Chinese, Sex: "M"}
				w := wayOf(sport, e, n)
				if w.ruleset.Kind != et.Kind {
					t.Errorf("%s %s: kind %s, want %s", sport, et.Chinese, w.ruleset.Kind, et.Kind)
				}
				p := w.plan
				p.Schema, p.Event = draw.PlanSchema, e.Code
				for i := range n {
					p.Entrants = append(p.Entrants, draw.Entrant{ID: fmt.Sprint(i + 1), Delegation: []string{"HRB", "DQ", "JX"}[i%3]})
				}
				doc, err := draw.Export(&p, strings.Repeat("a1", 32), nil)
				if err != nil {
					t.Errorf("%s %s, %d entries: %v", sport, et.Chinese, n, err)
					continue
				}
				if len(doc.Drawn.Places) != n {
					t.Errorf("%s %s: %d of %d placed", sport, et.Chinese, len(doc.Drawn.Places), n)
				}
			}
		}
	}
	if len(contestTypes()) < 15 || !slices.ContainsFunc(contestTypes()["AT"], func(e packs.EventType) bool { return e.Code == "100" }) {
		t.Error("too few types of contests")
	}
}
