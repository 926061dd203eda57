// From state to state: handing in, returning, accepting, withdrawing, one or
// many at once, and taking such a step back. The steps themselves are data in
// package registration.
package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/registration"
)

func (MoveRegistrations) kind() string   { return "registration-move" }
func (UndoMove) kind() string            { return "registration-undo" }
func (ReplaceRegistration) kind() string { return "registration-replace" }

// step is one registration on its way to a state.
type step struct {
	g      *Registration // as it stands
	to     RegistrationState
	reason string
	kind   string // of the change in its history
}

// MoveRegistrations takes registrations to a state; the outcome is a [Moved].
func (s *Store) MoveRegistrations(ctx context.Context, c Command, who access.Who, a MoveRegistrations) (Receipt, error) {
	if !slices.Contains(registration.States, a.To) {
		return Receipt{}, invalid("to", "field-wrong", "to")
	}
	return s.settled(ctx, c, a, func(r *roll) (prepared, error) {
		steps, err := r.moves(c, who, a)
		if err != nil {
			return nil, err
		}
		return r.moving(steps, 0), nil
	})
}

// moves holds a move against the table of steps, the revisions that the mover
// saw and the rules of entry.
func (r *roll) moves(c Command, who access.Who, a MoveRegistrations) ([]step, error) {
	var steps []step
	var stale, impossible []string
	clean := false
	ids := slices.Clone(a.IDs)
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		g, err := r.one(who, access.WriteRegistration, id)
		if err != nil {
			return nil, err
		}
		m, ok := registration.Step(g.State, a.To)
		switch {
		case a.Saw[id] != g.Revision:
			stale = append(stale, g.Name)
		case !ok:
			impossible = append(impossible, g.Name)
		default:
			if err := r.mayTake(c, who, g, m); err != nil {
				return nil, err
			}
			clean = clean || m.Clean
			steps = append(steps, step{g: g, to: a.To, reason: c.Reason, kind: ChangeMoved})
		}
	}
	switch {
	case len(stale) > 0:
		return nil, &Refusal{Status: StatusStale, Problem: "registrations-stale", With: naming(stale)}
	case len(impossible) > 0:
		return nil, &Refusal{Status: StatusClosed, Problem: "registrations-not-there", With: naming(impossible)}
	case clean:
		return r.sound(steps)
	}
	return steps, nil
}

// mayTake asks whether somebody may take a step of the table, now and with this
// reason.
func (r *roll) mayTake(c Command, who access.Who, g *Registration, m registration.Move) error {
	if err := may(who, m.Act, access.Object{Delegation: g.DelegationID}, nil); err != nil {
		return err
	}
	if err := r.lets(who, g.DelegationID, m.Doing, c.Reason); err != nil {
		return err
	}
	if m.Reason && strings.TrimSpace(c.Reason) == "" {
		return invalid("reason", "registration-reason")
	}
	return nil
}

// sound lets nobody go forward whose row has an error, and nobody in for whom
// there is no place.
func (r *roll) sound(steps []step) ([]step, error) {
	r.judge(nil)
	var wrong []string
	for _, st := range steps {
		if r.rows[r.at[st.g.ID]].Refused {
			wrong = append(wrong, st.g.Name)
		}
	}
	switch {
	case len(wrong) > 0:
		return nil, invalid("ids", "registrations-wrong", naming(wrong)...)
	case steps[0].to == registration.Accepted:
		return r.queue(steps)
	}
	return steps, nil
}

// queue puts on the waiting list those of who is to be accepted for whom there
// is no place. Who waits already, and still has none, is a refusal.
func (r *roll) queue(steps []step) ([]step, error) {
	asked := map[*entry.Row]int{}
	for i, st := range steps {
		asked[r.rows[r.at[st.g.ID]]] = i
	}
	var handed []entry.HandedIn
	for i := range r.all {
		g, row := &r.all[i], r.rows[i]
		if _, ok := asked[row]; ok || g.State == registration.Accepted {
			handed = append(handed, entry.HandedIn{Row: row, At: g.Submitted, Number: g.ID, Placed: g.State == registration.Accepted})
		}
	}
	var full []string
	for _, w := range r.edition.Waiting(handed) {
		st := &steps[asked[w.Row]]
		if st.g.State == registration.Waiting {
			full = append(full, st.g.Name)
		}
		st.to = registration.Waiting
	}
	if len(full) > 0 {
		return nil, &Refusal{Status: StatusClosed, Problem: "registrations-no-place", With: naming(full)}
	}
	return steps, nil
}

// named is how many people a refusal names; of the others it gives the number.
const named = 10

// naming is people's names as one argument of a sentence, and their number.
func naming(names []string) []string {
	text := strings.Join(names[:min(named, len(names))], "、")
	if len(names) > named {
		text += " …"
	}
	return []string{text, strconv.Itoa(len(names))}
}

