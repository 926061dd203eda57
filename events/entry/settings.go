package entry

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"tongchang/events/identity"
	"tongchang/scoring"
)

// Settings are what a regulation may say beyond sports and events. All of it may
// be left out: a zero or an empty list means that nothing is said. The defaults
// of provinces are in docs/registration.md; none of them is built in.
type Settings struct {
	Closing      identity.Date `json:"closing"` // last day of the games; the opening where it is not said
	Deadlines    Deadlines     `json:"deadlines"`
	Partners     []Partner     `json:"partners"`
	Escorts      Escorts       `json:"escorts"`
	Headquarters Headquarters  `json:"headquarters"`
	Deputies     Deputies      `json:"deputies"`
	Staff        StaffShare    `json:"staff"`
	Papers       []PaperRule   `json:"papers"`
	Quotas       []Quota       `json:"quotas"`
	Substitution Substitution  `json:"substitution"`
	WaitingLists bool          `json:"waitingLists"` // who is over a number waits, and is not refused
}

// Partner asks for somebody on the staff list beside an athlete: a ramp assistant
// for BC3, a pilot on a tandem. Whoever is named in the athlete's own row counts
// for it. (A guide that has to be named there is Edition.GuideFor.)
type Partner struct {
	Classes   []string `json:"classes"`
	Functions []string `json:"functions"` // words under which staff are listed, the usual first
	Serves    int      `json:"serves"`    // athletes that one of them is enough for; 0: one
	Must      bool     `json:"must"`      // without one the row is kept back
}

// Escorts lets a delegation bring carers for its severely disabled athletes: one
// for every Per of them (national games: 3), and with Begun one more for the rest.
type Escorts struct {
	Per       int      `json:"per"`
	Levels    []int    `json:"levels"` // of the certificate that count as severe; none: 1 and 2
	Begun     bool     `json:"begun"`
	Functions []string `json:"functions"`
}

// Headquarters bounds a delegation's leaders to a share of it (national games:
// 15 %). NotCounted are functions that do not count as such.
type Headquarters struct {
	Share      int      `json:"share"` // percent
	Functions  []string `json:"functions"`
	NotCounted []string `json:"notCounted"`
}

// Deputies bounds the deputy heads by the size of the delegation. More may come
// beyond, at the delegation's own cost.
type Deputies struct {
	Functions []string     `json:"functions"`
	BySize    []DeputyStep `json:"bySize"`
	More      int          `json:"more"`
}

// DeputyStep is one line of the table; UpTo 0 is every larger delegation.
type DeputyStep struct {
	UpTo int `json:"upTo"` // people, included
	Most int `json:"most"`
}

// StaffShare bounds staff to a share of the athletes. Escorts come on top of it,
// and so do the functions of NotCounted.
type StaffShare struct {
	Share      int      `json:"share"` // percent of the athletes
	NotCounted []string `json:"notCounted"`
}

// PaperRule asks for a paper of a person: insurance, a health certificate, a
// guardian's consent.
type PaperRule struct {
	Kind string `json:"kind"` // under which the paper is kept
	Name string `json:"name"` // as people call it
	For  string `json:"for"`  // all, athletes, staff or minors
	Must bool   `json:"must"` // without it the row is kept back
}

// PaperKinds are the kinds under which papers are kept.
var PaperKinds = []string{"photo", "insurance", "health", "consent", "class", "other"}

// Quota bounds the persons of a delegation: in all, in a sport, of a sex.
type Quota struct {
	Sport       string         `json:"sport"`
	Sex         string         `json:"sex"`         // 男 or 女
	Of          string         `json:"of"`          // athletes (or nothing), staff, or all
	Most        int            `json:"most"`        // persons; 0: only those that Delegations names are bounded
	Except      []string       `json:"except"`      // sports that are not counted
	Delegations map[string]int `json:"delegations"` // who has another number
}

// Substitution says who may take whose place, and until when.
type Substitution struct {
	Until   Deadline `json:"until"`
	Same    string   `json:"same"`    // sport: any of its events; event, or nothing: those of the one who leaves
	SameSex bool     `json:"sameSex"` // a man for a man
}

// people are the words for whom a rule is.
var people = []string{"all", "athletes", "staff", "minors"}

