package web

// What people see of seats: the card, the PIN, the organiser's lists, the
// control room, the chief judge's inbox.

// SeatCardPage asks whether this device is to be paired: GET
// /c/{competition}/seat/{token}.
type SeatCardPage struct {
	Page
	Action     string
	Token      string
	Seat       string
	Discipline string
	Open       bool // for pairing, now
	Problems   []Problem
}

// SeatPinPage asks who sits at a paired device: GET /c/{competition}/seat.
type SeatPinPage struct {
	Page
	Action     string
	Next       string
	Paired     bool
	Seat       string
	Discipline string
	Device     string // 平板 17
	Judge      string // who sits there; empty: nobody
	Judges     []Option
	JudgeBad   string
	PinBad     string
	Problems   []Problem
	LeaveURL   string
	TabletURL  string
	JudgeURL   string
}

// SeatsPage is where seats are made and judges named: GET
// /c/{competition}/desk/seats.
type SeatsPage struct {
	Page
	URL        string
	ControlURL string
	Done       string
	Problems   []Problem
	Bad        map[string]string // by field
	Command    string
	Command2   string
	Groups     []SeatGroup
	Typed      SeatTyped
	Names      string // of judges, as typed
	Judges     []SeatJudgeLine
}

// SeatGroup is the seats of a discipline.
type SeatGroup struct {
	ID      string
	Title   string
	Lines   []SeatLine
	Second  bool // a second person confirms
	Command string
}

// SeatLine is one seat.
type SeatLine struct {
	ID         string
	URL        string
	Name       string
	Reach      string // what it reaches, in words
	Shape      string
	State      string
	Closed     bool
	Occupied   string // devices there, with who sits at each
	Command    string
	Saw        int64
	HasCard    bool
	CardChosen bool
}

// SeatTyped is a form of seats as it was typed.
type SeatTyped struct {
	Discipline  string
	Name        string
	Count       string
	Places      []Option
	Disciplines []Option
	Venues      []Option
	Sessions    []Option
}

// SeatJudgeLine is a judge who may sit at seats.
type SeatJudgeLine struct {
	ID      string
	Name    string
	Of      string
	Closed  bool
	Command string
}

// SeatEditPage changes one seat: GET /c/{competition}/desk/seats/{seat}.
type SeatEditPage struct {
	Page
	Action   string
	ListURL  string
	Over     string // the discipline
	Name     string
	Saw      int64
	Command  string
	Problems []Problem
	Bad      map[string]string
	Typed    SeatTyped
	Units    []SeatUnitChoice
	Closed   bool
}

// SeatUnitChoice is a unit that may be chosen for a seat.
type SeatUnitChoice struct {
	ID     string
	Title  string
	About  string
	Chosen bool
}

// SeatCardsPage is cards just made, to be printed or shown.
type SeatCardsPage struct {
	Page
	Cards []SeatCardMade
	Open  bool // can be scanned now
	Back  string
}

// SeatCardMade is one of them.
type SeatCardMade struct {
	Seat       string
	Discipline string
	Reach      string
	URL        string
	Code       QR
}

// SeatPinsPage is PINs just made, each shown this once.
type SeatPinsPage struct {
	Page
	Pins []SeatPinMade
	Back string
}

// SeatPinMade is one of them.
type SeatPinMade struct {
	Name string
	Of   string
	PIN  string // 482 913
}

// ControlPage is the control room: GET /c/{competition}/desk/control.
type ControlPage struct {
	Page
	StateURL string
	SeatsURL string
	State    ControlState
}

// ControlState is what the control room shows, and what its page asks for again
// and again: GET /c/{competition}/desk/control/state.
type ControlState struct {
	Updated  string          `json:"updated"`
	Heading  string          `json:"heading"` // 设备 42 台，要处理的在前
	Alarm    string          `json:"alarm"`   // 2 台设备要处理，4 个分数还没送到
	Late     string          `json:"late"`    // marks that wait for the chief; empty: none
	LateURL  string          `json:"late_url"`
	Devices  []ControlDevice `json:"devices"`
	Groups   []ControlGroup  `json:"groups"`
	Sentence string          `json:"sentence"` // read out when it changes
}

