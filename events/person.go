// A person's own rights: everything that is known of them handed out (Personal
// Information Protection Law, article 45), and erased (article 47). What stays
// after erasure is what happened in the open: the results of a contest, under
// the name that was shown with them.
package events

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/registration"
)

// ExportPerson asks for all that is known of a registration's person.
type ExportPerson struct {
	Registration int64 `json:"registration" validate:"required"`
}

func (ExportPerson) kind() string { return "person-export" }

// personFile is person.json. Its keys are the words of the interface.
type personFile struct {
	Competition   string               `json:"competition"`
	Made          time.Time            `json:"made"`
	By            string               `json:"by"`
	Registrations []personRegistration `json:"registrations"`
	Participants  []personParticipant  `json:"participants"`
	Needs         []personNeed         `json:"needs"`
	Consents      []personConsent      `json:"consents"`
	Papers        []personPaper        `json:"papers"`
	Looks         []personLook         `json:"looks"`
}

type personRegistration struct {
	ID         int64             `json:"id"`
	Delegation string            `json:"delegation"`
	State      RegistrationState `json:"state"`
	Role       string            `json:"role"`
	Sport      string            `json:"sport"`
	Name       string            `json:"name"`
	Sex        string            `json:"sex"`
	Birth      string            `json:"birth"`
	Class      string            `json:"class"`
	Events     json.RawMessage   `json:"events"`
	Best       string            `json:"best"`
	Guide      string            `json:"guide"`
	Reason     string            `json:"reason"`
	Sealed     map[string]string `json:"sealed"`
	History    []personChange    `json:"history"`
}

type personChange struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Kind   string    `json:"kind"`
	To     string    `json:"to"`
	Fields string    `json:"fields,omitempty"`
	Reason string    `json:"reason,omitempty"`
}

type personParticipant struct {
	Code    string   `json:"code"`
	Name    string   `json:"name"`
	Classes []string `json:"classes"`
	Events  []string `json:"events"`
	Results int64    `json:"results"` // official ones, public in the result book
}

type personNeed struct {
	Kind  string            `json:"kind"`
	State string            `json:"state"`
	Texts map[string]string `json:"texts"`
}

type personConsent struct {
	Purpose   Purpose `json:"purpose"`
	Version   int     `json:"version"`
	By        string  `json:"by"`
	Given     string  `json:"given"`
	Withdrawn string  `json:"withdrawn,omitempty"`
}

type personPaper struct {
	Kind    PaperKind `json:"kind"`
	Media   string    `json:"media"`
	Expires string    `json:"expires,omitempty"`
	At      time.Time `json:"at"`
	File    string    `json:"file,omitempty"` // in the archive; empty: the medical desk or the panel hands it out
}

type personLook struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Field  string    `json:"field"`
	Reason string    `json:"reason"`
}

// personal is what is gathered of one person.
type personal struct {
	s           *Store
	who         access.Who
	competition Competition
	rows        []Registration
	needs       []int64
	papers      []Paper
}

