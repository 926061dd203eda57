// What the ledger answers when it does not do what was asked. A refusal is made
// for people: the problem is a key of the message catalogue, with its arguments.
package events

import (
	"errors"
	"strings"

	"tongchang/events/access"
	"tongchang/scoring"
)

// Status says what kind of refusal it is; package web gives each its HTTP code.
type Status string

// The kinds of refusal.
const (
	StatusInvalid   Status = "invalid"   // the command itself is wrong
	StatusNotFound  Status = "not-found" // it names something that is not in this competition
	StatusStale     Status = "stale"     // somebody wrote the same cell or unit first
	StatusClosed    Status = "closed"    // the unit is official or cancelled
	StatusReused    Status = "reused"    // the command's ID came with another payload
	StatusForbidden Status = "forbidden" // who asks may not do this (events/access)
	StatusLimited   Status = "limited"   // too many tries: later
	StatusUnknown   Status = "unknown"   // the database did not say whether it committed: send again
)

// Refusal is a command turned away; nothing was changed.
type Refusal struct {
	Status  Status
	Problem string   // key of the message catalogue
	Field   string   // which field of the command; empty: the command as a whole
	With    []string // the problem's arguments
	Present *Cell    // with stale and closed: what stands there now
	cause   error
}

// Cell is the present content of a cell, beside a refusal.
type Cell struct {
	Start    int64
	Name     string
	Text     string // as printed: 1:02.34, DNS
	Revision int64
	By       string
}

func (r *Refusal) Error() string {
	s := string(r.Status) + ": " + r.Problem
	if r.Field != "" {
		s += " (" + r.Field + ")"
	}
	if len(r.With) > 0 {
		s += " [" + strings.Join(r.With, ", ") + "]"
	}
	if r.cause != nil {
		s += ": " + r.cause.Error()
	}
	return s
}

func (r *Refusal) Unwrap() error { return r.cause }

// Is makes errors.Is(err, ErrStale) ask for the status alone.
func (r *Refusal) Is(target error) bool {
	t, ok := target.(*Refusal)
	return ok && t.Problem == "" && t.Status == r.Status
}

// Sentinels for errors.Is.
var (
	ErrInvalid   error = &Refusal{Status: StatusInvalid}
	ErrNotFound  error = &Refusal{Status: StatusNotFound}
	ErrStale     error = &Refusal{Status: StatusStale}
	ErrClosed    error = &Refusal{Status: StatusClosed}
	ErrReused    error = &Refusal{Status: StatusReused}
	ErrForbidden error = &Refusal{Status: StatusForbidden}
	ErrLimited   error = &Refusal{Status: StatusLimited}
	ErrUnknown   error = &Refusal{Status: StatusUnknown}
)

func notFound(problem string, with ...string) error {
	return &Refusal{Status: StatusNotFound, Problem: problem, With: with}
}

func invalid(field, problem string, with ...string) error {
	return &Refusal{Status: StatusInvalid, Field: field, Problem: problem, With: with}
}

// may asks package access and turns its verdict into a refusal; hidden is what
// a thing that does not exist would be answered with.
func may(w access.Who, a access.Act, o access.Object, hidden error) error {
	switch access.May(w, a, o) {
	case access.Allowed:
		return nil
	case access.Hidden:
		return hidden
	}
	return &Refusal{Status: StatusForbidden, Problem: "forbidden"}
}

// asRefusal turns what a rule would not rank into a refusal of the command.
func asRefusal(err error) error {
	var inv *scoring.Invalid
	if errors.As(err, &inv) {
		return &Refusal{Status: StatusInvalid, Problem: inv.Problem, Field: inv.Field, With: inv.With, cause: err}
	}
	return err
}
