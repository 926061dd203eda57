// Papers of people: photos for cards, certificates, insurance, what a panel
// needs. A paper is sealed as a whole under a subject of its own; who opens one
// that is not a photo says why, and the log keeps it.
package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/paper"
)

// PaperKind is what a paper is for.
type PaperKind string

// The kinds of papers.
const (
	PaperPhoto     PaperKind = "photo"     // for the card
	PaperInsurance PaperKind = "insurance" // accident insurance
	PaperHealth    PaperKind = "health"    // fit to compete
	PaperConsent   PaperKind = "consent"   // signed, of a guardian or oneself
	PaperClass     PaperKind = "class"     // medical papers for classification
	PaperOther     PaperKind = "other"
)

// PaperKinds are all of them in the order of the form.
var PaperKinds = []PaperKind{PaperPhoto, PaperInsurance, PaperHealth, PaperConsent, PaperClass, PaperOther}

// Medical reports whether a paper of this kind is medical. What is for the medical
// desk may be opened there and by the delegation that has sent it; what is for
// classification by the person's own panel alone.
func (k PaperKind) Medical() bool { return k == PaperHealth || k == PaperClass }

// Paper is a paper as lists show it.
type Paper struct {
	bun.BaseModel `bun:"table:papers"`

	ID             int64     `bun:",pk,autoincrement"`
	CompetitionID  int64     `bun:",notnull"`
	DelegationID   int64     `bun:",notnull"`
	RegistrationID int64     `bun:",notnull"`
	Kind           PaperKind `bun:",notnull"`
	Form           string    `bun:",notnull"` // of a paper for classification: diagnosis, assessment …
	Media          string    `bun:",notnull"`
	Size           int       `bun:",notnull"` // bytes, as kept
	Expires        string    `bun:",notnull"` // last day, 2026-06-30; empty: for ever
	At             time.Time `bun:",notnull"`
	By             string    `bun:",notnull"`
	Seq            int64     `bun:",notnull"`
}

// subject is the paper's name in the vault.
func (p *Paper) subject() string { return "p" + strconv.FormatInt(p.ID, 10) }

// paperField is the only value of such a subject.
const paperField = "file"

// KeepPaper asks to keep a paper of a registration's person. A new photo takes
// the place of the old one.
type KeepPaper struct {
	Registration int64     `json:"registration" validate:"required"`
	Kind         PaperKind `json:"kind" validate:"required"`
	Form         string    `json:"form,omitempty"` // of a paper for classification
	Expires      string    `json:"expires,omitempty"`
}

// keepPaper is what the log keeps of it.
type keepPaper struct {
	KeepPaper

	Media string `json:"media"`
	Size  int    `json:"size"`
	File  Hidden `json:"file"`
}

func (keepPaper) kind() string { return "paper" }

// PaperKept is the outcome in the log.
type PaperKept struct {
	Paper int64 `json:"paper"`
}

