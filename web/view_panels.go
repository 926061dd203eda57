package web

// The pages of the classification days: panels and their sheets, who still has to
// be seen, what a panel has before it on a tablet, cases with their clocks, who is
// watched, and what a delegation sees of it.

// PanelsPage lists panels: GET /c/{competition}/desk/panels. Of the rest an
// organiser sees all, a classifier nothing.
type PanelsPage struct {
	Page
	Done     *Done
	Problems []Problem
	Panels   []PanelRow
	NewURL   string // organisers
	BookURL  string
	Missing  string // 还有 3 人没有时间
	CasesURL string
	WatchURL string
	Rules    *PanelRulesForm
}

// PanelRow is a panel in the list.
type PanelRow struct {
	Name, URL, About, Members string
	Count                     string // 已排 12 人，看完 4 人
}

// PanelRulesForm asks for the numbers of the classification days.
type PanelRulesForm struct {
	Action, Command string
	Fields          []NumberField
}

// NumberField is a field for a number.
type NumberField struct {
	ID, Label, Value, Error string
}

// PanelFormPage makes or changes a panel: GET /c/{competition}/desk/panels/new
// and /desk/panels/{panel}/edit.
type PanelFormPage struct {
	Page
	Back        string
	Heading     string
	Action      string
	Command     string
	Problems    []Problem
	ID, Saw     string
	Texts       []TextField
	Disciplines []Option
	Impairments []Option
	Members     []Option
	Drop        string // address; empty: nothing to take away
	DropCommand string
}

// TextField is a field of a form.
type TextField struct {
	ID, Label, Value, Hint, Type, Error string
}

// PanelSheetPage is a panel's day sheet, also for print:
// GET /c/{competition}/desk/panels/{panel}.
type PanelSheetPage struct {
	Page
	Back     string
	Name     string
	Facts    []Fact
	Done     *Done
	Problems []Problem
	EditURL  string // organisers
	Days     []PanelDay
}

// PanelDay is one day of the sheet.
type PanelDay struct {
	ID, Title string
	Slots     []PanelSlotRow
}

// PanelSlotRow is a slot. URL leads to the tablet page, for who sits on the panel.
type PanelSlotRow struct {
	ID                     string
	Time, Name, URL        string
	Delegation, Code       string
	Class                  string
	State, StateText, Note string
	Move                   *SlotMoveForm
}

// SlotMoveForm moves a slot or takes it back.
type SlotMoveForm struct {
	Move, Drop           string
	Command, DropCommand string
	Saw                  string
	Panels               []Option
	Day, Clock           string
}

// PanelBookPage says who has to be seen and proposes when:
// GET /c/{competition}/desk/panels/slots.
type PanelBookPage struct {
	Page
	Back     string
	Done     *Done
	Problems []Problem
	Action   string
	Command  string
	Proposed []ProposedRow
	Left     []LeftRow
	Have     []ProposedRow
	People   []Option // for a slot by hand
	Panels   []Option
	Typed    map[string]string
	By       string // ID of the command of the form by hand
}

// ProposedRow is a slot that is proposed, or that somebody has.
type ProposedRow struct {
	Value                                        string // panel/participant/start, as the form sends it
	Time, Panel, Name, Delegation, About, Starts string
}

// LeftRow is somebody without a slot.
type LeftRow struct{ Name, Delegation, About, Why string }

// PanelPersonPage is what a panel has before it, on a tablet:
// GET /c/{competition}/desk/slots/{slot}, and in the same way a case and
// somebody who is watched.
type PanelPersonPage struct {
	Page
	Back     string
	BackText string
	Name     string
	Over     string
	Facts    []Fact
	Done     *Done
	Problems []Problem
	Held     []string
	Files    *PanelFiles
	Absent   *PanelButton
	Look     *ReasonForm // at what a case says
	Says     string      // what it says, once
	Admin    *CaseAdmin
	Reject   *CaseReject
	Outcome  *OutcomeForm
}

// PanelFiles are the papers of an athlete's file.
type PanelFiles struct {
	Action, Command string // to add one; empty: may not
	Papers          []PanelFile
	Forms           []Option
}

// PanelFile is a paper; Open is where it is opened.
type PanelFile struct{ ID, Title, About, Open, Command string }

// PanelButton is a form of one button.
type PanelButton struct{ Action, Command, Saw, Value, Text string }

// CaseAdmin is what an organiser does with a case.
type CaseAdmin struct {
	Panel, Fee, Withdraw string // addresses
	Commands             [3]string
	Saw                  string
	Panels, Fees         []Option
	Open                 bool
}

// CaseReject turns a case down.
type CaseReject struct{ Action, Command, Saw string }

// OutcomeForm asks what was decided: one group of big choices for each class
// group.
type OutcomeForm struct {
	Action   string
	Saw      string
	Groups   []OutcomeGroup
	Statuses []Option
	Reason   string
}

// OutcomeGroup is one class group. The class that is chosen is one that the
// sport's events admit, typed, or none: not decided.
type OutcomeGroup struct {
	N                 string
	Group, Title, Saw string
	Classes, Statuses []Option
	Typed, Review     string
	Limitation, Error string
}

// CasesPage lists cases: GET /c/{competition}/desk/cases.
type CasesPage struct {
	Page
	Back  string
	Cases []CaseRow
}

// CaseRow is a case with its clock. Shape is official, unofficial, alert or list.
type CaseRow struct {
	Title, URL, About string
	Clock, Shape      string
	Fee               string
	Withdraw          *PanelButton
}

// WatchPage lists who is under observation: GET /c/{competition}/desk/watch.
type WatchPage struct {
	Page
	Back string
	Rows []WatchRow
}

// WatchRow is somebody who is watched, and their first appearance.
type WatchRow struct {
	Name, URL, Delegation, Class string
	First, FirstURL, State       string
	Shape                        string
}

// TeamClassPage is what a delegation sees:
// GET /c/{competition}/team/{delegation}/classification.
type TeamClassPage struct {
	Page
	Delegation, TeamURL string
	Done                *Done
	Problems            []Problem
	People              []TeamClassRow
	Cases               []CaseRow
	May                 bool
	Forms               []Option
	Kinds, Classes      []Option // of a new case
	FileURL, CaseURL    string
	Command             string
	Late                bool // whoever files may give a reason for being late
	Typed               map[string]string
}

// TeamClassRow is a person in a sport.
type TeamClassRow struct {
	ID, Name, Sport string
	Held, Slots     []string
	Files           []string
	Command         string
}

func (PanelsPage) template() string      { return "panels" }
func (PanelFormPage) template() string   { return "panel-form" }
func (PanelSheetPage) template() string  { return "panel-sheet" }
func (PanelBookPage) template() string   { return "panel-book" }
func (PanelPersonPage) template() string { return "panel-person" }
func (CasesPage) template() string       { return "panel-cases" }
func (WatchPage) template() string       { return "panel-watch" }
func (TeamClassPage) template() string   { return "panel-team" }

func (PanelsPage) layout() string      { return "desk" }
func (PanelFormPage) layout() string   { return "desk" }
func (PanelSheetPage) layout() string  { return "desk" }
func (PanelBookPage) layout() string   { return "desk" }
func (PanelPersonPage) layout() string { return "desk" }
func (CasesPage) layout() string       { return "desk" }
func (WatchPage) layout() string       { return "desk" }
func (TeamClassPage) layout() string   { return "desk" }