// moving carries steps out, all of them or none. Undone is the log entry that
// they take back, 0 for none.
func (r *roll) moving(steps []step, undone int64) prepared {
	return func(ctx context.Context, ch *Change) (any, error) {
		moved := Moved{Undone: undone}
		var in []*accepting
		var out []*Registration
		now := make([]Registration, len(steps)) // copies: a transaction may have to be run again
		for i, st := range steps {
			now[i] = *st.g
			g := &now[i]
			if st.g.State == registration.Accepted && st.to != registration.Accepted {
				out = append(out, st.g)
			}
			g.State, g.Reason, g.Revision = st.to, st.reason, g.Revision+1
			g.Updated, g.By, g.Seq = ch.Now, ch.Author, ch.Seq
			if st.to == registration.Submitted && g.Submitted.IsZero() {
				g.Submitted = ch.Now
			}
			if st.to == registration.Accepted {
				in = append(in, &accepting{g: g, row: r.rows[r.at[g.ID]]})
			}
		}
		if err := newIntake(ch, r).move(ctx, in, out); err != nil {
			return nil, err
		}
		history := make([]registrationChange, len(steps))
		for i, st := range steps {
			g := &now[i]
			moved.Registrations = append(moved.Registrations, MovedOne{ID: g.ID, From: st.g.State, To: g.State, Revision: g.Revision, Participant: g.ParticipantID, Reason: st.g.Reason})
			history[i] = g.history(ch, st.kind, st.g.State, nil)
			history[i].Reason = st.reason
		}
		if err := writeMoves(ctx, ch, now); err != nil {
			return nil, err
		}
		return moved, writeHistory(ctx, ch, history)
	}
}

// movedColumns are what a move changes in a registration.
type movedColumns struct {
	ID            int64             `bun:"id"`
	State         RegistrationState `bun:"state"`
	Reason        string            `bun:"reason"`
	ParticipantID int64             `bun:"participant_id"` // 0: none
	Submitted     time.Time         `bun:"submitted"`
}

// writeMoves writes the new states of registrations as one statement for each
// few hundred.
func writeMoves(ctx context.Context, ch *Change, all []Registration) error {
	for chunk := range slices.Chunk(all, 400) {
		rows := make([]movedColumns, len(chunk))
		for i, g := range chunk {
			rows[i] = movedColumns{g.ID, g.State, g.Reason, g.ParticipantID, g.Submitted}
			if g.Submitted.IsZero() {
				rows[i].Submitted = g.Created // a column of values has no gaps: what was never handed in is told by its state
			}
		}
		_, err := ch.Tx.NewUpdate().With("moved", ch.Tx.NewValues(&rows)).Model((*Registration)(nil)).TableExpr("moved").
			Set("state = moved.state, reason = moved.reason, participant_id = nullif(moved.participant_id, 0)").
			Set("revision = registration.revision + 1, updated = ?, ? = ?, seq = ?", ch.Now, bun.Ident("by"), ch.Author, ch.Seq).
			Where("registration.id = moved.id").Exec(ctx)
		if err != nil {
			return fmt.Errorf("move registrations: %w", err)
		}
	}
	var first []int64
	for i := range all {
		if all[i].State == registration.Submitted && all[i].Submitted.Equal(ch.Now) {
			first = append(first, all[i].ID)
		}
	}
	if len(first) == 0 {
		return nil
	}
	_, err := ch.Tx.NewUpdate().Model((*Registration)(nil)).Set("submitted = ?", ch.Now).Where("id IN (?)", bun.List(first)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("note when registrations were handed in: %w", err)
	}
	return nil
}

// UndoMove takes back a move, a replacement, or the entering of a file that only
// added people: they are given up as drafts then. Who may take a step may take it
// back. The outcome is a [Moved].
func (s *Store) UndoMove(ctx context.Context, c Command, who access.Who, a UndoMove) (Receipt, error) {
	done, changed, err := s.undoable(ctx, c.Competition, a.Seq)
	if err != nil {
		return Receipt{}, err
	}
	return s.settled(ctx, c, a, func(r *roll) (prepared, error) {
		if err := r.mayKnow(who, done, a.Seq); err != nil {
			return nil, err
		}
		if changed > 0 {
			return nil, &Refusal{Status: StatusClosed, Problem: "upload-changed", With: []string{strconv.Itoa(changed)}}
		}
		steps, err := r.back(who, c, done)
		if err != nil {
			return nil, err
		}
		again := map[int64]*entry.Row{} // withdrawn rows count again
		for _, st := range steps {
			again[st.g.ID] = r.rows[r.at[st.g.ID]]
		}
		r.judge(again) // who is accepted again is entered as the rules read the row
		return r.moving(steps, a.Seq), nil
	})
}

// mayKnow refuses a step of people whom somebody may not know of, like one that
// never was: before anything about it is said.
func (r *roll) mayKnow(who access.Who, done []MovedOne, seq int64) error {
	for _, m := range done {
		if _, err := r.one(who, access.WriteRegistration, m.ID); errors.Is(err, ErrNotFound) {
			return noSuchMove(seq)
		}
	}
	return nil
}

