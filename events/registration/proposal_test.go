package registration

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tongchang/events/entry"
)

// knownRows reads rows as the ledger would have them, in states.
func knownRows(t *testing.T, states []State, rows ...string) []Known {
	t.Helper()
	im := Read(small(t), []File{sheet("大庆", append([]string{header}, rows...)...)}, today)
	if len(im.Rows) != len(rows) {
		t.Fatalf("%d rows", len(im.Rows))
	}
	var all []Known
	for i, r := range im.Rows {
		fresh := &entry.Row{Delegation: r.Delegation, Staff: r.Staff, Role: r.Role, Sport: r.Sport, Cells: r.Cells, Choices: r.Choices, NoChoice: r.NoChoice}
		all = append(all, Known{ID: int64(i + 1), State: states[i], Revision: 1, Row: fresh})
	}
	return all
}

// told writes a proposal: each row's name, difference, registration and what it
// changes, then who is gone.
func told(p *Proposal) string {
	var all []string
	for _, r := range p.Rows {
		text := fmt.Sprint(r.Row.Get(entry.Name), " ", r.Diff)
		if r.Known != nil {
			text += fmt.Sprint(" ", r.Known.ID)
		}
		for _, f := range r.Changed {
			text += " " + string(f)
		}
		all = append(all, text)
	}
	for _, k := range p.Gone {
		all = append(all, fmt.Sprint("gone ", k.ID))
	}
	return strings.Join(all, ", ")
}

func TestPropose(t *testing.T) {
	wrong := strings.Replace(person("乙", 5), number(5)+",", number(5)[:17]+"#,", 1)
	for name, tt := range map[string]struct {
		states []State
		known  []string
		file   []string
		want   string
		said   string
	}{
		"nothing there":                      {nil, nil, []string{person("甲", 3)}, "甲 new", ""},
		"the same":                           {[]State{Draft}, []string{person("甲", 3)}, []string{person("甲", 3)}, "甲 same 1", ""},
		"blanks are no change":               {[]State{Draft}, []string{person("张伟", 3)}, []string{strings.Replace(person("张伟", 3), "男", " 男 ", 1)}, "张伟 same 1", ""},
		"another event":                      {[]State{Draft}, []string{person("甲", 3)}, []string{strings.Replace(person("甲", 3), "100m", "跳远", 1)}, "甲 changed 1 event", ""},
		"a name put right":                   {[]State{Returned}, []string{person("甲", 3)}, []string{person("贾", 3)}, "贾 changed 1 name", ""},
		"a number put right":                 {[]State{Draft}, []string{wrong}, []string{person("乙", 5)}, "乙 changed 1 id", ""},
		"namesakes stay two":                 {[]State{Draft}, []string{person("甲", 3)}, []string{person("甲", 7)}, "甲 changed 1 cert id", ""},
		"one gone":                           {[]State{Draft, Submitted}, []string{person("甲", 3), person("乙", 5)}, []string{person("乙", 5)}, "乙 same 2, gone 1", ""},
		"accepted, as it is":                 {[]State{Accepted}, []string{person("甲", 3)}, []string{person("甲", 3)}, "甲 same 1", ""},
		"accepted, another mind":             {[]State{Accepted}, []string{person("甲", 3)}, []string{strings.Replace(person("甲", 3), "100m", "跳远", 1)}, "甲 left 1 event", ""},
		"withdrawn comes not back by a file": {[]State{Withdrawn}, []string{person("甲", 3)}, []string{person("甲", 3)}, "甲 left 1", ""},
		"who is gone counts still":           {[]State{Draft, Draft}, []string{person("甲", 3), person("乙", 5)}, []string{person("丙", 7)}, "丙 new, gone 1, gone 2", "over_quota_event"},
		"who is withdrawn does not":          {[]State{Withdrawn, Draft}, []string{person("甲", 3), person("乙", 5)}, []string{person("丙", 7)}, "丙 new, gone 2", ""},
		"twice in the file":                  {[]State{Draft}, []string{person("甲", 3)}, []string{person("甲", 3), person("甲", 3)}, "甲 same 1, 甲 new", "duplicate_in_delegation"},
	} {
		t.Run(name, func(t *testing.T) {
			p := Propose(small(t), sheet("大庆", append([]string{header}, tt.file...)...), knownRows(t, tt.states, tt.known...), nil, today)
			if got := told(p); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			var kinds []string
			for _, problem := range p.Problems {
				kinds = append(kinds, problem.Kind)
			}
			if got := strings.Join(kinds, " "); got != tt.said {
				t.Errorf("problems %q, want %q", got, tt.said)
			}
		})
	}
}

