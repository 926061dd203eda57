// Reading needs: for the delegation with its own words, for the desk with what is
// needed to act. Who sees what is decided here, so that pages and programs share
// it.
package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tongchang/events/access"
	"tongchang/events/needs"
	"tongchang/events/registration"
)

// NeedView is a need as somebody may see it. What they must not see is empty.
type NeedView struct {
	Need
	Medical        bool   // only that it is the medical desk's: Kind is empty
	Delegation     string // name
	DelegationEn   string
	Person         string // whole for the delegation, masked for the desk; empty: the delegation as a whole
	Sport          string
	Standing       needs.Standing
	Span           time.Duration // how late, or how long there is left
	Arrives        time.Time     // zero: not planned
	Unanswered     bool          // people arrive before it is answered
	WordsText      string        // the person's own words; for the delegation
	ReplyText      string
	PlaceText      string
	Mates          int  // others that are one task with it
	WordsKept      bool // there are words, which may be looked at one by one
	TextUnreadable bool // the key to the texts is not there
}

// NeedFilter narrows a list of needs; zero values let everything through.
type NeedFilter struct {
	Delegation   int64
	Registration int64
	Whole        bool // only those of delegations as a whole
	Group        needs.Group
	Kind         needs.Code
	Area         needs.Area
	States       []needs.State
	Standing     needs.Standing
	Task         int64
	IDs          []int64
	Texts        bool // the texts that the reader may see are wanted
}

// NeedChangeView is one act of a need's history with the text that went with it,
// where the reader may see it.
type NeedChangeView struct {
	NeedChange
	Text   string
	Sealed bool // there is a text that the reader has to look at by itself
}

// Needs lists needs, the most urgent first.
func (s *Store) Needs(ctx context.Context, who access.Who, competition string, f NeedFilter) ([]NeedView, error) {
	if who.Role == access.Delegation && f.Delegation == 0 {
		f.Delegation = who.Delegation
	}
	if err := mayNeeds(who, access.ReadNeed, f.Delegation, "no-such-delegation", f.Delegation); err != nil {
		return nil, err
	}
	comp, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	return s.needs(ctx, comp, who, f)
}

func (s *Store) needs(ctx context.Context, comp Competition, who access.Who, f NeedFilter) ([]NeedView, error) {
	var rows []needRow
	q := s.r.NewSelect().TableExpr("needs AS n").ColumnExpr("n.*").ColumnExpr("d.name AS delegation, d.name_en AS delegation_en").
		ColumnExpr("coalesce(r.name, '') AS person, coalesce(r.sport, '') AS sport").
		Join("JOIN delegations AS d ON d.id = n.delegation_id").Join("LEFT JOIN registrations AS r ON r.id = n.registration_id").
		Where("n.competition_id = ?", comp.ID).Where("r.id IS NULL OR r.state <> ?", registration.Withdrawn)
	if err := f.narrow(q).Order("n.id").Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("list needs: %w", err)
	}
	arrive, err := loadArrivals(ctx, s.r, comp, f.Delegation)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(comp.Zone)
	if err != nil {
		return nil, fmt.Errorf("list needs: %w", err)
	}
	tasks := map[int64]int{}
	for i := range rows {
		tasks[rows[i].Task]++
	}
	now := s.now()
	var views []NeedView
	for i := range rows {
		v := rows[i].view(arrive, now, zone)
		if v.Task != 0 {
			v.Mates = tasks[v.Task] - 1
		}
		if (f.Standing == "" || v.Standing == f.Standing) && v.show(who) {
			views = append(views, v)
		}
	}
	if f.Texts {
		if err := s.needTexts(ctx, comp, who, views); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(views, urgent)
	return views, nil
}

type needRow struct {
	Need `bun:",inherit"`

	Delegation, DelegationEn, Person, Sport string
}

func (f *NeedFilter) narrow(q *bun.SelectQuery) *bun.SelectQuery {
	if f.Delegation != 0 {
		q = q.Where("n.delegation_id = ?", f.Delegation)
	}
	if f.Registration != 0 {
		q = q.Where("n.registration_id = ?", f.Registration)
	}
	if f.Whole {
		q = q.Where("n.registration_id IS NULL")
	}
	if f.Group != "" {
		q = q.Where("n.owner_group = ?", f.Group)
	}
	if f.Kind != "" {
		q = q.Where("n.kind = ?", f.Kind)
	}
	if f.Area != "" {
		var codes []needs.Code
		for _, k := range needs.In(f.Area) {
			codes = append(codes, k.Code)
		}
		q = q.Where("n.kind IN (?)", bun.List(codes))
	}
	if len(f.States) > 0 {
		q = q.Where("n.state IN (?)", bun.List(f.States))
	}
	if f.Task != 0 {
		q = q.Where("n.task = ?", f.Task)
	}
	if len(f.IDs) > 0 {
		q = q.Where("n.id IN (?)", bun.List(f.IDs))
	}
	return q
}

