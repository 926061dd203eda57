package web

// The pages of privacy: what a person has agreed to, which papers there are, who
// has looked; one sealed value, for a short while; what everybody is told.

// PrivacyPage is a person's page of consents, papers and looks.
type PrivacyPage struct {
	Page
	Delegation string
	Name       string
	PersonURL  string
	URL        string // of this page; what it does is below it
	Problems   []Problem
	Done       *Done
	Notice     string // address of the text in force; empty: there is none
	Version    int
	Consents   []ConsentLine
	Purposes   []Option // that can be agreed to now
	By         []Option
	Today      string
	Papers     []PaperLine
	Kinds      []Option
	Looks      []LookLine
	SeesLooks  bool
	May        bool // write
	MayExport  bool
	MayErase   bool
	Saw        int64
	Commands   map[string]string // an ID for each form
	Typed      map[string]string // what was typed last
}

// ConsentLine is where the person stands with one purpose.
type ConsentLine struct {
	Purpose string
	Title   string
	Means   string // what it means to take it back
	Shape   string // official, unofficial, alert
	State   string
	About   string
	Take    bool // can be taken back
	Command string
}

// PaperLine is a paper.
type PaperLine struct {
	ID      int64
	Title   string
	About   string
	Photo   bool
	Open    bool // who looks may open it
	Command string
	Drop    string // ID of the command that takes it away; empty: may not
}

// LookLine is a look that was taken.
type LookLine struct{ Time, By, What, Reason string }

// LookPage asks why somebody wants to see a value, and then shows it.
type LookPage struct {
	Page
	Delegation string
	Name       string
	PersonURL  string
	Action     string
	Problems   []Problem
	Fields     []Option
	Field      string // its name, once it is shown
	Value      string // empty: it is asked why
	Spoken     string // the value as single signs, to be read out
	Command    string
	Typed      string
}

// NoticePage is what everybody is told about their data.
type NoticePage struct {
	Page
	Paragraphs []string
	Version    string // 第 2 版，6 月 1 日起; empty: there is no text
}

// PrivacyDeskPage is the organiser's: the text, the keys, all looks.
type PrivacyDeskPage struct {
	Page
	URL      string
	Problems []Problem
	Done     *Done
	Versions []string
	Next     int
	Words    string
	WordsEn  string
	Command  string
	Keys     []string // sentences
	Erase    string   // until when
	Looks    []LookLine
}

func (PrivacyPage) template() string     { return "privacy-person" }
func (LookPage) template() string        { return "privacy-look" }
func (NoticePage) template() string      { return "privacy-notice" }
func (PrivacyDeskPage) template() string { return "privacy-desk" }

func (PrivacyPage) layout() string     { return "desk" }
func (LookPage) layout() string        { return "desk" }
func (PrivacyDeskPage) layout() string { return "desk" }
