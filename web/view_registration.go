package web

// What delegation managers and the organiser see of registration. These pages
// are for people who have signed in; still they are types made for leaving: an
// identity number, a certificate or a telephone number is here only masked.

// TeamPage is a delegation's home: GET /c/{competition}/team/{delegation}.
type TeamPage struct {
	Page
	Delegation string
	URL        string // this page, without a filter
	NeedsURL   string
	Deadline   Deadline
	Done       *Done // what has just been done
	Problems   []Problem
	States     []Tally
	Notices    *NoticeBox   // what others have decided about its people
	Returned   []PersonLine // with their reasons, first of all
	Uploads    []UploadLine
	Most       string // megabytes of a file
	May        bool   // this reader may write
	Filter     Filter
	Groups     []PersonGroup
	Shown      string // 86 人，符合条件的 12 人
	Submit     MoveBar
}

// Deadline is how far the time for entering has come.
type Deadline struct {
	Stage string // 按名报名
	Until string // 截止 5 月 20 日 24:00，还有 6 天
	May   string // what can still be done
	Late  bool
}

// Done says what a form has done, and the way back where there is one.
type Done struct {
	Text    string
	Details []string
	Undo    *UndoForm
}

// UndoForm takes a mass action back.
type UndoForm struct {
	Action  string
	Command string
	Seq     int64
	Back    string
}

// Tally is a count that leads to what it counts.
type Tally struct {
	Shape   string // of its icon; empty for none
	Count   int
	Text    string
	URL     string
	Current bool
}

// UploadLine is a file that a delegation has sent and not entered yet.
type UploadLine struct {
	Name  string
	URL   string
	About string // 5 月 20 日 16:42 · 87 行
	Shape string
	State string
}

// Filter is what a list is narrowed by.
type Filter struct {
	Action      string // posted to: what is looked for may be an identity number
	Clear       string // the list without conditions
	Query       string
	States      []Option
	Sports      []Option
	Delegations []Option // the organiser's lists alone
	Problems    bool     // only rows with problems
	On          bool     // anything is asked for
	Whole       bool     // the page has everybody: it can be narrowed while a name is typed
	Excel       string   // the same list as a workbook
	CSV         string
}

// Option is one choice of a list.
type Option struct {
	Value, Text string
	Chosen      bool
}

// PersonGroup is the people of one sport, or the staff.
type PersonGroup struct {
	Title  string
	ID     string
	People []PersonLine
}

// PersonLine is a registration in a list.
type PersonLine struct {
	ID         string
	Saw        int64
	Code       string // accreditation number, once accepted
	Name       string
	URL        string
	Delegation string // the organiser's lists alone
	Sport      string
	About      string // 男 · T46 · 100 米、跳远
	State      string // shape of the chip
	StateText  string
	Reason     string // of a return or a withdrawal
	Wrong      []string
	Warned     []string
}

// MoveBar is what can be done with chosen people of a list.
type MoveBar struct {
	Action string
	Back   string
	Moves  []Move
	All    int // how many the filter lets through
}

// Move is one thing that can be done with registrations.
type Move struct {
	To     string
	Text   string // 提交
	Main   bool
	Danger bool
}

// UploadPage is a file as it was understood, before anything of it is entered:
// GET /c/{competition}/team/{delegation}/uploads/{upload}.
type UploadPage struct {
	Page
	Delegation string
	TeamURL    string
	URL        string
	File       string
	About      string
	Reading    bool   // not judged yet
	ReadText   string // 读完了，正在核对
	Failed     string // nothing of it could be read, and why
	Done       *Done
	Problems   []Problem
	Tally      []Tally
	Kinds      []KindLine
	Rows       []FixRow
	Lists      []TypedList
	Open       int    // problems that there are still
	Hidden     string // 只列出前 200 处……
	Notes      []string
	Tables     []MapTable
	Unsure     int
	Fields     []Option
	Changes    Changes
	Clean      int    // rows that nothing keeps back
	Kept       int    // rows that an error keeps back
	Apply      string // without a query the good rows
	Returned   string // the file with the problems as comments
	Drop       string
}

