package web

// What officials see who read and decide upon sport classes, and what everybody
// sees of them.

// ClassesPage is the list of classes: GET /c/{competition}/desk/classes, and,
// of people who have agreed to be named, GET /c/{competition}/classes.
type ClassesPage struct {
	Page
	Official bool
	Rows     []ClassRow
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

// ClassForm asks for a change of class.
type ClassForm struct {
	Action, Group, Saw     string
	Class, Review, Reason  string
	Statuses, Causes, Keep []Option
}

// ClassActLine is an act of classification that the person was in.
type ClassActLine struct {
	Title, Reason string
	Undone        bool
	Undo          *ReasonForm
}

// ClassCheckPage shows what a change would come to before it is applied: POST
// /c/{competition}/desk/classes/{discipline}/{participant}/check.
type ClassCheckPage struct {
	Page
	Back    string
	Heading string
	Action  string
	Command string
	Hidden  []Option
	Parts   []ClassPart
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
