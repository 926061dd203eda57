package games

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"tongchang/events/identity"
)

// Registration is an edition that is still taking entries, with the workbooks
// that its delegations have filled in. The people are made up: their identity
// numbers have an address code that no county has (…99).
type Registration struct {
	Rules     []byte // edition.json
	Programme []byte // events.csv
	Books     []Book
}

// Book is a delegation's workbook. Wrong is how many rows were spoilt on the
// way, each in another manner.
type Book struct {
	Code, Delegation, Name string
	Data                   []byte
	Wrong                  int
}

// sport is what the edition offers in one sport: types of events for each of
// its classes.
type sport struct {
	code, name string
	classes    []string
	types      []string
	mark       func(*rand.Rand) string
}

var sports = []sport{
	{"AT", "田径", []string{"T11", "T38", "T46", "T54", "T60"}, []string{"100米", "200米", "400米"}, func(r *rand.Rand) string {
		return fmt.Sprintf("%d.%02d", 12+r.IntN(14), r.IntN(100))
	}},
	{"SW", "游泳", []string{"S5", "S9", "S11", "S14", "S15"}, []string{"50米自由泳", "100米自由泳", "100米仰泳"}, func(r *rand.Rand) string {
		return fmt.Sprintf("%d.%02d", 31+r.IntN(25), r.IntN(100))
	}},
	{"BC", "硬地滚球", []string{"BC1", "BC2", "BC3", "BC4"}, []string{"个人赛"}, func(*rand.Rand) string { return "" }},
}

// disability is the certificate's category that a class asks for.
var disability = map[string]string{"T11": "视力", "S11": "视力", "T60": "听力", "S15": "听力", "S14": "智力"}

// MakeRegistration makes up an edition that opens on a day, the entries of its
// delegations, and what goes wrong in them.
func MakeRegistration(seed uint64, opening time.Time) (*Registration, error) {
	m := &entrants{random: rand.New(rand.NewPCG(seed, 4)), opening: opening}
	out := &Registration{}
	var err error
	if out.Rules, err = m.rules(); err != nil {
		return nil, err
	}
	if out.Programme, err = programme(); err != nil {
		return nil, err
	}
	for i, d := range delegations[:6] {
		people := m.team()
		wrong := 0
		if i > 0 { // one delegation has made no mistake
			wrong = m.spoil(people, 2+i)
		}
		data, err := workbookOf(d.name, people)
		if err != nil {
			return nil, err
		}
		out.Books = append(out.Books, Book{Code: d.code, Delegation: d.name, Name: fmt.Sprintf("%02d-%s代表团报名表.xlsx", i+1, d.name), Data: data, Wrong: wrong})
	}
	return out, nil
}

// entrants makes people up.
type entrants struct {
	random  *rand.Rand
	opening time.Time
	made    int
}

func (m *entrants) rules() ([]byte, error) {
	type named map[string]any
	var names []string
	for _, d := range delegations[:6] {
		names = append(names, d.name)
	}
	var offered []named
	for _, s := range sports {
		offered = append(offered, named{"code": s.code, "name": s.name, "aliases": []string{}, "birthFrom": "1967-01-01", "birthTo": "2014-12-31"})
	}
	return json.MarshalIndent(named{
		"name": "黑龙江省残疾人运动会（报名演示）", "opening": m.opening.Format(time.DateOnly), "delegations": names, "sports": offered,
		"classCategories": []named{
			{"category": 1, "classes": "T11-13 S11-13"}, {"category": 2, "classes": "T60 S15"}, {"category": 5, "classes": "T20 S14"}, {"category": 4, "classes": "all others"},
		},
		"guardianRequiredUnderAge": 14, "guideRequired": []string{"T11"},
		"limits":    named{"individualEventsPerPersonAndSport": 3},
		"deadlines": named{"names": m.before(25) + " 17:00", "final": m.before(15) + " 17:00", "late": m.before(3) + " 12:00"},
		"partners":  []named{{"classes": []string{"BC3"}, "functions": []string{"滑道助理"}}},
		"escorts":   named{"per": 3, "functions": []string{"陪同人员"}},
	}, "", "  ")
}

// before is a day before the opening.
func (m *entrants) before(days int) string {
	return m.opening.AddDate(0, 0, -days).Format(time.DateOnly)
}

