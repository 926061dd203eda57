// Package records says which performances better, break, set or equal a record
// (超, 破, 创, 平), in order of time, and what keeps a claim pending.
//
// A record belongs to an event, a sex and a sport class. A merged event keeps
// the records of its classes apart, so a performance names its own class.
package records

import (
	"cmp"
	"slices"

	"tongchang/scoring"
)

// State is what a performance did to a record. Chinese result books count the
// four apart: the 9th national para games told of 51 world records bettered,
// 204 national ones broken or set, and 3 equalled.
type State string

// The four states. Better and Break differ in who may recognise the record:
// at this competition a record of a level is broken only where the level says
// so, otherwise its mark is bettered and the record stands until its own body
// decides. That line is common usage rather than a clause we could read, so
// each level carries it as data. Set is the first record there is: without a
// former one nothing can be broken.
const (
	Better State = "better" // 超
	Break  State = "break"  // 破
	Set    State = "set"    // 创
	Equal  State = "equal"  // 平
)

// Known reports whether the state is one of the four.
func (s State) Known() bool {
	switch s {
	case Better, Break, Set, Equal:
		return true
	}
	return false
}

// Level is a list of records: world, Asian, national, provincial, of the games.
type Level struct {
	ID         string `json:"id"`
	Recognised bool   `json:"recognised,omitempty"` // this competition can break a record of this level
}

// Key says whose record it is.
type Key struct {
	Event string `json:"event"` // event type and sex: discus W
	Class string `json:"class,omitempty"`
}

// Record is an entry of a list. Joint holders stand together; without holders
// Mark is a minimum that a first record has to reach.
type Record struct {
	Level string `json:"level"`
	Key
	Mark    scoring.Mark `json:"mark"`
	Holders []string     `json:"holders,omitempty"`
	Date    string       `json:"date,omitempty"` // 2006-01-02
	Place   string       `json:"place,omitempty"`
}

// Rules say when a mark is better and what a record needs.
type Rules struct {
	Levels []Level `json:"levels"`
	// Lower is true where less is better: times.
	Lower bool `json:"lower,omitempty"`
	// Wind is the strongest following wind in mm/s under which a record can
	// stand; nil where the event does not measure wind. 2,000 is the limit of
	// the 100 m, the 200 m and the horizontal jumps.
	Wind *int64 `json:"wind,omitempty"`
	// Status asks for a confirmed class (C), or one under review with a fixed
	// date after the day of the record (IPC rankings and records, per level).
	Status []string `json:"status,omitempty"` // levels that ask for it
	Checks []string `json:"checks,omitempty"` // what must be on file besides, such as doping-control
	Source string   `json:"source,omitempty"`
}

// Performance is one mark that could be a record. Performances with the same
// Order happened at once (one race): they are all compared with the record as
// it stood before it.
type Performance struct {
	ID     string `json:"id"`
	Order  int    `json:"order"`
	Holder string `json:"holder"`
	Date   string `json:"date"`
	Place  string `json:"place,omitempty"`
	Key
	Mark    scoring.Mark `json:"mark"`
	Wind    *int64       `json:"wind,omitempty"`    // mm/s, positive from behind
	Status  string       `json:"status,omitempty"`  // N, R, FRD or C on the day
	Review  int          `json:"review,omitempty"`  // year of the fixed review date
	Checked []string     `json:"checked,omitempty"` // of the rules' checks, those passed
	Refused []string     `json:"refused,omitempty"` // levels whose body has refused it
}

// Claim is what a performance did at one level. Former is the mark it was
// compared with. Pending says what is still open, Barred what forbids the
// record for good: both as keys of the message catalogue.
type Claim struct {
	Performance string        `json:"performance"`
	Holder      string        `json:"holder"`
	Level       string        `json:"level"`
	State       State         `json:"state"`
	Mark        scoring.Mark  `json:"mark"`
	Former      *scoring.Mark `json:"former,omitempty"`
	Stands      bool          `json:"stands,omitempty"` // the record afterwards is this mark
	Joint       bool          `json:"joint,omitempty"`  // and others hold it as well
	Pending     []string      `json:"pending,omitempty"`
	Barred      []string      `json:"barred,omitempty"`
}

