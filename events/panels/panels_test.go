package panels

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tongchang/events/classes"
)

var zone = time.FixedZone("UTC+8", 8*3600)

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", "2027-06-"+text, zone)
	if err != nil {
		panic(err)
	}
	return t
}

func TestNeeds(t *testing.T) {
	for name, tt := range map[string]struct {
		class  string
		status classes.Status
		review int
		here   bool
		want   Why
	}{
		"no class":                      {"", "", 0, false, NoClass},
		"new":                           {"T54", classes.New, 0, false, IsNew},
		"as entered, without a status":  {"T54", "", 0, false, NotNeeded},
		"review, at the next chance":    {"T54", classes.Review, 0, false, IsDue},
		"review in a year to come":      {"T54", classes.Review, 2028, false, NotNeeded},
		"fixed year, not yet":           {"T54", classes.FixedDate, 2028, false, NotNeeded},
		"fixed year has come":           {"T54", classes.FixedDate, 2027, false, IsDue},
		"confirmed":                     {"T54", classes.Confirmed, 0, false, NotNeeded},
		"review, given here":            {"T54", classes.Review, 0, true, NotNeeded},
		"under observation, given here": {"T54", classes.Observed, 0, true, NotNeeded},
		"not eligible":                  {classes.NotEligible, classes.Confirmed, 0, false, NotNeeded},
		"could not be seen to the end":  {classes.NotCompleted, "", 0, true, IsNew},
	} {
		if got := Needs(tt.class, tt.status, tt.review, 2027, tt.here); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestImpairmentOf(t *testing.T) {
	for class, want := range map[string]Impairment{"T54": Physical, "F11": Vision, "T13": Vision, "S12": Vision, "SB14": Intellectual, "T20": Intellectual, "S15": Hearing, "S21": Intellectual,
		"B2": Vision, "J1": Vision, "BC3": Physical, "LW10-1": Physical, "SH1": Physical, "II2": Intellectual, "": "", "NE": "", "11": Intellectual, "6": Physical, "PTVI": Vision} {
		if got := ImpairmentOf(class); got != want {
			t.Errorf("%s: %q, want %q", class, got, want)
		}
	}
}

// morning is a panel of an hour and a half with a pause in it.
func morning() Panel {
	return Panel{ID: 1, FirstDay: "2027-06-17", LastDay: "2027-06-18", Opens: "09:00", Closes: "11:00", PauseFrom: "10:00", PauseTo: "10:30", Minutes: 30}
}

func TestPropose(t *testing.T) {
	full := morning()
	full.Taken = []Span{{at("17 09:00"), at("17 09:30")}}
	eyes := morning()
	eyes.Impairments, eyes.LastDay = []Impairment{Vision}, "2027-06-17"
	one := morning()
	one.Most = 1
	for name, tt := range map[string]struct {
		now    string
		panels []Panel
		people []Person
		want   string
	}{
		"by first start, the pause left out": {"01 08:00", []Panel{morning()}, []Person{{ID: 1}, {ID: 2, Starts: at("18 20:00")}, {ID: 3, Starts: at("18 18:00")}, {ID: 4}},
			"3@17 09:00 2@17 09:30 1@17 10:30 4@18 09:00"},
		"rest after arrival":                     {"01 08:00", []Panel{morning()}, []Person{{ID: 1, Arrives: at("17 08:15")}}, "1@17 10:30"},
		"what is taken stays taken":              {"01 08:00", []Panel{full}, []Person{{ID: 1}}, "1@17 09:30"},
		"nothing in the past":                    {"17 10:00", []Panel{morning()}, []Person{{ID: 1}}, "1@17 10:30"},
		"too late for the start":                 {"01 08:00", []Panel{morning()}, []Person{{ID: 1, Arrives: at("17 12:00"), Starts: at("18 10:00")}}, "1:no-time"},
		"nothing left between arrival and start": {"01 08:00", []Panel{morning()}, []Person{{ID: 1, Arrives: at("17 12:00"), Starts: at("17 15:00")}}, "1:not-at-all"},
		"no panel for it":                        {"01 08:00", []Panel{eyes}, []Person{{ID: 1, Impairment: Physical}, {ID: 2, Impairment: Vision}}, "2@17 09:00 1:no-panel"},
		"one a day":                              {"01 08:00", []Panel{one}, []Person{{ID: 1}, {ID: 2}, {ID: 3}}, "1@17 09:00 2@18 09:00 3:no-room"},
		"two panels at once": {"01 08:00", []Panel{morning(), {ID: 2, FirstDay: "2027-06-17", LastDay: "2027-06-17", Opens: "09:00", Closes: "10:00", Minutes: 30}},
			[]Person{{ID: 1}, {ID: 2}, {ID: 3}}, "1@17 09:00 2@17 09:00 3@17 09:30"},
		"before another sport's panel": {"01 08:00", []Panel{morning()}, []Person{{ID: 1, Busy: []Span{{at("17 09:15"), at("17 09:45")}}}}, "1@17 10:30"},
	} {
		slots, left := Propose(Rules{Rest: 120, Before: 120}, zone, at(tt.now), tt.panels, tt.people)
		got := ""
		for _, s := range slots {
			got += fmt.Sprintf("%d@%s ", s.Person, s.From.In(zone).Format("02 15:04"))
		}
		for _, l := range left {
			got += fmt.Sprintf("%d:%s ", l.Person, l.Why)
		}
		if got != tt.want+" " {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// TestProposeHolds: whatever people and panels there are, no slot breaks a rule,
// nobody is seen twice, nobody is forgotten, and who is left has a reason.
func TestProposeHolds(t *testing.T) {
	rules := Rules{Rest: 90, Before: 60}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		panels := []Panel{morning(), {ID: 2, FirstDay: "2027-06-17", LastDay: "2027-06-19", Opens: "08:00", Closes: "12:00", Minutes: 20 + r.IntN(30), Most: r.IntN(6)}}
		var people []Person
		for i := range 30 {
			p := Person{ID: int64(i + 1)}
			if r.IntN(2) == 0 {
				p.Arrives = at("16 12:00").Add(time.Duration(r.IntN(60)) * time.Hour)
			}
			if r.IntN(2) == 0 {
				p.Starts = at("17 12:00").Add(time.Duration(r.IntN(60)) * time.Hour)
			}
			people = append(people, p)
		}
		slots, left := Propose(rules, zone, at("01 00:00"), panels, people)
		if len(slots)+len(left) != len(people) {
			t.Fatalf("seed %d: %d slots and %d left of %d", seed, len(slots), len(left), len(people))
		}
		for i, s := range slots {
			p := &panels[s.Panel-1]
			if misfit := rules.Fits(people[s.Person-1], s.Span); misfit != "" || !p.Holds(s.Span, zone) {
				t.Errorf("seed %d: %v is %s", seed, s, misfit)
			}
			for _, o := range slots[:i] {
				if o.Person == s.Person || o.Panel == s.Panel && o.Meets(s.Span) {
					t.Errorf("seed %d: %v and %v", seed, s, o)
				}
			}
		}
	}
}

func TestFiling(t *testing.T) {
	decided := at("17 09:00")
	for name, tt := range map[string]struct {
		status classes.Status
		cause  classes.Cause
		when   time.Time
		now    string
		want   Refused
	}{
		"in time":                       {classes.New, classes.Panel, decided, "17 09:59", Taken},
		"on the minute":                 {classes.Review, classes.Panel, decided, "17 10:00", Taken},
		"a minute late":                 {classes.Review, classes.Panel, decided, "17 10:01", TooLate},
		"after an observation, in time": {classes.Review, classes.Observation, decided, "17 09:15", Taken},
		"after an observation, late":    {classes.Review, classes.Observation, decided, "17 09:16", TooLate},
		"confirmed":                     {classes.Confirmed, classes.Panel, decided, "17 09:10", Confirmed},
		"came with the entry":           {classes.New, "", time.Time{}, "17 09:10", NotDecided},
	} {
		if got, _ := Filing(Proposal, tt.status, tt.cause, tt.when, at(tt.now)); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestDue(t *testing.T) {
	filed := at("17 09:00")
	for name, tt := range map[string]struct {
		next string
		want string
	}{
		"no start known":       {"", "18 09:00"},
		"a start comes sooner": {"17 15:30", "17 15:30"},
		"a start comes later":  {"19 08:00", "18 09:00"},
	} {
		var next time.Time
		if tt.next != "" {
			next = at(tt.next)
		}
		if got := Due(Proposal, filed, next); !got.Equal(at(tt.want)) {
			t.Errorf("%s: %v, want %s", name, got, tt.want)
		}
	}
	if got := Due(Proposal, filed, filed.Add(-time.Hour)); !got.Equal(filed) {
		t.Errorf("a start that is over: %v", got)
	}
}

func TestFirst(t *testing.T) {
	if First(nil) != -1 {
		t.Error("nobody starts, somebody is first")
	}
	if got := First([]Appearance{{5, time.Time{}}, {4, at("18 09:00")}, {7, at("17 09:00")}, {6, at("17 09:00")}}); got != 3 {
		t.Errorf("first is %d", got)
	}
	if got := First([]Appearance{{5, time.Time{}}, {4, time.Time{}}}); got != 1 {
		t.Errorf("without times first is %d", got)
	}
}
