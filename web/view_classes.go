package web

// What officials see who read and decide upon sport classes, and what everybody
// sees of them.

// ClassesPage is the list of classes: GET /c/{competition}/desk/classes, and,
// of people who have agreed to be named, GET /c/{competition}/classes.
type ClassesPage struct {
	Page
	Official    bool
	OutcomesURL string // outcomes as a file, for who may decide
	Filter      Filter // officials' alone
	Shown       string // 共 120 人，显示第 1–100 人
	Pages       []PageLink
	Rows        []ClassRow
}

// ClassRow is a person's class in one group of a discipline.
type ClassRow struct {
	Name, URL         string
	Delegation, Sport string
	Class, Status     string
	Means             string // what the status lets a result count for, or what NE and CNC block
}

// ClassPage is a person in one discipline:
// GET /c/{competition}/desk/classes/{discipline}/{participant}.
type ClassPage struct {
	Page
	ListURL  string
	Name     string
	Over     string // 田径 · 哈尔滨
	Done     *Done
	Problems []Problem
	Lines    []ClassHeld
	First    *ClassForm // for a class group in which the person holds nothing
	Acts     []ClassActLine
}

// ClassHeld is a class group with its history and, for who may decide, the form
// of a change.
type ClassHeld struct {
	ClassRow
	ID      string
	History []string
	Form    *ClassForm
}

// ClassForm asks for a change of class. Wrong is the field that has to be put
// right, Error what is wrong with it.
type ClassForm struct {
	ID, Action, Group, Saw         string
	Class, Review, Reason          string
	Panel, Day, Order, Classifiers string
	Limitation                     string
	Statuses, Causes, Keep         []Option
	Wrong, Error                   string
}

// ClassActLine is an act of classification that the person was in.
type ClassActLine struct {
	Title, Reason string
	Undone        bool
	Undo          *ReasonForm
}

// ClassCheckPage shows what a change would come to before it is applied: POST
// /c/{competition}/desk/classes/{discipline}/{participant}/check, and of a file
// /c/{competition}/desk/classes/outcomes/{outcomes}/check.
type ClassCheckPage struct {
	Page
	Back    string
	Heading string
	Action  string
	Command string
	Hidden  []Option
	Parts   []ClassPart
	Left    string // of a file: how many rows are left out
	Reason  string
}

// ClassPart is one kind of consequence; Lines is empty where there is none.
type ClassPart struct {
	Title string
	Lines []string
}

func (p ClassesPage) layout() string {
	if p.Official {
		return "desk"
	}
	return "layout"
}
func (ClassPage) layout() string      { return "desk" }
func (ClassCheckPage) layout() string { return "desk" }

func (ClassesPage) template() string    { return "classes" }
func (ClassPage) template() string      { return "classes-person" }
func (ClassCheckPage) template() string { return "classes-check" }