func (r *needRow) view(arrive *arrivals, now time.Time, zone *time.Location) NeedView {
	v := NeedView{Need: r.Need, Delegation: r.Delegation, DelegationEn: r.DelegationEn, Person: r.Person, Sport: r.Sport,
		Arrives: arrive.of(r.DelegationID, r.RegistrationID), WordsKept: r.Words > 0}
	k, _ := needs.Find(r.Kind)
	clock := needs.Clock{State: v.State, Due: v.Due, Arrives: v.Arrives, Lead: k.Lead}
	v.Standing, v.Span = needs.Stand(clock, now, zone)
	v.Unanswered = needs.Unanswered(clock, now)
	return v
}

// show takes away what the reader must not see, and says whether anything is
// left. The service desk sees that a medical matter is there, in the hands of the
// medical desk, and not what it is.
func (v *NeedView) show(who access.Who) bool {
	k, _ := needs.Find(v.Kind)
	if who.Role != access.Delegation {
		v.Person = needs.Masked(v.Person)
	}
	switch {
	case seesNeed(who, k):
		return true
	case who.Role != access.Service:
		return false
	}
	v.Medical, v.Kind, v.Sport, v.WordsKept, v.Owner = true, "", "", false, ""
	return true
}

// urgent orders needs as the board does: late ones first, the longest first; then
// by the time that is left.
func urgent(a, b NeedView) int {
	if a.Standing != b.Standing {
		return slices.Index(needs.Standings, a.Standing) - slices.Index(needs.Standings, b.Standing)
	}
	if a.Standing == needs.Late {
		return int(max(min(b.Span-a.Span, 1), -1))
	}
	if a.Standing == needs.Today || a.Standing == needs.Working {
		return int(max(min(a.Span-b.Span, 1), -1))
	}
	return b.Updated.Compare(a.Updated)
}

// needTexts opens what the reader may see of needs: a delegation everything that
// was said about its people, the desk where to go and what it has answered.
func (s *Store) needTexts(ctx context.Context, comp Competition, who access.Who, views []NeedView) error {
	open := s.openNeeds(ctx, comp, views)
	for i := range views {
		v := &views[i]
		if v.Medical {
			continue
		}
		texts, err := open(v.subject())
		if refusal := (*Refusal)(nil); errors.As(err, &refusal) { // the key is not there: say so, show the rest
			v.TextUnreadable = true
			continue
		} else if err != nil {
			return err
		}
		v.PlaceText = texts[needPlaceField]
		v.ReplyText = texts[needTextField(v.Reply)]
		if who.Role == access.Delegation {
			v.WordsText = texts[needTextField(v.Words)]
		}
	}
	return nil
}

// few is how many subjects are opened one by one rather than all at once.
const few = 20

// openNeeds opens the texts of needs: of many at once, of a few one by one.
func (s *Store) openNeeds(ctx context.Context, comp Competition, views []NeedView) func(subject string) (map[string]string, error) {
	if len(views) <= few {
		return func(subject string) (map[string]string, error) { return s.unseal(ctx, comp, subject) }
	}
	all, err := s.unsealAll(ctx, comp, "n")
	return func(subject string) (map[string]string, error) { return all[subject], err }
}

// Need is one need with its texts.
func (s *Store) Need(ctx context.Context, who access.Who, competition string, id int64) (*NeedView, error) {
	comp, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	found, err := loadNeeds(ctx, s.r, comp.ID, []int64{id})
	if err != nil {
		return nil, err
	}
	if err := mayTouch(who, access.ReadNeed, found, []int64{id}); err != nil {
		return nil, err
	}
	views, err := s.needs(ctx, comp, who, NeedFilter{IDs: []int64{id}, Texts: true})
	if err != nil {
		return nil, err
	}
	if len(views) == 0 { // of somebody who has been withdrawn
		return nil, notFound("no-such-need", fmt.Sprint(id))
	}
	v := &views[0]
	if v.Task != 0 {
		n, err := s.r.NewSelect().Model((*Need)(nil)).Where("task = ?", v.Task).Count(ctx)
		if err != nil {
			return nil, fmt.Errorf("count task %d: %w", v.Task, err)
		}
		v.Mates = int(n) - 1
	}
	return v, nil
}

