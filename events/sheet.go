// The sheet: who starts in a unit or phase and what has been written for them,
// and the self-contained document that it becomes. Pages, print, exports, the
// confirmation and the checker all rank this document and nothing else.
package events

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"tongchang/events/pads"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
	"tongchang/scoring/timed"
)

// Sheet is a unit's or a phase's start list with its marks.
type Sheet struct {
	Phase      Phase
	Event      Event
	Discipline string            // code
	Lines      []Line            // by unit, then lane, then start
	Matches    []json.RawMessage // what was played, where lines meet each other
	index      map[string]int
}

// Line is one start with who it is and what was written for it.
type Line struct {
	StartID       int64
	PhaseID       int64
	PhaseCode     string
	UnitID        int64 `bun:",nullzero"`
	UnitNumber    int   `bun:",nullzero"`
	UnitLabel     string
	EntryID       int64
	Lane          *int
	SeedMark      *scoring.Mark
	Class         string
	Groups        string
	OutIRM        scoring.IRM
	ParticipantID int64 `bun:",nullzero"`
	Bib           string
	Family, Given string
	Alias         string // shown in place of the name to the public; empty: none
	TeamName      string
	DelegationID  int64
	Delegation    string
	DelegationEn  string
	Cells         map[string]CellMark `bun:"-"`
}

// ID is the line's identifier in documents.
func (l *Line) ID() string { return strconv.FormatInt(l.StartID, 10) }

// Name is the participant's or the team's name as everybody is shown it.
func (l *Line) Name() string {
	if l.Alias != "" {
		return l.Alias
	}
	return l.FullName()
}

// FullName is the name as officials need it: judges have to know whom they judge.
func (l *Line) FullName() string {
	if l.TeamName != "" {
		return l.TeamName
	}
	return DisplayName(l.Family, l.Given)
}

// LaneText is the lane's number, or empty.
func (l *Line) LaneText() string {
	if l.Lane == nil {
		return ""
	}
	return strconv.Itoa(*l.Lane)
}

// Settled reports whether something was entered for the line: a time or a
// reason for having none, a whole line.
func (l *Line) Settled() bool {
	c := l.Cells[TimeCell]
	return c.Mark != nil || c.IRM != "" || l.Cells[LineCell].Detail != ""
}

// Waiting reports whether judges still owe the line of a race its time or a
// reason; of every kind it is [Sheet.Open] that says so.
func (l *Line) Waiting() bool { return l.OutIRM == "" && !l.Settled() }

// InGroup reports whether the line ranks in one of the phase's groups.
func (l *Line) InGroup(id string) bool {
	for g := range strings.SplitSeq(l.Groups, ",") {
		if g, _, _ = strings.Cut(g, "/"); g == id {
			return true
		}
	}
	return false
}

// final is 1 for a start in an A final, 2 in a B final, 0 elsewhere.
func (l *Line) final() int {
	if _, letter, ok := strings.Cut(l.Groups, "/"); ok && letter != "" {
		return int(letter[0]-'A') + 1
	}
	return 0
}

// DisplayName writes a name as its owner's language does: family name first and
// joined for Han names, given name first otherwise.
func DisplayName(family, given string) string {
	for _, r := range family + given {
		if r >= 0x2e80 {
			return family + given
		}
	}
	return strings.TrimSpace(given + " " + family)
}

// Sheet loads the sheet of a phase, or of one of its units when unit is not 0.
func (s *Store) Sheet(ctx context.Context, phase, unit int64) (*Sheet, error) {
	return loadSheet(ctx, s.r, phase, unit)
}