// TestProposeGivenUp: who was given up as a draft comes back by a file, under
// the same registration.
func TestProposeGivenUp(t *testing.T) {
	known := knownRows(t, []State{Withdrawn}, person("甲", 3))
	known[0].GivenUp = true
	p := Propose(small(t), sheet("大庆", header, person("甲", 3)), known, nil, today)
	if got := told(p); got != "甲 new 1" || len(p.Problems) != 0 {
		t.Errorf("%s; %+v", got, p.Problems)
	}
}

// TestProposeColumns: what the file has no column for stays as it is.
func TestProposeColumns(t *testing.T) {
	known := knownRows(t, []State{Draft}, person("甲", 3))
	short := File{Name: "大庆.csv", Data: []byte("姓名,性别,身份证号,大项,级别\n甲,男," + number(3) + ",田径,T46")}
	p := Propose(small(t), short, known, nil, today)
	if got := told(p); got != "甲 same 1" || len(p.Problems) != 0 {
		t.Errorf("%s; %+v", got, p.Problems)
	}
}

// TestProposeOthers: another delegation's rows are judged against and not told
// of.
func TestProposeOthers(t *testing.T) {
	other := knownRows(t, []State{Submitted}, person("丁", 3))[0].Row
	other.Delegation = "大庆油田"
	for f, c := range other.Cells {
		other.Cells[f] = entry.Cell{Address: "#7", Text: c.Text}
	}
	p := Propose(small(t), sheet("大庆", header, person("甲", 3)), nil, []*entry.Row{other}, today)
	if len(p.Problems) != 1 || p.Problems[0].Kind != "two_delegations" || len(p.Problems[0].Also) != 0 || len(p.Problems[0].Rows) != 1 {
		t.Errorf("%+v", p.Problems)
	}
	if !p.Rows[0].Refused() {
		t.Error("the row is not kept back")
	}
	if text := fmt.Sprintf("%+v", p.Problems); strings.Contains(text, "丁") {
		t.Errorf("another delegation's person is named: %s", text)
	}
}

// TestFixes: cells put right count as if they had stood in the file, also such
// as the file ends before.
func TestFixes(t *testing.T) {
	f := sheet("大庆", header, strings.Replace(person("甲", 3), ",100m", "", 1), person("乙", 5))
	f.Fixes = []Fix{{Address: "H3", Text: "跳远"}, {Address: "H4", Text: "铅球"}, {Address: "A99", Text: "x"}, {Sheet: "别的表", Address: "A3", Text: "x"}}
	im := Read(small(t), []File{f}, today)
	if got := said(im); got != "unknown_event@大庆.csv!H4" {
		t.Errorf("problems: %s", got)
	}
	if len(im.Rows) != 2 || im.Rows[0].Choices[0].Name != "跳远" {
		t.Errorf("%+v", im.Rows)
	}
	var places []int
	for _, letters := range []string{"A", "Z", "AA", "CV", "a", "1", "ZZZZZZZZZZZZZ"} {
		places = append(places, Column(letters))
	}
	if want := []int{0, 25, 26, 99, -1, -1, -1}; !slices.Equal(places, want) {
		t.Errorf("columns %v, want %v", places, want)
	}
}

func TestFunction(t *testing.T) {
	for typed, want := range map[string]string{"副团长": "deputy", "教练员": "coach", "领跑员": "guide", "队 医": "doctor", "坡道助手": "assistant", "后勤": "staff", "": "staff"} {
		if got := Function(typed); got != want {
			t.Errorf("%q is %s, want %s", typed, got, want)
		}
	}
	if IsStaff("运动员") || IsStaff("") || !IsStaff("领队") {
		t.Error("who competes")
	}
}
