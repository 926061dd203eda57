package events

import (
	"errors"
	"testing"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/ledgertest"
)

// TestClassRights: a panel of another discipline neither reads, nor decides, nor
// takes back, and cannot tell what there is; who may only read does not decide.
func TestClassRights(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		k := newTrack(t, open(t, dsn), "rights")
		ctx := t.Context()
		own := access.Who{Name: "panel", Role: access.Classifier, Discipline: k.discipline()}
		other := access.Who{Name: "other panel", Role: access.Classifier, Discipline: k.discipline() + 1}
		chief := access.Who{Name: "chief", Role: access.Chief, Discipline: k.discipline()}
		o := k.outcome("540", "T53", classes.Panel)
		reason := func() Command {
			c := command(k.code)
			c.Reason = "panel A"
			return c
		}
		refused := func(what string, err error, status Status, problem string) {
			t.Helper()
			var r *Refusal
			if !errors.As(err, &r) || r.Status != status || r.Problem != problem {
				t.Errorf("%s: %v, want %s", what, err, problem)
			}
		}
		_, err := k.PreviewClasses(ctx, reason(), other, ChangeClass{[]ClassOutcome{o}})
		refused("another panel looks", err, StatusNotFound, "no-such-discipline")
		_, err = k.ChangeClasses(ctx, reason(), other, ChangeClass{[]ClassOutcome{o}})
		refused("another panel decides", err, StatusNotFound, "no-such-discipline")
		_, err = k.ChangeClasses(ctx, reason(), chief, ChangeClass{[]ClassOutcome{o}})
		refused("a chief decides", err, StatusForbidden, "forbidden")
		rec, err := k.ChangeClasses(ctx, reason(), own, ChangeClass{[]ClassOutcome{o}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.UndoClasses(ctx, reason(), other, UndoClasses{rec.Seq})
		refused("another panel takes back", err, StatusNotFound, "no-such-class-change")
		_, err = k.UndoClasses(ctx, reason(), own, UndoClasses{rec.Seq + 100})
		refused("what never was", err, StatusNotFound, "no-such-class-change")
		if _, err = k.UndoClasses(ctx, reason(), own, UndoClasses{rec.Seq}); err != nil {
			t.Fatal(err)
		}
		_, err = k.PersonClasses(ctx, other, k.code, o.Participant, o.Discipline)
		refused("another panel reads", err, StatusNotFound, "no-such-discipline")
		if lines, err := k.Classes(ctx, other, k.code, 0, 0); err != nil || len(lines) != 0 {
			t.Errorf("another panel's list: %d lines, %v", len(lines), err)
		}
		_, err = k.Classes(ctx, access.Who{}, k.code, 0, 0)
		refused("the public reads the officials' list", err, StatusForbidden, "forbidden")
	})
}

// TestClassList: rows superseded stay readable, and both acts are told to the
// delegation with the reason.
func TestClassList(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		k := newTrack(t, open(t, dsn), "list")
		ctx := t.Context()
		_, seq := k.change(k.outcome("540", "T53", classes.Panel))
		if err := k.undo(seq); err != nil {
			t.Fatal(err)
		}
		lines, err := k.Classes(ctx, access.Console, k.code, 0, 0)
		if err != nil || len(lines) != 15 {
			t.Fatalf("%d lines, %v; want 15", len(lines), err)
		}
		person, err := k.PersonClasses(ctx, access.Console, k.code, k.person("540"), k.discipline())
		if err != nil {
			t.Fatal(err)
		}
		if len(person.Lines) != 1 || person.Lines[0].Held.Class != "T54" || len(person.Lines[0].History) != 3 || person.Lines[0].History[1].Class != "T53" {
			t.Errorf("classes held and before: %+v", person.Lines)
		}
		if len(person.Changes) != 2 || person.Changes[0].Seq != seq || person.Changes[0].Undone == 0 || person.Changes[0].Reason != "panel A" {
			t.Errorf("acts: %+v", person.Changes)
		}
		told, err := k.Notices(ctx, access.Console, k.code, person.Delegation.ID, 2)
		if err != nil || len(told) != 2 || told[0].About != "class-undo" || told[1].About != "class-change" || told[0].Reason != "was an error" || told[0].Arguments != told[1].Arguments {
			t.Errorf("told: %+v, %v", told, err)
		}
		if _, err := k.SetUp(ctx, command(k.code), SetUp{ProgrammeFile{Participants: []ParticipantFile{{Code: "new", Delegation: "HRB", Family: "佟", Sex: "M"}}, Delegations: []DelegationFile{{Code: "HRB", Name: "哈尔滨", NameEn: "Harbin"}}}}, false); err != nil {
			t.Fatal(err)
		}
		insertEntry(t, k.Store, k.c.ID, "100T54", "new")
		lines, err = k.Classes(ctx, access.Console, k.code, k.person("new"), 0)
		if err != nil || len(lines) != 1 || lines[0].Held.ID != 0 || len(lines[0].History) != 0 || lines[0].Discipline.ID != k.discipline() {
			t.Errorf("entered without a class: %+v, %v", lines, err)
		}
		if public, err := k.PublicClasses(ctx, k.code); err != nil || len(public) != 0 {
			t.Errorf("%d people are published without consent, %v", len(public), err)
		}
	})
}
