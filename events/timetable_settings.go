// What a competition's timetable is made with: its days, venues, sessions, rest
// and lengths, set part by part. The sessions are rows of the ledger as well,
// since units stand in them.
package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/timetable"
)

// timetableRow is a competition's settings. Seq is the last log entry that
// changed them or moved a unit: whoever decides says which they saw.
type timetableRow struct {
	bun.BaseModel `bun:"table:timetables"`

	CompetitionID int64  `bun:",pk"`
	Settings      string `bun:",notnull"`
	Seq           int64  `bun:",notnull"`
}

// TimetableFrame is the settings that are one for the whole games.
type TimetableFrame struct {
	Step      int              `json:"step,omitempty"`
	Lead      int              `json:"lead,omitempty"`
	TravelAny int              `json:"travel_any,omitempty"`
	Days      []timetable.Span `json:"days" validate:"max=60"`
}

// SetTimetable changes settings: the parts that are given, each as a whole.
// Venue is put in place of the one with its ID, or added. All replaces
// everything, for programs and for an edition that begins as the last one was.
type SetTimetable struct {
	Saw      int64                `json:"saw" validate:"min=0"`
	Frame    *TimetableFrame      `json:"frame,omitempty"`
	Venue    *timetable.SetVenue  `json:"venue,omitempty"`
	Drop     string               `json:"drop,omitempty" validate:"max=40"` // a venue
	Travel   *[]timetable.Travel  `json:"travel,omitempty" validate:"omitempty,max=2000"`
	Sessions *[]timetable.Session `json:"sessions,omitempty" validate:"omitempty,max=1000"`
	Rest     *[]timetable.Rest    `json:"rest,omitempty" validate:"omitempty,max=500"`
	Lengths  *[]timetable.Length  `json:"lengths,omitempty" validate:"omitempty,max=2000"`
	All      *timetable.Settings  `json:"all,omitempty"`
}

func (SetTimetable) kind() string { return "timetable-settings" }

// onto puts what is given onto settings.
func (a *SetTimetable) onto(s *timetable.Settings) {
	if a.All != nil {
		*s = *a.All
	}
	if f := a.Frame; f != nil {
		s.Step, s.Lead, s.TravelAny, s.Days = f.Step, f.Lead, f.TravelAny, f.Days
	}
	if a.Venue != nil {
		if there := s.Venue(a.Venue.ID); there != nil {
			*there = *a.Venue
		} else {
			s.Venues = append(s.Venues, *a.Venue)
		}
	}
	if a.Drop != "" {
		s.Venues = slices.DeleteFunc(s.Venues, func(v timetable.SetVenue) bool { return v.ID == a.Drop })
		s.Travel = slices.DeleteFunc(s.Travel, func(t timetable.Travel) bool { return t.From == a.Drop || t.To == a.Drop })
	}
	if a.Travel != nil {
		s.Travel = *a.Travel
	}
	if a.Sessions != nil {
		s.Sessions = *a.Sessions
	}
	if a.Rest != nil {
		s.Rest = *a.Rest
	}
	if a.Lengths != nil {
		s.Lengths = *a.Lengths
	}
}

// TimetableSettings gives the settings in force, and the number of the log entry
// that a change of them has to have seen.
func (s *Store) TimetableSettings(ctx context.Context, who access.Who, competition string) (timetable.Settings, int64, error) {
	c, err := s.timetableOf(ctx, who, competition)
	if err != nil {
		return timetable.Settings{}, 0, err
	}
	return loadTimetable(ctx, s.r, &c)
}

