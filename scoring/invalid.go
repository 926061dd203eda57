package scoring

import (
	"fmt"
	"strings"
)

// Invalid is what a rule answers to input that it will not rank by guess. Line,
// Field and Rule say where and why; Problem is a key of the message catalogue
// and With its arguments, so that people read it in their language. Error is
// the English sentence for logs and the command line.
type Invalid struct {
	Line    string // ID of the line; empty when the rules themselves are at fault
	Field   string // mark, attempt 3, wind, …
	Problem string // catalogue key: out-of-range, wrong-measure, …
	With    []string
	Rule    string // rule book and clause, or the setting, that is not met
}

func (e *Invalid) Error() string {
	var b strings.Builder
	if e.Line != "" {
		fmt.Fprintf(&b, "line %s: ", e.Line)
	}
	if e.Field != "" {
		fmt.Fprintf(&b, "%s: ", e.Field)
	}
	b.WriteString(strings.ReplaceAll(e.Problem, "-", " "))
	if len(e.With) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(e.With, ", "))
	}
	if e.Rule != "" {
		fmt.Fprintf(&b, " [%s]", e.Rule)
	}
	return b.String()
}
