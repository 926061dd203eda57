package events

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tongchang/events/ledgertest"
	"tongchang/events/lenex"
	"tongchang/scoring"
)

// reread writes a file and reads it back, as another program would.
func reread(t *testing.T, f *lenex.File) *lenex.File {
	t.Helper()
	var buf bytes.Buffer
	if err := lenex.Write(&buf, f); err != nil {
		t.Fatal(err)
	}
	again, err := lenex.Read(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func xml(t *testing.T, f *lenex.File) string {
	t.Helper()
	var buf bytes.Buffer
	if err := lenex.WriteXML(&buf, f); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func importInto(t *testing.T, s *Store, code string, f *lenex.File) {
	t.Helper()
	if _, err := s.Found(t.Context(), Competition{Code: code, Name: cmp.Or(f.Meets[0].Name, code), Zone: "America/Toronto"}); err != nil {
		t.Fatal(err)
	}
	c := Command{ID: uuid.NewString(), Competition: code, Author: "test"}
	if _, err := s.Import(t.Context(), c, ImportMeet{SHA256: strings.Repeat("0", 64), Results: true}, f, false); err != nil {
		t.Fatal(err)
	}
}

func export(t *testing.T, s *Store, code string, startList bool) *lenex.File {
	t.Helper()
	f, err := s.ExportMeet(t.Context(), code, startList)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// facts lists everything of a meet that the ledger keeps of who started where
// and what came of it, one line each, sorted.
func facts(m *lenex.Meet) []string {
	var all []string
	mark := func(t *scoring.Mark) string {
		if t == nil {
			return "-"
		}
		return fmt.Sprint(*t)
	}
	for _, e := range m.Events() {
		all = append(all, fmt.Sprintln("event", e.ID, e.Gender, e.Round, e.Style.Distance, e.Style.Stroke, e.Style.RelayCount))
		for _, h := range e.Heats {
			all = append(all, fmt.Sprintln("heat", e.ID, h.ID, h.Number, h.Order, h.AgeGroupID, h.Final))
		}
	}
	for s := range m.Results() {
		r := s.Result
		who := fmt.Sprint(s.Club.ID)
		if s.Athlete != nil {
			who += fmt.Sprint(" ", s.Athlete.ID, s.Athlete.LastName, s.Athlete.FirstName, s.Athlete.Gender, s.Athlete.Birthdate, s.Athlete.Handicap)
		}
		time := r.Time
		if irm := lenex.IRM(r.Status); irm != "" && !irm.KeepsMark() {
			time = nil // the ledger keeps no time beside a disqualification
		}
		points := "-"
		if r.Points != nil && (time != nil || r.Status != "") && r.HeatID != 0 {
			points = fmt.Sprint(*r.Points)
		}
		all = append(all, fmt.Sprintln("result", who, r.EventID, r.HeatID, r.Lane, mark(time), mark(r.EntryTime), mark(r.Reaction), points, r.Status, r.Splits))
	}
	slices.Sort(all)
	return all
}

// TestExportMeet takes a real meet in and out again: what comes out is what went
// in, and going round once more changes nothing.
func TestExportMeet(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		f, _ := sample(t, "trials-2024-results.lxf")
		s := open(t, dsn)
		importInto(t, s, "trials", f)
		out := export(t, s, "trials", false)
		was, is := facts(&f.Meets[0]), facts(&out.Meets[0])
		differ := 0
		for i := range min(len(was), len(is)) {
			if was[i] != is[i] {
				if differ++; differ <= 5 {
					t.Errorf("was %sis  %s", was[i], is[i])
				}
			}
		}
		if len(was) != len(is) || differ > 0 {
			t.Errorf("%d facts went in, %d came out, %d differ", len(was), len(is), differ)
		}
		if out.Meets[0].Pool.LaneMin != 0 || out.Meets[0].Pool.LaneMax != 9 {
			t.Errorf("pool %+v", out.Meets[0].Pool)
		}
		goRound(t, s, "trials", out)
		c, err := f.Meets[0].Compare(func(e *lenex.Event, g *lenex.AgeGroup) ([]scoring.Ranked, error) { return out.Meets[0].Rank(e, g) })
		if err != nil || c.Compared != 4263 {
			t.Errorf("the file that came out ranks %d lines, %v", c.Compared, err)
		}
	})
}

// goRound imports an export into a competition of its own and exports that: the
// two are the same file, for results as for start lists.
func goRound(t *testing.T, s *Store, code string, out *lenex.File) {
	t.Helper()
	importInto(t, s, code+"-2", reread(t, out))
	again := export(t, s, code+"-2", false)
	again.Meets[0].Name = out.Meets[0].Name
	if first, second := xml(t, out), xml(t, again); first != second {
		t.Error(firstDifference("results", first, second))
	}
	list, again := export(t, s, code, true), export(t, s, code+"-2", true)
	again.Meets[0].Name = list.Meets[0].Name
	if first, second := xml(t, list), xml(t, again); first != second {
		t.Error(firstDifference("start list", first, second))
	}
}

func firstDifference(what, a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return fmt.Sprintf("%s, line %d:\n%s\n%s", what, i+1, as[i], bs[i])
		}
	}
	return fmt.Sprintf("%s: %d lines and %d", what, len(as), len(bs))
}