// ExportPerson makes an archive (.zip) of everything that is known of a person:
// person.json and their papers. It is recorded, with the reason, before it is
// handed out.
func (s *Store) ExportPerson(ctx context.Context, c Command, who access.Who, a ExportPerson) ([]byte, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return nil, invalid("reason", "look-reason")
	}
	p, err := s.personal(ctx, who, c.Competition, a.Registration, access.ExportRegistration)
	if err != nil {
		return nil, err
	}
	file := personFile{Competition: p.competition.Code, Made: s.now().UTC(), By: c.Author}
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, step := range []func(context.Context, *personFile, *zip.Writer) error{p.registrations, p.participants, p.needsOf, p.consents, p.paperFiles, p.looks} {
		if err := step(ctx, &file, archive); err != nil {
			return nil, err
		}
	}
	w, err := archive.Create("person.json")
	if err != nil {
		return nil, err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(file); err != nil {
		return nil, err
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	_, err = s.change(ctx, c, a, func(context.Context, *Change) (any, error) { return struct{}{}, nil })
	return out.Bytes(), err
}

// personal finds a person's registrations, needs and papers.
func (s *Store) personal(ctx context.Context, who access.Who, competition string, id int64, act access.Act) (*personal, error) {
	p := &personal{s: s, who: who}
	var err error
	if p.competition, err = s.Competition(ctx, competition); err != nil {
		return nil, err
	}
	g, err := byID[Registration](ctx, s.r, p.competition.ID, id, "no-such-registration")
	if err != nil {
		return nil, err
	}
	if err := may(who, act, access.Object{Delegation: g.DelegationID}, notFound("no-such-registration", strconv.FormatInt(id, 10))); err != nil {
		return nil, err
	}
	ids, err := personOf(ctx, s.r, &g)
	if err != nil {
		return nil, err
	}
	if err := s.r.NewSelect().Model(&p.rows).Where("id IN (?)", bun.List(ids)).Order("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("load a person's registrations: %w", err)
	}
	if err := s.r.NewSelect().Table("needs").Column("id").Where("registration_id IN (?)", bun.List(ids)).Order("id").Scan(ctx, &p.needs); err != nil {
		return nil, fmt.Errorf("load a person's needs: %w", err)
	}
	if err := s.r.NewSelect().Model(&p.papers).Where("registration_id IN (?)", bun.List(ids)).Order("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("load a person's papers: %w", err)
	}
	return p, nil
}

func (p *personal) registrations(ctx context.Context, file *personFile, _ *zip.Writer) error {
	for i := range p.rows {
		g := &p.rows[i]
		d, err := byID[Delegation](ctx, p.s.r, p.competition.ID, g.DelegationID, "no-such-delegation")
		if err != nil {
			return err
		}
		sealed, err := p.s.unseal(ctx, p.competition, g.subject())
		if err != nil {
			return err
		}
		out := personRegistration{ID: g.ID, Delegation: d.Name, State: g.State, Role: g.Role, Sport: g.Sport, Name: g.Name, Sex: g.Sex, Birth: g.Birth,
			Class: g.Class, Events: json.RawMessage(g.Choices), Best: g.Best, Guide: g.Guide, Reason: g.Reason, Sealed: sealed}
		if !json.Valid(out.Events) {
			out.Events = json.RawMessage("[]")
		}
		var history []registrationChange
		if err := p.s.r.NewSelect().Model(&history).Where("registration_id = ?", g.ID).Order("revision").Scan(ctx); err != nil {
			return fmt.Errorf("load the history of registration %d: %w", g.ID, err)
		}
		for _, h := range history {
			out.History = append(out.History, personChange{h.At, h.By, h.Kind, string(h.To), h.Fields, h.Reason})
		}
		file.Registrations = append(file.Registrations, out)
	}
	return nil
}

// people are the participants that the person has become.
func (p *personal) people() []int64 {
	var ids []int64
	for _, g := range p.rows {
		if g.ParticipantID != 0 && !slices.Contains(ids, g.ParticipantID) {
			ids = append(ids, g.ParticipantID)
		}
	}
	return ids
}

func (p *personal) participants(ctx context.Context, file *personFile, _ *zip.Writer) error {
	for _, id := range p.people() {
		one, err := byID[Participant](ctx, p.s.r, p.competition.ID, id, "no-such-participant")
		if err != nil {
			return err
		}
		out := personParticipant{Code: one.Code, Name: DisplayName(one.Family, one.Given)}
		err = p.s.r.NewSelect().Model((*SportClass)(nil)).ColumnExpr("class").Where("participant_id = ?", id).Where("NOT superseded").Order("id").Scan(ctx, &out.Classes)
		if err != nil {
			return fmt.Errorf("load classes of participant %d: %w", id, err)
		}
		err = p.s.r.NewSelect().Model((*Event)(nil)).ColumnExpr("event.name").Join("JOIN entries AS e ON e.event_id = event.id").
			Where("e.participant_id = ?", id).Order("event.id").Scan(ctx, &out.Events)
		if err != nil {
			return fmt.Errorf("load entries of participant %d: %w", id, err)
		}
		if out.Results, err = resultsOf(ctx, p.s.r, id); err != nil {
			return err
		}
		file.Participants = append(file.Participants, out)
	}
	return nil
}

// resultsOf counts a participant's official results, alone and in teams.
func resultsOf(ctx context.Context, db bun.IDB, participant int64) (int64, error) {
	n, err := db.NewSelect().TableExpr("results AS x").Join("JOIN starts AS s ON s.id = x.start_id").Join("JOIN entries AS e ON e.id = s.entry_id").
		Where("e.participant_id = ? OR EXISTS (SELECT 1 FROM members AS m WHERE m.start_id = s.id AND m.participant_id = ?)", participant, participant).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count results of participant %d: %w", participant, err)
	}
	return n, nil
}

