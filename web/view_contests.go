package web

// What everybody sees of events before there are start lists.

// ContestsPage lists all events by sport: GET /c/{competition}/events.
type ContestsPage struct {
	Page
	Sports []ContestSport
}

// ContestSport is a sport with its events.
type ContestSport struct {
	Name, About string
	Contests    []ContestLine
}

// ContestLine leads to an event.
type ContestLine struct {
	Name, URL string
	About     string // 已报 6 人（队）
	Fate      string // what became of it; empty where it is held as announced
}

// Fate is what became of an event when the entries were known.
type Fate struct {
	Title string // 已取消
	Text  string // 报名 2 人（队）
	Links []ContestLine
	// Elsewhere: nothing is held under this event's name.
	Elsewhere bool
}

// EntrantLine is an entry on an event's page while there is no start list. Its
// name is as everybody may see it.
type EntrantLine struct {
	Name  string
	About string // 大庆 · T54
}

func (ContestsPage) template() string { return "contests" }
