package forms

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/registration"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

const games = `{"name":"哈尔滨市残运会","opening":"2027-06-18","delegations":["哈尔滨","大庆"],"guardianRequiredUnderAge":14,"guideRequired":["T11"],
"limits":{"individualEventsPerPersonAndSport":3,"notCounted":["relay"]},
"deadlines":{"numbers":"2027-03-01","names":"2027-04-15 17:00","final":"2027-05-15","late":"2027-06-17"},
"partners":[{"classes":["BC3"],"functions":["滑槽操作员"]}],
"sports":[{"code":"AT","name":"田径","birthFrom":"1967-01-01","birthTo":"2014-12-31"},{"code":"BC","name":"硬地滚球","birthFrom":"1967-01-01","birthTo":"2014-12-31"}],
"classCategories":[{"category":1,"classes":"T11-13"},{"category":4,"classes":"all others"}]}`

const gamesEvents = `code,sport,sex,class,event,kind,limit_per_delegation,team_min,team_max,admits_classes
A0,田径,男,T11,100米,individual,2,1,1,T11
A1,田径,男,T46,100米,individual,2,1,1,T45 T46
A2,田径,男,F46,铅球,individual,2,1,1,F46
A3,田径,混合,,4×100米接力,relay,1,4,6,
B1,硬地滚球,混合,BC3,个人赛,individual,2,1,1,BC3
`

const skills = `{"name":"职业技能竞赛","opening":"2027-09-10","delegations":["大庆"],"birth":{"男":["1967-09-11","2011-09-10"]},
"extraTime":{"max":"50%","书写困难":"30%","大字版":"30%","盲文":"50%"},"limits":{"eventsPerPerson":1}}`

const skillsEvents = `code,group,event,occupation,kind,limit_per_delegation,team_size,admits_categories
S2,服务,盲人保健按摩,保健按摩师,individual,2,1,1
S1,服务,茶艺,茶艺师,individual,2,1,
`

var today = identity.Date{Year: 2027, Month: 4, Day: 1}

// words says keys as they are.
var words = Words{
	T: func(key string, args ...any) string {
		return strings.TrimSpace(fmt.Sprint(append([]any{key}, args...)...))
	},
	Problem: func(p scoring.Invalid) string { return p.Problem + strings.Join(p.With, " ") },
}

func edition(t testing.TB, rules, events string) *entry.Edition {
	t.Helper()
	ed, err := entry.ReadEdition(strings.NewReader(rules), strings.NewReader(events))
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// editions are the two of these tests, and those of the samples where they are.
func editions(t *testing.T) map[string]*entry.Edition {
	t.Helper()
	all := map[string]*entry.Edition{"games": edition(t, games, gamesEvents), "skills": edition(t, skills, skillsEvents)}
	root := os.Getenv("TONGCHANG_SAMPLES")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "samples")
	}
	for _, folder := range []string{"para-games", "skills"} {
		dir := filepath.Join(root, "registration", folder)
		rules, err := os.ReadFile(filepath.Join(dir, "edition.json"))
		if err != nil {
			t.Logf("NOT TESTED: the form of the sample edition %s. There is no %s; set TONGCHANG_SAMPLES.", folder, dir)
			continue
		}
		events, err := os.ReadFile(filepath.Join(dir, "events.csv"))
		if err != nil {
			t.Fatal(err)
		}
		all["sample "+folder] = edition(t, string(rules), string(events))
	}
	return all
}

