package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// hall is a race with a second unit, seats and judges, and a clock that the
// test moves.
type hall struct {
	*race
	t           testing.TB
	competition Competition
	discipline  int64
	second      int64 // unit
	clock       atomic.Int64
}

func newHall(t testing.TB, dsn string) *hall {
	h := &hall{t: t}
	h.clock.Store(time.Date(2027, 6, 21, 9, 0, 0, 0, time.UTC).UnixMicro())
	h.race = newRace(t, open(t, dsn, WithClock(func() time.Time { return time.UnixMicro(h.clock.Load()) })), "meet", 2)
	var err error
	if h.competition, err = h.Competition(t.Context(), "meet"); err != nil {
		t.Fatal(err)
	}
	u, err := h.Unit(t.Context(), "meet", h.unit)
	if err != nil {
		t.Fatal(err)
	}
	u.ID, u.Code, u.Number, u.Venue = 0, "2", 2, "游泳馆 浅池"
	if _, err := h.w.NewInsert().Model(&u).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.second = u.ID
	if err := h.r.NewSelect().Model((*Discipline)(nil)).Column("id").Where("competition_id = ?", h.competition.ID).Scan(t.Context(), &h.discipline); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *hall) later(d time.Duration) { h.clock.Add(d.Microseconds()) }

func (h *hall) seat(n NewSeat) int64 {
	h.t.Helper()
	rec, err := h.MakeSeats(h.t.Context(), command("meet"), office, MakeSeats{Discipline: h.discipline, Seats: []NewSeat{n}})
	if err != nil {
		h.t.Fatalf("make seat %s: %v", n.Name, err)
	}
	return decode[SeatsMade](h.t, rec.Outcome).Seats[0]
}

func (h *hall) judge(name string) JudgePIN {
	h.t.Helper()
	_, pins, err := h.MakeJudges(h.t.Context(), command("meet"), office, MakeJudges{Discipline: h.discipline, Names: []string{name}})
	if err != nil {
		h.t.Fatalf("name %s: %v", name, err)
	}
	return pins[0]
}

