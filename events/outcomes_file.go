// Files of classification outcomes: kept sealed while they are looked at, so
// that a closed browser loses nothing, and forgotten once they are applied: what
// was decided is then in the ledger.
package events

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/outcomes"
)

// OutcomeFile is a file of outcomes as lists show it. Discipline is 0 for a file
// whose rows name their sport. Seq is the change of class that applied it, 0
// while it waits; Undone the entry that took that back.
type OutcomeFile struct {
	ID         string
	Discipline int64
	Name       string
	Size       int
	Cause      classes.Cause
	Seq        int64
	Undone     int64
	At         time.Time
	By         string
}

// outcomeFile is a file in the database. Its bytes are sealed under the subject
// "o<ID>".
type outcomeFile struct {
	bun.BaseModel `bun:"table:outcome_files"`

	ID            string        `bun:",pk"`
	CompetitionID int64         `bun:",notnull"`
	DisciplineID  int64         `bun:",nullzero"`
	Name          string        `bun:",notnull"`
	Size          int           `bun:",notnull"`
	Cause         classes.Cause `bun:",notnull"`
	Content       string        `bun:",notnull"` // keyed print of the file as it came
	Seq           int64         `bun:",notnull"`
	At            time.Time     `bun:",notnull"`
	By            string        `bun:",notnull"`
}

func (f *outcomeFile) subject() string { return "o" + f.ID }

func (f *outcomeFile) shown() OutcomeFile {
	return OutcomeFile{ID: f.ID, Discipline: f.DisciplineID, Name: f.Name, Size: f.Size, Cause: f.Cause, Seq: f.Seq, At: f.At, By: f.By}
}

const (
	outcomeBytes    = "file" // the sealed part
	maxOutcomeFiles = 50     // of a competition that wait
)

// KeepOutcomes keeps a file of outcomes until it is applied or thrown away. Rows
// that name no sport are about the discipline; with a discipline, other sports
// are refused. A file that cannot be read is refused and not kept.
func (s *Store) KeepOutcomes(ctx context.Context, who access.Who, competition string, discipline int64, cause classes.Cause, name string, data []byte) (*OutcomeFile, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	if discipline == 0 {
		discipline = who.Discipline
	}
	if err := may(who, access.DecideClass, access.Object{Discipline: discipline}, notFound("no-such-discipline", strconv.FormatInt(discipline, 10))); err != nil {
		return nil, err
	}
	if discipline != 0 {
		if _, err := byID[Discipline](ctx, s.r, c.ID, discipline, "no-such-discipline"); err != nil {
			return nil, err
		}
	}
	if !slices.Contains(classes.Causes(), cause) {
		return nil, invalid("cause", "class-cause", string(cause))
	}
	f := &outcomeFile{ID: strings.ToLower(rand.Text()), CompetitionID: c.ID, DisciplineID: discipline, Name: fileName(name), Size: len(data), Cause: cause, At: s.clock(), By: who.Name}
	if _, err := outcomes.Read(f.Name, data); err != nil {
		return nil, asRefusal(err)
	}
	if f.Content, err = s.print(c.Code, "outcomes", string(data)); err != nil {
		return nil, err
	}
	hidden, err := s.hide(c.Code, "outcomes-"+outcomeBytes, string(data))
	if err != nil {
		return nil, err
	}
	err = s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		n, err := tx.NewSelect().Model((*outcomeFile)(nil)).Where("competition_id = ?", c.ID).Where("seq = 0").Count(ctx)
		if err != nil {
			return fmt.Errorf("count files of outcomes: %w", err)
		}
		if n >= maxOutcomeFiles {
			return &Refusal{Status: StatusClosed, Problem: "outcomes-files-many", With: []string{strconv.Itoa(maxOutcomeFiles)}}
		}
		if _, err := tx.NewInsert().Model(f).Exec(ctx); err != nil {
			return fmt.Errorf("keep a file of outcomes: %w", err)
		}
		return s.keepIn(ctx, tx, c, map[string]map[string]Hidden{f.subject(): {outcomeBytes: hidden}})
	})
	if err != nil {
		return nil, err
	}
	shown := f.shown()
	return &shown, nil
}

