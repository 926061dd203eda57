package web

// What delegations, the service desk and judges see of support needs. These
// types are made for leaving: of a person there is a name, whole for their own
// delegation and masked for the desk, and the person's own words only where the
// reader is the delegation or has just asked to see them, which is kept.

// NeedsTeamPage is what a delegation has asked for, answers first:
// GET /c/{competition}/team/{delegation}/needs.
type NeedsTeamPage struct {
	Page
	Delegation string
	Action     string // where a word on an answer is posted to
	TeamURL    string // the delegation's home; empty for the desk
	Arrival    string // 6 月 19 日 14:05 哈尔滨西站，80 人; empty: not planned
	ArrivalURL string
	Round      string // which round of asking is on
	Counts     []NeedCount
	Problems   []Problem
	Waiting    []NeedCard // answered: is it good?
	Open       []NeedCard
	People     []NeedPersonLine // the delegation as a whole first
	Settled    []NeedCard
}

// NeedCount is a number that leads to what it counts.
type NeedCount struct {
	Shape   string // of its icon
	Class   string // its colour
	Text    string // 超时 3
	URL     string
	Current bool
}

// NeedPersonLine is somebody of a delegation in the list of whom to ask.
type NeedPersonLine struct {
	Name   string
	Sport  string
	URL    string
	Asked  bool
	Text   string // 问过了，6 月 10 日; 还没问
	Kinds  string // 清真餐、无障碍房间
	States string // 3 件，1 件等您回话
}

// NeedCard is a need in a list.
type NeedCard struct {
	ID       string
	URL      string // its own page, for the desk
	Title    string // 能上轮椅的车 × 5
	Words    string // the person's own words, for the delegation
	Who      string // 李** · 七台河
	About    string // 3 号楼 412 · 住宿组 于海 · 第 2 次退回重办
	Wanted   string // 6 月 21 日 6 时
	Class    string // colour of the bar: alert, unofficial, …
	State    string
	Due      string // 超 2 小时 10 分
	DueAt    string // 应在 12:00 前
	Late     bool
	Steps    []NeedStep
	Verdict  string // 能办
	Reply    string // the answer in words
	Mates    string // 和另外 2 件一起办
	Medical  bool
	Saw      int64
	Command  string     // for the first form of the card
	Command2 string     // for the second
	Quick    []NeedVerb // what can be done without a word
	Typed    string     // kept after an error
	Error    string
}

// NeedStep is one station of a need on its way.
type NeedStep struct {
	Text          string
	Done, Current bool
}

// NeedVerb is something that can be done to a need with one button.
type NeedVerb struct {
	Act     string
	Text    string
	Command string
}

// NeedsFormPage asks one person, or the delegation as a whole, for everything:
// GET /c/{competition}/team/{delegation}/needs/{person}.
type NeedsFormPage struct {
	Page
	Delegation string
	Heading    string // 李桂荣需要什么
	About      string
	Action     string
	Back       string
	Command    string
	Saw        int64
	Round      string // entry or arrival
	RoundText  string
	Hint       string // what the round is about
	Proposed   string // 3 things are ticked because the sheet says so; empty: none
	Problems   []Problem
	Stale      bool // somebody else has said something since
	Areas      []NeedArea
	Done       string // 都存下
}

// NeedArea is a part of the form.
type NeedArea struct {
	Area  string
	Title string
	Open  bool // something of it is ticked
	Kinds []NeedTick
}

// NeedTick is one kind on the form.
type NeedTick struct {
	Code      string
	Text      string
	Ticked    bool
	Many      bool // more than one can be asked for
	Pieces    string
	Most      int
	ByHour    bool // wanted on a day, in an hour
	ByDay     bool // wanted from a day to a day
	Day       string
	Until     string
	Hour      string
	Placed    bool // a place is asked for
	Place     string
	Words     string
	InWords   bool // nothing without words
	State     string
	StateText string // how far it has come, where it was asked before
	Reply     string
	Error     string
}

// NeedsDeskPage is the board of the service desk:
// GET /c/{competition}/desk/needs.
type NeedsDeskPage struct {
	Page
	URL         string
	Stamp       string
	Notice      string
	Problems    []Problem
	CapacityURL string
	Counts      []NeedCount
	Short       []string // 6 月 19 日 14 时：借用轮椅要 60，有 40，缺 20。
	Groups      []NeedGroup
	Filter      NeedsFilter
	Tasks       []NeedTask
	Unasked     []NeedUnasked
}

// NeedsFilter narrows the board.
type NeedsFilter struct {
	On          bool
	Groups      []NeedOption
	Areas       []NeedOption
	Delegations []NeedOption
	Standing    string
}

// NeedOption is one choice of a list.
type NeedOption struct {
	Value, Text string
	Chosen      bool
}

// NeedGroup is the needs of one standing.
type NeedGroup struct {
	Standing string
	Class    string
	Shape    string
	Title    string // 超时 3 件
	Cards    []NeedCard
	More     string // 只列前 200 件……
}

