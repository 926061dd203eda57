// Notices: what a delegation is told when somebody else's decision concerns its
// people. They are written with the decision, in its transaction.
package events

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
)

// Notice is one message to a delegation. About is a key of the catalogue's
// family notice, Arguments what it speaks of, as a JSON array of texts; no
// notice holds anything sealed. Seen is when somebody of the delegation said
// that they had read it.
type Notice struct {
	bun.BaseModel `bun:"table:notices"`

	ID            int64     `bun:",pk,autoincrement"`
	CompetitionID int64     `bun:",notnull"`
	DelegationID  int64     `bun:",notnull"`
	Seq           int64     `bun:",notnull"` // log entry that it comes with
	At            time.Time `bun:",notnull"`
	By            string    `bun:",notnull"`
	About         string    `bun:",notnull"`
	Arguments     string    `bun:",notnull"`
	Reason        string    `bun:",notnull"`
	Seen          time.Time `bun:",nullzero"`
}

// With are the notice's arguments.
func (n *Notice) With() []string {
	var with []string
	_ = json.Unmarshal([]byte(n.Arguments), &with) // written by tell
	return with
}

// tell writes a notice to a delegation; the reason is the command's.
func (c *Change) tell(ctx context.Context, delegation int64, about string, with ...string) error {
	if with == nil {
		with = []string{}
	}
	arguments, err := json.Marshal(with)
	if err != nil {
		return err
	}
	n := Notice{CompetitionID: c.Competition.ID, DelegationID: delegation, Seq: c.Seq, At: c.Now, By: c.Author, About: about, Arguments: string(arguments), Reason: c.Reason}
	if _, err := c.Tx.NewInsert().Model(&n).Exec(ctx); err != nil {
		return fmt.Errorf("tell delegation %d: %w", delegation, err)
	}
	return nil
}

// Notices lists what a delegation has been told, the newest first, at most n.
func (s *Store) Notices(ctx context.Context, who access.Who, competition string, delegation int64, n int) ([]Notice, error) {
	c, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	if access.May(who, access.ReadRegistration, access.Object{Delegation: delegation}) != access.Allowed {
		return nil, notFound("no-such-delegation", fmt.Sprint(delegation))
	}
	var ns []Notice
	err = s.r.NewSelect().Model(&ns).Where("competition_id = ?", c.ID).Where("delegation_id = ?", delegation).Order("id DESC").Limit(int64(n)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list notices of delegation %d: %w", delegation, err)
	}
	return ns, nil
}

// ReadNotices notes that a delegation has read its notices up to one.
type ReadNotices struct {
	Delegation int64 `json:"delegation" validate:"required"`
	UpTo       int64 `json:"up_to" validate:"required"`
}

func (ReadNotices) kind() string { return "notices-read" }

// ReadNotices is a command, so that it is known who was told and when.
func (s *Store) ReadNotices(ctx context.Context, c Command, who access.Who, a ReadNotices) (Receipt, error) {
	if access.May(who, access.WriteRegistration, access.Object{Delegation: a.Delegation}) != access.Allowed {
		return Receipt{}, notFound("no-such-delegation", fmt.Sprint(a.Delegation))
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		_, err := ch.Tx.NewUpdate().Model((*Notice)(nil)).Set("seen = ?", ch.Now).Where("competition_id = ?", ch.Competition.ID).
			Where("delegation_id = ?", a.Delegation).Where("id <= ?", a.UpTo).Where("seen IS NULL").Exec(ctx)
		return a, err
	})
}
