package ready

import (
	"slices"
	"testing"
)

// whole is an edition that may begin tomorrow.
func whole() Snapshot {
	return Snapshot{Today: "2027-06-17", Starts: "2027-06-18", Ends: "2027-06-21", InForce: true, Regulation: true, Stages: true, Closed: true,
		Delegations: 15, Accounts: 15, Organisers: 2, Seats: 12, Keys: true, Privacy: true, BackedUp: "2027-06-17",
		Entered: 320, Panels: 2, Sessions: 24, Units: 520}
}

func find(t *testing.T, items []Item, name string) Item {
	t.Helper()
	at := slices.IndexFunc(items, func(i Item) bool { return i.Name == name })
	if at < 0 {
		t.Fatalf("no item %s", name)
	}
	return items[at]
}

func TestWhole(t *testing.T) {
	s := whole()
	for _, i := range Check(&s) {
		if i.State != Done {
			t.Errorf("%s of an edition that is ready is %s (%s)", i.Name, i.State, i.Why)
		}
	}
}

// Nothing has been set up: entries cannot be opened, and what comes after them
// is not missing yet.
func TestEmpty(t *testing.T) {
	s := Snapshot{Today: "2027-01-10", Starts: "2027-06-18", Ends: "2027-06-21", Panels: -1, Seats: -1, Clashes: -1}
	items := Check(&s)
	for name, want := range map[string]State{"rules": Missing, "regulation": Warning, "deadlines": Missing, "accounts": Missing, "privacy": Missing,
		"waiting": Later, "small": Later, "draws": Later, "classes": Later, "units": Later, "times": Later, "venues": Later, "clashes": Later, "judges": Later,
		"needs": Done, "keys": Missing, "backup": Warning, "organisers": Warning} {
		if got := find(t, items, name); got.State != want {
			t.Errorf("%s is %s (%s), want %s", name, got.State, got.Why, want)
		}
	}
	if Open(items, Entries) || Open(items, Start) {
		t.Error("an empty edition may be opened")
	}
}

