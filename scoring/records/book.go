package records

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tongchang/scoring"
)

// place is where a record stands in the book.
type place struct {
	level string
	Key
}

// book is the lists by place, private to one run of [Claims].
type book map[place]*Record

// open reads the lists into a book. Two entries of one place must have the same mark: they
// are joint records.
func (r *Rules) open(list []Record) (book, error) {
	bad := func(line, field, problem string, with ...string) error {
		return &scoring.Invalid{Line: line, Field: field, Problem: problem, With: with, Rule: r.Source}
	}
	for i, l := range r.Levels {
		if l.ID == "" || slices.ContainsFunc(r.Levels[:i], func(o Level) bool { return o.ID == l.ID }) {
			return nil, bad("", fmt.Sprintf("levels[%d]", i), "id-twice", l.ID)
		}
	}
	for i, l := range r.Status {
		if !r.level(l) {
			return nil, bad("", fmt.Sprintf("status[%d]", i), "unknown-level", l)
		}
	}
	b := book{}
	for i, rec := range list {
		line := fmt.Sprint("#", i+1)
		at := place{rec.Level, rec.Key}
		switch {
		case !r.level(rec.Level):
			return nil, bad(line, "level", "unknown-level", rec.Level)
		case rec.Mark <= 0:
			return nil, bad(line, "mark", "mark-missing")
		case b[at] != nil && b[at].Mark != rec.Mark:
			return nil, bad(line, "mark", "record-twice", rec.Level, rec.Event, rec.Class)
		case b[at] != nil:
			b[at].Holders = append(b[at].Holders, rec.Holders...)
		default:
			rec.Holders = slices.Clone(rec.Holders)
			b[at] = &rec
		}
	}
	return b, nil
}

func (r *Rules) level(id string) bool {
	return slices.ContainsFunc(r.Levels, func(l Level) bool { return l.ID == id })
}

// check refuses a performance that cannot be compared.
func (r *Rules) check(before []Performance, p Performance) error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Line: p.ID, Field: field, Problem: problem, With: with, Rule: r.Source}
	}
	if slices.ContainsFunc(before, func(o Performance) bool { return o.ID == p.ID }) {
		return bad("id", "id-twice", p.ID)
	}
	if p.Mark <= 0 {
		return bad("mark", "mark-missing")
	}
	if _, ok := year(p.Date); !ok {
		return bad("date", "not-a-date", p.Date)
	}
	for _, l := range p.Refused {
		if !r.level(l) {
			return bad("refused", "unknown-level", l)
		}
	}
	return nil
}

func year(date string) (int, bool) {
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return 0, false
	}
	y, err := strconv.Atoi(date[:4])
	return y, err == nil
}

// move makes a claim the record, or its holder a joint one.
func (b book) move(r *Rules, at place, c Claim, p Performance) {
	now := b[at]
	if now == nil || len(now.Holders) == 0 || r.better(c.Mark, now.Mark) {
		b[at] = &Record{Level: at.level, Key: at.Key, Mark: c.Mark, Holders: []string{c.Holder}, Date: p.Date, Place: p.Place}
		return
	}
	if now.Mark == c.Mark && !slices.Contains(now.Holders, c.Holder) {
		now.Holders = append(now.Holders, c.Holder)
	}
}

// list is the book in order of level, event and class.
func (b book) list() []Record {
	list := make([]Record, 0, len(b))
	for _, r := range b {
		slices.Sort(r.Holders)
		list = append(list, *r)
	}
	slices.SortFunc(list, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Event, b.Event), cmp.Compare(a.Class, b.Class))
	})
	return list
}
