package web

// Photo finish: what the camera saved of a unit, to be taken by its judge.

// CameraPage is a unit's page of results that a camera saved.
type CameraPage struct {
	Page
	Heading  string
	Back     string // the judge's page of the unit
	URL      string
	Starts   []Option // the start files for the camera's operator: address and name
	Problems []Problem
	Done     *Done
	Files    []CameraFile
	Closed   bool // the unit is official: nothing can be taken
}

// CameraFile is a result that waits.
type CameraFile struct {
	ID       string
	Name     string
	About    string // when it was saved
	Take     string // address
	Drop     string
	Command  string
	Rows     []CameraRow
	Needs    bool   // something stands that would be written over: a reason is needed
	Rule     bool   // somebody is disqualified: the rule is needed
	TakeText string // the button's words, with how many
	Typed    string // the reason typed last
	TypedAs  string // the rule typed last
}

// CameraRow is one line of the file.
type CameraRow struct {
	Name     string // of the form's field; empty: it cannot be chosen
	Saw      int64
	Chosen   bool
	Lane     string
	Who      string
	Of       string
	Read     string // as the camera has it
	Mark     string // as it is published
	Spoken   string
	Present  string
	Shape    string // chip
	Text     string
	Selected string // label of the box: take the time of …
}

func (CameraPage) template() string { return "camera" }
func (CameraPage) layout() string   { return "desk" }
