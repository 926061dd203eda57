package events

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/ledgertest"
	"tongchang/events/outcomes"
)

// reasoned is a command with a reason.
func (k *track) reasoned() Command {
	c := command(k.code)
	c.Reason = "panel A, second day"
	return c
}

// file keeps a file of outcomes.
func (k *track) file(who access.Who, text string) *OutcomeFile {
	k.t.Helper()
	f, err := k.KeepOutcomes(k.t.Context(), who, k.code, k.discipline(), classes.Panel, "结果.csv", []byte(text))
	if err != nil {
		k.t.Fatal(err)
	}
	return f
}

// TestOutcomes: a panel's day comes in as a file, is looked at with everything
// that it would do, is applied as one change and taken back; every public
// document is then as it was.
func TestOutcomes(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		k := newTrack(t, open(t, dsn, withTestKeys(t)), "outcomes")
		ctx := t.Context()
		panel := access.Who{Name: "panel", Role: access.Classifier, Discipline: k.discipline()}
		f := k.file(panel, "号码,姓名,级别,状态,复核年份,小组,日期,分级员,只适用于\n540,,T53,C,,A 组,2027-06-17,孟庆荷、佟海波,100\n545,佟545,T54,FRD,2029\n541,,T54,R\n542,别人,T53,C\n999,,T53,C\n543,,,\n")
		before := k.documents()
		preview := command(k.code)
		j, found, err := k.PreviewOutcomes(ctx, preview, panel, f.ID, "")
		if err != nil || j.Decides() != 2 || j.Refused != 2 || j.Same != 1 || j.Blank != 1 {
			t.Fatalf("%+v, %v", j, err)
		}
		if acts := k.acts(found); acts != "leave 100T54, vacate 100T54 54H1, join 100T53 unplaced, leave 400T54, vacate 400T54 400F1, no-contest 400T54, stay 100T54" {
			t.Error(acts)
		}
		if k.documents() != before {
			t.Error("looking has changed something")
		}
		apply := ApplyOutcomes{File: f.ID, Seen: j.Seen}
		c := k.reasoned()
		rec, err := k.ApplyOutcomes(ctx, c, panel, apply)
		if err != nil {
			t.Fatal(err)
		}
		if said, err := json.Marshal(found); err != nil || string(said) != string(rec.Outcome) {
			t.Errorf("preview\n%s\nact\n%s\n%v", said, rec.Outcome, err)
		}
		row, err := k.held(ClassOutcome{Participant: k.person("540"), Group: "T"})
		if err != nil || row.Class != "T53" || row.Panel != "A 组" || row.Day != "2027-06-17" || row.Classifiers != "孟庆荷,佟海波" || row.Limitation != "100" {
			t.Errorf("%+v, %v", row, err)
		}
		again, err := k.ApplyOutcomes(ctx, c, panel, apply)
		if err != nil || !again.Repeated || again.Seq != rec.Seq || string(again.Outcome) != string(rec.Outcome) {
			t.Errorf("the same command again: %+v, %v", again, err)
		}
		_, err = k.ApplyOutcomes(ctx, k.reasoned(), panel, apply)
		refused(t, err, "outcomes-applied")
		sealed, err := k.unseal(ctx, k.c, "o"+f.ID)
		if err != nil || len(sealed) != 0 {
			t.Errorf("an applied file is still kept: %d parts, %v", len(sealed), err)
		}
		if said, err := k.ClassChangeBy(ctx, panel, k.code, rec.Seq); err != nil || k.acts(said) != k.acts(found) {
			t.Errorf("%+v, %v", said, err)
		}
		if err := k.undo(rec.Seq); err != nil {
			t.Fatal(err)
		}
		if k.documents() != before {
			t.Error("after taking it back the public documents differ")
		}
		files, err := k.OutcomeFiles(ctx, panel, k.code)
		if err != nil || len(files) != 1 || files[0].Seq != rec.Seq || files[0].Undone == 0 {
			t.Errorf("%+v, %v", files, err)
		}
		k.sound()
	})
}

// sound: the ledger is as its log says.
func (k *track) sound() {
	k.t.Helper()
	if r, err := k.Check(k.t.Context()); err != nil || !r.OK() {
		k.t.Errorf("check: %v, %v", r, err)
	}
}

