// Laying an edition beside what a competition has: disciplines, delegations and
// events, with what it means for those who are entered.
package events

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"tongchang/events/entry"
)

// editionLayer lays an edition beside what the competition has.
type editionLayer struct {
	importer
	ed     *entry.Edition
	events map[string]Event // that are there, by code
}

func (l *editionLayer) lay(before, row *editionRow) (*EditionLaid, error) {
	laid := &EditionLaid{Rules: before == nil || before.Rules != row.Rules || before.Programme != row.Programme}
	if err := l.days(); err != nil {
		return nil, err
	}
	if err := l.disciplines(); err != nil {
		return nil, err
	}
	if err := l.delegations(laid); err != nil {
		return nil, err
	}
	if err := l.contests(laid); err != nil {
		return nil, err
	}
	if before != nil {
		old, err := before.read()
		if err != nil {
			return nil, fmt.Errorf("read the edition before: %w", err)
		}
		if err := l.dropped(old, laid); err != nil {
			return nil, err
		}
	}
	laid.Counts = l.Counts
	return laid, nil
}

// days gives the competition its first and last day, where nobody has yet.
func (l *editionLayer) days() error {
	c := l.ch.Competition
	if c.Starts != "" || c.Ends != "" {
		return nil
	}
	c.Starts, c.Ends = l.ed.Opening.String(), l.ed.Opening.String()
	if l.ed.Closing.Real() {
		c.Ends = l.ed.Closing.String()
	}
	if _, err := l.ch.Tx.NewUpdate().Model(&c).Column("starts", "ends").WherePK().Exec(l.ctx); err != nil {
		return fmt.Errorf("set the days of %s: %w", c.Code, err)
	}
	return nil
}

// disciplineOf names the discipline of an event: its sport, its group of skills,
// or where there are neither the edition itself.
func (l *editionLayer) disciplineOf(e *entry.Event) string {
	return cmp.Or(e.Sport, e.Group, l.ed.Name)
}

// disciplines lays sports, or groups of skills. What is there is known by its
// code, or by its name where the edition gives no code.
func (l *editionLayer) disciplines() error {
	comp := l.ch.Competition.ID
	var have []Discipline
	if err := l.ch.Tx.NewSelect().Model(&have).Where("competition_id = ?", comp).Order("id").Scan(l.ctx); err != nil {
		return fmt.Errorf("read disciplines: %w", err)
	}
	codes := newCodes("G")
	for i := range have {
		codes.take(have[i].Code, have[i].Name)
	}
	var want []Discipline
	for _, s := range l.ed.Sports {
		want = append(want, Discipline{CompetitionID: comp, Code: codes.of(s.Code, s.Name), Name: s.Name, NameEn: s.NameEn})
	}
	for i := range l.ed.Events {
		name := l.disciplineOf(&l.ed.Events[i])
		if !slices.ContainsFunc(want, func(d Discipline) bool { return d.Name == name }) {
			want = append(want, Discipline{CompetitionID: comp, Code: codes.of("", name), Name: name})
		}
	}
	for i := range want {
		if at := slices.IndexFunc(have, func(d Discipline) bool { return d.Code == want[i].Code }); at >= 0 {
			want[i].NameEn = cmp.Or(want[i].NameEn, have[at].NameEn)
		}
	}
	if err := lay(&l.importer, disciplineNoun, want); err != nil {
		return err
	}
	for _, d := range want {
		l.ids["discipline "+d.Name] = d.ID
	}
	return nil
}

// delegations lays those who send people. A delegation that the edition no
// longer has is named, and stays.
func (l *editionLayer) delegations(laid *EditionLaid) error {
	comp := l.ch.Competition.ID
	var have []Delegation
	if err := l.ch.Tx.NewSelect().Model(&have).Where("competition_id = ?", comp).Order("id").Scan(l.ctx); err != nil {
		return fmt.Errorf("read delegations: %w", err)
	}
	codes := newCodes("")
	for i := range have {
		codes.take(have[i].Code, have[i].Name)
		if !slices.Contains(l.ed.Delegations, have[i].Name) && !slices.ContainsFunc(l.ed.Senders, func(d entry.Delegation) bool { return d.Code == have[i].Code }) {
			laid.Delegations = append(laid.Delegations, have[i].Name)
		}
	}
	var want []Delegation
	for _, d := range l.ed.Senders {
		row := Delegation{CompetitionID: comp, Code: codes.of(d.Code, d.Name), Name: d.Name, NameEn: d.NameEn}
		if at := slices.IndexFunc(have, func(old Delegation) bool { return old.Code == row.Code }); at >= 0 {
			row.NameEn, row.Nation = cmp.Or(row.NameEn, have[at].NameEn), have[at].Nation
		}
		want = append(want, row)
	}
	return lay(&l.importer, delegationNoun, want)
}