func (p *personal) needsOf(ctx context.Context, file *personFile, _ *zip.Writer) error {
	for _, id := range p.needs {
		var rows []struct{ Kind, State string }
		if err := p.s.r.NewSelect().Table("needs").Column("kind", "state").Where("id = ?", id).Scan(ctx, &rows); err != nil {
			return fmt.Errorf("load need %d: %w", id, err)
		}
		texts, err := p.s.unseal(ctx, p.competition, (&Need{ID: id}).subject())
		if err != nil {
			return err
		}
		for _, n := range rows {
			file.Needs = append(file.Needs, personNeed{n.Kind, n.State, texts})
		}
	}
	return nil
}

func (p *personal) consents(ctx context.Context, file *personFile, _ *zip.Writer) error {
	all, err := consentsOf(ctx, p.s.r, &p.rows[0])
	for _, c := range all {
		file.Consents = append(file.Consents, personConsent{c.Purpose, c.Version, c.GivenBy, c.Given, c.Withdrawn})
	}
	return err
}

var paperEndings = map[string]string{"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}

func (p *personal) paperFiles(ctx context.Context, file *personFile, archive *zip.Writer) error {
	for i := range p.papers {
		one := &p.papers[i]
		out := personPaper{Kind: one.Kind, Media: one.Media, Expires: one.Expires, At: one.At}
		if !one.Kind.Medical() || one.Kind == PaperHealth && p.who.Role == access.Delegation { // the panel hands out what is its own
			values, err := p.s.unseal(ctx, p.competition, one.subject())
			if err != nil {
				return err
			}
			out.File = fmt.Sprintf("papers/%d%s", one.ID, paperEndings[one.Media])
			w, err := archive.Create(out.File)
			if err != nil {
				return err
			}
			if _, err := w.Write([]byte(values[paperField])); err != nil {
				return err
			}
		}
		file.Papers = append(file.Papers, out)
	}
	return nil
}

// subjects are the person's names in the vault.
func (p *personal) subjects() []string {
	var all []string
	for i := range p.rows {
		all = append(all, p.rows[i].subject())
	}
	for _, id := range p.needs {
		all = append(all, (&Need{ID: id}).subject())
	}
	for i := range p.papers {
		all = append(all, p.papers[i].subject())
	}
	return all
}

func (p *personal) looks(ctx context.Context, file *personFile, _ *zip.Writer) error {
	looks, err := p.s.Looks(ctx, access.Console, p.competition, p.subjects()...)
	for _, l := range looks {
		file.Looks = append(file.Looks, personLook{l.At, l.By, l.Field, l.Reason})
	}
	return err
}

// ErasePerson asks to erase a person. Saw is the revision of the registration
// that was looked at.
type ErasePerson struct {
	Registration int64 `json:"registration" validate:"required"`
	Saw          int64 `json:"saw" validate:"required"`
}

func (ErasePerson) kind() string { return "person-erase" }

// PersonErased is the outcome in the log.
type PersonErased struct {
	Registrations []ErasedOne `json:"registrations"`
	Needs         int         `json:"needs"`
	Papers        int         `json:"papers"`
	Uploads       int         `json:"uploads"` // files of the delegation that were emptied, since the person was in them
	Waiting       int64       `json:"waiting"` // files that are not entered yet and may have the person in them
	Named         int         `json:"named"`   // participants whose name stays with their results
}

// ErasedOne is a registration as erasure leaves it.
type ErasedOne struct {
	ID       int64             `json:"id"`
	Revision int64             `json:"revision"`
	State    RegistrationState `json:"state"`
}

// ErasePerson destroys what is sealed of a person, and empties what is not: in
// all their registrations. Who still takes part has to leave first. The name of
// who has official results stays with the results, unless it was a number there.
func (s *Store) ErasePerson(ctx context.Context, c Command, who access.Who, a ErasePerson) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, invalid("reason", "look-reason")
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		g, err := byID[Registration](ctx, ch.Tx, ch.Competition.ID, a.Registration, "no-such-registration")
		if err != nil {
			return nil, err
		}
		if err := may(who, access.DecideRegistration, access.Object{Delegation: g.DelegationID}, notFound("no-such-registration", strconv.FormatInt(a.Registration, 10))); err != nil {
			return nil, err
		}
		if g.Revision != a.Saw {
			return nil, &Refusal{Status: StatusStale, Problem: "erase-stale"}
		}
		ids, err := personOf(ctx, ch.Tx, &g)
		if err != nil {
			return nil, err
		}
		e := eraser{Store: s, ch: ch, ids: ids, delegation: g.DelegationID}
		for _, step := range []func(context.Context) error{e.rows, e.cases, e.people, e.sealed, e.files} {
			if err := step(ctx); err != nil {
				return nil, err
			}
		}
		ch.touch("meet")
		return e.out, nil
	})
}

