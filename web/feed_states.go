package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tongchang/events"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
	"tongchang/scoring/medals"
)

// The states of topics, built from the ledger: texts in one language, ready to
// be shown. Ranks come from kinds.Rank and from nowhere else.

// statusCode is the shape of a result's status.
func statusCode(u *events.Unit) string {
	switch u.ResultStatus {
	case events.Live:
		return StatusLive
	case events.Unofficial:
		return StatusUnofficial
	case events.Protested:
		return StatusProtested
	case events.Official:
		return StatusOfficial
	}
	return StatusStartList
}

// together is the status of several units: official when all are, live when
// any is.
func together(units []*events.Unit) string {
	count := map[string]int{}
	for _, u := range units {
		count[statusCode(u)]++
	}
	switch n := len(units); {
	case n == 0:
		return StatusScheduled
	case count[StatusLive] > 0:
		return StatusLive
	case count[StatusProtested] > 0:
		return StatusProtested
	case count[StatusOfficial] == n:
		return StatusOfficial
	case count[StatusStartList] == n:
		return StatusStartList
	}
	return StatusUnofficial
}

func (b *builder) eventName(e *events.Event) string {
	if b.t.Lang == English && e.NameEn != "" {
		return e.NameEn
	}
	return e.Name
}

func (b *builder) pick(zh, en string) string {
	if b.t.Lang == English && en != "" {
		return en
	}
	return zh
}

func (b *builder) disciplineName(e *events.Event) string {
	d := b.programme.Disciplines[e.DisciplineID]
	return b.pick(d.Name, d.NameEn)
}

func (b *builder) round(p *events.Phase) string {
	if b.t.Has("round." + p.Kind) {
		return b.t.Round(p.Kind)
	}
	return p.Kind
}

// phaseOf says which part of its event a unit is: 预赛 第 2 组, 决赛 A.
func (b *builder) phaseOf(u *events.Unit, p *events.Phase) string {
	said := b.round(p)
	switch {
	case u.Label != "":
		said += " " + u.Label
	case len(b.programme.UnitsOf(p.ID)) > 1:
		said = b.t.T("phase-unit", said, b.t.Heat(u.Number))
	}
	return said
}

func (b *builder) now() string { return b.t.Clock(b.feeder.store.Now().In(b.zone)) }

// unitParts finds a unit with its phase and event.
func (b *builder) unitParts(id int64) (*events.Unit, *events.Phase, *events.Event, error) {
	u := b.programme.Unit(id)
	if u == nil {
		return nil, nil, nil, errNoPage
	}
	p := b.programme.Phase(u.PhaseID)
	return u, p, b.programme.Event(p.EventID), nil
}

// unit is the topic unit/{id}.
func (b *builder) unit(ctx context.Context, id int64) (UnitState, error) {
	u, p, e, err := b.unitParts(id)
	if err != nil {
		return UnitState{}, err
	}
	sheet, err := b.store.Sheet(ctx, p.ID, u.ID)
	if err != nil {
		return UnitState{}, err
	}
	status := statusCode(u)
	s := UnitState{Title: b.t.Join(b.eventName(e), b.phaseOf(u, p)), Event: b.eventName(e), Phase: b.phaseOf(u, p),
		Status: status, StatusText: b.t.Status(status), Lines: []UnitLine{}, Updated: b.now()}
	if status == StatusLive || status == StatusUnofficial {
		s.Note = b.t.T("unit.not-confirmed")
	}
	_, ranked, err := sheet.RankUnit()
	if err != nil {
		return UnitState{}, err
	}
	only := u.Label == "A" || u.Label == "" && len(b.programme.UnitsOf(p.ID)) == 1
	s.Lines = b.lines(sheet, u.Measure, ranked[0].Lines, status, p.Decides && e.Medals && only)
	if status != StatusOfficial {
		if err := b.markObserved(ctx, u.ID, s.Lines); err != nil {
			return UnitState{}, err
		}
	}
	s.Sentence = b.newest(sheet, s.Lines, status)
	return s, nil
}