// NeedHistory lists what was done about a need, the oldest first. The desk reads
// its own answers; what the person has said it looks at one by one ([Store.LookAtNeed]).
func (s *Store) NeedHistory(ctx context.Context, who access.Who, competition string, id int64) ([]NeedChangeView, error) {
	v, err := s.Need(ctx, who, competition, id)
	if err != nil {
		return nil, err
	}
	var rows []NeedChange
	if err := s.r.NewSelect().Model(&rows).Where("need_id = ?", id).Order("revision").Scan(ctx); err != nil {
		return nil, fmt.Errorf("load the history of need %d: %w", id, err)
	}
	texts := map[string]string{}
	if !v.Medical && !v.TextUnreadable {
		comp, err := s.Competition(ctx, competition)
		if err != nil {
			return nil, err
		}
		if texts, err = s.unseal(ctx, comp, v.subject()); err != nil {
			return nil, err
		}
	}
	views := make([]NeedChangeView, len(rows))
	for i, row := range rows {
		views[i] = NeedChangeView{NeedChange: row, Sealed: row.Said}
		if row.Act == needs.Answer || who.Role == access.Delegation {
			views[i].Text, views[i].Sealed = texts[needTextField(row.Revision)], false
		}
	}
	return views, nil
}

// NeedLook is what a recorded look at a need shows.
type NeedLook struct {
	Person string // whole name; empty: the delegation as a whole
	Words  string // as they were said last
	Seq    int64  // of the log entry that keeps the look
}

// LookAtNeed shows somebody of the desk the person's name and words. The log
// keeps who has looked, and why.
func (s *Store) LookAtNeed(ctx context.Context, c Command, who access.Who, id int64) (*NeedLook, error) {
	v, err := s.Need(ctx, who, c.Competition, id)
	switch {
	case err != nil:
		return nil, err
	case v.Medical:
		return nil, invalid("act", "need-medical")
	case strings.TrimSpace(c.Reason) == "":
		return nil, invalid("reason", "need-look-reason")
	}
	look := &NeedLook{}
	if v.RegistrationID != 0 {
		err := s.r.NewSelect().TableExpr("registrations").Column("name").Where("id = ?", v.RegistrationID).Scan(ctx, &look.Person)
		if err != nil {
			return nil, fmt.Errorf("look at the name of need %d: %w", id, err)
		}
	}
	l := Look{Subject: v.subject(), Field: needTextField(v.Words)}
	if v.Words == 0 {
		l.Field = "name"
	}
	rec, err := s.change(ctx, c, l, func(_ context.Context, ch *Change) (any, error) { return l, nil })
	if err != nil {
		return nil, err
	}
	look.Seq = rec.Seq
	if v.Words == 0 {
		return look, nil
	}
	comp, err := s.Competition(ctx, c.Competition)
	if err != nil {
		return nil, err
	}
	texts, err := s.unseal(ctx, comp, v.subject())
	if err != nil {
		return nil, err
	}
	look.Words = texts[needTextField(v.Words)]
	return look, nil
}

// NeedPerson is somebody of a delegation with how far asking has come. Who is
// entered in several sports is asked once, under the first registration.
type NeedPerson struct {
	Registration int64   // 0: the delegation as a whole
	Also         []int64 // the same person's other registrations
	Name         string
	Sport        string
	Asked        map[Round]time.Time // when; not there: not yet
	Saw          int64               // log entry that said their needs last
	Arrival      int64               // group that they come with; 0: none planned
}