// ControlDevice is one device.
type ControlDevice struct {
	ID         string `json:"id"`
	URL        string `json:"url"`
	Name       string `json:"name"`
	Seat       string `json:"seat"`
	Judge      string `json:"judge"`
	Seen       string `json:"seen"`
	Unsent     string `json:"unsent"`
	Battery    string `json:"battery"`
	Version    string `json:"version"`
	Clock      string `json:"clock"` // how far its clock is off; empty: hardly
	Status     string `json:"status"`
	StatusText string `json:"status_text"`
	Alert      bool   `json:"alert"`
}

// ControlGroup is the units of one result status.
type ControlGroup struct {
	Status     string        `json:"status"`
	StatusText string        `json:"status_text"`
	Count      string        `json:"count"`
	More       string        `json:"more"` // 另有 3 场; empty: none
	Units      []ControlUnit `json:"units"`
}

// ControlUnit is one unit.
type ControlUnit struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	URL    string `json:"url"`
}

// ControlDevicePage is one device: GET
// /c/{competition}/desk/control/devices/{device}.
type ControlDevicePage struct {
	Page
	URL        string
	ControlURL string
	Device     ControlDevice
	Facts      []Fact
	Problems   []Problem
	Done       string
	Text       string // of a message, as typed
	TextBad    string
	Last       string
	Seats      []Option // that it can be moved to
	Unsent     string   // 还有 3 个没有送到; empty: nothing waits
}

// ControlUnitPage is what every judge has given in a unit: GET
// /c/{competition}/desk/control/units/{unit}.
type ControlUnitPage struct {
	Page
	ControlURL string
	Heading    string
	Over       string
	JudgeURL   string
	Apart      string // 2 个分数和别人差得远; empty: none
	Lines      []ControlInputs
}

// ControlInputs is what was given for one start.
type ControlInputs struct {
	ID    string
	Name  string
	About string
	Rows  []ControlInput
}

// ControlInput is what was given for one thing of it.
type ControlInput struct {
	Title string
	Given []ControlGiven
}

// ControlGiven is one judge's.
type ControlGiven struct {
	Place string
	Text  string
	By    string
	Apart bool
}

// InboxPage is the chief judge's: GET /c/{competition}/desk/inbox.
type InboxPage struct {
	Page
	Action     string
	ControlURL string
	Done       string
	Problems   []Problem
	Waiting    []InboxMark
	Decided    []InboxMark
}

// InboxMark is a mark that came too late.
type InboxMark struct {
	ID       string
	Command  string
	Saw      int64
	Unit     string
	UnitURL  string
	Line     string
	Cell     string // empty: the time
	Value    string
	Now      string // what stands there; empty: nothing
	Why      string
	By       string // who, from where, when
	Said     string // the judge's reason
	Reopens  bool   // taking it takes the official result back
	Reason   string // as typed
	Bad      string
	Verdict  string // of who has decided, and when
	Taken    bool
	Official bool
}

func (SeatCardPage) layout() string      { return "desk" }
func (SeatPinPage) layout() string       { return "desk" }
func (SeatsPage) layout() string         { return "desk" }
func (SeatEditPage) layout() string      { return "desk" }
func (SeatCardsPage) layout() string     { return "desk" }
func (SeatPinsPage) layout() string      { return "desk" }
func (ControlPage) layout() string       { return "desk" }
func (ControlDevicePage) layout() string { return "desk" }
func (ControlUnitPage) layout() string   { return "desk" }
func (InboxPage) layout() string         { return "desk" }

func (SeatCardPage) template() string      { return "seat-card" }
func (SeatPinPage) template() string       { return "seat-pin" }
func (SeatsPage) template() string         { return "seats" }
func (SeatEditPage) template() string      { return "seat-edit" }
func (SeatCardsPage) template() string     { return "seat-cards" }
func (SeatPinsPage) template() string      { return "seat-pins" }
func (ControlPage) template() string       { return "control" }
func (ControlDevicePage) template() string { return "control-device" }
func (ControlUnitPage) template() string   { return "control-unit" }
func (InboxPage) template() string         { return "inbox" }

// secretAddress: whoever has a card's address can pair a device.
func (SeatCardPage) secretAddress() {}