// sit pairs a device with a seat and lets a judge sit down.
func (h *hall) sit(seat int64, j JudgePIN) *Seated {
	h.t.Helper()
	cards, err := h.PrintCards(h.t.Context(), office, h.competition, []int64{seat}, true)
	if err != nil {
		h.t.Fatal(err)
	}
	d, err := h.Pair(h.t.Context(), h.competition, cards[0].Token, "Chrome Android")
	if err == nil {
		err = h.SitDown(h.t.Context(), d, j.Judge.ID, j.PIN)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

// mark enters a time for the first start from a seat.
func (h *hall) mark(d *Seated, mark string, saw int64, reason string) error {
	_, err := h.EnterMark(h.t.Context(), h.from(d, reason), EnterMark{Unit: h.unit, Start: h.starts[0], Mark: mark, Saw: saw})
	return err
}

func (h *hall) from(d *Seated, reason string) Command {
	c := command("meet")
	c.Author, c.Seat, c.Device, c.Reason = d.Who().Name, d.Who().Seat, d.Who().Device, reason
	return c
}

func answerOf(err error) string {
	var r *Refusal
	if !errors.As(err, &r) {
		return fmt.Sprint(err)
	}
	return string(r.Status) + " " + r.Problem
}

func TestSeatCovers(t *testing.T) {
	unit := Unit{ID: 7, Venue: "体育场 跑道", SessionID: 3}
	for name, tt := range map[string]struct {
		seat       Seat
		discipline int64
		venue      string // of the session
		want       bool
	}{
		"the whole discipline":       {Seat{}, 1, "", true},
		"another discipline":         {Seat{}, 2, "", false},
		"its venue":                  {Seat{Venue: "体育场"}, 1, "", true},
		"its part of the venue":      {Seat{Venue: "体育场 跑道"}, 1, "", true},
		"a venue with a longer name": {Seat{Venue: "体育"}, 1, "", false},
		"the session's venue":        {Seat{Venue: "北区"}, 1, "北区", true},
		"another session":            {Seat{SessionID: 4}, 1, "", false},
		"its session":                {Seat{SessionID: 3}, 1, "", true},
		"chosen":                     {Seat{Units: []int64{6, 7}}, 1, "", true},
		"others were chosen":         {Seat{Units: []int64{6}}, 1, "", false},
		"chosen, elsewhere":          {Seat{Units: []int64{7}, Venue: "北区"}, 1, "", false},
		"closed":                     {Seat{Closed: time.Unix(1, 0)}, 1, "", false},
	} {
		tt.seat.DisciplineID = 1
		if got := tt.seat.Covers(&unit, tt.discipline, tt.venue); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for cell, want := range map[string]bool{"squat-1/judge-2": true, "squat-1/judge-3": false, "squat-1/jury": false, "attempt-1": true, "F/game-1": true} {
		if got := (&Seat{Place: "judge-2"}).Writes(cell); got != want {
			t.Errorf("judge 2 writes %s: %v", cell, got)
		}
	}
}

// TestPairing: a card pairs one device while its seat is open, and a PIN is
// tried a few times.
func TestPairing(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		h, ctx := newHall(t, dsn), t.Context()
		seat := h.seat(NewSeat{Name: "终点 1 号"})
		if err := h.OpenSeats(ctx, office, h.competition, []int64{seat}); answerOf(err) != "invalid seat-no-card" {
			t.Errorf("open a seat without a card: %v", err)
		}
		cards, err := h.PrintCards(ctx, office, h.competition, []int64{seat}, false)
		if err != nil {
			t.Fatal(err)
		}
		card := cards[0].Token
		pair := func() (*Seated, error) { return h.Pair(ctx, h.competition, card, "Chrome Android") }
		if _, err := pair(); answerOf(err) != "closed card-not-open" {
			t.Errorf("a card of a seat that is not open: %v", err)
		}
		opened := func() {
			t.Helper()
			if err := h.OpenSeats(ctx, office, h.competition, []int64{seat}); err != nil {
				t.Fatal(err)
			}
		}
		opened()
		h.later(pairingLife)
		if _, err := pair(); answerOf(err) != "closed card-not-open" {
			t.Errorf("after ten minutes: %v", err)
		}
		opened()
		if _, open, err := h.CardSeat(ctx, h.competition, card); err != nil || !open {
			t.Errorf("looking at an open card: %v, %v", open, err)
		}
		d, err := pair()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pair(); answerOf(err) != "closed card-not-open" {
			t.Errorf("a second device by the same card: %v", err)
		}
		if _, err := h.PrintCards(ctx, office, h.competition, []int64{seat}, true); err != nil {
			t.Fatal(err)
		}
		if _, err := pair(); answerOf(err) != "not-found card-over" {
			t.Errorf("a card printed before the last: %v", err)
		}
		h.pins(d, h.judge("邢玉兰"))
	})
}

func (h *hall) pins(d *Seated, j JudgePIN) {
	t, ctx := h.t, h.t.Context()
	t.Helper()
	if d.Who().SignedIn() {
		t.Error("somebody sits at a device that was only paired")
	}
	bad := "000000"
	if j.PIN == bad {
		bad = "000001"
	}
	for i := range triesAtPIN {
		want := "invalid pin-wrong-left"
		if i == triesAtPIN-1 {
			want = "invalid pin-wrong"
		}
		if err := h.SitDown(ctx, d, j.Judge.ID, bad); answerOf(err) != want {
			t.Errorf("wrong PIN %d: %v", i+1, err)
		}
	}
	if err := h.SitDown(ctx, d, j.Judge.ID, j.PIN); answerOf(err) != "limited sign-in-wait" {
		t.Errorf("the right PIN after %d wrong ones: %v", triesAtPIN, err)
	}
	h.later(firstWait)
	before := d.Token
	if err := h.SitDown(ctx, d, j.Judge.ID, j.PIN); err != nil {
		t.Fatalf("after the wait: %v", err)
	}
	if in, err := h.SeatedAt(ctx, "meet", before); err != nil || in != nil {
		t.Errorf("the token from before the PIN: %+v, %v", in, err)
	}
	in, err := h.SeatedAt(ctx, "meet", d.Token)
	if err != nil || in.Who() != (access.Who{Name: "邢玉兰", Role: access.Judge, Discipline: h.discipline, Seat: d.Seat.ID, Device: d.Device.ID}) {
		t.Fatalf("who sits there: %+v, %v", in.Who(), err)
	}
	h.later(seatLife)
	if in, err = h.SeatedAt(ctx, "meet", d.Token); err != nil || in == nil || in.Who().SignedIn() {
		t.Errorf("after %v: %+v, %v", seatLife, in, err)
	}
	if err := h.SitDown(ctx, d, j.Judge.ID, j.PIN); err != nil {
		t.Fatal(err)
	}
	if err := h.EndDevice(ctx, office, h.competition, d.Device.ID); err != nil {
		t.Fatal(err)
	}
	if in, err = h.SeatedAt(ctx, "meet", d.Token); err != nil || in != nil {
		t.Errorf("after its end: %+v, %v", in, err)
	}
	if ended, err := h.DevicesEnded(ctx, []int64{d.Device.ID}); err != nil || !slices.Equal(ended, []int64{d.Device.ID}) {
		t.Errorf("ended: %v, %v", ended, err)
	}
	if err := h.SitDown(ctx, d, j.Judge.ID, j.PIN); answerOf(err) != "forbidden signed-out" {
		t.Errorf("a PIN at a device that has ended: %v", err)
	}
}

// TestSeatReach: a seat writes in its units alone, from this moment on; what it
// had written before keeps its receipt.
func TestSeatReach(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		h, ctx := newHall(t, dsn), t.Context()
		seat := h.seat(NewSeat{Name: "终点 1 号", Units: []int64{h.unit}})
		d := h.sit(seat, h.judge("邢玉兰"))
		c := h.from(d, "")
		m := EnterMark{Unit: h.unit, Start: h.starts[0], Mark: "1:02.34"}
		if _, err := h.EnterMark(ctx, c, m); err != nil {
			t.Fatal(err)
		}
		if reached, err := h.SeatUnits(ctx, d.Who(), "meet"); err != nil || len(reached) != 1 || !reached[h.unit] {
			t.Errorf("reached %v, %v", reached, err)
		}
		if err := h.SeatMay(ctx, d.Who(), "meet", h.second); answerOf(err) != "forbidden seat-not-assigned" {
			t.Errorf("another unit: %v", err)
		}
		other := newRace(t, h.Store, "other", 1)
		if err := h.SeatMay(ctx, d.Who(), "meet", other.unit); answerOf(err) != "not-found no-such-unit" {
			t.Errorf("another competition's unit: %v", err)
		}
		move := SetSeat{Seat: seat, Saw: 1, Be: NewSeat{Name: "浅池", Venue: "游泳馆"}}
		if _, err := h.SetSeat(ctx, command("meet"), office, move); err != nil {
			t.Fatal(err)
		}
		if _, err := h.SetSeat(ctx, command("meet"), office, move); answerOf(err) != "stale seat-stale" {
			t.Errorf("a seat changed twice from one page: %v", err)
		}
		if err := h.mark(d, "1:02.35", 1, "看错"); answerOf(err) != "forbidden seat-not-assigned" {
			t.Errorf("after the seat was moved: %v", err)
		}
		if rec, err := h.EnterMark(ctx, c, m); err != nil || !rec.Repeated {
			t.Errorf("the mark from before, sent again: %+v, %v", rec, err)
		}
		chief := access.Who{Account: 9, Name: "别项裁判长", Role: access.Chief, Discipline: h.discipline + 1}
		if _, err := h.SetSeat(ctx, command("meet"), chief, move); answerOf(err) != "not-found no-such-seat" {
			t.Errorf("a chief of another discipline: %v", err)
		}
		if seats, err := h.Seats(ctx, chief, h.competition); err != nil || len(seats) != 0 {
			t.Errorf("a chief of another discipline sees %v, %v", seats, err)
		}
	})
}