// usual is what a competition without settings begins with: its days, and a
// court at each venue that its programme names.
func usual(ctx context.Context, db bun.IDB, c *Competition) (timetable.Settings, error) {
	s := timetable.Settings{Step: 5, Lead: 60, TravelAny: 30, Days: []timetable.Span{}, Venues: []timetable.SetVenue{}}
	first, err1 := time.Parse(time.DateOnly, c.Starts)
	last, err2 := time.Parse(time.DateOnly, c.Ends)
	for day := first; errors.Join(err1, err2) == nil && !day.After(last) && len(s.Days) < 30; day = day.AddDate(0, 0, 1) {
		opens := timetable.At(day, time.UTC)
		s.Days = append(s.Days, timetable.Span{From: opens + 8*60, Until: opens + 19*60})
	}
	var names []string
	err := db.NewSelect().Model((*Session)(nil)).ColumnExpr("DISTINCT venue").Where("competition_id = ?", c.ID).Where("venue <> ''").Order("venue").Limit(40).Scan(ctx, &names)
	if err != nil {
		return s, fmt.Errorf("find venues of %s: %w", c.Code, err)
	}
	for i, name := range names {
		n := strconv.Itoa(i + 1)
		s.Venues = append(s.Venues, timetable.SetVenue{ID: "v" + n, Name: name, Areas: []timetable.SetArea{{Area: timetable.Area{ID: "v" + n + "-1", Courts: 1}}}})
	}
	return s, nil
}

func loadTimetable(ctx context.Context, db bun.IDB, c *Competition) (timetable.Settings, int64, error) {
	var row timetableRow
	err := db.NewSelect().Model(&row).Where("competition_id = ?", c.ID).Scan(ctx)
	if isNoRows(err) {
		s, err := usual(ctx, db, c)
		return s, 0, err
	}
	var s timetable.Settings
	if err == nil {
		err = json.Unmarshal([]byte(row.Settings), &s)
	}
	if err != nil {
		return s, 0, fmt.Errorf("load the timetable's settings of %s: %w", c.Code, err)
	}
	return s, row.Seq, nil
}

// saveTimetable keeps settings, and that the timetable has changed.
func (c *Change) saveTimetable(ctx context.Context, s *timetable.Settings) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	row := timetableRow{CompetitionID: c.Competition.ID, Settings: string(raw), Seq: c.Seq}
	_, err = c.Tx.NewInsert().Model(&row).On("CONFLICT (competition_id) DO UPDATE").Set("settings = EXCLUDED.settings, seq = EXCLUDED.seq").Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep the timetable's settings: %w", err)
	}
	return nil
}

// timetabled loads the settings inside a change, for who may change the
// timetable and has seen how it stands.
func (c *Change) timetabled(ctx context.Context, who access.Who, saw int64) (timetable.Settings, error) {
	if err := may(who, access.SetTimetable, access.Object{}, nil); err != nil {
		return timetable.Settings{}, err
	}
	s, seq, err := loadTimetable(ctx, c.Tx, &c.Competition)
	if err == nil && saw != seq {
		err = &Refusal{Status: StatusStale, Problem: "timetable-stale"}
	}
	return s, err
}

// SetTimetable changes settings. It is refused as stale where somebody else has
// changed the timetable since, and as invalid with the first fault; a session or
// an area in which units stand is not dropped.
func (s *Store) SetTimetable(ctx context.Context, c Command, who access.Who, a SetTimetable) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		set, err := ch.timetabled(ctx, who, a.Saw)
		if err != nil {
			return nil, err
		}
		before := slices.Clone(set.Sessions)
		places := areaNames(&set)
		a.onto(&set)
		if faults := set.Faults(); len(faults) > 0 {
			return nil, &Refusal{Status: StatusInvalid, Problem: faults[0].Problem, Field: faults[0].Field + " " + faults[0].Line, With: faults[0].With}
		}
		if err := ch.keepPlaces(ctx, places, &set); err != nil {
			return nil, err
		}
		if err := ch.laySessions(ctx, before, &set); err != nil {
			return nil, err
		}
		return map[string]int64{"seq": ch.Seq}, ch.saveTimetable(ctx, &set)
	})
}

// areaNames are the areas of settings with what people read for them.
func areaNames(set *timetable.Settings) map[string]string {
	names := map[string]string{}
	for i := range set.Venues {
		for _, a := range set.Venues[i].Areas {
			names[a.ID] = set.Place(a.ID, 0)
		}
	}
	return names
}