// NeedTask is needs that could be one task.
type NeedTask struct {
	Text    string // 能上轮椅的车，6 月 21 日，3 件，共 5
	Action  string
	Command string
	IDs     []string
}

// NeedUnasked is a delegation with people whom nobody has asked.
type NeedUnasked struct {
	Delegation string
	URL        string
	Text       string // 还有 12 人没问
}

// NeedPage is one need at the desk: GET /c/{competition}/desk/needs/{need}.
type NeedPage struct {
	Page
	Back     string
	Card     NeedCard
	Heading  string
	Facts    []Fact
	Notice   string
	Problems []Problem
	FormURL  string // the person's form, to change it with them
	Look     NeedLookPart
	Action   string
	Saw      int64
	Assign   *NeedAssign
	Answer   *NeedAnswer
	OnBehalf *NeedOnBehalf
	Mates    []NeedMate
	Split    *NeedVerb
	SplitURL string
	History  []NeedPast
}

// NeedLookPart is where somebody looks at the person's name and words.
type NeedLookPart struct {
	Offered bool // there is something to look at
	Action  string
	Command string
	Reason  string
	Error   string
	Seen    bool
	Person  string
	Words   string
}

// NeedAssign is the form that gives a need an owner and a time.
type NeedAssign struct {
	Command   string
	Groups    []NeedOption
	Owner     string
	Day, Hour string
}

// NeedAnswer is the form that answers.
type NeedAnswer struct {
	Command  string
	Verdicts []NeedOption
	Words    string
	Error    string
	Mates    string // the answer goes to 3 at once
}

// NeedOnBehalf keeps what a person said by telephone or at the desk.
type NeedOnBehalf struct {
	Satisfy string // command; empty: not now
	Reopen  string
	Words   string
	Error   string
}

// NeedMate is another need of the same task.
type NeedMate struct {
	Text string
	URL  string
}

// NeedPast is one act of a need's history.
type NeedPast struct {
	At   string
	By   string
	Act  string
	Text string
	More string // 交通组 孙师傅，6 月 11 日 12:00 前
}

// NeedsCapacityPage is what is wanted against what there is, by day and hour:
// GET /c/{competition}/desk/needs/capacity.
type NeedsCapacityPage struct {
	Page
	Back      string
	Action    string
	Command   string
	Problems  []Problem
	Short     []string
	Days      []CapacityDay
	Undated   []string
	Resources []ResourceLine
	Kinds     []NeedOption
	Typed     ResourceTyped
	Arrivals  []ArrivalLine
}

// CapacityDay is one day of it.
type CapacityDay struct {
	Title string
	Lines []CapacityLine
}

// CapacityLine is a kind in one hour, or on the day.
type CapacityLine struct {
	When, Kind string
	Want, Have string
	Short      string // 缺 20; empty: enough
}

// ResourceLine is what there is of something.
type ResourceLine struct {
	ID      string
	Kind    string
	Text    string // 40，6 月 19 日 12–18 时，红十字会
	Code    string
	Command string
}

// ResourceTyped is the form of a resource as typed.
type ResourceTyped struct {
	Kind, Pieces, Day, Until, From, To, Note string
}

// ArrivalLine is a planned arrival in the desk's list.
type ArrivalLine struct {
	When, Delegation, Place, People string
	URL                             string
}

// NeedsArrivalPage is a delegation's plan of arrival:
// GET /c/{competition}/team/{delegation}/arrival.
type NeedsArrivalPage struct {
	Page
	Delegation string
	Action     string
	Back       string
	Command    string
	Saw        int64
	Problems   []Problem
	Groups     []ArrivalForm
	People     []ArrivalPersonLine // where there is more than one group
	Choices    []NeedOption
}

// ArrivalForm is one group of the plan.
type ArrivalForm struct {
	Number                          int
	Title                           string
	Day, Clock, Place, Means, Count string
}

// ArrivalPersonLine says with which group somebody comes.
type ArrivalPersonLine struct {
	ID     string
	Name   string
	Sport  string
	Groups []NeedOption
}

func (NeedsTeamPage) template() string     { return "needs-team" }
func (NeedsFormPage) template() string     { return "needs-form" }
func (NeedsDeskPage) template() string     { return "needs-desk" }
func (NeedPage) template() string          { return "needs-need" }
func (NeedsCapacityPage) template() string { return "needs-capacity" }
func (NeedsArrivalPage) template() string  { return "needs-arrival" }

func (NeedsTeamPage) layout() string     { return "desk" }
func (NeedsFormPage) layout() string     { return "desk" }
func (NeedsDeskPage) layout() string     { return "desk" }
func (NeedPage) layout() string          { return "desk" }
func (NeedsCapacityPage) layout() string { return "desk" }
func (NeedsArrivalPage) layout() string  { return "desk" }