// lines says ranked lines. Those still waiting stand in the order of lanes.
func (b *builder) lines(sheet *events.Sheet, measure scoring.Measure, ranked []scoring.Ranked, status string, medals bool) []UnitLine {
	ranked = slices.Clone(ranked)
	waiting := func(r *scoring.Ranked) bool { return r.Reason.Rule == scoring.RuleNoMark }
	slices.SortStableFunc(ranked, func(x, y scoring.Ranked) int {
		if waiting(&x) && waiting(&y) {
			return cmp.Compare(laneOf(sheet.Line(x.ID)), laneOf(sheet.Line(y.ID)))
		}
		return 0
	})
	name := func(id string) string { return sheet.Line(id).Name() }
	out := make([]UnitLine, len(ranked))
	var best *scoring.Mark
	for i, r := range ranked {
		l := sheet.Line(r.ID)
		cell := l.Cells[events.TimeCell]
		o := UnitLine{Entry: r.ID, Lane: l.LaneText(), Name: l.Name(), Delegation: b.pick(l.Delegation, l.DelegationEn), Class: l.Class,
			IRM: string(r.IRM), IRMText: b.t.IRM(r.IRM, cell.Rule), Reason: b.t.Why(r, name)}
		o.URL = b.personURL(l.ParticipantID)
		if r.Mark != nil {
			o.Mark = r.Result
			o.Spoken = b.spoken(measure, &r)
		}
		for _, c := range r.Columns {
			if c.Name == "class" && c.Text == l.Class {
				continue // stands beside the name already
			}
			o.More = append(o.More, Fact{b.t.T("column." + c.Name), c.Text})
		}
		if r.Rank > 0 {
			o.Rank, o.Lead = strconv.Itoa(r.Rank), r.Rank == 1
			if best == nil {
				best = r.Mark
			} else if measure == scoring.Milliseconds && *r.Mark > *best {
				o.Gap = "+" + measure.Format(*r.Mark-*best, 2)
			}
			if medals && status == StatusOfficial {
				o.Medal, o.MedalText = medalOf(b.t, r.Rank)
			}
		}
		out[i] = o
	}
	return out
}

// spoken is a result as it is read out. What is not printed as its measure
// prints it (points from a table, a score of 3–1) is read as it stands.
func (b *builder) spoken(measure scoring.Measure, r *scoring.Ranked) string {
	for decimals := range 4 {
		if measure.Format(*r.Mark, decimals) == r.Result {
			return b.t.Spoken(measure, *r.Mark, decimals)
		}
	}
	return r.Result
}

func medalOf(t *Translator, rank int) (code, text string) {
	m := medals.ForRank(rank)
	if m == "" {
		return "", ""
	}
	return string(m), t.T("medal." + string(m))
}

func laneOf(l *events.Line) int {
	if l.Lane == nil {
		return 1 << 30
	}
	return *l.Lane
}

// newest marks the line that the newest change was about, and says it in one
// sentence. An official result has nothing new.
func (b *builder) newest(sheet *events.Sheet, lines []UnitLine, status string) string {
	if status != StatusLive && status != StatusUnofficial {
		return ""
	}
	var at int64
	var id string
	for i := range sheet.Lines {
		for _, c := range sheet.Lines[i].Cells {
			if c.Seq > at && (c.Mark != nil || c.IRM != "") {
				at, id = c.Seq, sheet.Lines[i].ID()
			}
		}
	}
	for i := range lines {
		l := &lines[i]
		if l.Entry == id {
			l.Changed = true
			rank, _ := strconv.Atoi(l.Rank)
			return b.t.Tell(Said{Lane: l.Lane, Name: l.Name, Spoken: l.Spoken, IRM: l.IRMText, Rank: rank, Record: l.Record})
		}
	}
	return ""
}

// brief is a unit in a list of units. Its leader is looked up where somebody
// can lead.
func (b *builder) brief(ctx context.Context, u *events.Unit) (UnitBrief, error) {
	p := b.programme.Phase(u.PhaseID)
	e := b.programme.Event(p.EventID)
	status := statusCode(u)
	out := UnitBrief{Unit: strconv.FormatInt(u.ID, 10), URL: fmt.Sprintf("%s/units/%d", b.root, u.ID), Title: b.t.Join(b.eventName(e), b.phaseOf(u, p)),
		Time: b.hour(u.Start), Where: u.Venue, Status: status, StatusText: b.t.Status(status)}
	if status == StatusStartList {
		return out, nil
	}
	sheet, err := b.store.Sheet(ctx, p.ID, u.ID)
	if err != nil {
		return out, err
	}
	_, ranked, err := sheet.RankUnit()
	if err != nil {
		return out, err
	}
	if first := ranked[0].Lines; len(first) > 0 && first[0].Rank == 1 {
		l := sheet.Line(first[0].ID)
		out.Leader, out.Mark = l.Name(), first[0].Result
		out.About = b.pick(l.Delegation, l.DelegationEn)
		if status == StatusLive {
			out.About = b.t.Join(out.About, b.t.T("brief.leads"))
		}
	}
	return out, nil
}

