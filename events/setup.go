// Setting a competition up from a programme file: delegations, people, events
// of any kind with their phases, units and start lists. Like a meet it is laid
// beside what is there and written as one command.
package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// ProgrammeFile is a programme as organisers or other programs write it down.
// Codes tie its parts together.
type ProgrammeFile struct {
	Disciplines  []DisciplineFile  `json:"disciplines" validate:"dive"`
	Sessions     []SessionFile     `json:"sessions,omitempty" validate:"dive"`
	Delegations  []DelegationFile  `json:"delegations" validate:"dive"`
	Participants []ParticipantFile `json:"participants" validate:"dive"`
	Events       []EventFile       `json:"events" validate:"dive"`
}

// DisciplineFile is a sport or a group of skills.
type DisciplineFile struct {
	Code   string `json:"code" validate:"required"`
	Name   string `json:"name" validate:"required"`
	NameEn string `json:"name_en"`
}

// SessionFile is a stretch of the timetable; Day is 2026-06-21, Opens 09:30.
type SessionFile struct {
	Number int    `json:"number" validate:"required"`
	Name   string `json:"name" validate:"required"`
	NameEn string `json:"name_en"`
	Day    string `json:"day" validate:"required"`
	Opens  string `json:"opens"`
	Venue  string `json:"venue"`
}

// DelegationFile is who sends people.
type DelegationFile struct {
	Code   string `json:"code" validate:"required"`
	Name   string `json:"name" validate:"required"`
	NameEn string `json:"name_en"`
}

// ParticipantFile is a person by the number that they wear.
type ParticipantFile struct {
	Code       string `json:"code" validate:"required"`
	Delegation string `json:"delegation" validate:"required"`
	Family     string `json:"family" validate:"required"`
	Given      string `json:"given"`
	Sex        string `json:"sex" validate:"omitempty,oneof=M W"`
}

// EventFile is one medal contest.
type EventFile struct {
	Code       string      `json:"code" validate:"required"`
	Discipline string      `json:"discipline" validate:"required"`
	Type       string      `json:"type" validate:"required"`
	Sex        string      `json:"sex" validate:"omitempty,oneof=M W X"`
	Classes    string      `json:"classes,omitempty"`
	Number     int         `json:"number,omitempty"`
	Name       string      `json:"name" validate:"required"`
	NameEn     string      `json:"name_en"`
	Phases     []PhaseFile `json:"phases" validate:"dive"`
}

// PhaseFile is a round with the rules that rank it.
type PhaseFile struct {
	Code    string        `json:"code" validate:"required"`
	Kind    string        `json:"kind" validate:"required"`
	Decides bool          `json:"decides,omitempty"`
	Ruleset kinds.Ruleset `json:"ruleset"`
	Units   []UnitFile    `json:"units" validate:"dive"`
}

// UnitFile is a unit with its start list. Start is local: 2026-06-21 09:30.
type UnitFile struct {
	Code    string          `json:"code" validate:"required"`
	Number  int             `json:"number"`
	Session int             `json:"session,omitempty"`
	Measure scoring.Measure `json:"measure" validate:"required"`
	Start   string          `json:"start,omitempty"`
	Venue   string          `json:"venue,omitempty"`
	Starts  []StartFile     `json:"starts" validate:"dive"`
}

// StartFile is a start of a participant, or of a team of a delegation.
type StartFile struct {
	Participant string `json:"participant,omitempty" validate:"required_without=Team"`
	Team        string `json:"team,omitempty"`
	Delegation  string `json:"delegation,omitempty" validate:"required_with=Team"` // of a team
	Lane        *int   `json:"lane,omitempty"`
	Class       string `json:"class,omitempty"`
}

// SetUp is the command that takes a programme over.
type SetUp struct {
	Programme ProgrammeFile `json:"programme"`
}

func (SetUp) kind() string { return "set-up" }

