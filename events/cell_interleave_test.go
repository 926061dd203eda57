package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"tongchang/events/ledgertest"
)

// interleaving is two judges at seats and a chief at one unit, each acting on
// what they saw last, in an order drawn by lot; now and then a seat is given
// another unit, or this one back. Beside them stands what must be.
type interleaving struct {
	*hall
	at       [2]*Seated
	version  [2]int64 // of the seats
	moved    [2]bool  // the seat reaches another unit
	lot      *rand.Rand
	seen     [2]map[int64]int64 // by judge and start: the revision before them
	revision map[int64]int64
	text     map[int64]string
	official bool
	took     map[string]int // what became of the writes
}

// Five hundred interleavings of six steps: whoever writes over what they have
// not seen is shown it, whoever writes for an official unit or from a seat that
// was moved finds it with the chief, counted, and what was accepted stays until
// somebody who saw it changes it.
func TestInterleavings(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		in := &interleaving{hall: newHall(t, dsn), revision: map[int64]int64{}, text: map[int64]string{}, took: map[string]int{}}
		for judge, name := range []string{"邢玉兰", "尤国栋"} {
			in.at[judge], in.version[judge] = in.sit(in.seat(NewSeat{Name: "终点 " + name}), in.judge(name)), 1
			if err := in.Told(t.Context(), in.at[judge].Who(), []int64{in.unit}); err != nil {
				t.Fatal(err)
			}
		}
		for n := range 500 {
			in.lot = rand.New(rand.NewPCG(uint64(n), 7))
			in.seen = [2]map[int64]int64{{}, {}}
			for judge := range 2 {
				in.look(judge)
			}
			for range 6 {
				in.step(t)
			}
			if t.Failed() {
				t.Fatalf("in interleaving %d", n)
			}
		}
		for problem, what := range map[string]string{"mark-late": "closed", "mark-moved": "moved"} {
			if kept, err := in.r.NewSelect().Model((*LateMark)(nil)).Where("problem = ?", problem).Count(t.Context()); err != nil || int(kept) != in.took[what] {
				t.Errorf("%d marks came when it was %s, %d are in the inbox: %v", in.took[what], what, kept, err)
			}
		}
		for _, what := range []string{"accepted", "stale", "closed", "moved"} {
			if in.took[what] < 75 {
				t.Errorf("only %d writes were %s", in.took[what], what)
			}
		}
		in.chain(t)
	})
}

func (in *interleaving) look(judge int) {
	for _, start := range in.starts {
		in.seen[judge][start] = in.revision[start]
	}
}

func (in *interleaving) step(t *testing.T) {
	judge := in.lot.IntN(2)
	switch n := in.lot.IntN(10); {
	case n < 2:
		in.look(judge)
	case n < 3 && len(in.revision) == 2:
		in.turnOfChief(t)
	case n < 4 && in.lot.IntN(3) == 0, in.moved[judge] && n < 7:
		in.move(t, judge)
	default:
		in.write(t, judge, in.starts[in.lot.IntN(2)])
	}
}

// move gives a judge's seat the other unit, or this one back.
func (in *interleaving) move(t *testing.T, judge int) {
	seat := &in.at[judge].Seat
	be := NewSeat{Name: seat.Name, Units: []int64{in.second}}
	if in.moved[judge] {
		be.Units = nil
	}
	if _, err := in.SetSeat(t.Context(), command("meet"), office, SetSeat{Seat: seat.ID, Saw: in.version[judge], Be: be}); err != nil {
		t.Errorf("move a seat: %v", err)
	}
	in.version[judge]++
	in.moved[judge] = !in.moved[judge]
}

// turnOfChief makes the unit official, or takes that back.
func (in *interleaving) turnOfChief(t *testing.T) {
	u, err := in.Unit(t.Context(), "meet", in.unit)
	if err != nil {
		t.Fatal(err)
	}
	c := command("meet")
	if in.official {
		c.Reason = "a protest"
		_, err = in.Reopen(t.Context(), c, ReopenUnit{Unit: in.unit, Saw: u.Version})
	} else {
		_, err = in.Confirm(t.Context(), c, ConfirmUnit{Unit: in.unit, Saw: u.Version})
	}
	if err != nil {
		t.Errorf("the chief's turn: %v", err)
	}
	in.official = !in.official
}

func (in *interleaving) write(t *testing.T, judge int, start int64) {
	c := in.from(in.at[judge], "read again")
	text := fmt.Sprintf("%d.%02d", 20+in.lot.IntN(30), in.lot.IntN(100))
	_, err := in.EnterMark(t.Context(), c, EnterMark{Unit: in.unit, Start: start, Mark: text, Saw: in.seen[judge][start]})
	var refusal *Refusal
	errors.As(err, &refusal)
	switch {
	case in.moved[judge]:
		if answerOf(err) != "closed mark-moved" || refusal.Present != nil {
			t.Errorf("a mark from a seat that was moved: %v", err)
		}
		in.took["moved"]++
	case in.official:
		if !errors.Is(err, ErrClosed) || refusal.Present.Text != in.text[start] {
			t.Errorf("a mark for an official unit: %v", err)
		}
		in.took["closed"]++
	case in.seen[judge][start] != in.revision[start]:
		if !errors.Is(err, ErrStale) || refusal.Present.Text != in.text[start] || refusal.Present.Revision != in.revision[start] {
			t.Errorf("a mark over revision %d that saw %d: %v", in.revision[start], in.seen[judge][start], err)
		}
		in.took["stale"]++
	case err != nil:
		t.Errorf("a mark over what was seen: %v", err)
	default:
		in.revision[start]++
		in.text[start], in.seen[judge][start] = text, in.revision[start]
		in.took["accepted"]++
	}
}

// chain reads the log: every accepted mark saw the one before it.
func (in *interleaving) chain(t *testing.T) {
	c, err := in.Competition(t.Context(), "meet")
	if err != nil {
		t.Fatal(err)
	}
	saw := map[int64]int64{}
	for after := int64(0); ; {
		es, err := in.Entries(t.Context(), c.ID, after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range es {
			var m EnterMark
			if e.Kind == m.kind() {
				if err := json.Unmarshal([]byte(e.Payload), &m); err != nil {
					t.Fatal(err)
				}
				if m.Saw != saw[m.Start] {
					t.Errorf("entry %d saw revision %d, there was %d", e.Seq, m.Saw, saw[m.Start])
				}
				saw[m.Start]++
			}
			after = e.Seq
		}
		if len(es) == 0 {
			break
		}
	}
	for _, start := range in.starts {
		if saw[start] != in.revision[start] {
			t.Errorf("start %d was written %d times, %d were accepted", start, saw[start], in.revision[start])
		}
	}
	if rep, err := in.Check(t.Context()); err != nil || !rep.OK() {
		t.Errorf("check: %+v, %v", rep, err)
	}
}