func (b *builder) hour(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return b.t.Hour(at.In(b.zone))
}

// event is the topic event/{id}.
func (b *builder) event(ctx context.Context, id int64) (EventState, error) {
	e := b.programme.Event(id)
	if e == nil {
		return EventState{}, errNoPage
	}
	var all []*events.Unit
	s := EventState{Title: b.eventName(e), Phases: []PhaseState{}, Updated: b.now()}
	for _, p := range b.programme.PhasesOf(id) {
		units := b.programme.UnitsOf(p.ID)
		all = append(all, units...)
		ph := PhaseState{Phase: strconv.FormatInt(p.ID, 10), Title: b.round(p), Units: []UnitBrief{}}
		for _, u := range units {
			brief, err := b.brief(ctx, u)
			if err != nil {
				return s, err
			}
			if brief.Title = b.phaseOf(u, p); len(units) > 1 && u.Label == "" {
				brief.Title = b.t.Heat(u.Number)
			}
			ph.Units = append(ph.Units, brief)
		}
		var err error
		if ph.Rankings, err = b.rankings(ctx, e, p, units); err != nil {
			return s, err
		}
		s.Phases = append(s.Phases, ph)
	}
	s.Status = together(all)
	s.StatusText = b.t.Status(s.Status)
	return s, nil
}

// rankings are the rankings of a phase over its units, one for each group that
// has somebody ranked.
func (b *builder) rankings(ctx context.Context, e *events.Event, p *events.Phase, units []*events.Unit) ([]Ranking, error) {
	out := []Ranking{}
	status := together(units)
	if status == StatusStartList || status == StatusScheduled {
		return out, nil
	}
	sheet, err := b.store.Sheet(ctx, p.ID, 0)
	if err != nil {
		return nil, err
	}
	doc, err := sheet.Document()
	if err != nil {
		return nil, err
	}
	ranked, err := kinds.Rank(doc)
	if err != nil {
		return nil, err
	}
	for i, r := range ranked {
		r.Lines = slices.DeleteFunc(r.Lines, func(l scoring.Ranked) bool { return l.Reason.Rule == scoring.RuleNoMark })
		if len(r.Lines) == 0 {
			continue
		}
		lines := b.lines(sheet, units[0].Measure, r.Lines, status, i == 0 && p.Decides && e.Medals)
		for j := range lines {
			if l := sheet.Line(lines[j].Entry); len(units) > 1 && l.UnitNumber > 0 {
				lines[j].Unit = b.t.Heat(l.UnitNumber)
			}
		}
		out = append(out, Ranking{Ranking: strconv.FormatInt(p.ID, 10) + "-" + r.Group, Title: r.Name, Status: status, StatusText: b.t.Status(status),
			Document: fmt.Sprintf("%s/documents/phases/%d.json", b.root, p.ID), Lines: lines})
	}
	return out, nil
}

// schedule is the topic schedule/{day}, or with a filter the part of it that
// somebody asks for.
func (b *builder) schedule(ctx context.Context, day string, part *filter) (ScheduleState, error) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ScheduleState{}, errNoPage
	}
	s := ScheduleState{Day: b.t.Day(at), Sessions: []ScheduleSession{}, Updated: b.now()}
	expected, err := b.feeder.expected(ctx, b.c)
	if err != nil {
		return s, err
	}
	for i := range b.programme.Sessions {
		session := &b.programme.Sessions[i]
		if session.Day != day {
			continue
		}
		out := ScheduleSession{Session: strconv.Itoa(session.Number), Title: b.pick(session.Name, session.NameEn), Where: session.Venue, Phases: []SchedulePart{}}
		byPhase := map[int64][]*events.Unit{}
		var order []int64
		for j := range b.programme.Units {
			u := &b.programme.Units[j]
			if u.SessionID != session.ID || part != nil && !part.keeps(b, u, session) {
				continue
			}
			if byPhase[u.PhaseID] == nil {
				order = append(order, u.PhaseID)
			}
			byPhase[u.PhaseID] = append(byPhase[u.PhaseID], u)
		}
		for _, id := range order {
			row := b.part(b.programme.Phase(id), byPhase[id])
			row.Late, row.Why = b.lateness(byPhase[id], expected)
			out.Phases = append(out.Phases, row)
		}
		if part == nil || len(out.Phases) > 0 {
			s.Sessions = append(s.Sessions, out)
		}
	}
	if len(s.Sessions) == 0 && part == nil {
		return s, errNoPage
	}
	return s, nil
}

