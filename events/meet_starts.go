// Importing who starts where, and what they swam.
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
)

// swim is one start of a file with what it refers to.
type swim struct {
	lenex.Start
	event   *lenex.Event // that it counts for
	heat    *lenex.Heat  // nil while not drawn
	contest string       // code of the event
	where   string       // for the report
}

// swims gathers the file's starts: its results where it has any, else its
// entries. A file of results lists every start too.
func (im *importer) swims(m *lenex.Meet) []swim {
	events, heats, contests := map[int]*lenex.Event{}, map[int]*lenex.Heat{}, map[int]string{}
	for _, c := range contestsOf(m) {
		for _, e := range c.rounds {
			events[e.ID], contests[e.ID] = e, c.code()
			for i := range e.Heats {
				heats[e.Heats[i].ID] = &e.Heats[i]
			}
		}
	}
	var all []swim
	add := func(s lenex.Start, event, heat int, element string) {
		sw := swim{Start: s, event: events[event], heat: heats[heat], contest: contests[event], where: element}
		if s.Athlete != nil {
			sw.where = fmt.Sprintf("ATHLETE %d %s", s.Athlete.ID, element)
		} else {
			sw.where = fmt.Sprintf("RELAY %d %s", s.Relay.Number, element)
		}
		if sw.event == nil {
			im.refuse(sw.where, "unknown-event", strconv.Itoa(event))
			return
		}
		all = append(all, sw)
	}
	for s := range m.Results() {
		add(s, s.Result.EventID, s.Result.HeatID, fmt.Sprintf("RESULT %d", s.Result.ID))
	}
	if len(all) == 0 {
		for s := range m.Entries() {
			add(s, s.Entry.EventID, s.Entry.HeatID, fmt.Sprintf("ENTRY EVENT %d", s.Entry.EventID))
		}
	}
	return all
}

// entryCode tells the entries of an event apart: the swimmer's number, or the
// club's and the team's.
func (s swim) entryCode() string {
	if s.Relay != nil {
		return fmt.Sprintf("%d-%d", s.Club.ID, s.Relay.Number)
	}
	return strconv.Itoa(s.Athlete.ID)
}

func (s swim) lane() (heat, lane int) {
	if s.Result != nil {
		return s.Result.HeatID, s.Result.Lane
	}
	return s.Entry.HeatID, s.Entry.Lane
}

func (s swim) time() *scoring.Mark {
	if s.Result != nil {
		return s.Result.EntryTime
	}
	return s.Entry.Time
}

// out is set for those who are out before the start.
func (s swim) out() scoring.IRM {
	var irm scoring.IRM
	if s.Result != nil {
		irm = lenex.IRM(s.Result.Status)
	} else {
		irm = lenex.IRM(s.Entry.Status)
	}
	heat, _ := s.lane()
	if irm == scoring.WDR || irm == scoring.RJC || irm == scoring.DNS && heat == 0 {
		return irm
	}
	return ""
}

// startLists takes over entries and, for each round, who starts where.
func (im *importer) startLists(m *lenex.Meet) error {
	comp := im.ch.Competition.ID
	swims := im.swims(m)
	var entries []Entry
	seen := map[string]bool{}
	for _, s := range swims {
		key := s.contest + " " + s.entryCode()
		if seen[key] {
			continue
		}
		seen[key] = true
		e := Entry{CompetitionID: comp, EventID: im.at("events", s.contest), DelegationID: im.at("delegations", s.Club.ID), Code: s.entryCode(), EntryMark: s.time()}
		if s.Relay != nil {
			e.TeamName = cmp.Or(s.Relay.Name, fmt.Sprintf("%s %d", s.Club.Name, s.Relay.Number))
		} else {
			e.ParticipantID = im.at("participants", s.Athlete.ID)
		}
		entries = append(entries, e)
	}
	if err := lay(im, entryNoun, entries); err != nil {
		return err
	}
	return im.starts(m, swims)
}

// starts takes over the start lists. A start whose unit has begun stays as the
// judges have it.
func (im *importer) starts(m *lenex.Meet, swims []swim) error {
	begun, err := im.begun()
	if err != nil {
		return err
	}
	var want []Start
	for _, s := range swims {
		heat, lane := s.lane()
		st := Start{
			CompetitionID: im.ch.Competition.ID, PhaseID: im.at("phases", s.event.ID),
			EntryID:  im.at("entries", fmt.Sprint(im.at("events", s.contest), " ", s.entryCode())),
			SeedMark: s.time(), OutIRM: s.out(), Groups: im.groupsOf(m, s),
		}
		if s.Athlete != nil {
			st.Class = lenex.SportClass(s.event.Style.Stroke, s.Athlete.Handicap)
		}
		if heat != 0 {
			st.UnitID, st.Lane = im.at("units", heat), &lane
		}
		want = append(want, st)
	}
	if want, err = im.keepBegun(want, begun, startNoun.key); err != nil {
		return err
	}
	if err := lay(im, startNoun, want); err != nil {
		return err
	}
	return im.members(swims)
}

