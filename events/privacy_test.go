package events

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/ledgertest"
	"tongchang/events/registration"
	"tongchang/events/vault"
)

// TestNeedsGuardian: the day before the fourteenth birthday, and the day itself.
func TestNeedsGuardian(t *testing.T) {
	for name, tt := range map[string]struct {
		birth, day string
		want       bool
	}{
		"13 years and 364 days": {"2013-06-19", "2027-06-18", true}, "14 on the day": {"2013-06-18", "2027-06-18", false},
		"14 yesterday": {"2013-06-17", "2027-06-18", false}, "born on 29 February, the day before": {"2012-02-29", "2026-02-28", true},
		"born on 29 February, 1 March": {"2012-02-29", "2026-03-01", false}, "a grown-up": {"1970-01-01", "2027-06-18", false},
		"birth not known": {"", "2027-06-18", false}, "day not known": {"2020-01-01", "", false},
	} {
		if got := NeedsGuardian(tt.birth, tt.day); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// told puts the first privacy text in force.
func (g *smallGames) told() {
	g.t.Helper()
	g.must(g.SetPrivacyText(g.t.Context(), by(organiser, ""), organiser, SetPrivacyText{Version: 1, Words: "我们这样用您的信息。", WordsEn: "How we use your data."}))
}

// agree records consents of one person.
func (g *smallGames) agree(who access.Who, by1 string, id int64, purposes ...Purpose) error {
	_, err := g.GiveConsents(g.t.Context(), by(who, ""), who, GiveConsents{Registrations: []int64{id}, Purposes: purposes, Version: 1, By: by1, Day: "2027-04-01"})
	return err
}

func (g *smallGames) accepted(name string, sequence int) Saved {
	g.t.Helper()
	m := g.manager("大庆")
	one := g.save(m, "大庆", typed(name, sequence, "100米"))
	g.must(g.move(m, registration.Submitted, "", one.ID))
	g.must(g.move(organiser, registration.Accepted, "", one.ID))
	return one
}

// TestConsents: each purpose on its own, to the text in force, a guardian's for
// a child; what was withdrawn stands no longer, and may be given again.
func TestConsents(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g := newSmallGames(t, dsn)
		m := g.manager("大庆")
		one := g.save(m, "大庆", typed("王强", 1, "100米"))
		if err := g.agree(m, BySelf, one.ID, ForEntry); !refusedWith(err, StatusStale, "privacy-text-stale") {
			t.Errorf("without a text: %v", err)
		}
		if _, err := g.Look(t.Context(), by(m, "核对"), m, Look{g.reg(one.ID).subject(), "id"}); err != nil {
			t.Errorf("looked at before anything was told: %v", err)
		}
		g.told()
		if _, err := g.SetPrivacyText(t.Context(), by(organiser, ""), organiser, SetPrivacyText{Version: 1, Words: "x"}); !refusedWith(err, StatusStale, "privacy-text-stale") {
			t.Errorf("a text over another's: %v", err)
		}
		if _, err := g.Look(t.Context(), by(m, "核对"), m, Look{g.reg(one.ID).subject(), "id"}); !refusedWith(err, StatusClosed, "consent-missing") {
			t.Errorf("looked at without consent: %v", err)
		}
		if err := g.agree(m, BySelf, one.ID, ForEntry, ForSensitive); err != nil {
			t.Fatal(err)
		}
		if text, err := g.Look(t.Context(), by(m, "核对"), m, Look{g.reg(one.ID).subject(), "id"}); err != nil || text != citizen(1) {
			t.Errorf("%q %v", text, err)
		}
		g.withdraw(m, one.ID, ForSensitive)
		if _, err := g.Look(t.Context(), by(m, "核对"), m, Look{g.reg(one.ID).subject(), "id"}); !refusedWith(err, StatusClosed, "consent-missing") {
			t.Errorf("looked at after it was withdrawn: %v", err)
		}
		views, err := g.Consents(t.Context(), m, g.comp, one.ID)
		if err != nil || len(views) != len(Purposes) || !views[0].Stands() || views[1].Stands() || views[1].Version != 1 || views[2].Version != 0 {
			t.Errorf("%+v %v", views, err)
		}
		if err := g.agree(g.manager("哈尔滨"), BySelf, one.ID, ForPhoto); !errors.Is(err, ErrNotFound) {
			t.Errorf("by another delegation: %v", err)
		}
		for problem, a := range map[string]GiveConsents{
			"consent-purpose": {Registrations: []int64{one.ID}, Purposes: []Purpose{"x"}, Version: 1, By: BySelf, Day: "2027-04-01"},
			"day-past":        {Registrations: []int64{one.ID}, Purposes: []Purpose{ForPhoto}, Version: 1, By: BySelf, Day: "2027-12-01"},
		} {
			if _, err := g.GiveConsents(t.Context(), by(m, ""), m, a); !refusedWith(err, StatusInvalid, problem) {
				t.Errorf("%s: %v", problem, err)
			}
		}
		if _, err := g.w.NewRaw("UPDATE registrations SET birth = '2014-01-01'").Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := g.agree(m, BySelf, one.ID, ForPhoto); !refusedWith(err, StatusInvalid, "consent-guardian") {
			t.Errorf("a child by itself: %v", err)
		}
		if err := g.agree(m, ByGuardian, one.ID, ForPhoto); err != nil {
			t.Error(err)
		}
	})
}

