package forms

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tongchang/events/registration"
)

// returned reads a file, has it judged and writes it back.
func returned(t testing.TB, file registration.File) ([]byte, *registration.Import) {
	t.Helper()
	im := registration.Read(edition(t, games, gamesEvents), []registration.File{file}, today)
	if im.Files[0].Err != nil {
		t.Fatal(im.Files[0].Err)
	}
	var b bytes.Buffer
	if err := Returned(&b, file, im.Problems, words); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), im
}

// rowsOf writes down what was read, cell by cell, and what is wrong with it.
func rowsOf(im *registration.Import) []string {
	var all []string
	for _, r := range im.Rows {
		all = append(all, fmt.Sprint(r.Delegation, r.Staff, r.Role, r.Cells, r.Choices))
	}
	for _, p := range im.Problems {
		all = append(all, fmt.Sprint(p.Kind, p.At, p.Also))
	}
	return all
}

// own is a workbook as a delegation has it: a print area, a comment of its own,
// a merged title, a number that a spreadsheet has cut, rows with problems.
func own(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	id := idOf("19900512", 1)
	rows := [][]any{
		{"代表团：大庆"},
		{"姓名", "性别", "身份证号", "残疾证号", "类别", "等级", "项目", "级别", "小项"},
		{"张三", "女", id, id + "43", "肢体", "三级", "田径", "T46", "100米"},
		{"李四", "男", 231099198307264636.0, "", "肢体", "三级", "田径", "T46", `跳"高"`},
		{"王五", "男", idOf("19910512", 3), idOf("19910512", 3) + "43", "肢体", "三级", "田径", "F46", "铅球"},
	}
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		f.MergeCell("Sheet1", "A1", "I1"),
		f.AddComment("Sheet1", excelize.Comment{Cell: "B3", Author: "领队", Text: "再问一下"}),
		f.AddComment("Sheet1", excelize.Comment{Cell: "A5", Author: "领队", Text: "新人"}),
		f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: "Sheet1!$A$1:$I$5", Scope: "Sheet1"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestReturned: the file comes back with its problems, and is read as it was.
func TestReturned(t *testing.T) {
	out, im := returned(t, registration.File{Name: "大庆.xlsx", Data: own(t)})
	if len(im.Problems) < 4 {
		t.Fatalf("only %d problems", len(im.Problems))
	}
	again := registration.Read(edition(t, games, gamesEvents), []registration.File{{Name: "大庆.xlsx", Data: out}}, today)
	if a, b := rowsOf(im), rowsOf(again); !slices.Equal(a, b) {
		t.Errorf("read before:\n%s\nread after:\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
	f, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if sheets := f.GetSheetList(); !slices.Equal(sheets, []string{"returned.sheet", "Sheet1"}) {
		t.Errorf("sheets %v", sheets)
	}
	comments, err := f.GetComments("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, c := range comments {
		said[c.Cell] += c.Text
	}
	for i, p := range im.Problems {
		if !strings.Contains(said[p.At.Address], p.Message(words.Problem)) {
			t.Errorf("at %s stands %q, not %s", p.At.Address, said[p.At.Address], p.Kind)
		}
		if ok, to, err := f.GetCellHyperLink("returned.sheet", fmt.Sprint("A", i+3)); err != nil || !ok || to != "'Sheet1'!"+p.At.Address {
			t.Errorf("line %d links to %q, %v", i+3, to, err)
		}
	}
	if !strings.Contains(said["B3"], "再问一下") || said["A5"] != "新人" {
		t.Errorf("the delegation's own comments: %q, %q", said["B3"], said["A5"])
	}
	for _, name := range f.GetDefinedName() {
		if name.Name == "_xlnm.Print_Area" && name.Scope != "Sheet1" {
			t.Errorf("the print area is now that of %s", name.Scope)
		}
	}
	colours(t, f, im)
}

// colours: every cell with a problem is coloured as long as it is what it was.
func colours(t *testing.T, f *excelize.File, im *registration.Import) {
	t.Helper()
	formats, err := f.GetConditionalFormats("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{"B3": `EXACT(B3,"女")`, "C4": "NOT(ISTEXT(C4))", "D4": "LEN(D4)=0", "I4": `EXACT(I4,"跳""高""")`} {
		if rules := formats[address]; len(rules) != 1 || !strings.Contains(rules[0].Criteria, want) {
			t.Errorf("%s is coloured where %+v, want %s", address, rules, want)
		}
	}
	places := map[string]bool{}
	for _, p := range im.Problems {
		places[p.At.Address] = true
	}
	if len(formats) != len(places) {
		t.Errorf("%d cells are coloured, %d have problems", len(formats), len(places))
	}
}

// TestReturnedTwice: sent again as it came back, the file is noted anew, not
// twice.
func TestReturnedTwice(t *testing.T) {
	once, im := returned(t, registration.File{Name: "大庆.xlsx", Data: own(t)})
	twice, again := returned(t, registration.File{Name: "大庆.xlsx", Data: once})
	if a, b := rowsOf(im), rowsOf(again); !slices.Equal(a, b) {
		t.Errorf("read before:\n%s\nread after:\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
	f, err := excelize.OpenReader(bytes.NewReader(twice))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if sheets := f.GetSheetList(); len(sheets) != 2 {
		t.Errorf("sheets %v", sheets)
	}
	colours(t, f, im)
	comments, err := f.GetComments("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]int{}
	for _, c := range comments {
		cells[c.Cell]++
		if strings.Count(c.Text, "returned.error") > 2 || cells[c.Cell] > 1 {
			t.Errorf("%s has %d notes: %q", c.Cell, cells[c.Cell], c.Text)
		}
	}
}

// TestReturnedFixes: what was put right on the page stands in the file.
func TestReturnedFixes(t *testing.T) {
	file := registration.File{Name: "大庆.xlsx", Data: own(t), Fixes: []registration.Fix{{Sheet: "Sheet1", Address: "B3", Text: "男"}, {Sheet: "Sheet1", Address: "J5", Text: "=1+1"}}}
	out, im := returned(t, file)
	again := registration.Read(edition(t, games, gamesEvents), []registration.File{{Name: "大庆.xlsx", Data: out}}, today)
	if a, b := rowsOf(im), rowsOf(again); !slices.Equal(a, b) {
		t.Errorf("read with the fixes:\n%s\nread after:\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
	f, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if formula, err := f.GetCellFormula("Sheet1", "J5"); err != nil || formula != "" {
		t.Errorf("a fix became the formula %q, %v", formula, err)
	}
	if text, err := f.GetCellValue("Sheet1", "B3"); err != nil || text != "男" {
		t.Errorf("B3 is %q, %v", text, err)
	}
}

// TestReturnedCSV: a .csv comes back as a workbook with the same cells.
func TestReturnedCSV(t *testing.T) {
	id := idOf("19900512", 1)
	text := "代表团：大庆\n姓名,性别,身份证号,残疾证号,类别,等级,项目,级别,小项\n张三,女," + id + "," + id + "43,肢体,三级,田径,T46,100米\n"
	out, im := returned(t, registration.File{Name: "大庆.csv", Data: []byte(text)})
	again := registration.Read(edition(t, games, gamesEvents), []registration.File{{Name: "大庆.xlsx", Data: out}}, today)
	said := func(im *registration.Import) (all []string) {
		for _, p := range im.Problems {
			all = append(all, fmt.Sprint(p.Kind, p.At.Address, p.At.Text))
		}
		return all
	}
	if a, b := said(im), said(again); len(a) != 2 || !slices.Equal(a, b) {
		t.Errorf("before %v, after %v", a, b)
	}
}

// TestReturnedSamples writes sample workbooks back, two of each layout, and reads
// them again: the same rows, the same problems.
func TestReturnedSamples(t *testing.T) {
	root := os.Getenv("TONGCHANG_SAMPLES")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "samples")
	}
	files, err := filepath.Glob(filepath.Join(root, "registration", "*", "0[1-6]*.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("NOT TESTED: workbooks of delegations, written back. There are none under %s; set TONGCHANG_SAMPLES.", root)
	}
	all := editions(t)
	notes := 0
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		ed := all["sample "+filepath.Base(filepath.Dir(path))]
		file := registration.File{Name: filepath.Base(path), Data: raw}
		im := registration.Read(ed, []registration.File{file}, today)
		var b bytes.Buffer
		if err := Returned(&b, file, im.Problems, words); err != nil {
			t.Errorf("%s: %v", file.Name, err)
			continue
		}
		file.Data = b.Bytes()
		again := registration.Read(ed, []registration.File{file}, today)
		if a, b := rowsOf(im), rowsOf(again); !slices.Equal(a, b) {
			t.Errorf("%s is read otherwise", file.Name)
		}
		if a, b := merged(t, raw), merged(t, file.Data); a != b {
			t.Errorf("%s had %d merged cells and has %d: it was not noted in place", file.Name, a, b)
		}
		notes += len(im.Problems)
	}
	t.Logf("%d workbooks written back with %d notes", len(files), notes)
}

// merged counts a workbook's merged cells.
func merged(t *testing.T, raw []byte) int {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, part := range z.File {
		if !strings.HasPrefix(part.Name, "xl/worksheets/") {
			continue
		}
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(text, []byte("<mergeCell "))
	}
	return n
}