// KindLine is one kind of problem of a file, leading to its first row.
type KindLine struct {
	Text   string
	Count  string
	Target string
	Wrong  bool
}

// FixRow is a problem on a person's row of a file, with a field to put it right.
type FixRow struct {
	ID     string // of the row of the table
	Place  string // 56 行
	Column string // G 列
	Sheet  string
	Name   string
	Wrong  bool     // an error; else a warning
	Title  string   // what is wrong
	Help   []string // what puts it right
	Typed  string   // what stands in the file, masked where it has to be
	Also   string   // 另见 31 行
	Field  FixField
	First  bool   // of its row
	Fixed  string // what it was put to, masked where it has to be
	Chip   string
}

// FixField is where a cell is put right. The zero field: the page has none.
type FixField struct {
	Name    string
	At      string // sheet and address
	Label   string
	Value   string
	Secret  bool // starts empty
	Options []Option
	List    string // id of what may be typed, among the page's lists
	Long    bool
}

// TypedList is what a field may be: offered while somebody types, not enforced.
type TypedList struct {
	ID      string
	Choices []string
}

// MapTable is a table of a file with its columns.
type MapTable struct {
	Sheet   string
	About   string // 87 行
	Columns []MapColumn
}

// MapColumn is a column and what it is taken for.
type MapColumn struct {
	Letter string
	Header string
	Text   string
	Sure   string
	Unsure bool
	Sample string
}

// Changes is what a file would change.
type Changes struct {
	New, Changed, Same, Gone int
	Lines                    []ChangeLine
	More                     string
}

// ChangeLine is one person that a file would change.
type ChangeLine struct {
	Name  string
	Kind  string // 新增, 修改, 表里没有了
	Shape string
	What  []string // 级别：T46 改为 T47
}

// CheckPage shows what a step will do before it is done: submitting, mass
// actions, entering a file.
type CheckPage struct {
	Page
	Heading  string
	Over     string
	OverURL  string
	Lead     []string
	Problems []Problem
	People   []PersonLine
	Blocked  []PersonLine // to whom the step does not apply, with why
	More     string
	Action   string
	Command  string
	Hidden   []Option // name and value of what goes with the form
	Reason   string   // label of the field; empty where none is asked for
	Required bool     // the reason is
	Typed    string
	Tick     *Tick
	Do       string
	Danger   bool
	Back     string
}

// Tick is a choice of yes or no.
type Tick struct {
	Name, Text string
	Chosen     bool
}

// PersonPage is one registration as a form and with its history:
// GET /c/{competition}/team/{delegation}/people/{registration}.
type PersonPage struct {
	Page
	Delegation string
	TeamURL    string
	ListURL    string
	Action     string
	Heading    string
	New        bool
	State      string
	StateText  string
	Reason     string
	Code       string
	Saw        int64
	Command    string
	Done       *Done
	Problems   []Problem
	Warnings   []Problem
	Stale      string // somebody was faster: both values stand side by side
	May        bool   // this reader may change it
	Sections   []FormSection
	Moves      []Move
	MoveAction string
	MoveID     string
	Needs      string // address of the person's needs
	Papers     string // address of the person's papers
	Spoken     string // address of how their name is said; empty until they are accepted
	Calendar   string // address of where their calendar is shared; empty until they are accepted
	Look       string // where a recorded look is asked for
	History    []HistoryLine
	CardURL    string
	AskReason  bool   // a change needs one
	Typed      string // reason
	Replace    *ReplaceForm
}

// ReplaceForm puts somebody else in an accepted person's place.
type ReplaceForm struct {
	Action  string
	Command string
	Saw     int64
	Others  []Option
}

