// Exporting who starts, and what they swam.
package events

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongchang/events/lenex"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// clubs writes delegations with their athletes and relays, by number.
func (ex *exporter) clubs(m *lenex.Meet) error {
	byEntry := map[int64][]*Start{}
	for i := range ex.starts {
		s := &ex.starts[i]
		byEntry[s.EntryID] = append(byEntry[s.EntryID], s)
	}
	byPerson, byTeam := map[int64][]Entry{}, map[int64][]Entry{}
	for _, e := range ex.entries {
		if e.ParticipantID != 0 {
			byPerson[e.ParticipantID] = append(byPerson[e.ParticipantID], e)
		} else {
			byTeam[e.DelegationID] = append(byTeam[e.DelegationID], e)
		}
	}
	people := map[int64][]Participant{}
	for _, p := range ex.participants {
		people[p.DelegationID] = append(people[p.DelegationID], p)
	}
	slices.SortFunc(ex.delegations, func(a, b Delegation) int { return cmp.Compare(ex.clubID[a.ID], ex.clubID[b.ID]) })
	for _, d := range ex.delegations {
		c := lenex.Club{ID: ex.clubID[d.ID], Name: d.Name, Nation: d.Nation}
		slices.SortFunc(people[d.ID], func(a, b Participant) int { return cmp.Compare(ex.athleteID[a.ID], ex.athleteID[b.ID]) })
		for _, p := range people[d.ID] {
			a := ex.athlete(&p)
			for _, s := range ex.startsOf(byPerson[p.ID], byEntry) {
				if err := ex.add(s, &a.Entries, &a.Results); err != nil {
					return err
				}
			}
			c.Athletes = append(c.Athletes, a)
		}
		if err := ex.relays(&c, byTeam[d.ID], byEntry); err != nil {
			return err
		}
		m.Clubs = append(m.Clubs, c)
	}
	return nil
}

// startsOf are the starts of entries in the order of the file.
func (ex *exporter) startsOf(entries []Entry, byEntry map[int64][]*Start) (all []*Start) {
	for _, e := range entries {
		all = append(all, byEntry[e.ID]...)
	}
	slices.SortFunc(all, func(a, b *Start) int { return cmp.Compare(ex.resultID[a.ID], ex.resultID[b.ID]) })
	return all
}

func (ex *exporter) athlete(p *Participant) lenex.Athlete {
	a := lenex.Athlete{ID: ex.athleteID[p.ID], FirstName: p.Given, LastName: p.Family, Gender: genderOf(p.Sex), License: p.License}
	if a.Gender == "A" {
		a.Gender = "" // not known
	}
	if day, err := time.Parse(time.DateOnly, p.BirthDate); err == nil {
		a.Birthdate = day
	}
	for _, c := range ex.classes {
		if c.ParticipantID != p.ID {
			continue
		}
		number := strings.TrimPrefix(c.Class, c.ClassGroup)
		switch c.ClassGroup {
		case "S":
			a.Handicap.Free = number
		case "SB":
			a.Handicap.Breast = number
		case "SM":
			a.Handicap.Medley = number
		}
		a.Handicap.Exception = cmp.Or(a.Handicap.Exception, c.Exceptions)
	}
	return a
}

// relays writes a club's teams: one for each event that it is entered in, since
// its ages and classes are those of the group that it ranks in there.
func (ex *exporter) relays(c *lenex.Club, teams []Entry, byEntry map[int64][]*Start) error {
	slices.SortFunc(teams, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(ex.events[a.EventID].Code, ex.events[b.EventID].Code), cmp.Compare(a.Code, b.Code))
	})
	for i, e := range teams {
		t := lenex.Relay{Number: i + 1, Name: e.TeamName, Gender: genderOf(ex.events[e.EventID].Sex), AgeMin: -1, AgeMax: -1, AgeTotalMin: -1, AgeTotalMax: -1}
		if t.Gender == "A" {
			t.Gender = "X" // a team of an open event may be mixed
		}
		if _, number, ok := strings.Cut(e.Code, "-"); ok {
			if n, err := strconv.Atoi(number); err == nil {
				t.Number = n
			}
		}
		for _, s := range ex.startsOf([]Entry{e}, byEntry) {
			if err := ex.teamGroup(&t, s); err != nil {
				return err
			}
			if err := ex.add(s, &t.Entries, &t.Results); err != nil {
				return err
			}
		}
		c.Relays = append(c.Relays, t)
	}
	return nil
}

// teamGroup gives a team the limits of the first group that it ranks in.
func (ex *exporter) teamGroup(t *lenex.Relay, s *Start) error {
	i := slices.IndexFunc(ex.phases, func(p Phase) bool { return p.ID == s.PhaseID })
	groups, err := ex.phases[i].groups()
	if err != nil {
		return err
	}
	line := Line{Groups: s.Groups}
	for _, g := range groups {
		if !line.InGroup(g.ID) {
			continue
		}
		t.AgeMin, t.AgeMax = max(t.AgeMin, limit(g.AgeMin)), max(t.AgeMax, limit(g.AgeMax))
		if classes := groupClasses(g.Classes); len(classes) > 0 && t.Handicap == "" {
			t.Handicap = classes[0]
		}
	}
	return nil
}