// begun are the units that the file may no longer change.
func (im *importer) begun() (map[int64]bool, error) {
	var ids []int64
	err := im.ch.Tx.NewSelect().Model((*Unit)(nil)).Column("id").Where("competition_id = ?", im.ch.Competition.ID).Where("result_status <> ?", StartListStatus).Scan(im.ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("import start lists: %w", err)
	}
	begun := map[int64]bool{}
	for _, id := range ids {
		begun[id] = true
	}
	return begun, nil
}

// keepBegun reports wanted starts that would change a unit that has begun, and
// leaves those as they are.
func (im *importer) keepBegun(want []Start, begun map[int64]bool, key func(*Start) string) ([]Start, error) {
	if len(begun) == 0 {
		return want, nil
	}
	var have []Start
	if err := im.ch.Tx.NewSelect().Model(&have).Where("competition_id = ?", im.ch.Competition.ID).Scan(im.ctx); err != nil {
		return nil, fmt.Errorf("import start lists: %w", err)
	}
	there := map[string]Start{}
	for _, s := range have {
		there[key(&s)] = s
	}
	kept := want[:0]
	for _, w := range want {
		old, ok := there[key(&w)]
		w.ID = old.ID
		if (begun[w.UnitID] || begun[old.UnitID]) && !(ok && sameStart(&w, &old)) {
			im.refuse(fmt.Sprintf("start %d", w.ID), "unit-has-begun")
			if !ok {
				continue
			}
			w = old
		}
		kept = append(kept, w)
	}
	return kept, nil
}

// groupsOf lists the phase's groups that a start ranks in. In a final that
// belongs to a group everybody ranks there; members of other groups rank with
// their own only out of the A final (lenex.InRanking has the rule).
func (im *importer) groupsOf(m *lenex.Meet, s swim) string {
	var in []string
	for i := range s.event.AgeGroups {
		g := &s.event.AgeGroups[i]
		member := s.Relay != nil && lenex.RelayInGroup(s.Relay, g) || s.Athlete != nil && lenex.InGroup(s.Athlete, s.event, g, m.AgeDate)
		if s.event.Round == lenex.Final && s.heat != nil && s.heat.AgeGroupID != 0 {
			own := s.heat.AgeGroupID == g.ID
			member = own || member && s.heat.Final == "A"
			if own && s.heat.Final != "" {
				in = append(in, fmt.Sprintf("%d/%s", g.ID, s.heat.Final))
				continue
			}
		}
		if member {
			in = append(in, strconv.Itoa(g.ID))
		}
	}
	return strings.Join(in, ",")
}

// members takes over who swims in a relay.
func (im *importer) members(swims []swim) error {
	var want []Member
	for _, s := range swims {
		if s.Relay == nil {
			continue
		}
		var positions []lenex.RelayPosition
		if s.Entry != nil {
			positions = s.Entry.Positions
		} else {
			positions = s.Result.Positions
		}
		for _, p := range positions {
			if p.Number > 0 && p.AthleteID != 0 {
				start := im.at("starts", fmt.Sprint(im.at("phases", s.event.ID), " ", im.at("entries", fmt.Sprint(im.at("events", s.contest), " ", s.entryCode()))))
				want = append(want, Member{StartID: start, Position: p.Number, ParticipantID: im.at("participants", p.AthleteID)})
			}
		}
	}
	if len(want) == 0 {
		return nil
	}
	return lay(im, memberNoun, want)
}

// marks takes over what was swum. A mark that a judge has entered is never
// written over: a different one in the file is refused.
func (im *importer) marks(m *lenex.Meet) error {
	var have []CellMark
	err := im.ch.Tx.NewSelect().Model(&have).Where("start_id IN (SELECT id FROM starts WHERE competition_id = ?)", im.ch.Competition.ID).Scan(im.ctx)
	if err != nil {
		return fmt.Errorf("import marks: %w", err)
	}
	there := map[int64]*CellMark{}
	for i := range have {
		there[have[i].StartID] = &have[i]
	}
	count := ImportCount{Noun: "marks"}
	var create []*CellMark
	for _, s := range im.swims(m) {
		if s.Result == nil || s.heat == nil || s.out() != "" {
			continue
		}
		w, err := im.cell(s)
		if err != nil {
			return err
		}
		if w == nil {
			continue
		}
		switch old := there[w.StartID]; {
		case w.StartID == 0:
			im.refuse(s.where, "unknown-start")
		case old == nil:
			create = append(create, w)
		case sameMark(old.Mark, w.Mark) && old.IRM == w.IRM:
			count.Unchanged++
		default:
			im.refuse(s.where, "mark-differs", MarkText(scoring.Milliseconds, old.Mark, old.IRM), MarkText(scoring.Milliseconds, w.Mark, w.IRM))
		}
	}
	for chunk := range slices.Chunk(create, 500) {
		if _, err := im.ch.Tx.NewInsert().Model(&chunk).Exec(im.ctx); err != nil {
			return fmt.Errorf("import marks: %w", err)
		}
	}
	count.Created = len(create)
	im.Counts = append(im.Counts, count)
	return nil
}

