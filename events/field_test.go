package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/scoring/kinds"
)

var office = access.Who{Account: 1, Name: "office", Role: access.Organiser, Strong: true}

// fieldSize is how many are entered in the men's 100 m of each class.
var fieldSizes = []struct {
	class string
	n     int
}{{"T51", 1}, {"T52", 2}, {"T53", 3}, {"T54", 5}, {"T11", 1}, {"T12", 0}, {"T38", 2}, {"T60", 4}}

// newFields sets up events of those sizes, from two delegations.
func newFields(t *testing.T, s *Store, code string) Competition {
	t.Helper()
	c, err := s.Found(t.Context(), Competition{Code: code, Name: "测试", NameEn: "Test"})
	if err != nil {
		t.Fatal(err)
	}
	timed := kinds.Ruleset{Name: "athletics", Version: "test", Kind: "timed"}
	p := ProgrammeFile{Disciplines: []DisciplineFile{{Code: "AT", Name: "田径"}}, Delegations: []DelegationFile{{Code: "HRB", Name: "哈尔滨"}, {Code: "DAQ", Name: "大庆"}}}
	for _, f := range fieldSizes {
		p.Events = append(p.Events, EventFile{Code: f.class, Discipline: "AT", Type: "100", Sex: "M", Classes: f.class, Name: "男子100米 " + f.class,
			Phases: []PhaseFile{{Code: f.class + "F", Kind: "FIN", Decides: true, Ruleset: timed}}})
		for i := range f.n {
			p.Participants = append(p.Participants, ParticipantFile{Code: fmt.Sprint(f.class, i), Delegation: []string{"HRB", "DAQ"}[i%2], Family: "佟", Sex: "M"})
		}
	}
	if _, err := s.SetUp(t.Context(), command(code), SetUp{p}, false); err != nil {
		t.Fatal(err)
	}
	for _, f := range fieldSizes {
		for i := range f.n {
			insertEntry(t, s, c.ID, f.class, fmt.Sprint(f.class, i))
		}
	}
	return c
}