// TestExportOwn takes out what did not come from a Lenex file: codes that are
// no numbers, a relay with its swimmers, a timetable without sessions.
func TestExportOwn(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		r := newRace(t, s, "own", 4)
		for i, mark := range []string{"31.00", "30.00"} {
			if _, err := s.EnterMark(t.Context(), command("own"), EnterMark{Unit: r.unit, Start: r.starts[i], Mark: mark}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.EnterMark(t.Context(), command("own"), EnterMark{Unit: r.unit, Start: r.starts[2], IRM: scoring.DSQ, Rule: "SW 4.4"}); err != nil {
			t.Fatal(err)
		}
		if h := export(t, s, "own", false).Meets[0].Sessions[0].Events[0].Heats[0]; h.Status != lenex.Running {
			t.Errorf("a heat that is on goes out as %s", h.Status)
		}
		a, err := s.EnterMark(t.Context(), command("own"), EnterMark{Unit: r.unit, Start: r.starts[3], IRM: scoring.DNS})
		if err != nil {
			t.Fatal(err)
		}
		var o MarkOutcome
		if err := json.Unmarshal(a.Outcome, &o); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Confirm(t.Context(), command("own"), ConfirmUnit{Unit: r.unit, Saw: o.UnitVersion}); err != nil {
			t.Fatal(err)
		}
		out := export(t, s, "own", false)
		var times []string
		for st := range out.Meets[0].Results() {
			times = append(times, MarkText(scoring.Milliseconds, st.Result.Time, scoring.IRM(st.Result.Status))+" "+st.Result.Comment)
		}
		if want := []string{"31.00 ", "30.00 ", "DSQ SW 4.4", "DNS "}; !slices.Equal(times, want) {
			t.Errorf("results %q, want %q", times, want)
		}
		goRound(t, s, "own", out)

		team := &lenex.File{Meets: []lenex.Meet{relayMeet()}}
		importInto(t, s, "relay", team)
		out = export(t, s, "relay", false)
		if got := out.Meets[0].Clubs[0].Relays; len(got) != 1 || len(got[0].Results) != 1 || len(got[0].Results[0].Positions) != 2 || got[0].Number != 3 {
			t.Errorf("relays %+v", got)
		}
		goRound(t, s, "relay", out)
	})
}

func relayMeet() lenex.Meet {
	m := smallMeet().Meets[0]
	mark := scoring.Mark(120_000)
	m.Sessions[0].Events[0].Style = lenex.SwimStyle{Distance: 50, RelayCount: 2, Stroke: "FREE"}
	m.Sessions[0].Events[0].AgeGroups = []lenex.AgeGroup{{ID: 9, AgeMin: -1, AgeMax: -1, Handicap: []string{"34"}}}
	for i := range m.Clubs[0].Athletes {
		m.Clubs[0].Athletes[i].Results = nil
	}
	m.Clubs[0].Relays = []lenex.Relay{{Number: 3, Name: "One 3", Gender: "F", AgeMin: -1, AgeMax: -1, AgeTotalMin: -1, AgeTotalMax: -1, Handicap: "34",
		Results: []lenex.Result{{ID: 5, EventID: 1, HeatID: 1, Lane: 2, Time: &mark, Positions: []lenex.RelayPosition{{Number: 1, AthleteID: 1}, {Number: 2, AthleteID: 2}}}}}}
	return m
}