func (b *builder) part(p *events.Phase, units []*events.Unit) SchedulePart {
	e := b.programme.Event(p.EventID)
	status, starters := together(units), 0
	for _, u := range units {
		starters += b.programme.Starters[u.ID]
	}
	part := SchedulePart{Phase: strconv.FormatInt(p.ID, 10), URL: fmt.Sprintf("%s/events/%d", b.root, e.ID), Title: b.t.Join(b.eventName(e), b.round(p)),
		Time: b.hour(units[0].Start), About: b.t.Join(b.t.T("brief.heats", len(units)), b.t.T("brief.starters", starters)), Status: status, StatusText: b.t.Status(status)}
	if len(units) == 1 {
		part.URL, part.About = fmt.Sprintf("%s/units/%d", b.root, units[0].ID), b.t.T("brief.starters", starters)
	}
	if e.State == events.EventExhibition {
		part.About = b.t.Join(part.About, b.t.T("contests.exhibition"))
	}
	return part
}

// How many units the first page shows of each kind.
const (
	todayLive = 6
	todayNext = 6
	todayDone = 6
	todayTop  = 5
)

// today is the topic today.
func (b *builder) today(ctx context.Context) (TodayState, error) {
	var now, next, done []*events.Unit
	for i := range b.programme.Units {
		u := &b.programme.Units[i]
		switch statusCode(u) {
		case StatusStartList:
			if b.programme.Starters[u.ID] > 0 {
				next = append(next, u)
			}
		case StatusOfficial:
			done = append(done, u)
		default:
			now = append(now, u)
		}
	}
	slices.SortStableFunc(done, func(x, y *events.Unit) int { return y.OfficialAt.Compare(x.OfficialAt) })
	slices.SortStableFunc(next, compareStarts)
	expected, err := b.feeder.expected(ctx, b.c)
	if err != nil {
		return TodayState{}, err
	}
	s := TodayState{Updated: b.now()}
	if len(now) > 0 || len(next) > 0 {
		u := slices.Concat(now, next)[0]
		if session := b.programme.Session(u.SessionID); session != nil {
			if at, err := time.Parse(time.DateOnly, session.Day); err == nil {
				s.Day = b.t.Day(at)
			}
		}
	}
	for _, part := range []struct {
		into  *[]UnitBrief
		units []*events.Unit
		most  int
	}{{&s.Live, now, todayLive}, {&s.Next, next, todayNext}, {&s.Done, done, todayDone}} {
		*part.into = []UnitBrief{}
		for _, u := range part.units[:min(part.most, len(part.units))] {
			brief, err := b.brief(ctx, u)
			if err != nil {
				return s, err
			}
			brief.Late, _ = b.lateness([]*events.Unit{u}, expected)
			*part.into = append(*part.into, brief)
		}
	}
	st, err := b.feeder.standings(ctx, b.c)
	if err != nil {
		return s, err
	}
	s.Medals, _ = b.medalLines(st, todayTop)
	s.Progress = b.progress(st.Decided)
	return s, nil
}

// progress says how many medal events have been decided.
func (b *builder) progress(decided int) string {
	all := 0
	for _, e := range b.programme.Events {
		if e.Medals {
			all++
		}
	}
	return b.t.T("medals.progress", strconv.Itoa(decided), strconv.Itoa(all))
}

// medalLines says the first rows of the medal table, with team points where the
// regulation publishes them.
func (b *builder) medalLines(st *events.Standings, most int) (lines []MedalsLine, halves bool) {
	lines = []MedalsLine{}
	names := b.delegationNames()
	points := map[string]string{}
	for _, r := range st.Points {
		points[r.Delegation] = r.Points.String()
	}
	for _, r := range st.Medals[:min(most, len(st.Medals))] {
		lines = append(lines, MedalsLine{Points: points[r.Delegation], Delegation: r.Delegation, URL: b.root + "/delegations/" + r.Delegation, Rank: strconv.Itoa(r.Rank),
			Name: names[r.Delegation], Gold: r.Gold.String(), Silver: r.Silver.String(), Bronze: r.Bronze.String(), Total: r.Total.String()})
		for _, n := range []scoring.Ratio{r.Gold, r.Silver, r.Bronze} {
			halves = halves || !n.IsWhole()
		}
	}
	return lines, halves
}

func (b *builder) delegationNames() map[string]string {
	names := map[string]string{}
	for _, d := range b.programme.Delegations {
		names[strconv.FormatInt(d.ID, 10)] = b.pick(d.Name, d.NameEn)
	}
	return names
}

