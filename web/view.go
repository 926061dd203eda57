package web

// The view models: what the templates show and what a frame carries. Every text
// is ready to be shown in the page's language; codes (Status, Medal, IRM) choose
// a shape, never a word. The types named …State are made for leaving: they are a
// topic's frame as well as the live part of its page, and there is no place in
// them for anything about a person but the name, the class competed in and the
// entry's id.

// Status codes of a unit, event or table. They choose the chip's shape and
// colour; StatusText beside them is the word, which may be more exact.
const (
	StatusScheduled  = "scheduled"
	StatusStartList  = "list"
	StatusLive       = "live"
	StatusUnofficial = "unofficial"
	StatusProtested  = "protested"
	StatusOfficial   = "official"
)

// Medal codes.
const (
	Gold   = "gold"
	Silver = "silver"
	Bronze = "bronze"
)

// Page is what stands round the part that a page is about.
type Page struct {
	Choice         // the language of every text here, and how the reader wants to see it
	Title   string // of the document, most exact first, without the house's name
	Path    string // this page's address without lang, for the language switch
	Section string // today, schedule or medals: the current entry of the navigation
	Site    Site   // zero on pages outside an edition
	Feed    Feed   // zero on pages without a live part
	Bar     Bar    // zero on pages that are for everybody
	Wrong   bool   // something in a form has to be put right: the title says so first
}

// Site is the edition that a page belongs to.
type Site struct {
	Name string // 黑龙江省第九届残疾人运动会
	Root string // /c/hlj9, without a slash at the end
}

// Feed is where a page's live part continues from: the state in the page is the
// topic's state at Seq of the log's Epoch.
type Feed struct {
	Topic string // zh-CN/unit/12
	Epoch string
	Seq   int64
	Stamp string // the state's Updated: 14:03:20
}

// HomePage lists the editions kept on this server: GET /.
type HomePage struct {
	Page
	Editions []EditionCard
	Doors    []DoorLink // a demo's, on its own machine alone
}

// EditionCard is one edition on the first page.
type EditionCard struct {
	Name       string
	URL        string
	Dates      string // 6 月 18 日 – 24 日
	Place      string
	Status     string // live while something is being contested, else scheduled or official
	StatusText string
}

// TodayPage is an edition's first page: GET /c/{competition}.
type TodayPage struct {
	Page
	State TodayState
}

// TodayState is the topic {lang}/today.
type TodayState struct {
	Day      string       `json:"day"` // 6 月 21 日 星期一 · 第 4 天
	Live     []UnitBrief  `json:"live"`
	Next     []UnitBrief  `json:"next"`
	Done     []UnitBrief  `json:"done"` // newest first
	Medals   []MedalsLine `json:"medals"`
	Progress string       `json:"progress"` // 已完成 412 项，共 608 项。
	Sentence string       `json:"sentence,omitempty"`
	Updated  string       `json:"updated"` // 14:03:20
}

// UnitBrief is a unit in a list of units.
type UnitBrief struct {
	Unit       string `json:"unit"` // the unit's id: the key of its row
	URL        string `json:"url"`
	Title      string `json:"title"`           // 女子 100 米自由泳 S9 · 预赛 第 2 组
	Time       string `json:"time"`            // 14:20
	Late       string `json:"late,omitempty"`  // 晚 10 分钟
	Where      string `json:"where,omitempty"` // the venue
	Status     string `json:"status"`
	StatusText string `json:"status_text"`
	Leader     string `json:"leader,omitempty"` // the name of who leads or has won
	Mark       string `json:"mark,omitempty"`   // the leader's mark
	About      string `json:"about,omitempty"`  // 哈尔滨 · 领先
}

// SchedulePage is one day of the timetable: GET /c/{competition}/schedule?day=2024-05-13.
type SchedulePage struct {
	Page
	Days        []DayLink
	ContestsURL string // all events
	Filter      *ScheduleFilter
	State       ScheduleState
}

// DayLink leads to another day of the timetable.
type DayLink struct {
	Title   string // 5 月 13 日 星期一
	URL     string
	Current bool
}

// ScheduleState is the topic {lang}/schedule/{day}: one day.
type ScheduleState struct {
	Day      string            `json:"day"`
	Sessions []ScheduleSession `json:"sessions"`
	Sentence string            `json:"sentence,omitempty"`
	Updated  string            `json:"updated"`
}