// KeepFile looks at a file, cleans it and keeps it sealed.
func (s *Store) KeepFile(ctx context.Context, c Command, who access.Who, a KeepPaper, data []byte) (Receipt, error) {
	if !slices.Contains(PaperKinds, a.Kind) {
		return Receipt{}, invalid("kind", "field-wrong", "kind")
	}
	if !knownForm(a.Form) || a.Form != "" && a.Kind != PaperClass {
		return Receipt{}, invalid("form", "field-wrong", "form")
	}
	if a.Expires != "" {
		if _, err := time.Parse(time.DateOnly, a.Expires); err != nil {
			return Receipt{}, invalid("expires", "paper-expires", a.Expires)
		}
	}
	competition, err := s.Competition(ctx, c.Competition)
	if err != nil {
		return Receipt{}, err
	}
	if _, err := mayRecord(ctx, s.r, who, competition.ID, a.Registration); err != nil {
		return Receipt{}, err // before work is done for who may not ask for it
	}
	k := keepPaper{KeepPaper: a}
	var kept []byte
	if k.Media, kept, err = cleaned(a.Kind, data); err != nil {
		return Receipt{}, err
	}
	k.Size = len(kept)
	if k.File, err = s.hide(c.Competition, "paper", string(kept)); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, k, func(ctx context.Context, ch *Change) (any, error) {
		g, err := mayRecord(ctx, ch.Tx, who, ch.Competition.ID, a.Registration)
		if err != nil {
			return nil, err
		}
		if a.Kind == PaperPhoto {
			if err := s.dropPapers(ctx, ch, "registration_id = ? AND kind = 'photo'", g.ID); err != nil {
				return nil, err
			}
		}
		p := &Paper{CompetitionID: ch.Competition.ID, DelegationID: g.DelegationID, RegistrationID: g.ID, Kind: a.Kind, Form: a.Form, Media: k.Media, Size: k.Size,
			Expires: a.Expires, At: ch.Now, By: ch.Author, Seq: ch.Seq}
		if _, err := ch.Tx.NewInsert().Model(p).Returning("id").Exec(ctx); err != nil {
			return nil, fmt.Errorf("keep a paper: %w", err)
		}
		return PaperKept{p.ID}, ch.keep(ctx, p.subject(), map[string]Hidden{paperField: k.File})
	})
}

// cleaned is a file as it is kept, or a refusal that says what is wrong with it.
func cleaned(kind PaperKind, data []byte) (media string, kept []byte, err error) {
	media, kept, err = paper.Clean(data)
	switch {
	case errors.Is(err, paper.ErrSize):
		err = invalid("file", "paper-size")
	case errors.Is(err, paper.ErrKind), err == nil && kind == PaperPhoto && media == paper.PDF:
		err = invalid("file", "paper-kind")
	case errors.Is(err, paper.ErrBroken):
		err = invalid("file", "paper-broken")
	case errors.Is(err, paper.ErrPixels):
		err = invalid("file", "paper-pixels")
	case errors.Is(err, paper.ErrActive):
		err = invalid("file", "paper-active")
	}
	return media, kept, err
}

// dropPapers takes papers away with their keys.
func (s *Store) dropPapers(ctx context.Context, ch *Change, where string, args ...any) error {
	var ps []Paper
	if err := ch.Tx.NewSelect().Model(&ps).Where("competition_id = ?", ch.Competition.ID).Where(where, args...).Scan(ctx); err != nil {
		return fmt.Errorf("find papers: %w", err)
	}
	for i := range ps {
		if err := s.forget(ctx, ch.Tx, ch.Competition, ps[i].subject()); err != nil {
			return err
		}
		if _, err := ch.Tx.NewDelete().Model(&ps[i]).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("drop a paper: %w", err)
		}
	}
	return nil
}

// DropPaper asks to take a paper away for good.
type DropPaper struct {
	Paper int64 `json:"paper" validate:"required"`
}

func (DropPaper) kind() string { return "paper-drop" }

// DropPaper destroys a paper: its bytes cannot be brought back.
func (s *Store) DropPaper(ctx context.Context, c Command, who access.Who, a DropPaper) (Receipt, error) {
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		p, err := byID[Paper](ctx, ch.Tx, ch.Competition.ID, a.Paper, "no-such-paper")
		if err != nil {
			return nil, err
		}
		if err := may(who, access.WriteRegistration, access.Object{Delegation: p.DelegationID}, notFound("no-such-paper", strconv.FormatInt(a.Paper, 10))); err != nil {
			return nil, err
		}
		return struct{}{}, s.dropPapers(ctx, ch, "id = ?", p.ID)
	})
}