// add writes a start as an entry of the start list or as a result.
func (ex *exporter) add(s *Start, entries *[]lenex.Entry, results *[]lenex.Result) error {
	heat, lane := 0, 0
	if s.UnitID != 0 {
		heat = ex.heatID[s.UnitID]
	}
	if s.Lane != nil {
		lane = *s.Lane
	}
	positions := ex.positions(s.ID)
	if ex.startList {
		*entries = append(*entries, lenex.Entry{EventID: ex.eventID[s.PhaseID], Time: s.SeedMark, HeatID: heat, Lane: lane, Status: lenexStatus(s.OutIRM), Positions: positions})
		return nil
	}
	cell := ex.marks[s.ID]
	r := lenex.Result{ID: ex.resultID[s.ID], EventID: ex.eventID[s.PhaseID], HeatID: heat, Lane: lane, Time: cell.Mark, EntryTime: s.SeedMark,
		Points: cell.Points, Status: lenexStatus(cmp.Or(s.OutIRM, cell.IRM)), Comment: cell.Rule, Positions: positions}
	if s.OutIRM != "" && !s.OutIRM.KeepsMark() {
		r.Time = nil
	}
	if cell.Detail != "" {
		var d MarkDetail
		if err := json.Unmarshal([]byte(cell.Detail), &d); err != nil {
			return fmt.Errorf("read the detail of start %d: %w", s.ID, err)
		}
		if d.Reaction != nil {
			ms := scoring.Mark(*d.Reaction)
			r.Reaction = &ms
		}
		for _, sp := range d.Splits {
			r.Splits = append(r.Splits, lenex.Split{Distance: sp.Distance, Time: sp.Mark})
		}
	}
	*results = append(*results, r)
	return nil
}

func (ex *exporter) positions(start int64) (all []lenex.RelayPosition) {
	for _, m := range ex.members {
		if m.StartID == start {
			all = append(all, lenex.RelayPosition{Number: m.Position, AthleteID: ex.athleteID[m.ParticipantID]})
		}
	}
	return all
}

// rankings writes the order and places of every group, as the ledger ranks it.
func (ex *exporter) rankings(m *lenex.Meet) error {
	events := map[int]*lenex.Event{}
	for _, e := range m.Events() {
		events[e.ID] = e
	}
	for i := range ex.phases {
		p := &ex.phases[i]
		sheet, official := ex.sheet(p)
		doc, err := sheet.Document()
		if err != nil {
			return err
		}
		if len(doc.Groups) == 0 || len(doc.Lines) == 0 {
			continue
		}
		ranked, err := kinds.Rank(doc)
		if err != nil {
			return err
		}
		for j, r := range ranked {
			events[ex.eventID[p.ID]].AgeGroups[j].Rankings = ex.ranking(r.Lines, official)
		}
	}
	return nil
}

// ranking writes one group's lines, which are known by their results.
func (ex *exporter) ranking(lines []scoring.Ranked, official bool) (out []lenex.Ranking) {
	result := func(line string) int {
		id, _ := strconv.Atoi(line) // the sheet below made it from a number
		return id
	}
	for i, l := range published(lines, result) {
		id := result(l.ID)
		k := lenex.Ranking{Order: i + 1, Place: -1, ResultID: id}
		if official && l.Rank > 0 {
			k.Place = l.Rank
		}
		out = append(out, k)
	}
	return out
}

// sheet makes a phase's sheet out of the rows in hand, and reports whether all
// of the units that it was swum in are official. Its lines go by the numbers of
// their results, so that equals are listed alike whatever rows they come from.
func (ex *exporter) sheet(p *Phase) (*Sheet, bool) {
	sh := &Sheet{Phase: *p, Event: ex.events[p.EventID], index: map[string]int{}}
	official := true
	for _, s := range ex.starts {
		if s.PhaseID != p.ID {
			continue
		}
		l := Line{StartID: int64(ex.resultID[s.ID]), UnitID: s.UnitID, EntryID: s.EntryID, Lane: s.Lane, Class: s.Class, Groups: s.Groups, OutIRM: s.OutIRM}
		if cell, ok := ex.marks[s.ID]; ok {
			l.Cells = map[string]CellMark{TimeCell: cell}
		}
		sh.index[l.ID()] = len(sh.Lines)
		sh.Lines = append(sh.Lines, l)
		if s.UnitID != 0 && !slices.ContainsFunc(ex.units, func(u Unit) bool { return u.ID == s.UnitID && u.ResultStatus == Official }) {
			official = false
		}
	}
	return sh, official
}

// lenexStatus is a reason in the format's words, which have none for a mark made
// in another class: it is out of the ranking like an exhibition swim.
func lenexStatus(irm scoring.IRM) string {
	if irm == scoring.CC {
		irm = scoring.EXH
	}
	return string(irm)
}
