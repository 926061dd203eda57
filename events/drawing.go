// Draws in the ledger: a promise before entries close, the draw, its publication
// with the seed, and changes by hand. What is drawn and why is package draw's;
// here the plan is made from the entries and the result becomes start lists.
package events

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/classes"
	"tongchang/events/draw"
	"tongchang/scoring"
)

// DrawState says how far a draw is.
type DrawState string

// The states of a draw.
const (
	DrawPromised DrawState = "promised" // the hash of the seed is public, the seed is sealed
	DrawMade     DrawState = "drawn"    // everything is public
	DrawVoid     DrawState = "void"     // another draw takes its place
)

// EventDraw is an event's draw. Document is the [draw.Document] for everybody,
// empty while it is only promised.
type EventDraw struct {
	bun.BaseModel `bun:"table:draws"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	EventID       int64     `bun:",notnull"`
	PhaseID       int64     `bun:",nullzero"`
	State         DrawState `bun:",notnull"`
	Commitment    string    `bun:",notnull"`
	Document      string    `bun:",notnull"`
	Reason        string    `bun:",notnull"` // why it is void
	Seq           int64     `bun:",notnull"`
	At            time.Time `bun:",notnull"`
	By            string    `bun:",notnull"`
}

// subject is the draw's name in the vault, where its seed waits.
func (d *EventDraw) subject() string { return "d" + strconv.FormatInt(d.ID, 10) }

const seedField = "seed"

// Published is the document of a draw as everybody may have it: of a promise the
// commitment alone.
func (d *EventDraw) Published() (json.RawMessage, error) {
	if d.State != DrawMade {
		return json.Marshal(map[string]string{"schema": draw.Schema, "commitment": d.Commitment})
	}
	return json.RawMessage(d.Document), nil
}

// PromiseDraws promises a draw for each event that has none.
type PromiseDraws struct {
	Events []int64 `json:"events" validate:"required,min=1,max=2000"`
}

func (PromiseDraws) kind() string { return "draws-promise" }

// MakeDraws draws events that were promised. Word is what the meeting has added
// in public. Plan says how, where the usual way of the sport will not do; its
// entrants, event and title are filled in from the ledger.
type MakeDraws struct {
	Events []int64    `json:"events" validate:"required,min=1,max=2000"`
	Word   string     `json:"word,omitempty" validate:"max=80"`
	Plan   *draw.Plan `json:"plan,omitempty"`
}

func (MakeDraws) kind() string { return "draws" }

// VoidDraw takes a draw back so that the event can be drawn anew, from a new
// promise.
type VoidDraw struct {
	Event int64 `json:"event" validate:"required"`
}

func (VoidDraw) kind() string { return "draw-void" }

// ChangeDraw changes a draw by hand. Its number, time and reason are filled in;
// By is the function of who does it, since the document is public.
type ChangeDraw struct {
	Event  int64       `json:"event" validate:"required"`
	Change draw.Change `json:"change" validate:"-"`
}

func (ChangeDraw) kind() string { return "draw-change" }

// DrawsMade is what came of a command about draws: by event, where everybody is.
type DrawsMade struct {
	Draws []DrawMadeOne `json:"draws"`
}

// DrawMadeOne is one event's draw.
type DrawMadeOne struct {
	Event      int64       `json:"event"`
	Commitment string      `json:"commitment"`
	Units      int         `json:"units,omitempty"`
	Placed     int         `json:"placed,omitempty"`
	Apart      *draw.Apart `json:"apart,omitempty"`
}

// DrawOf finds an event's draw.
func (s *Store) DrawOf(ctx context.Context, competition string, event int64) (*EventDraw, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	return drawOf(ctx, s.r, c.ID, event)
}

func drawOf(ctx context.Context, db bun.IDB, competition, event int64) (*EventDraw, error) {
	d := new(EventDraw)
	err := db.NewSelect().Model(d).Where("competition_id = ?", competition).Where("event_id = ?", event).Where("state <> ?", DrawVoid).Scan(ctx)
	switch {
	case isNoRows(err):
		return nil, notFound("no-such-draw", fmt.Sprint(event))
	case err != nil:
		return nil, fmt.Errorf("load the draw of event %d: %w", event, err)
	}
	return d, nil
}

// Draws lists the draws of a competition, by event.
func (s *Store) Draws(ctx context.Context, competition int64) (map[int64]EventDraw, error) {
	var all []EventDraw
	err := s.r.NewSelect().Model(&all).Where("competition_id = ?", competition).Where("state <> ?", DrawVoid).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list draws: %w", err)
	}
	by := make(map[int64]EventDraw, len(all))
	for _, d := range all {
		by[d.EventID] = d
	}
	return by, nil
}

// drawer works on an event's draw inside a change.
type drawer struct {
	ctx context.Context
	ch  *Change
	who access.Who
}

// drawing runs a command about draws.
func (s *Store) drawing(ctx context.Context, c Command, who access.Who, a act, do func(*drawer) (any, error)) (Receipt, error) {
	if _, err := s.keysOf(ctx, c.Competition); err != nil { // inside the change it is too late to make keys
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		ch.touch("meet", "today")
		return do(&drawer{ctx: ctx, ch: ch, who: who})
	})
}

// event is an event that may be drawn by who asks.
func (d *drawer) event(id int64) (Event, Discipline, error) {
	e, err := byID[Event](d.ctx, d.ch.Tx, d.ch.Competition.ID, id, "no-such-event")
	if err != nil {
		return e, Discipline{}, err
	}
	if err := may(d.who, access.WriteStart, access.Object{Discipline: e.DisciplineID}, notFound("no-such-event", fmt.Sprint(id))); err != nil {
		return e, Discipline{}, err
	}
	sport, err := byID[Discipline](d.ctx, d.ch.Tx, d.ch.Competition.ID, e.DisciplineID, "no-such-discipline")
	return e, sport, err
}

// PromiseDraws makes a seed for every event and publishes its hash. Events that
// have a promise, or a draw, keep it.
func (s *Store) PromiseDraws(ctx context.Context, c Command, who access.Who, a PromiseDraws) (Receipt, error) {
	return s.drawing(ctx, c, who, a, func(d *drawer) (any, error) {
		out := DrawsMade{Draws: []DrawMadeOne{}}
		for _, id := range a.Events {
			e, _, err := d.event(id)
			if err != nil {
				return nil, err
			}
			there, err := d.ch.Tx.NewSelect().Model((*EventDraw)(nil)).Where("event_id = ?", e.ID).Where("state <> ?", DrawVoid).Exists(d.ctx)
			if err != nil {
				return nil, fmt.Errorf("look for a draw of event %d: %w", e.ID, err)
			}
			if there {
				continue
			}
			row, err := s.promise(d, e.ID)
			if err != nil {
				return nil, err
			}
			out.Draws = append(out.Draws, DrawMadeOne{Event: e.ID, Commitment: row.Commitment})
		}
		return out, nil
	})
}

func (s *Store) promise(d *drawer, event int64) (*EventDraw, error) {
	seed, err := draw.NewSeed(rand.Reader)
	if err != nil {
		return nil, err
	}
	row := &EventDraw{CompetitionID: d.ch.Competition.ID, EventID: event, State: DrawPromised, Commitment: draw.Commitment(seed), Seq: d.ch.Seq, At: d.ch.Now, By: d.ch.Author}
	if _, err := d.ch.Tx.NewInsert().Model(row).Exec(d.ctx); err != nil {
		return nil, fmt.Errorf("promise a draw of event %d: %w", event, err)
	}
	hidden, err := s.hide(d.ch.Competition.Code, "draw-seed", seed)
	if err != nil {
		return nil, err
	}
	d.ch.touch(fmt.Sprintf("event/%d", event))
	return row, d.ch.keep(d.ctx, row.subject(), map[string]Hidden{seedField: hidden})
}

// MakeDraws draws events, reveals their seeds and writes their start lists.
func (s *Store) MakeDraws(ctx context.Context, c Command, who access.Who, a MakeDraws) (Receipt, error) {
	return s.drawing(ctx, c, who, a, func(d *drawer) (any, error) {
		out := DrawsMade{}
		for _, id := range a.Events {
			e, sport, err := d.event(id)
			if err != nil {
				return nil, err
			}
			row, err := drawOf(d.ctx, d.ch.Tx, d.ch.Competition.ID, e.ID)
			switch {
			case err != nil:
				return nil, err
			case row.State != DrawPromised:
				return nil, &Refusal{Status: StatusClosed, Problem: "draw-made", With: []string{e.Name}}
			case e.State == EventMerged || e.State == EventCancelled:
				return nil, invalid("event", "draw-not-held", e.Name)
			}
			sealed, err := s.unsealIn(d.ctx, d.ch.Tx, d.ch.Competition, row.subject())
			if err != nil {
				return nil, err
			}
			one, err := d.make(row, &e, &sport, &a, sealed[seedField])
			if err != nil {
				return nil, err
			}
			out.Draws = append(out.Draws, *one)
		}
		return out, nil
	})
}

// make draws one event.
func (d *drawer) make(row *EventDraw, e *Event, sport *Discipline, a *MakeDraws, seed string) (*DrawMadeOne, error) {
	entrants, err := d.entrants(e, sport)
	if err != nil {
		return nil, err
	}
	if len(entrants) == 0 {
		return nil, invalid("event", "draw-nobody", e.Name)
	}
	way := wayOf(sport.Code, e, len(entrants))
	plan := way.plan
	if a.Plan != nil {
		plan = *a.Plan
	}
	plan.Schema, plan.Event, plan.Title, plan.Word, plan.Entrants = draw.PlanSchema, e.Code, e.Name, a.Word, entrants
	doc, err := draw.Export(&plan, seed, nil)
	if err != nil {
		return nil, err
	}
	phase, err := d.phase(e, &way, plan.Kind, doc.Drawn)
	if err != nil {
		return nil, err
	}
	row.State, row.PhaseID, row.At, row.By = DrawMade, phase, d.ch.Now, d.ch.Author
	if err := d.save(row, doc); err != nil {
		return nil, err
	}
	units, err := d.place(row, doc)
	if err != nil {
		return nil, err
	}
	return &DrawMadeOne{Event: e.ID, Commitment: row.Commitment, Units: units, Placed: len(doc.Drawn.Places), Apart: doc.Drawn.Apart}, nil
}

func (d *drawer) save(row *EventDraw, doc *draw.Document) error {
	raw, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	row.Document = string(raw)
	if _, err := d.ch.Tx.NewUpdate().Model(row).Column("state", "phase_id", "document", "at", "by", "reason").WherePK().Exec(d.ctx); err != nil {
		return fmt.Errorf("write the draw of event %d: %w", row.EventID, err)
	}
	return nil
}

// entrants are an event's entries as the draw knows them: who takes part is an
// ID, and nothing about a person but what is seen in the arena.
func (d *drawer) entrants(e *Event, sport *Discipline) ([]draw.Entrant, error) {
	var rows []struct {
		ID         int64
		Delegation string
		EntryMark  *scoring.Mark
		Class      string
	}
	err := d.ch.Tx.NewSelect().TableExpr("entries AS n").ColumnExpr("n.id, d.code AS delegation, n.entry_mark").
		ColumnExpr(`coalesce((SELECT max(c.class) FROM sport_classes AS c WHERE c.participant_id = n.participant_id AND c.discipline_id = ? AND NOT c.superseded AND c.class IN (?)), '') AS class`,
			e.DisciplineID, bun.List(append(classes.Set(e.Classes), ""))).
		Join("JOIN delegations AS d ON d.id = n.delegation_id").Where("n.event_id = ?", e.ID).Where("n.state = ?", EntryIn).OrderExpr("n.id").Scan(d.ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("load entries of event %d: %w", e.ID, err)
	}
	known := classFamilies()
	entrants := make([]draw.Entrant, len(rows))
	for i, r := range rows {
		class := r.Class
		if set := classes.Set(e.Classes); class == "" && len(set) == 1 {
			class = set[0]
		}
		entrants[i] = draw.Entrant{ID: strconv.FormatInt(r.ID, 10), Delegation: r.Delegation, Class: class}
		if r.EntryMark != nil {
			seed := int64(*r.EntryMark)
			entrants[i].Seed = &seed
		}
		k := known[[2]string{sport.Code, class}]
		entrants[i].Guide = k.Partner == "guide" && strings.HasPrefix(class, "T")
		entrants[i].Wheelchair = strings.HasSuffix(k.Family, "seated") && strings.HasPrefix(class, "T")
	}
	return entrants, nil
}

// place makes the start lists what a draw says now. It gives the number of
// units that are used.
func (d *drawer) place(row *EventDraw, doc *draw.Document) (int, error) {
	now := cmp.Or(doc.Now, doc.Drawn)
	units, err := drawable(d.ctx, d.ch.Tx, row.PhaseID)
	if err != nil {
		return 0, err
	}
	ids := make([]int64, len(units))
	for i := range units {
		ids[i] = units[i].ID
	}
	if err := emptyUnits(d.ctx, d.ch.Tx, ids...); err != nil {
		return 0, err
	}
	starts, err := d.starts(row.PhaseID, doc)
	if err != nil {
		return 0, err
	}
	used := map[int]bool{}
	for _, p := range now.Places {
		at := max(p.Part, 1) - 1
		if at >= len(units) {
			return 0, invalid("phase", "too-few-units", strconv.Itoa(at+1), strconv.Itoa(len(units)))
		}
		used[at] = true
		if err := place(d.ctx, d.ch, starts[p.Entrant], ids[at], &p.Number); err != nil {
			return 0, err
		}
	}
	for i := range units {
		units[i].Version++
		if err := saveUnit(d.ctx, d.ch.Tx, &units[i]); err != nil {
			return 0, err
		}
		d.ch.touch(fmt.Sprintf("unit/%d", ids[i]))
	}
	d.ch.touch(fmt.Sprintf("event/%d", row.EventID))
	return len(used), nil
}

// starts makes a start for everybody in a draw who has none, and says who is out.
func (d *drawer) starts(phase int64, doc *draw.Document) (map[string]int64, error) {
	var there []Start
	if err := d.ch.Tx.NewSelect().Model(&there).Where("phase_id = ?", phase).Scan(d.ctx); err != nil {
		return nil, fmt.Errorf("load starts of phase %d: %w", phase, err)
	}
	ids := map[string]int64{}
	for _, s := range there {
		ids[strconv.FormatInt(s.EntryID, 10)] = s.ID
	}
	var made []Start
	for _, e := range draw.Entrants(&doc.Plan, doc.Changes) {
		entry, err := strconv.ParseInt(e.ID, 10, 64)
		if err != nil || ids[e.ID] != 0 {
			continue
		}
		s := Start{CompetitionID: d.ch.Competition.ID, PhaseID: phase, EntryID: entry, Class: e.Class}
		if e.Seed != nil {
			m := scoring.Mark(*e.Seed)
			s.SeedMark = &m
		}
		made = append(made, s)
	}
	for chunk := range slices.Chunk(made, 250) {
		if _, err := d.ch.Tx.NewInsert().Model(&chunk).Exec(d.ctx); err != nil {
			return nil, fmt.Errorf("write starts of phase %d: %w", phase, err)
		}
		for i := range chunk {
			ids[strconv.FormatInt(chunk[i].EntryID, 10)] = chunk[i].ID
		}
	}
	var out []int64
	for _, id := range cmp.Or(doc.Now, doc.Drawn).Scratched {
		out = append(out, ids[id])
	}
	_, err := d.ch.Tx.NewUpdate().Model((*Start)(nil)).Set("out_irm = CASE WHEN id IN (?) THEN ? ELSE '' END", bun.List(append(out, 0)), scoring.WDR).
		Where("phase_id = ?", phase).Where("out_irm IN ('', ?)", scoring.WDR).Exec(d.ctx)
	if err != nil {
		return nil, fmt.Errorf("say who is out of phase %d: %w", phase, err)
	}
	return ids, nil
}

// ChangeDraw changes a draw by hand: a move, a swap, a scratch, a reserve who
// comes in, or the undoing of one. It is refused once a unit has begun.
func (s *Store) ChangeDraw(ctx context.Context, c Command, who access.Who, a ChangeDraw) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	return s.drawing(ctx, c, who, a, func(d *drawer) (any, error) {
		if _, _, err := d.event(a.Event); err != nil {
			return nil, err
		}
		row, err := drawOf(d.ctx, d.ch.Tx, d.ch.Competition.ID, a.Event)
		if err != nil {
			return nil, err
		}
		if row.State != DrawMade {
			return nil, &Refusal{Status: StatusClosed, Problem: "draw-promised"}
		}
		var doc draw.Document
		if err := json.Unmarshal([]byte(row.Document), &doc); err != nil {
			return nil, fmt.Errorf("read the draw of event %d: %w", a.Event, err)
		}
		change := a.Change
		if change.New != nil {
			if err := d.newcomer(a.Event, change.New.ID); err != nil {
				return nil, err
			}
		}
		change.Number, change.At, change.Reason, change.By = len(doc.Changes)+1, d.ch.Now, d.ch.Reason, string(d.who.Role)
		doc.Changes = append(doc.Changes, change)
		if doc.Now, err = draw.Apply(&doc.Plan, doc.Drawn, doc.Changes); err != nil {
			return nil, err
		}
		if err := d.save(row, &doc); err != nil {
			return nil, err
		}
		units, err := d.place(row, &doc)
		if err != nil {
			return nil, err
		}
		return DrawsMade{Draws: []DrawMadeOne{{Event: a.Event, Commitment: row.Commitment, Units: units, Placed: len(doc.Now.Places), Apart: doc.Now.Apart}}}, nil
	})
}

// newcomer refuses a substitute who is not entered in the event.
func (d *drawer) newcomer(event int64, entry string) error {
	there, err := d.ch.Tx.NewSelect().Model((*Entry)(nil)).Where("event_id = ?", event).Where("CAST(id AS text) = ?", entry).Where("state = ?", EntryIn).Exists(d.ctx)
	if err != nil {
		return fmt.Errorf("look for entry %s: %w", entry, err)
	}
	if !there {
		return notFound("no-such-entry", entry)
	}
	return nil
}

// VoidDraw takes an event's draw back, with a reason that stays on record; its
// starts lose their places.
func (s *Store) VoidDraw(ctx context.Context, c Command, who access.Who, a VoidDraw) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "reason-missing")
	}
	return s.drawing(ctx, c, who, a, func(d *drawer) (any, error) {
		if _, _, err := d.event(a.Event); err != nil {
			return nil, err
		}
		row, err := drawOf(d.ctx, d.ch.Tx, d.ch.Competition.ID, a.Event)
		if err != nil {
			return nil, err
		}
		if row.PhaseID != 0 {
			units, err := drawable(d.ctx, d.ch.Tx, row.PhaseID)
			if err != nil {
				return nil, err
			}
			if _, err := d.ch.Tx.NewDelete().Model((*Start)(nil)).Where("phase_id = ?", row.PhaseID).Exec(d.ctx); err != nil {
				return nil, fmt.Errorf("empty phase %d: %w", row.PhaseID, err)
			}
			for i := range units {
				units[i].Version++
				if err := saveUnit(d.ctx, d.ch.Tx, &units[i]); err != nil {
					return nil, err
				}
				d.ch.touch(fmt.Sprintf("unit/%d", units[i].ID))
			}
		}
		row.State, row.Reason = DrawVoid, d.ch.Reason
		if _, err := d.ch.Tx.NewUpdate().Model(row).Column("state", "reason").WherePK().Exec(d.ctx); err != nil {
			return nil, fmt.Errorf("void the draw of event %d: %w", a.Event, err)
		}
		d.ch.touch(fmt.Sprintf("event/%d", a.Event))
		return map[string]any{"void": row.Commitment}, nil
	})
}