func (g *smallGames) withdraw(who access.Who, id int64, p Purpose) {
	g.t.Helper()
	g.must(g.WithdrawConsent(g.t.Context(), by(who, ""), who, WithdrawConsent{Registration: id, Purpose: p, Day: "2027-04-01"}))
}

func (g *smallGames) reg(id int64) *Registration {
	g.t.Helper()
	row, err := byID[Registration](g.t.Context(), g.r, g.comp.ID, id, "no-such-registration")
	if err != nil {
		g.t.Fatal(err)
	}
	return &row
}

// shownAs is the name of a participant on a start list and on the card.
func (g *smallGames) shownAs(participant int64) (public, judges, card string) {
	g.t.Helper()
	l := Line{ParticipantID: participant}
	p, err := byID[Participant](g.t.Context(), g.r, g.comp.ID, participant, "no-such-participant")
	if err != nil {
		g.t.Fatal(err)
	}
	names, err := g.Aliases(g.t.Context(), g.comp.ID)
	if err != nil {
		g.t.Fatal(err)
	}
	l.Family, l.Given, l.Alias = p.Family, p.Given, names[participant]
	facts, err := g.Card(g.t.Context(), g.comp.ID, p.Code)
	if err != nil {
		g.t.Fatal(err)
	}
	return l.Name(), l.FullName(), facts.Name
}

// TestAliases: who takes back the consent to be named, and a child whose guardian
// has not given it, is a number to everybody but the judges.
func TestAliases(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g := newSmallGames(t, dsn)
		m := g.manager("大庆")
		one, two := g.accepted("王强", 1), g.accepted("李明", 2)
		p1, p2 := g.reg(one.ID).ParticipantID, g.reg(two.ID).ParticipantID
		if _, err := g.w.NewRaw("UPDATE participants SET birth_date = '2014-01-01' WHERE id = ?", p2).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		if public, _, _ := g.shownAs(p2); public != "李明" {
			t.Errorf("before a text is in force: %s", public)
		}
		g.told()
		public, judges, card := g.shownAs(p2)
		if !strings.HasPrefix(public, "№ ") || judges != "李明" || card != public {
			t.Errorf("a child without consent: %s %s %s", public, judges, card)
		}
		if public, _, card := g.shownAs(p1); public != "王强" || card != "王强" {
			t.Errorf("a grown-up is named: %s %s", public, card)
		}
		if err := g.agree(m, ByGuardian, two.ID, ForPublication); err != nil {
			t.Fatal(err)
		}
		if public, _, _ := g.shownAs(p2); public != "李明" {
			t.Errorf("with the guardian's consent: %s", public)
		}
		if err := g.agree(m, BySelf, one.ID, ForPublication); err != nil {
			t.Fatal(err)
		}
		g.withdraw(m, one.ID, ForPublication)
		if public, judges, card := g.shownAs(p1); !strings.HasPrefix(public, "№ ") || judges != "王强" || card != public {
			t.Errorf("after it was withdrawn: %s %s %s", public, judges, card)
		}
		g.searched(p1)
		g.aliasOnSheet(p1)
		g.whole()
	})
}

