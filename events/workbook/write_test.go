package workbook

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// awkward are texts that spreadsheets calculate, cut, round or break.
var awkward = []string{
	"=1+1", "=cmd|' /C calc'!A0", "+86 138", "-", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠a", "\t=1", "'=1", "''=1", "'quoted'", "'",
	"231099198307264636", "23109919830726463X", "23109919830726463644", "19900000001", "007", "1e5", "123456789012E",
	"第一行\n第二行", "a,b;c\td", `"quoted"`, "<b>&amp;", "_x0041_", "姓名", " 前后 ", "1/2", "2027-06-18", "130.5kg", "斯琴·格日乐", "👟", "",
}

func list() List {
	l := List{Name: "运动员", Title: "哈尔滨代表团", Columns: []ListColumn{{Header: "姓名"}, {Header: "=性别"}, {Header: "人数", Number: true}}}
	for _, text := range awkward {
		l.Rows = append(l.Rows, []string{text, "男", "12"})
	}
	return l
}

// TestWriteRead: what is written is read again cell by cell, from both kinds of
// files.
func TestWriteRead(t *testing.T) {
	l := list()
	var xlsx, text bytes.Buffer
	if err := Write(&xlsx, l); err != nil {
		t.Fatal(err)
	}
	if err := WriteCSV(&text, l); err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"xlsx": xlsx.Bytes(), "csv": text.Bytes()} {
		b, err := Read(name, raw, Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		rows := b.Sheets[0].Rows
		if len(rows) != len(awkward)+2 || rows[0][0] != l.Title || !slices.Equal(rows[1], []string{"姓名", "=性别", "人数"}) {
			t.Fatalf("%s: %d rows, above %q", name, len(rows), rows[:2])
		}
		for i, want := range l.Rows {
			if !slices.Equal(rows[i+2], want) {
				t.Errorf("%s: %q came back as %q", name, want, rows[i+2])
			}
		}
	}
}

// TestNoFormula looks into the bytes: no cell is a formula, and what looks like
// one has the spreadsheet's own sign that it is text.
func TestNoFormula(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, list()); err != nil {
		t.Fatal(err)
	}
	parts := unzipped(t, b.Bytes())
	sheet := parts["xl/worksheets/sheet1.xml"]
	if strings.Contains(sheet, "<f>") || strings.Contains(sheet, "<f ") {
		t.Error("a cell is a formula")
	}
	if n := strings.Count(parts["xl/styles.xml"], "quotePrefix="); n != 1 {
		t.Errorf("%d styles are marked as text, want 1", n)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	styles := map[bool]int{}
	for r, text := range awkward {
		id, err := f.GetCellStyle("运动员", Address(r+2, 0))
		if err != nil {
			t.Fatal(err)
		}
		marked := *f.Styles.CellXfs.Xf[id].NumFmtID == asText && f.Styles.CellXfs.Xf[id].QuotePrefix != nil
		if marked != beginsFormula(text) {
			t.Errorf("%q is marked as text: %v", text, marked)
		}
		styles[marked]++
		if kind, err := f.GetCellType("运动员", Address(r+2, 2)); err != nil || kind == excelize.CellTypeInlineString {
			t.Errorf("the number beside %q is of type %v, %v", text, kind, err)
		}
	}
	if styles[true] < 10 || styles[false] < 10 {
		t.Errorf("%d marked, %d not", styles[true], styles[false])
	}
}

// TestPrint: the header stays when the sheet is scrolled, and is on every page.
func TestPrint(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, list(), List{Name: "[二/三]:'", Columns: []ListColumn{{Header: "姓名"}}}, List{Name: "运动员"}); err != nil {
		t.Fatal(err)
	}
	parts := unzipped(t, b.Bytes())
	for part, wants := range map[string][]string{
		"xl/worksheets/sheet1.xml": {`state="frozen"`, `ySplit="2"`, `orientation="landscape"`, `fitToPage="true"`, "&amp;P / &amp;N"},
		"xl/workbook.xml":          {"_xlnm.Print_Titles", "$1:$2", `name="运动员"`, `name="二 三"`, `name="运动员 2"`},
	} {
		for _, want := range wants {
			if !strings.Contains(parts[part], want) && !strings.Contains(strings.ReplaceAll(parts[part], `="1"`, `="true"`), want) {
				t.Errorf("%s has no %s", part, want)
			}
		}
	}
}

// TestWriteAgain: the same list is the same file, so that nobody wonders what
// has changed.
func TestWriteAgain(t *testing.T) {
	var a, b bytes.Buffer
	if err := Write(&a, list()); err != nil {
		t.Fatal(err)
	}
	if err := Write(&b, list()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("written twice, the files differ")
	}
}

// unzipped gives a workbook's parts by name.
func unzipped(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[part.Name] = string(text)
	}
	return parts
}

var signs = regexp.MustCompile("^'*[=+\\-@\t\n＝＋－＠]")

// FuzzDefused: no text gets through that a spreadsheet would calculate, and
// every text comes back.
func FuzzDefused(f *testing.F) {
	for _, text := range awkward {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out := Defused(text)
		if bare(out) != clean(text) {
			t.Errorf("%q goes out as %q and comes back as %q", text, out, bare(out))
		}
		if signs.MatchString(text) && !strings.HasPrefix(out, "'") {
			t.Errorf("%q goes out as %q", text, out)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	l := List{Name: "名单", Columns: make([]ListColumn, 24)}
	for i := range l.Columns {
		l.Columns[i].Header = ColumnName(i)
	}
	for range 5000 {
		row := make([]string, 24)
		for i := range row {
			row[i] = "231099198307264636"
		}
		l.Rows = append(l.Rows, row)
	}
	for b.Loop() {
		if err := Write(io.Discard, l); err != nil {
			b.Fatal(err)
		}
	}
}