// TestOutcomesRefused: what somebody else decided meanwhile is seen; another
// panel finds nothing; what cannot be read is not kept.
func TestOutcomesRefused(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		k := newTrack(t, open(t, dsn, withTestKeys(t)), "outcomes")
		ctx := t.Context()
		panel := access.Who{Name: "panel", Role: access.Classifier, Discipline: k.discipline()}
		other := access.Who{Name: "other", Role: access.Classifier, Discipline: k.discipline() + 1}
		chief := access.Who{Name: "chief", Role: access.Chief, Discipline: k.discipline()}
		f := k.file(panel, "号码,级别,状态\n540,T53,C\n541,T53,C\n")
		j, err := k.Outcomes(ctx, panel, k.code, f.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		apply := ApplyOutcomes{File: f.ID, Seen: j.Seen}
		_, err = k.ApplyOutcomes(ctx, command(k.code), panel, apply)
		refused(t, err, "reason-missing")
		k.change(k.outcome("541", "T47", classes.Panel))
		_, err = k.ApplyOutcomes(ctx, k.reasoned(), panel, apply)
		refused(t, err, "outcomes-stale")
		apply.Results = classes.Cancel
		_, err = k.ApplyOutcomes(ctx, k.reasoned(), panel, apply)
		refused(t, err, "outcomes-stale")

		_, err = k.Outcomes(ctx, other, k.code, f.ID, "")
		refused(t, err, "no-such-outcomes")
		_, err = k.ApplyOutcomes(ctx, k.reasoned(), other, apply)
		refused(t, err, "no-such-outcomes")
		refused(t, k.DropOutcomes(ctx, other, k.code, f.ID), "no-such-outcomes")
		_, err = k.KeepOutcomes(ctx, other, k.code, k.discipline(), classes.Panel, "x.csv", []byte("号码,级别\n540,T53\n"))
		refused(t, err, "no-such-discipline")
		_, err = k.Outcomes(ctx, chief, k.code, f.ID, "")
		refused(t, err, "forbidden")
		if files, err := k.OutcomeFiles(ctx, other, k.code); err != nil || len(files) != 0 {
			t.Errorf("another panel's files: %+v, %v", files, err)
		}

		_, err = k.KeepOutcomes(ctx, panel, k.code, 0, classes.Panel, "x.csv", []byte("成绩\n12.3\n"))
		refused(t, err, "outcomes-no-table")
		_, err = k.KeepOutcomes(ctx, panel, k.code, 0, "whim", "x.csv", []byte("号码,级别\n540,T53\n"))
		refused(t, err, "class-cause")
		same := k.file(panel, "号码,级别,状态\n542,T54,R\n")
		if j, err = k.Outcomes(ctx, panel, k.code, same.ID, ""); err != nil || j.Same != 1 || j.Rows[0].Does != outcomes.Same {
			t.Fatalf("%+v, %v", j, err)
		}
		_, err = k.ApplyOutcomes(ctx, k.reasoned(), panel, ApplyOutcomes{File: same.ID, Seen: j.Seen})
		refused(t, err, "outcomes-nothing-new")
		for _, id := range []string{same.ID, f.ID} {
			if err := k.DropOutcomes(ctx, panel, k.code, id); err != nil {
				t.Error(err)
			}
		}
		_, err = k.Outcomes(ctx, panel, k.code, f.ID, "")
		refused(t, err, "no-such-outcomes")
		k.sound()
	})
}

// TestOutcomesOfManyDays: a file with the most rows that it may have; how long
// looking and applying take is printed, since judges wait behind it.
func TestOutcomesOfManyDays(t *testing.T) {
	k := newTrack(t, open(t, ledgertest.New(t, "sqlite"), withTestKeys(t)), "many")
	ctx := t.Context()
	p := ProgrammeFile{Delegations: []DelegationFile{{Code: "HRB", Name: "哈尔滨"}}}
	text := "号码,级别,状态\n"
	for i := range outcomes.MaxLines {
		code := fmt.Sprint("m", i)
		p.Participants = append(p.Participants, ParticipantFile{Code: code, Delegation: "HRB", Family: "佟", Given: code, Sex: "M"})
		text += code + "," + []string{"T53", "T54", "T45"}[i%3] + ",R\n"
	}
	if _, err := k.SetUp(ctx, command(k.code), SetUp{p}, false); err != nil {
		t.Fatal(err)
	}
	for i := range p.Participants {
		insertEntry(t, k.Store, k.c.ID, []string{"100T54", "100T53", "100T45"}[i%3], p.Participants[i].Code)
	}
	f := k.file(access.Console, text)
	began := time.Now()
	j, found, err := k.PreviewOutcomes(ctx, command(k.code), access.Console, f.ID, "")
	if err != nil || j.Decides() != outcomes.MaxLines {
		t.Fatalf("%d decisions, %v", j.Decides(), err)
	}
	looked := time.Since(began)
	began = time.Now()
	rec, err := k.ApplyOutcomes(ctx, k.reasoned(), access.Console, ApplyOutcomes{File: f.ID, Seen: j.Seen})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d decisions, %d acts: looked at in %v, applied in %v", j.Decides(), len(found.Acts), looked.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	if err := k.undo(rec.Seq); err != nil {
		t.Error(err)
	}
	if !slices.ContainsFunc(found.Acts, func(a ClassAct) bool { return a.Do == classes.Join }) {
		t.Error("nobody joins anything: that measures nothing")
	}
}