// searched holds the list that search is made from against the aliases, and that
// whoever keeps pages with the name was told.
func (g *smallGames) searched(participant int64) {
	g.t.Helper()
	a, err := g.Athlete(g.t.Context(), g.comp.ID, participant)
	if err != nil || a.Name != "№ "+a.Code {
		g.t.Errorf("%+v %v", a, err)
	}
	all, err := g.Entries(g.t.Context(), g.comp.ID, 0, 1000)
	if err != nil || !slices.Contains(strings.Fields(all[len(all)-1].Topics), "meet") {
		g.t.Errorf("nothing is made anew after a name was taken back: %v", err)
	}
}

// aliasOnSheet holds what start lists load against the aliases.
func (g *smallGames) aliasOnSheet(participant int64) {
	g.t.Helper()
	ctx := g.t.Context()
	var e Entry
	if err := g.r.NewSelect().Model(&e).Where("participant_id = ?", participant).Limit(1).Scan(ctx); err != nil {
		g.t.Fatal(err)
	}
	ph := Phase{CompetitionID: g.comp.ID, EventID: e.EventID, Code: "f", Kind: "FIN", Position: 1, Ruleset: `{"kind":"timed"}`}
	if _, err := g.w.NewInsert().Model(&ph).Returning("id").Exec(ctx); err != nil {
		g.t.Fatal(err)
	}
	if _, err := g.w.NewInsert().Model(&Start{CompetitionID: g.comp.ID, PhaseID: ph.ID, EntryID: e.ID}).Exec(ctx); err != nil {
		g.t.Fatal(err)
	}
	sheet, err := g.Sheet(ctx, ph.ID, 0)
	if err != nil || len(sheet.Lines) != 1 || !strings.HasPrefix(sheet.Lines[0].Name(), "№ ") || sheet.Lines[0].FullName() != "王强" {
		g.t.Errorf("%+v %v", sheet, err)
	}
}

func photo(t testing.TB, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, size, size))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const paperCanary = "%PDF-1.4\n% diagnosis: CANARY-DIAGNOSIS\n%%EOF\n"

// keepPaper keeps one and gives its number.
func (g *smallGames) keepPaper(who access.Who, id int64, kind PaperKind, data []byte) int64 {
	g.t.Helper()
	rec, err := g.KeepFile(g.t.Context(), by(who, ""), who, KeepPaper{Registration: id, Kind: kind}, data)
	if err != nil {
		g.t.Fatal(err)
	}
	return outcomeOf[PaperKept](g.t, rec).Paper
}