// FormSection is a part of a person's form.
type FormSection struct {
	ID     string
	Title  string
	Hint   string
	Fields []FormField
}

// FormField is one field of a person's form.
type FormField struct {
	Name     string
	Label    string
	Hint     string
	Value    string
	Theirs   string // what stands now, where somebody was faster
	Masked   string // what is kept of a sealed field
	Secret   bool
	Was      string // of a sealed field that is shown: only a change is kept
	Optional bool
	Input    string // inputmode or type
	Options  []Option
	Many     bool // the options are ticks
	Long     bool
	Errors   []string
	Warned   []string
	Only     bool // shown, not changed here
}

// HistoryLine is one change of a registration.
type HistoryLine struct {
	Time   string
	By     string
	Text   string
	Reason string
	Fields string
}

// DeskPage is the organiser's list of registrations, by delegation and by
// person: GET /c/{competition}/desk/registrations.
type DeskPage struct {
	Page
	URL         string
	Deadline    Deadline
	Done        *Done
	States      []Tally
	Delegations []DelegationCount
	Total       DelegationCount
	Filter      Filter
	People      []PersonLine
	Shown       string
	Pages       []PageLink
	Moves       MoveBar
	ListsURL    string
	CardsURL    string
	Columns     []string // the heads of the states, in their order
}

// DelegationCount is how far one delegation has come.
type DelegationCount struct {
	Name     string
	URL      string
	Counts   []int // in the order of the heads
	Total    int
	Problems int
}

// PageLink leads to another part of a long list.
type PageLink struct {
	Text    string
	URL     string
	Current bool
}

// ListsPage offers what goes to print and to other offices:
// GET /c/{competition}/desk/lists.
type ListsPage struct {
	Page
	DeskURL string
	Lists   []ListLine
	Counts  []PlainTable
}

// ListLine is one list to take away.
type ListLine struct {
	Title string
	About string
	Excel string
	CSV   string
}

// PlainTable is a table whose cells are texts.
type PlainTable struct {
	Caption string
	Heads   []string
	Rows    [][]string
}

// CardsPage is a sheet of accreditation cards to be printed:
// GET /c/{competition}/desk/cards.
type CardsPage struct {
	Page
	DeskURL string
	Filter  Filter
	Large   bool // a card a page
	Sizes   []Option
	Cards   []Card
	Shown   string
}

// Card is one accreditation card. Nothing on it is secret: it hangs from a neck.
type Card struct {
	Code       string
	Name       string
	Function   string // 运动员
	FunctionEn string
	Delegation string
	About      string // 田径 · T46
	Photo      string // address; empty for a silhouette
	Zones      []Zone
	QR         QR
}

// Zone is where a card lets its bearer in.
type Zone struct{ Letter, Text, TextEn string }

// QR is a code as a path of squares on a grid of Size by Size.
type QR struct {
	Size int
	Path string
}

// CardPage is what a card's code leads to, for everybody:
// GET /c/{competition}/cards/{code}.
type CardPage struct {
	Page
	Card  Card
	Valid bool
}

func (TeamPage) template() string   { return "registration-team" }
func (UploadPage) template() string { return "registration-upload" }
func (CheckPage) template() string  { return "registration-check" }
func (PersonPage) template() string { return "registration-person" }
func (DeskPage) template() string   { return "registration-desk" }
func (ListsPage) template() string  { return "registration-lists" }
func (CardsPage) template() string  { return "registration-cards" }
func (CardPage) template() string   { return "registration-card" }

func (TeamPage) layout() string   { return "desk" }
func (UploadPage) layout() string { return "desk" }
func (CheckPage) layout() string  { return "desk" }
func (PersonPage) layout() string { return "desk" }
func (DeskPage) layout() string   { return "desk" }
func (ListsPage) layout() string  { return "desk" }
func (CardsPage) layout() string  { return "desk" }
func (CardPage) layout() string   { return "desk" }