// cell is a result as the judges' cell; nil where nothing was swum.
func (im *importer) cell(s swim) (*CellMark, error) {
	r := s.Result
	irm := lenex.IRM(r.Status)
	if irm == "" && r.Time == nil {
		return nil, nil
	}
	phase, entry := im.at("phases", s.event.ID), im.at("entries", fmt.Sprint(im.at("events", s.contest), " ", s.entryCode()))
	c := &CellMark{StartID: im.at("starts", fmt.Sprint(phase, " ", entry)), Cell: TimeCell, IRM: irm, Points: r.Points,
		Revision: 1, Seq: im.ch.Seq, At: im.ch.Now, By: importAuthor}
	if irm == "" || irm.KeepsMark() {
		c.Mark = r.Time
	}
	if irm == scoring.DSQ {
		c.Rule = r.Comment
	}
	detail := DetailOf(r)
	if detail == nil {
		return c, nil
	}
	b, err := json.Marshal(detail)
	c.Detail = string(b)
	return c, err
}

// DetailOf is what a Lenex result has beside its time; nil when nothing.
func DetailOf(r *lenex.Result) *MarkDetail {
	if r.Reaction == nil && len(r.Splits) == 0 {
		return nil
	}
	d := &MarkDetail{}
	if r.Reaction != nil {
		ms := int64(*r.Reaction)
		d.Reaction = &ms
	}
	for _, sp := range r.Splits {
		d.Splits = append(d.Splits, Split{Distance: sp.Distance, Mark: sp.Time})
	}
	return d
}

// official confirms the units whose heats the file calls official, ranking them
// as a confirmation by hand would.
func (im *importer) official(m *lenex.Meet) error {
	count := ImportCount{Noun: "official-units"}
	for _, e := range m.Events() {
		for _, h := range e.Heats {
			if h.Status != lenex.Official {
				continue
			}
			u, err := byID[Unit](im.ctx, im.ch.Tx, im.ch.Competition.ID, im.at("units", h.ID), "no-such-unit")
			if err != nil {
				return err
			}
			if u.ResultStatus == Official {
				count.Unchanged++
				continue
			}
			done, err := im.confirm(&u)
			if err != nil {
				return fmt.Errorf("heat %d: %w", h.ID, err)
			}
			if done {
				count.Created++
			}
		}
	}
	im.Counts = append(im.Counts, count)
	return nil
}

func (im *importer) confirm(u *Unit) (bool, error) {
	sheet, err := loadSheet(im.ctx, im.ch.Tx, u.PhaseID, u.ID)
	if err != nil {
		return false, err
	}
	open, err := sheet.Open()
	if err != nil || len(sheet.Lines) == 0 || len(open) > 0 {
		return false, err // swum by nobody, or not complete in the file
	}
	_, err = makeOfficial(im.ctx, im.ch, u, sheet, importAuthor)
	return err == nil, err
}

// records takes over record lists.
func (im *importer) records(lists []lenex.RecordList) error {
	if len(lists) == 0 {
		return nil
	}
	var want []Record
	seen := map[string]bool{}
	for _, l := range lists {
		for _, r := range l.Records {
			if r.Time == nil {
				im.refuse("RECORD "+l.Name+" "+styleCode(r.Style), "mark-missing")
				continue
			}
			row := Record{CompetitionID: im.ch.Competition.ID, Level: l.Type, List: l.Name, Type: styleCode(r.Style), Sex: sexOf(l.Gender),
				Class: classOfRecord(l, r.Style.Stroke), Course: l.Course, AgeMin: max(l.AgeMin, 0), AgeMax: max(l.AgeMax, 0), Mark: *r.Time,
				Nation: l.Nation, Place: r.Meet.City}
			if !r.Meet.Date.IsZero() {
				row.Date = r.Meet.Date.Format(time.DateOnly)
			}
			switch {
			case r.Athlete != nil:
				row.Holder, row.Nation = DisplayName(r.Athlete.Athlete.LastName, r.Athlete.Athlete.FirstName), cmp.Or(r.Athlete.Club.Nation, row.Nation)
			case r.Relay != nil:
				row.Holder, row.Nation = r.Relay.Club.Name, cmp.Or(r.Relay.Club.Nation, row.Nation)
			}
			row.Code = fmt.Sprintf("%s/%s/%s/%s/%s/%s/%d-%d", l.Type, l.Name, row.Course, row.Type, row.Sex, row.Class, row.AgeMin, row.AgeMax)
			for n := 2; seen[row.Code]; n++ { // equal records stand side by side
				row.Code = fmt.Sprintf("%s/%s/%s/%s/%s/%s/%d-%d/%d", l.Type, l.Name, row.Course, row.Type, row.Sex, row.Class, row.AgeMin, row.AgeMax, n)
			}
			seen[row.Code] = true
			want = append(want, row)
		}
	}
	return lay(im, recordNoun, want)
}

func classOfRecord(l lenex.RecordList, stroke string) string {
	if l.Handicap == "" {
		return ""
	}
	return lenex.ClassGroup(stroke) + l.Handicap
}
