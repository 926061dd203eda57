package entry

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tongchang/events/identity"
	"tongchang/scoring"
)

// Edition is what an edition's regulation says about entries. Every number in
// it is the organiser's; a zero or an empty list means that nothing is said.
type Edition struct {
	Name        string
	NameEn      string        // may be empty
	Opening     identity.Date // ages, certificates and guardians are judged on this day
	Delegations []string      // names
	Senders     []Delegation  // the same, with what else is said of them
	Sports      []Sport       // none in a skills contest
	Events      []Event

	GuardianUnder int      // years; who is younger on the opening day names a guardian
	GuideFor      []string // sport classes that compete with a guide
	PerPerson     int      // individual events that a person may enter, per sport where there are sports
	NotCounted    []string // kinds of events that PerPerson leaves out

	Settings

	named   map[[2]string][]*Event       // by sport and name as compared
	classes map[string]identity.Category // whose certificate a class asks for
	others  identity.Category            // what every other class asks for

	Ages       map[identity.Sex]Window // days of birth that are let in, where they go by sex
	Titles     []string                // titles whose holders may not enter
	ExtraTime  map[string]int          // percent that a form of paper, or a reason, gives
	ExtraLimit int                     // percent
}

// Delegation is who sends people. Code and NameEn may be empty.
type Delegation struct{ Code, Name, NameEn string }

// UnmarshalJSON takes a name alone, or an object with code, name and nameEn.
func (d *Delegation) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &d.Name) == nil {
		return nil
	}
	var said struct {
		Code   string `json:"code"`
		Name   string `json:"name"`
		NameEn string `json:"nameEn"`
	}
	err := strict(b, &said)
	*d = Delegation(said)
	return err
}

// Sport is a sport of the edition with the days of birth that it lets in.
type Sport struct {
	Code, Name, NameEn string
	Aliases            []string
	Born               Window
	Unclassed          identity.Category // of a sport without classes: whose certificate it asks for, 0 for any
}

// Window is a span of days, ends included.
type Window struct{ From, To identity.Date }

// Event is what people enter.
type Event struct {
	Code, Sport, Class, Name, Occupation string
	Group                                string       // of skills; empty where there are sports
	NameEn                               string       // of the name alone
	Sex                                  identity.Sex // empty where men and women compete together
	Mixed                                bool         // men and women together, and both have to be there
	Kind                                 string       // individual, pair, relay or team
	Limit                                int          // per delegation: persons in individual events, teams in others
	Capacity                             int          // persons of all delegations together, in an individual event; 0: no bound
	TeamMin, TeamMax                     int          // persons in a team
	Classes                              []string     // that are let in; none means all
	Categories                           []identity.Category
}

// Individual reports whether a person enters alone.
func (e *Event) Individual() bool { return e.Kind == "individual" }

// Places is how many persons a delegation may enter.
func (e *Event) Places() int {
	if e.Individual() {
		return e.Limit
	}
	return e.Limit * max(e.TeamMax, 1)
}

// ReadEdition reads an edition from its two files: edition.json with the rules
// and events.csv with the programme. What is wrong with them comes as a
// [*scoring.Invalid] that names the line or field.
func ReadEdition(rules, programme io.Reader) (*Edition, error) {
	var doc document
	raw, err := io.ReadAll(rules)
	if err == nil {
		err = strict(raw, &doc)
	}
	if err != nil {
		return nil, fmt.Errorf("edition.json: %w", &scoring.Invalid{Field: "edition.json", Problem: "edition-unread", With: []string{err.Error()}})
	}
	ed, err := doc.edition()
	if err != nil {
		return nil, err
	}
	if ed.Events, err = readEvents(programme); err != nil {
		return nil, err
	}
	ed.named = map[[2]string][]*Event{}
	for i := range ed.Events {
		e := &ed.Events[i]
		k := [2]string{e.Sport, eventWord(e.Name)}
		ed.named[k] = append(ed.named[k], e)
	}
	return ed, ed.check()
}

// strict reads JSON and refuses a name that it does not know: a rule that is
// misspelt must not be a rule that is off.
func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// byName gives a sport's events of a name, however it is written.
func (ed *Edition) byName(sport, name string) []*Event {
	return ed.named[[2]string{sport, eventWord(name)}]
}