func loadSheet(ctx context.Context, db bun.IDB, phase, unit int64) (*Sheet, error) {
	sh := &Sheet{index: map[string]int{}}
	if err := db.NewSelect().Model(&sh.Phase).Where("id = ?", phase).Scan(ctx); err != nil {
		return nil, fmt.Errorf("load phase %d: %w", phase, err)
	}
	if err := db.NewSelect().Model(&sh.Event).Where("id = ?", sh.Phase.EventID).Scan(ctx); err != nil {
		return nil, fmt.Errorf("load event %d: %w", sh.Phase.EventID, err)
	}
	if err := db.NewSelect().Model((*Discipline)(nil)).Column("code").Where("id = ?", sh.Event.DisciplineID).Scan(ctx, &sh.Discipline); err != nil {
		return nil, fmt.Errorf("load discipline of event %d: %w", sh.Event.ID, err)
	}
	where := func(q *bun.SelectQuery) *bun.SelectQuery {
		if unit != 0 {
			return q.Where("s.unit_id = ?", unit)
		}
		return q.Where("s.phase_id = ?", phase)
	}
	var err error
	if sh.Lines, err = loadLines(ctx, db, where); err != nil {
		return nil, fmt.Errorf("load sheet of phase %d: %w", phase, err)
	}
	for i := range sh.Lines {
		sh.index[sh.Lines[i].ID()] = i
	}
	return sh, sh.loadMatches(ctx, db, phase, unit)
}

// loadMatches loads what was played in the sheet's unit, or in all of its phase.
func (sh *Sheet) loadMatches(ctx context.Context, db bun.IDB, phase, unit int64) error {
	var texts []string
	q := db.NewSelect().Model((*Unit)(nil)).Column("matches").Where("matches <> ''").Order("id")
	if unit != 0 {
		q = q.Where("id = ?", unit)
	} else {
		q = q.Where("phase_id = ?", phase)
	}
	if err := q.Scan(ctx, &texts); err != nil {
		return fmt.Errorf("load matches of phase %d: %w", phase, err)
	}
	for _, text := range texts {
		var ms []json.RawMessage
		if err := json.Unmarshal([]byte(text), &ms); err != nil {
			return fmt.Errorf("read matches of phase %d: %w", phase, err)
		}
		sh.Matches = append(sh.Matches, ms...)
	}
	return nil
}

// loadLines loads start lines with their cells. In where, s is the start and e
// its entry.
func loadLines(ctx context.Context, db bun.IDB, where func(*bun.SelectQuery) *bun.SelectQuery) ([]Line, error) {
	var lines []Line
	err := where(db.NewSelect().TableExpr("starts AS s")).
		ColumnExpr("s.id AS start_id, s.phase_id, ph.code AS phase_code, s.unit_id, s.entry_id, s.lane, s.seed_mark, s.class, s.groups, s.out_irm").
		ColumnExpr("u.number AS unit_number, coalesce(u.label, '') AS unit_label").
		ColumnExpr("e.participant_id, e.team_name, e.delegation_id, d.name AS delegation, d.name_en AS delegation_en").
		ColumnExpr("coalesce(p.code, '') AS bib, coalesce(p.family, '') AS family, coalesce(p.given, '') AS given, coalesce(a.alias, '') AS alias").
		Join("JOIN entries AS e ON e.id = s.entry_id").
		Join("JOIN phases AS ph ON ph.id = s.phase_id").
		Join("JOIN delegations AS d ON d.id = e.delegation_id").
		Join("LEFT JOIN participants AS p ON p.id = e.participant_id").
		Join("LEFT JOIN aliases AS a ON a.participant_id = p.id").
		Join("LEFT JOIN units AS u ON u.id = s.unit_id").
		Scan(ctx, &lines)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.UnitNumber, b.UnitNumber), cmp.Compare(a.UnitID, b.UnitID), compareLanes(a.Lane, b.Lane), cmp.Compare(a.StartID, b.StartID))
	})
	var cells []CellMark
	err = where(db.NewSelect().Model(&cells).Join("JOIN starts AS s ON s.id = cell_mark.start_id").Join("JOIN entries AS e ON e.id = s.entry_id")).Scan(ctx)
	if err != nil {
		return nil, err
	}
	byStart := make(map[int64]map[string]CellMark, len(lines))
	for _, c := range cells {
		if byStart[c.StartID] == nil {
			byStart[c.StartID] = map[string]CellMark{}
		}
		byStart[c.StartID][c.Cell] = c
	}
	for i := range lines {
		lines[i].Cells = byStart[lines[i].StartID]
	}
	return lines, nil
}

