package web

// What everybody looks for: people, delegations and events by a few letters, and
// a page for each of those who compete.

// SearchPage finds people, delegations and events: GET /c/{competition}/search?q=.
type SearchPage struct {
	Page
	Typed  string
	Asked  bool   // something was typed
	Count  string // 找到 12 个
	More   string // how many are not shown; empty: none
	People []FoundLine
	Teams  []FoundLine
	Events []FoundLine
}

// FoundLine leads to one thing that was found.
type FoundLine struct {
	Name, URL string
	About     string // 哈尔滨 · S9 · 1024 号
}

// AthletePage is somebody who competes: GET /c/{competition}/athletes/{athlete}.
// It has the name as it is released, the delegation, classes, entries, starts and
// results, and nothing else.
type AthletePage struct {
	Page
	ID          string
	Name        string
	Delegation  PageLink
	Facts       []Fact
	Starts      []DelegationLine // by time
	Entries     []ContestLine    // entered in, without a start list yet
	CalendarURL string           // of their delegation
	Updated     string
}

// ScheduleFilter is the form over the timetable that shows a part of it.
type ScheduleFilter struct {
	Action      string
	Day         string
	Sports      []Option
	Venues      []Option
	Delegations []Option
	On          bool // a part is shown
	All         string
}

func (SearchPage) template() string  { return "site-search" }
func (AthletePage) template() string { return "site-athlete" }