// ScheduleSession is a stretch of the day at one venue.
type ScheduleSession struct {
	Session string         `json:"session"` // id: the key of its table
	Title   string         `json:"title"`   // 第 1 场 上午 预赛
	Where   string         `json:"where,omitempty"`
	Phases  []SchedulePart `json:"phases"`
}

// SchedulePart is a phase as a row of the timetable. It leads to its event, or
// to its unit where it has only one.
type SchedulePart struct {
	Phase      string `json:"phase"` // id: the key of its row
	URL        string `json:"url"`
	Title      string `json:"title"` // 女子 100 米自由泳 S9 · 预赛
	Time       string `json:"time"`
	Late       string `json:"late,omitempty"`
	Why        string `json:"why,omitempty"`   // how Late was worked out
	About      string `json:"about,omitempty"` // 6 组 · 52 人
	Status     string `json:"status"`
	StatusText string `json:"status_text"`
}

// EventPage is one event: GET /c/{competition}/events/{event}.
type EventPage struct {
	Page
	ID       string // empty where it cannot be followed
	Over     string // 游泳: what stands over the heading
	Facts    []Fact
	DrawURL  string // empty without a draw
	DrawText string // 抽签可复核
	Fate     *Fate  // what became of it when the entries were known
	Entries  []EntrantLine
	State    EventState
}

// Fact is a name and what it is: 地点 哈尔滨体育场.
type Fact struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// EventState is the topic {lang}/event/{id}.
type EventState struct {
	Title      string       `json:"title"`
	Status     string       `json:"status"`
	StatusText string       `json:"status_text"`
	Phases     []PhaseState `json:"phases"`
	Sentence   string       `json:"sentence,omitempty"`
	Updated    string       `json:"updated"`
}

// PhaseState is one phase of an event: its units, and its rankings over all of
// them, one for every age group or class group.
type PhaseState struct {
	Phase    string      `json:"phase"`
	Title    string      `json:"title"` // 预赛
	Units    []UnitBrief `json:"units"`
	Rankings []Ranking   `json:"rankings"`
}

// Ranking is one group's order over all heats.
type Ranking struct {
	Ranking    string     `json:"ranking"` // key of the table
	Title      string     `json:"title"`   // 公开组; empty where the phase has one ranking
	Status     string     `json:"status"`
	StatusText string     `json:"status_text"`
	Document   string     `json:"document"` // address of the ranking document, to recompute it
	Lines      []UnitLine `json:"lines"`
}

// UnitPage is one start list, live or settled: GET /c/{competition}/units/{unit}.
type UnitPage struct {
	Page
	Over     string // 游泳 · 预赛 第 2 组
	Heading  string // 女子 100 米自由泳 S9
	EventURL string
	JudgeURL string // empty for those who may not judge
	Document string // address of the ranking document, to recompute the ranks
	Unit     string // heading of the mark column: 成绩（秒）
	Facts    []Fact // venue, start, records
	Steps    []Step // how far the result has come
	State    UnitState
}

// Step is one station of a result on its way: 出场名单 13:40 发布.
type Step struct {
	Status     string
	StatusText string
	About      string
}

// UnitState is the topic {lang}/unit/{id}.
type UnitState struct {
	Title      string     `json:"title"` // 女子 100 米自由泳 S9 · 预赛 第 2 组
	Event      string     `json:"event"`
	Phase      string     `json:"phase"`
	Status     string     `json:"status"`
	StatusText string     `json:"status_text"`
	Note       string     `json:"note,omitempty"` // 名次未确认
	Lines      []UnitLine `json:"lines"`
	Sentence   string     `json:"sentence,omitempty"` // 第 4 道：佟海波，14 秒 86，现列第 1。
	Updated    string     `json:"updated"`            // 14:03:20
}

// UnitLine is one start, in the order shown.
type UnitLine struct {
	Entry      string  `json:"entry"` // id: the key of its row
	Rank       string  `json:"rank,omitempty"`
	Lane       string  `json:"lane,omitempty"`
	Name       string  `json:"name"`
	URL        string  `json:"url,omitempty"` // the person's page; a team has none
	Delegation string  `json:"delegation"`
	Class      string  `json:"class,omitempty"`
	Mark       string  `json:"mark,omitempty"`     // 1:02.35
	Spoken     string  `json:"spoken,omitempty"`   // 1 分 02 秒 35
	Gap        string  `json:"gap,omitempty"`      // +0.21
	Record     string  `json:"record,omitempty"`   // 超赛会纪录，待核准
	More       []Fact  `json:"more,omitempty"`     // what stands beside the mark: points, raw mark, factor
	IRM        string  `json:"irm,omitempty"`      // DNS
	IRMText    string  `json:"irm_text,omitempty"` // 未出发; 犯规 SW 7.6
	Unit       string  `json:"unit,omitempty"`     // 第 2 组, in rankings over heats
	Next       string  `json:"next,omitempty"`     // 进决赛
	Medal      string  `json:"medal,omitempty"`    // gold, silver, bronze
	MedalText  string  `json:"medal_text,omitempty"`
	Lead       bool    `json:"lead,omitempty"`
	Changed    bool    `json:"changed,omitempty"` // by the newest change
	Reason     *Reason `json:"reason,omitempty"`
}