func programme() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"code", "sport", "sex", "class", "event", "kind", "limit_per_delegation", "team_min", "team_max", "admits_classes"}}
	for _, s := range sports {
		for _, class := range s.classes {
			for i, kind := range s.types {
				for _, sex := range [][2]string{{"M", "男"}, {"W", "女"}} {
					rows = append(rows, []string{fmt.Sprintf("%s-%s-%s-%d", s.code, sex[0], class, i+1), s.name, sex[1], class, kind, "individual", "3", "1", "1", class})
				}
			}
		}
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// row is a line of the delegation's table.
type row struct {
	role, name, sex, birth, id, cert, category, level, valid, sport, class, event, mark, guide, phone, guardian, remark string
}

func (r *row) cells() []string {
	return []string{r.role, r.name, r.sex, r.birth, r.id, r.cert, r.category, r.level, r.valid, r.sport, r.class, r.event, r.mark, r.guide, r.phone, r.guardian, r.remark}
}

var header = []string{"人员类别", "姓名", "性别", "出生日期", "公民身份号码", "残疾人证号", "残疾类别", "残疾等级", "证件有效期至", "运动项目", "级别", "参赛小项", "报名成绩", "引导员", "联系电话", "监护人", "备注"}

// team is a delegation: a leader, coaches, a guide, and two or three athletes
// for every other class.
func (m *entrants) team() []*row {
	people := []*row{m.person("领队"), m.person("教练员"), m.person("教练员"), m.person("引导员")}
	guide := people[3].name
	for _, s := range sports {
		for i, class := range s.classes {
			for range 1 + (i+m.made)%2 {
				p := m.person("运动员")
				p.sport, p.class = s.name, class
				p.category, p.level = "肢体", strconv.Itoa(1+m.random.IntN(4))
				if c := disability[class]; c != "" {
					p.category = c
				}
				p.cert = p.id + category(p.category) + p.level
				p.valid = m.opening.AddDate(2+m.random.IntN(6), m.random.IntN(12), 0).Format(time.DateOnly)
				p.event, p.mark = s.types[m.random.IntN(len(s.types))], s.mark(m.random)
				if class == "T11" {
					p.guide = guide
				}
				people = append(people, p)
			}
		}
	}
	return people
}

func category(word string) string {
	return map[string]string{"视力": "1", "听力": "2", "肢体": "4", "智力": "5"}[word]
}

// person makes up somebody of 18 to 45 years.
func (m *entrants) person(role string) *row {
	m.made++
	sex, word := "W", "女"
	if m.random.IntN(2) == 0 {
		sex, word = "M", "男"
	}
	born := m.opening.AddDate(-18-m.random.IntN(27), -m.random.IntN(12), -m.random.IntN(28))
	sequence := 2*m.random.IntN(450) + 10
	if sex == "M" {
		sequence++
	}
	seventeen := fmt.Sprintf("230199%s%03d", born.Format("20060102"), sequence)
	return &row{role: role, name: families[m.random.IntN(len(families)-4)] + givenNames[sex][m.random.IntN(len(givenNames[sex]))], sex: word,
		birth: born.Format(time.DateOnly), id: seventeen + string(identity.CheckDigit(seventeen)), phone: fmt.Sprintf("1990000%04d", m.made%10_000)}
}

// mistakes are what people do to a row when they fill it in by hand.
var mistakes = []func(*row, time.Time){
	func(r *row, _ time.Time) { r.id = r.id[:17] + map[bool]string{true: "2", false: "1"}[r.id[17] != '2'] }, // a wrong last digit
	func(r *row, _ time.Time) { r.class = map[bool]string{true: "T60", false: "S11"}[r.class != "T60"] },     // a class of another disability
	func(r *row, _ time.Time) { r.cert = "23019919990101123X41" },                                            // somebody else's certificate
	func(r *row, opening time.Time) { r.valid = opening.AddDate(0, -1, 0).Format(time.DateOnly) },            // has run out
	func(r *row, _ time.Time) { r.event = "800米" },                                                           // not in the programme
	func(r *row, _ time.Time) { r.birth = "1990-13-05" },                                                     // no such day
	func(r *row, _ time.Time) { r.id = "" },
}

// spoil spoils athletes' rows, each in another manner.
func (m *entrants) spoil(people []*row, n int) int {
	n = min(n, len(mistakes))
	for i := range n {
		mistakes[i](people[5+i*2], m.opening)
	}
	return n
}

// workbookOf writes the table as delegations do: a title, a line of whose it is,
// a header, the people.
func workbookOf(delegation string, people []*row) (_ []byte, err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	const sheet = "Sheet1"
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return nil, err
	}
	lines := [][]string{{"黑龙江省残疾人运动会报名总表"}, {"代表团：" + delegation}, header}
	for _, p := range people {
		lines = append(lines, p.cells())
	}
	for i, line := range lines {
		for j, cell := range line {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err == nil {
				err = f.SetCellStr(sheet, at, cell)
			}
			if err == nil {
				err = f.SetCellStyle(sheet, at, at, text)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	if err := f.SetColWidth(sheet, "A", "Q", 16); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}
