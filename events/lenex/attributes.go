package lenex

// How the attributes of an element become values. Each one says what is wrong
// in the place where it stands, and reading goes on to find the next problem.

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongchang/scoring"
)

func (el *element) text(name string) string {
	v := el.attrs[name]
	delete(el.attrs, name)
	return strings.TrimSpace(v)
}

func (el *element) bad(name, problem string, with ...string) {
	el.r.problem(scoring.Invalid{Line: el.line, Field: el.name + " " + name, Problem: problem, With: with, Rule: "Lenex 3.0"})
}

// number is a whole number from 0; -1 and a missing attribute are none.
func (el *element) number(name string, none int) int {
	v := el.text(name)
	if v == "" || v == "-1" {
		return none
	}
	n, err := strconv.ParseUint(v, 10, 31)
	if err != nil {
		el.bad(name, "not-a-number", v)
		return none
	}
	return int(n)
}

// id is a number that has to be there.
func (el *element) id(name string) int {
	n := el.number(name, 0)
	if n == 0 {
		el.bad(name, "id-missing")
	}
	return n
}

// mark is a time, HH:MM:SS.hh; NT and zero are none.
func (el *element) mark(name string) *scoring.Mark {
	v := el.text(name)
	if v == "" || v == "NT" {
		return nil
	}
	m, err := scoring.Milliseconds.Parse(v)
	var invalid *scoring.Invalid
	if errors.As(err, &invalid) {
		el.bad(name, invalid.Problem, invalid.With...)
		return nil
	}
	if m == 0 {
		return nil
	}
	return &m
}

// reaction is a signed number of hundredths of a second: +78, -3.
func (el *element) reaction(name string) *scoring.Mark {
	v := el.text(name)
	if v == "" {
		return nil
	}
	n, err := strconv.ParseInt(v, 10, 32)
	if err != nil || n < -100_000 || n > 100_000 {
		el.bad(name, "not-a-number", v)
		return nil
	}
	m := scoring.Mark(n * 10)
	return &m
}

func (el *element) points(name string) *int64 {
	if el.attrs[name] == "" {
		return nil
	}
	n := int64(el.number(name, 0))
	return &n
}

// date is a day, as midnight UTC; the zero time where there is none.
func (el *element) date(name string) time.Time {
	v := el.text(name)
	if v == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, v)
	if err != nil {
		el.bad(name, "not-a-date", v)
	}
	return t
}

func (el *element) clock(name string) Clock {
	v := el.text(name)
	if v == "" {
		return ""
	}
	if _, ok := Clock(v).On(time.Time{}); !ok {
		el.bad(name, "not-a-clock", v)
		return ""
	}
	return Clock(v)
}

// one is a word out of a few.
func (el *element) one(name string, words ...string) string {
	v := el.text(name)
	if v != "" && !slices.Contains(words, v) {
		el.bad(name, "unknown-word", append([]string{v}, words...)...)
		return ""
	}
	return v
}
