package timetable

import (
	"strconv"
	"strings"
	"testing"
)

// at is a minute of the small games' first day: 9:30 is at(t, "09:30").
func at(t testing.TB, clock string) Moment {
	t.Helper()
	var m Moment
	if err := m.UnmarshalText([]byte("2027-06-19T" + clock)); err != nil {
		t.Fatal(err)
	}
	return m
}

func span(t testing.TB, from, until string) Span { return Span{at(t, from), at(t, until)} }

// small is a games of two venues 20 minutes apart, with 15 minutes to warm up
// and 30 to rest, and one athlete, guide and judge.
func small(t testing.TB) *Document {
	return &Document{Zone: "Asia/Shanghai", Lead: 60, Days: []Span{span(t, "08:00", "18:00")}, TravelAny: 20,
		Venues: []Venue{
			{ID: "stadium", WarmUp: 15, Areas: []Area{{ID: "track", Name: "Track", Courts: 1, Turnover: 5}, {ID: "throw", Courts: 2}}},
			{ID: "hall", WarmUp: 15, Areas: []Area{{ID: "mat", Courts: 2}}},
		},
		Rest:   []Rest{{Minutes: 30, Recovery: 45}, {Class: "T54", Minutes: 40}},
		People: []Person{{ID: "athlete", Name: "Lin"}, {ID: "guide"}, {ID: "judge"}},
	}
}

// with adds a unit of 20 minutes at its place.
func (d *Document) with(t testing.TB, id, area string, court int, start string, change func(*Unit)) *Document {
	t.Helper()
	u := Unit{ID: id, Discipline: "athletics", Minutes: 20, Areas: []string{area}}
	if change != nil {
		change(&u)
	}
	d.Units = append(d.Units, u)
	d.Plan = append(d.Plan, Placement{id, area, court, at(t, start)})
	return d
}

func who(id string, as Role, class string, extra int) func(*Unit) {
	return func(u *Unit) { u.People = append(u.People, Part{id, as, class, extra}) }
}

func athlete(u *Unit) { who("athlete", Athlete, "T11", 0)(u) }
func judge(u *Unit)   { who("judge", Judge, "", 0)(u) }