// keepPlaces refuses settings in which an area is no more where units stand.
func (c *Change) keepPlaces(ctx context.Context, before map[string]string, set *timetable.Settings) error {
	for _, id := range slices.Sorted(maps.Keys(before)) {
		if _, a := set.Area(id); a != nil {
			continue
		}
		used, err := c.Tx.NewSelect().Model((*placement)(nil)).Where("competition_id = ?", c.Competition.ID).Where("area = ?", id).Exists(ctx)
		if err != nil {
			return fmt.Errorf("look for units in area %s: %w", id, err)
		}
		if used {
			return &Refusal{Status: StatusClosed, Problem: "timetable-area-used", With: []string{before[id]}}
		}
	}
	return nil
}

// sessionNumber is a session's number in the ledger.
func sessionNumber(id string) (int, error) {
	n, err := strconv.Atoi(id)
	if err != nil || n <= 0 || n > 100_000 {
		return 0, invalid("sessions", "timetable-session-number", id)
	}
	return n, nil
}

// laySessions makes the ledger's sessions what the settings say.
func (c *Change) laySessions(ctx context.Context, before []timetable.Session, set *timetable.Settings) error {
	wanted := map[int]bool{}
	for _, s := range set.Sessions {
		n, err := sessionNumber(s.ID)
		if err != nil {
			return err
		}
		wanted[n] = true
		row := Session{CompetitionID: c.Competition.ID, Number: n, Name: s.Name, Day: s.From.Date(), Opens: s.From.Clock(), Venue: set.Venue(s.Venue).Name}
		if row.Name == "" {
			row.Name = row.Venue
		}
		_, err = c.Tx.NewInsert().Model(&row).On("CONFLICT (competition_id, number) DO UPDATE").
			Set("name = EXCLUDED.name, day = EXCLUDED.day, opens = EXCLUDED.opens, venue = EXCLUDED.venue").Exec(ctx)
		if err != nil {
			return fmt.Errorf("lay session %d: %w", n, err)
		}
	}
	for _, s := range before {
		n, err := sessionNumber(s.ID)
		if err != nil {
			return err
		}
		if !wanted[n] {
			if err := c.dropSession(ctx, n, s.Name); err != nil {
				return err
			}
		}
	}
	c.touch("meet", "today")
	return nil
}

func (c *Change) dropSession(ctx context.Context, number int, name string) error {
	var row Session
	err := c.Tx.NewSelect().Model(&row).Where("competition_id = ?", c.Competition.ID).Where("number = ?", number).Scan(ctx)
	if isNoRows(err) {
		return nil
	}
	used := false
	if err == nil {
		used, err = c.Tx.NewSelect().Model((*Unit)(nil)).Where("session_id = ?", row.ID).Exists(ctx)
	}
	if err == nil && used {
		return &Refusal{Status: StatusClosed, Problem: "timetable-session-used", With: []string{name}}
	}
	if err == nil {
		_, err = c.Tx.NewDelete().Model(&row).WherePK().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("drop session %d: %w", number, err)
	}
	return nil
}

// VenueName is a venue as everybody may know it.
type VenueName struct{ ID, Name string }

// VenueNames are the venues of a competition in which units stand.
func (s *Store) VenueNames(ctx context.Context, c Competition) ([]VenueName, error) {
	set, _, err := loadTimetable(ctx, s.r, &c)
	if err != nil {
		return nil, err
	}
	var areas []string
	if err := s.r.NewSelect().Model((*placement)(nil)).ColumnExpr("DISTINCT area").Where("competition_id = ?", c.ID).Scan(ctx, &areas); err != nil {
		return nil, fmt.Errorf("find venues of %s: %w", c.Code, err)
	}
	var names []VenueName
	for i := range set.Venues {
		v := &set.Venues[i]
		if slices.ContainsFunc(v.Areas, func(a timetable.SetArea) bool { return slices.Contains(areas, a.ID) }) {
			names = append(names, VenueName{v.ID, v.Name})
		}
	}
	return names, nil
}
