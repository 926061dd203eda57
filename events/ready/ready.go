// Package ready answers the question before every gate: may we open? It looks at
// counts of what an edition has and says, item by item, what is done, what is
// missing and what somebody should look at, with the way there.
//
// A game has two gates, the opening of entries and the first start. What the
// first start asks for is not missing while entries are still coming in: it is
// [Later]. Everything here is a function of a [Snapshot].
package ready

import "strconv"

// Snapshot is an edition in counts at one moment. Days are 2027-06-18, local.
type Snapshot struct {
	Today        string
	Starts, Ends string

	InForce    bool // rules of entry and events are
	Draft      bool // a set-up waits that is not
	Regulation bool
	Stages     bool   // there are deadlines
	Closed     bool   // delegations add nobody any more
	NextStage  string // the stage that is running, and when it ends
	NextUntil  string

	Delegations, Accounts int      // delegations, and those somebody can sign in for
	Organisers            int      // who can sign in
	Unstaffed             []string // sports with entries in which nobody judges
	Seats                 int      // judges' places; -1: this edition has none

	Keys       bool   // the key file is at hand
	Privacy    bool   // people are told what is kept about them
	BackedUp   string // day of the last copy; empty: none is known
	Consenting int    // people who take part, and have not agreed to that their data are handled

	Waiting int // registrations that nobody has decided
	Needs   int // support needs that nobody has answered

	Entered  int // events with entries
	Small    int // small fields that nobody has decided
	Undrawn  int // events with entries that nobody has drawn
	Unranked int // events with entries without a phase or unit

	Unclassed int // people in events of classes without a class that holds, or with one to be reviewed
	Panels    int // classification panels; -1: this edition has none

	Sessions  int
	Units     int
	Unplaced  int // units without a time
	Unhoused  int // units without a venue
	Clashes   int // -1: nobody has looked
	Announced int // units whose day is over the edges of the games
}

// State says how an item stands.
type State string

// The states.
const (
	Done    State = "done"
	Later   State = "later"   // not yet due
	Warning State = "warning" // it can be opened so; somebody should look
	Missing State = "missing"
)

// Gate says before what an item has to be done.
type Gate string

// The gates.
const (
	Entries Gate = "entries" // before delegations enter anybody
	Field   Gate = "field"   // between the last entry and the draw
	Start   Gate = "start"   // before the first start
	Always  Gate = "always"
)

// Gates are all of them, in their order.
var Gates = []Gate{Entries, Field, Start, Always}

// Item is one thing to be ready. Why names the reason in the catalogue, below
// "ready", with its arguments; Page is where it is done, below the edition's
// address.
type Item struct {
	Name  string
	Gate  Gate
	State State
	Why   string
	With  []string
	Page  string
}

// Open reports whether nothing of a gate, or of what always has to be, is missing.
func Open(items []Item, gate Gate) bool {
	for _, i := range items {
		if (i.Gate == gate || i.Gate == Always) && i.State == Missing {
			return false
		}
	}
	return true
}

// Check says how everything stands, gate by gate.
func Check(s *Snapshot) []Item {
	var all []Item
	for _, look := range []func(*Snapshot) Item{
		rules, regulation, deadlines, accounts, privacy,
		waiting, small, draws, classes,
		units, times, venues, clashes, judges, needs,
		keys, backup, organisers,
	} {
		all = append(all, look(s))
	}
	return all
}

func item(name string, gate Gate, page string) Item {
	return Item{Name: name, Gate: gate, State: Done, Why: "done", Page: page}
}

// say sets a state with its reason.
func (i Item) say(state State, why string, with ...string) Item {
	i.State, i.Why, i.With = state, why, with
	return i
}

func n(count int) string { return strconv.Itoa(count) }

// due is missing once entries are closed, and later until then.
func due(s *Snapshot) State {
	if s.Closed || s.Starts != "" && s.Today >= s.Starts {
		return Missing
	}
	return Later
}

func rules(s *Snapshot) Item {
	i := item("rules", Entries, "/desk/setup")
	switch {
	case !s.InForce:
		return i.say(Missing, "rules-none")
	case s.Draft:
		return i.say(Warning, "rules-draft")
	}
	return i
}

func regulation(s *Snapshot) Item {
	i := item("regulation", Entries, "/desk/setup/regulation")
	if !s.Regulation {
		return i.say(Warning, "regulation-none")
	}
	return i
}

func deadlines(s *Snapshot) Item {
	i := item("deadlines", Entries, "/desk/setup/deadlines")
	switch {
	case !s.InForce:
		return i.say(Missing, "deadlines-none")
	case !s.Stages:
		return i.say(Warning, "deadlines-none")
	case s.NextUntil != "":
		return i.say(Done, "deadlines-until", s.NextStage, s.NextUntil)
	}
	return i.say(Done, "deadlines-over")
}

func accounts(s *Snapshot) Item {
	i := item("accounts", Entries, "/desk/accounts")
	switch {
	case s.Delegations == 0:
		return i.say(Missing, "accounts-nobody")
	case s.Accounts < s.Delegations:
		return i.say(Missing, "accounts-some", n(s.Delegations-s.Accounts), n(s.Delegations))
	}
	return i.say(Done, "accounts-done", n(s.Delegations))
}

