// The demo's edition that is still taking entries: six delegations have sent
// their workbooks, some with mistakes; some of their people are accepted, some
// returned, one file waits to be looked at. People may ask for what they need,
// and the desk has begun to answer. The first page has a door for each role.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tongchang/cmd/tongchang/games"
	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/needs"
	"tongchang/events/registration"
	"tongchang/web"
)

// registering founds that edition.
type registering struct {
	context.Context
	store  *events.Store
	made   *games.Registration
	now    time.Time
	ids    map[string]int64 // delegations by name
	people map[string]access.Who
}

const registeringCode = "entries"

// office is the demo's organiser as far as the store is concerned.
var office = access.Who{Name: "张敏", Role: access.Organiser, Strong: true}

// foundRegistering founds the edition where it is not there yet, and gives the
// doors that lead in.
func foundRegistering(ctx context.Context, store *events.Store, seed uint64, now time.Time) ([]web.Door, error) {
	if c, err := store.Competition(ctx, registeringCode); err == nil { // kept from an earlier demo
		return doorsOf(ctx, store, c)
	} else if !errors.Is(err, events.ErrNotFound) {
		return nil, err
	}
	opening := now.AddDate(0, 0, 45)
	made, err := games.MakeRegistration(seed, opening)
	if err != nil {
		return nil, err
	}
	r := &registering{Context: ctx, store: store, made: made, now: now, ids: map[string]int64{}, people: map[string]access.Who{}}
	_, err = store.Found(ctx, events.Competition{Code: registeringCode, Name: "黑龙江省残疾人运动会（报名演示）", NameEn: "Heilongjiang para games (taking entries, demo)", City: "哈尔滨", Zone: demoZone,
		Starts: opening.Format(time.DateOnly), Ends: opening.AddDate(0, 0, 5).Format(time.DateOnly)})
	if err != nil {
		return nil, err
	}
	for _, step := range []func() error{r.edition, r.accounts, r.files, r.decide, r.ask, r.stock, r.panel} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("the demo's entries: %w", err)
		}
	}
	c, err := store.Competition(ctx, registeringCode)
	if err != nil {
		return nil, err
	}
	return doorsOf(ctx, store, c)
}

// doorsOf leads in as the office, the service desk, and two delegations: one with
// rows sent back, and the one whose file waits.
func doorsOf(ctx context.Context, store *events.Store, c events.Competition) (doors []web.Door, err error) {
	views, err := store.Accounts(ctx, office, c)
	if err != nil {
		return nil, err
	}
	for _, v := range views {
		if v.Role == access.Delegation && v.Name != leaderOf("牡丹江") && v.Name != leaderOf("鸡西") {
			continue
		}
		doors = append(doors, web.Door{Competition: c.Code, Account: v.ID, Name: v.Name, Role: v.Role})
	}
	return doors, nil
}

func (r *registering) command(who access.Who, reason string) events.Command {
	return events.Command{ID: uuid.NewString(), Competition: registeringCode, Author: who.Name, Reason: reason}
}

func (r *registering) edition() error {
	_, err := r.store.SetEdition(r, r.command(office, ""), events.SetEdition{Rules: r.made.Rules, Events: string(r.made.Programme)})
	if err != nil {
		return err
	}
	c, err := r.store.Competition(r, registeringCode)
	if err != nil {
		return err
	}
	all, err := r.store.Delegations(r, c.ID)
	for _, d := range all {
		r.ids[d.Name] = d.ID
	}
	return err
}

// accounts makes one for each role that has a page.
func (r *registering) accounts() error {
	a := events.MakeAccounts{Accounts: []events.NewAccount{
		{Login: "zhangmin", Name: office.Name, Role: access.Organiser},
		{Login: "fuwu", Name: "李娜", Role: access.Service},
		{Login: "fenji", Name: "佟静", Role: access.Classifier},
	}}
	for _, b := range r.made.Books {
		a.Accounts = append(a.Accounts, events.NewAccount{Login: b.Code, Name: leaderOf(b.Delegation), Role: access.Delegation, Delegation: r.ids[b.Delegation]})
	}
	if _, _, err := r.store.MakeAccounts(r, r.command(office, ""), office, a); err != nil {
		return err
	}
	c, err := r.store.Competition(r, registeringCode)
	if err != nil {
		return err
	}
	views, err := r.store.Accounts(r, office, c)
	if err != nil {
		return err
	}
	for _, v := range views {
		r.people[v.Name] = access.Who{Account: v.ID, Name: v.Name, Role: v.Role, Delegation: v.DelegationID, Strong: true}
	}
	return nil
}

// leaders manage the delegations.
var leaders = map[string]string{"哈尔滨": "孙伟", "齐齐哈尔": "周静", "牡丹江": "吴建华", "佳木斯": "郑海燕", "大庆": "冯志强", "鸡西": "陈丽"}

func leaderOf(delegation string) string { return delegation + " " + leaders[delegation] }

// leader is who manages a book's delegation.
func (r *registering) leader(b *games.Book) access.Who { return r.people[leaderOf(b.Delegation)] }

// files takes the workbooks in: the last one only as far as the page that shows
// what is wrong with it.
func (r *registering) files() error {
	for i := range r.made.Books {
		b := &r.made.Books[i]
		who := r.leader(b)
		u, err := r.store.Upload(r, who, registeringCode, r.ids[b.Delegation], b.Name, b.Data)
		if err != nil {
			return err
		}
		if i == len(r.made.Books)-1 {
			return nil
		}
		if _, err := r.store.ApplyUpload(r, r.command(who, ""), who, events.ApplyUpload{Upload: u.ID, CleanOnly: true, Submit: true}); err != nil {
			return err
		}
	}
	return nil
}

