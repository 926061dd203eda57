// Judges who sit at seats: a name for the log and a PIN of six digits, no
// account. That a judge was named or closed is in the log, the PIN is not.
package events

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/text/unicode/norm"

	"tongchang/events/access"
)

// SeatJudge is somebody who writes marks from seats of a discipline, or of any.
// The name is unique among judges, and is an account's only where that is the
// same person: a judge or chief referee.
type SeatJudge struct {
	bun.BaseModel `bun:"table:seat_judges"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	DisciplineID  int64     `bun:",nullzero"` // 0: any
	Name          string    `bun:",notnull"`
	Created       time.Time `bun:",notnull"`
	Closed        time.Time `bun:",nullzero"`
}

// pin is what is kept of a judge's PIN.
type pin struct {
	bun.BaseModel `bun:"table:pins"`

	JudgeID int64     `bun:",pk"`
	PIN     string    `bun:"pin,notnull"` // PHC
	Changed time.Time `bun:",notnull"`
}

// JudgePIN is a PIN just made, which is shown this once.
type JudgePIN struct {
	Judge SeatJudge
	PIN   string
}

// newPIN makes six random digits.
func newPIN() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil { // never (crypto/rand)
		panic(err)
	}
	return fmt.Sprintf("%06d", n)
}

// MakeJudges names judges.
type MakeJudges struct {
	Discipline int64    `json:"discipline,omitempty"` // 0: any
	Names      []string `json:"names" validate:"required,min=1,max=100,dive,required,max=60"`
}

func (MakeJudges) kind() string { return "seat-judges" }

// NewPINs gives judges new PINs; who has forgotten theirs, or was locked.
type NewPINs struct {
	Judges []int64 `json:"judges" validate:"required,min=1,max=200"`
}

func (NewPINs) kind() string { return "seat-pins" }

// CloseJudge takes a judge's seat away at once, or lets them come again.
type CloseJudge struct {
	Judge int64 `json:"judge" validate:"required"`
	Open  bool  `json:"open,omitempty"`
}

func (CloseJudge) kind() string { return "seat-judge-close" }

// JudgesNamed is the outcome in the log of an act about judges.
type JudgesNamed struct {
	Judges []int64 `json:"judges"`
}

// MakeJudges returns the PINs this once: the same command sent again returns
// none.
func (s *Store) MakeJudges(ctx context.Context, c Command, who access.Who, a MakeJudges) (Receipt, []JudgePIN, error) {
	if err := may(who, access.SetSeat, access.Object{Discipline: a.Discipline}, notFound("no-such-discipline", fmt.Sprint(a.Discipline))); err != nil {
		return Receipt{}, nil, err
	}
	for i := range a.Names {
		a.Names[i] = norm.NFC.String(strings.TrimSpace(a.Names[i]))
	}
	pins, hashes, err := makePINs(ctx, len(a.Names)) // before the transaction: it takes a while
	if err != nil {
		return Receipt{}, nil, err
	}
	var made []JudgePIN
	rec, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		made = made[:0]
		var out JudgesNamed
		for i, name := range a.Names {
			j, err := makeJudge(ctx, ch, a.Discipline, name)
			if err != nil {
				return nil, err
			}
			if _, err := ch.Tx.NewInsert().Model(&pin{JudgeID: j.ID, PIN: hashes[i], Changed: ch.Now}).Exec(ctx); err != nil {
				return nil, fmt.Errorf("give judge %d a PIN: %w", j.ID, err)
			}
			made, out.Judges = append(made, JudgePIN{*j, pins[i]}), append(out.Judges, j.ID)
		}
		return out, nil
	})
	if err != nil || rec.Repeated {
		return rec, nil, err
	}
	return rec, made, nil
}

func makePINs(ctx context.Context, n int) (pins, hashes []string, err error) {
	for range n {
		p := newPIN()
		hash, err := hashPassword(ctx, p)
		if err != nil {
			return nil, nil, err
		}
		pins, hashes = append(pins, p), append(hashes, hash)
	}
	return pins, hashes, nil
}

func makeJudge(ctx context.Context, ch *Change, discipline int64, name string) (*SeatJudge, error) {
	if discipline != 0 {
		if _, err := byID[Discipline](ctx, ch.Tx, ch.Competition.ID, discipline, "no-such-discipline"); err != nil {
			return nil, err
		}
	}
	taken, err := ch.Tx.NewSelect().Model((*SeatJudge)(nil)).Where("competition_id = ?", ch.Competition.ID).Where("name = ?", name).Exists(ctx)
	if err == nil && !taken {
		taken, err = ch.Tx.NewSelect().Model((*Account)(nil)).Where("competition_id = ?", ch.Competition.ID).Where("name = ?", name).
			Where("role NOT IN (?)", bun.List([]access.Role{access.Judge, access.Chief})).Exists(ctx)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("look for the judge %s: %w", name, err)
	case name == "":
		return nil, invalid("names", "judge-name")
	case taken || reserved(name):
		return nil, invalid("names", "judge-taken", name)
	}
	j := &SeatJudge{CompetitionID: ch.Competition.ID, DisciplineID: discipline, Name: name, Created: ch.Now}
	if _, err := ch.Tx.NewInsert().Model(j).Returning("id").Exec(ctx); err != nil {
		return nil, fmt.Errorf("name the judge %s: %w", name, err)
	}
	return j, nil
}

// judgeFor loads a judge for who may name them. Judges of any discipline are
// for who looks after all.
func judgeFor(ctx context.Context, ch *Change, who access.Who, id int64) (SeatJudge, error) {
	j, err := byID[SeatJudge](ctx, ch.Tx, ch.Competition.ID, id, "no-such-judge")
	if err != nil {
		return j, err
	}
	return j, may(who, access.SetSeat, access.Object{Discipline: j.DisciplineID}, notFound("no-such-judge", fmt.Sprint(id)))
}

// NewPINs returns the PINs this once, and opens judges who were locked.
func (s *Store) NewPINs(ctx context.Context, c Command, who access.Who, a NewPINs) (Receipt, []JudgePIN, error) {
	pins, hashes, err := makePINs(ctx, len(a.Judges))
	if err != nil {
		return Receipt{}, nil, err
	}
	var made []JudgePIN
	rec, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		made = made[:0]
		for i, id := range a.Judges {
			j, err := judgeFor(ctx, ch, who, id)
			if err != nil {
				return nil, err
			}
			if _, err := ch.Tx.NewUpdate().Model(&pin{JudgeID: id, PIN: hashes[i], Changed: ch.Now}).WherePK().Exec(ctx); err != nil {
				return nil, fmt.Errorf("give judge %d another PIN: %w", id, err)
			}
			if _, err := ch.Tx.NewDelete().Model((*Failure)(nil)).Where("subject = ?", judgeTries(id)).Exec(ctx); err != nil {
				return nil, fmt.Errorf("forget tries: %w", err)
			}
			made = append(made, JudgePIN{j, pins[i]})
		}
		return JudgesNamed(a), nil
	})
	if err != nil || rec.Repeated {
		return rec, nil, err
	}
	return rec, made, nil
}

// CloseJudge ends what the judge may do with the next request.
func (s *Store) CloseJudge(ctx context.Context, c Command, who access.Who, a CloseJudge) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		j, err := judgeFor(ctx, ch, who, a.Judge)
		switch {
		case err != nil:
			return nil, err
		case j.Closed.IsZero() == a.Open:
			return nil, &Refusal{Status: StatusStale, Problem: "judge-already", With: []string{j.Name}}
		}
		if j.Closed = ch.Now; a.Open {
			j.Closed = time.Time{}
		}
		if _, err := ch.Tx.NewUpdate().Model(&j).Column("closed").WherePK().Exec(ctx); err != nil {
			return nil, fmt.Errorf("close judge %d: %w", a.Judge, err)
		}
		_, err = ch.Tx.NewUpdate().Model((*SeatDevice)(nil)).Set("judge_id = NULL").Set("since = NULL").Where("judge_id = ?", j.ID).Exec(ctx)
		return JudgesNamed{[]int64{j.ID}}, err
	})
}

// Judges lists the judges that somebody looks after, by name.
func (s *Store) Judges(ctx context.Context, who access.Who, competition Competition) ([]SeatJudge, error) {
	if !access.Ever(who, access.ReadControl) {
		return nil, &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	var all []SeatJudge
	q := s.r.NewSelect().Model(&all).Where("competition_id = ?", competition.ID).Order("name")
	if who.Discipline != 0 {
		q = q.Where("discipline_id = ?", who.Discipline)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list judges: %w", err)
	}
	return all, nil
}