func privacy(s *Snapshot) Item {
	i := item("privacy", Entries, "/desk/privacy")
	switch {
	case !s.Privacy:
		return i.say(Missing, "privacy-none")
	case s.Consenting > 0:
		return i.say(Warning, "privacy-consent", n(s.Consenting))
	}
	return i
}

func waiting(s *Snapshot) Item {
	i := item("waiting", Field, "/desk/registrations?state=submitted")
	switch {
	case s.Waiting > 0 && due(s) == Missing:
		return i.say(Missing, "waiting-some", n(s.Waiting))
	case s.Waiting > 0:
		return i.say(Warning, "waiting-some", n(s.Waiting))
	case !s.Closed:
		return i.say(Later, "waiting-coming")
	}
	return i
}

func small(s *Snapshot) Item {
	i := item("small", Field, "/desk/fields")
	switch {
	case s.Entered == 0:
		return i.say(Later, "small-nobody")
	case s.Small > 0:
		return i.say(due(s), "small-some", n(s.Small))
	}
	return i
}

func draws(s *Snapshot) Item {
	i := item("draws", Field, "/desk/draws")
	switch {
	case s.Entered == 0:
		return i.say(Later, "draws-nobody")
	case s.Undrawn > 0:
		return i.say(due(s), "draws-some", n(s.Undrawn), n(s.Entered))
	}
	return i
}

func classes(s *Snapshot) Item {
	i := item("classes", Field, "/desk/classes")
	switch {
	case s.Unclassed == 0 && s.Entered == 0:
		return i.say(Later, "classes-nobody")
	case s.Unclassed > 0 && s.Panels == 0:
		i.Page = "/desk/panels"
		return i.say(due(s), "classes-no-panel", n(s.Unclassed))
	case s.Unclassed > 0 && due(s) == Missing:
		return i.say(Warning, "classes-some", n(s.Unclassed))
	case s.Unclassed > 0:
		return i.say(Later, "classes-some", n(s.Unclassed))
	}
	return i
}

func units(s *Snapshot) Item {
	i := item("units", Start, "/desk/draws")
	switch {
	case s.Entered == 0:
		return i.say(Later, "units-nobody")
	case s.Unranked > 0:
		return i.say(due(s), "units-some", n(s.Unranked), n(s.Entered))
	}
	return i
}

func times(s *Snapshot) Item {
	i := item("times", Start, "/desk/timetable")
	switch {
	case s.Units == 0:
		return i.say(due(s), "times-nothing")
	case s.Unplaced > 0:
		return i.say(due(s), "times-some", n(s.Unplaced), n(s.Units))
	case s.Announced > 0:
		return i.say(Missing, "times-outside", n(s.Announced))
	}
	return i
}

func venues(s *Snapshot) Item {
	i := item("venues", Start, "/desk/setup/venues")
	switch {
	case s.Sessions == 0:
		return i.say(due(s), "venues-none")
	case s.Units > 0 && s.Unhoused > 0:
		i.Page = "/desk/timetable"
		return i.say(due(s), "venues-some", n(s.Unhoused), n(s.Units))
	}
	return i
}

func clashes(s *Snapshot) Item {
	i := item("clashes", Start, "/desk/timetable")
	switch {
	case s.Units == 0 || s.Unplaced == s.Units || s.Clashes < 0:
		return i.say(Later, "clashes-nothing")
	case s.Clashes > 0:
		return i.say(Missing, "clashes-some", n(s.Clashes))
	}
	return i
}

func judges(s *Snapshot) Item {
	i := item("judges", Start, "/desk/accounts")
	switch {
	case s.Entered == 0:
		return i.say(Later, "judges-nobody")
	case len(s.Unstaffed) > 0:
		return i.say(due(s), "judges-some", n(len(s.Unstaffed)), s.Unstaffed[0])
	case s.Seats == 0:
		i.Page = "/desk/seats"
		return i.say(Later, "judges-no-seats")
	}
	return i
}

func needs(s *Snapshot) Item {
	i := item("needs", Start, "/desk/needs")
	switch {
	case s.Needs > 0 && s.Starts != "" && s.Today >= s.Starts:
		return i.say(Missing, "needs-some", n(s.Needs))
	case s.Needs > 0:
		return i.say(Warning, "needs-some", n(s.Needs))
	}
	return i
}

func keys(s *Snapshot) Item {
	i := item("keys", Always, "/desk/privacy")
	if !s.Keys {
		return i.say(Missing, "keys-none")
	}
	return i
}

// backup asks for a copy of today while the games are on, and for one at all
// before.
func backup(s *Snapshot) Item {
	i := item("backup", Always, "/desk/ready#backup")
	during := s.Starts != "" && s.Today >= s.Starts && s.Today <= s.Ends
	switch {
	case s.BackedUp == s.Today:
		return i.say(Done, "backup-today")
	case s.BackedUp == "" && (during || s.Entered > 0):
		return i.say(Missing, "backup-none")
	case s.BackedUp == "":
		return i.say(Warning, "backup-none")
	case during:
		return i.say(Missing, "backup-old", s.BackedUp)
	}
	return i.say(Done, "backup-last", s.BackedUp)
}

func organisers(s *Snapshot) Item {
	i := item("organisers", Always, "/desk/accounts")
	if s.Organisers < 2 {
		return i.say(Warning, "organisers-alone", n(s.Organisers))
	}
	return i
}