// Reason is why a line stands where it stands.
type Reason struct {
	Title  string `json:"title"`            // 为什么是第 2 名
	Text   string `json:"text"`             // one sentence
	Source string `json:"source,omitempty"` // rule book, edition, clause
}

// MedalsPage is the medal table: GET /c/{competition}/medals.
type MedalsPage struct {
	Page
	State MedalsState
}

// MedalsState is the topic {lang}/medals.
type MedalsState struct {
	Status     string       `json:"status"`
	StatusText string       `json:"status_text"`
	Order      string       `json:"order"`    // 金 → 银 → 铜
	Progress   string       `json:"progress"` // 已完成 412 项，共 608 项。
	Note       string       `json:"note,omitempty"`
	Halves     bool         `json:"halves"` // some number is a half: the others keep its room
	Lines      []MedalsLine `json:"lines"`
	Sentence   string       `json:"sentence,omitempty"`
	Updated    string       `json:"updated"`
}

// MedalsLine is one delegation in the medal table. Numbers are texts, since
// joint teams' medals count halves.
type MedalsLine struct {
	Delegation string `json:"delegation"` // code: the key of its row
	URL        string `json:"url"`
	Rank       string `json:"rank"`
	Name       string `json:"name"`
	Gold       string `json:"gold"`
	Silver     string `json:"silver"`
	Bronze     string `json:"bronze"`
	Total      string `json:"total"`
	Points     string `json:"points,omitempty"`
	Way        string `json:"way,omitempty"`      // up or down, since the last session
	WayText    string `json:"way_text,omitempty"` // 升 1 位
}

// DelegationPage is one delegation: GET /c/{competition}/delegations/{delegation}.
type DelegationPage struct {
	Page
	Name   string
	People []FoundLine
	State  DelegationState
}

// DelegationState is the topic {lang}/delegation/{code}.
type DelegationState struct {
	Name     string           `json:"name"`
	Medals   MedalsLine       `json:"medals"`
	Lines    []DelegationLine `json:"lines"`
	Sentence string           `json:"sentence,omitempty"`
	Updated  string           `json:"updated"`
}

// DelegationLine is one start of somebody from the delegation.
type DelegationLine struct {
	Start      string `json:"start"` // entry and unit: the key of its row
	Name       string `json:"name"`
	Person     string `json:"person,omitempty"` // address of their page; a team has none
	Class      string `json:"class,omitempty"`
	Unit       string `json:"unit"` // 女子 100 米自由泳 S9 · 预赛 第 2 组
	URL        string `json:"url"`
	Time       string `json:"time"`
	Rank       string `json:"rank,omitempty"`
	Mark       string `json:"mark,omitempty"` // the mark, or why there is none
	Medal      string `json:"medal,omitempty"`
	MedalText  string `json:"medal_text,omitempty"`
	Status     string `json:"status"`
	StatusText string `json:"status_text"`
}

// BoardUnitPage is a hall screen for one unit: GET /c/{competition}/board/units/{unit}.
type BoardUnitPage struct {
	Page
	Over    string
	Heading string
	Class   string // shown in sun beside the heading; empty where the heading has it
	Unit    string // heading of the mark column
	Facts   []Fact // at most two
	Rows    int    // of lines on the screen at once, 4 to 8
	Seconds int    // each page of lines stays, at least 10
	State   UnitState
}

// BoardMedalsPage is the hall screen of the medal table: GET /c/{competition}/board/medals.
type BoardMedalsPage struct {
	Page
	Rows    int
	Seconds int
	State   MedalsState
}