func written(t testing.TB, ed *entry.Edition, delegation string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Template(&b, ed, delegation, words); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// filled types rows into a form's sheet: header → text.
func filled(t testing.TB, raw []byte, sheet string, rows ...map[string]string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	headers, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		for header, text := range row {
			at := slices.IndexFunc(headers[1], func(h string) bool { return strings.TrimPrefix(h, "*") == header })
			if at < 0 {
				t.Fatalf("the form has no column %s: %q", header, headers[1])
			}
			if err := f.SetCellStr(sheet, workbook.Address(2+i, at), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// example takes the row of a form's example.
func example(t testing.TB, raw []byte) map[string]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("form.example")
	if err != nil || len(rows) != 4 {
		t.Fatalf("the example has %d rows: %v", len(rows), err)
	}
	row := map[string]string{}
	for i, text := range rows[3] {
		if text != "" {
			row[strings.TrimPrefix(rows[2][i], "*")] = text
		}
	}
	return row
}

// TestTemplate: a form filled in like its example is read without asking what a
// column is, and without a problem.
func TestTemplate(t *testing.T) {
	for name, ed := range editions(t) {
		t.Run(name, func(t *testing.T) {
			raw := written(t, ed, "大庆")
			sheet := athletes
			if len(ed.Sports) == 0 {
				sheet = contests
			}
			raw = filled(t, raw, sheet, example(t, raw))
			raw = filled(t, raw, staff, map[string]string{"人员类别": "教练员", "姓名": "李四", "性别": "女", "公民身份号码": idOf("19800512", 2), "联系电话": "19900000002"})
			im := registration.Read(ed, []registration.File{{Name: "form.xlsx", Data: raw}}, today)
			if err := im.Files[0].Err; err != nil {
				t.Fatal(err)
			}
			if len(im.Files[0].Tables) != 2 || im.Files[0].Athletes != 1 || im.Files[0].Staff != 1 || im.Files[0].Delegation != "大庆" {
				t.Errorf("%d tables, %d athletes, %d staff of %q", len(im.Files[0].Tables), im.Files[0].Athletes, im.Files[0].Staff, im.Files[0].Delegation)
			}
			for _, table := range im.Files[0].Tables {
				for _, c := range table.Columns {
					if c.Sure != 100 || c.Field == "" {
						t.Errorf("%s: column %s is taken for %q, %d%% sure", table.Sheet, c.Header, c.Field, c.Sure)
					}
				}
			}
			for _, p := range im.Problems {
				t.Errorf("%s %s: %s", p.At.Sheet, p.At.Address, p.Message(words.Problem))
			}
			for _, r := range im.Rows {
				if !r.Staff && (len(r.Choices) != 1 || r.Entered()[0] == nil) {
					t.Errorf("the example enters %v", r.Choices)
				}
			}
		})
	}
}

func idOf(birth string, sequence int) string {
	s := fmt.Sprintf("230099%s%03d", birth, sequence)
	return s + string(identity.CheckDigit(s))
}

// TestTemplateOfNobody: without a delegation the file's name says whose it is,
// and not the edition's name, which has a city's in it.
func TestTemplateOfNobody(t *testing.T) {
	ed := edition(t, games, gamesEvents)
	raw := written(t, ed, "")
	raw = filled(t, raw, athletes, example(t, raw))
	im := registration.Read(ed, []registration.File{{Name: "报名表.xlsx", Data: raw}, {Name: "大庆.xlsx", Data: raw}}, today)
	if im.Files[0].Err == nil || im.Files[1].Delegation != "大庆" {
		t.Errorf("read as %q (%v) and %q", im.Files[0].Delegation, im.Files[0].Err, im.Files[1].Delegation)
	}
}

// TestLists: what a form offers, and that it lets in what the rules let in.
func TestLists(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(written(t, edition(t, games, gamesEvents), "大庆")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got := map[string]string{}
	headers, err := f.GetRows(athletes)
	if err != nil {
		t.Fatal(err)
	}
	validations, err := f.GetDataValidations(athletes)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range validations {
		_, letters := registration.Split(strings.Split(v.Sqref, ":")[0])
		got[headers[1][registration.Column(letters)]] = v.Formula1
	}
	for header, want := range map[string]string{"*性别": "男 女", "*残疾等级": "一级 二级 三级 四级", "*运动项目": "田径 硬地滚球", "饮食": "清真 素食"} {
		var sheet, from, to string
		if _, err := fmt.Sscanf(strings.NewReplacer("'", "", "!", " ", ":", " ", "$", "").Replace(got[header]), "%s %s %s", &sheet, &from, &to); err != nil {
			t.Errorf("%s offers %q: %v", header, got[header], err)
			continue
		}
		first, letters := registration.Split(from)
		last, _ := registration.Split(to)
		var offered []string
		for r := first; r <= last; r++ {
			text, err := f.GetCellValue(sheet, fmt.Sprint(letters, r))
			if err != nil {
				t.Fatal(err)
			}
			offered = append(offered, text)
		}
		if strings.Join(offered, " ") != want {
			t.Errorf("%s offers %v, want %s", header, offered, want)
		}
	}
	for _, header := range []string{"*参赛小项", "参赛小项2", "*级别"} {
		if formula := got[header]; !strings.Contains(formula, "MATCH($J3,") || !strings.HasPrefix(formula, "OFFSET('选项'!") {
			t.Errorf("%s offers %q, not by the sport in column J", header, formula)
		}
	}
	if visible, err := f.GetSheetVisible("选项"); err != nil || visible {
		t.Errorf("the lists are visible: %v, %v", visible, err)
	}
}

// TestIdentityIsText: a number typed into the form stays what it is.
func TestIdentityIsText(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(written(t, edition(t, games, gamesEvents), "大庆")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range []string{athletes, staff} {
		headers, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, header := range headers[1] {
			id, err := f.GetColStyle(sheet, workbook.ColumnName(i))
			if err != nil {
				t.Fatal(err)
			}
			if style, err := f.GetStyle(id); err != nil || style.NumFmt != 49 {
				t.Errorf("%s, %s: number format %v, %v", sheet, header, style, err)
			}
		}
	}
}
