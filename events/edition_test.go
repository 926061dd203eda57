package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tongchang/events/entry"
	"tongchang/events/ledgertest"
)

const (
	smallRules = `{"name": "省运会", "opening": "2027-06-18", "delegations": ["哈尔滨", {"code": "DQ", "name": "大庆", "nameEn": "Daqing"}],
		"sports": [{"code": "AT", "name": "田径", "nameEn": "Athletics", "birthFrom": "1967-01-01", "birthTo": "2014-12-31"}]}`
	smallEvents = "code,sport,sex,class,event,event_en,kind,limit_per_delegation,team_min,team_max,admits_classes\n" +
		"AT-M-T46-100,田径,男,T46,100米,100 m,individual,2,1,1,T45 T46\n" +
		"AT-W-T46-100,田径,女,T46,100米,100 m,individual,2,1,1,T46\n" +
		"AT-X-UR,田径,混合,,4×100米接力,,relay,1,4,6,\n"
)

func edition(rules, events string) SetEdition { return SetEdition{json.RawMessage(rules), events} }

// outcome decodes what a command came to.
func laidBy(t *testing.T, r Receipt) (laid EditionLaid) {
	t.Helper()
	if err := json.Unmarshal(r.Outcome, &laid); err != nil {
		t.Fatalf("%s: %v", r.Outcome, err)
	}
	return laid
}

func TestSetEdition(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		s := open(t, dsn)
		if _, err := s.Found(ctx, Competition{Code: "games", Name: "省运会"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Edition(ctx, "games"); !errors.Is(err, ErrNotFound) {
			t.Errorf("an edition before any was set: %v", err)
		}
		preview, err := s.PreviewEdition(ctx, command("games"), edition(smallRules, smallEvents))
		if err != nil || !preview.Changes() {
			t.Errorf("preview: %+v, %v", preview, err)
		}
		if _, err := s.Edition(ctx, "games"); !errors.Is(err, ErrNotFound) {
			t.Errorf("a preview has set the edition: %v", err)
		}
		first := command("games")
		r, err := s.SetEdition(ctx, first, edition(smallRules, smallEvents))
		if err != nil || r.Seq != 1 {
			t.Fatalf("set: %+v, %v", r, err)
		}
		ed, err := s.Edition(ctx, "games")
		if err != nil || ed.Name != "省运会" || len(ed.Events) != 3 {
			t.Fatalf("edition: %+v, %v", ed, err)
		}
		if again, err := s.Edition(ctx, "games"); err != nil || again != ed {
			t.Errorf("the edition was read again: %p, %p, %v", again, ed, err)
		}
		laidRows(t, s)
		for name, c := range map[string]Command{"the same command": first, "another command": command("games")} {
			if r, err := s.SetEdition(ctx, c, edition(smallRules, smallEvents)); err != nil || r.Seq != 1 || !r.Repeated {
				t.Errorf("%s with the same edition: %+v, %v", name, r, err)
			}
		}
		if rep, err := s.Check(ctx); err != nil || !rep.OK() {
			t.Errorf("check: %+v, %v", rep, err)
		}
	})
}