// TestKeepFile: sealed, of the kind they really are, opened by whom they are for,
// with a reason that stays on record.
func TestKeepFile(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g := newSmallGames(t, dsn)
		m := g.manager("大庆")
		one := g.save(m, "大庆", typed("王强", 1, "100米"))
		first := g.keepPaper(m, one.ID, PaperPhoto, photo(t, 30))
		second := g.keepPaper(m, one.ID, PaperPhoto, photo(t, 31))
		if _, _, err := g.File(t.Context(), by(m, ""), m, first); !errors.Is(err, ErrNotFound) {
			t.Errorf("an old photo: %v", err)
		}
		if p, data, err := g.File(t.Context(), by(m, ""), m, second); err != nil || p.Media != "image/png" || !bytes.HasPrefix(data, []byte("\x89PNG")) {
			t.Errorf("%v %v", p, err)
		}
		class := g.keepPaper(m, one.ID, PaperClass, []byte(paperCanary))
		health := g.keepPaper(m, one.ID, PaperHealth, []byte(paperCanary))
		insurance := g.keepPaper(m, one.ID, PaperInsurance, []byte(paperCanary))
		medical := access.Who{Name: "医务", Role: access.Medical}
		elsewhere := access.Who{Name: "游泳分级员", Role: access.Classifier, Discipline: g.discipline("游泳")}
		for name, tt := range map[string]struct {
			who    access.Who
			paper  int64
			reason string
			want   error
		}{
			"the panel's, by the medical desk": {medical, class, "分级", ErrNotFound},
			"health, by the medical desk":      {medical, health, "急救", nil},
			"health, by the delegation":        {m, health, "核对", nil},
			"health, by a panel":               {elsewhere, health, "分级", ErrNotFound},
			"the panel's, by the organiser":    {organiser, class, "看看", ErrForbidden},
			"the panel's, by another sport's":  {elsewhere, class, "分级", ErrNotFound},
			"the panel's, by the delegation":   {m, class, "核对", ErrForbidden},
			"without a reason":                 {medical, health, "", ErrInvalid},
			"insurance, by the organiser":      {organiser, insurance, "理赔", nil},
			"insurance, by the medical desk":   {medical, insurance, "看看", ErrForbidden},
			"insurance, by another delegation": {g.manager("哈尔滨"), insurance, "看看", ErrNotFound},
			"insurance, by everybody":          {access.Who{}, insurance, "看看", ErrForbidden},
			"a photo, by another delegation":   {g.manager("哈尔滨"), second, "看看", ErrNotFound},
			"what is not there":                {organiser, 999, "看看", ErrNotFound},
		} {
			_, data, err := g.File(t.Context(), by(tt.who, tt.reason), tt.who, tt.paper)
			if !errors.Is(err, tt.want) || tt.want == nil && string(data) != paperCanary {
				t.Errorf("%s: %v", name, err)
			}
		}
		looks, err := g.Looks(t.Context(), organiser, g.comp)
		if err != nil || len(looks) != 3 {
			t.Errorf("%+v %v", looks, err)
		}
		if _, err := g.KeepFile(t.Context(), by(m, ""), m, KeepPaper{Registration: one.ID, Kind: PaperPhoto}, []byte(paperCanary)); !refusedWith(err, StatusInvalid, "paper-kind") {
			t.Errorf("a PDF as a photo: %v", err)
		}
		g.must(g.DropPaper(t.Context(), by(m, ""), m, DropPaper{health}))
		if _, _, err := g.File(t.Context(), by(medical, "分级"), medical, health); !errors.Is(err, ErrNotFound) {
			t.Errorf("dropped: %v", err)
		}
		g.whole()
	})
}

func (g *smallGames) discipline(name string) int64 {
	g.t.Helper()
	id, err := g.sportID(g.t.Context(), &Registration{CompetitionID: g.comp.ID, Sport: name})
	if err != nil || id == 0 {
		g.t.Fatalf("%s: %d %v", name, id, err)
	}
	return id
}

// opened reads an archive: file to content.
func opened(t testing.TB, data []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(b)
	}
	return all
}

// TestExportPerson: all that is kept of a person comes out, to who may have it,
// and the log says so.
func TestExportPerson(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		g := newSmallGames(t, dsn)
		m := g.manager("大庆")
		one := g.accepted("王强", 1)
		g.told()
		if err := g.agree(m, BySelf, one.ID, ForSensitive, ForMedical); err != nil {
			t.Fatal(err)
		}
		g.keepPaper(m, one.ID, PaperHealth, []byte(paperCanary))
		g.keepPaper(m, one.ID, PaperClass, []byte(paperCanary))
		if _, err := g.Look(t.Context(), by(organiser, "核对证件"), organiser, Look{g.reg(one.ID).subject(), "id"}); err != nil {
			t.Fatal(err)
		}
		data, err := g.ExportPerson(t.Context(), by(m, "本人要求"), m, ExportPerson{one.ID})
		if err != nil {
			t.Fatal(err)
		}
		files := opened(t, data)
		for _, want := range []string{"王强", citizen(1), citizen(1) + "42", "19900000001", "100米", "核对证件", `"sensitive"`, `"class"`, "accepted"} {
			if !strings.Contains(files["person.json"], want) {
				t.Errorf("%q is not there", want)
			}
		}
		if files["papers/1.pdf"] != paperCanary {
			t.Error("the paper is not there")
		}
		if _, there := files["papers/2.pdf"]; there {
			t.Error("what is the panel's was handed to the delegation")
		}
		if !json.Valid([]byte(files["person.json"])) {
			t.Error("not JSON")
		}
		if data, err = g.ExportPerson(t.Context(), by(organiser, "本人要求"), organiser, ExportPerson{one.ID}); err != nil || len(opened(t, data)) != 1 {
			t.Errorf("the organiser got the panel's paper: %v", err)
		}
		if _, err := g.ExportPerson(t.Context(), by(g.manager("哈尔滨"), "看看"), g.manager("哈尔滨"), ExportPerson{one.ID}); !errors.Is(err, ErrNotFound) {
			t.Errorf("another delegation: %v", err)
		}
		if _, err := g.ExportPerson(t.Context(), by(m, " "), m, ExportPerson{one.ID}); !refusedWith(err, StatusInvalid, "look-reason") {
			t.Errorf("without a reason: %v", err)
		}
	})
}