// document is edition.json.
type document struct {
	Name        string        `json:"name"`
	NameEn      string        `json:"nameEn"`
	Opening     identity.Date `json:"opening"`
	Delegations []Delegation  `json:"delegations"`
	Sports      []struct {
		Code    string        `json:"code"`
		Name    string        `json:"name"`
		NameEn  string        `json:"nameEn"`
		Aliases []string      `json:"aliases"`
		From    identity.Date `json:"birthFrom"`
		To      identity.Date `json:"birthTo"`
	} `json:"sports"`
	ClassCategories []struct {
		Category json.RawMessage `json:"category"` // a number; a sentence where the rule is what 多重 is composed of
		Classes  string          `json:"classes"`
	} `json:"classCategories"`
	GuardianUnder int      `json:"guardianRequiredUnderAge"`
	GuideFor      []string `json:"guideRequired"`
	Limits        struct {
		PerSport   int      `json:"individualEventsPerPersonAndSport"`
		PerPerson  int      `json:"eventsPerPerson"`
		NotCounted []string `json:"notCounted"`
		PerEvent   string   `json:"perEvent"` // a note for readers: the numbers are in events.csv
	} `json:"limits"`
	Birth     map[string][2]identity.Date `json:"birth"`
	Titles    []string                    `json:"excludeTitles"`
	ExtraTime map[string]string           `json:"extraTime"`
	Settings
}

func (doc *document) edition() (*Edition, error) {
	ed := &Edition{
		Name: doc.Name, NameEn: doc.NameEn, Opening: doc.Opening, Senders: doc.Delegations,
		GuardianUnder: doc.GuardianUnder, GuideFor: doc.GuideFor, NotCounted: doc.Limits.NotCounted,
		PerPerson: max(doc.Limits.PerSport, doc.Limits.PerPerson), Titles: doc.Titles,
		Settings: doc.Settings, Ages: map[identity.Sex]Window{}, ExtraTime: map[string]int{}, classes: map[string]identity.Category{},
	}
	for _, d := range doc.Delegations {
		ed.Delegations = append(ed.Delegations, d.Name)
	}
	for _, s := range doc.Sports {
		ed.Sports = append(ed.Sports, Sport{Code: s.Code, Name: s.Name, NameEn: s.NameEn, Aliases: s.Aliases, Born: Window{s.From, s.To}})
	}
	for word, days := range doc.Birth {
		ed.Ages[ParseSex(word)] = Window{days[0], days[1]}
	}
	for _, reason := range slices.Sorted(maps.Keys(doc.ExtraTime)) {
		percent, ok := ParsePercent(doc.ExtraTime[reason])
		if !ok {
			return nil, &scoring.Invalid{Field: "extraTime", Problem: "edition-number", With: []string{doc.ExtraTime[reason]}}
		}
		if reason == "max" {
			ed.ExtraLimit = percent
		} else {
			ed.ExtraTime[reason] = percent
		}
	}
	for _, c := range doc.ClassCategories {
		var n int
		if json.Unmarshal(c.Category, &n) != nil {
			continue // the rule of 多重, which is built in
		}
		if n < 1 || n > int(identity.Multiple) {
			return nil, &scoring.Invalid{Field: "classCategories", Problem: "edition-number", With: []string{string(c.Category)}}
		}
		ed.ask(identity.Category(n), c.Classes)
	}
	return ed, nil
}

// ask notes which certificate classes ask for: "T11-13 S11-13 B1-B3 视力组", or
// "all others, and 举重", where a sport without classes stands for itself.
func (ed *Edition) ask(c identity.Category, classes string) {
	for word := range strings.FieldsFuncSeq(classes, func(r rune) bool { return strings.ContainsRune(" ,，、", r) }) {
		if word == "all" || word == "and" {
			continue
		}
		if word == "others" {
			ed.others = c
			continue
		}
		if i := slices.IndexFunc(ed.Sports, func(s Sport) bool { return s.Name == word }); i >= 0 {
			ed.Sports[i].Unclassed = c
			continue
		}
		for _, class := range span(word) {
			ed.classes[class] = c
		}
	}
}

// span writes T11-13 and B1-B3 as the classes between.
func span(word string) []string {
	first, last, ok := strings.Cut(word, "-")
	letters := strings.TrimRight(first, "0123456789")
	from, err1 := strconv.Atoi(strings.TrimPrefix(first, letters))
	to, err2 := strconv.Atoi(strings.TrimPrefix(last, letters))
	if !ok || err1 != nil || err2 != nil || to < from || to-from > 99 {
		return []string{word}
	}
	var all []string
	for n := from; n <= to; n++ {
		all = append(all, letters+strconv.Itoa(n))
	}
	return all
}

