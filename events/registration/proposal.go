package registration

import "tongchang/events/entry"

// Role is a person's function in the delegation, as a field of the row.
const Role entry.Field = "role"

// Diff says what a row of a file is to the registrations that there are.
type Diff string

// The differences.
const (
	New     Diff = "new"
	Changed Diff = "changed"
	Same    Diff = "same"
	Left    Diff = "left" // it is accepted or withdrawn already: a file does not change that
)
