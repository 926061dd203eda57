package needs

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tongchang/scoring"
)

// TestKinds: every kind is whole, stands in a known area and group, and no code
// is there twice.
func TestKinds(t *testing.T) {
	seen := map[Code]bool{}
	at := -1
	for _, k := range Kinds {
		if seen[k.Code] {
			t.Errorf("%s is there twice", k.Code)
		}
		seen[k.Code] = true
		area := slices.Index(Areas, k.Area)
		if area < at {
			t.Errorf("%s: its area %q is over already", k.Code, k.Area)
		}
		at = max(at, area)
		if area < 0 || !slices.Contains(Groups, k.Group) || k.Lead <= 0 || k.Most < 1 || k.Audience != Servants && k.Audience != Medics {
			t.Errorf("%+v is not whole", k)
		}
		if k.Audience == Medics && k.Group != Medical {
			t.Errorf("%s: only the medical desk may know of it, and %s is to do it", k.Code, k.Group)
		}
		if k.Extra != 0 && k.Area != Contest {
			t.Errorf("%s gives time outside a contest", k.Code)
		}
		if got, ok := Find(k.Code); !ok || got != k {
			t.Errorf("Find(%s) = %v, %v", k.Code, got, ok)
		}
	}
	for _, a := range Areas {
		if len(In(a)) == 0 {
			t.Errorf("nothing to ask for in %s", a)
		}
	}
	if _, ok := Find("unicorn"); ok {
		t.Error("found a unicorn")
	}
}

func TestNext(t *testing.T) {
	for name, tt := range map[string]struct {
		from    State
		act     Act
		by      Side
		want    State
		problem string
	}{
		"the desk reads it":                     {Asked, Accept, Server, Accepted, ""},
		"the asker cannot accept":               {Asked, Accept, Asker, Asked, "need-not-yours"},
		"assigning accepts":                     {Asked, Assign, Server, Assigned, ""},
		"somebody else is to do it":             {Doing, Assign, Server, Assigned, ""},
		"the owner begins":                      {Assigned, Take, Server, Doing, ""},
		"nobody begins what is nobody's":        {Accepted, Take, Server, Accepted, "need-cannot-accepted"},
		"answered at once":                      {Asked, Answer, Server, Answered, ""},
		"answered after work":                   {Doing, Answer, Server, Answered, ""},
		"the asker does not answer":             {Doing, Answer, Asker, Doing, "need-not-yours"},
		"satisfied":                             {Answered, Satisfy, Asker, Satisfied, ""},
		"satisfied, told by telephone":          {Answered, Satisfy, Server, Satisfied, ""},
		"not before an answer":                  {Doing, Satisfy, Asker, Doing, "need-cannot-doing"},
		"not good":                              {Answered, Reopen, Asker, Reopened, ""},
		"not good after all":                    {Satisfied, Reopen, Asker, Reopened, ""},
		"reopened goes to an owner again":       {Reopened, Assign, Server, Assigned, ""},
		"reopened is answered again":            {Reopened, Answer, Server, Answered, ""},
		"changed before anybody looked":         {Asked, Change, Asker, Asked, ""},
		"changed in work":                       {Doing, Change, Asker, Reopened, ""},
		"changed after the answer":              {Satisfied, Change, Asker, Reopened, ""},
		"still so":                              {Satisfied, Still, Asker, Satisfied, ""},
		"reminded":                              {Doing, Remind, Server, Doing, ""},
		"nobody to remind":                      {Asked, Remind, Server, Asked, "need-cannot-asked"},
		"no longer needed":                      {Doing, Withdraw, Asker, Withdrawn, ""},
		"what is withdrawn stays withdrawn":     {Withdrawn, Answer, Server, Withdrawn, "need-cannot-withdrawn"},
		"what is withdrawn is not changed":      {Withdrawn, Change, Asker, Withdrawn, "need-cannot-withdrawn"},
		"an act that there is none of, refused": {Asked, "dance", Server, Asked, "need-not-yours"},
	} {
		got, err := Next(tt.from, tt.act, tt.by)
		var inv *scoring.Invalid
		problem := ""
		if errors.As(err, &inv) {
			problem = inv.Problem
		}
		if got != tt.want || problem != tt.problem {
			t.Errorf("%s: %q, %q, want %q, %q", name, got, problem, tt.want, tt.problem)
		}
	}
}