// eraser erases one person inside a change.
type eraser struct {
	*Store

	ch         *Change
	ids        []int64 // registrations
	delegation int64
	before     []Registration
	out        PersonErased
}

// rows empties the registrations: what they are no longer about anybody.
func (e *eraser) rows(ctx context.Context) error {
	if err := e.ch.Tx.NewSelect().Model(&e.before).Where("id IN (?)", bun.List(e.ids)).Order("id").Scan(ctx); err != nil {
		return fmt.Errorf("load registrations: %w", err)
	}
	over := e.ch.Competition.Ends != "" && e.ch.Competition.Ends < e.ch.Now.Format(time.DateOnly)
	var history []registrationChange
	for _, g := range e.before {
		if g.State == registration.Accepted && !over {
			return &Refusal{Status: StatusClosed, Problem: "erase-accepted", With: []string{g.Name}}
		}
		from := g.State
		g.State, g.Revision, g.Seq, g.Updated, g.By = registration.Withdrawn, g.Revision+1, e.ch.Seq, e.ch.Now, e.ch.Author
		g.Name, g.Sex, g.Birth, g.Class, g.Choices, g.Best, g.Guide, g.Person, g.Content, g.Reason, g.ParticipantID = erased, "", "", "", "[]", "", "", "", "", "", 0
		if _, err := e.ch.Tx.NewUpdate().Model(&g).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("empty registration %d: %w", g.ID, err)
		}
		line := g.history(e.ch, ChangeErased, from, nil)
		line.Reason = "" // the log has it; here it would stand beside an empty row for ever
		history = append(history, line)
		e.out.Registrations = append(e.out.Registrations, ErasedOne{g.ID, g.Revision, g.State})
	}
	_, err := e.ch.Tx.NewUpdate().Model((*registrationChange)(nil)).Set("content = ''").Set("reason = ''").Set("fields = ''").Where("registration_id IN (?)", bun.List(e.ids)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("empty histories: %w", err)
	}
	for _, table := range []string{"entry_members", "arrival_people"} {
		if _, err := e.ch.Tx.NewDelete().Table(table).Where("registration_id IN (?)", bun.List(e.ids)).Exec(ctx); err != nil {
			return fmt.Errorf("empty %s: %w", table, err)
		}
	}
	return writeHistory(ctx, e.ch, history)
}

// erased stands in the place of a name. ChangeErased is the line in a history.
const (
	erased       = "—"
	ChangeErased = "erased"
)

// people empties the participants. A name that stands in results stays there.
func (e *eraser) people(ctx context.Context) error {
	shown, err := e.shown(ctx)
	if err != nil {
		return err
	}
	var done []int64
	for _, g := range e.before {
		if g.ParticipantID == 0 || slices.Contains(done, g.ParticipantID) {
			continue
		}
		done = append(done, g.ParticipantID)
		p, err := byID[Participant](ctx, e.ch.Tx, e.ch.Competition.ID, g.ParticipantID, "no-such-participant")
		if err != nil {
			return err
		}
		results, err := resultsOf(ctx, e.ch.Tx, p.ID)
		if err != nil {
			return err
		}
		if err := e.ch.unsay(ctx, p.ID); err != nil {
			return err
		}
		p.BirthDate, p.License = "", ""
		if name := shown[p.ID]; name != "" || results == 0 {
			p.Family, p.Given = "№ "+p.Code, ""
		} else {
			e.out.Named++
		}
		if _, err := e.ch.Tx.NewUpdate().Model(&p).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("empty participant %d: %w", p.ID, err)
		}
		if results == 0 {
			if _, err := e.ch.Tx.NewDelete().Model((*SportClass)(nil)).Where("participant_id = ?", p.ID).Exec(ctx); err != nil {
				return fmt.Errorf("erase classes: %w", err)
			}
		}
	}
	return nil
}

