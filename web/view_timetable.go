package web

// What organisers see of the timetable, and the calendars for everybody.

// TimetablePage is the timetable as it stands, one day of it:
// GET /c/{competition}/desk/timetable?day=2027-06-19.
type TimetablePage struct {
	Page
	URL      string
	Settings string // where days, venues and lengths are set
	Public   string // the schedule as everybody sees it
	Summary  string
	Done     *FieldsDone
	Problems []Problem
	Missing  string // why no plan can be made yet; empty where one can
	Days     []DayLink
	Venues   []TimetableVenue
	Unplaced []TimetableUnit
	Clashes  []TimetableClash
	More     string // further clashes
	Generate TimetableGenerate
	Changes  []TimetablePast
}

// TimetableVenue is a venue's units of a day in order of time.
type TimetableVenue struct {
	ID    string
	Title string
	Units []TimetableUnit
}

// TimetableUnit is a unit with its place. URL is where it can be moved; empty
// for one that has begun.
type TimetableUnit struct {
	ID         string
	Title      string
	URL        string
	Time       string // 10:00–10:20
	Place      string // 跑道
	Late       string // 约晚 12 分钟
	Clash      bool
	Pinned     bool
	Status     string
	StatusText string
	Why        string // it has no place
}

// TimetableClash is a sentence about what clashes, with a way to put it right.
type TimetableClash struct {
	Text string
	URL  string
	Unit string
}

// TimetableGenerate is the form that makes a plan.
type TimetableGenerate struct {
	Action string
	Placed bool // there is a plan that could be kept
}

// TimetablePast is a change that was made, with the way back.
type TimetablePast struct {
	ID     string
	Title  string // 6 月 1 日 10:12 · 崔立新
	Text   string // 移动 3 场
	Reason string
	Undone bool
	Undo   *ReasonForm
}

// TimetableDraftPage is a plan that waits to be applied:
// GET /c/{competition}/desk/timetable/drafts/{draft}.
type TimetableDraftPage struct {
	Page
	URL      string
	Action   string
	Command  string
	Facts    []Fact
	Problems []Problem
	Stale    string // it cannot be applied any more
	Clashes  []TimetableClash
	More     string
	Seen     int // clashes of placed units, which whoever applies it accepts
	Left     []TimetableClash
	Moved    []TimetableMoved
	Further  string // moved units that are not listed
	Typed    string
}

// TimetableMoved is a unit that stands elsewhere afterwards.
type TimetableMoved struct{ Title, From, To string }

// TimetableMovePage moves one unit: GET /c/{competition}/desk/timetable/units/{unit},
// and with Check what the move would do.
type TimetableMovePage struct {
	Page
	URL      string // of the timetable
	Action   string // where a place is looked at
	Heading  string
	Facts    []Fact
	Problems []Problem
	Quick    []TimetableSlot // earlier, later, another venue
	Days     []DayLink
	Slots    []TimetableSlots // free starts of the day by area
	Places   []Option         // area and court
	Day      string           // as typed
	Time     string
	Check    *TimetableCheck
}

// TimetableSlot is a free place. Value is area/court/minute.
type TimetableSlot struct{ Value, Text, Place string }

// TimetableSlots are the free starts in an area.
type TimetableSlots struct {
	Area  string
	Slots []TimetableSlot
}

// TimetableCheck is what a move would do, before it is done.
type TimetableCheck struct {
	Action  string
	Command string
	To      string // 6 月 19 日 10:00 · 体育场 跑道
	Hidden  []Option
	New     []string // clashes that it brings
	Gone    []string // that it ends
	Tell    []string // delegations
	People  string   // 12 人
	Nearest []TimetableSlot
	Typed   string
	Pin     bool
}

// TimetableSetPage sets days, sessions, ways, rest and lengths:
// GET /c/{competition}/desk/timetable/settings.
type TimetableSetPage struct {
	Page
	URL      string
	Done     *FieldsDone
	Problems []Problem
	Venues   []PageLink
	NewVenue string
	Forms    []RowsForm
}

// TimetableVenuePage sets one venue: GET /c/{competition}/desk/timetable/venues/{venue}.
type TimetableVenuePage struct {
	Page
	URL       string // of the settings
	Action    string
	Command   string
	Saw       int64
	Heading   string
	Done      *FieldsDone
	Problems  []Problem
	Name      RowCell
	WarmUp    RowCell
	Areas     RowsForm
	Busy      RowsForm
	Rows      int // of the longer of the two
	Calendars []TimetableShared
	Upload    string // empty for a venue that is not there yet
	Drop      string
	Faults    []string // what was not understood of a calendar
}

// TimetableShared is a calendar that was taken in.
type TimetableShared struct {
	Name, Text, Command string
}

// RowsForm is a list that is edited as rows, the last of them blank. A row whose
// first cells are emptied is taken away.
type RowsForm struct {
	ID      string
	Title   string
	Hint    string
	Action  string
	Part    string
	Command string
	Saw     int64
	Top     []RowCell // single fields above the rows
	Heads   []string
	Rows    []Row
	Do      string
}

// Row is one row of such a list.
type Row struct{ Cells []RowCell }

// RowCell is one field. Kind is text, number, date, time, select or check.
type RowCell struct {
	Kind    string
	Name    string // of the field, and its ID
	Label   string
	Value   string
	Options []Option
	Checked bool
	Hint    string
	Wrong   string
}

// CalendarsPage lists the calendars for everybody: GET /c/{competition}/calendars.
type CalendarsPage struct {
	Page
	All         PageLink
	Venues      []PageLink
	Delegations []PageLink
}

// CalendarPersonPage is where a delegation makes the address of one person's
// calendar: GET /c/{competition}/team/{delegation}/people/{registration}/calendar.
type CalendarPersonPage struct {
	Page
	Name     string
	PageURL  string // the person's page
	Action   string
	Command  string
	Shared   string // since when there is an address; empty: none
	Address  string // of a new one, this once
	Code     QR
	Problems []Problem
}

func (TimetablePage) template() string      { return "timetable" }
func (TimetableDraftPage) template() string { return "timetable-draft" }
func (TimetableMovePage) template() string  { return "timetable-move" }
func (TimetableSetPage) template() string   { return "timetable-settings" }
func (TimetableVenuePage) template() string { return "timetable-venue" }
func (CalendarsPage) template() string      { return "calendars" }
func (CalendarPersonPage) template() string { return "calendar-person" }

func (TimetablePage) layout() string      { return "desk" }
func (TimetableDraftPage) layout() string { return "desk" }
func (TimetableMovePage) layout() string  { return "desk" }
func (TimetableSetPage) layout() string   { return "desk" }
func (TimetableVenuePage) layout() string { return "desk" }
func (CalendarPersonPage) layout() string { return "desk" }

func (CalendarPersonPage) secretAddress() {}