// The conditions that keep a claim pending or bar it.
const (
	WindMissing    = "wind-missing"
	WindTooStrong  = "wind-too-strong"
	ClassUnsettled = "class-unsettled" // N or R: it stands once the panel confirms the class
	ReviewTooSoon  = "review-too-soon" // fixed review date not after the day
	ClassNone      = "class-none"      // NE, CNC or no class at all
	CheckMissing   = "check-missing"
	Refused        = "refused"
)

// Claims goes through the performances in order and answers with every claim
// and with the lists as they would stand if all claims that are not barred
// were recognised. The order of either list's input never matters.
func Claims(rules Rules, list []Record, performances []Performance) ([]Claim, []Record, error) {
	book, err := rules.open(list)
	if err != nil {
		return nil, nil, err
	}
	sorted := slices.SortedFunc(slices.Values(performances), func(a, b Performance) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), scoring.CompareIDs(a.ID, b.ID))
	})
	for i, p := range sorted {
		if err := rules.check(sorted[:i], p); err != nil {
			return nil, nil, err
		}
	}
	var claims []Claim
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && sorted[n].Order == sorted[0].Order {
			n++
		}
		for _, level := range rules.Levels {
			claims = append(claims, rules.moment(book, level, sorted[:n])...)
		}
		sorted = sorted[n:]
	}
	return claims, book.list(), nil
}

// better reports whether a beats b.
func (r *Rules) better(a, b scoring.Mark) bool {
	if r.Lower {
		return a < b
	}
	return a > b
}

// moment compares everything that happened at once with the records of one
// level, then moves the records on.
func (r *Rules) moment(b book, level Level, at []Performance) []Claim {
	var claims []Claim
	var made []int // which performance each claim came from
	for i, p := range at {
		if c, ok := r.claim(b[place{level.ID, p.Key}], level, p); ok {
			claims, made = append(claims, c), append(made, i)
		}
	}
	for i, c := range claims {
		if len(c.Barred) == 0 {
			b.move(r, place{level.ID, at[made[i]].Key}, c, at[made[i]])
		}
	}
	for i := range claims {
		c, now := &claims[i], b[place{level.ID, at[made[i]].Key}]
		c.Stands = len(c.Barred) == 0 && now.Mark == c.Mark
		c.Joint = c.Stands && len(now.Holders) > 1
	}
	return claims
}

// claim says what one performance does to a record; ok is false for nothing.
func (r *Rules) claim(former *Record, level Level, p Performance) (c Claim, ok bool) {
	c = Claim{Performance: p.ID, Holder: p.Holder, Level: level.ID, Mark: p.Mark}
	switch {
	case former == nil:
		c.State = Set
	case r.better(former.Mark, p.Mark):
		return c, false
	case len(former.Holders) == 0: // a minimum is reached, and the first record set
		c.State = Set
	case former.Mark == p.Mark:
		c.State = Equal
	case level.Recognised:
		c.State = Break
	default:
		c.State = Better
	}
	if former != nil {
		mark := former.Mark
		c.Former = &mark
	}
	c.Pending, c.Barred = r.conditions(level, p)
	return c, true
}

// conditions lists what a performance still lacks, and what it can never get.
func (r *Rules) conditions(level Level, p Performance) (pending, barred []string) {
	switch {
	case r.Wind == nil:
	case p.Wind == nil:
		pending = append(pending, WindMissing)
	case *p.Wind > *r.Wind:
		barred = append(barred, WindTooStrong)
	}
	if slices.Contains(r.Status, level.ID) {
		switch p.Status {
		case "C":
		case "FRD":
			if day, ok := year(p.Date); !ok || p.Review <= day {
				pending = append(pending, ReviewTooSoon)
			}
		case "N", "R":
			pending = append(pending, ClassUnsettled)
		default:
			barred = append(barred, ClassNone)
		}
	}
	for _, check := range r.Checks {
		if !slices.Contains(p.Checked, check) {
			pending = append(pending, CheckMissing+" "+check)
		}
	}
	if slices.Contains(p.Refused, level.ID) {
		barred = append(barred, Refused)
	}
	return pending, barred
}
