package needs

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tongchang/scoring"
)

// State is how far a need has come.
type State string

// The states: 提出, 受理, 派单, 办理中, 已响应, 已满意, 退回重办, 撤回.
const (
	Asked     State = "asked"
	Accepted  State = "accepted"  // the desk has read it
	Assigned  State = "assigned"  // it has an owner and a time
	Doing     State = "doing"     // the owner has taken it
	Answered  State = "answered"  // the person has been told what will be done, or why not and what instead
	Satisfied State = "satisfied" // by the person's own word
	Reopened  State = "reopened"  // not satisfied, or the need has changed
	Withdrawn State = "withdrawn"
)

// States lists them in the order of the road.
var States = []State{Asked, Accepted, Assigned, Doing, Answered, Satisfied, Reopened, Withdrawn}

// Steps are the stations that everybody hopes to pass, for the line that shows
// how far a need has come.
var Steps = []State{Asked, Accepted, Assigned, Doing, Answered, Satisfied}

// Open reports whether somebody of the organisers still has to do something.
func (s State) Open() bool { return slices.Contains(open, s) }

var open = []State{Asked, Accepted, Assigned, Doing, Reopened}

// Act is what somebody does to a need.
type Act string

// The acts.
const (
	Ask      Act = "ask"
	Change   Act = "change"  // the person says it anew
	Still    Act = "still"   // asked again at arrival: as it was
	Accept   Act = "accept"  //
	Assign   Act = "assign"  // to an owner, with a time
	Take     Act = "take"    // the owner begins
	Remind   Act = "remind"  // the owner is reminded
	Answer   Act = "answer"  // with a verdict and words
	Satisfy  Act = "satisfy" // the person says that it is good
	Reopen   Act = "reopen"  // the person says why it is not
	Withdraw Act = "withdraw"
	Merge    Act = "merge" // it becomes one task with others; the state stays
	Split    Act = "split" // it is taken out of its task
)

// Side is who acts: the person with the delegation, or the organisers.
type Side string

// The sides.
const (
	Asker  Side = "asker"
	Server Side = "server"
)

// Move is one line of the machine.
type Move struct {
	From  []State
	To    State  // empty: the state stays
	By    []Side // who may
	Words bool   // has to be said in words
}

// Moves is the machine. What is not in it is refused. A need that changes after
// somebody has looked at it is reopened, so that nobody goes on with what was
// asked for before; one that is taken in hand without having been accepted is
// accepted by that.
var Moves = map[Act]Move{
	Still:    {From: []State{Asked, Accepted, Assigned, Doing, Answered, Satisfied, Reopened}, By: []Side{Asker, Server}},
	Accept:   {From: []State{Asked}, To: Accepted, By: []Side{Server}},
	Assign:   {From: open, To: Assigned, By: []Side{Server}},
	Take:     {From: []State{Assigned}, To: Doing, By: []Side{Server}},
	Remind:   {From: []State{Assigned, Doing}, By: []Side{Server}},
	Answer:   {From: open, To: Answered, By: []Side{Server}, Words: true},
	Satisfy:  {From: []State{Answered}, To: Satisfied, By: []Side{Asker, Server}},
	Reopen:   {From: []State{Answered, Satisfied}, To: Reopened, By: []Side{Asker, Server}, Words: true},
	Change:   {From: []State{Asked, Accepted, Assigned, Doing, Answered, Satisfied, Reopened}, To: Reopened, By: []Side{Asker, Server}},
	Withdraw: {From: []State{Asked, Accepted, Assigned, Doing, Answered, Satisfied, Reopened}, To: Withdrawn, By: []Side{Asker, Server}},
}

// Next is the state that an act leads to, or why it cannot be done.
func Next(s State, a Act, by Side) (State, error) {
	m, ok := Moves[a]
	switch {
	case !ok || !slices.Contains(m.By, by):
		return s, &scoring.Invalid{Field: "act", Problem: "need-not-yours", With: []string{string(a)}}
	case !slices.Contains(m.From, s):
		return s, &scoring.Invalid{Field: "act", Problem: "need-cannot-" + string(s)}
	case a == Change && s == Asked:
		return Asked, nil // nobody has looked at it yet
	case m.To == "":
		return s, nil
	}
	return m.To, nil
}

// May lists the acts that a side can do to a need in a state, in the order of
// the road.
func May(s State, by Side) (acts []Act) {
	for _, a := range []Act{Accept, Assign, Take, Answer, Satisfy, Reopen, Remind, Still, Change, Withdraw} {
		if _, err := Next(s, a, by); err == nil {
			acts = append(acts, a)
		}
	}
	return acts
}

// Shares reports whether an act on one need of a task is done to all of it.
// What the person says is said for that person alone.
func (a Act) Shares() bool {
	return a == Accept || a == Assign || a == Take || a == Remind || a == Answer
}

// Verdict is what an answer comes to.
type Verdict string

// The verdicts.
const (
	Will    Verdict = "will"    // it will be done as asked
	Instead Verdict = "instead" // not that, but something in its place
	Cannot  Verdict = "cannot"  // not possible; the words say why
)

// Verdicts lists them in the order of the form.
var Verdicts = []Verdict{Will, Instead, Cannot}

// What somebody says is at most this long, and an answer at least this: "no" is
// not an answer.
const (
	MostWords  = 600
	LeastWords = 4
)

// CheckWords holds what was typed against an act. Characters are counted, not
// bytes.
func CheckWords(a Act, words string) error {
	n := utf8.RuneCountInString(strings.TrimSpace(words))
	switch {
	case n > MostWords:
		return &scoring.Invalid{Field: "words", Problem: "need-words-long", With: []string{"600"}}
	case Moves[a].Words && n < LeastWords:
		return &scoring.Invalid{Field: "words", Problem: "need-words-short"}
	}
	return nil
}
