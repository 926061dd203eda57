// Package plan is the set-up of an edition as one document: who, when and where,
// sports and events, the regulation, delegations, venues, deadlines and rules of
// entry. Organisers fill it step by step, copy it from last year's edition, take
// it out and bring it in as a file. Nothing is in force by it: the ledger's
// commands put it there (package events).
//
// Everything here is a function of its arguments. What an edition's rules say
// that no step asks for is carried along unread.
package plan

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tongchang/scoring"
	"tongchang/scoring/regulation"
)

// Schema is the version of the document's shape.
const Schema = "tongchang/setup/1"

// Bounds of a document, generous beside 600 events and 20 delegations.
const (
	MaxSize   = 2 << 20 // bytes
	maxEvents = 3000
	maxNames  = 200 // delegations, venues
	maxName   = 80  // characters
	maxDays   = 200 // of a games with an early part
)

// Plan is the document. Days are 2027-06-18, local.
type Plan struct {
	Schema     string                 `json:"schema"`
	Name       string                 `json:"name"`
	NameEn     string                 `json:"name_en,omitempty"`
	City       string                 `json:"city,omitempty"`
	Zone       string                 `json:"zone,omitempty"` // IANA
	Starts     string                 `json:"starts,omitempty"`
	Ends       string                 `json:"ends,omitempty"`
	Rules      Rules                  `json:"rules"`
	Events     []Event                `json:"events,omitempty"`
	Regulation *regulation.Regulation `json:"regulation,omitempty"` // nil: nobody has decided yet
	Venues     []Venue                `json:"venues,omitempty"`
	Seen       []Step                 `json:"seen,omitempty"` // steps that somebody has gone through
}

// Venue is a place with the times of day at which its sessions open: 08:30.
type Venue struct {
	Name   string   `json:"name"`
	NameEn string   `json:"name_en,omitempty"`
	Opens  []string `json:"opens"`
}

// New is a plan in which nothing has been said yet.
func New(name string) *Plan { return &Plan{Schema: Schema, Name: name, Zone: "Asia/Shanghai"} }

// Read reads a document strictly and checks its shape. What is still missing in
// it is for [Plan.Check].
func Read(raw []byte) (*Plan, error) {
	if len(raw) > MaxSize {
		return nil, &scoring.Invalid{Field: "file", Problem: "setup-too-big"}
	}
	p := new(Plan)
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return nil, &scoring.Invalid{Field: "file", Problem: "setup-unread", With: []string{err.Error()}}
	}
	if p.Schema != Schema {
		return nil, &scoring.Invalid{Field: "schema", Problem: "setup-schema", With: []string{p.Schema, Schema}}
	}
	return p, p.shape()
}

// Bytes writes the document for people to read as well.
func (p *Plan) Bytes() ([]byte, error) {
	raw, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(raw, '\n'), nil
}

// Clone is a copy that shares nothing.
func (p *Plan) Clone() (*Plan, error) {
	raw, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	c := new(Plan)
	return c, json.Unmarshal(raw, c)
}

// shape refuses what no later step could put right: sizes, and names that
// nobody could read.
func (p *Plan) shape() error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Field: field, Problem: problem, With: with}
	}
	switch {
	case len(p.Events) > maxEvents:
		return bad("events", "setup-too-many", text(maxEvents))
	case len(p.Rules.Delegations) > maxNames:
		return bad("delegations", "setup-too-many", text(maxNames))
	case len(p.Venues) > maxNames:
		return bad("venues", "setup-too-many", text(maxNames))
	}
	names := []string{p.Name, p.NameEn, p.City}
	for _, d := range p.Rules.Delegations {
		names = append(names, d.Name, d.NameEn, d.Code)
	}
	for _, v := range p.Venues {
		names = append(names, v.Name, v.NameEn)
		for _, opens := range v.Opens {
			if !Clock(opens) {
				return bad("venues", "not-a-clock", opens)
			}
		}
	}
	for i := range p.Events {
		e := &p.Events[i]
		names = append(names, e.Code, e.Name, e.NameEn, e.Class, e.Occupation)
	}
	for _, name := range names {
		if utf8.RuneCountInString(name) > maxName || strings.ContainsAny(name, "\r\n\t\x00") {
			return bad("name", "setup-name", shortened(name))
		}
	}
	return nil
}

// Clock reports whether a text is a time of day: 08:30.
func Clock(s string) bool { return clock.MatchString(s) }

var clock = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

func shortened(name string) string {
	if runes := []rune(name); len(runes) > 20 {
		return string(runes[:20]) + "…"
	}
	return name
}

// day reads a day; false where it is none.
func day(s string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil
}

// Session is a stretch of the timetable at a venue.
type Session struct {
	Day, Opens, Venue string
	Name, NameEn      string // 6月18日上午
}

// Sessions are what the venues come to: one for every day and opening time.
func (p *Plan) Sessions() []Session {
	first, ok1 := day(p.Starts)
	last, ok2 := day(p.Ends)
	if !ok1 || !ok2 {
		return nil
	}
	var all []Session
	for d, n := first, 0; !d.After(last) && n < maxDays; d, n = d.AddDate(0, 0, 1), n+1 {
		for _, v := range p.Venues {
			for _, opens := range v.Opens {
				word, wordEn := partOfDay(opens)
				all = append(all, Session{Day: d.Format(time.DateOnly), Opens: opens, Venue: v.Name,
					Name: d.Format("1月2日") + word, NameEn: d.Format("2 January") + " " + wordEn})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Session) int { return strings.Compare(a.Day+a.Opens, b.Day+b.Opens) })
	return all
}

// partOfDay names a session by when it opens.
func partOfDay(opens string) (word, wordEn string) {
	switch {
	case opens < "12:00":
		return "上午", "morning"
	case opens < "18:00":
		return "下午", "afternoon"
	}
	return "晚上", "evening"
}