// TestRoads: from every state there is a way to being satisfied, except from
// withdrawn, and no act leads to a state that is none.
func TestRoads(t *testing.T) {
	for _, s := range States {
		if s == Withdrawn {
			if acts := append(May(s, Asker), May(s, Server)...); len(acts) > 0 {
				t.Errorf("withdrawn may be followed by %v", acts)
			}
			continue
		}
		reached := []State{s}
		for i := 0; i < len(reached); i++ {
			for _, by := range []Side{Asker, Server} {
				for _, a := range May(reached[i], by) {
					next, err := Next(reached[i], a, by)
					if err != nil || !slices.Contains(States, next) {
						t.Fatalf("%s from %s: %q, %v", a, reached[i], next, err)
					}
					if !slices.Contains(reached, next) {
						reached = append(reached, next)
					}
				}
			}
		}
		if !slices.Contains(reached, Satisfied) {
			t.Errorf("no way from %s to satisfied", s)
		}
		if s.Open() == slices.Contains([]State{Answered, Satisfied}, s) {
			t.Errorf("%s: open is %v", s, s.Open())
		}
	}
}

func TestCheckWords(t *testing.T) {
	for name, tt := range map[string]struct {
		act   Act
		words string
		ok    bool
	}{
		"an answer in words":    {Answer, "明天中午前装好坡板。", true},
		"no is not an answer":   {Answer, " 不行 ", false},
		"why it is not good":    {Reopen, "坡板太陡，上不去", true},
		"no word why":           {Reopen, "", false},
		"accepting needs none":  {Accept, "", true},
		"too long":              {Ask, strings.Repeat("长", MostWords+1), false},
		"as long as it may be":  {Ask, strings.Repeat("长", MostWords), true},
		"satisfied in no words": {Satisfy, "", true},
	} {
		if err := CheckWords(tt.act, tt.words); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// at is a moment of 2026-06-20 in Harbin's time, or of the day after with 24:00
// and later.
func at(hour, minute int) time.Time {
	return time.Date(2026, 6, 20, hour, minute, 0, 0, harbin)
}

var harbin = time.FixedZone("Asia/Shanghai", 8*60*60)

func TestDue(t *testing.T) {
	bus, _ := Find("lift-bus") // a week
	food, _ := Find("halal")   // three days
	for name, tt := range map[string]struct {
		kind           Kind
		asked, arrives time.Time
		want           time.Time
	}{
		"long before":             {bus, at(9, 0), at(9, 0).AddDate(0, 0, 30), at(9, 0).AddDate(0, 0, 2)},
		"arrival unknown":         {bus, at(9, 0), time.Time{}, at(9, 0).AddDate(0, 0, 2)},
		"the lead time is nearer": {food, at(9, 0), at(9, 0).AddDate(0, 0, 4), at(9, 0).AddDate(0, 0, 1)},
		"the lead time is over":   {bus, at(9, 0), at(9, 0).AddDate(0, 0, 4), at(11, 0)},
		"they are here":           {food, at(9, 0), at(8, 0), at(11, 0)},
	} {
		if got := Due(tt.kind, tt.asked, tt.arrives); !got.Equal(tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestStand(t *testing.T) {
	for name, tt := range map[string]struct {
		clock Clock
		now   time.Time
		want  Standing
		by    time.Duration
	}{
		"two hours and ten late":       {Clock{State: Doing, Due: at(12, 0)}, at(14, 10), Late, 2*time.Hour + 10*time.Minute},
		"on the dot":                   {Clock{State: Doing, Due: at(12, 0)}, at(12, 0), Today, 0},
		"due today":                    {Clock{State: Assigned, Due: at(16, 0)}, at(14, 10), Today, 110 * time.Minute},
		"due in the night":             {Clock{State: Assigned, Due: at(24, 30)}, at(23, 30), Working, time.Hour},
		"answered in time or not":      {Clock{State: Answered, Due: at(12, 0)}, at(14, 10), Waiting, 0},
		"satisfied":                    {Clock{State: Satisfied, Due: at(12, 0)}, at(14, 10), Settled, 0},
		"withdrawn":                    {Clock{State: Withdrawn, Due: at(12, 0)}, at(14, 10), Gone, 0},
		"reopened is open again":       {Clock{State: Reopened, Due: at(12, 0)}, at(14, 10), Late, 130 * time.Minute},
		"they come tomorrow morning":   {Clock{State: Accepted, Due: at(48, 0), Arrives: at(24+9, 0), Lead: days}, at(14, 10), Late, 0},
		"they come the day after":      {Clock{State: Accepted, Due: at(48, 0), Arrives: at(48+15, 0), Lead: days}, at(14, 10), Working, 34*time.Hour - 10*time.Minute},
		"they came, it was asked here": {Clock{State: Asked, Due: at(16, 0), Arrives: at(9, 0), Lead: days}, at(14, 10), Today, 110 * time.Minute},
		"no time known":                {Clock{State: Asked}, at(14, 10), Working, anyway},
	} {
		if got, by := Stand(tt.clock, tt.now, harbin); got != tt.want || by != tt.by {
			t.Errorf("%s: %s by %v, want %s by %v", name, got, by, tt.want, tt.by)
		}
	}
}

func TestBalance(t *testing.T) {
	wants := []Demand{
		{"wheelchair-loan", 35, "2026-06-20", "", 14}, {"wheelchair-loan", 25, "2026-06-20", "", 14}, {"wheelchair-loan", 5, "2026-06-20", "", 16},
		{"room-access", 3, "2026-06-20", "2026-06-22", WholeDay}, {"room-access", 1, "2026-06-22", "", WholeDay},
		{"lift-bus", 2, "", "", WholeDay}, {"lift-bus", 1, "2026-06-20", "", WholeDay},
		{"ramp", 9, "2026-06-20", "", 14}, {"unicorn", 1, "2026-06-20", "", 14},
	}
	haves := []Supply{
		{"wheelchair-loan", 40, "2026-06-20", "2026-06-24", 8, 16}, {"wheelchair-loan", 99, "2026-06-21", "", 0, 24},
		{"room-access", 2, "2026-06-20", "2026-06-30", 0, 24}, {"room-access", 2, "2026-06-22", "2026-06-22", 0, 24},
	}
	want := []Slot{
		{"lift-bus", "2026-06-20", WholeDay, 1, 0},
		{"room-access", "2026-06-20", WholeDay, 3, 2},
		{"wheelchair-loan", "2026-06-20", 14, 60, 40},
		{"wheelchair-loan", "2026-06-20", 16, 5, 0}, // the supply's last hour is over
		{"room-access", "2026-06-21", WholeDay, 3, 2},
		{"room-access", "2026-06-22", WholeDay, 4, 4},
	}
	slots, undated := Balance(wants, haves)
	if !slices.Equal(slots, want) {
		t.Errorf("slots\n%v, want\n%v", slots, want)
	}
	if want := (map[Code]int{"lift-bus": 2}); !reflect.DeepEqual(undated, want) {
		t.Errorf("undated %v, want %v", undated, want)
	}
	if got := []int{slots[2].Short(), slots[5].Short()}; !slices.Equal(got, []int{20, 0}) {
		t.Errorf("short by %v", got)
	}
}

func TestDaysOf(t *testing.T) {
	for name, tt := range map[string]struct {
		from, until string
		want        int
		last        string
	}{
		"one":           {"2026-06-20", "", 1, "2026-06-20"},
		"over a month":  {"2026-06-29", "2026-07-01", 3, "2026-07-01"},
		"backwards":     {"2026-06-20", "2026-06-01", 1, "2026-06-20"},
		"a wrong year":  {"2026-06-20", "3026-06-20", mostDays, "2026-08-18"},
		"no day at all": {"soon", "", 0, ""},
	} {
		got := daysOf(tt.from, tt.until)
		if len(got) != tt.want || tt.want > 0 && got[len(got)-1] != tt.last {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestTasks(t *testing.T) {
	bus := func(id int64, day string, s State, task int64) Shared {
		return Shared{ID: id, Kind: "lift-bus", Day: day, Group: Transport, State: s, Task: task}
	}
	all := []Shared{bus(1, "2026-06-21", Accepted, 0), {ID: 2, Kind: "halal", Group: Catering, State: Asked}, bus(3, "2026-06-21", Asked, 0),
		bus(4, "2026-06-22", Asked, 0), bus(5, "2026-06-21", Answered, 0), {ID: 6, Kind: "halal", Group: Catering, State: Asked}, bus(7, "2026-06-21", Reopened, 0),
		{ID: 8, Kind: "allergy", Group: Catering, State: Asked}, {ID: 9, Kind: "allergy", Group: Catering, State: Asked}}
	if got, want := Tasks(all), [][]int64{{1, 3, 7}, {2, 6}}; !reflect.DeepEqual(got, want) {
		t.Errorf("Tasks = %v, want %v", got, want)
	}
	if got := Tasks([]Shared{bus(1, "", Asked, 1), bus(3, "", Asked, 1)}); got != nil {
		t.Errorf("what is one task already is proposed: %v", got)
	}
	if got := Tasks([]Shared{bus(1, "", Asked, 1), bus(3, "", Asked, 1), bus(4, "", Asked, 0)}); len(got) != 1 {
		t.Errorf("one more of the same is not proposed: %v", got)
	}
	for name, tt := range map[string]struct {
		all  []Shared
		want bool
	}{
		"the same":              {[]Shared{all[0], all[2]}, true},
		"another day":           {[]Shared{all[0], all[3]}, false},
		"another thing":         {[]Shared{all[0], all[1]}, false},
		"one is answered":       {[]Shared{all[0], all[4]}, false},
		"one is no shared task": {all[:1], false},
	} {
		if got := Alike(tt.all); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAccommodate(t *testing.T) {
	for name, tt := range map[string]struct {
		needs []Granted
		want  Accommodation
	}{
		"nobody asked":         {nil, Accommodation{}},
		"asked is not granted": {[]Granted{{"paper-large", Asked, ""}}, Accommodation{}},
		"large print":          {[]Granted{{"paper-large", Answered, Will}}, Accommodation{[]Code{"paper-large"}, 30}},
		"the most time, once":  {[]Granted{{"time-30", Satisfied, Will}, {"paper-braille", Answered, Will}}, Accommodation{[]Code{"paper-braille"}, 50}},
		"time alone":           {[]Granted{{"time-50", Satisfied, Will}}, Accommodation{Extra: 50}},
		"not possible":         {[]Granted{{"reader", Answered, Cannot}}, Accommodation{}},
		"something instead":    {[]Granted{{"reader", Satisfied, Instead}}, Accommodation{}},
		"withdrawn":            {[]Granted{{"reader", Withdrawn, Will}}, Accommodation{}},
		"not well done, still": {[]Granted{{"reader", Reopened, Will}}, Accommodation{Codes: []Code{"reader"}}},
		"nothing of a contest": {[]Granted{{"halal", Satisfied, Will}, {"fridge", Answered, Will}}, Accommodation{}},
		"in the form's order":  {[]Granted{{"rest-break", Answered, Will}, {"paper-large", Answered, Will}}, Accommodation{[]Code{"paper-large", "rest-break"}, 30}},
	} {
		if got := Accommodate(tt.needs); !reflect.DeepEqual(got, tt.want) || got.None() != (len(tt.want.Codes) == 0 && tt.want.Extra == 0) {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

func TestMasked(t *testing.T) {
	for name, want := range map[string]string{"李桂荣": "李**", "古丽巴哈尔·买买提": "古**", "𠮷冈春兰": "𠮷**", "McAllister Ève": "M**", " 王": "王**", "": "", "  ": ""} {
		if got := Masked(name); got != want {
			t.Errorf("Masked(%q) = %q, want %q", name, got, want)
		}
	}
}