// SetUp takes a programme over into the command's competition. What is there
// already is kept; with dry, and when nothing is new, nothing is written.
func (s *Store) SetUp(ctx context.Context, c Command, a SetUp, dry bool) (*Imported, error) {
	var im *importer
	_, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		im = &importer{ctx: ctx, ch: ch, ids: map[string]int64{}}
		if err := im.setUp(&a.Programme); err != nil {
			return nil, err
		}
		if dry || !im.Changes() {
			return nil, errNothingNew
		}
		ch.touch("meet", "today", "medals")
		return im.Imported, nil
	})
	if err != nil && !errors.Is(err, errNothingNew) {
		return nil, err
	}
	if im == nil { // the same command again
		return &Imported{}, nil
	}
	return &im.Imported, nil
}

func (im *importer) setUp(p *ProgrammeFile) error {
	for _, step := range []func(*ProgrammeFile) error{im.setUpPeople, im.setUpEvents, im.setUpUnits, im.setUpStarts} {
		if err := step(p); err != nil {
			return err
		}
	}
	return nil
}

// known is the row of a code, or a refusal that names the code.
func (im *importer) known(noun, code string) (int64, error) {
	if id := im.at(noun, code); id != 0 {
		return id, nil
	}
	return 0, invalid(noun, "unknown-code", code)
}

func (im *importer) setUpPeople(p *ProgrammeFile) error {
	comp := im.ch.Competition.ID
	var disciplines []Discipline
	for _, d := range p.Disciplines {
		disciplines = append(disciplines, Discipline{CompetitionID: comp, Code: d.Code, Name: d.Name, NameEn: d.NameEn})
	}
	var sessions []Session
	days := im.ch.Competition
	for _, s := range p.Sessions {
		if _, err := time.Parse(time.DateOnly, s.Day); err != nil {
			return invalid("day", "not-a-date", s.Day)
		}
		sessions = append(sessions, Session{CompetitionID: comp, Number: s.Number, Name: s.Name, NameEn: s.NameEn, Day: s.Day, Opens: s.Opens, Venue: s.Venue})
		if days.Starts == "" || s.Day < days.Starts {
			days.Starts = s.Day
		}
		days.Ends = max(days.Ends, s.Day)
	}
	if days != im.ch.Competition {
		if _, err := im.ch.Tx.NewUpdate().Model(&days).Column("starts", "ends").WherePK().Exec(im.ctx); err != nil {
			return fmt.Errorf("set up the days: %w", err)
		}
	}
	var delegations []Delegation
	for _, d := range p.Delegations {
		delegations = append(delegations, Delegation{CompetitionID: comp, Code: d.Code, Name: d.Name, NameEn: d.NameEn})
	}
	err := errors.Join(
		lay(im, disciplineNoun, disciplines),
		lay(im, sessionNoun, sessions),
		lay(im, delegationNoun, delegations),
	)
	if err != nil {
		return err
	}
	var people []Participant
	for _, a := range p.Participants {
		delegation, err := im.known("delegations", a.Delegation)
		if err != nil {
			return err
		}
		people = append(people, Participant{CompetitionID: comp, DelegationID: delegation, Code: a.Code, Role: "athlete", Family: a.Family, Given: a.Given, Sex: a.Sex})
	}
	return lay(im, participantNoun, people)
}

func (im *importer) setUpEvents(p *ProgrammeFile) error {
	comp := im.ch.Competition.ID
	var rows []Event
	for _, e := range p.Events {
		discipline, err := im.known("disciplines", e.Discipline)
		if err != nil {
			return err
		}
		rows = append(rows, Event{CompetitionID: comp, DisciplineID: discipline, Code: e.Code, Type: e.Type, Sex: e.Sex, Classes: e.Classes,
			Number: e.Number, Name: e.Name, NameEn: e.NameEn, Medals: true})
	}
	if err := lay(im, eventNoun, rows); err != nil {
		return err
	}
	var phases []Phase
	for _, e := range p.Events {
		for i, ph := range e.Phases {
			if !kinds.Known(ph.Ruleset.Kind) {
				return invalid("kind", "unknown-kind", ph.Ruleset.Kind)
			}
			rules, err := json.Marshal(ph.Ruleset)
			if err != nil {
				return err
			}
			phases = append(phases, Phase{CompetitionID: comp, EventID: im.at("events", e.Code), Code: ph.Code, Kind: ph.Kind, Position: i + 1,
				Decides: ph.Decides, Ruleset: string(rules)})
		}
	}
	return lay(im, phaseNoun, phases)
}

