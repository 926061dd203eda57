package events

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tongchang/events/ledgertest"
)

// announced writes what is announced of an event: "merged →T54 2; T530 T540".
func announced(t *testing.T, s *Store, competition int64, code string) string {
	t.Helper()
	var e Event
	if err := s.r.NewSelect().Model(&e).Where("competition_id = ?", competition).Where("code = ?", code).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	a, err := s.Announced(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	text := string(e.State)
	if a.Into != nil {
		text += " →" + a.Into.Code
	}
	for _, f := range a.From {
		text += " ←" + f.Code
	}
	if a.Decided != nil {
		text += fmt.Sprint(" ", a.Decided.Field)
	}
	var names []string
	for _, n := range a.Entrants {
		names = append(names, n.Name)
	}
	return text + "; " + strings.Join(names, " ")
}

// athletesOf holds who is found: those who are entered, by number where a name
// may not be shown, with what they are entered in.
func athletesOf(t *testing.T, s *Store, competition, hidden int64) {
	t.Helper()
	all, err := s.Athletes(t.Context(), competition)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d athletes, %v", len(all), err)
	}
	a, err := s.Athlete(t.Context(), competition, hidden)
	if err != nil || a.Name != "№ T531" || !slices.ContainsFunc(all, func(x Athlete) bool { return x.ID == hidden && x.Name == a.Name }) {
		t.Errorf("%+v %v", a, err)
	}
	in, err := s.EntriesOf(t.Context(), hidden)
	if err != nil || len(in) != 1 || in[0].Code != "T53" {
		t.Errorf("entered in %+v, %v", in, err)
	}
	if _, err := s.w.NewUpdate().Model((*Entry)(nil)).Set("state = ?", EntryWithdrawn).Where("participant_id = ?", hidden).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Athlete(t.Context(), competition, hidden); !errors.Is(err, ErrNotFound) {
		t.Errorf("found although withdrawn: %v", err)
	}
	if _, err := s.w.NewUpdate().Model((*Entry)(nil)).Set("state = ?", EntryIn).Where("participant_id = ?", hidden).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestAnnounced: before the draw everybody sees who is entered, by number where a
// name may not be shown, and what became of an event; after the draw the start
// list speaks.
func TestAnnounced(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn, withTestKeys(t))
		c := newFields(t, s, "announced")
		says := func(code, want string) {
			t.Helper()
			if got := announced(t, s, c.ID, code); got != want {
				t.Errorf("%s: %q, want %q", code, got, want)
			}
		}
		var hidden Participant
		if err := s.r.NewSelect().Model(&hidden).Where("competition_id = ?", c.ID).Where("code = ?", "T531").Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.w.NewInsert().Model(&alias{ParticipantID: hidden.ID, Alias: "№ T531"}).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		says("T53", "; № T531 佟 佟")
		says("T12", "; ")
		athletesOf(t, s, c.ID, hidden.ID)
		fields, err := s.Fields(t.Context(), office, c.Code)
		if err != nil {
			t.Fatal(err)
		}
		field := func(code string) *Field {
			return &fields[slices.IndexFunc(fields, func(f Field) bool { return f.Event.Code == code })]
		}
		cmd := command(c.Code)
		cmd.Reason = "按规程"
		rec, err := s.DecideFields(t.Context(), cmd, office, DecideFields{Choices: []FieldChoice{
			{Event: field("T52").Event.ID, Do: MergeField, Into: field("T53").Event.ID, Saw: 2},
			{Event: field("T11").Event.ID, Do: CancelField, Saw: 1}, {Event: field("T38").Event.ID, Do: ExhibitionField, Saw: 2}}})
		if err != nil {
			t.Fatal(err)
		}
		says("T52", "merged →T53 2; ")
		says("T53", " ←T52; 佟 № T531 佟 佟 佟")
		says("T11", "cancelled 1; ")
		says("T38", "exhibition 2; 佟 佟")
		undo := command(c.Code)
		undo.Reason = "看错了"
		if _, err := s.UndoFields(t.Context(), undo, office, UndoFields{rec.Seq}); err != nil {
			t.Fatal(err)
		}
		says("T52", "; 佟 佟")
		counts, err := s.EntryCounts(t.Context(), c.ID)
		if err != nil || counts[field("T54").Event.ID] != 5 || counts[field("T12").Event.ID] != 0 {
			t.Errorf("%v, %v", counts, err)
		}
		if _, err := s.PromiseDraws(t.Context(), command(c.Code), office, PromiseDraws{Events: []int64{field("T54").Event.ID}}); err != nil {
			t.Fatal(err)
		}
		says("T54", "; 佟 佟 佟 佟 佟")
		if _, err := s.MakeDraws(t.Context(), command(c.Code), office, MakeDraws{Events: []int64{field("T54").Event.ID}}); err != nil {
			t.Fatal(err)
		}
		says("T54", "; ")
	})
}