// readEvents reads events.csv by the names of its columns.
func readEvents(programme io.Reader) ([]Event, error) {
	r := csv.NewReader(programme)
	head, err := r.Read()
	if err != nil {
		return nil, unreadEvents(err)
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	var all []Event
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, unreadEvents(err)
		}
		e, err := readEvent(head, row)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
}

func unreadEvents(err error) error {
	return &scoring.Invalid{Field: "events.csv", Problem: "edition-unread", With: []string{err.Error()}}
}

// mixed is what events.csv calls the sex of an event for men and women together.
const mixed = "混合"

func readEvent(head, row []string) (Event, error) {
	get := func(name string) string {
		if i := slices.Index(head, name); i >= 0 && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	var wrong error
	number := func(name string, otherwise int) int {
		text := get(name)
		if text == "" {
			return otherwise
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 10_000 {
			wrong = &scoring.Invalid{Line: get("code"), Field: name, Problem: "edition-number", With: []string{text}}
		}
		return n
	}
	e := Event{
		Code: get("code"), Sport: get("sport"), Class: get("class"), Name: get("event"), Occupation: get("occupation"),
		Group: get("group"), NameEn: get("event_en"), Mixed: Plain(get("sex")) == mixed,
		Sex: ParseSex(get("sex")), Kind: get("kind"), Limit: number("limit_per_delegation", 0), Capacity: number("capacity", 0),
		TeamMin: number("team_min", number("team_size", 1)), TeamMax: number("team_max", number("team_size", 1)),
		Classes: strings.Fields(get("admits_classes")),
	}
	for _, word := range strings.Fields(get("admits_categories")) {
		c, _, ok := identity.ParseCategory(word)
		if !ok {
			wrong = &scoring.Invalid{Line: e.Code, Field: "admits_categories", Problem: "edition-number", With: []string{word}}
		}
		e.Categories = append(e.Categories, c)
	}
	return e, wrong
}

// check refuses an edition that could judge nobody.
func (ed *Edition) check() error {
	bad := func(line, field, problem string, with ...string) error {
		return &scoring.Invalid{Line: line, Field: field, Problem: problem, With: with}
	}
	if !ed.Opening.Real() {
		return bad("", "opening", "edition-missing")
	}
	if len(ed.Delegations) == 0 {
		return bad("", "delegations", "edition-missing")
	}
	seen := map[string]bool{}
	for i := range ed.Events {
		e := &ed.Events[i]
		switch {
		case e.Code == "" || e.Name == "":
			return bad(e.Code, "code", "edition-missing")
		case seen[e.Code]:
			return bad(e.Code, "code", "edition-twice", e.Code)
		case e.Sport != "" && ed.Sport(e.Sport) == nil:
			return bad(e.Code, "sport", "sport-not-offered", e.Sport)
		case !slices.Contains([]string{"individual", "pair", "relay", "team"}, e.Kind):
			return bad(e.Code, "kind", "unknown-word", e.Kind, "individual, pair, relay, team")
		}
		seen[e.Code] = true
	}
	if len(ed.Events) == 0 {
		return bad("", "events.csv", "edition-missing")
	}
	return ed.Settings.check(ed)
}

// Sport finds a sport by its name, code or an alias, however it is written.
func (ed *Edition) Sport(text string) *Sport {
	word := Plain(text)
	for i := range ed.Sports {
		s := &ed.Sports[i]
		if word == Plain(s.Name) || word == s.Code || slices.ContainsFunc(s.Aliases, func(a string) bool { return word == Plain(a) }) {
			return s
		}
	}
	return nil
}

// SportIn finds the sport that a title names, the longest name first: 轮椅冰壶
// before 冰壶.
func (ed *Edition) SportIn(title string) *Sport {
	word, length := Plain(title), 0
	var best *Sport
	for i := range ed.Sports {
		s := &ed.Sports[i]
		for _, name := range append([]string{s.Name}, s.Aliases...) {
			if name = Plain(name); strings.Contains(word, name) && len(name) > length {
				best, length = s, len(name)
			}
		}
	}
	return best
}

// DelegationIn finds the delegation that a title or a file's name names, the
// longest name first: 大庆油田 before 大庆.
func (ed *Edition) DelegationIn(title string) string {
	best := ""
	for _, d := range ed.Delegations {
		if strings.Contains(title, d) && len(d) > len(best) {
			best = d
		}
	}
	return best
}
