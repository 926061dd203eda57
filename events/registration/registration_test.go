package registration

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

const rules = `{"name":"省残运会","opening":"2027-06-18","delegations":["大庆","大庆油田"],
"sports":[{"code":"AT","name":"田径","birthFrom":"1967-01-01","birthTo":"2014-12-31"}],"classCategories":[{"category":4,"classes":"all others"}]}`

const programme = "code,sport,sex,class,event,kind,limit_per_delegation,team_min,team_max,admits_classes\n" +
	"A1,田径,男,T46,100米,individual,2,1,1,T46\nA2,田径,男,T46,跳远,individual,2,1,1,T46\n"

func small(t testing.TB) *entry.Edition {
	t.Helper()
	ed, err := entry.ReadEdition(strings.NewReader(rules), strings.NewReader(programme))
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// number makes a right number. Its place is no county's.
func number(sequence int) string {
	s := fmt.Sprintf("23069919900512%03d", sequence)
	return s + string(identity.CheckDigit(s))
}

// sheet is a delegation's list as text.
func sheet(title string, rows ...string) File {
	return File{Name: title + ".csv", Data: []byte("代表团:" + title + "\n" + strings.Join(rows, "\n"))}
}

const header = "姓名,性别,身份证号,残疾证,残疾类别,大项,级别,小项"

func person(name string, sequence int) string {
	id := number(sequence)
	return fmt.Sprintf("%s,男,%s,%s42,肢体,田径,T46,100m", name, id, id)
}

// said writes the problems down: kind, file and cell.
func said(im *Import) string {
	var all []string
	for _, p := range im.Problems {
		all = append(all, fmt.Sprintf("%s@%s!%s", p.Kind, p.At.File, p.At.Address))
	}
	return strings.Join(all, " ")
}

func TestRead(t *testing.T) {
	for name, tt := range map[string]struct {
		files []File
		want  string // problems
		taken string // files: delegation, athletes, staff, or what is wrong
	}{
		"one file": {[]File{sheet("大庆", header, person("甲", 3), person("乙", 5))}, "", "大庆 2 0"},
		"staff below": {[]File{sheet("大庆油田市", header, person("甲", 3), "", "随队人员", "职务,姓名,性别,身份证号,联系电话", "领队,丙,男,"+number(9)+",19900000001")},
			"", "大庆油田 1 1"},
		"problems in the order of files and cells": {[]File{
			sheet("大庆", header, person("甲", 3), strings.Replace(person("乙", 5), "100m", "铅球", 1), strings.Replace(person("丙", 7), "T46", "", 1)),
			sheet("大庆油田", header, person("甲", 3)),
		}, "unknown_event@大庆.csv!H4 class_missing@大庆.csv!G5 two_delegations@大庆油田.csv!C3", "大庆 3 0, 大庆油田 1 0"},
		"whose":                     {[]File{{Name: "x.csv", Data: []byte(header + "\n" + person("甲", 3))}}, "", "book-whose"},
		"whose, by the file's name": {[]File{{Name: "07 大庆.csv", Data: []byte(header + "\n" + person("甲", 3))}}, "", "大庆 1 0"},
		"no list":                   {[]File{sheet("大庆", "填表说明", "1、用文本格式")}, "", "book-no-table"},
		"a web page among others":   {[]File{{Name: "a.xls", Data: []byte("<html>")}, sheet("大庆", header, person("甲", 3))}, "", "book-html, 大庆 1 0"},
		"an event of two columns":   {[]File{sheet("大庆", header+",小项2", person("甲", 3)+",跳远")}, "", "大庆 1 0"},
	} {
		t.Run(name, func(t *testing.T) {
			im := Read(small(t), tt.files, today)
			var taken []string
			for _, f := range im.Files {
				if problem := (*scoring.Invalid)(nil); f.Err != nil {
					problem, _ = f.Err.(*scoring.Invalid)
					taken = append(taken, problem.Problem)
				} else {
					taken = append(taken, fmt.Sprint(f.Delegation, " ", f.Athletes, " ", f.Staff))
				}
			}
			if got := said(im); got != tt.want {
				t.Errorf("problems: %s\nwant: %s", got, tt.want)
			}
			if got := strings.Join(taken, ", "); got != tt.taken {
				t.Errorf("files: %s, want %s", got, tt.taken)
			}
		})
	}
}

// TestForms: lists and tables of events are brought together by name, namesakes
// in their order; head counts are held against the lists.
func TestForms(t *testing.T) {
	list := []string{"B表 田径队", "姓名,性别,身份证号,残疾证,残疾类别,级别"}
	for i, name := range []string{"张伟", "张 伟", "李·强"} {
		id := number(2*i + 3)
		list = append(list, fmt.Sprintf("%s,男,%s,%s42,肢体,T46", name, id, id))
	}
	list = append(list, "C表 报项表", "姓名,性别,级别,100米,跳远,项数", "张伟,男,T46,√,,1", "张伟,男,T46,,√,1", "李•强,男,T46,,不定,0", "王五,男,T46,√,,1",
		"汇总", "大项,男运动员,女运动员,运动员小计", "田径,4,0,4")
	im := Read(small(t), []File{sheet("大庆", list...)}, today)
	if got, want := said(im), "tick_unclear@大庆.csv!E11 no_event@大庆.csv!F11 c_without_b@大庆.csv!A12 summary_mismatch@大庆.csv!D15"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(im.Rows) != 3 || im.Rows[0].Choices[0].Name != "100米" || im.Rows[1].Choices[0].Name != "跳远" {
		t.Errorf("events went to the wrong namesake: %+v", im.Rows)
	}
	if clean := im.Clean(); len(clean) != 2 {
		t.Errorf("%d clean rows, want the two whose ticks are clear", len(clean))
	}
	if e := im.Rows[0].Entered(); len(e) != 1 || e[0] == nil || e[0].Code != "A1" {
		t.Errorf("entered: %v", e)
	}
}

// TestMemory: a header that nobody knows is learnt for a delegation.
func TestMemory(t *testing.T) {
	f := sheet("大庆", strings.Replace(header, "级别", "备用一", 1), person("甲", 3))
	if got := said(Read(small(t), []File{f}, today)); got != "class_missing@大庆.csv!A3" {
		t.Errorf("before: %s", got)
	}
	f.Memory = workbook.Memory{}
	f.Memory.Learn("备用一", workbook.Class)
	if got := said(Read(small(t), []File{f}, today)); got != "" {
		t.Errorf("after: %s", got)
	}
}

// TestHidden: people on a hidden sheet are not taken in silence, nor left out.
func TestHidden(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close() // a book in memory
	id := number(3)
	for i, row := range [][]string{{"代表团:大庆"}, strings.Split(header, ","), {"甲", "男", id, id + "42", "肢体", "田径", "T46", "100m"}} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("另表"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetSheetVisible("另表", false); err != nil {
		t.Fatal(err)
	}
	var book bytes.Buffer
	if err := f.Write(&book); err != nil {
		t.Fatal(err)
	}
	im := Read(small(t), []File{{Name: "a.xlsx", Data: book.Bytes()}}, today)
	if said(im) != "sheet_hidden@a.xlsx!" || im.Problems[0].At.Sheet != "另表" || im.Problems[0].Severity != entry.Warning || len(im.Clean()) != 1 {
		t.Errorf("%+v", im.Problems)
	}
}

// TestReport: a line a problem, numbers masked, nothing that a spreadsheet would
// calculate.
func TestReport(t *testing.T) {
	id := number(3)
	wrong := id[:17] + string("10X98765432"[(strings.IndexByte("10X98765432", id[17])+1)%11])
	f := sheet("大庆", header, strings.Replace(strings.Replace(person("=HYPERLINK(1)", 3), id+",", wrong+",", 1), "100m", "+跳马", 1))
	im := Read(small(t), []File{f}, today)
	var out bytes.Buffer
	if err := im.WriteReport(&out, func(s scoring.Invalid) string { return s.Problem + fmt.Sprint(s.With) }); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if strings.Contains(text, "19900512") {
		t.Errorf("a number is given away: %s", text)
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(lines) != 3 || len(lines[0]) != len(reportColumns) {
		t.Fatalf("%v, %q", err, lines)
	}
	for _, line := range lines[1:] {
		for _, cell := range line {
			if cell != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(cell)[0]) {
				t.Errorf("%q would be calculated", cell)
			}
		}
	}
	if lines[1][5] != "id" || lines[1][8] != "'=HYPERLINK(1)" || !strings.HasPrefix(lines[1][9], "230***") {
		t.Errorf("%q", lines[1])
	}
}

// BenchmarkSamples reads and judges all 1,331 rows of the sample games, files
// and all. The aim is 3 s on two cores.
func BenchmarkSamples(b *testing.B) {
	ed, files := load(b, samples(b, "para-games"))
	for b.Loop() {
		if im := Read(ed, files, today); len(im.Rows) != 1331 {
			b.Fatalf("%d rows", len(im.Rows))
		}
	}
}