// shown are the numbers that participants were shown by before the rows went.
func (e *eraser) shown(ctx context.Context) (map[int64]string, error) {
	var rows []alias
	if err := e.r.NewSelect().Model(&rows).Scan(ctx); err != nil { // as it was before this change: rows has named people again
		return nil, fmt.Errorf("load aliases: %w", err)
	}
	names := map[int64]string{}
	for _, r := range rows {
		names[r.ParticipantID] = r.Alias
	}
	return names, nil
}

// sealed destroys the keys of the registrations, needs and papers.
func (e *eraser) sealed(ctx context.Context) error {
	var needs []int64
	if err := e.ch.Tx.NewSelect().Table("needs").Column("id").Where("registration_id IN (?)", bun.List(e.ids)).Scan(ctx, &needs); err != nil {
		return fmt.Errorf("load needs: %w", err)
	}
	for _, id := range e.ids {
		if err := e.forget(ctx, e.ch.Tx, e.ch.Competition, (&Registration{ID: id}).subject()); err != nil {
			return err
		}
	}
	for _, id := range needs {
		if err := e.forget(ctx, e.ch.Tx, e.ch.Competition, (&Need{ID: id}).subject()); err != nil {
			return err
		}
	}
	papers, err := e.ch.Tx.NewSelect().Model((*Paper)(nil)).Where("registration_id IN (?)", bun.List(e.ids)).Count(ctx)
	if err != nil {
		return fmt.Errorf("count papers: %w", err)
	}
	e.out.Needs, e.out.Papers = len(needs), int(papers)
	return e.dropPapers(ctx, e.ch, "registration_id IN (?)", bun.List(e.ids))
}

// cases takes away the slots before panels and the cases about the person, with
// what they say.
func (e *eraser) cases(ctx context.Context) error {
	for _, g := range e.before {
		if _, err := e.ch.Tx.NewDelete().Model((*PanelSlot)(nil)).Where("participant_id = ?", g.ParticipantID).Exec(ctx); err != nil {
			return fmt.Errorf("take slots away: %w", err)
		}
		var cases []ClassCase
		if err := e.ch.Tx.NewSelect().Model(&cases).Where("participant_id = ?", g.ParticipantID).Scan(ctx); err != nil {
			return fmt.Errorf("load cases: %w", err)
		}
		for i := range cases {
			if err := e.forget(ctx, e.ch.Tx, e.ch.Competition, cases[i].subject()); err != nil {
				return err
			}
			if _, err := e.ch.Tx.NewDelete().Model(&cases[i]).WherePK().Exec(ctx); err != nil {
				return fmt.Errorf("take case %d away: %w", cases[i].ID, err)
			}
		}
	}
	return nil
}

// files empties the delegation's files that have been entered: the person was
// in them. One that waits to be entered is the delegation's to drop.
func (e *eraser) files(ctx context.Context) error {
	var ids []string
	err := e.ch.Tx.NewSelect().Model((*stagedUpload)(nil)).Column("id").Where("delegation_id = ?", e.delegation).
		Where("state IN (?)", bun.List([]UploadState{UploadApplied, UploadFailed})).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("load files: %w", err)
	}
	for _, id := range ids {
		if err := e.forget(ctx, e.ch.Tx, e.ch.Competition, (&stagedUpload{ID: id}).subject()); err != nil {
			return err
		}
	}
	e.out.Uploads = len(ids)
	e.out.Waiting, err = e.ch.Tx.NewSelect().Model((*stagedUpload)(nil)).Where("delegation_id = ?", e.delegation).
		Where("state IN (?)", bun.List([]UploadState{UploadReading, UploadJudged})).Count(ctx)
	return err
}
