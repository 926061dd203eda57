package web

// What a judge's tablet is told: types made for leaving. No identity, no
// birthday, no need beyond what changes the contest goes out with them.

// TabletPage is the shell of the judge's tablet: GET /c/{competition}/tablet.
// It has words and drawings but nobody's data, so that a worker may keep it.
type TabletPage struct {
	Page
	Competition string // code
	Version     string // of the script that the page loads
	Words       map[string]string
	Manifest    string
}

func (TabletPage) template() string { return "tablet-app" }
func (TabletPage) layout() string   { return "tablet-shell" }

// TabletWork is what a judge has to do, the answer to GET
// /c/{competition}/tablet/work.
type TabletWork struct {
	Epoch   string       `json:"epoch"`
	Now     int64        `json:"now"`   // the server's clock, in ms
	Judge   string       `json:"judge"` // the name that their marks are written under
	Role    string       `json:"role"`
	Seat    string       `json:"seat"`
	Version string       `json:"version"` // of the page's script that the server has
	Units   []TabletUnit `json:"units"`
}

// TabletUnit is a unit with what stands in it. Order is "line" where everything
// of one line is written before the next, "work" where that is a work with its
// aspects, "group" where each attempt goes through all lines.
type TabletUnit struct {
	ID         int64        `json:"id"`
	Title      string       `json:"title"`
	When       string       `json:"when"`
	Venue      string       `json:"venue"`
	Status     string       `json:"status"`
	StatusText string       `json:"status_text"`
	Closed     bool         `json:"closed"`
	Kind       string       `json:"kind"`
	Order      string       `json:"order"`
	Measure    string       `json:"measure"`
	Cells      []TabletCell `json:"cells"`
	Rows       []TabletRow  `json:"rows"`
}

// TabletRow is a line, or a meeting of two lines, which has cells of its own
// and belongs to the start of the first.
type TabletRow struct {
	Key   string                    `json:"key"`
	Start int64                     `json:"start"`
	Lane  string                    `json:"lane"`
	Name  string                    `json:"name"`
	Sides []string                  `json:"sides,omitempty"`
	About string                    `json:"about"`
	Has   string                    `json:"has"` // accommodations in the contest, never why
	Out   string                    `json:"out"`
	Cells []TabletCell              `json:"cells,omitempty"`
	Stand map[string]TabletStanding `json:"stand"`
}

// TabletCell is one input. Min, Max and Step are whole numbers of the measure;
// a Max of 0 is no limit.
type TabletCell struct {
	Name     string         `json:"name"`
	Label    string         `json:"label"`
	Group    string         `json:"group"`
	Input    string         `json:"input"`
	Choices  []TabletOption `json:"choices,omitempty"`
	Reasons  []TabletOption `json:"reasons,omitempty"`
	Measure  string         `json:"measure"`
	Min      int64          `json:"min"`
	Max      int64          `json:"max"`
	Step     int64          `json:"step"`
	Blind    bool           `json:"blind,omitempty"`
	Running  bool           `json:"running,omitempty"`
	Optional bool           `json:"optional,omitempty"`
}

// TabletOption is a choice, or a reason for having no result.
type TabletOption struct {
	Value  string `json:"value"`
	Label  string `json:"label"`
	Detail string `json:"detail,omitempty"` // a level in the scheme's words
}

// TabletStanding is what stands in a cell.
type TabletStanding struct {
	Text     string `json:"text"`
	Revision int64  `json:"revision"`
	By       string `json:"by"`
	Hidden   bool   `json:"hidden,omitempty"` // given by another judge, and blind until all have given
}

// tabletManifest lets a device put the page among its programs.
type tabletManifest struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	ShortName  string       `json:"short_name"`
	Lang       string       `json:"lang"`
	StartURL   string       `json:"start_url"`
	Scope      string       `json:"scope"`
	Display    string       `json:"display"`
	Background string       `json:"background_color"`
	Theme      string       `json:"theme_color"`
	Icons      []tabletIcon `json:"icons"`
}

type tabletIcon struct {
	Source string `json:"src"`
	Sizes  string `json:"sizes"`
	Type   string `json:"type"`
}

// OutboxPage takes in a file of marks that a tablet could not send: GET
// /c/{competition}/desk/outbox, what is in it (…/check) and what became of it
// (…/take).
type OutboxPage struct {
	Page
	t        *Translator
	URL      string
	Problems []Problem
	Lines    []OutboxLine // in the file; after it was taken in: those that were refused
	File     string       // the file itself, to be taken in after a look
	Done     string
}

func (OutboxPage) template() string { return "outbox" }
func (OutboxPage) layout() string   { return "desk" }

// OutboxLine is one mark of the file.
type OutboxLine struct {
	By      string
	About   string
	Text    string
	Problem string // why it was not entered
}
