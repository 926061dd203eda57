package web

// The pages of the call room, of calls and of the announcer.

// CallRoomPage is a day's units by the time of their call: GET
// /c/{competition}/call.
type CallRoomPage struct {
	Page
	Days         []DayLink
	Sports       []PageLink
	Now          []CallRow // being called
	Next         []CallRow // not called yet
	Past         []CallRow // closed, or begun
	Times        []CallTime
	TimesURL     string
	CallingURL   string
	AnnouncerURL string
	Done         *Done
	Problems     []Problem
}

// CallRow is one unit. Status chooses the chip's shape.
type CallRow struct {
	ID         string
	URL        string
	Title      string // 女子 100 米 T54 · 预赛 第 2 组
	Where      string
	At         string // when it is called: 09:10
	Start      string // 09:30
	Status     string
	StatusText string // 未检录; 检录中 · 第 2 次
	Come       string // 到了 3，共 8
	Late       string // 过了 4 分钟
}

// CallTime is how long before its start units of a sport are called, and the
// form that sets it.
type CallTime struct {
	ID      string
	Name    string
	Minutes string
	Command string
	Wrong   string
}

// CallUnitPage is the call of one unit: GET /c/{competition}/call/units/{unit}.
type CallUnitPage struct {
	Page
	ListURL  string
	Over     string
	Heading  string
	Row      CallRow
	Facts    []Fact
	Up       *CallStep
	UpText   string // 开始检录; 再叫一次
	UpKind   string // primary before the first call
	Close    *CallClose
	Back     *CallStep
	BackText string
	Begun    string // why nothing can be changed any more
	Starts   []CallStartView
	Problems []Problem
	Done     *Done
}

// CallStep is a form with one button.
type CallStep struct {
	Action  string
	Do      string
	Command string
	Saw     int64
}

// CallClose is the form that closes a call, with who would get DNS.
type CallClose struct {
	CallStep
	Missing []CallMissing
	As      string // in whose name
	Whole   bool   // DNS takes them out of more than one match: nobody is ticked
}

// CallMissing is a start that is expected and has not all come.
type CallMissing struct {
	Start string
	Name  string
	Why   string // 没来; 4 人到了 3 人
	Out   bool   // ticked
}

// CallStartView is one start of a unit.
type CallStartView struct {
	ID         string
	Lane       string
	Name       string
	About      string // 哈尔滨 · T54
	Status     string
	StatusText string
	Out        string // 未出发; empty: in
	Admit      *CallAdmit
	Bib        string // of who starts alone
	People     []CallPersonView
}

// CallAdmit is the form that lets a start in again that the call put out.
type CallAdmit struct {
	Action  string
	Start   string
	Command string
	Reason  string
	Wrong   string
}

// CallPersonView is one person with the form that checks them in.
type CallPersonView struct {
	ID      string // of the form: start-person
	Action  string
	Start   string
	Person  string
	Command string
	Saw     int64
	Name    string
	Alone   bool // the start is this person: their name stands over the form already
	Bib     string
	State   string // "", present, absent
	Said    string // 到了 09:12 · 检录甲
	Lacks   string // 还没看：级别卡、引导员
	Checks  []CallBox
	Note    string
	Wrong   string // what is wrong with the note
	May     bool   // it can be changed
}

// CallBox is one thing that is looked at.
type CallBox struct {
	Name string // of the field
	Text string
	On   bool
}

// CallingPage is for everybody, in large letters: what is being called, one call
// at a time, and what comes next: GET /c/{competition}/calling.
type CallingPage struct {
	Page
	State CallsState
}

// CallsState is the topic {lang}/calls. Of people it has what start lists have.
type CallsState struct {
	Calls    []CallNow  `json:"calls"`
	Next     []CallNext `json:"next"`
	Sentence string     `json:"sentence,omitempty"`
	Updated  string     `json:"updated"`
}

// CallNow is a unit that is being called. Call tells one round from the other;
// Numbers are those of everybody who has to come, for a phone that knows its
// owner's.
type CallNow struct {
	Call    string     `json:"call"` // 12-2: unit 12, second call
	Round   string     `json:"round"`
	Title   string     `json:"title"`
	Where   string     `json:"where,omitempty"`
	Start   string     `json:"start,omitempty"`
	Numbers string     `json:"numbers"`
	Last    bool       `json:"last,omitempty"`
	Lines   []CallLine `json:"lines"`
}

// CallLine is one start of a unit that is being called.
type CallLine struct {
	Start      string `json:"start"`
	Lane       string `json:"lane,omitempty"`
	Number     string `json:"number,omitempty"`
	Name       string `json:"name"`
	Delegation string `json:"delegation"`
}

// CallNext is a unit that will be called.
type CallNext struct {
	Unit    string `json:"unit"`
	URL     string `json:"url"`
	Title   string `json:"title"`
	Where   string `json:"where,omitempty"`
	At      string `json:"at,omitempty"`
	Start   string `json:"start,omitempty"`
	Numbers string `json:"numbers"`
}

// AnnouncerPage is what is on at a venue and what comes next, to be read out:
// GET /c/{competition}/announcer.
type AnnouncerPage struct {
	Page
	Venues []PageLink
	Units  []AnnouncerUnit // what is on, then what comes next
	After  []string        // what comes after that
}

// AnnouncerUnit is one unit as it is read out.
type AnnouncerUnit struct {
	ID         string
	On         bool   // it is on, or comes next
	Over       string // 正在比; 下一组 09:30
	Title      string
	Where      string
	Status     string
	StatusText string
	Call       string // 检录结束，到了 7，共 8
	Records    []Fact
	Lines      []AnnouncerLine
}

// AnnouncerLine is one start. Said is how the name is said: in somebody's words,
// else in pinyin; Doubt that only its owner can tell.
type AnnouncerLine struct {
	Lane     string
	Name     string
	Said     string
	Doubt    string
	SayURL   string // where the note is written
	SayName  string // the link's words
	About    string // 哈尔滨 · T54 · 1024
	Come     string // 到了
	Status   string
	Result   string // 1:02.35; 未出发
	Teammate []AnnouncerMate
}

// AnnouncerMate is one of a team.
type AnnouncerMate struct{ Name, Said string }

// SpokenPage is the form for how a name is said: GET
// /c/{competition}/names/{participant}.
type SpokenPage struct {
	Page
	Name      string
	Reading   string // pinyin, as the house would read it
	Doubt     string
	Action    string
	Command   string
	Saw       int64
	Note      string
	NoteWrong string
	Back      string
	Done      *Done
}

func (CallRoomPage) template() string  { return "call-room" }
func (CallUnitPage) template() string  { return "call-unit" }
func (CallingPage) template() string   { return "call-calling" }
func (AnnouncerPage) template() string { return "announcer" }
func (SpokenPage) template() string    { return "call-name" }

func (CallRoomPage) layout() string  { return "desk" }
func (CallUnitPage) layout() string  { return "desk" }
func (AnnouncerPage) layout() string { return "desk" }
func (SpokenPage) layout() string    { return "desk" }
