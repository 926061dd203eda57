// Consents: what a person, or the guardian of a child, has agreed to, for each
// purpose on its own, to which version of the edition's text, and since when not
// any more (Personal Information Protection Law, articles 14 to 16, 23, 25, 29
// and 31). Who has not agreed to be named is shown to the public by number.
package events

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
)

// Purpose is what data are handled for.
type Purpose string

// The purposes. Each is agreed to, and withdrawn, on its own.
const (
	ForEntry       Purpose = "data"        // name, birth, contact: to take part at all
	ForSensitive   Purpose = "sensitive"   // identity and certificate numbers: to check who may take part
	ForPublication Purpose = "publication" // the name on boards, in results
	ForPhoto       Purpose = "photo"       // pictures
	ForMedical     Purpose = "medical"     // medical papers, for classification and care
)

// Purposes are all of them in the order of the form.
var Purposes = []Purpose{ForEntry, ForSensitive, ForPublication, ForPhoto, ForMedical}

// Who gives a consent.
const (
	BySelf     = "self"
	ByGuardian = "guardian"
)

// childUnder is the age, in years, below which a guardian consents (PIPL 31).
const childUnder = 14

// NeedsGuardian reports whether somebody is not yet fourteen on a day; both are
// written 2026-06-21. Who was born on 29 February comes of age on 1 March. Of a
// birth that is not known nothing can be said: false.
func NeedsGuardian(birth, day string) bool {
	born, err := time.Parse(time.DateOnly, birth)
	if err != nil {
		return false
	}
	on, err := time.Parse(time.DateOnly, day)
	return err == nil && on.Before(born.AddDate(childUnder, 0, 0))
}

// PrivacyText is what people are told, in one version. Versions count from 1.
type PrivacyText struct {
	bun.BaseModel `bun:"table:privacy_texts"`

	CompetitionID int64     `bun:",pk"`
	Version       int       `bun:",pk"`
	Words         string    `bun:",notnull"`
	WordsEn       string    `bun:",notnull"`
	At            time.Time `bun:",notnull"`
	By            string    `bun:",notnull"`
}

// consent is one consent on record. It is never edited but for its end; the last
// one of a purpose counts.
type consent struct {
	bun.BaseModel `bun:"table:consents"`

	ID             int64   `bun:",pk,autoincrement"`
	CompetitionID  int64   `bun:",notnull"`
	RegistrationID int64   `bun:",notnull"`
	Purpose        Purpose `bun:",notnull"`
	Version        int     `bun:",notnull"`
	GivenBy        string  `bun:",notnull"`
	Given          string  `bun:",notnull"` // day, local
	Withdrawn      string  `bun:",notnull"` // day; empty: it stands
	Seq            int64   `bun:",notnull"` // log entry that last touched it
}

// SetPrivacyText puts a new version of the text in force. What was agreed to
// before stays on record with its version.
type SetPrivacyText struct {
	Version int    `json:"version" validate:"required"` // the next one: so that two organisers do not write over each other
	Words   string `json:"words" validate:"required,max=20000"`
	WordsEn string `json:"words_en" validate:"max=20000"`
}

func (SetPrivacyText) kind() string { return "privacy-text" }

// SetPrivacyText is for organisers. From the first text on names of children
// whose guardians have not agreed are not shown.
func (s *Store) SetPrivacyText(ctx context.Context, c Command, who access.Who, a SetPrivacyText) (Receipt, error) {
	if err := may(who, access.SetEdition, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		last, err := lastPrivacyText(ctx, ch.Tx, ch.Competition.ID)
		if err != nil {
			return nil, err
		}
		if a.Version != last.Version+1 {
			return nil, &Refusal{Status: StatusStale, Problem: "privacy-text-stale", With: []string{strconv.Itoa(last.Version)}}
		}
		text := &PrivacyText{CompetitionID: ch.Competition.ID, Version: a.Version, Words: a.Words, WordsEn: a.WordsEn, At: ch.Now, By: ch.Author}
		if _, err := ch.Tx.NewInsert().Model(text).Exec(ctx); err != nil {
			return nil, fmt.Errorf("keep the privacy text: %w", err)
		}
		return struct{}{}, ch.nameAgain(ctx)
	})
}