// TestMoved: a mark for a unit that the tablet had been given before its seat was
// moved goes to the chief, never straight in; what was never given is refused.
func TestMoved(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		h, ctx := newHall(t, dsn), t.Context()
		judge, other := h.judge("邢玉兰"), h.judge("尤国栋")
		d := h.sit(h.seat(NewSeat{Name: "终点 1 号", Units: []int64{h.unit}}), judge)
		to := h.seat(NewSeat{Name: "浅池", Units: []int64{h.second}})
		if err := h.Told(ctx, access.Who{Name: "desk"}, []int64{h.second}); err != nil {
			t.Errorf("told to somebody without a device: %v", err)
		}
		move := func() *Seated {
			t.Helper()
			if err := h.MoveDevice(ctx, office, h.competition, d.Device.ID, to, true); err != nil {
				t.Fatal(err)
			}
			in, err := h.SeatedAt(ctx, "meet", d.Token)
			if err != nil {
				t.Fatal(err)
			}
			return in
		}
		before := h.from(d, "")
		d = &Seated{Device: move().Device, Seat: d.Seat, Judge: d.Judge, Token: d.Token}
		m := EnterMark{Unit: h.unit, Start: h.starts[0], Mark: "1:02.34"}
		if _, err := h.EnterMark(ctx, before, m); answerOf(err) != "forbidden seat-not-assigned" {
			t.Errorf("asked at one seat, committed at another: %v", err)
		}
		for range 2 {
			if err := h.Told(ctx, d.Who(), []int64{h.unit}); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 {
			if _, err := h.EnterMark(ctx, before, m); answerOf(err) != "closed mark-moved" {
				t.Fatalf("a mark from before the move: %v", err)
			}
		}
		stray := m
		stray.Start = 1 << 40
		if _, err := h.EnterMark(ctx, h.from(d, ""), stray); answerOf(err) != "forbidden seat-not-assigned" {
			t.Errorf("a start that is not the unit's: %v", err)
		}
		all, err := h.LateMarks(ctx, office, h.competition)
		if err != nil || len(all) != 1 || all[0].Problem != "mark-moved" || all[0].By != "邢玉兰" || all[0].Stood != "" || all[0].Ask.Mark != "1:02.34" {
			t.Fatalf("the inbox: %+v, %v", all, err)
		}
		c := command("meet")
		c.Author, c.Reason = office.Name, "改派之前记的"
		if _, err := h.DecideLate(ctx, c, office, DecideLate{Late: all[0].ID, Take: true}); err != nil {
			t.Fatal(err)
		}
		if err := h.SitDown(ctx, d, other.Judge.ID, other.PIN); err != nil {
			t.Fatal(err)
		}
		if err := h.mark(d, "1:02.40", 1, "另一个人"); answerOf(err) != "forbidden seat-not-assigned" {
			t.Errorf("another judge at the same device: %v", err)
		}
		if err := h.StandUp(ctx, d); err != nil {
			t.Fatal(err)
		}
		if err := h.mark(d, "1:02.40", 1, "离开以后"); answerOf(err) != "forbidden signed-out" {
			t.Errorf("after standing up: %v", err)
		}
		if r, err := h.Check(ctx); err != nil || !r.OK() {
			t.Errorf("check: %v, %v, %v", r, r.Problems, err)
		}
	})
}