// JudgePage is the plain entry of times for one unit:
// GET /c/{competition}/judge/units/{unit}?line={entry}.
//
// Every line has a form of its own that posts to Action with the fields command,
// saw, entry, mark, irm, rule and reason. A post that accepts JSON is answered
// with a [JudgeReply], any other with a redirect to the next line or with this
// page again, filled in, with status 422.
type JudgePage struct {
	Page
	Heading    string // 女子 200 米 T12 · 预赛 第 2 组
	Seat       string // 终点计时 2 号
	Official   string // the judge's own name
	Status     string
	StatusText string
	Field      string // label of the mark: 成绩（秒，两位小数）
	Action     string
	Lines      []JudgeLine
	Problems   []Problem // of the form sent; Wrong is set where there are any
	Notice     string    // what was just done, one sentence
	Confirm    Confirm
	UnitURL    string
	Camera     string // address of what the photo finish saved; empty: it times no such unit
}

// JudgeLine is one line with its form.
type JudgeLine struct {
	Entry      string `json:"entry"`
	Lane       string `json:"lane"`
	Name       string `json:"name"`
	About      string `json:"about"`    // 绥化 · S9
	Has        string `json:"has"`      // accommodations in the contest, never why: 大字卷 · 时间 +30 %
	Mark       string `json:"mark"`     // as it stands in the log: 28.91
	IRM        string `json:"irm"`      // as it stands
	Got        string `json:"got"`      // what stands, to be shown: 28.91, 未出发
	GotText    string `json:"got_text"` // 28 秒 91
	Typed      string `json:"-"`        // what the judge typed, kept after an error
	TypedRule  string `json:"-"`
	TypedWhy   string `json:"-"`
	Saw        int64  `json:"saw"`        // the revision that a new value replaces
	Command    string `json:"command"`    // the id that the next post from this form will carry
	Correction bool   `json:"correction"` // something stands already: a reason is asked for
	Current    bool   `json:"-"`
	Error      string `json:"-"` // what is wrong with the mark field
	RuleError  string `json:"-"`
	WhyError   string `json:"-"`
}

// Problem is one line of the error summary. Target is the id of the field.
type Problem struct {
	Target string `json:"target"`
	Text   string `json:"text"`
}

// Confirm is the form that makes a unit's result official.
type Confirm struct {
	Action  string
	Command string
	Saw     int64
	Ready   bool   // whether it may be confirmed now
	Why     string // what is still missing, where it may not
	About   string // 8 人有成绩，1 人未出发
	Done    bool   // it is official already
	Reopen  string // address that takes an official result back, with a reason
}

// JudgeReply answers a judge's post in JSON. Problems is empty when the mark is
// in the log; Conflict is set when somebody was faster.
type JudgeReply struct {
	Line     JudgeLine      `json:"line"`
	Notice   string         `json:"notice"`
	Problems []Problem      `json:"problems,omitempty"`
	Conflict *ConflictState `json:"conflict,omitempty"`
	Confirm  *ConfirmReply  `json:"confirm,omitempty"`
}

// ConfirmReply is what a saved mark does to the form at the foot.
type ConfirmReply struct {
	Saw   int64  `json:"saw"`
	Ready bool   `json:"ready"`
	Why   string `json:"why,omitempty"`
	About string `json:"about"`
}

// ConflictPage shows both values when somebody was faster: answer 409 to a
// judge's post. Nothing has been overwritten.
type ConflictPage struct {
	Page
	Action string // where the judge's own value may be posted again
	Back   string // the judge's page
	Reason string // typed with the refused value
	State  ConflictState
}

// ConflictState is the two values side by side.
type ConflictState struct {
	Entry      string `json:"entry"`
	Lane       string `json:"lane"`
	Name       string `json:"name"`
	Yours      string `json:"yours"`       // as typed; empty with an IRM
	YoursText  string `json:"yours_text"`  // 28 秒 35, 未出发
	IRM        string `json:"irm"`         // chosen instead of a mark
	Rule       string `json:"rule"`        // typed with it
	Theirs     string `json:"theirs"`      // as shown: 28.91, 未出发
	TheirsText string `json:"theirs_text"` // as read out
	By         string `json:"by"`          // seat or name of who was faster
	At         string `json:"at"`          // 14:03:20
	Saw        int64  `json:"saw"`         // the revision to name when the judge's own value is to stand
	Command    string `json:"command"`     // for that post
}

// ErrorPage is shown for 403, 404, 409, 422, 500 and 503.
type ErrorPage struct {
	Page
	Code     int
	Heading  string   // 没有这一页
	Sentence string   // what happened and what to do
	Details  []string // what exactly is wrong, for 422
	ID       string   // of the log record, for 500
	Back     string   // where to go
	BackText string
}