// laidRows holds what the ledger has against the small edition.
func laidRows(t *testing.T, s *Store) {
	t.Helper()
	var lines []string
	var disciplines []Discipline
	var delegations []Delegation
	var events []Event
	for _, model := range []any{&disciplines, &delegations, &events} {
		if err := s.r.NewSelect().Model(model).Order("code").Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range disciplines {
		lines = append(lines, fmt.Sprint(d.Code, " ", d.Name, " ", d.NameEn))
	}
	for _, d := range delegations {
		lines = append(lines, fmt.Sprint(d.Code, " ", d.Name, " ", d.NameEn))
	}
	for _, e := range events {
		lines = append(lines, fmt.Sprintf("%s %s [%s] %q %q %v", e.Code, e.Sex, e.Classes, e.Name, e.NameEn, e.Medals))
	}
	want := []string{
		"AT 田径 Athletics", "01 哈尔滨 ", "DQ 大庆 Daqing",
		`AT-M-T46-100 M [T45,T46] "男子100米 T46" "100 m" true`,
		`AT-W-T46-100 W [T46] "女子100米 T46" "100 m" true`,
		`AT-X-UR X [] "混合4×100米接力" "" true`,
	}
	if !slices.Equal(lines, want) {
		t.Errorf("laid:\n%s\nwant:\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

// TestEditionAgain sets a second edition over entries: nothing that people are
// entered in goes, and what it means for them is said.
func TestEditionAgain(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		s := open(t, dsn)
		c, err := s.Found(ctx, Competition{Code: "games", Name: "省运会"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SetEdition(ctx, command("games"), edition(smallRules, smallEvents)); err != nil {
			t.Fatal(err)
		}
		enterFor(t, s, c, "AT-M-T46-100", "AT-X-UR")
		later := strings.ReplaceAll(smallEvents, "T45 T46", "T46")
		later = later[:strings.Index(later, "AT-W")] + "AT-M-T46-200,田径,男,T46,200米,,individual,2,1,1,T46\n"
		r, err := s.SetEdition(ctx, command("games"), edition(strings.Replace(smallRules, `"哈尔滨"`, `"鹤岗"`, 1), later))
		if err != nil {
			t.Fatal(err)
		}
		laid := laidBy(t, r)
		if got, want := fmt.Sprint(laid.Removed, laid.Kept, laid.Altered, laid.Delegations),
			"[AT-W-T46-100] [{AT-X-UR 混合4×100米接力 1}] [{AT-M-T46-100 男子100米 T46 1}] [哈尔滨]"; got != want {
			t.Errorf("consequences %s, want %s", got, want)
		}
		for _, d := range []struct{ name, code string }{{"哈尔滨", "01"}, {"鹤岗", "02"}, {"大庆", "DQ"}} {
			var code string
			if err := s.r.NewSelect().Model((*Delegation)(nil)).Column("code").Where("name = ?", d.name).Scan(ctx, &code); err != nil || code != d.code {
				t.Errorf("%s has code %q (%v), want %s", d.name, code, err, d.code)
			}
		}
		if ed, err := s.Edition(ctx, "games"); err != nil || len(ed.Events) != 2 || !slices.Equal(ed.Delegations, []string{"鹤岗", "大庆"}) {
			t.Errorf("edition in force: %+v, %v", ed, err)
		}
		n, err := s.r.NewSelect().Model((*Event)(nil)).Count(ctx)
		if err != nil || n != 3 {
			t.Errorf("%d events in the ledger (%v), want 3", n, err)
		}
	})
}

// enterFor enters a person for events, past the road that people take.
func enterFor(t *testing.T, s *Store, c Competition, codes ...string) {
	t.Helper()
	ctx := t.Context()
	var delegation Delegation
	if err := s.r.NewSelect().Model(&delegation).Where("code = ?", "DQ").Scan(ctx); err != nil {
		t.Fatal(err)
	}
	p := Participant{CompetitionID: c.ID, DelegationID: delegation.ID, Code: "1", Role: "athlete", Family: "王", Sex: "M"}
	if _, err := s.w.NewInsert().Model(&p).Exec(ctx); err != nil {
		t.Fatal(err)
	}
	for _, code := range codes {
		var e Event
		if err := s.r.NewSelect().Model(&e).Where("code = ?", code).Scan(ctx); err != nil {
			t.Fatal(err)
		}
		row := Entry{CompetitionID: c.ID, EventID: e.ID, DelegationID: delegation.ID, ParticipantID: p.ID, Code: "1"}
		if _, err := s.w.NewInsert().Model(&row).Exec(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEditionRefused(t *testing.T) {
	s := open(t, ledgertest.New(t, "sqlite"))
	if _, err := s.Found(t.Context(), Competition{Code: "games", Name: "省运会"}); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ rules, events, problem, field string }{
		"no JSON":        {`{`, smallEvents, "edition-unread", "edition.json"},
		"misspelt rule":  {strings.Replace(smallRules, `"opening"`, `"opens"`, 1), smallEvents, "edition-unread", "edition.json"},
		"no opening":     {strings.Replace(smallRules, "2027-06-18", "2027-06-31", 1), smallEvents, "edition-unread", "edition.json"},
		"number":         {smallRules, strings.Replace(smallEvents, "individual,2", "individual,two", 1), "edition-number", "AT-M-T46-100 limit_per_delegation"},
		"no such sport":  {strings.Replace(smallRules, "田径", "游泳", 1), smallEvents, "sport-not-offered", "AT-M-T46-100 sport"},
		"nothing at all": {`{}`, smallEvents, "edition-missing", "opening"},
	} {
		_, err := s.SetEdition(t.Context(), command("games"), edition(tt.rules, tt.events))
		var refused *Refusal
		if !errors.As(err, &refused) || refused.Status != StatusInvalid || refused.Problem != tt.problem || refused.Field != tt.field {
			t.Errorf("%s: %v, want %s at %s", name, err, tt.problem, tt.field)
		}
	}
	if _, err := s.Edition(t.Context(), "games"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an edition is in force: %v", err)
	}
}

// TestPaperKinds: the rules ask for papers of the kinds that are kept.
func TestPaperKinds(t *testing.T) {
	var kept []string
	for _, k := range PaperKinds {
		kept = append(kept, string(k))
	}
	if !slices.Equal(kept, entry.PaperKinds) {
		t.Errorf("kept are %v, asked for can be %v", kept, entry.PaperKinds)
	}
}
