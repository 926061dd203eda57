package outcomes

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tongchang/events/classes"
	"tongchang/events/workbook"
	"tongchang/scoring"
)

// world is a small games: two people of one name, a sport with classes and one
// that knows all.
func world() World {
	return World{
		People: []Person{{1, "1001", "佟海燕", "哈尔滨", "HRB"}, {2, "5002", "佟海燕", "大庆", "DAQ"}, {3, "5003", "孟庆荷", "大庆", "DAQ"}},
		Sports: []SportOf{{7, "AT", "田径", []string{"T53", "T54", "F56", "F57"}}, {8, "SW", "游泳", nil}},
		Held: []Held{{ID: 71, Person: 1, Sport: 7, Group: "T", Class: "T54", Status: classes.New}, {ID: 72, Person: 1, Sport: 7, Group: "F", Class: "F56", Status: classes.Review, Review: 2028},
			{ID: 73, Person: 3, Sport: 7, Group: "T", Class: "T53", Status: classes.Confirmed, Limitation: "100"}},
		Sport: 7, Cause: classes.Panel,
	}
}

// said writes a row as "1 T T53 C change" or with its problems.
func said(r *Row) string {
	if len(r.Problems) > 0 {
		var all []string
		for _, p := range r.Problems {
			all = append(all, strings.TrimSpace(p.Problem+" "+p.At))
		}
		return strings.Join(all, ", ")
	}
	text := fmt.Sprint(r.Person.Code, " ", r.Decided.Group, " ", r.Decided.Class, " ", r.Decided.Status)
	if r.Decided.Review > 0 {
		text += fmt.Sprint(" ", r.Decided.Review)
	}
	return fmt.Sprint(text, " ", r.Does, " of ", r.Held.ID)
}

func TestJudge(t *testing.T) {
	const head = "号码,姓名,代表团,运动项目,级别组,新级别,新状态,复核年份,分级小组,分级日期,当日次序,分级员,只适用于,原因\n"
	for line, want := range map[string]string{
		"1001,,,,,T53,C":                             "1001 T T53 C change of 71",
		"1001,佟海燕,,,,t 53,已确认":                       "1001 T T53 C change of 71",
		"１００１,,,,,Ｔ53,ＦＲＤ2029":                       "1001 T T53 FRD 2029 change of 71",
		",佟海燕,大庆代表团,,,T53,N":                         "5002 T T53 N first of 0",
		",佟海燕,DAQ,,,T53,N":                           "5002 T T53 N first of 0",
		"5003,,,,,T53,C":                             "5003 T T53 C same of 73",
		"5003,,,,,T53,C,,,,,,200":                    "5003 T T53 C change of 73",
		"1001,,,,,F56,R,2028":                        "1001 F F56 R 2028 same of 72",
		"1001,,,,,F56,R 2029":                        "1001 F F56 R 2029 change of 72",
		"5003,,,,,NE,":                               "5003 T NE  change of 73",
		"1001,,,,全部,NE,C":                            "1001  NE C first of 0",
		"1001,,,,f,CNC,":                             "1001 F CNC  change of 72",
		"5003,,,游泳,,S9,R":                            "5003 S S9 R first of 0",
		"5003,,,SW,,S9,R":                            "5003 S S9 R first of 0",
		"1001,,,,,NE,C":                              "outcomes-group-missing E2",
		"1001,,,,SB,NE,C":                            "outcomes-group-none E2",
		"1001,,,,F,T53,C":                            "outcomes-group-differs E2",
		"9999,,,,,T53,C":                             "outcomes-code-unknown A2",
		"1001,孟庆荷,,,,T53,C":                          "outcomes-name-differs B2",
		"1001,,大庆,,,T53,C":                           "outcomes-delegation-differs C2",
		",佟海燕,,,,T53,C":                              "outcomes-name-several B2",
		",佟海燕,伊春,,,T53,C":                            "outcomes-name-elsewhere C2",
		",无此人,,,,T53,C":                              "outcomes-name-unknown B2",
		",,,,,T53,C":                                 "outcomes-nobody A2",
		"1001,,,柔道,,T53,C":                           "outcomes-sport-unknown D2",
		"1001,,,,,T99,C":                             "outcomes-class-unknown F2",
		"1001,,,,,,C":                                "outcomes-class-missing F2",
		"1001,,,,,T53,":                              "outcomes-status-missing G2",
		"1001,,,,,T53,Q":                             "outcomes-status G2",
		"1001,,,,,T53,FRD":                           "outcomes-review-missing H2",
		"1001,,,,,T53,R,28":                          "outcomes-review H2",
		"1001,,,,,T53,C,,,6月1日":                      "outcomes-day J2",
		"1001,,,,,T53,C,,,,0":                        "outcomes-order K2",
		"1001,,,,,T53,C,,,,,a、b、c、d、e、f":             "outcomes-classifiers L2",
		"1001,,,,,T53,C,,,,,,,心情":                    "outcomes-cause N2",
		"9999,,,柔道,,,Q":                              "outcomes-code-unknown A2, outcomes-sport-unknown D2, outcomes-class-missing F2, outcomes-status G2",
		"1001,,,,,T53,C,," + strings.Repeat("长", 81): "outcomes-long I2",
	} {
		f, err := Read("x.csv", []byte(head+line+"\n"))
		if err != nil || len(f.Lines) != 1 {
			t.Fatalf("%s: %v, %v", line, f, err)
		}
		rows := Judge(f, world())
		if got := said(&rows[0]); got != want {
			t.Errorf("%s\n  %s\nwant\n  %s", line, got, want)
		}
	}
}