// contests lays the events. What others have said of an event that is there, its
// number and its English name, stays.
func (l *editionLayer) contests(laid *EditionLaid) error {
	comp := l.ch.Competition.ID
	var have []Event
	if err := l.ch.Tx.NewSelect().Model(&have).Where("competition_id = ?", comp).Scan(l.ctx); err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	l.events = make(map[string]Event, len(have))
	for _, e := range have {
		l.events[e.Code] = e
	}
	entered, err := l.entered()
	if err != nil {
		return err
	}
	var want []Event
	for i := range l.ed.Events {
		e := &l.ed.Events[i]
		row := Event{CompetitionID: comp, DisciplineID: l.ids["discipline "+l.disciplineOf(e)], Code: e.Code, Type: e.Name, Sex: eventSex(e),
			Classes: strings.Join(e.Classes, ","), Name: eventName(e), NameEn: e.NameEn, Medals: true}
		if old, ok := l.events[e.Code]; ok {
			row.Number, row.NameEn, row.Medals = old.Number, cmp.Or(row.NameEn, old.NameEn), old.Medals
			if n := entered[old.ID]; n > 0 && (row.DisciplineID != old.DisciplineID || row.Sex != old.Sex || row.Classes != old.Classes || row.Type != old.Type) {
				laid.Altered = append(laid.Altered, LaidEvent{e.Code, row.Name, n})
			}
		}
		want = append(want, row)
	}
	return lay(&l.importer, eventNoun, want)
}

// entered counts the entries of every event, withdrawn ones too: they are on record.
func (l *editionLayer) entered() (map[int64]int, error) {
	var counts []struct {
		EventID int64
		N       int
	}
	err := l.ch.Tx.NewSelect().Model((*Entry)(nil)).Column("event_id").ColumnExpr("count(*) AS n").
		Where("competition_id = ?", l.ch.Competition.ID).Group("event_id").Scan(l.ctx, &counts)
	if err != nil {
		return nil, fmt.Errorf("count entries: %w", err)
	}
	of := make(map[int64]int, len(counts))
	for _, c := range counts {
		of[c.EventID] = c.N
	}
	return of, nil
}

// dropped takes away the events that the edition before had and this one has
// not, where there is nothing of them but the name; the others are listed.
func (l *editionLayer) dropped(old *entry.Edition, laid *EditionLaid) error {
	entered, err := l.entered()
	if err != nil {
		return err
	}
	phased, err := l.phased()
	if err != nil {
		return err
	}
	var gone []int64
	for i := range old.Events {
		code := old.Events[i].Code
		there, ok := l.events[code]
		if !ok || slices.ContainsFunc(l.ed.Events, func(e entry.Event) bool { return e.Code == code }) {
			continue
		}
		if entered[there.ID] > 0 || phased[there.ID] {
			laid.Kept = append(laid.Kept, LaidEvent{code, there.Name, entered[there.ID]})
			continue
		}
		laid.Removed, gone = append(laid.Removed, code), append(gone, there.ID)
	}
	if len(gone) == 0 {
		return nil
	}
	if _, err := l.ch.Tx.NewDelete().Model((*Event)(nil)).Where("id IN (?)", bun.List(gone)).Exec(l.ctx); err != nil {
		return fmt.Errorf("take away events without entries: %w", err)
	}
	return nil
}

// phased tells the events that have rounds already: somebody has set them up.
func (l *editionLayer) phased() (map[int64]bool, error) {
	var ids []int64
	err := l.ch.Tx.NewSelect().Model((*Phase)(nil)).ColumnExpr("DISTINCT event_id").Where("competition_id = ?", l.ch.Competition.ID).Scan(l.ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find events with phases: %w", err)
	}
	of := make(map[int64]bool, len(ids))
	for _, id := range ids {
		of[id] = true
	}
	return of, nil
}

// eventSex is an event's sex in the ledger's letters.
func eventSex(e *entry.Event) string {
	if e.Mixed {
		return "X"
	}
	return string(e.Sex)
}

// eventName is an event's name without its sport: 男子100米 T11.
func eventName(e *entry.Event) string {
	sex := map[string]string{"M": "男子", "W": "女子", "X": "混合"}[eventSex(e)]
	return strings.TrimSpace(sex + e.Name + " " + e.Class)
}

// codes gives out codes: those that are taken stay with their names, what has
// neither gets the next number.
type codes struct {
	prefix string
	byName map[string]string
	taken  map[string]bool
}

func newCodes(prefix string) *codes {
	return &codes{prefix, map[string]string{}, map[string]bool{}}
}

func (c *codes) take(code, name string) { c.byName[name], c.taken[code] = code, true }

// of is the code for a name: the one asked for where that is in use, or where the
// name has none yet.
func (c *codes) of(asked, name string) string {
	if has := c.byName[name]; has != "" && !c.taken[asked] {
		return has
	}
	for n := 1; asked == ""; n++ {
		if next := fmt.Sprintf("%s%02d", c.prefix, n); !c.taken[next] {
			asked = next
		}
	}
	c.take(asked, name)
	return asked
}