// NeedPeople lists whom of a delegation to ask, the delegation as a whole first.
func (s *Store) NeedPeople(ctx context.Context, who access.Who, competition string, delegation int64) ([]NeedPerson, error) {
	if err := mayNeeds(who, access.ReadNeed, delegation, "no-such-delegation", delegation); err != nil {
		return nil, err
	}
	comp, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	if _, err := s.Delegation(ctx, comp.ID, delegation); err != nil {
		return nil, err
	}
	var rows []struct {
		ID                  int64
		Name, Sport, Person string
	}
	err = s.r.NewSelect().TableExpr("registrations").Column("id", "name", "sport", "person").Where("competition_id = ?", comp.ID).
		Where("delegation_id = ?", delegation).Where("state <> ?", registration.Withdrawn).Order("staff", "sport", "id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("list whom to ask: %w", err)
	}
	var rounds []NeedRound
	if err := s.r.NewSelect().Model(&rounds).Where("delegation_id = ?", delegation).Scan(ctx); err != nil {
		return nil, fmt.Errorf("list who was asked: %w", err)
	}
	arrive, err := loadArrivals(ctx, s.r, comp, delegation)
	if err != nil {
		return nil, err
	}
	people := []NeedPerson{{Asked: map[Round]time.Time{}}}
	at := map[string]int{}
	for _, r := range rows {
		if i, known := at[r.Person]; known && r.Person != "" {
			people[i].Also = append(people[i].Also, r.ID)
			continue
		}
		at[r.Person] = len(people)
		people = append(people, NeedPerson{Registration: r.ID, Name: r.Name, Sport: r.Sport, Asked: map[Round]time.Time{}})
	}
	for i := range people {
		p := &people[i]
		if g := arrive.group(delegation, p.Registration); g != nil {
			p.Arrival = g.ID
		}
		for _, r := range rounds {
			if r.RegistrationID == p.Registration {
				p.Asked[r.Round], p.Saw = r.At, max(p.Saw, r.Seq)
			}
		}
	}
	return people, nil
}

// NeedTasks proposes what of the open needs could be one task.
func (s *Store) NeedTasks(ctx context.Context, who access.Who, competition string) ([][]int64, error) {
	views, err := s.Needs(ctx, who, competition, NeedFilter{})
	if err != nil {
		return nil, err
	}
	comp, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	arrive, err := loadArrivals(ctx, s.r, comp, 0)
	if err != nil {
		return nil, err
	}
	var shared []needs.Shared
	for i := range views {
		if !views[i].Medical {
			shared = append(shared, sharedNeed(&views[i].Need, arrive))
		}
	}
	return needs.Tasks(shared), nil
}

// UnaskedCount is how many people of a delegation nobody has asked at all.
type UnaskedCount struct {
	Delegation   int64
	Name, NameEn string
	People       int
}

// Unasked counts by delegation the people whom nobody has asked what they need,
// the most first. Who is entered in several sports is one person.
func (s *Store) Unasked(ctx context.Context, who access.Who, competition string) ([]UnaskedCount, error) {
	if err := mayNeeds(who, access.AnswerNeed, 0, "no-page", 0); err != nil {
		return nil, err
	}
	comp, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	asked := func(column string) *bun.SelectQuery {
		return s.r.NewSelect().TableExpr("need_rounds AS a").Column(column).Join("JOIN registrations AS x ON x.id = a.registration_id").
			Where("a.competition_id = ?", comp.ID)
	}
	var counts []UnaskedCount
	err = s.r.NewSelect().TableExpr("registrations AS r").ColumnExpr("d.id AS delegation, d.name, d.name_en").
		ColumnExpr("count(DISTINCT CASE WHEN r.person = '' THEN 'r' || r.id ELSE r.person END) AS people").
		Join("JOIN delegations AS d ON d.id = r.delegation_id").Where("r.competition_id = ?", comp.ID).
		Where("r.state <> ?", registration.Withdrawn).Where("r.id NOT IN (?)", asked("x.id")).
		Where("r.person = '' OR r.person NOT IN (?)", asked("x.person")).
		GroupExpr("d.id, d.name, d.name_en").OrderExpr("people DESC, d.id").Scan(ctx, &counts)
	if err != nil {
		return nil, fmt.Errorf("count who was not asked: %w", err)
	}
	return counts, nil
}

// NeedProposals is what a person's registrations say about needs, in the columns
// of the sheet that they came with: a form begins with it while nobody has asked.
// It is for the person's own delegation, which has written it.
func (s *Store) NeedProposals(ctx context.Context, who access.Who, competition string, p NeedPerson) ([]needs.Said, error) {
	if who.Role != access.Delegation || p.Registration == 0 {
		return nil, nil
	}
	comp, err := s.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	var said []needs.Said
	for _, id := range append([]int64{p.Registration}, p.Also...) {
		row, err := byID[Registration](ctx, s.r, comp.ID, id, "no-such-registration")
		if err != nil {
			return nil, err
		}
		if err := mayNeeds(who, access.WriteNeed, row.DelegationID, "no-such-registration", id); err != nil {
			return nil, err
		}
		sealed, err := s.unseal(ctx, comp, row.subject())
		if refusal := (*Refusal)(nil); errors.As(err, &refusal) { // the key is not there: nothing is proposed
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		for _, column := range needs.Columns {
			said = append(said, needs.Read(column, sealed[column])...)
		}
	}
	return needs.Gather(said), nil
}
