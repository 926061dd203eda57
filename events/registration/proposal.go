package registration

import (
	"maps"
	"slices"
	"strings"

	"tongchang/events/entry"
	"tongchang/events/identity"
)

// Known is a registration that the ledger has, as a row that the rules judge.
type Known struct {
	ID       int64
	State    State
	Revision int64
	Row      *entry.Row
	GivenUp  bool // withdrawn as a draft: a file that has it brings it back
}

// Diff says what a row of a file is to the registrations that there are.
type Diff string

// The differences.
const (
	New     Diff = "new"
	Changed Diff = "changed"
	Same    Diff = "same"
	Left    Diff = "left" // it is accepted or withdrawn already: a file does not change that
)

// Proposal is what a file would do to a delegation's registrations.
type Proposal struct {
	Taken    Taken
	Date1904 bool
	Rows     []ProposedRow
	Problems []entry.Problem // of the file and its rows, in the order of the file
	Gone     []Known         // that the file does not have
}

// ProposedRow is a row of a file beside the registration that it is.
type ProposedRow struct {
	Row     *entry.Row
	Known   *Known // nil: it was never there
	Diff    Diff
	Changed []entry.Field
}

// Refused reports whether an error keeps the row back.
func (p *ProposedRow) Refused() bool { return p.Row.Refused }

// Propose reads a delegation's file, finds for every row the registration that
// it is, and judges the file together with everything that is entered: own are
// the delegation's registrations, others the rows of all other delegations. A
// column that the file does not have leaves what is there as it is. Others' rows
// are judged against, and never reported.
func Propose(ed *entry.Edition, f File, own []Known, others []*entry.Row, today identity.Date) *Proposal {
	r := reader{ed: ed, file: f}
	p := &Proposal{Taken: r.read()}
	if p.Taken.Err != nil {
		return p
	}
	p.Date1904 = r.book.Date1904
	p.match(r.rows, own, today)
	im := &Import{Files: []Taken{p.Taken}}
	im.Problems = append(r.found, p.judge(ed, others, today)...)
	im.sort([]File{f})
	p.Problems = im.Problems
	for _, found := range r.found {
		for _, row := range found.Rows {
			row.Refused = row.Refused || found.Severity == entry.Error
		}
	}
	return p
}

// judge has the rules judge the file's rows after all others, so that what is
// wrong between two is said at the file's.
func (p *Proposal) judge(ed *entry.Edition, others []*entry.Row, today identity.Date) []entry.Problem {
	rows := slices.Clone(others)
	for _, k := range p.Gone {
		if k.State.Counts() {
			rows = append(rows, k.Row)
		}
	}
	mine := map[*entry.Row]bool{}
	for i := range p.Rows {
		row := &p.Rows[i]
		switch {
		case row.Diff != Left:
			rows, mine[row.Row] = append(rows, row.Row), true
		case row.Known.State.Counts(): // what is accepted is judged as it stands
			rows = append(rows, row.Known.Row)
		}
	}
	return Mine(entry.Check(ed, rows, today), mine)
}

// Mine keeps the problems of some rows, and of other problems nothing. Cells of
// rows that are not among them go too: they may be another delegation's.
func Mine(problems []entry.Problem, mine map[*entry.Row]bool) []entry.Problem {
	places := map[entry.Cell]bool{}
	for r := range mine {
		for _, c := range r.Cells {
			places[c] = true
		}
		for _, c := range r.Choices {
			places[c.At] = true
		}
		places[r.NoChoice] = true
	}
	var kept []entry.Problem
	for _, p := range problems {
		p.Rows = slices.DeleteFunc(slices.Clone(p.Rows), func(r *entry.Row) bool { return !mine[r] })
		if len(p.Rows) == 0 {
			continue
		}
		p.Also = slices.DeleteFunc(slices.Clone(p.Also), func(c entry.Cell) bool { return !places[c] })
		kept = append(kept, p)
	}
	return kept
}

// match finds the registration of every row: by number and sport, then by name,
// day of birth, sex and sport. Each is found once, those that are withdrawn last.
func (p *Proposal) match(rows []*entry.Row, own []Known, today identity.Date) {
	own = slices.Clone(own)
	slices.SortStableFunc(own, func(a, b Known) int {
		switch {
		case a.State.Counts() == b.State.Counts():
			return 0
		case a.State.Counts():
			return -1
		}
		return 1
	})
	mine, theirs := make([]keys, len(rows)), make([]keys, len(own))
	for i, row := range rows {
		mine[i] = keysOf(row, today)
	}
	for i := range own {
		theirs[i] = keysOf(own[i].Row, today)
	}
	found, taken := make([]*Known, len(rows)), make([]bool, len(own))
	for tier := range len(keys{}.by) {
		waiting := map[string][]int{}
		for i := range own {
			if key := theirs[i].by[tier]; !taken[i] && key != "" {
				waiting[key] = append(waiting[key], i)
			}
		}
		for i := range rows {
			for _, at := range waiting[mine[i].by[tier]] {
				if found[i] == nil && !taken[at] && mine[i].may(theirs[at], tier) {
					taken[at], found[i] = true, &own[at]
				}
			}
		}
	}
	for i, row := range rows {
		p.Rows = append(p.Rows, difference(row, found[i]))
	}
	for i := range own {
		if !taken[i] && own[i].State != Withdrawn {
			p.Gone = append(p.Gone, own[i])
		}
	}
}

