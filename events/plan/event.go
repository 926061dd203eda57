package plan

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongchang/events/entry"
	"tongchang/scoring"
	"tongchang/scoring/packs"
)

// Event is a line of events.csv. Sex is M, W, X (mixed) or empty for all
// together; Admits are the classes let in, none means all.
type Event struct {
	Code       string   `json:"code"`
	Sport      string   `json:"sport,omitempty"` // name
	Group      string   `json:"group,omitempty"` // of skills
	Sex        string   `json:"sex,omitempty"`
	Class      string   `json:"class,omitempty"` // as printed
	Name       string   `json:"name"`
	NameEn     string   `json:"name_en,omitempty"`
	Occupation string   `json:"occupation,omitempty"`
	Kind       string   `json:"kind"` // individual, pair, relay, team
	Limit      int      `json:"limit,omitempty"`
	Capacity   int      `json:"capacity,omitempty"`
	TeamMin    int      `json:"team_min,omitempty"`
	TeamMax    int      `json:"team_max,omitempty"`
	Admits     []string `json:"admits,omitempty"`
	Categories []int    `json:"categories,omitempty"`
}

// Kinds are the kinds of events, by who enters them.
var Kinds = []string{"individual", "pair", "relay", "team"}

// Title is an event's name as the ledger will have it: 男子100米 T11.
func (e *Event) Title() string {
	sex := map[string]string{"M": "男子", "W": "女子", "X": "混合"}[e.Sex]
	return strings.TrimSpace(sex + e.Name + " " + e.Class)
}

func eventOf(e *entry.Event) Event {
	p := Event{Code: e.Code, Sport: e.Sport, Group: e.Group, Sex: string(e.Sex), Class: e.Class, Name: e.Name, NameEn: e.NameEn, Occupation: e.Occupation,
		Kind: e.Kind, Limit: e.Limit, Capacity: e.Capacity, TeamMin: e.TeamMin, TeamMax: e.TeamMax, Admits: e.Classes}
	if e.Mixed {
		p.Sex = "X"
	}
	for _, c := range e.Categories {
		p.Categories = append(p.Categories, int(c))
	}
	return p
}

var columns = []string{"code", "sport", "group", "sex", "class", "event", "event_en", "occupation", "kind", "limit_per_delegation", "capacity", "team_min", "team_max", "admits_classes", "admits_categories"}

// table writes events.csv.
func table(events []Event) (string, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	rows := [][]string{columns}
	for i := range events {
		e := &events[i]
		rows = append(rows, []string{e.Code, e.Sport, e.Group, map[string]string{"M": "男", "W": "女", "X": "混合"}[e.Sex], e.Class, e.Name, e.NameEn, e.Occupation, e.Kind,
			blank(e.Limit), blank(e.Capacity), blank(e.TeamMin), blank(e.TeamMax), strings.Join(e.Admits, " "), joined(e.Categories)})
	}
	err := w.WriteAll(rows)
	return b.String(), err
}

func blank(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func joined(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, " ")
}

func text(n int) string { return strconv.Itoa(n) }

// Wish is what an organiser wants of a sport's events. Types are those of the
// packs; Sets the classes, empty: those that the packs have for each type.
type Wish struct {
	Types []string
	Sexes []string // M, W, X
	Sets  []packs.ClassSet
	Day   string // on which body-weight categories are those in force
}

// Make makes the events of a wish, in the order of the packs. Sport is the name
// under which the edition has the discipline.
func Make(p *packs.Packs, discipline, sport string, w Wish) []Event {
	var all []Event
	for _, c := range p.Contests {
		at := slices.IndexFunc(p.EventTypes, func(t packs.EventType) bool { return t.Discipline == discipline && t.Code == c.Type })
		if c.Discipline != discipline || at < 0 || !slices.Contains(w.Types, c.Type) {
			continue
		}
		m := maker{packs: p, contest: c, kind: p.EventTypes[at], sport: sport, wish: w}
		all = append(all, m.events()...)
	}
	return all
}

// maker makes the events of one type.
type maker struct {
	packs   *packs.Packs
	contest packs.Contest
	kind    packs.EventType
	sport   string
	wish    Wish
}

func (m *maker) events() (all []Event) {
	sexes := slices.DeleteFunc(slices.Clone(m.contest.Sexes), func(s string) bool { return !slices.Contains(m.wish.Sexes, s) })
	if m.contest.ByWeight {
		for _, sex := range sexes {
			for _, weight := range m.packs.WeightsOn(m.wish.Day, sex) {
				e := m.event(sex, packs.ClassSet{}, weight.Category)
				e.Name, e.NameEn = weight.Category+"公斤级", weight.Category+" kg"
				all = append(all, e)
			}
		}
		return all
	}
	sets := m.contest.Classes
	if len(m.wish.Sets) > 0 {
		sets = m.wish.Sets
	}
	if len(sets) == 0 {
		sets = []packs.ClassSet{{}}
	}
	for _, set := range sets {
		for _, sex := range sexes {
			all = append(all, m.event(sex, set, m.kind.Code))
		}
	}
	return all
}