// TestAround: what stands round a decision, the file's cause, the same group
// twice, and a panel that may only decide in its own sport.
func TestAround(t *testing.T) {
	f, err := Read("x.csv", []byte("田径分级结果\n姓名,级别,状态,小组,日期,次序,分级员,原因\n孟庆荷,T54,N,A 组,2027/6/17,2,张三、李四,抗议成立\n孟庆荷,T53,N\n没看的人,,\n备注：下午继续\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Lines) != 2 || f.Blank != 2 || f.Lines[0].Row != 3 {
		t.Fatalf("%+v", f)
	}
	rows := Judge(f, world())
	d := rows[0].Decided
	if d.Panel != "A 组" || d.Day != "2027-06-17" || d.Order != 2 || !slices.Equal(d.Classifiers, []string{"张三", "李四"}) || d.Cause != classes.Protest {
		t.Errorf("%+v", d)
	}
	if got := said(&rows[1]); got != "outcomes-twice B4" || rows[1].Does != Refused || rows[1].Decided.Cause != classes.Panel {
		t.Errorf("a second row: %s", got)
	}
	only := world()
	only.Only, only.Sport = true, 8
	f, err = Read("x.csv", []byte("号码,项目,级别,状态\n1001,田径,T53,C\n1001,,S9,C\n"))
	if err != nil {
		t.Fatal(err)
	}
	rows = Judge(f, only)
	if said(&rows[0]) != "outcomes-sport-other B2" || said(&rows[1]) != "1001 S S9 C first of 0" {
		t.Errorf("%s; %s", said(&rows[0]), said(&rows[1]))
	}
}

// TestRead: files that have nothing for us say so; our own list comes back.
func TestRead(t *testing.T) {
	many := "号码,级别\n" + strings.Repeat("1001,T54\n", MaxLines+1)
	for name, text := range map[string]string{"outcomes-no-table": "姓名,成绩\n佟海燕,12.3\n", "outcomes-nothing": "姓名,级别\n佟海燕,\n", "outcomes-many": many, "book-empty": " "} {
		var inv *scoring.Invalid
		if _, err := Read("x.csv", []byte(text)); !errors.As(err, &inv) || inv.Problem != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	l := workbook.List{Name: "田径", Title: "请填写新级别和新状态"}
	row := make([]string, len(Columns()))
	for i, f := range Columns() {
		l.Columns = append(l.Columns, workbook.ListColumn{Header: Header(f)})
		row[i] = map[Field]string{Code: "1001", Name: "佟海燕", Class: "T53", Status: "FRD", Review: "2029", Classifiers: "张三"}[f]
	}
	l.Rows = [][]string{row}
	var file bytes.Buffer
	if err := workbook.Write(&file, l, workbook.List{Name: "说明", Columns: []workbook.ListColumn{{Header: "怎么填"}}}); err != nil {
		t.Fatal(err)
	}
	f, err := Read("x.xlsx", file.Bytes())
	if err != nil || len(f.Lines) != 1 || !slices.Equal(f.Passed, []string{"说明"}) {
		t.Fatalf("%+v, %v", f, err)
	}
	rows := Judge(f, world())
	if got := said(&rows[0]); got != "1001 T T53 FRD 2029 change of 71" {
		t.Error(got)
	}
}

// FuzzRead: whatever is sent, a row without a problem has a person, a sport, a
// class that its sport knows, and stands once.
func FuzzRead(f *testing.F) {
	f.Add([]byte("号码,级别,状态\n1001,T53,C\n1001,T53,R2028\n"))
	f.Add([]byte("姓名,代表团,项目,级别组,级别,状态,复核年\n佟海燕,大庆,田径,全部,NE,C,2028\n"))
	f.Add([]byte("\xef\xbb\xbf姓名\t级别\n\"佟海燕\"\tＴ５４\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read("x.csv", data)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, r := range Judge(file, world()) {
			if r.Does == Refused {
				continue
			}
			k := fmt.Sprint(r.Person.ID, r.Sport.ID, r.Decided.Group)
			if seen[k] || !classes.Pseudo(r.Decided.Class) && (!r.Sport.knows(r.Decided.Class) || !r.Decided.Status.Known()) {
				t.Errorf("%+v", r)
			}
			seen[k] = true
		}
	})
}