// keys are what a row may be recognised by, the surest first: number, sport and
// function; number and sport; name, day of birth, sex and sport; name alone. An
// empty one says nothing.
type keys struct {
	by      [4]string
	certain bool // the number is a right one
}

// may keeps two people apart who have right numbers and only their name in
// common: by the name alone somebody is known whose number was wrong.
func (k keys) may(other keys, tier int) bool {
	return tier < 3 || !k.certain || !other.certain
}

func keysOf(r *entry.Row, today identity.Date) (k keys) {
	kind, function := "athlete", ""
	if r.Staff {
		kind, function = "staff", entry.Plain(r.Role)
	}
	sport := ""
	if r.Sport != nil {
		sport = r.Sport.Name
	}
	number, name := identity.Normalise(r.Get(entry.ID)), entry.PlainName(r.Get(entry.Name))
	day, _ := identity.ReadDay(r.Get(entry.Birth), r.Date1904)
	sex := entry.ParseSex(r.Get(entry.Sex))
	if id, err := identity.ParseCitizenID(r.Get(entry.ID), today); err == nil {
		day, sex, k.certain = id.Birth(), id.Sex(), true
	}
	key := func(parts ...string) string { return strings.Join(append(parts, kind, sport), "|") }
	if number != "" {
		k.by[0], k.by[1] = key(number, function), key(number)
	}
	if name != "" && day != (identity.Date{}) && sex != "" {
		k.by[2] = key(name, day.String(), string(sex), function)
	}
	if name != "" {
		k.by[3] = key(name, function)
	}
	return k
}

// difference says what a row changes in the registration that it is, and takes
// from that what the file has no column for.
func difference(row *entry.Row, known *Known) ProposedRow {
	if known == nil {
		return ProposedRow{Row: row, Diff: New}
	}
	p := ProposedRow{Row: row, Known: known, Diff: Same}
	have, says := Typed(known.Row), Typed(row)
	for f, text := range have {
		if _, ok := row.Cells[f]; !ok && says[f] == "" {
			says[f] = text
			lend(row, known.Row, f)
		}
	}
	for _, f := range slices.Sorted(maps.Keys(have)) {
		if says[f] != have[f] {
			p.Changed = append(p.Changed, f)
		}
	}
	for _, f := range slices.Sorted(maps.Keys(says)) {
		if _, ok := have[f]; !ok {
			p.Changed = append(p.Changed, f)
		}
	}
	switch {
	case known.GivenUp:
		p.Diff = New
	case known.State == Withdrawn, len(p.Changed) > 0 && known.State == Accepted:
		p.Diff = Left
	case len(p.Changed) > 0 || row.Staff != known.Row.Staff || row.Counted != known.Row.Counted:
		p.Diff = Changed
	}
	return p
}

// lend gives a row what the registration has and the file has no column for.
func lend(row, known *entry.Row, f entry.Field) {
	switch f {
	case Role:
		row.Role = known.Role
	case entry.InSport:
		row.Sport = known.Sport
		row.Cells[f] = known.Cells[f]
	case entry.Events:
		row.Choices, row.NoChoice = known.Choices, known.NoChoice
	default:
		row.Cells[f] = known.Cells[f]
	}
}

// Role is a person's function in the delegation, as a field of the row.
const Role entry.Field = "role"

// Typed is what a row says, by field, without what is empty: days written so
// that they need no calendar of the file, a sport by the edition's name of it,
// the events in their order. It is what is kept of a row, and by what two rows
// are the same.
func Typed(r *entry.Row) map[entry.Field]string {
	says := map[entry.Field]string{}
	for f, c := range r.Cells {
		if text := strings.TrimSpace(c.Text); text != "" && f != entry.Count {
			says[f] = text
		}
	}
	for _, f := range []entry.Field{entry.Birth, entry.Valid} {
		if day, ok := identity.ReadDay(says[f], r.Date1904); ok {
			says[f] = day.String()
		}
	}
	if r.Sport != nil {
		says[entry.InSport] = r.Sport.Name
	}
	if r.Role != "" {
		says[Role] = r.Role
	}
	delete(says, entry.Events)
	if len(r.Choices) > 0 {
		says[entry.Events] = JoinChoices(r.Choices)
	}
	return says
}

// JoinChoices writes events as one text that a cell of a sheet might have.
func JoinChoices(choices []entry.Choice) string {
	names := make([]string, len(choices))
	for i, c := range choices {
		names[i] = c.Name
	}
	return strings.Join(names, "、")
}