// OutcomeFiles lists the files of the disciplines that somebody may decide in,
// the newest first.
func (s *Store) OutcomeFiles(ctx context.Context, who access.Who, competition string) ([]OutcomeFile, error) {
	if !access.Ever(who, access.DecideClass) {
		return nil, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	var rows []outcomeFile
	if err := s.r.NewSelect().Model(&rows).Where("competition_id = ?", c.ID).Order("at DESC", "id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list files of outcomes: %w", err)
	}
	var changes []ClassChange
	if err := s.r.NewSelect().Model(&changes).Column("seq", "undone").Where("competition_id = ?", c.ID).Where("undone > 0").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list changes of class taken back: %w", err)
	}
	undone := map[int64]int64{}
	for _, ch := range changes {
		undone[ch.Seq] = ch.Undone
	}
	var all []OutcomeFile
	for i := range rows {
		if access.May(who, access.DecideClass, access.Object{Discipline: rows[i].DisciplineID}) == access.Allowed {
			f := rows[i].shown()
			f.Undone = undone[f.Seq]
			all = append(all, f)
		}
	}
	return all, nil
}

// fileOfOutcomes finds a file that somebody may decide upon. One of another
// discipline is answered like one that does not exist.
func (s *Store) fileOfOutcomes(ctx context.Context, who access.Who, competition, id string) (c Competition, f *outcomeFile, err error) {
	if !access.Ever(who, access.DecideClass) {
		return c, nil, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	if c, err = s.Competition(ctx, competition); err != nil {
		return c, nil, err
	}
	f = new(outcomeFile)
	err = s.r.NewSelect().Model(f).Where("id = ?", id).Where("competition_id = ?", c.ID).Scan(ctx)
	switch {
	case isNoRows(err), err == nil && access.May(who, access.DecideClass, access.Object{Discipline: f.DisciplineID}) != access.Allowed:
		return c, nil, notFound("no-such-outcomes", id)
	case err != nil:
		return c, nil, fmt.Errorf("find a file of outcomes: %w", err)
	}
	return c, f, nil
}

// DropOutcomes throws a file away. What was applied of it stays.
func (s *Store) DropOutcomes(ctx context.Context, who access.Who, competition, id string) error {
	c, f, err := s.fileOfOutcomes(ctx, who, competition, id)
	if err != nil {
		return err
	}
	return s.aside(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewDelete().Model(f).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("throw a file of outcomes away: %w", err)
		}
		return s.forget(ctx, tx, c, f.subject())
	})
}

// OutcomesJudged is a file held against what there is now. Rows are empty once
// it is applied. Seen is the print of what applying it would decide: whoever
// applies it names the one that they had before them.
type OutcomesJudged struct {
	File    OutcomeFile
	Rows    []outcomes.Row
	Blank   int      // rows that name somebody and decide nothing
	Passed  []string // sheets without such a table
	Refused int      // rows with a problem: they are left out
	Same    int      // rows that say what is held already
	Seen    string
	change  ChangeClass
}

// Decides is how many decisions applying the file comes to.
func (j *OutcomesJudged) Decides() int { return len(j.change.Outcomes) }

