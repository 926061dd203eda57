package entry

import (
	"strconv"
	"strings"
	"unicode"

	"tongchang/events/identity"
)

// Plain is a word as it is compared: ordinary widths, no blanks, capitals, one
// form of the signs that are typed in several.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '・', '•', '‧', '∙', '⋅', '●', '．':
			return '·'
		case 'x', 'X', '*', '✕', '╳':
			return '×'
		}
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, identity.Narrow(s))
}

// PlainName is a person's name as it is compared. The point in 斯琴·格日乐 is
// typed in many ways; blanks in 张 伟 say nothing.
func PlainName(s string) string { return strings.ReplaceAll(Plain(s), ".", "·") }

// ParseSex reads 男, 女 and their English letters; everything else is neither.
func ParseSex(s string) identity.Sex {
	switch strings.TrimSuffix(Plain(s), "性") {
	case "男", "M", "MALE":
		return identity.Male
	case "女", "F", "W", "FEMALE":
		return identity.Female
	}
	return ""
}

// ParsePercent reads 30%, 30 and the 0.3 that a spreadsheet keeps for it.
func ParsePercent(s string) (int, bool) {
	text := strings.TrimSuffix(strings.TrimPrefix(Plain(s), "+"), "%")
	if Plain(s) == "1" {
		return 100, true // a spreadsheet's 100 %
	}
	if fraction, ok := strings.CutPrefix(text, "0."); ok && len(fraction) > 0 && len(fraction) <= 2 {
		text = (fraction + "0")[:2]
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && n <= 1000
}

var otherWords = strings.NewReplacer("公尺", "米", "男子", "", "女子", "")

// eventWord is an event's name as it is compared: 100m, １００公尺 and 男子100米
// are 100米.
func eventWord(s string) string {
	w := otherWords.Replace(Plain(s))
	var b strings.Builder
	digit := false
	for _, r := range w {
		if r == 'M' && digit {
			r = '米'
		}
		digit = r >= '0' && r <= '9'
		b.WriteRune(r)
	}
	return b.String()
}

// separators stand between events, classes and names in one cell.
func separators(r rune) bool { return strings.ContainsRune("、,，;；/\n\r|+", r) }

// SplitNames takes apart the names in one cell. A blank is part of a name.
func SplitNames(cell string) []string { return strings.FieldsFunc(cell, separators) }

// SplitEvents takes apart the events in one cell. A blank separates too, unless
// what it separates is one event together.
func (ed *Edition) SplitEvents(sport, cell string) []string {
	if strings.TrimSpace(cell) == "" {
		return nil
	}
	if len(ed.byName(sport, cell)) > 0 {
		return []string{strings.TrimSpace(cell)}
	}
	var all []string
	for part := range strings.FieldsFuncSeq(identity.Narrow(cell), separators) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if len(ed.byName(sport, part)) > 0 {
			all = append(all, part)
			continue
		}
		all = append(all, strings.Fields(part)...)
	}
	return all
}

// Classes takes apart the classes in one cell: T46/F46, t11, F56级. A number
// alone, 46级, is the track and the field class. 61公斤级 is a weight and stays.
func Classes(cell string) []string {
	var all []string
	for part := range strings.FieldsFuncSeq(strings.ToUpper(identity.Narrow(cell)), func(r rune) bool { return separators(r) || unicode.IsSpace(r) }) {
		class := part
		if !strings.HasSuffix(part, "公斤级") {
			class = strings.TrimSuffix(part, "级")
		}
		if _, err := strconv.Atoi(class); err == nil {
			all = append(all, "T"+class, "F"+class)
		} else if class != "" {
			all = append(all, class)
		}
	}
	return all
}
