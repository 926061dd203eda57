package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"tongchang/events/entry"
	"tongchang/scoring"
)

// Rules are what an edition says about entries: the members of edition.json
// (docs/edition.md) that a step asks for, and in Rest all others as they are.
// Name, NameEn, Opening and Closing are set only where they are other than the
// plan's own.
type Rules struct {
	Name            string               `json:"name,omitempty"`
	NameEn          string               `json:"nameEn,omitempty"`
	Opening         string               `json:"opening,omitempty"`
	Closing         string               `json:"closing,omitempty"`
	Delegations     []Delegation         `json:"delegations,omitempty"`
	Sports          []Sport              `json:"sports,omitempty"`
	ClassCategories []ClassCategory      `json:"classCategories,omitempty"`
	GuardianUnder   int                  `json:"guardianRequiredUnderAge,omitempty"`
	GuideFor        []string             `json:"guideRequired,omitempty"`
	Limits          Limits               `json:"limits,omitzero"`
	Birth           map[string][2]string `json:"birth,omitempty"`
	Deadlines       Deadlines            `json:"deadlines,omitzero"`
	Papers          []entry.PaperRule    `json:"papers,omitempty"`
	Substitution    Substitution         `json:"substitution,omitzero"`
	WaitingLists    bool                 `json:"waitingLists,omitempty"`

	Rest map[string]json.RawMessage `json:"-"`
}

// Delegation is who sends people. Code and NameEn may be empty.
type Delegation struct {
	Code   string `json:"code,omitempty"`
	Name   string `json:"name"`
	NameEn string `json:"nameEn,omitempty"`
}

// UnmarshalJSON takes a name alone, as edition.json may have it.
func (d *Delegation) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &d.Name) == nil {
		return nil
	}
	type plain Delegation
	return strict(b, (*plain)(d))
}

// Sport is a sport with the days of birth that it lets in; without them any.
type Sport struct {
	Code    string   `json:"code"`
	Name    string   `json:"name"`
	NameEn  string   `json:"nameEn,omitempty"`
	Aliases []string `json:"aliases,omitzero"`
	From    string   `json:"birthFrom,omitempty"`
	To      string   `json:"birthTo,omitempty"`
}

// ClassCategory says which certificate category classes ask for. Category is a
// number, or a sentence for readers.
type ClassCategory struct {
	Category json.RawMessage `json:"category"`
	Classes  string          `json:"classes"`
}

// Limits bound how many events one person enters.
type Limits struct {
	PerSport   int      `json:"individualEventsPerPersonAndSport,omitempty"`
	PerPerson  int      `json:"eventsPerPerson,omitempty"`
	NotCounted []string `json:"notCounted,omitempty"`
	PerEvent   string   `json:"perEvent,omitempty"` // a note
}

// Deadlines are the ends of the stages of entry: 2027-04-15, or 2027-04-15 17:00.
type Deadlines struct {
	Numbers string              `json:"numbers,omitempty"`
	Names   string              `json:"names,omitempty"`
	Final   string              `json:"final,omitempty"`
	Late    string              `json:"late,omitempty"`
	Lets    map[string][]string `json:"lets,omitempty"`
}

// Substitution says who may take whose place, and until when.
type Substitution struct {
	Until   string `json:"until,omitempty"`
	Same    string `json:"same,omitempty"`
	SameSex bool   `json:"sameSex,omitempty"`
}

// ruleNames are the members that [Rules] knows.
var ruleNames = func() map[string]bool {
	names := map[string]bool{}
	t := reflect.TypeFor[Rules]()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		names[name] = name != "-"
	}
	return names
}()

type plainRules Rules

// UnmarshalJSON keeps what it does not know.
func (r *Rules) UnmarshalJSON(b []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	known := map[string]json.RawMessage{}
	*r = Rules{}
	for name, value := range all {
		if ruleNames[name] {
			known[name] = value
			continue
		}
		if r.Rest == nil {
			r.Rest = map[string]json.RawMessage{}
		}
		r.Rest[name] = value
	}
	rest := r.Rest
	raw, err := json.Marshal(known)
	if err == nil {
		err = strict(raw, (*plainRules)(r))
	}
	r.Rest = rest
	return err
}

// MarshalJSON writes all members, those that were only carried along too.
func (r Rules) MarshalJSON() ([]byte, error) {
	raw, err := json.Marshal(plainRules(r))
	if err != nil || len(r.Rest) == 0 {
		return raw, err
	}
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	for name, value := range r.Rest {
		all[name] = value
	}
	return json.Marshal(all)
}

func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// SportOf finds a sport by its code.
func (r *Rules) SportOf(code string) *Sport {
	for i := range r.Sports {
		if r.Sports[i].Code == code {
			return &r.Sports[i]
		}
	}
	return nil
}

// OfEdition makes a plan of an edition as it is in force: edition.json and
// events.csv. What is said of the games themselves is for the caller.
func OfEdition(p *Plan, rules []byte, programme string) error {
	if err := p.Rules.UnmarshalJSON(rules); err != nil {
		return fmt.Errorf("edition.json: %w", &scoring.Invalid{Field: "edition.json", Problem: "edition-unread", With: []string{err.Error()}})
	}
	ed, err := entry.ReadEdition(bytes.NewReader(rules), strings.NewReader(programme))
	if err != nil {
		return err
	}
	p.Events = nil
	for i := range ed.Events {
		p.Events = append(p.Events, eventOf(&ed.Events[i]))
	}
	p.same()
	return nil
}

// same drops what the rules only repeat.
func (p *Plan) same() {
	for _, pair := range []struct {
		rule *string
		own  string
	}{{&p.Rules.Name, p.Name}, {&p.Rules.NameEn, p.NameEn}, {&p.Rules.Opening, p.Starts}, {&p.Rules.Closing, p.Ends}} {
		if *pair.rule == pair.own {
			*pair.rule = ""
		}
	}
}

// Edition writes the two files that [entry.ReadEdition] reads, and reads them:
// what is wrong with them comes as a [*scoring.Invalid].
func (p *Plan) Edition() (rules []byte, programme string, err error) {
	r := p.Rules
	for _, pair := range []struct {
		rule *string
		own  string
	}{{&r.Name, p.Name}, {&r.NameEn, p.NameEn}, {&r.Opening, p.Starts}, {&r.Closing, p.Ends}} {
		if *pair.rule == "" {
			*pair.rule = pair.own
		}
	}
	if rules, err = json.MarshalIndent(r, "", "  "); err != nil {
		return nil, "", err
	}
	if programme, err = table(p.Events); err != nil {
		return nil, "", err
	}
	_, err = entry.ReadEdition(bytes.NewReader(rules), strings.NewReader(programme))
	return rules, programme, err
}