// medals is the topic medals.
func (b *builder) medals(ctx context.Context) (MedalsState, error) {
	st, err := b.feeder.standings(ctx, b.c)
	if err != nil {
		return MedalsState{}, err
	}
	decided := st.Decided
	s := MedalsState{Status: StatusLive, Order: b.t.T("medals.order"), Progress: b.progress(decided), Updated: b.now()}
	if b.finished() {
		s.Status = StatusOfficial
	} else if decided == 0 {
		s.Status = StatusScheduled
	}
	s.StatusText = b.t.Status(s.Status)
	s.Lines, s.Halves = b.medalLines(st, len(st.Medals))
	if len(s.Lines) > 0 {
		l := s.Lines[0]
		s.Sentence = b.t.T("medals.sentence", l.Name, l.Gold, l.Silver, l.Bronze)
	}
	return s, nil
}

func (b *builder) finished() bool {
	for i := range b.programme.Units {
		if u := &b.programme.Units[i]; statusCode(u) != StatusOfficial && b.programme.Starters[u.ID] > 0 {
			return false
		}
	}
	return len(b.programme.Units) > 0
}

// delegation is the topic delegation/{id}.
func (b *builder) delegation(ctx context.Context, id int64) (DelegationState, error) {
	d, err := b.store.Delegation(ctx, b.c.ID, id)
	if err != nil {
		return DelegationState{}, err
	}
	s := DelegationState{Name: b.pick(d.Name, d.NameEn), Lines: []DelegationLine{}, Updated: b.now()}
	st, err := b.feeder.standings(ctx, b.c)
	if err != nil {
		return s, err
	}
	key := strconv.FormatInt(id, 10)
	s.Medals = MedalsLine{Delegation: key, Name: s.Name, Gold: "0", Silver: "0", Bronze: "0", Total: "0"}
	table, _ := b.medalLines(st, len(st.Medals))
	if i := slices.IndexFunc(table, func(l MedalsLine) bool { return l.Delegation == key }); i >= 0 {
		s.Medals = table[i]
	}
	lines, err := b.store.LinesOf(ctx, id)
	if err != nil {
		return s, err
	}
	s.Lines, err = b.startLines(ctx, lines)
	return s, err
}

// startLines says starts and how they went, in the order of their units' starts.
func (b *builder) startLines(ctx context.Context, lines []events.Line) ([]DelegationLine, error) {
	var units []int64
	for _, l := range lines {
		if l.UnitID != 0 && !slices.Contains(units, l.UnitID) {
			units = append(units, l.UnitID)
		}
	}
	results, err := b.store.ResultsIn(ctx, units)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(lines, func(x, y events.Line) int {
		if u, w := b.programme.Unit(x.UnitID), b.programme.Unit(y.UnitID); u != nil && w != nil {
			return compareStarts(u, w)
		}
		return 0
	})
	all := []DelegationLine{}
	for i := range lines {
		if out, ok := b.delegationLine(&lines[i], results); ok {
			all = append(all, out)
		}
	}
	return all, nil
}

// delegationLine is one start; a start that is not drawn yet is not shown.
func (b *builder) delegationLine(l *events.Line, results map[int64]events.Result) (DelegationLine, bool) {
	u := b.programme.Unit(l.UnitID)
	if u == nil {
		return DelegationLine{}, false
	}
	p := b.programme.Phase(l.PhaseID)
	e := b.programme.Event(p.EventID)
	status := statusCode(u)
	cell := l.Cells[events.TimeCell]
	out := DelegationLine{Start: l.ID(), Name: l.Name(), Class: l.Class, Unit: b.t.Join(b.eventName(e), b.phaseOf(u, p)), URL: fmt.Sprintf("%s/units/%d", b.root, u.ID),
		Time: b.hour(u.Start), Mark: events.MarkText(u.Measure, cell.Mark, ""), Status: status, StatusText: b.t.Status(status)}
	out.Person = b.personURL(l.ParticipantID)
	if cell.IRM != "" {
		out.Mark = b.t.IRM(cell.IRM, cell.Rule)
	}
	if r, ok := results[l.StartID]; ok && r.Rank > 0 {
		out.Rank = strconv.Itoa(r.Rank)
		if p.Decides && e.Medals && len(b.programme.UnitsOf(p.ID)) == 1 {
			out.Medal, out.MedalText = medalOf(b.t, r.Rank)
		}
	}
	return out, true
}
