package entry

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/events/identity"
	"tongchang/scoring"
)

const games = `{"name":"省残运会","opening":"2027-06-18","delegations":["大庆","大庆油田"],"guardianRequiredUnderAge":14,"guideRequired":["T11","F11"],
"limits":{"individualEventsPerPersonAndSport":3,"notCounted":["pair","relay","team"]},
"sports":[{"code":"AT","name":"田径","aliases":["田径项目"],"birthFrom":"1967-01-01","birthTo":"2014-12-31"},
{"code":"PL","name":"举重","aliases":["卧举"],"birthFrom":"1967-01-01","birthTo":"2013-06-18"}],
"classCategories":[{"category":1,"classes":"T11-13 F11-13 视力组"},{"category":2,"classes":"T60 F60"},{"category":4,"classes":"all others, and 举重"},
{"category":"any of the categories it is composed of","classes":"category 7 (多重)"}]}`

const gamesEvents = `code,sport,sex,class,event,kind,limit_per_delegation,team_min,team_max,admits_classes
A1,田径,男,T46,100米,individual,2,1,1,T46
A2,田径,男,T46,跳远,individual,2,1,1,T46
A3,田径,男,F46,铅球,individual,2,1,1,F46
A4,田径,男,F46,标枪,individual,2,1,1,F46
A5,田径,男,T60,4×100米接力,relay,1,4,6,T60
A6,田径,男,T11,100米,individual,2,1,1,T11
A7,田径,男,T60,100米,individual,2,1,1,T60
A8,田径,女,T46,200米,individual,2,1,1,T46
P1,举重,男,不分级,59公斤级,individual,2,1,1,
`

const skills = `{"name":"职业技能竞赛","opening":"2027-09-10","delegations":["大庆"],"excludeTitles":["全国技术能手"],
"birth":{"男":["1967-09-11","2011-09-10"],"女":["1972-09-11","2011-09-10"]},
"extraTime":{"max":"50%","书写困难":"30%","大字版":"30%","盲文":"50%"},"limits":{"eventsPerPerson":1}}`

const skillsEvents = `code,group,event,occupation,kind,limit_per_delegation,team_size,admits_categories
S1,服务,茶艺,茶艺师,individual,2,1,
S2,服务,盲人保健按摩,保健按摩师,individual,2,1,1
S3,工业,工业机器人(双人),操作员,team,1,2,
`

var today = identity.Date{Year: 2027, Month: 4, Day: 1}

