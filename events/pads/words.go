// What choices are called. A key names a sentence of the catalogue, so that a
// button says in words what it writes.
package pads

import "strings"

// choiceWords are keys by what a cell writes.
var choiceWords = map[string]string{
	"white": "choice.white", "red": "choice.red", "good": "choice.good", "yes": "choice.yes", declined: "choice.declined",
	"-": "choice.pass", "r": "choice.retired", "O": "choice.cleared", "M": "choice.miss",
	"a": "choice.side-a", "b": "choice.side-b",
	"walkover a": "choice.walkover-a", "walkover b": "choice.walkover-b", "walkover both": "choice.walkover-both",
	"retired a": "choice.retired-a", "retired b": "choice.retired-b", "retired both": "choice.retired-both",
	"disqualified a": "choice.disqualified-a", "disqualified b": "choice.disqualified-b", "disqualified both": "choice.disqualified-both",
	"forfeit a": "choice.forfeit-a", "forfeit b": "choice.forfeit-b", "forfeit both": "choice.forfeit-both",
	"conceded a": "choice.conceded-a", "conceded b": "choice.conceded-b",
}

// ChoiceWord is the key that says a choice in words; empty where it is said as
// it is written: a ring, a level.
func (c *Cell) ChoiceWord(choice string) string {
	switch {
	case choice == "X" && len(c.Choices) == len(rings):
		return "choice.inner-ten"
	case choice == "X":
		return "choice.foul"
	case choice == "no" && strings.HasSuffix(c.Name, "/jury"):
		return "choice.not-good"
	case choice == "no":
		return "choice.no"
	}
	return choiceWords[choice]
}
