// The athlete's file: what a delegation sends for classification, and what the
// panel adds. It is kept like every paper (papers.go); reading it is for the
// classifiers whose panel has the person, until the panel's last day, and each
// time the log says who looked.
package events

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
)

// panelReads reports whether somebody sits on a panel that still works and has
// the person of a registration: by a slot, or by a case. The sport of the
// registration is the panel's.
func panelReads(ctx context.Context, db bun.IDB, who access.Who, c Competition, now time.Time, g *Registration) (bool, error) {
	if who.Role != access.Classifier || who.Account == 0 || g.ParticipantID == 0 {
		return false, nil
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return false, fmt.Errorf("zone of %s: %w", c.Code, err)
	}
	yes, err := db.NewSelect().TableExpr("panels AS p").Join("JOIN panel_members AS m ON m.panel_id = p.id").Join("JOIN disciplines AS d ON d.id = p.discipline_id").
		Where("p.competition_id = ?", c.ID).Where("m.account_id = ?", who.Account).Where("d.name = ?", g.Sport).Where("p.last_day >= ?", now.In(zone).Format(time.DateOnly)).
		Where("EXISTS (SELECT 1 FROM panel_slots AS s WHERE s.panel_id = p.id AND s.participant_id = ?) OR EXISTS (SELECT 1 FROM class_cases AS k WHERE k.panel_id = p.id AND k.participant_id = ?)", g.ParticipantID, g.ParticipantID).
		Exists(ctx)
	if err != nil {
		return false, fmt.Errorf("look whose panel has participant %d: %w", g.ParticipantID, err)
	}
	return yes, nil
}

// registrationsOf are a participant's registrations in a discipline.
func registrationsOf(ctx context.Context, db bun.IDB, competition, participant, discipline int64) ([]Registration, error) {
	var rows []Registration
	err := db.NewSelect().Model(&rows).Where("competition_id = ?", competition).Where("participant_id = ?", participant).
		Where("sport = (SELECT name FROM disciplines WHERE id = ?)", discipline).Order("id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load registrations of participant %d: %w", participant, err)
	}
	return rows, nil
}

// fileOf lists the papers for classification of a person in a discipline.
func fileOf(ctx context.Context, db bun.IDB, competition, participant, discipline int64) ([]Paper, error) {
	var all []Paper
	err := db.NewSelect().Model(&all).Where("kind = ?", PaperClass).
		Where("registration_id IN (SELECT g.id FROM registrations AS g JOIN disciplines AS d ON d.name = g.sport AND d.id = ? WHERE g.competition_id = ? AND g.participant_id = ?)", discipline, competition, participant).
		Order("id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the file of participant %d: %w", participant, err)
	}
	return all, nil
}

// KeepSheet asks to add a paper to the file of a person who is before a panel:
// its assessment sheet, a protest's papers.
type KeepSheet struct {
	Slot int64  `json:"slot" validate:"required"`
	Form string `json:"form" validate:"required,max=20"`
}

// keptSheet is what the log keeps of it.
type keptSheet struct {
	KeepSheet

	Media string `json:"media"`
	Size  int    `json:"size"`
	File  Hidden `json:"file"`
}

func (keptSheet) kind() string { return "panel-sheet" }

// KeepSheet is for the panel.
func (s *Store) KeepSheet(ctx context.Context, c Command, who access.Who, a KeepSheet, data []byte) (Receipt, error) {
	if a.Form == "" || !knownForm(a.Form) {
		return Receipt{}, invalid("form", "field-wrong", "form")
	}
	competition, err := s.Competition(ctx, c.Competition)
	if err != nil {
		return Receipt{}, err
	}
	if _, _, err := s.panelSlot(ctx, s.r, who, competition, s.now(), a.Slot); err != nil {
		return Receipt{}, err // before work is done for who may not ask for it
	}
	k := keptSheet{KeepSheet: a}
	var kept []byte
	if k.Media, kept, err = cleaned(PaperClass, data); err != nil {
		return Receipt{}, err
	}
	k.Size = len(kept)
	if k.File, err = s.hide(c.Competition, "paper", string(kept)); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, k, func(ctx context.Context, ch *Change) (any, error) {
		sl, p, err := s.panelSlot(ctx, ch.Tx, who, ch.Competition, ch.Now, a.Slot)
		if err != nil {
			return nil, err
		}
		rows, err := registrationsOf(ctx, ch.Tx, ch.Competition.ID, sl.ParticipantID, p.DisciplineID)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			return nil, &Refusal{Status: StatusClosed, Problem: "sheet-nowhere"}
		}
		one := &Paper{CompetitionID: ch.Competition.ID, DelegationID: rows[0].DelegationID, RegistrationID: rows[0].ID, Kind: PaperClass, Form: a.Form, Media: k.Media, Size: k.Size,
			At: ch.Now, By: ch.Author, Seq: ch.Seq}
		if _, err := ch.Tx.NewInsert().Model(one).Returning("id").Exec(ctx); err != nil {
			return nil, fmt.Errorf("keep a sheet: %w", err)
		}
		return PaperKept{one.ID}, ch.keep(ctx, one.subject(), map[string]Hidden{paperField: k.File})
	})
}

// paperMissing is what a paper that does not exist is answered with.
func paperMissing(id int64) error { return notFound("no-such-paper", strconv.FormatInt(id, 10)) }
