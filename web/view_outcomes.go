package web

// What whoever decides upon classes sees of files of outcomes.

// OutcomesPage lists the files: GET /c/{competition}/desk/classes/outcomes.
type OutcomesPage struct {
	Page
	ListURL  string // of the classes
	Action   string
	Excel    string // our own list, to be filled in
	Most     string // rows that a file may have
	Sports   []Option
	Causes   []Option
	Done     *Done
	Problems []Problem
	Files    []OutcomeLine
}

// OutcomeLine is one file.
type OutcomeLine struct {
	Name, URL, About string
	Shape, State     string
}

// OutcomeFilePage is one file:
// GET /c/{competition}/desk/classes/outcomes/{outcomes}. While it waits it has
// Rows, once it is applied Parts.
type OutcomeFilePage struct {
	Page
	Back, Name, About      string
	Shape, State           string
	Done                   *Done
	Problems               []Problem
	Decides, Same, Refused int
	Notes                  []string
	Rows                   []OutcomeRow
	Check                  string
	Keep                   []Option
	Parts                  []ClassPart
	Undo                   *ReasonForm
	Drop                   string
}

// OutcomeRow is a row of the file.
type OutcomeRow struct {
	Place       string // 田径 · 第 4 行
	Name, Over  string
	From, To    string // T54 N → T53 C
	More        string // panel, day, classifiers
	Shape, Text string // what it does
	Wrong       []string
}

func (OutcomesPage) layout() string    { return "desk" }
func (OutcomeFilePage) layout() string { return "desk" }

func (OutcomesPage) template() string    { return "outcomes" }
func (OutcomeFilePage) template() string { return "outcomes-file" }
