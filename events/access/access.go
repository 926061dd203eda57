// Package access says what people of a competition may do: roles by acts, each
// with a scope, as one table. It knows no accounts, no requests and no
// database; whoever reads or writes something asks [May] first.
package access

import (
	"maps"
	"slices"
)

// Role is what somebody is in a competition.
type Role string

// The roles. Public is everybody who has not signed in.
const (
	Organiser  Role = "organiser"  // the office: entries, accounts, the edition itself
	Delegation Role = "delegation" // manages the people of one delegation
	Classifier Role = "classifier" // a classification panel's member, in one discipline or all
	Medical    Role = "medical"    // the medical desk
	Chief      Role = "chief"      // referee in charge of one discipline or all (裁判长)
	Judge      Role = "judge"      // writes marks, in one discipline or all
	Announcer  Role = "announcer"
	Service    Role = "service" // answers support needs
	Public     Role = "public"
)

// Roles are the roles that an account can have, in the order of the tables.
var Roles = []Role{Organiser, Delegation, Classifier, Medical, Chief, Judge, Announcer, Service}

// Who is somebody who asks. The zero Who is the public. Name is unique in the
// competition and is what its log keeps. Discipline 0 with a role that works in
// disciplines means all of them. Strong is a sign-in with a second factor. Seat
// is where a judge sits who came by a paired device: they have no account, and
// reach the seat's units alone; Place is whose cells the seat writes (judge-2),
// empty for all, and Device the one they came by.
type Who struct {
	Account    int64
	Name       string
	Role       Role
	Delegation int64
	Discipline int64
	Strong     bool
	Seat       int64
	Place      string
	Device     int64
}

// Desk is who presents the desk's key: a chief of everything, without a name of
// their own.
var Desk = Who{Name: "desk", Role: Chief, Strong: true}

// SignedIn reports whether it is anybody at all: a person or the desk.
func (w Who) SignedIn() bool { return w.Role != "" && w.Role != Public }

// Object is what an act is about, as far as scopes look at it. Zero in either
// place: the object belongs to no single delegation or discipline.
type Object struct{ Delegation, Discipline int64 }

// Verdict is the answer.
type Verdict int

// The verdicts. What is Hidden is answered exactly as if it did not exist; what
// is Refused may be known to exist.
const (
	Refused Verdict = iota
	Hidden
	Allowed
)

// May says whether somebody may do an act to an object. Organisers hold
// everybody's data: without their second factor they may only see to their own
// account.
func May(w Who, a Act, o Object) Verdict {
	scope, ok := scopeOf(w, a)
	if !ok {
		return Refused
	}
	switch {
	case scope == OwnDelegation && o.Delegation == 0:
		return Refused
	case scope == OwnDelegation && (w.Delegation == 0 || o.Delegation != w.Delegation):
		return Hidden
	case scope == OwnDiscipline && w.Discipline != 0 && o.Discipline == 0:
		return Refused
	case scope == OwnDiscipline && w.Discipline != 0 && o.Discipline != w.Discipline:
		return Hidden
	}
	return Allowed
}

// Ever says whether there is anything at all that somebody may do an act to:
// what navigation shows and what an address asks before it looks for the object.
func Ever(w Who, a Act) bool {
	scope, ok := scopeOf(w, a)
	return ok && (scope != OwnDelegation || w.Delegation != 0)
}

func scopeOf(w Who, a Act) (Scope, bool) {
	if !w.SignedIn() || w.Role == Organiser && !w.Strong && a != Own {
		return "", false
	}
	scope, ok := Table[a][w.Role]
	return scope, ok
}

// Acts are all acts, in order.
func Acts() []Act { return slices.Sorted(maps.Keys(Table)) }

// Console is whoever runs the server's own command line: they hold the file
// with the database in it.
var Console = Who{Name: "console", Role: Organiser, Strong: true}