// PrivacyTexts are the texts of a competition, the newest first.
func (s *Store) PrivacyTexts(ctx context.Context, competition int64) ([]PrivacyText, error) {
	var texts []PrivacyText
	err := s.r.NewSelect().Model(&texts).Where("competition_id = ?", competition).Order("version DESC").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load privacy texts: %w", err)
	}
	return texts, nil
}

// lastPrivacyText is the text in force; version 0: there is none.
func lastPrivacyText(ctx context.Context, db bun.IDB, competition int64) (PrivacyText, error) {
	var texts []PrivacyText
	err := db.NewSelect().Model(&texts).Where("competition_id = ?", competition).Order("version DESC").Limit(1).Scan(ctx)
	if err != nil {
		return PrivacyText{}, fmt.Errorf("load the privacy text: %w", err)
	}
	if len(texts) == 0 {
		return PrivacyText{}, nil
	}
	return texts[0], nil
}

// GiveConsents records that people have agreed to the text in force: the same
// purposes for all of them, as a delegation collects signed sheets.
type GiveConsents struct {
	Registrations []int64   `json:"registrations" validate:"required,min=1,max=500"`
	Purposes      []Purpose `json:"purposes" validate:"required,min=1,max=5"`
	Version       int       `json:"version" validate:"required"`
	By            string    `json:"by" validate:"required"`
	Day           string    `json:"day" validate:"required"` // on which it was signed
}

func (GiveConsents) kind() string { return "consents" }

// GiveConsents refuses, for a child, what the guardian has not given.
func (s *Store) GiveConsents(ctx context.Context, c Command, who access.Who, a GiveConsents) (Receipt, error) {
	if err := a.shape(s.now()); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		text, err := lastPrivacyText(ctx, ch.Tx, ch.Competition.ID)
		if err != nil {
			return nil, err
		}
		if a.Version != text.Version {
			return nil, &Refusal{Status: StatusStale, Problem: "privacy-text-stale", With: []string{strconv.Itoa(text.Version)}}
		}
		var rows []consent
		for _, id := range a.Registrations {
			g, err := mayRecord(ctx, ch.Tx, who, ch.Competition.ID, id)
			if err != nil {
				return nil, err
			}
			if a.By == BySelf && NeedsGuardian(g.Birth, ch.Competition.opens(ch.Now)) {
				return nil, invalid("by", "consent-guardian", g.Name)
			}
			for _, p := range a.Purposes {
				rows = append(rows, consent{CompetitionID: ch.Competition.ID, RegistrationID: id, Purpose: p, Version: a.Version, GivenBy: a.By, Given: a.Day, Seq: ch.Seq})
			}
		}
		for chunk := range slices.Chunk(rows, sealChunk) {
			if _, err := ch.Tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
				return nil, fmt.Errorf("record consents: %w", err)
			}
		}
		return struct{}{}, ch.nameAgain(ctx)
	})
}

func (a *GiveConsents) shape(now time.Time) error {
	for _, p := range a.Purposes {
		if !slices.Contains(Purposes, p) {
			return invalid("purposes", "consent-purpose", string(p))
		}
	}
	if a.By != BySelf && a.By != ByGuardian {
		return invalid("by", "field-wrong", "by")
	}
	return pastDay("day", a.Day, now)
}

// pastDay refuses what is no day, and days to come. A day may have begun
// elsewhere: one of grace.
func pastDay(field, day string, now time.Time) error {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil || d.After(now.UTC().AddDate(0, 0, 1)) {
		return invalid(field, "day-past", day)
	}
	return nil
}

// opens is the opening day, or the day of now where none is known.
func (c *Competition) opens(now time.Time) string {
	if c.Starts != "" {
		return c.Starts
	}
	return now.Format(time.DateOnly)
}