func edition(t testing.TB, rules, events string) *Edition {
	t.Helper()
	ed, err := ReadEdition(strings.NewReader(rules), strings.NewReader(events))
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// idOf makes a right number for a day of birth. Its place is no county's.
func idOf(birth string, sequence int) string {
	s := fmt.Sprintf("230699%s%03d", birth, sequence)
	return s + string(identity.CheckDigit(s))
}

// row makes an athlete with nothing wrong and then changes fields: "sex=女".
// Sequence tells persons apart.
func row(ed *Edition, sequence int, changes ...string) *Row {
	id := idOf("19900512", 2*sequence+1)
	values := map[Field]string{
		Name: fmt.Sprint("运动员", sequence), Sex: "男", Birth: "1990-05-12", ID: id, Cert: id + "42", Cat: "肢体", Level: "二级",
		Valid: "2031-01-01", InSport: "田径", Class: "T46/F46", Events: "100米", Phone: "19900000001",
	}
	r := &Row{Delegation: "大庆", Cells: map[Field]Cell{}}
	if len(ed.Sports) == 0 {
		values[Class], values[Events], values[InSport] = "", "茶艺", ""
	}
	for _, change := range changes {
		field, value, _ := strings.Cut(change, "=")
		switch field {
		case "delegation":
			r.Delegation = value
		case "staff":
			r.Staff, r.Role = true, value
		default:
			values[Field(field)] = value
		}
	}
	for f, text := range values {
		r.Cells[f] = Cell{File: "x.xlsx", Sheet: "s", Address: fmt.Sprint(f, sequence), Text: text}
	}
	r.Sport = ed.Sport(values[InSport])
	for _, name := range ed.SplitEvents(r.sport(), values[Events]) {
		r.Choices = append(r.Choices, Choice{name, r.Cells[Events]})
	}
	r.NoChoice = r.Cells[Events]
	return r
}

// kinds are the problems found: kind at field, and the row's number.
func kinds(ps []Problem) string {
	var all []string
	for _, p := range ps {
		all = append(all, fmt.Sprintf("%s@%s %s", p.Kind, p.At.Address, p.Severity[:1]))
	}
	return strings.Join(all, ", ")
}

// child is the id and certificate of somebody born on a day.
func born(day string, sequence int, tail string) []string {
	id := idOf(strings.ReplaceAll(day, "-", ""), sequence)
	return []string{"birth=" + day, "id=" + id, "cert=" + id + tail}
}

func TestGames(t *testing.T) {
	ed := edition(t, games, gamesEvents)
	one := func(changes ...string) []*Row { return []*Row{row(ed, 1, changes...)} }
	with := func(more []string, changes ...string) []*Row { return one(slices.Concat(more, changes)...) }
	other := idOf("19850512", 11)
	for name, tt := range map[string]struct {
		rows []*Row
		want string
	}{
		"nothing wrong":                     {one(), ""},
		"no number":                         {one("id="), "missing_id@id1 e"},
		"a number's check":                  {one("id=" + wrongCheck(idOf("19900512", 3))), "id_check_digit@id1 e"},
		"another's certificate":             {one("cert=" + other + "42"), "cert_mismatch@cert1 e"},
		"no certificate":                    {one("cert="), "missing_cert@cert1 e"},
		"a certificate's level 5":           {one("cert=" + idOf("19900512", 3) + "45"), "cert_form@cert1 e"},
		"category and certificate":          {one("cat=视力"), "category_conflict@cat1 e"},
		"level and certificate":             {one("level=三级"), "level_conflict@level1 w"},
		"multiple of what":                  {one("cat=多重", "cert="+idOf("19900512", 3)+"72"), "multiple_unspecified@cat1 w"},
		"multiple, one part fits":           {one("cat=多重(肢体、言语)", "cert="+idOf("19900512", 3)+"72"), ""},
		"multiple, no part fits":            {one("cat=多重(听力、言语)", "cert="+idOf("19900512", 3)+"72"), "class_category@class1 e"},
		"expired":                           {one("valid=2027-06-17"), "cert_expired@valid1 w"},
		"ends on the opening day":           {one("valid=2027.6.18"), ""},
		"no end":                            {one("valid=长期"), ""},
		"an end that nobody can read":       {one("valid=明年"), "date_unread@valid1 w"},
		"birth and number":                  {one("birth=1990-12-05"), "birth_conflict@birth1 e"},
		"birth as a spreadsheet's day":      {one("birth=33005"), ""},
		"sex and number":                    {one("sex=女", "event=200米"), "sex_conflict@sex1 e"},
		"no class":                          {one("class="), "class_missing@class1 w"},
		"class as a bare number":            {one("class=46级"), ""},
		"class in small full-width":         {one("class=ｔ４６／ｆ４６"), ""},
		"class and category":                {one("class=T60"), "class_category@class1 e"},
		"lifting asks for the category too": {one("sport=举重", "class=59公斤级", "event=59公斤级"), ""},
		"lifting with another category":     {one("sport=卧举", "class=59公斤级", "event=59公斤级", "cat=听力", "cert="+idOf("19900512", 3)+"22"), "class_category@class1 e"},
		"too old":                           {with(born("1966-12-31", 3, "42")), "age_range@id1 e"},
		"first day that is let in":          {with(born("1967-01-01", 3, "42")), ""},
		"too young":                         {with(born("2015-01-01", 3, "42"), "guardian=母"), "age_range@id1 e"},
		"under 14 alone":                    {with(born("2013-06-19", 3, "42")), "missing_guardian@name1 e"},
		"14 on the opening day":             {with(born("2013-06-18", 3, "42")), ""},
		"no event":                          {one("event="), "no_event@event1 w"},
		"an event that is none":             {one("event=110米栏"), "unknown_event@event1 e"},
		"an event of another class":         {one("event=4×100米接力"), "event_not_in_class@event1 e"},
		"an event of the other sex":         {one("event=200米"), "event_not_in_class@event1 e"},
		"an event otherwise written":        {one("event=男子100m、跳 远；铅球"), ""},
		"a sport that is none":              {one("sport=马术"), "unknown_sport@sport1 e"},
		"four events":                       {one("event=100米 跳远 铅球 标枪"), "over_quota_person@event1 e"},
		"marks of every form":               {one("mark=12\"35/12秒35/1分02秒45/1:02.45/5.62米/130kg/—/12/４分４０秒５９"), ""},
		"a mark that is none":               {one("mark=约十二秒/—"), "mark_text@mark1 w"},
		"a phone":                           {one("phone=1990000000"), "phone_bad@phone1 w"},
		"no guide":                          {one("class=T11", "cat=视力", "cert="+idOf("19900512", 3)+"12"), "missing_guide@name1 w"},
		"a guide whom nobody sent":          {one("class=T11", "cat=视力", "cert="+idOf("19900512", 3)+"12", "guide=钟宇"), "guide_not_listed@guide1 w"},
		"a guide on the staff": {[]*Row{
			row(ed, 1, "class=T11", "cat=视力", "cert="+idOf("19900512", 3)+"12", "guide=钟 宇"), row(ed, 2, "staff=引导员", "name=钟宇"),
		}, ""},
		"staff with a wrong number": {one("staff=教练员", "id="+wrongCheck(idOf("19900512", 3))), "id_check_digit@id1 e"},
		"twice":                     {[]*Row{row(ed, 1), row(ed, 2, "name=运动员1", "id="+idOf("19900512", 3), "cert="+idOf("19900512", 3)+"42")}, "duplicate_in_delegation@id2 e"},
		"in two sports": {[]*Row{row(ed, 1), row(ed, 2, "id="+idOf("19900512", 3), "cert="+idOf("19900512", 3)+"42",
			"sport=举重", "class=59公斤级", "event=59公斤级")}, ""},
		"for two delegations": {[]*Row{row(ed, 1), row(ed, 2, "delegation=大庆油田", "id="+idOf("19900512", 3), "cert="+idOf("19900512", 3)+"42")}, "two_delegations@id2 e"},
		"a namesake":          {[]*Row{row(ed, 1), row(ed, 2, "name=运动员1")}, ""},
		"a namesake without a number": {[]*Row{row(ed, 1), row(ed, 2, "name=运 动员1", "id=", "delegation=大庆油田")},
			"missing_id@id2 e, same_person@name2 w"},
		"three for two places":  {[]*Row{row(ed, 1), row(ed, 2), row(ed, 3)}, "over_quota_event@event3 e"},
		"two of each":           {[]*Row{row(ed, 1), row(ed, 2), row(ed, 3, "delegation=大庆油田"), row(ed, 4, "delegation=大庆油田")}, ""},
		"a relay of too few":    {relay(ed, 3), "team_small@event3 w"},
		"a relay with reserves": {relay(ed, 6), ""},
		"a relay of too many":   {relay(ed, 7), "over_quota_event@event7 e"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := kinds(Check(ed, tt.rows, today)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// wrongCheck is a number with its check character one off.
func wrongCheck(s string) string {
	last := "0123456789X"
	return s[:17] + string(last[(strings.IndexByte(last, s[17])+1)%11])
}

func relay(ed *Edition, n int) []*Row {
	var rows []*Row
	for i := range n {
		rows = append(rows, row(ed, i+1, "class=T60", "cat=听力", "cert="+idOf("19900512", 2*i+3)+"22", "event=4*100m接力"))
	}
	return rows
}

func TestSkills(t *testing.T) {
	ed := edition(t, skills, skillsEvents)
	one := func(changes ...string) []*Row { return []*Row{row(ed, 1, changes...)} }
	blind := "cert=" + idOf("19900512", 3) + "12"
	for name, tt := range map[string]struct {
		rows []*Row
		want string
	}{
		"nothing wrong":              {one(), ""},
		"two events":                 {one("event=茶艺、工业机器人(双人)"), "over_quota_person@event1 e, team_small@event1 w"},
		"for the blind":              {one("event=盲人保健按摩"), "event_category@event1 e"},
		"of the blind":               {one("event=盲人保健按摩", "cat=视力", blind, "paper=盲文", "extra=50%"), ""},
		"Braille for others":         {one("paper=盲文", "extra=50%"), "need_mismatch@paper1 w"},
		"more than any paper":        {one("extra=80%"), "extra_time_over@extra1 w"},
		"more than this paper":       {one("paper=大字版", "extra=50%"), "extra_time_over@extra1 w"},
		"as a spreadsheet's percent": {one("paper=大字版", "extra=0.3"), ""},
		"a title":                    {one("remark=2019年获全国技术能手"), "title_holder@remark1 e"},
		"too young":                  {one(born("2011-09-11", 3, "42")...), "age_range@id1 e"},
		"no such event":              {one("event=汽车驾驶"), "unknown_event@event1 e"},
		"a team of two":              {[]*Row{row(ed, 1, "event=工业机器人(双人)"), row(ed, 2, "event=工业机器人（双人）")}, ""},
		"a team of three":            {[]*Row{row(ed, 1, "event=工业机器人(双人)"), row(ed, 2, "event=工业机器人(双人)"), row(ed, 3, "event=工业机器人(双人)")}, "over_quota_event@event3 e"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := kinds(Check(ed, tt.rows, today)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestHelp: two digits exchanged are named where the certificate bears it out,
// and no number is given away by any sentence.
func TestHelp(t *testing.T) {
	ed := edition(t, games, gamesEvents)
	right := idOf("19900512", 37)
	swapped := exchanged(right, 16)
	rows := []*Row{row(ed, 1, "id="+swapped, "cert="+right+"42")}
	ps := Check(ed, rows, today)
	if len(ps) != 1 || len(ps[0].Say) != 3 || ps[0].Say[1].Problem != "hint-swapped" || !slices.Equal(ps[0].Say[1].With, []string{"16", "17"}) {
		t.Fatalf("%+v", ps)
	}
	said := fmt.Sprintf("%v", ps[0].Say)
	if strings.Contains(said, "19900512") || strings.Contains(said, right) {
		t.Errorf("given away: %s", said)
	}
	if got := ps[0].Message(func(s scoring.Invalid) string { return s.Problem + "." }); got != "id-check-digit. hint-swapped. hint-certificate-holder." {
		t.Errorf("message %q", got)
	}
	if !rows[0].Refused {
		t.Error("a row with an error is taken")
	}
}

// TestKeptBack: both rows of a person in two delegations wait, and all that
// compete for too few places.
func TestKeptBack(t *testing.T) {
	ed := edition(t, games, gamesEvents)
	id := idOf("19900512", 3)
	two := []*Row{row(ed, 1), row(ed, 2, "delegation=大庆油田", "id="+id, "cert="+id+"42"), row(ed, 3)}
	Check(ed, two, today)
	if !two[0].Refused || !two[1].Refused || two[2].Refused {
		t.Errorf("kept back: %v %v %v", two[0].Refused, two[1].Refused, two[2].Refused)
	}
	three := []*Row{row(ed, 1), row(ed, 2), row(ed, 3)}
	if ps := Check(ed, three, today); len(ps) != 1 || len(ps[0].Also) != 2 || !three[0].Refused || !three[2].Refused {
		t.Errorf("%+v", ps)
	}
}

func TestReadEdition(t *testing.T) {
	for name, tt := range map[string]struct{ rules, events, problem, field string }{
		"no JSON":                 {"{", gamesEvents, "edition-unread", "edition.json"},
		"a day that is none":      {`{"opening":"2027-02-30"}`, gamesEvents, "edition-unread", "edition.json"},
		"no opening":              {`{"delegations":["大庆"]}`, skillsEvents, "edition-missing", "opening"},
		"nobody comes":            {`{"opening":"2027-06-18"}`, skillsEvents, "edition-missing", "delegations"},
		"no events":               {skills, "code,event\n", "edition-missing", "events.csv"},
		"empty events":            {skills, "", "edition-unread", "events.csv"},
		"a limit in words":        {skills, "code,event,kind,limit_per_delegation\nA,茶艺,individual,two\n", "edition-number", "limit_per_delegation"},
		"a code twice":            {skills, "code,event,kind\nA,茶艺,individual\nA,插花,individual\n", "edition-twice", "code"},
		"a kind that is none":     {skills, "code,event,kind\nA,茶艺,solo\n", "unknown-word", "kind"},
		"a sport that is none":    {games, "code,sport,event,kind\nA,马术,盛装,individual\n", "sport-not-offered", "sport"},
		"more than time":          {`{"opening":"2027-06-18","extraTime":{"max":"half"}}`, skillsEvents, "edition-number", "extraTime"},
		"a category that is none": {`{"opening":"2027-06-18","classCategories":[{"category":9,"classes":"T11"}]}`, skillsEvents, "edition-number", "classCategories"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadEdition(strings.NewReader(tt.rules), strings.NewReader(tt.events))
			var invalid *scoring.Invalid
			if !errors.As(err, &invalid) || invalid.Problem != tt.problem || invalid.Field != tt.field {
				t.Errorf("%v, want %s of %s", err, tt.problem, tt.field)
			}
		})
	}
}

func TestParseBest(t *testing.T) {
	for typed, want := range map[string]string{
		"12.35": "12350 ", `12"35`: "12350 ms", "12秒35": "12350 ms", "1分02秒45": "62450 ms", "1'43\"50": "103500 ms", "1:02.45": "62450 ms", "6:00.59": "360590 ms",
		"1:01:02.5": "3662500 ms", "5.62米": "5620 mm", "17.44m": "17440 mm", "130kg": "130000 g", "６０ＫＧ": "60000 g", "112公斤": "112000 g", "—": "0 ", "": "0 ", "无": "0 ",
		"待定": "no", "约12": "no", "1:75.00": "no", "-5": "no", "1e9": "no", "NaN": "no", "12-35": "no", "12.3456": "no",
	} {
		b, ok := ParseBest(typed)
		got := fmt.Sprint(int64(b.Mark), " ", b.Measure)
		if !ok {
			got = "no"
		}
		if got != want {
			t.Errorf("ParseBest(%q) = %s, want %s", typed, got, want)
		}
	}
}

func TestParsePercent(t *testing.T) {
	for typed, want := range map[string]int{"30%": 30, "３０％": 30, "+50": 50, "0.3": 30, "0.05": 5, "1": 100, "1%": 1, "0": 0, "": -1, "0.": -1, "0.-5": -1, "-5": -1, "一半": -1, "2000": -1} {
		got, ok := ParsePercent(typed)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("ParsePercent(%q) = %d, want %d", typed, got, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	ed := edition(t, games, gamesEvents)
	for title, want := range map[string]string{"大庆油田代表团报名总表": "大庆油田", "代表团:大庆市代表团": "大庆", "哈尔滨": ""} {
		if got := ed.DelegationIn(title); got != want {
			t.Errorf("%s: %q", title, got)
		}
	}
	if s := ed.SportIn("B表 田径队名单"); s == nil || s.Code != "AT" {
		t.Error("the sport of a title is not found")
	}
}

// TestOrder: the order of persons does not matter to what each is told, but for
// which of several rows is the one too many.
func TestOrder(t *testing.T) {
	ed := edition(t, games, gamesEvents)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		changes := []string{"valid=2020-01-01", "level=四级", "class=T60", "event=跳高栏", "phone=1", "cat=听力", "id=", "mark=快", "name="}
		picked := make([]string, n)
		for i := range picked {
			picked[i] = rapid.SampledFrom(changes).Draw(t, "change")
		}
		order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
			for i := range n {
				if !yield(i) {
					return
				}
			}
		})).Draw(t, "order")
		count := func(order []int) map[string]int {
			var rows []*Row
			for _, i := range order {
				rows = append(rows, row(ed, i+1, picked[i], "delegation="+fmt.Sprint(i))) // alone in its delegation
			}
			m := map[string]int{}
			for _, p := range Check(ed, rows, today) {
				if p.Kind != "same_person" {
					m[p.Kind+p.At.Address]++
				}
			}
			return m
		}
		plain := make([]int, n)
		for i := range plain {
			plain[i] = i
		}
		if a, b := count(plain), count(order); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("%v and %v", a, b)
		}
	})
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"100米、跳远", "46级", "12\"35/—", "30%", "0.3", "男子100m", "多重(听力", "\xff", "1:02.45"} {
		f.Add(s)
	}
	ed := edition(f, games, gamesEvents)
	f.Fuzz(func(t *testing.T, s string) {
		for _, e := range ed.SplitEvents("田径", s) {
			if strings.TrimSpace(e) == "" {
				t.Errorf("%q has an event without a name", s)
			}
		}
		for _, c := range Classes(s) {
			if c == "" {
				t.Errorf("%q has a class without a name", s)
			}
		}
		if b, ok := ParseBest(s); ok && b.Mark < 0 {
			t.Errorf("%q is a mark of %d", s, b.Mark)
		}
		if p, ok := ParsePercent(s); ok && (p < 0 || p > 1000) {
			t.Errorf("%q is %d%%", s, p)
		}
		r := row(ed, 1, "class="+s, "event="+s, "mark="+s, "birth="+s, "cat="+s, "cert="+s, "id="+s)
		for _, p := range Check(ed, []*Row{r}, today) {
			if p.Kind == "" || len(p.Say) == 0 || p.Say[0].Problem == "" {
				t.Errorf("%q: a problem that says nothing: %+v", s, p)
			}
		}
	})
}
