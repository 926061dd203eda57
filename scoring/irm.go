package scoring

// IRM (invalid result mark) says why a line has no rank: Olympic Data Feed's
// word and codes. The empty IRM means that there is nothing to say.
type IRM string

// The codes in use. Which of them a discipline allows is for its rules.
const (
	DNS IRM = "DNS" // did not start
	DNF IRM = "DNF" // did not finish
	DSQ IRM = "DSQ" // disqualified, with a reference to the rule broken
	NM  IRM = "NM"  // no valid mark
	EXH IRM = "EXH" // exhibition: has a mark, takes no place (Lenex)
	WDR IRM = "WDR" // withdrawn before the start (Lenex)
	RJC IRM = "RJC" // entry rejected (Lenex)
	RET IRM = "RET" // retired during the contest
	WO  IRM = "WO"  // walkover: the opponent did not come
	CC  IRM = "CC"  // class changed: the mark was made in another class and takes no place
)

// order of the codes below the ranked lines: those who got furthest first.
var irmOrder = map[IRM]int{EXH: 1, CC: 2, NM: 3, DNF: 4, RET: 5, DSQ: 6, DNS: 7, WO: 8, WDR: 9, RJC: 10}

// Known reports whether the code is one of those above.
func (c IRM) Known() bool { return c == "" || irmOrder[c] > 0 }

// KeepsMark reports whether a mark made under this code is still shown.
func (c IRM) KeepsMark() bool { return c == EXH || c == CC }

// Check refuses a code that is not in use and one that contradicts what was
// recorded: who did not start or was withdrawn has no attempts, and NM stands
// beside no valid mark.
func (c IRM) Check(line string, started, valid bool) error {
	switch {
	case !c.Known():
		return &Invalid{Line: line, Field: "irm", Problem: "unknown-irm", With: []string{string(c)}}
	case started && (c == DNS || c == WDR || c == RJC):
		return &Invalid{Line: line, Field: "irm", Problem: "started-and-not", With: []string{string(c)}}
	case valid && c == NM:
		return &Invalid{Line: line, Field: "irm", Problem: "mark-and-none", With: []string{string(c)}}
	}
	return nil
}