// TestMovedPlace: a seat that became another judge's place sends what the first
// had given to the chief, with the value that stands there now.
func TestMovedPlace(t *testing.T) {
	h, ctx := newHall(t, ledgertest.New(t, "sqlite")), t.Context()
	seat := h.seat(NewSeat{Name: "计时 1", Place: "timekeeper"})
	d := h.sit(seat, h.judge("邢玉兰"))
	if err := h.Told(ctx, d.Who(), []int64{h.unit}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.EnterMark(ctx, command("meet"), EnterMark{Unit: h.unit, Start: h.starts[0], Mark: "1:02.34"}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SetSeat(ctx, command("meet"), office, SetSeat{Seat: seat, Saw: 1, Be: NewSeat{Name: "计时 1", Place: "timekeeper", Units: []int64{h.second}}}); err != nil {
		t.Fatal(err)
	}
	if err := h.mark(d, "1:02.30", 0, ""); answerOf(err) != "closed mark-moved" {
		t.Fatalf("after the seat was narrowed: %v", err)
	}
	all, err := h.LateMarks(ctx, office, h.competition)
	if err != nil || len(all) != 1 || all[0].Stood != "1:02.34" || all[0].Now != "1:02.34" || all[0].Revision != 1 {
		t.Errorf("the inbox: %+v, %v", all, err)
	}
}

// TestLate: a mark for an official unit changes nothing and waits for the chief,
// once however often it is sent; the chief takes it or puts it aside.
func TestLate(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		h, ctx := newHall(t, dsn), t.Context()
		d := h.sit(h.seat(NewSeat{Name: "终点 1 号"}), h.judge("邢玉兰"))
		for i, mark := range []string{"1:02.34", "1:02.50"} {
			if _, err := h.EnterMark(ctx, h.from(d, ""), EnterMark{Unit: h.unit, Start: h.starts[i], Mark: mark}); err != nil {
				t.Fatal(err)
			}
		}
		h.confirm("office")
		late := h.from(d, "录像")
		m := EnterMark{Unit: h.unit, Start: h.starts[1], Mark: "1:02.20", Saw: 1}
		for range 3 {
			if _, err := h.EnterMark(ctx, late, m); answerOf(err) != "closed mark-late" {
				t.Fatalf("a late mark: %v", err)
			}
		}
		wait := func() []LateView {
			t.Helper()
			all, err := h.LateMarks(ctx, office, h.competition)
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		all := wait()
		if len(all) != 1 || all[0].By != "邢玉兰" || all[0].Seat != "终点 1 号" || all[0].Stood != "1:02.50" || all[0].Ask.Mark != "1:02.20" || all[0].Now != "1:02.50" || all[0].Revision != 1 {
			t.Fatalf("the inbox: %+v", all)
		}
		decide := func(a DecideLate, reason string) error {
			c := command("meet")
			c.Author, c.Reason = office.Name, reason
			_, err := h.DecideLate(ctx, c, office, a)
			return err
		}
		take := DecideLate{Late: all[0].ID, Take: true, Saw: 1}
		if err := decide(take, ""); answerOf(err) != "invalid reason-missing" {
			t.Errorf("without a reason: %v", err)
		}
		if err := decide(DecideLate{Late: all[0].ID, Take: true, Saw: 0}, "录像"); answerOf(err) != "stale mark-stale" {
			t.Errorf("over a cell that was not seen: %v", err)
		}
		if u, err := h.Unit(ctx, "meet", h.unit); err != nil || u.ResultStatus != Official {
			t.Errorf("the unit after refusals: %+v, %v", u, err)
		}
		if err := decide(take, "录像"); err != nil {
			t.Fatal(err)
		}
		if err := decide(take, "录像"); answerOf(err) != "stale late-decided" {
			t.Errorf("decided twice: %v", err)
		}
		sheet, err := h.Sheet(ctx, h.phase, h.unit)
		if err != nil {
			t.Fatal(err)
		}
		cell := sheet.Line(strconv.FormatInt(h.starts[1], 10)).Cells[TimeCell]
		if *cell.Mark != 62200 || cell.Revision != 2 || cell.By != office.Name {
			t.Errorf("the mark taken: %+v", cell)
		}
		if u, err := h.Unit(ctx, "meet", h.unit); err != nil || u.ResultStatus != Unofficial {
			t.Errorf("the unit after: %+v, %v", u, err)
		}
		hand := m
		hand.Mark, hand.Hand = "1:02.10", true
		if _, err := h.EnterMark(ctx, h.from(d, ""), hand); answerOf(err) != "stale mark-handed" {
			t.Errorf("a stale mark left to the chief: %v", err)
		}
		if all = wait(); len(all) != 2 || all[0].Problem != "mark-handed" || all[1].Verdict != LateTaken {
			t.Fatalf("the inbox: %+v", all)
		}
		if err := decide(DecideLate{Late: all[0].ID}, "以录像为准"); err != nil {
			t.Fatal(err)
		}
		if r, err := h.Check(ctx); err != nil || !r.OK() {
			t.Errorf("check: %v, %v, %v", r, r.Problems, err)
		}
	})
}

func (h *hall) confirm(author string) {
	h.t.Helper()
	if err := h.confirmBy(author); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) confirmBy(author string) error {
	u, err := h.Unit(h.t.Context(), "meet", h.unit)
	if err != nil {
		return err
	}
	c := command("meet")
	c.Author = author
	_, err = h.Confirm(h.t.Context(), c, ConfirmUnit{Unit: h.unit, Saw: u.Version})
	return err
}

// TestSecondPerson: where the discipline asks for it, who wrote the last mark
// does not confirm.
func TestSecondPerson(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		h, ctx := newHall(t, dsn), t.Context()
		if _, err := h.SetSecondPerson(ctx, command("meet"), office, SetSecondPerson{Discipline: h.discipline, On: true}); err != nil {
			t.Fatal(err)
		}
		for i, by := range []string{"尤国栋", "邢玉兰"} {
			c := command("meet")
			c.Author = by
			if _, err := h.EnterMark(ctx, c, EnterMark{Unit: h.unit, Start: h.starts[i], Mark: "1:02.34"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.confirmBy("邢玉兰"); answerOf(err) != "invalid confirm-second" {
			t.Errorf("by who wrote the last mark: %v", err)
		}
		if err := h.confirmBy("尤国栋"); err != nil {
			t.Errorf("by another: %v", err)
		}
	})
}

// TestControl: what devices say of themselves, what is said to them, and where
// they are moved.
func TestControl(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		h, ctx := newHall(t, dsn), t.Context()
		d := h.sit(h.seat(NewSeat{Name: "终点 1 号"}), h.judge("邢玉兰"))
		spare := h.seat(NewSeat{Name: "终点 2 号", Place: "timekeeper"})
		if err := h.Tell(ctx, office, h.competition, d.Device.ID, "请换电池"); err != nil {
			t.Fatal(err)
		}
		battery := int64(9)
		unread, err := h.Beat(ctx, d, Beat{Unsent: 3, Battery: &battery, App: "a1b2", Skew: -90_000})
		if err != nil || len(unread) != 1 || unread[0].Text != "请换电池" {
			t.Fatalf("unread %+v, %v", unread, err)
		}
		devices, err := h.Devices(ctx, office, h.competition)
		if err != nil || len(devices) != 1 {
			t.Fatalf("%+v, %v", devices, err)
		}
		if v := devices[0]; v.Seat != "终点 1 号" || v.Judge != "邢玉兰" || v.Unsent != 3 || *v.Battery != 9 || v.Skew != -90_000 || v.Unread != 1 || v.Number != 1 || v.Last != "请换电池" {
			t.Errorf("device %+v", v)
		}
		if err := h.MoveDevice(ctx, office, h.competition, d.Device.ID, spare, false); answerOf(err) != "invalid device-unsent" {
			t.Errorf("moved with three unsent: %v", err)
		}
		if unread, err = h.Beat(ctx, d, Beat{Read: []int64{unread[0].ID}}); err != nil || len(unread) != 0 {
			t.Errorf("read, and still %+v, %v", unread, err)
		}
		if err := h.MoveDevice(ctx, office, h.competition, d.Device.ID, spare, false); err != nil {
			t.Fatal(err)
		}
		in, err := h.SeatedAt(ctx, "meet", d.Token)
		if err != nil || in.Who().Seat != spare || in.Who().Place != "timekeeper" || in.Who().Name != "邢玉兰" {
			t.Errorf("after the move: %+v, %v", in.Who(), err)
		}
		if _, err := h.CloseJudge(ctx, command("meet"), office, CloseJudge{Judge: in.Judge.ID}); err != nil {
			t.Fatal(err)
		}
		if in, err = h.SeatedAt(ctx, "meet", d.Token); err != nil || in.Who().SignedIn() {
			t.Errorf("after the judge was closed: %+v, %v", in.Who(), err)
		}
	})
}