// check refuses settings that cannot be meant.
func (s *Settings) check(ed *Edition) error {
	for _, err := range []error{s.Deadlines.check(), s.Escorts.check(), s.Headquarters.check(), s.Deputies.check(), s.Staff.check()} {
		if err != nil {
			return err
		}
	}
	if s.Closing != (identity.Date{}) && s.Closing.Compare(ed.Opening) < 0 {
		return &scoring.Invalid{Field: "closing", Problem: "deadline-order", With: []string{s.Closing.String(), ed.Opening.String()}}
	}
	for _, p := range s.Partners {
		if len(p.Classes) == 0 || len(p.Functions) == 0 || p.Serves < 0 {
			return &scoring.Invalid{Field: "partners", Problem: "edition-missing"}
		}
	}
	for i := range s.Papers {
		if err := s.Papers[i].check(); err != nil {
			return err
		}
	}
	for i := range s.Quotas {
		if err := s.Quotas[i].check(ed); err != nil {
			return err
		}
	}
	if !slices.Contains([]string{"", "event", "sport"}, s.Substitution.Same) {
		return unknownWord("substitution.same", s.Substitution.Same, "event", "sport")
	}
	return nil
}

// unknownWord refuses a word that a setting does not know.
func unknownWord(field, word string, known ...string) error {
	return &scoring.Invalid{Field: field, Problem: "unknown-word", With: []string{word, strings.Join(known, ", ")}}
}

// wrongShare refuses percents that are none.
func wrongShare(field string, percent int) error {
	if percent < 0 || percent > 1000 {
		return wrongNumber(field, percent)
	}
	return nil
}

func (p *PaperRule) check() error {
	switch {
	case p.Name == "":
		return &scoring.Invalid{Field: "papers.name", Problem: "edition-missing"}
	case !slices.Contains(PaperKinds, p.Kind):
		return unknownWord("papers.kind", p.Kind, PaperKinds...)
	case !slices.Contains(people, p.For):
		return unknownWord("papers.for", p.For, people...)
	}
	return nil
}

func (q *Quota) check(ed *Edition) error {
	switch {
	case q.Sport != "" && ed.Sport(q.Sport) == nil:
		return &scoring.Invalid{Field: "quotas.sport", Problem: "sport-not-offered", With: []string{q.Sport}}
	case q.Sex != "" && ParseSex(q.Sex) == "":
		return unknownWord("quotas.sex", q.Sex, "男", "女")
	case !slices.Contains([]string{"", "athletes", "staff", "all"}, q.Of):
		return unknownWord("quotas.of", q.Of, "athletes", "staff", "all")
	case q.Most < 0:
		return wrongNumber("quotas.most", q.Most)
	}
	for _, name := range q.Except {
		if ed.Sport(name) == nil {
			return &scoring.Invalid{Field: "quotas.except", Problem: "sport-not-offered", With: []string{name}}
		}
	}
	for _, delegation := range slices.Sorted(maps.Keys(q.Delegations)) {
		if !slices.Contains(ed.Delegations, delegation) {
			return unknownWord("quotas.delegations", delegation, ed.Delegations...)
		}
	}
	return nil
}

func (h *Headquarters) check() error {
	if h.Share > 0 && len(h.Functions) == 0 {
		return &scoring.Invalid{Field: "headquarters.functions", Problem: "edition-missing"}
	}
	return wrongShare("headquarters.share", h.Share)
}

func (s *StaffShare) check() error { return wrongShare("staff.share", s.Share) }

func (e *Escorts) check() error {
	if e.Per < 0 {
		return wrongNumber("escorts.per", e.Per)
	}
	if e.Per > 0 && len(e.Functions) == 0 {
		return &scoring.Invalid{Field: "escorts.functions", Problem: "edition-missing"}
	}
	for _, level := range e.Levels {
		if level < 1 || level > 4 {
			return wrongNumber("escorts.levels", level)
		}
	}
	return nil
}

func (d *Deputies) check() error {
	if len(d.BySize) > 0 && len(d.Functions) == 0 {
		return &scoring.Invalid{Field: "deputies.functions", Problem: "edition-missing"}
	}
	for i, step := range d.BySize {
		last := i == len(d.BySize)-1
		if step.Most < 0 || step.UpTo < 0 || step.UpTo == 0 && !last || i > 0 && !(last && step.UpTo == 0) && step.UpTo <= d.BySize[i-1].UpTo {
			return wrongNumber("deputies.bySize", step.UpTo)
		}
	}
	return nil
}

// wrongNumber refuses a number of an edition.
func wrongNumber(field string, n int) error {
	return &scoring.Invalid{Field: field, Problem: "edition-number", With: []string{strconv.Itoa(n)}}
}