// Papers lists the papers of a registration that somebody may know of: a panel
// those for it, the medical desk those for it, others all of their own.
func (s *Store) Papers(ctx context.Context, who access.Who, competition Competition, registration int64) ([]Paper, error) {
	g, err := byID[Registration](ctx, s.r, competition.ID, registration, "no-such-registration")
	if err != nil {
		return nil, err
	}
	var all []Paper
	if err := s.r.NewSelect().Model(&all).Where("registration_id = ?", g.ID).Order("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("load papers: %w", err)
	}
	missing := notFound("no-such-registration", strconv.FormatInt(registration, 10))
	if err := may(who, access.ReadRegistration, access.Object{Delegation: g.DelegationID}, missing); err == nil {
		return all, nil
	}
	if who.Role == access.Classifier {
		reads, err := panelReads(ctx, s.r, who, competition, s.now(), &g)
		if err == nil && !reads {
			err = missing
		}
		return slices.DeleteFunc(all, func(p Paper) bool { return !reads || p.Kind != PaperClass }), err
	}
	discipline, err := s.sportID(ctx, &g)
	if err != nil {
		return nil, err
	}
	if err := may(who, access.LookMedical, access.Object{Discipline: discipline}, missing); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(p Paper) bool { return p.Kind != PaperHealth }), nil
}

// sportID finds the sport that a registration names; 0: none of the
// competition's.
func (s *Store) sportID(ctx context.Context, g *Registration) (int64, error) {
	var ids []int64
	err := s.r.NewSelect().Model((*Discipline)(nil)).Column("id").Where("competition_id = ?", g.CompetitionID).Where("name = ?", g.Sport).Scan(ctx, &ids)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return ids[0], nil
}

// File opens a paper for who may see it. All but photos are opened with a
// reason, which the log keeps first.
func (s *Store) File(ctx context.Context, c Command, who access.Who, id int64) (*Paper, []byte, error) {
	competition, err := s.Competition(ctx, c.Competition)
	if err != nil {
		return nil, nil, err
	}
	p, err := byID[Paper](ctx, s.r, competition.ID, id, "no-such-paper")
	if err != nil {
		return nil, nil, err
	}
	if err := s.mayOpen(ctx, who, competition, &p); err != nil {
		return nil, nil, err
	}
	if p.Kind != PaperPhoto && strings.TrimSpace(c.Reason) == "" {
		return nil, nil, invalid("reason", "look-reason")
	}
	values, err := s.unseal(ctx, competition, p.subject())
	if err != nil {
		return nil, nil, err
	}
	if p.Kind == PaperPhoto {
		return &p, []byte(values[paperField]), nil
	}
	_, err = s.change(ctx, c, Look{p.subject(), paperField}, func(context.Context, *Change) (any, error) { return struct{}{}, nil })
	return &p, []byte(values[paperField]), err
}

// mayOpen asks who may open a paper, and whether its person has agreed to what
// it is kept for. A delegation opens what it has sent itself, but for what it has
// sent to a panel: only the panel reads that.
func (s *Store) mayOpen(ctx context.Context, who access.Who, competition Competition, p *Paper) error {
	missing := paperMissing(p.ID)
	g, err := byID[Registration](ctx, s.r, p.CompetitionID, p.RegistrationID, "no-such-paper")
	if err != nil {
		return err
	}
	if p.Kind == PaperClass || who.Role == access.Classifier {
		reads, err := panelReads(ctx, s.r, who, competition, s.now(), &g)
		switch {
		case err != nil:
			return err
		case reads && p.Kind == PaperClass:
			return agreed(ctx, s.r, &g, ForMedical)
		}
		if err := may(who, access.ReadRegistration, access.Object{Delegation: p.DelegationID}, missing); err != nil {
			return missing // who may not even know of it
		}
		return &Refusal{Status: StatusForbidden, Problem: "forbidden"}
	}
	act, object := access.LookSecret, access.Object{Delegation: p.DelegationID}
	if p.Kind.Medical() && who.Role != access.Delegation {
		act = access.LookMedical
		if object.Discipline, err = s.sportID(ctx, &g); err != nil {
			return err
		}
	}
	if p.Kind == PaperPhoto {
		act = access.ReadRegistration
	}
	if err := may(who, act, object, missing); err != nil {
		return err
	}
	purpose := ForSensitive
	switch {
	case p.Kind.Medical():
		purpose = ForMedical
	case p.Kind == PaperPhoto:
		purpose = ForPhoto
	case p.Kind == PaperConsent:
		return nil // the consent itself
	}
	return agreed(ctx, s.r, &g, purpose)
}
