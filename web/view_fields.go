package web

// What those see who decide upon small fields and make draws, and what everybody
// sees of a draw.

// FieldsPage are the events with too few entries, and what was decided upon
// others: GET /c/{competition}/desk/fields.
type FieldsPage struct {
	Page
	URL      string
	DrawsURL string
	Summary  string
	Rule     FieldRule
	Sports   []PageLink // the list narrowed to a sport
	Done     *FieldsDone
	Problems []Problem
	Rows     []FieldRow
	Back     string
	Decided  []Decision
}

// FieldRule is what the regulation says of small fields.
type FieldRule struct {
	Title  string // 第九届残运会规程 第 12 条
	Few    string // 少于 3 人时，依次：
	Steps  []FieldStep
	Award  string
	Others []string // sports with a rule of their own
}

// FieldStep is one thing to be tried. Shape chooses its icon.
type FieldStep struct{ Shape, Text string }

// FieldRow is an event to be decided upon.
type FieldRow struct {
	ID      string
	Saw     int
	Title   string
	URL     string
	Sport   string
	Count   string // 2 人
	Teams   string // 大庆、伊春
	Shape   string
	Propose string // 并入 T13：2 + 2 = 4 人
	After   FieldAward
	Effects []string
	Alarm   string // somebody would have no event left
	Options []Option
	Drawn   bool
}

// FieldAward is what a field brings: its medals and places.
type FieldAward struct {
	Medals []string
	Text   string
}

// Decision is what was decided at one time, and the way back.
type Decision struct {
	ID      string
	Title   string // 5 月 26 日 10:12 · 崔立新
	Reason  string
	Lines   []DecidedLine
	Changed int
	Undo    *ReasonForm
}

// DecidedLine is one event that was decided upon.
type DecidedLine struct {
	Title   string
	URL     string
	Shape   string
	Text    string // 并入 男子 400 米 T13
	Changed string // 定的时候 2 人，现在 3 人
}

// ReasonForm is a step that needs nothing but a reason.
type ReasonForm struct {
	Action  string
	Command string
	Seq     int64
	Label   string
	Do      string
	Danger  bool
	Wrong   string // what is wrong with the reason
}

// FieldsDone says what has just been done.
type FieldsDone struct {
	Text    string
	Details []string
	Link    string // to where it can be taken back
}

// FieldsCheckPage shows decisions before they are made: POST
// /c/{competition}/desk/fields/check.
type FieldsCheckPage struct {
	Page
	URL      string
	Problems []Problem
	Rows     []FieldCheck
	Blocked  []FieldCheck
	Left     string
	Action   string
	Command  string
	Hidden   []Option // name and value of what goes with the form
	Typed    string
	Do       string
	Danger   bool
	Back     string
}

// FieldCheck is one event of a step that is shown before it is done.
type FieldCheck struct {
	Title   string
	Sport   string
	Shape   string
	Text    string
	After   FieldAward
	Effects []string
	Alarm   string
}

// DrawsPage are the draws of a competition: GET /c/{competition}/desk/draws.
type DrawsPage struct {
	Page
	URL       string
	FieldsURL string
	Sports    []PageLink
	Done      *FieldsDone
	Problems  []Problem
	Tally     string
	Groups    []DrawGroup
	Back      string
	All       int
}

// DrawGroup are the draws of a sport.
type DrawGroup struct {
	ID    string
	Title string
	Tally string
	Rows  []DrawRow
}

// DrawRow is an event with how far its draw is.
type DrawRow struct {
	ID         string
	Title      string
	URL        string
	Count      string
	State      string // shape of the chip
	StateText  string
	Commitment string
	Closed     bool // it is not held
}

// DrawCheckPage shows a step of draws before it is done: POST
// /c/{competition}/desk/draws/check.
type DrawCheckPage struct {
	Page
	URL      string
	Lead     []string
	Problems []Problem
	Events   []string
	Blocked  []FieldCheck
	Action   string
	Command  string
	IDs      []string
	AskWord  bool
	Word     string
	Do       string
	Back     string
}

// DrawPage is one event's draw for those who may change it: GET
// /c/{competition}/desk/draws/{event}.
type DrawPage struct {
	Page
	DrawsURL  string
	PublicURL string
	Heading   string
	Over      string
	Done      *FieldsDone
	Problems  []Problem
	State     string
	StateText string
	Draw      DrawShown
	Action    string
	Placed    []Option // who can be moved; the value says where they were seen
	Free      []Option
	Reserves  []Option
	Commands  []string // one for each form
	Chosen    DrawTyped
	Void      *ReasonForm
}

// DrawTyped is what was typed in a change that was refused.
type DrawTyped struct{ Act, Who, With, To, Reason string }

// DrawPublicPage is an event's draw for everybody: GET
// /c/{competition}/events/{event}/draw.
type DrawPublicPage struct {
	Page
	Heading  string
	Over     string
	EventURL string
	Draw     DrawShown
	Holds    bool   // run again, it comes to the same
	Differs  string // the first thing that does not
}

// DrawShown is a draw as it is shown: the promise, then the start lists with the
// reason of every place.
type DrawShown struct {
	Made       bool
	Document   string
	Facts      []Fact
	Commitment string
	Seed       string
	Units      []DrawUnit
	Apart      string
	Reserves   []string
	Out        []string
	Changes    []DrawChange
}

// DrawUnit is one start list.
type DrawUnit struct {
	Title string
	Lines []DrawLine
}

// DrawLine is one place, and why it is so.
type DrawLine struct {
	Number     string // 4, with a guide 3+4
	Name       string
	Delegation string
	Class      string
	Why        []string
}

// DrawChange is a change by hand.
type DrawChange struct {
	Number int
	Text   string
	Reason string
	About  string // 竞赛部 · 6 月 1 日 10:12
	Undone bool
	Undo   *ReasonForm
}

// NoticeBox is what a delegation has been told.
type NoticeBox struct {
	Lines   []NoticeLine
	New     int
	Action  string
	Command string
	UpTo    int64
	May     bool // this reader may say that they have read it
}

// NoticeLine is one message.
type NoticeLine struct {
	Time   string
	Text   string
	Reason string
	New    bool
}

func (FieldsPage) template() string      { return "fields" }
func (FieldsCheckPage) template() string { return "fields-check" }
func (DrawsPage) template() string       { return "draws" }
func (DrawCheckPage) template() string   { return "draws-check" }
func (DrawPage) template() string        { return "draw" }
func (DrawPublicPage) template() string  { return "draw-public" }

func (FieldsPage) layout() string      { return "desk" }
func (FieldsCheckPage) layout() string { return "desk" }
func (DrawsPage) layout() string       { return "desk" }
func (DrawCheckPage) layout() string   { return "desk" }
func (DrawPage) layout() string        { return "desk" }
