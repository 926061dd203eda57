// Photo finish: start lists for the camera's operator, and the results that the
// camera saved, which are proposals until a judge takes them, mark by mark, in
// their own name. A file's names are not kept: who a line is about is known by
// bib and lane.
package events

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/lynx"
	"tongchang/events/workbook"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
	"tongchang/scoring/timed"
)

// cameraFile is a result that a camera saved. State is empty while it waits.
type cameraFile struct {
	bun.BaseModel `bun:"table:camera_files"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	UnitID        int64     `bun:",nullzero"` // 0: no heat of ours has its numbers
	Name          string    `bun:",notnull"`
	Print         string    `bun:",notnull"` // SHA-256 of the file
	Content       string    `bun:",notnull"` // []lynx.Line as JSON, without names
	State         string    `bun:",notnull"` // taken, dropped, or newer: it was saved again
	At            time.Time `bun:",notnull"`
	Settled       time.Time `bun:",nullzero"`
	By            string    `bun:",notnull"`
}

// The states of a file that no longer waits.
const (
	cameraTaken   = "taken"
	cameraDropped = "dropped"
	cameraNewer   = "newer"
)

// maxCameraFile is far above a heat of five hundred with all splits.
const maxCameraFile = 1 << 20

// CameraFile is a waiting result of a unit, line by line beside what stands.
type CameraFile struct {
	ID    int64
	Name  string
	At    time.Time
	Lines []CameraLine
}

// CameraLine is one line of a file. Start is 0 where nobody in the unit has its
// bib and lane; Problem is then a key of the catalogue. Read is the camera's
// time, Mark the same as the unit's rules publish it.
type CameraLine struct {
	Row     int
	Start   int64
	Lane    string
	Bib     string
	Place   int
	IRM     scoring.IRM
	Read    *scoring.Mark
	Mark    *scoring.Mark
	Present *Cell // what stands in the ledger
	Same    bool  // and is what the file proposes
	Problem string
}

// cameraHeats are the numbers by which a camera knows our units.
func cameraHeats(p *Programme) map[int64]lynx.Heat {
	times := map[int]int{}
	for i := range p.Events {
		times[p.Events[i].Number]++
	}
	heats := map[int64]lynx.Heat{}
	for i := range p.Phases {
		phase := &p.Phases[i]
		e := p.Event(phase.EventID)
		number := e.Number
		if number <= 0 || times[number] > 1 {
			number = 10_000 + int(e.ID) // printed programmes do not go that far
		}
		units := slices.Clone(p.UnitsOf(phase.ID))
		slices.SortStableFunc(units, func(a, b *Unit) int { return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Label, b.Label)) })
		for at, u := range units {
			if u.Measure == scoring.Milliseconds && p.Starters[u.ID] > 0 {
				heats[u.ID] = lynx.Heat{Event: number, Round: phase.Position, Heat: at + 1}
			}
		}
	}
	return heats
}

// CameraStarts are the start files for the camera's operator, by name: all
// timed units that have starters, in the order of the timetable. Title names a
// unit on the operator's screen.
func (s *Store) CameraStarts(ctx context.Context, competition string, title func(*Event, *Phase, *Unit) string) (map[string][]byte, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	p, err := s.Programme(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	heats := cameraHeats(p)
	lines, err := loadLines(ctx, s.r, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("s.competition_id = ?", c.ID).Where("s.unit_id IS NOT NULL").Where("s.out_irm = ''")
	})
	if err != nil {
		return nil, fmt.Errorf("start lists for the camera: %w", err)
	}
	starters := map[int64][]lynx.Starter{}
	for i := range lines {
		l := &lines[i]
		last, first := l.Family, l.Given
		if l.TeamName != "" || DisplayName(last, first) == last+first {
			last, first = l.FullName(), ""
		}
		starters[l.UnitID] = append(starters[l.UnitID], lynx.Starter{ID: l.Bib, Lane: l.LaneText(), Last: last, First: first, Affiliation: l.Delegation})
	}
	var races []lynx.Race
	for i := range p.Units {
		u := &p.Units[i]
		if heat, timed := heats[u.ID]; timed {
			phase := p.Phase(u.PhaseID)
			races = append(races, lynx.Race{Heat: heat, Name: title(p.Event(phase.EventID), phase, u), Starter: starters[u.ID]})
		}
	}
	return lynx.Files(races)
}

// KeepCameraFile keeps a result that a camera saved and answers whether it was
// new. The same file again changes nothing; the same name with another content
// takes the place of the one that waits. A file that cannot be read is refused
// with a *scoring.Invalid, one of a heat that is none of ours with a Refusal.
func (s *Store) KeepCameraFile(ctx context.Context, competition, name, by string, data []byte) (kept bool, err error) {
	if len(data) > maxCameraFile || len(name) > 200 {
		return false, &scoring.Invalid{Field: "file", Problem: "lynx-unread"}
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return false, err
	}
	text, err := workbook.Text(data)
	if err != nil {
		return false, err
	}
	result, err := lynx.Read(text)
	if err != nil {
		return false, err
	}
	p, err := s.Programme(ctx, c.ID)
	if err != nil {
		return false, err
	}
	f := &cameraFile{CompetitionID: c.ID, Name: name, At: s.now().UTC().Truncate(time.Microsecond), By: by}
	for id, heat := range cameraHeats(p) {
		if heat == result.Heat {
			f.UnitID = id
		}
	}
	if f.UnitID == 0 {
		return false, &Refusal{Status: StatusNotFound, Problem: "lynx-heat", With: []string{strconv.Itoa(result.Event), strconv.Itoa(result.Round), strconv.Itoa(result.Heat.Heat)}}
	}
	for i := range result.Lines { // the ledger knows who they are
		l := &result.Lines[i]
		l.Last, l.First, l.Affiliation = "", "", ""
	}
	content, err := json.Marshal(result.Lines)
	if err != nil {
		return false, err
	}
	sum := sha256.Sum256(data)
	f.Content, f.Print = string(content), hex.EncodeToString(sum[:])
	return s.keepCameraFile(ctx, f)
}

func (s *Store) keepCameraFile(ctx context.Context, f *cameraFile) (kept bool, err error) {
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		put, err := tx.NewInsert().Model(f).On("CONFLICT (competition_id, name, print) DO NOTHING").Returning("NULL").Exec(ctx)
		if err != nil {
			return fmt.Errorf("keep camera file: %w", err)
		}
		n, err := put.RowsAffected()
		if kept = n > 0; err != nil || !kept {
			return err
		}
		_, err = tx.NewUpdate().Model((*cameraFile)(nil)).Set("state = ?", cameraNewer).Set("settled = ?", f.At).
			Where("competition_id = ?", f.CompetitionID).Where("name = ?", f.Name).Where("state = ''").Where("print <> ?", f.Print).Exec(ctx)
		return err
	})
	return kept, err
}

// CameraFiles are the results that wait for a judge of a unit, the newest first.
func (s *Store) CameraFiles(ctx context.Context, who access.Who, competition string, unit int64) ([]CameraFile, error) {
	u, sheet, err := s.cameraUnit(ctx, who, competition, unit)
	if err != nil {
		return nil, err
	}
	var files []cameraFile
	if err := s.r.NewSelect().Model(&files).Where("unit_id = ?", unit).Where("state = ''").OrderExpr("id DESC").Scan(ctx); err != nil {
		return nil, fmt.Errorf("camera files of unit %d: %w", unit, err)
	}
	step, err := publishedStep(sheet.Phase.Ruleset)
	if err != nil {
		return nil, err
	}
	all := make([]CameraFile, len(files))
	for i, f := range files {
		all[i] = CameraFile{ID: f.ID, Name: f.Name, At: f.At}
		var lines []lynx.Line
		if err := json.Unmarshal([]byte(f.Content), &lines); err != nil {
			return nil, fmt.Errorf("camera file %d: %w", f.ID, err)
		}
		for _, l := range lines {
			all[i].Lines = append(all[i].Lines, sheet.camera(u, l, step))
		}
	}
	return all, nil
}

// cameraUnit is a unit whose marks somebody may write.
func (s *Store) cameraUnit(ctx context.Context, who access.Who, competition string, unit int64) (*Unit, *Sheet, error) {
	u, err := s.Unit(ctx, competition, unit)
	if err != nil {
		return nil, nil, err
	}
	discipline, err := s.UnitDiscipline(ctx, competition, unit)
	if err != nil {
		return nil, nil, err
	}
	if err := may(who, access.WriteMark, access.Object{Discipline: discipline}, notFound("no-such-unit", strconv.FormatInt(unit, 10))); err != nil {
		return nil, nil, err
	}
	sheet, err := s.Sheet(ctx, u.PhaseID, unit)
	return &u, sheet, err
}

// publishedStep is how fine the times of a ruleset are, in ms.
func publishedStep(ruleset string) (int64, error) {
	var rs kinds.Ruleset
	if err := json.Unmarshal([]byte(ruleset), &rs); err != nil {
		return 0, fmt.Errorf("read ruleset: %w", err)
	}
	var rules timed.Rules
	if rs.Kind == "timed" && len(rs.Rules) > 0 {
		if err := json.Unmarshal(rs.Rules, &rules); err != nil {
			return 0, fmt.Errorf("read rules of %s: %w", rs.Name, err)
		}
	}
	return cmp.Or(rules.Precision, 10), nil
}

// camera finds who a line is about: bib and lane have to agree where the file
// has both, because one wrong digit would give a mark to somebody else.
func (sh *Sheet) camera(u *Unit, l lynx.Line, step int64) CameraLine {
	c := CameraLine{Row: l.Row, Lane: l.Lane, Bib: l.ID, Place: l.Place, IRM: l.IRM, Read: l.Mark}
	var found *Line
	for i := range sh.Lines {
		at := &sh.Lines[i]
		bib, lane := l.ID != "" && at.Bib == l.ID, l.Lane != "" && at.LaneText() == l.Lane
		switch {
		case bib && (lane || l.Lane == "" || at.Lane == nil), lane && (l.ID == "" || at.Bib == ""):
			found = at
		case bib || lane:
			c.Problem = "lynx-bib-lane"
		}
	}
	switch {
	case found != nil:
		c.Problem = ""
	case c.Problem == "":
		c.Problem = "lynx-nobody"
		return c
	default:
		return c
	}
	c.Start = found.StartID
	cell := found.Cells[TimeCell]
	c.Present = &Cell{Name: TimeCell, Text: MarkText(u.Measure, cell.Mark, cell.IRM), Revision: cell.Revision, By: cell.By}
	if l.Mark != nil {
		mark := lynx.Up(*l.Mark, step)
		c.Mark = &mark
	}
	switch {
	case found.OutIRM != "":
		c.Problem = "lynx-out"
	case c.Mark == nil && c.IRM == "":
		c.Problem = "lynx-no-time"
	}
	c.Same = cell.Revision > 0 && cell.IRM == c.IRM && (cell.Mark == nil) == (c.Mark == nil) && (c.Mark == nil || *cell.Mark == *c.Mark)
	return c
}

// errCameraGone is a file that waits no longer: taken, dropped, or saved again.
var errCameraGone = &Refusal{Status: StatusClosed, Problem: "lynx-gone"}

// TakeCameraFile takes the chosen lines of a waiting file as marks of whoever
// confirms them: Rows are the file's, Saw the revision that each cell had before
// them. Rule is what a disqualification of the camera's operator refers to.
type TakeCameraFile struct {
	Unit int64
	File int64
	Saw  map[int]int64 // by row
	Rule string
}

// TakeCameraFile enters marks one by one through [Store.EnterMark], each with a
// command ID of its own made from the file's, so that the same again counts
// once. It stops at the first that is refused: what was entered before it stays,
// and the file waits on with the rest. It answers how many it entered.
func (s *Store) TakeCameraFile(ctx context.Context, c Command, who access.Who, a TakeCameraFile) (int, error) {
	files, err := s.CameraFiles(ctx, who, c.Competition, a.Unit)
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(files, func(f CameraFile) bool { return f.ID == a.File })
	if i < 0 {
		return 0, errCameraGone
	}
	entered := 0
	for _, l := range files[i].Lines {
		saw, chosen := a.Saw[l.Row]
		if !chosen || l.Same || l.Problem != "" {
			continue
		}
		m := EnterMark{Unit: a.Unit, Start: l.Start, Saw: saw, IRM: l.IRM}
		if l.IRM == scoring.DSQ {
			m.Rule = a.Rule
		}
		if l.Mark != nil {
			m.Mark = MarkText(scoring.Milliseconds, l.Mark, "")
		}
		space, err := uuid.Parse(c.ID)
		if err != nil {
			return entered, invalid("command", "not-a-uuid", c.ID)
		}
		each := c
		each.ID = uuid.NewSHA1(space, []byte(fmt.Sprintf("camera %d %d", a.File, l.Row))).String()
		if _, err := s.EnterMark(ctx, each, m); err != nil {
			return entered, err
		}
		entered++
	}
	return entered, s.settleCameraFile(ctx, a.File, cameraTaken, c.Author)
}

// DropCameraFile puts a waiting file away without taking it.
func (s *Store) DropCameraFile(ctx context.Context, c Command, who access.Who, unit, file int64) error {
	if _, _, err := s.cameraUnit(ctx, who, c.Competition, unit); err != nil {
		return err
	}
	n, err := s.r.NewSelect().Model((*cameraFile)(nil)).Where("id = ?", file).Where("unit_id = ?", unit).Count(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("camera file %d: %w", file, err)
	case n == 0:
		return errCameraGone
	}
	return s.settleCameraFile(ctx, file, cameraDropped, c.Author)
}

func (s *Store) settleCameraFile(ctx context.Context, file int64, state, by string) error {
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Model((*cameraFile)(nil)).Set("state = ?", state).Set("settled = ?", s.now().UTC().Truncate(time.Microsecond)).Set(`"by" = ?`, by).
			Where("id = ?", file).Where("state = ''").Exec(ctx)
		return err
	})
}