// decide accepts two delegations and returns two rows of the third.
func (r *registering) decide() error {
	for i, to := range []events.RegistrationState{registration.Accepted, registration.Accepted, registration.Returned} {
		b := &r.made.Books[i]
		views, err := r.store.Registrations(r, office, registeringCode, events.RegistrationFilter{Delegation: r.ids[b.Delegation], States: []events.RegistrationState{registration.Submitted}})
		if err != nil {
			return err
		}
		reason := ""
		if to == registration.Returned {
			views, reason = views[:2], "请上传清晰的残疾人证照片"
		}
		move := events.MoveRegistrations{To: to, Saw: map[int64]int64{}}
		for _, v := range views {
			move.IDs = append(move.IDs, v.ID)
			move.Saw[v.ID] = v.Revision
		}
		if _, err := r.store.MoveRegistrations(r, r.command(office, reason), office, move); err != nil {
			return err
		}
	}
	return nil
}

// wanted are needs as they come, for the athletes of the first delegation.
var wanted = [][]events.AskedNeed{
	{{Kind: "wheelchair-own", Pieces: 1, Hour: -1}, {Kind: "room-access", Pieces: 1, Hour: -1, Words: "淋浴间要有扶手和坐凳"}},
	{{Kind: "walking-guide", Pieces: 1, Hour: -1, Words: "第一天带一遍场馆路线"}},
	{{Kind: "sign-interpreter", Pieces: 1, Hour: -1}, {Kind: "vibrating-call", Pieces: 1, Hour: -1}},
	{{Kind: "halal", Pieces: 1, Hour: -1}},
	{{Kind: "wheelchair-own", Pieces: 1, Hour: -1}, {Kind: "fridge", Pieces: 1, Hour: -1, Words: "胰岛素，2–8 度"}},
	{{Kind: "time-50", Pieces: 1, Hour: -1}},
}

// ask states needs and lets the desk begin with them.
func (r *registering) ask() error {
	b := &r.made.Books[0]
	who := r.leader(b)
	day := r.now.AddDate(0, 0, 44).Format(time.DateOnly)
	plan := events.PlanArrivals{Delegation: r.ids[b.Delegation], Groups: []events.ArrivalFile{{Day: day, Clock: "14:05", Place: "哈尔滨西站", Means: "高铁 G1202", People: 30}}}
	if _, err := r.store.PlanArrivals(r, r.command(who, ""), who, plan); err != nil {
		return err
	}
	views, err := r.store.Registrations(r, who, registeringCode, events.RegistrationFilter{Delegation: r.ids[b.Delegation]})
	if err != nil {
		return err
	}
	for i, list := range wanted {
		a := events.StateNeeds{Delegation: r.ids[b.Delegation], Registration: views[(i*3+4)%len(views)].ID, Round: events.AtEntry, Needs: list}
		if _, err := r.store.StateNeeds(r, r.command(who, ""), who, a); err != nil {
			return err
		}
	}
	return r.answer()
}

// answer accepts all needs, assigns some, answers one.
func (r *registering) answer() error {
	desk := r.people["李娜"]
	asked, err := r.store.Needs(r, desk, registeringCode, events.NeedFilter{})
	if err != nil || len(asked) < 4 {
		return err
	}
	var ids []int64
	for _, n := range asked[:len(asked)-2] {
		ids = append(ids, n.ID)
	}
	moves := []events.MoveNeeds{
		{IDs: ids, Act: needs.Accept},
		{IDs: ids[:len(ids)-1], Act: needs.Assign, Owner: "王磊", Due: r.now.Add(20 * time.Hour)},
		{IDs: ids[:1], Act: needs.Answer, Verdict: needs.Will, Words: "已安排 3 号楼 102 无障碍房，卫生间有扶手和坐凳。"},
	}
	for _, m := range moves {
		if _, err := r.store.MoveNeeds(r, r.command(desk, ""), desk, m); err != nil {
			return err
		}
	}
	return nil
}

// stock says what there is: too few wheelchair places at two o'clock.
func (r *registering) stock() error {
	desk := r.people["李娜"]
	day := r.now.AddDate(0, 0, 44).Format(time.DateOnly)
	_, err := r.store.SetResource(r, r.command(desk, ""), desk, events.SetResource{Kind: "wheelchair-own", Pieces: 1, Day: day, From: 13, To: 15, Note: "低地板大巴 1 辆"})
	return err
}

// panel has a panel that sees the first people who have to be seen.
func (r *registering) panel() error {
	all, err := r.store.ToSee(r, office, registeringCode)
	if err != nil || len(all) == 0 {
		return err
	}
	day := r.now.AddDate(0, 0, 44).Format(time.DateOnly)
	_, err = r.store.SetPanel(r, r.command(office, ""), office, events.SetPanel{Discipline: all[0].Discipline.ID, Name: "A 组", Room: "医务楼 101", FirstDay: day, LastDay: r.now.AddDate(0, 0, 46).Format(time.DateOnly),
		Opens: "08:30", Closes: "17:30", PauseFrom: "12:00", PauseTo: "13:30", Minutes: 30, Members: []int64{r.people["佟静"].Account}})
	if err != nil {
		return err
	}
	made, err := r.store.ProposeSlots(r, office, registeringCode)
	if err != nil {
		return err
	}
	var book events.BookSlots
	for _, p := range made.Slots[:min(len(made.Slots), 6)] {
		book.Slots = append(book.Slots, events.NewSlot{Panel: p.Slot.Panel, Participant: p.Person, Start: p.From})
	}
	if len(book.Slots) == 0 {
		return nil
	}
	_, err = r.store.BookSlots(r, r.command(office, ""), office, book)
	return err
}