func TestItems(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Snapshot)
		item   string
		state  State
		why    string
	}{
		"a draft waits":                     {func(s *Snapshot) { s.Draft = true }, "rules", Warning, "rules-draft"},
		"usual points":                      {func(s *Snapshot) { s.Regulation = false }, "regulation", Warning, "regulation-none"},
		"no deadlines":                      {func(s *Snapshot) { s.Stages = false }, "deadlines", Warning, "deadlines-none"},
		"a stage is running":                {func(s *Snapshot) { s.NextStage, s.NextUntil = "late", "2027-06-17 18:00" }, "deadlines", Done, "deadlines-until"},
		"two delegations cannot sign in":    {func(s *Snapshot) { s.Accounts = 13 }, "accounts", Missing, "accounts-some"},
		"no delegations":                    {func(s *Snapshot) { s.Delegations, s.Accounts = 0, 0 }, "accounts", Missing, "accounts-nobody"},
		"nobody is told":                    {func(s *Snapshot) { s.Privacy = false }, "privacy", Missing, "privacy-none"},
		"three have not agreed":             {func(s *Snapshot) { s.Consenting = 3 }, "privacy", Warning, "privacy-consent"},
		"undecided, entries open":           {func(s *Snapshot) { s.Closed, s.Today, s.Waiting = false, "2027-05-01", 4 }, "waiting", Warning, "waiting-some"},
		"undecided, entries closed":         {func(s *Snapshot) { s.Waiting = 4 }, "waiting", Missing, "waiting-some"},
		"nothing waits, more may come":      {func(s *Snapshot) { s.Closed = false }, "waiting", Later, "waiting-coming"},
		"small, entries open":               {func(s *Snapshot) { s.Closed, s.Today, s.Small = false, "2027-05-01", 9 }, "small", Later, "small-some"},
		"small, entries closed":             {func(s *Snapshot) { s.Small = 9 }, "small", Missing, "small-some"},
		"undrawn":                           {func(s *Snapshot) { s.Undrawn = 2 }, "draws", Missing, "draws-some"},
		"undrawn on the day, never closed":  {func(s *Snapshot) { s.Closed, s.Undrawn, s.Today = false, 2, "2027-06-18" }, "draws", Missing, "draws-some"},
		"unclassed without a panel":         {func(s *Snapshot) { s.Unclassed, s.Panels = 5, 0 }, "classes", Missing, "classes-no-panel"},
		"unclassed with panels":             {func(s *Snapshot) { s.Unclassed = 5 }, "classes", Warning, "classes-some"},
		"unclassed, no panels are kept":     {func(s *Snapshot) { s.Unclassed, s.Panels = 5, -1 }, "classes", Warning, "classes-some"},
		"unclassed, time enough":            {func(s *Snapshot) { s.Closed, s.Unclassed, s.Today = false, 5, "2027-03-01" }, "classes", Later, "classes-some"},
		"events without a unit":             {func(s *Snapshot) { s.Unranked = 1 }, "units", Missing, "units-some"},
		"no units at all":                   {func(s *Snapshot) { s.Units = 0 }, "times", Missing, "times-nothing"},
		"units without a time":              {func(s *Snapshot) { s.Unplaced = 7 }, "times", Missing, "times-some"},
		"a final on the day after":          {func(s *Snapshot) { s.Announced = 1 }, "times", Missing, "times-outside"},
		"no sessions":                       {func(s *Snapshot) { s.Sessions = 0 }, "venues", Missing, "venues-none"},
		"units without a venue":             {func(s *Snapshot) { s.Unhoused = 3 }, "venues", Missing, "venues-some"},
		"clashes":                           {func(s *Snapshot) { s.Clashes = 1 }, "clashes", Missing, "clashes-some"},
		"clashes that nobody looked for":    {func(s *Snapshot) { s.Clashes = -1 }, "clashes", Later, "clashes-nothing"},
		"a sport without a judge":           {func(s *Snapshot) { s.Unstaffed = []string{"硬地滚球"} }, "judges", Missing, "judges-some"},
		"judges without seats":              {func(s *Snapshot) { s.Seats = 0 }, "judges", Later, "judges-no-seats"},
		"no seats are kept":                 {func(s *Snapshot) { s.Seats = -1 }, "judges", Done, "done"},
		"needs the day before":              {func(s *Snapshot) { s.Needs = 6 }, "needs", Warning, "needs-some"},
		"needs on the day":                  {func(s *Snapshot) { s.Needs, s.Today = 6, "2027-06-18" }, "needs", Missing, "needs-some"},
		"no keys":                           {func(s *Snapshot) { s.Keys = false }, "keys", Missing, "keys-none"},
		"copied last week, before":          {func(s *Snapshot) { s.BackedUp = "2027-06-10" }, "backup", Done, "backup-last"},
		"copied yesterday, during":          {func(s *Snapshot) { s.BackedUp, s.Today = "2027-06-18", "2027-06-19" }, "backup", Missing, "backup-old"},
		"never copied, entries are there":   {func(s *Snapshot) { s.BackedUp = "" }, "backup", Missing, "backup-none"},
		"never copied, nobody entered":      {func(s *Snapshot) { s.BackedUp, s.Entered = "", 0 }, "backup", Warning, "backup-none"},
		"copied yesterday, after the games": {func(s *Snapshot) { s.BackedUp, s.Today = "2027-06-21", "2027-06-22" }, "backup", Done, "backup-last"},
		"one organiser":                     {func(s *Snapshot) { s.Organisers = 1 }, "organisers", Warning, "organisers-alone"},
	} {
		s := whole()
		tt.change(&s)
		if got := find(t, Check(&s), tt.item); got.State != tt.state || got.Why != tt.why {
			t.Errorf("%s: %s is %s (%s), want %s (%s)", name, tt.item, got.State, got.Why, tt.state, tt.why)
		}
	}
}

// A gate is open when nothing of it is missing; a warning keeps nobody out.
func TestOpen(t *testing.T) {
	s := whole()
	s.Regulation, s.Small = false, 3
	items := Check(&s)
	if !Open(items, Entries) {
		t.Error("usual points keep entries shut")
	}
	if Open(items, Field) {
		t.Error("undecided fields let the draw begin")
	}
	s.Keys = false
	if Open(Check(&s), Entries) {
		t.Error("entries open without keys")
	}
}