func (m *maker) event(sex string, set packs.ClassSet, last string) Event {
	code := []string{m.kind.Discipline, sex}
	if set.Code != "" {
		code = append(code, set.Code)
	}
	e := Event{Code: strings.Join(append(code, last), "-"), Sport: m.sport, Sex: sex, Class: set.Name, Name: m.kind.Chinese, NameEn: m.kind.English,
		Kind: m.kind.Entry, Limit: m.contest.Limit, TeamMin: m.contest.TeamMin, TeamMax: m.contest.TeamMax, Admits: set.Admits}
	if e.Kind == "individual" {
		e.TeamMin, e.TeamMax = 1, 1
	}
	return e
}

// SkillEvent is a skill of the packs as an event. In each at most two of a
// delegation, which regulations of provinces set between one and three.
func SkillEvent(s packs.Skill) Event {
	e := Event{Code: s.Code, Group: s.Group, Name: s.Chinese, NameEn: s.English, Occupation: s.Occupation, Kind: "individual", Limit: 2,
		TeamMin: s.Team, TeamMax: s.Team, Categories: s.Categories}
	if s.Team > 1 {
		e.Kind, e.Limit = "team", 1
	}
	return e
}

// Add adds events that are not there yet, by code or by what they are, beside
// the others of their sport. It says how many it added.
func (p *Plan) Add(events ...Event) (added int) {
	for _, e := range events {
		if slices.ContainsFunc(p.Events, func(o Event) bool { return o.Code == e.Code || o.what() == e.what() }) {
			continue
		}
		at := len(p.Events)
		for i := range p.Events {
			if p.Events[i].Sport == e.Sport && p.Events[i].Group == e.Group {
				at = i + 1
			}
		}
		p.Events = slices.Insert(p.Events, at, e)
		added++
	}
	return added
}

func (e *Event) what() string {
	return strings.Join([]string{e.Sport, e.Group, e.Sex, e.Class, e.Name}, "\t")
}

// Remove takes events away by their codes and says how many there were.
func (p *Plan) Remove(codes ...string) int {
	before := len(p.Events)
	p.Events = slices.DeleteFunc(p.Events, func(e Event) bool { return slices.Contains(codes, e.Code) })
	return before - len(p.Events)
}

// Put puts an event in the place of the one with a code; with no code it is a
// new one. Its own code may be empty: then it gets one.
func (p *Plan) Put(code string, e Event) error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with}
	}
	switch {
	case strings.TrimSpace(e.Name) == "":
		return bad("event-name", "setup-missing")
	case !slices.Contains(Kinds, e.Kind):
		return bad("kind", "unknown-word", e.Kind, strings.Join(Kinds, ", "))
	case e.TeamMin < 0 || e.TeamMax < e.TeamMin:
		return bad("team_max", "setup-team", text(e.TeamMin), text(e.TeamMax))
	case e.Limit < 0 || e.Limit > 99:
		return bad("limit", "not-between", text(e.Limit), "0", "99")
	}
	if e.Code == "" {
		e.Code = p.freeCode(&e)
	}
	for i := range p.Events {
		o := &p.Events[i]
		switch {
		case o.Code == code && code != "":
		case o.Code == e.Code:
			return bad("code", "edition-twice", e.Code)
		case o.what() == e.what():
			return bad("event-name", "setup-event-twice", e.Title(), o.Code)
		}
	}
	if at := slices.IndexFunc(p.Events, func(o Event) bool { return o.Code == code }); at >= 0 && code != "" {
		p.Events[at] = e
		return nil
	}
	p.Add(e)
	return nil
}

// freeCode is a code that no event has, by the sport.
func (p *Plan) freeCode(e *Event) string {
	prefix := "E"
	for _, s := range p.Rules.Sports {
		if s.Name == e.Sport && s.Code != "" {
			prefix = s.Code
		}
	}
	for n := 1; ; n++ {
		code := fmt.Sprintf("%s-%d", prefix, n)
		if !slices.ContainsFunc(p.Events, func(o Event) bool { return o.Code == code }) {
			return code
		}
	}
}

// EventOf finds an event by its code.
func (p *Plan) EventOf(code string) *Event {
	for i := range p.Events {
		if p.Events[i].Code == code {
			return &p.Events[i]
		}
	}
	return nil
}