func insertEntry(t *testing.T, s *Store, competition int64, event, who string) {
	t.Helper()
	var e Event
	var p Participant
	err := s.r.NewSelect().Model(&e).Where("competition_id = ?", competition).Where("code = ?", event).Scan(t.Context())
	if err == nil {
		err = s.r.NewSelect().Model(&p).Where("competition_id = ?", competition).Where("code = ?", who).Scan(t.Context())
	}
	if err == nil {
		_, err = s.w.NewInsert().Model(&Entry{CompetitionID: competition, EventID: e.ID, DelegationID: p.DelegationID, ParticipantID: p.ID, Code: who}).Exec(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// describe writes fields as "T51 1 merge→T54 *".
func describe(fields []Field) string {
	code := map[int64]string{}
	for _, f := range fields {
		code[f.Event.ID] = f.Event.Code
	}
	var all []string
	for _, f := range fields {
		text := fmt.Sprint(f.Event.Code, " ", f.Entries, " ", f.Action())
		if f.Into != 0 {
			text += "→" + code[f.Into]
		}
		if f.Event.State != EventOn {
			text += " " + string(f.Event.State)
		}
		if f.Event.State == EventMerged {
			text += "→" + code[f.Event.IntoID]
		}
		all = append(all, text)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func choicesOf(fields []Field) (all []FieldChoice) {
	for _, f := range fields {
		if f.Event.State == EventOn {
			all = append(all, FieldChoice{Event: f.Event.ID, Do: f.Action(), Into: f.Into, Rule: f.Proposed.Why.Setting, Saw: f.Entries})
		}
	}
	return all
}

// TestFields: proposals are taken for all events at once, delegations are told,
// and everything goes back.
func TestFields(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newFields(t, s, "fields")
		ctx := t.Context()
		fields := func() []Field {
			t.Helper()
			all, err := s.Fields(ctx, office, c.Code)
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		const proposed = "T11 1 cancel, T12 0 cancel, T38 2 exhibition, T51 1 merge→T52, T52 2 keep, T53 3 keep, T54 5 keep, T60 4 keep"
		if got := describe(fields()); got != proposed {
			t.Fatalf("proposed\n%s\nwant\n%s", got, proposed)
		}
		ask := command(c.Code)
		ask.Reason = "总则第九条"
		rec, err := s.DecideFields(ctx, ask, office, DecideFields{choicesOf(fields())})
		if err != nil {
			t.Fatal(err)
		}
		var out FieldsDecided
		if err := json.Unmarshal(rec.Outcome, &out); err != nil || out != (FieldsDecided{Kept: 4, Merged: 1, Exhibition: 1, Cancelled: 2, Moved: 1, Withdrawn: 1}) {
			t.Errorf("%+v %v", out, err)
		}
		const decided = "T11 0 keep cancelled, T12 0 keep cancelled, T38 2 keep exhibition, T51 0 keep merged→T52, T52 3 keep, T53 3 keep, T54 5 keep, T60 4 keep"
		if got := describe(fields()); got != decided {
			t.Errorf("decided\n%s\nwant\n%s", got, decided)
		}
		for _, f := range fields() {
			if f.Event.Code == "T52" && f.Event.Classes != "T51,T52" {
				t.Errorf("merged event admits %s", f.Event.Classes)
			}
		}
		told, err := s.Notices(ctx, office, c.Code, find(mustDelegations(t, s, c.ID), map[int64]int{0: 0}, 0).ID, 10)
		if err != nil || len(told) != 1 || told[0].About != "fields" || told[0].Reason != ask.Reason {
			t.Errorf("told %+v %v", told, err)
		}

		// one more entry: the decision is no longer about this field
		insertEntry(t, s, c.ID, "T60", "T110")
		for _, f := range fields() {
			if f.Changed != (f.Event.Code == "T60") {
				t.Errorf("%s changed: %v", f.Event.Code, f.Changed)
			}
		}
		if _, err := s.w.NewDelete().Table("entries").Where("code = ?", "T110").Where("event_id IN (SELECT id FROM events WHERE code = 'T60')").Exec(ctx); err != nil {
			t.Fatal(err)
		}
		undo := command(c.Code)
		undo.Reason = "领导要求重议"
		if _, err := s.UndoFields(ctx, undo, office, UndoFields{rec.Seq}); err != nil {
			t.Fatal(err)
		}
		if got := describe(fields()); got != proposed {
			t.Errorf("undone\n%s\nwant\n%s", got, proposed)
		}
		if _, err := s.UndoFields(ctx, command(c.Code), office, UndoFields{rec.Seq}); !errors.Is(err, ErrInvalid) {
			t.Errorf("without a reason: %v", err)
		}
		undo.ID = command(c.Code).ID
		if _, err := s.UndoFields(ctx, undo, office, UndoFields{rec.Seq}); !errors.Is(err, ErrClosed) {
			t.Errorf("twice: %v", err)
		}
	})
}

func mustDelegations(t *testing.T, s *Store, competition int64) []Delegation {
	t.Helper()
	ds, err := s.Delegations(t.Context(), competition)
	if err != nil || len(ds) == 0 {
		t.Fatal(err)
	}
	return ds
}

// TestFieldsRefused: seen otherwise, drawn, into itself, in another's hands, a
// chain of merges, a later decision.
func TestFieldsRefused(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c := newFields(t, s, "refused")
		ctx := t.Context()
		id := func(code string) int64 {
			t.Helper()
			var e Event
			if err := s.r.NewSelect().Model(&e).Where("competition_id = ?", c.ID).Where("code = ?", code).Scan(ctx); err != nil {
				t.Fatal(err)
			}
			return e.ID
		}
		decide := func(who access.Who, choices ...FieldChoice) (int64, error) {
			ask := command(c.Code)
			ask.Reason = "test"
			rec, err := s.DecideFields(ctx, ask, who, DecideFields{choices})
			return rec.Seq, err
		}
		merge := func(from, into string, saw int) FieldChoice {
			return FieldChoice{Event: id(from), Do: MergeField, Into: id(into), Saw: saw}
		}
		first, err := decide(office, merge("T51", "T52", 1))
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			problem string
			try     func() error
		}{
			{"field-stale", func() error { _, err := decide(office, merge("T53", "T54", 2)); return err }},
			{"field-decided", func() error { _, err := decide(office, merge("T51", "T54", 0)); return err }},
			{"field-into", func() error { _, err := decide(office, merge("T53", "T53", 3)); return err }},
			{"field-chain", func() error { _, err := decide(office, merge("T52", "T53", 3)); return err }},
			{"no-such-event", func() error {
				_, err := decide(access.Who{Account: 2, Name: "别处", Role: access.Chief, Discipline: 1 << 40}, merge("T53", "T54", 3))
				return err
			}},
			{"field-later", func() error {
				if _, err := decide(office, merge("T53", "T52", 3)); err != nil {
					return err
				}
				ask := command(c.Code)
				ask.Reason = "test"
				_, err := s.UndoFields(ctx, ask, office, UndoFields{first})
				return err
			}},
		} {
			var r *Refusal
			if err := tt.try(); !errors.As(err, &r) || r.Problem != tt.problem {
				t.Errorf("%s: %v", tt.problem, err)
			}
		}
	})
}