// TestErasePerson: nothing of the person is left that could be read, here or in
// a backup once the keys have been changed; the ledger is whole.
func TestErasePerson(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "games.keys")
	ring, err := vault.Open(keys)
	if err != nil {
		t.Fatal(err)
	}
	g := newSmallGames(t, ledgertest.New(t, "sqlite"), WithKeys(ring))
	m := g.manager("大庆")
	one, other := g.accepted("王强", 1), g.accepted("李明", 2)
	g.keepPaper(m, one.ID, PaperClass, []byte(paperCanary))
	subject, participant := g.reg(one.ID).subject(), g.reg(one.ID).ParticipantID
	backup := filepath.Join(t.TempDir(), "before.db")
	if err := g.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	erase := func(who access.Who) error {
		_, err := g.ErasePerson(t.Context(), by(who, "本人要求"), who, ErasePerson{one.ID, g.reg(one.ID).Revision})
		return err
	}
	if err := erase(m); !errors.Is(err, ErrForbidden) {
		t.Errorf("by the delegation: %v", err)
	}
	if err := erase(organiser); !refusedWith(err, StatusClosed, "erase-accepted") {
		t.Errorf("who still takes part: %v", err)
	}
	g.must(g.move(organiser, registration.Withdrawn, "退赛", one.ID))
	if err := erase(organiser); err != nil {
		t.Fatal(err)
	}
	if values, err := g.unseal(t.Context(), g.comp, subject); err != nil || len(values) != 0 {
		t.Errorf("%v %v", values, err)
	}
	row := g.reg(one.ID)
	if row.Name != erased || row.Birth+row.Sex+row.Person+row.Content+row.Guide != "" || row.State != registration.Withdrawn {
		t.Errorf("%+v", row)
	}
	p, err := byID[Participant](t.Context(), g.r, g.comp.ID, participant, "no-such-participant")
	if err != nil || strings.Contains(p.Family+p.Given, "王") || p.BirthDate != "" {
		t.Errorf("%+v %v", p, err)
	}
	if values, err := g.unseal(t.Context(), g.comp, g.reg(other.ID).subject()); err != nil || values[string(entry.ID)] != citizen(2) {
		t.Errorf("somebody else: %v %v", values, err)
	}
	g.whole()
	g.must(g.RotateKeys(t.Context(), by(organiser, ""), organiser, RotateKeys{1}))
	old, err := Open(t.Context(), backup, WithKeys(ring))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := old.Close(); err != nil {
			t.Error(err)
		}
	}()
	if values, err := old.unseal(context.Background(), g.comp, subject); err != nil || values[string(entry.ID)] != citizen(1) {
		t.Errorf("the old backup still opens until the old key goes: %v %v", values, err)
	}
	g.must(g.RetireKeys(t.Context(), by(organiser, ""), organiser, RetireKeys{}))
	if _, err := old.unseal(t.Context(), g.comp, subject); !errors.Is(err, errNoRing) {
		t.Errorf("in the backup: %v", err)
	}
	if values, err := g.unseal(t.Context(), g.comp, g.reg(other.ID).subject()); err != nil || values[string(entry.ID)] != citizen(2) {
		t.Errorf("somebody else after the keys were changed: %v %v", values, err)
	}
}