// mayRecord finds a registration that somebody may write.
func mayRecord(ctx context.Context, db bun.IDB, who access.Who, competition, id int64) (Registration, error) {
	g, err := byID[Registration](ctx, db, competition, id, "no-such-registration")
	if err != nil {
		return g, err
	}
	return g, may(who, access.WriteRegistration, access.Object{Delegation: g.DelegationID}, notFound("no-such-registration", strconv.FormatInt(id, 10)))
}

// WithdrawConsent records that somebody no longer agrees to a purpose. What was
// done before stays lawful (PIPL 15); what it means from now on is in words on
// the page, and in docs/privacy.md.
type WithdrawConsent struct {
	Registration int64   `json:"registration" validate:"required"`
	Purpose      Purpose `json:"purpose" validate:"required"`
	Day          string  `json:"day" validate:"required"`
}

func (WithdrawConsent) kind() string { return "consent-withdraw" }

// WithdrawConsent ends a consent for all of a person's registrations.
func (s *Store) WithdrawConsent(ctx context.Context, c Command, who access.Who, a WithdrawConsent) (Receipt, error) {
	if err := pastDay("day", a.Day, s.now()); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		g, err := mayRecord(ctx, ch.Tx, who, ch.Competition.ID, a.Registration)
		if err != nil {
			return nil, err
		}
		ids, err := personOf(ctx, ch.Tx, &g)
		if err != nil {
			return nil, err
		}
		res, err := ch.Tx.NewUpdate().Model((*consent)(nil)).Set("withdrawn = ?", a.Day).Set("seq = ?", ch.Seq).
			Where("registration_id IN (?)", bun.List(ids)).Where("purpose = ?", a.Purpose).Where("withdrawn = ''").Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("withdraw a consent: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return nil, cmp.Or[error](err, &Refusal{Status: StatusStale, Problem: "consent-none"})
		}
		return struct{}{}, ch.nameAgain(ctx)
	})
}

// personOf are the registrations of one person in a delegation: those with the
// same identity number, and the one itself.
func personOf(ctx context.Context, db bun.IDB, g *Registration) ([]int64, error) {
	ids := []int64{g.ID}
	if g.Person == "" {
		return ids, nil
	}
	ids = nil
	err := db.NewSelect().Model((*Registration)(nil)).Column("id").Where("delegation_id = ?", g.DelegationID).Where("person = ?", g.Person).Order("id").Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find a person's registrations: %w", err)
	}
	return ids, nil
}

// ConsentView is where a person stands with one purpose.
type ConsentView struct {
	Purpose   Purpose
	Version   int // agreed to; 0: never
	By        string
	Given     string
	Withdrawn string // day; empty: it stands
	Old       bool   // there is a newer text
}

// Stands reports whether the person agrees.
func (v *ConsentView) Stands() bool { return v.Version > 0 && v.Withdrawn == "" }

// Consents tells where a person stands with every purpose, in order.
func (s *Store) Consents(ctx context.Context, who access.Who, competition Competition, registration int64) ([]ConsentView, error) {
	g, err := byID[Registration](ctx, s.r, competition.ID, registration, "no-such-registration")
	if err != nil {
		return nil, err
	}
	if err := may(who, access.ReadRegistration, access.Object{Delegation: g.DelegationID}, notFound("no-such-registration", strconv.FormatInt(registration, 10))); err != nil {
		return nil, err
	}
	text, err := lastPrivacyText(ctx, s.r, competition.ID)
	if err != nil {
		return nil, err
	}
	all, err := consentsOf(ctx, s.r, &g)
	if err != nil {
		return nil, err
	}
	views := make([]ConsentView, len(Purposes))
	for i, p := range Purposes {
		views[i].Purpose = p
		for _, c := range all {
			if c.Purpose == p {
				views[i] = ConsentView{p, c.Version, c.GivenBy, c.Given, c.Withdrawn, c.Version < text.Version}
			}
		}
	}
	return views, nil
}