// TestCheck: a case for each rule and each of its edges; the last minute that is
// still right is in it beside the first that is wrong.
func TestCheck(t *testing.T) {
	both := func(change func(*Unit), first, second string) func(*Document) {
		return func(d *Document) {
			d.with(t, "a", "track", 1, first, change).with(t, "b", "throw", 1, second, change)
		}
	}
	acrossTown := func(change func(*Unit), second string) func(*Document) {
		return func(d *Document) {
			d.with(t, "a", "track", 1, "09:00", change).with(t, "b", "mat", 1, second, change)
		}
	}
	court := func(second string) func(*Document) {
		return func(d *Document) {
			d.with(t, "a", "track", 1, "09:00", nil).with(t, "b", "track", 1, second, nil)
		}
	}
	phases := func(second string) func(*Document) {
		return func(d *Document) {
			d.with(t, "a", "track", 1, "09:00", func(u *Unit) { u.Event, u.Phase = "100", 1 })
			d.with(t, "b", "track", 1, second, func(u *Unit) { u.Event, u.Phase = "100", 2 })
		}
	}
	panel := func(start string, role Role, discipline string) func(*Document) {
		return func(d *Document) {
			d.with(t, "a", "throw", 1, start, func(u *Unit) {
				u.Kind, u.Discipline = Classification, discipline
				who("athlete", role, "", 0)(u)
			})
			d.with(t, "b", "track", 1, "12:00", athlete)
		}
	}
	long := func(extra int) func(*Unit) {
		return func(u *Unit) { u.Minutes = 60; who("athlete", Athlete, "T11", extra)(u) }
	}
	session := func(d *Document) {
		d.Sessions = []Session{{ID: "am", Venue: "stadium", Span: span(t, "08:00", "12:00"), Disciplines: []string{"athletics"}},
			{ID: "pm", Venue: "stadium", Span: span(t, "14:00", "18:00"), Disciplines: []string{"other"}}}
	}
	for name, tt := range map[string]struct {
		build func(*Document)
		want  string // rule, units, person, minutes missing
	}{
		"two places":          {both(athlete, "09:00", "09:15"), "two-places a b athlete 5"},
		"judge in two places": {both(judge, "09:00", "09:19"), "two-places a b judge 1"},
		"guide in two places": {both(who("guide", Guide, "T11", 0), "09:00", "09:00"), "two-places a b guide 20"},
		"judges need no rest": {both(judge, "09:00", "09:20"), ""},
		"rest":                {both(athlete, "09:00", "09:49"), "rest a b athlete 1"},
		"rest just enough":    {both(athlete, "09:00", "09:50"), ""},
		"rest of a class":     {both(who("athlete", Athlete, "T54", 0), "09:00", "09:50"), "rest a b athlete 10"},
		"guides rest":         {both(who("guide", Guide, "T11", 0), "09:00", "09:30"), "rest a b guide 20"},
		"travel":              {acrossTown(judge, "09:39"), "travel a b judge 1"},
		"travel just enough":  {acrossTown(judge, "09:40"), ""},
		"warm-up":             {acrossTown(athlete, "09:50"), "warm-up a b athlete 5"},
		"warm-up just enough": {acrossTown(athlete, "09:55"), ""},
		"travel and rest":     {acrossTown(athlete, "09:35"), "travel a b athlete 5; rest a b athlete 15"},
		"court":               {court("09:15"), "court a b  10"},
		"turnover":            {court("09:24"), "court a b  1"},
		"court just free":     {court("09:25"), ""},
		"phase":               {phases("10:04"), "order a b  1"},
		"phase just in time":  {phases("10:05"), ""},
		"final first":         {phases("08:00"), "order a b  125"},
		"classified":          {panel("10:41", Athlete, "athletics"), "classified a b athlete 1"},
		"classified in time":  {panel("10:40", Athlete, "athletics"), ""},
		"classified too late": {panel("13:00", Athlete, "athletics"), "classified b a athlete 140"},
		"another discipline":  {panel("13:00", Athlete, "swimming"), ""},
		"with somebody else":  {panel("13:00", Guide, "athletics"), ""},
		"before opening":      {func(d *Document) { d.with(t, "a", "track", 1, "07:55", nil) }, "hours a  5"},
		"after closing":       {func(d *Document) { d.with(t, "a", "track", 1, "17:50", nil) }, "hours a  10"},
		"to the last minute":  {func(d *Document) { d.with(t, "a", "track", 1, "17:40", nil) }, ""},
		"outside sessions":    {func(d *Document) { session(d); d.with(t, "a", "track", 1, "11:45", nil) }, "hours a  5"},
		"other's session":     {func(d *Document) { session(d); d.with(t, "a", "track", 1, "15:00", nil) }, "hours a  20"},
		"no session at all":   {func(d *Document) { session(d); d.with(t, "a", "mat", 1, "15:00", nil) }, ""},
		"never": {func(d *Document) {
			d.with(t, "a", "track", 1, "09:00", func(u *Unit) { u.Never = []Span{span(t, "09:10", "10:00")} })
		}, "never a  10"},
		"court there is not":    {func(d *Document) { d.with(t, "a", "track", 2, "09:00", nil) }, "wrong-place a  0"},
		"area for others":       {func(d *Document) { d.with(t, "a", "track", 1, "09:00", func(u *Unit) { u.Areas = []string{"mat"} }) }, "wrong-place a  0"},
		"extra until closing":   {func(d *Document) { d.with(t, "a", "track", 1, "17:00", long(50)) }, "extra-time a  30"},
		"extra that fits":       {func(d *Document) { d.with(t, "a", "track", 1, "16:30", long(50)) }, ""},
		"too late all the same": {func(d *Document) { d.with(t, "a", "track", 1, "17:10", long(50)) }, "hours a  40"},
		"extra into the next": {func(d *Document) {
			d.with(t, "a", "track", 1, "09:00", long(30)).with(t, "b", "track", 1, "10:05", nil)
		}, "extra-time a b  18"},
		"extra takes the rest": {func(d *Document) {
			d.with(t, "a", "track", 1, "09:00", long(50)).with(t, "b", "throw", 1, "10:30", athlete)
		}, "extra-time a b athlete 30"},
		"extra takes the phase": {func(d *Document) {
			d.with(t, "a", "track", 1, "09:00", func(u *Unit) { u.Event, u.Phase = "e", 1; long(50)(u) })
			d.with(t, "b", "throw", 1, "10:45", func(u *Unit) { u.Event, u.Phase = "e", 2 })
		}, "extra-time a b  30"},
		"two of a unit": {func(d *Document) {
			d.with(t, "a", "track", 1, "09:00", nil)
			d.Plan = append(d.Plan, Placement{"a", "track", 1, at(t, "10:00")})
		}, "twice a  0"},
		"unknown unit":    {func(d *Document) { d.Plan = []Placement{{"x", "track", 1, at(t, "10:00")}} }, "no-unit x  0"},
		"without a place": {func(d *Document) { d.with(t, "a", "track", 1, "09:00", nil).Plan = nil }, "unplaced a  0"},
		"away": {func(d *Document) {
			d.People[0].Away = []Span{span(t, "09:19", "12:00")}
			d.with(t, "a", "track", 1, "09:00", athlete)
		}, "away a athlete 1"},
		"busy": {func(d *Document) {
			d.Venues[0].Busy = []Busy{{Span: span(t, "08:00", "09:05"), Areas: []string{"throw"}, Courts: []int{2}}}
			d.with(t, "a", "throw", 2, "09:00", nil).with(t, "b", "throw", 1, "09:00", nil).with(t, "c", "track", 1, "09:00", nil)
		}, "busy a  5"},
		"busy everywhere": {func(d *Document) {
			d.Venues[0].Busy = []Busy{{Span: span(t, "08:00", "09:05")}}
			d.with(t, "a", "throw", 2, "09:05", nil).with(t, "b", "throw", 1, "09:00", nil).with(t, "c", "mat", 1, "08:00", nil)
		}, "busy b  5"},
	} {
		d := small(t)
		tt.build(d)
		if faults := d.Faults(); len(faults) > 0 {
			t.Fatalf("%s: %v", name, faults)
		}
		if got := short(Check(d)); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// short writes clashes as the table does.
func short(clashes []Clash) string {
	all := make([]string, len(clashes))
	for i, c := range clashes {
		all[i] = strings.Join([]string{string(c.Rule), strings.Join(c.Units, " "), c.Person, strconv.Itoa(c.Missing)}, " ")
	}
	return strings.Join(all, "; ")
}

// TestTakes: everybody at once takes as long as the slowest, turns each grow by
// their own, and only athletes are given time.
func TestTakes(t *testing.T) {
	people := func(extra ...int) (all []Part) {
		for i, e := range extra {
			all = append(all, Part{Person: strconv.Itoa(i), As: Athlete, Extra: e})
		}
		return all
	}
	for name, tt := range map[string]struct {
		unit Unit
		want int
	}{
		"nobody":            {Unit{Minutes: 90}, 90},
		"nobody in turn":    {Unit{Minutes: 90, InTurn: true}, 90},
		"half as long":      {Unit{Minutes: 90, People: people(0, 50, 30)}, 135},
		"a third, round up": {Unit{Minutes: 7, People: people(30)}, 10},
		"in turn":           {Unit{Minutes: 90, InTurn: true, People: people(0, 50, 30)}, 114},
		"a judge's is none": {Unit{Minutes: 90, People: []Part{{Person: "j", As: Judge, Extra: 50}}}, 90},
	} {
		if got := tt.unit.Takes(); got != tt.want {
			t.Errorf("%s: %d minutes, want %d", name, got, tt.want)
		}
	}
}

// TestWhichRest: the row that says most holds.
func TestWhichRest(t *testing.T) {
	d := &Document{Rest: []Rest{{Discipline: "AT", Class: "T54", Minutes: 4}, {Class: "T54", Minutes: 3}, {Discipline: "AT", Minutes: 2}, {Minutes: 1}}}
	for _, tt := range []struct {
		discipline, class string
		want              int
	}{{"AT", "T54", 4}, {"SW", "T54", 3}, {"AT", "T11", 2}, {"SW", "S9", 1}, {"", "", 1}} {
		if got := d.rest(tt.discipline, tt.class).Minutes; got != tt.want {
			t.Errorf("%s %s: %d, want %d", tt.discipline, tt.class, got, tt.want)
		}
	}
	if got := new(Document).rest("AT", "T54"); got != (Rest{}) {
		t.Errorf("no rows: %+v", got)
	}
}

// TestTravel: a way back of its own goes before the way there.
func TestTravel(t *testing.T) {
	d := &Document{TravelAny: 30, Travel: []Travel{{"a", "b", 10}, {"b", "a", 12}, {"a", "c", 5}}}
	for _, tt := range []struct {
		from, to string
		want     int
	}{{"a", "b", 10}, {"b", "a", 12}, {"c", "a", 5}, {"b", "c", 30}, {"b", "b", 0}} {
		if got := d.travel(tt.from, tt.to); got != tt.want {
			t.Errorf("%s to %s: %d, want %d", tt.from, tt.to, got, tt.want)
		}
	}
}