func (im *importer) setUpUnits(p *ProgrammeFile) error {
	zone, err := time.LoadLocation(im.ch.Competition.Zone)
	if err != nil {
		return fmt.Errorf("set up units: %w", err)
	}
	var units []Unit
	position := 0
	for _, e := range p.Events {
		for _, ph := range e.Phases {
			for _, u := range ph.Units {
				position++
				row := Unit{CompetitionID: im.ch.Competition.ID, PhaseID: im.at("phases", ph.Code), Code: u.Code, Number: u.Number,
					SessionID: im.at("sessions", u.Session), Position: position, Venue: u.Venue, Measure: u.Measure, Status: Scheduled, ResultStatus: StartListStatus}
				if !u.Measure.Known() {
					return invalid("measure", "unknown-measure", string(u.Measure))
				}
				if u.Start != "" {
					at, err := time.ParseInLocation("2006-01-02 15:04", u.Start, zone)
					if err != nil {
						return invalid("start", "not-a-date", u.Start)
					}
					row.Start = at.UTC()
				}
				units = append(units, row)
			}
		}
	}
	return im.layUnits(units)
}

func (im *importer) setUpStarts(p *ProgrammeFile) error {
	comp := im.ch.Competition.ID
	entryKey := func(event int64, code string) string { return fmt.Sprint(event, " ", code) }
	of := map[string]int64{} // participant → delegation
	for _, a := range p.Participants {
		of[a.Code] = im.at("delegations", a.Delegation)
	}
	var entries []Entry
	seen := map[string]bool{}
	err := p.each(func(e *EventFile, _ *PhaseFile, _ *UnitFile, s *StartFile) error {
		row := Entry{CompetitionID: comp, EventID: im.at("events", e.Code), Code: s.code(), TeamName: s.Team}
		if seen[entryKey(row.EventID, row.Code)] {
			return nil
		}
		seen[entryKey(row.EventID, row.Code)] = true
		var err error
		if s.Team != "" {
			row.DelegationID, err = im.known("delegations", s.Delegation)
		} else if row.ParticipantID, err = im.known("participants", s.Participant); err == nil {
			row.DelegationID = of[s.Participant]
		}
		entries = append(entries, row)
		return err
	})
	if err != nil {
		return err
	}
	if err := lay(im, entryNoun, entries); err != nil {
		return err
	}
	begun, err := im.begun()
	if err != nil {
		return err
	}
	var starts []Start
	err = p.each(func(e *EventFile, ph *PhaseFile, u *UnitFile, s *StartFile) error {
		starts = append(starts, Start{CompetitionID: comp, PhaseID: im.at("phases", ph.Code), UnitID: im.at("units", u.Code),
			EntryID: im.at("entries", entryKey(im.at("events", e.Code), s.code())), Lane: s.Lane, Class: s.Class})
		return nil
	})
	if err == nil {
		starts, err = im.keepBegun(starts, begun, startNoun.key)
	}
	if err != nil {
		return err
	}
	return lay(im, startNoun, starts)
}

// code tells the entries of an event apart.
func (s *StartFile) code() string {
	if s.Team != "" {
		return s.Delegation + " " + s.Team
	}
	return s.Participant
}

// each goes through all starts of a programme.
func (p *ProgrammeFile) each(do func(*EventFile, *PhaseFile, *UnitFile, *StartFile) error) error {
	for i := range p.Events {
		e := &p.Events[i]
		for j := range e.Phases {
			ph := &e.Phases[j]
			for k := range ph.Units {
				for l := range ph.Units[k].Starts {
					if err := do(e, ph, &ph.Units[k], &ph.Units[k].Starts[l]); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}