func TestOutliers(t *testing.T) {
	for name, tt := range map[string]struct {
		values []scoring.Mark
		want   []bool
	}{
		"nobody":               {nil, []bool{}},
		"one":                  {[]scoring.Mark{80}, []bool{false}},
		"two agree":            {[]scoring.Mark{80, 80}, []bool{false, false}},
		"two differ":           {[]scoring.Mark{80, 70}, []bool{true, true}},
		"one of three apart":   {[]scoring.Mark{3, 3, 1}, []bool{false, false, true}},
		"three in steps":       {[]scoring.Mark{1, 2, 3}, []bool{false, false, false}},
		"five, one far below":  {[]scoring.Mark{80, 82, 81, 79, 60}, []bool{false, false, false, false, true}},
		"five close together":  {[]scoring.Mark{80, 82, 81, 79, 80}, []bool{false, false, false, false, false}},
		"four, one far above":  {[]scoring.Mark{50, 51, 52, 90}, []bool{false, false, false, true}},
		"all of one mind":      {[]scoring.Mark{2, 2, 2, 2}, []bool{false, false, false, false}},
		"a middle between two": {[]scoring.Mark{1, 1, 2, 2}, []bool{false, false, false, false}},
	} {
		if got := outliers(tt.values); !slices.Equal(got, tt.want) {
			t.Errorf("%s: outliers(%v) = %v", name, tt.values, got)
		}
	}
}

