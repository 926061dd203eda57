package plan

import (
	"slices"
	"strings"
	"unicode"

	"tongchang/scoring"
)

// ParseDelegations reads a list as people paste it: a delegation on each line,
// its name alone, or letters, name and English name with tabs, commas or
// semicolons between. Empty lines say nothing.
func ParseDelegations(list string) ([]Delegation, error) {
	var rows [][]string
	for line := range strings.Lines(list) {
		rows = append(rows, strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("\t,;，；、|", r) }))
	}
	return DelegationsOf(rows)
}

// DelegationsOf reads a table: columns in any order, a head of names if there is
// one. What is of capitals and digits alone is a code, what has Chinese in it is
// the name, other letters the English name.
func DelegationsOf(rows [][]string) ([]Delegation, error) {
	var all []Delegation
	for _, row := range rows {
		var d Delegation
		for _, cell := range row {
			cell = strings.TrimSpace(cell)
			switch {
			case cell == "" || number(cell):
			case han(cell) && d.Name == "":
				d.Name = cell
			case coded(cell) && d.Code == "":
				d.Code = cell
			case d.NameEn == "":
				d.NameEn = cell
			}
		}
		if d.Name == "" {
			d.Name, d.NameEn = d.NameEn, ""
		}
		if d.Name == "" || heads[d.Name] {
			continue
		}
		if err := distinct(all, d); err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// heads are words over the column of names.
var heads = map[string]bool{"代表团": true, "代表队": true, "名称": true, "代表团名称": true, "单位": true, "参赛单位": true, "Name": true, "Delegation": true}

func distinct(all []Delegation, d Delegation) error {
	if slices.ContainsFunc(all, func(o Delegation) bool { return o.Name == d.Name }) {
		return &scoring.Invalid{Field: "delegations", Problem: "setup-twice", With: []string{d.Name}}
	}
	if slices.ContainsFunc(all, func(o Delegation) bool { return o.Code == d.Code && d.Code != "" }) {
		return &scoring.Invalid{Field: "delegations", Problem: "setup-twice", With: []string{d.Code}}
	}
	return nil
}

func number(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' }) < 0
}

func han(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}

// coded reports whether a word is a code: at most eight capitals and digits.
func coded(s string) bool {
	return len(s) <= 8 && strings.IndexFunc(s, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' }) < 0
}

// DelegationList writes delegations as [ParseDelegations] reads them.
func DelegationList(all []Delegation) string {
	var b strings.Builder
	for _, d := range all {
		b.WriteString(strings.Join([]string{d.Code, d.Name, d.NameEn}, "\t"))
		b.WriteString("\n")
	}
	return b.String()
}
