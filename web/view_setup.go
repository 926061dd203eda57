package web

// What an organiser sees who sets an edition up, step by step, and who asks
// whether it is ready to be opened.

// SetupFrame is what every page of the set-up has.
type SetupFrame struct {
	Page
	Base     string // /c/hlj9/desk/setup
	Action   string // where the page's form goes
	Saw      int64  // revision of the draft
	Steps    []SetupLink
	Over     string // 第 3 步，共 9 步
	Heading  string
	Lead     string
	Draft    string // 草稿，崔立新 10:12 保存；空：就是生效的
	Problems []Problem
	Done     string
}

// SetupLink leads to a step and says how far it is. Shape is that of a chip.
type SetupLink struct {
	Title   string
	URL     string
	Shape   string
	State   string
	Say     []string
	Current bool
}

// SetupField is one field of a form. Kind is text, date, time, number, area or
// select.
type SetupField struct {
	Name     string
	Label    string
	Hint     string
	Kind     string
	Value    string
	Options  []Option
	Required bool
	Bad      string // what is wrong with it
}

// SetupTicks are boxes to tick that belong together.
type SetupTicks struct {
	Name    string
	Legend  string
	Options []SetupTick
}

// SetupTick is one of them.
type SetupTick struct {
	Value, Text, Note string
	Chosen            bool
}

// SetupSection is a part of a form. Rows are fields that stand in lines under
// each other: a line for each venue.
type SetupSection struct {
	ID, Title, Hint string
	Fields          []SetupField
	Ticks           []SetupTicks
	Rows            []SetupRow
}

// SetupRow is a line of fields with a name of its own.
type SetupRow struct {
	Legend string
	Fields []SetupField
}

// SetupAct is something that a button does. Several stand beside a form, each
// in a form of its own, so that Enter in a field presses none of them.
type SetupAct struct{ Value, Text, Hint string }

// SetupStepPage is a step that is one form.
type SetupStepPage struct {
	SetupFrame
	Sections []SetupSection
	Aside    []SetupAct
	More     []SetupAct // other ways to send the form itself
	File     *SetupFile
}

// SetupFile is a form that brings a file.
type SetupFile struct{ Action, Label, Hint, Accept, Do string }

// SetupEventsPage are the events: all sports, or one with its events.
type SetupEventsPage struct {
	SetupFrame
	Sports  []SetupSport
	Sport   *SetupSport // the one that is shown with its events
	Make    []SetupSection
	Limit   *SetupField
	Events  []SetupEvent
	Edit    []SetupField // the fields of one event
	Editing string       // its code; empty: a new one
	All     string       // the address of all sports
	NextURL string
}

// SetupSport is a sport, or a group of skills, with its events.
type SetupSport struct {
	Title, URL, Count, Sexes string
}

// SetupEvent is one event in the list.
type SetupEvent struct {
	Code, Title, About, Who, URL string
}

// SetupRegulationPage is the regulation with its worked example.
type SetupRegulationPage struct {
	SetupStepPage
	Presets []SetupAct
	Worked  *SetupWorked
}

// SetupWorked is a field worked out: what every rank gets.
type SetupWorked struct {
	Title string
	Text  string
	Case  []SetupField
	Rows  []SetupWorkedRow
}

// SetupWorkedRow is one rank. Medal is gold, silver, bronze or empty.
type SetupWorkedRow struct {
	Rank, Medal, MedalText, Points, Prizes string
	Placed                                 bool
}

// SetupPage is where the set-up begins: GET /c/{competition}/desk/setup.
type SetupPage struct {
	SetupFrame
	Next     string // the address of the step to go on with
	NextText string
	Facts    []Fact
	Export   string
	Import   SetupFile
	Drop     string // where throwing the draft away is posted to; empty: there is none
	Found    string // to found another edition
	ReadyURL string
}

// SetupReviewPage is the last look before it is put in force.
type SetupReviewPage struct {
	SetupFrame
	Facts    []Fact
	Changes  []string
	Warnings []string
	Fit      bool
	Command  string
	Back     []SetupLink // steps that keep it back
}

// FoundPage founds an edition: GET /setup. Without Action it says how to come
// in.
type FoundPage struct {
	Page
	Action   string
	Command  string
	Problems []Problem
	Sections []SetupSection
}

// ReadyPage says whether an edition is ready to be opened: GET
// /c/{competition}/desk/ready.
type ReadyPage struct {
	Page
	Summary  string
	Shape    string
	Done     string
	SetupURL string
	Groups   []ReadyGroup
	Backup   string // where a copy is noted
	Postgres bool
}

// ReadyGroup are the items before one gate.
type ReadyGroup struct {
	ID, Title, State, Shape string
	Items                   []ReadyItem
}

// ReadyItem is one thing to be ready.
type ReadyItem struct {
	Title, Shape, State, Why, URL, Do string
}

func (SetupStepPage) template() string       { return "setup-step" }
func (SetupEventsPage) template() string     { return "setup-events" }
func (SetupRegulationPage) template() string { return "setup-regulation" }
func (SetupPage) template() string           { return "setup" }
func (SetupReviewPage) template() string     { return "setup-review" }
func (FoundPage) template() string           { return "setup-found" }
func (ReadyPage) template() string           { return "setup-ready" }

func (SetupFrame) layout() string { return "desk" }
func (FoundPage) layout() string  { return "desk" }
func (ReadyPage) layout() string  { return "desk" }