// TestInputs: the control room sees what each judge has given before the judges
// see each other's, with what stands apart.
func TestInputs(t *testing.T) {
	j := newJudged(t, ledgertest.New(t, "sqlite"), map[string]kinds.Document{"panel": small["panel"]})
	pad, err := j.sheet(t, "panel").Pad(j.units["panel"])
	if err != nil {
		t.Fatal(err)
	}
	var group string
	given := 0
	for _, c := range pad.Cells {
		if !c.Blind || group != "" && c.Group != group {
			continue
		}
		group = c.Group
		text := "8.0"
		if given == 0 {
			text = "2.0"
		}
		if err := j.mark(t, c.Place, "panel", "A", c.Name, text); err != nil {
			t.Fatal(err)
		}
		given++
	}
	_, _, all, err := j.Inputs(t.Context(), office, "all", j.units["panel"].ID)
	if err != nil || len(all) != 1 || len(all[0].Given) != given || given < 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	for i, g := range all[0].Given {
		if g.By != g.Place || g.Apart != (i == 0 || given == 2) {
			t.Errorf("given %d of %d: %+v", i, given, g)
		}
	}
	judge := access.Who{Name: "judge-1", Role: access.Judge}
	if _, _, _, err := j.Inputs(t.Context(), judge, "all", j.units["panel"].ID); !errors.Is(err, ErrForbidden) {
		t.Errorf("for a judge: %v", err)
	}
}

func decode[T any](t testing.TB, raw []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return v
}
