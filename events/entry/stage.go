package entry

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tongchang/events/identity"
	"tongchang/scoring"
)

// Stage says how far the entries of an edition have come. What each lets a
// delegation do is a setting; what it lets by default is what provincial and
// national regulations have in common: numbers first, then names, then only
// changes, then only what has a reason.
type Stage string

// The stages, in their order.
const (
	Always  Stage = "always"  // the edition has no deadlines
	Numbers Stage = "numbers" // how many will come; names may be entered already
	Names   Stage = "names"   // who comes, and for what
	Final   Stage = "final"   // nobody is added any more
	Late    Stage = "late"    // changes for a reason
	Closed  Stage = "closed"  // only the organisers change anything
)

// Doing is what a delegation does with a row.
type Doing string

// What a delegation does.
const (
	Add        Doing = "add"
	Change     Doing = "change"
	Substitute Doing = "substitute"
	Withdraw   Doing = "withdraw"
)

// Deadline is the end of a stage, by the clocks of the place: a day with all its
// hours, or the minute from which it is over.
type Deadline struct {
	Day    identity.Date
	Minute int // of the day; 0: the day's end
}

// UnmarshalText reads 2027-04-15 and 2027-04-15 17:00.
func (d *Deadline) UnmarshalText(text []byte) error {
	day, clock, timed := strings.Cut(string(text), " ")
	if err := d.Day.UnmarshalText([]byte(day)); err != nil || !timed {
		return err
	}
	at, err := time.Parse("15:04", clock)
	if d.Minute = at.Hour()*60 + at.Minute(); err == nil && d.Minute == 0 {
		return fmt.Errorf("%q: write the day before, which ends then", text)
	}
	return err
}

// String writes a deadline as it is read.
func (d Deadline) String() string {
	if d.Minute == 0 {
		return d.Day.String()
	}
	return fmt.Sprintf("%s %02d:%02d", d.Day, d.Minute/60, d.Minute%60)
}

// set reports whether there is such a deadline.
func (d Deadline) set() bool { return d.Day != identity.Date{} }

// over reports whether a moment, by the clocks of the place, is after it.
func (d Deadline) over(now time.Time) bool {
	switch c := identity.DateOf(now).Compare(d.Day); {
	case c != 0:
		return c > 0
	case d.Minute == 0:
		return false
	}
	return now.Hour()*60+now.Minute() >= d.Minute
}

// Deadlines are the ends of the stages. One that is not set has no stage. Lets
// overrides what a stage lets a delegation do.
type Deadlines struct {
	Numbers Deadline          `json:"numbers"`
	Names   Deadline          `json:"names"`
	Final   Deadline          `json:"final"`
	Late    Deadline          `json:"late"`
	Lets    map[Stage][]Doing `json:"lets"`
}

// stages are the stages with their ends, in order.
func (d *Deadlines) stages() []struct {
	stage Stage
	until Deadline
} {
	return []struct {
		stage Stage
		until Deadline
	}{{Numbers, d.Numbers}, {Names, d.Names}, {Final, d.Final}, {Late, d.Late}}
}

// Stage is the stage at a moment. Now is in the zone of the place.
func (ed *Edition) Stage(now time.Time) Stage {
	any := false
	for _, s := range ed.Deadlines.stages() {
		if !s.until.set() {
			continue
		}
		if any = true; !s.until.over(now) {
			return s.stage
		}
	}
	if any {
		return Closed
	}
	return Always
}

// Until is when a stage ends; false where it has no end.
func (ed *Edition) Until(stage Stage) (Deadline, bool) {
	for _, s := range ed.Deadlines.stages() {
		if s.stage == stage {
			return s.until, s.until.set()
		}
	}
	return Deadline{}, false
}

// usual is what a stage lets a delegation do where the edition says nothing.
var usual = map[Stage][]Doing{
	Always:  {Add, Change, Substitute, Withdraw},
	Numbers: {Add, Change, Substitute, Withdraw},
	Names:   {Add, Change, Substitute, Withdraw},
	Final:   {Change, Substitute, Withdraw},
	Late:    {Substitute, Withdraw},
	Closed:  {},
}

// Lets reports whether a delegation may do something at a moment, and whether it
// has to say why. Withdrawing needs a reason once names were due; in the late
// stage everything does.
func (ed *Edition) Lets(now time.Time, what Doing) (may, reason bool) {
	stage := ed.Stage(now)
	lets, said := ed.Deadlines.Lets[stage]
	if !said {
		lets = usual[stage]
	}
	may = slices.Contains(lets, what)
	return may, stage == Late || stage == Closed || stage == Final && (what == Withdraw || what == Substitute)
}

// check refuses stages that end before they begin, and words that say nothing.
func (d *Deadlines) check() error {
	var before Deadline
	for _, s := range d.stages() {
		if !s.until.set() {
			continue
		}
		if before.set() && (s.until.Day.Compare(before.Day) < 0 || s.until.Day == before.Day && s.until.end() <= before.end()) {
			return &scoring.Invalid{Field: "deadlines." + string(s.stage), Problem: "deadline-order", With: []string{s.until.String(), before.String()}}
		}
		before = s.until
	}
	for stage, lets := range d.Lets {
		if _, ok := usual[stage]; !ok {
			return &scoring.Invalid{Field: "deadlines.lets", Problem: "unknown-word", With: []string{string(stage), "numbers, names, final, late, closed"}}
		}
		for _, what := range lets {
			if !slices.Contains(usual[Always], what) {
				return &scoring.Invalid{Field: "deadlines.lets." + string(stage), Problem: "unknown-word", With: []string{string(what), "add, change, substitute, withdraw"}}
			}
		}
	}
	return nil
}

// end is the minute of its day at which a deadline is over.
func (d Deadline) end() int {
	if d.Minute == 0 {
		return 24 * 60
	}
	return d.Minute
}