// Outcomes judges a file. Results is what becomes of results made in the former
// classes, for all rows; empty is what is usual for each cause.
func (s *Store) Outcomes(ctx context.Context, who access.Who, competition, id string, results classes.Results) (*OutcomesJudged, error) {
	c, f, err := s.fileOfOutcomes(ctx, who, competition, id)
	if err != nil {
		return nil, err
	}
	j := &OutcomesJudged{File: f.shown()}
	if f.Seq != 0 {
		var change ClassChange
		err := s.r.NewSelect().Model(&change).Column("undone").Where("competition_id = ?", c.ID).Where("seq = ?", f.Seq).Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("load change of class %d: %w", f.Seq, err)
		}
		j.File.Undone = change.Undone
		return j, nil
	}
	sealed, err := s.unseal(ctx, c, f.subject())
	if err != nil {
		return nil, err
	}
	file, err := outcomes.Read(f.Name, []byte(sealed[outcomeBytes]))
	if err != nil {
		return nil, asRefusal(err)
	}
	world, err := s.outcomeWorld(ctx, c, f)
	if err != nil {
		return nil, err
	}
	j.Rows, j.Blank, j.Passed = outcomes.Judge(file, world), file.Blank, file.Passed
	return j, j.decide(results)
}

// decide gathers what the rows without a problem decide.
func (j *OutcomesJudged) decide(results classes.Results) error {
	for i := range j.Rows {
		switch r := &j.Rows[i]; r.Does {
		case outcomes.Refused:
			j.Refused++
		case outcomes.Same:
			j.Same++
		default:
			d := &r.Decided
			j.change.Outcomes = append(j.change.Outcomes, ClassOutcome{Participant: r.Person.ID, Discipline: r.Sport.ID, Group: d.Group, Class: d.Class, Status: d.Status,
				Review: d.Review, Day: d.Day, Order: d.Order, Panel: d.Panel, Classifiers: d.Classifiers, Limitation: d.Limitation, Cause: d.Cause, Results: results, Saw: r.Held.ID})
		}
	}
	raw, err := json.Marshal(j.change)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	j.Seen = hex.EncodeToString(sum[:])
	return nil
}

// outcomeWorld is what a file is held against.
func (s *Store) outcomeWorld(ctx context.Context, c Competition, f *outcomeFile) (outcomes.World, error) {
	w := outcomes.World{Sport: f.DisciplineID, Only: f.DisciplineID != 0, Cause: f.Cause}
	delegations, err := allOf[Delegation](ctx, s.r, c.ID, func(d *Delegation) int64 { return d.ID })
	if err != nil {
		return w, err
	}
	var people []Participant
	var sports []Discipline
	var contests []Event
	var held []SportClass
	of := func(model any) *bun.SelectQuery {
		return s.r.NewSelect().Model(model).Where("competition_id = ?", c.ID).Order("id")
	}
	for _, err := range []error{of(&people).Scan(ctx), of(&sports).Scan(ctx), of(&contests).Scan(ctx), of(&held).Where("superseded = ?", false).Scan(ctx)} {
		if err != nil {
			return w, fmt.Errorf("load what outcomes are held against: %w", err)
		}
	}
	for i := range people {
		p := &people[i]
		d := delegations[p.DelegationID]
		w.People = append(w.People, outcomes.Person{ID: p.ID, Code: p.Code, Name: DisplayName(p.Family, p.Given), Delegation: d.Name, DelegationNo: d.Code})
	}
	known := classesBySport()
	for _, d := range sports {
		sport := outcomes.SportOf{ID: d.ID, Code: d.Code, Name: d.Name, Classes: slices.Clone(known[d.Code])}
		for i := range contests { // of a sport that the data do not know any class may come
			if contests[i].DisciplineID == d.ID && len(known[d.Code]) > 0 {
				sport.Classes = append(sport.Classes, classes.Set(contests[i].Classes)...)
			}
		}
		w.Sports = append(w.Sports, sport)
	}
	for _, h := range held {
		w.Held = append(w.Held, outcomes.Held{ID: h.ID, Person: h.ParticipantID, Sport: h.DisciplineID, Group: h.ClassGroup, Class: h.Class, Status: h.Status, Review: h.Review, Limitation: h.Limitation})
	}
	return w, nil
}

// classesBySport are the classes that the built-in data know, by sport.
func classesBySport() map[string][]string {
	of := map[string][]string{}
	for k := range classFamilies() {
		of[k[0]] = append(of[k[0]], k[1])
	}
	return of
}