// consentsOf are a person's consents in the order of the record.
func consentsOf(ctx context.Context, db bun.IDB, g *Registration) ([]consent, error) {
	ids, err := personOf(ctx, db, g)
	if err != nil {
		return nil, err
	}
	var all []consent
	if err := db.NewSelect().Model(&all).Where("registration_id IN (?)", bun.List(ids)).Order("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("load consents: %w", err)
	}
	return all, nil
}

// agreed refuses where a competition has told people about their data and a
// person has not agreed to a purpose.
func agreed(ctx context.Context, db bun.IDB, g *Registration, p Purpose) error {
	text, err := lastPrivacyText(ctx, db, g.CompetitionID)
	if err != nil || text.Version == 0 {
		return err
	}
	all, err := consentsOf(ctx, db, g)
	if err != nil {
		return err
	}
	for _, c := range slices.Backward(all) {
		if c.Purpose == p && c.Withdrawn == "" {
			return nil
		}
		if c.Purpose == p {
			break
		}
	}
	return &Refusal{Status: StatusClosed, Problem: "consent-missing", With: []string{string(p)}}
}

// nameAgain works out anew who is shown by number: whose last word on
// publication is that it was withdrawn, and children of whom there is none. It
// is called by every change that may alter that.
func (c *Change) nameAgain(ctx context.Context) error {
	text, err := lastPrivacyText(ctx, c.Tx, c.Competition.ID)
	if err != nil || text.Version == 0 {
		return err
	}
	var people []struct {
		ID          int64
		Code, Birth string
		Given       bool // a consent to publication stands
		Withdrawn   bool // one does not any more
	}
	const publication = "EXISTS (SELECT 1 FROM consents AS k JOIN registrations AS g ON g.id = k.registration_id WHERE g.participant_id = p.id AND k.purpose = 'publication' AND k.withdrawn "
	err = c.Tx.NewSelect().TableExpr("participants AS p").ColumnExpr("p.id, p.code, p.birth_date AS birth").
		ColumnExpr(publication+"= '') AS given").ColumnExpr(publication+"<> '') AS withdrawn").
		Where("p.competition_id = ?", c.Competition.ID).Order("p.id").Scan(ctx, &people)
	if err != nil {
		return fmt.Errorf("load who may be named: %w", err)
	}
	var rows []alias
	for _, p := range people {
		if !p.Given && (p.Withdrawn || NeedsGuardian(p.Birth, c.Competition.opens(c.Now))) {
			rows = append(rows, alias{ParticipantID: p.ID, Alias: "№ " + p.Code})
		}
	}
	var before []alias
	if err := c.Tx.NewSelect().Model(&before).Where("participant_id IN (SELECT id FROM participants WHERE competition_id = ?)", c.Competition.ID).Order("participant_id").Scan(ctx); err != nil {
		return fmt.Errorf("load who is shown by number: %w", err)
	}
	if slices.Equal(before, rows) {
		return nil
	}
	c.touch("meet") // whatever shows names has to be made anew
	_, err = c.Tx.NewDelete().Model((*alias)(nil)).Where("participant_id IN (SELECT id FROM participants WHERE competition_id = ?)", c.Competition.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("name people again: %w", err)
	}
	for chunk := range slices.Chunk(rows, sealChunk) {
		if _, err := c.Tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
			return fmt.Errorf("keep who is shown by number: %w", err)
		}
	}
	return nil
}

// alias is what stands in public in the place of a participant's name.
type alias struct {
	bun.BaseModel `bun:"table:aliases"`

	ParticipantID int64  `bun:",pk"`
	Alias         string `bun:",notnull"`
}

// Aliases are what stands in public in the place of participants' names.
func (s *Store) Aliases(ctx context.Context, competition int64) (map[int64]string, error) {
	var rows []alias
	err := s.r.NewSelect().Model(&rows).Where("participant_id IN (SELECT id FROM participants WHERE competition_id = ?)", competition).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("load aliases: %w", err)
	}
	names := make(map[int64]string, len(rows))
	for _, r := range rows {
		names[r.ParticipantID] = r.Alias
	}
	return names, nil
}