// classList splits a comma-separated list of sport classes.
func classList(classes string) []string { return strings.Split(classes, ",") }

func compareLanes(a, b *int) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}

// Line finds a line by its identifier in documents; nil when it is not there.
func (sh *Sheet) Line(id string) *Line {
	i, ok := sh.index[id]
	if !ok {
		return nil
	}
	return &sh.Lines[i]
}

// Document is the self-contained document from which anyone can rank the sheet
// again. It has no names: a line is known by its start. While judges are still
// at work it ranks what there is.
func (sh *Sheet) Document() (kinds.Document, error) {
	doc, err := sh.base()
	if err != nil || sh.timed() {
		return doc, err
	}
	values := sh.values()
	full, err := pads.Compose(doc, values)
	if err != nil {
		return full, err
	}
	if !pads.Completes(full.Ruleset.Kind) {
		return full, nil // such a kind ranks what there is in any case
	}
	owed, err := pads.Waiting(doc, values)
	if err == nil && len(sh.owing(owed, sh.entered(doc, values), values)) > 0 {
		return pads.Partial(full), nil
	}
	return full, nil // what does not rank is told by whoever ranks it
}

// UnitDocument is the document of a unit: it is ranked as a whole, since groups
// are the phase's.
func (sh *Sheet) UnitDocument() (kinds.Document, error) {
	doc, err := sh.Document()
	doc.Groups = nil
	return doc, err
}

// RankUnit ranks a unit's document, which it also returns.
func (sh *Sheet) RankUnit() (kinds.Document, []kinds.Ranking, error) {
	doc, err := sh.UnitDocument()
	if err != nil {
		return doc, nil, err
	}
	ranking, err := kinds.Rank(doc)
	return doc, ranking, err
}

// meets reports whether the lines of the phase's kind meet each other.
func (p *Phase) meets() bool {
	var rs kinds.Ruleset
	return json.Unmarshal([]byte(p.Ruleset), &rs) == nil && kinds.Meets(rs.Kind)
}

func (p *Phase) groups() ([]PhaseGroup, error) {
	var gs []PhaseGroup
	if p.Groups == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(p.Groups), &gs); err != nil {
		return nil, fmt.Errorf("read groups of phase %d: %w", p.ID, err)
	}
	return gs, nil
}

// document is the line as its kind reads it.
func (l *Line) document(kind string) (json.RawMessage, error) {
	if kind == "timed" {
		return json.Marshal(l.timed())
	}
	fields := map[string]any{}
	if text := l.Cells[LineCell].Detail; text != "" {
		if err := json.Unmarshal([]byte(text), &fields); err != nil {
			return nil, fmt.Errorf("read line of start %d: %w", l.StartID, err)
		}
	}
	fields["id"] = l.ID()
	if _, said := fields["class"]; !said && l.Class != "" && pads.Classed(kind) {
		fields["class"] = l.Class
	}
	if l.OutIRM != "" {
		fields["irm"] = l.OutIRM
	}
	return json.Marshal(fields)
}

// timed is the line as the timed kind reads it.
func (l *Line) timed() timed.Line {
	c := l.Cells[TimeCell]
	t := timed.Line{ID: l.ID(), Mark: c.Mark, Points: c.Points, IRM: c.IRM, Rule: c.Rule, Class: l.Class, Final: l.final()}
	if w, ok := pads.WindOf(l.Cells[pads.WindCell].Text()); ok {
		t.Wind = &w
	}
	if l.OutIRM != "" {
		t.IRM = l.OutIRM
		if !l.OutIRM.KeepsMark() {
			t.Mark = nil
		}
	}
	return t
}