func noSuchMove(seq int64) error { return notFound("no-such-move", strconv.FormatInt(seq, 10)) }

// back are the steps that take others back, where nothing has happened since.
func (r *roll) back(who access.Who, c Command, done []MovedOne) ([]step, error) {
	var steps []step
	var changed []string
	for _, m := range done {
		g, err := r.one(who, access.WriteRegistration, m.ID)
		if err != nil {
			return nil, err
		}
		act := access.WriteRegistration // of a file
		if forth, known := registration.Step(m.From, m.To); known {
			act = forth.Act
		} else if m.From != registration.Withdrawn {
			act = access.DecideRegistration // of a replacement: it is no step
		}
		if err := may(who, act, access.Object{Delegation: g.DelegationID}, nil); err != nil {
			return nil, err
		}
		if m.From.Counts() && !m.To.Counts() { // comes in again
			if err := r.lets(who, g.DelegationID, entry.Add, c.Reason); err != nil {
				return nil, err
			}
		}
		if g.Revision != m.Revision {
			changed = append(changed, g.Name)
		}
		steps = append(steps, step{g: g, to: m.From, reason: m.Reason, kind: ChangeUndone})
	}
	if len(changed) > 0 {
		return nil, &Refusal{Status: StatusStale, Problem: "registrations-stale", With: naming(changed)}
	}
	return steps, nil
}

// undoable reads from the log what may be taken back. Where people were changed
// by a file, who may know of it is told that it cannot be.
func (s *Store) undoable(ctx context.Context, competition string, seq int64) (done []MovedOne, changed int, err error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, 0, err
	}
	es, err := s.Entries(ctx, c.ID, seq-1, 1)
	if err != nil {
		return nil, 0, err
	}
	if len(es) == 0 || es[0].Seq != seq {
		return nil, 0, noSuchMove(seq)
	}
	var m Moved
	var file appliedOutcome
	switch es[0].Kind {
	case MoveRegistrations{}.kind(), ReplaceRegistration{}.kind():
		err = json.Unmarshal([]byte(es[0].Receipt), &m)
	case applyUpload{}.kind():
		err = json.Unmarshal([]byte(es[0].Receipt), &file)
		for _, row := range file.Rows {
			m.Registrations = append(m.Registrations, MovedOne{ID: row.ID, From: registration.Withdrawn, To: row.State, Revision: row.Revision})
		}
	default:
		return nil, 0, noSuchMove(seq)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read what entry %d did: %w", seq, err)
	}
	return m.Registrations, file.Changed, nil
}

// ReplaceRegistration puts one person in the place of another; the outcome is a
// [Moved] of the two.
func (s *Store) ReplaceRegistration(ctx context.Context, c Command, who access.Who, a ReplaceRegistration) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "registration-reason")
	}
	return s.settled(ctx, c, a, func(r *roll) (prepared, error) {
		out, err := r.one(who, access.DecideRegistration, a.Out)
		if err != nil {
			return nil, err
		}
		in, err := r.one(who, access.DecideRegistration, a.In)
		if err != nil {
			return nil, err
		}
		if err := r.replaceable(out, in, a); err != nil {
			return nil, err
		}
		return r.moving([]step{
			{g: out, to: registration.Withdrawn, reason: c.Reason, kind: ChangeReplaced},
			{g: in, to: registration.Accepted, reason: c.Reason, kind: ChangeReplaced},
		}, 0), nil
	})
}

// replaceable: one is accepted, the other is not yet, the edition's rules of
// substitution let one take the place of the other, and the newcomer has no
// error once the other is out.
func (r *roll) replaceable(out, in *Registration, a ReplaceRegistration) error {
	open := []RegistrationState{registration.Draft, registration.Submitted, registration.Waiting}
	switch {
	case out.Revision != a.SawOut || in.Revision != a.SawIn:
		return &Refusal{Status: StatusStale, Problem: "registrations-stale", With: naming([]string{out.Name, in.Name})}
	case out.State != registration.Accepted:
		return &Refusal{Status: StatusClosed, Problem: "registrations-not-there", With: naming([]string{out.Name})}
	case !slices.Contains(open, in.State):
		return &Refusal{Status: StatusClosed, Problem: "registrations-not-there", With: naming([]string{in.Name})}
	}
	r.judge(nil) // so that both rows are read
	if refused := r.edition.Replaces(r.rows[r.at[out.ID]], r.rows[r.at[in.ID]], r.now); refused != nil {
		return refused
	}
	out.State = registration.Withdrawn // so that the other is judged as it will be
	r.judge(nil)
	out.State = registration.Accepted
	if r.rows[r.at[in.ID]].Refused {
		return invalid("in", "registrations-wrong", naming([]string{in.Name})...)
	}
	return nil
}
