package forms

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/workbook"
)

// Names of the sheets that are filled in.
const (
	athletes = "运动员"
	contests = "选手"
	staff    = "工作人员"
)

// Template writes the form of an edition: a page on how to fill it in, athletes,
// staff, an example and the programme. With a delegation it is made out to that;
// without, the delegation writes its name over the table.
func Template(w io.Writer, ed *entry.Edition, delegation string, say Words) error {
	t := template{ed: ed, delegation: delegation, say: say}
	people, helpers := t.athletes(), t.staff()
	example := people
	example.Name, example.Page, example.Rows = say.T("form.example"), say.T("form.example-note"), t.example(people.Columns)
	example.Columns = slices.Clone(people.Columns)
	return workbook.WriteForm(w, []workbook.FormSheet{t.how(), people, helpers, example, t.programme()})
}

type template struct {
	ed         *entry.Edition
	delegation string
	say        Words
}

// whose is the line by which a form is known as a delegation's.
func (t *template) whose() []string { return []string{"代表团：" + t.delegation} }

// skills reports whether the edition has skills and not sports.
func (t *template) skills() bool { return len(t.ed.Sports) == 0 }

// how is the page that says how to fill the form in.
func (t *template) how() workbook.FormSheet {
	lines := []string{t.ed.Name, t.say.T("form.how-once"), t.say.T("form.how-star"), t.say.T("form.how-list"), t.say.T("form.how-number")}
	if t.skills() {
		lines = append(lines, t.say.T("form.how-paper"))
	} else {
		lines = append(lines, t.say.T("form.how-class"), t.say.T("form.how-events"), t.say.T("form.how-marks"))
	}
	if len(t.ed.GuideFor) > 0 {
		lines = append(lines, t.say.T("form.how-guide", strings.Join(t.ed.GuideFor, "、")))
	}
	if t.ed.GuardianUnder > 0 {
		lines = append(lines, t.say.T("form.how-guardian", strconv.Itoa(t.ed.GuardianUnder), t.ed.Opening.String()))
	}
	for _, stage := range []entry.Stage{entry.Numbers, entry.Names, entry.Final, entry.Late} {
		if until, ok := t.ed.Until(stage); ok {
			lines = append(lines, t.until(stage, until.String()))
		}
	}
	lines = append(lines, t.say.T("form.how-send"), t.say.T("form.how-private"))
	page := workbook.FormSheet{Name: t.say.T("form.how"), Page: t.say.T("form.how-note")}
	for _, line := range lines {
		page.Rows = append(page.Rows, []string{line})
	}
	return page
}

func (t *template) until(stage entry.Stage, day string) string {
	switch stage {
	case entry.Numbers:
		return t.say.T("form.until-numbers", day)
	case entry.Names:
		return t.say.T("form.until-names", day)
	case entry.Final:
		return t.say.T("form.until-final", day)
	}
	return t.say.T("form.until-late", day)
}

// Values that forms offer.
var (
	sexes      = []string{"男", "女"}
	levels     = []string{"一级", "二级", "三级", "四级"}
	yes        = []string{"是"}
	wheelchair = []string{"手动轮椅", "电动轮椅"}
	food       = []string{"清真", "素食"}
	usualStaff = []string{"团长", "副团长", "领队", "教练员", "队医", "引导员", "陪同人员", "工作人员", "志愿者"}
)

func categories() []string {
	var all []string
	for c := identity.Vision; c <= identity.Multiple; c++ {
		all = append(all, c.Word())
	}
	return all
}

// column is a column of a field.
func column(f workbook.Field) workbook.FormColumn {
	return workbook.FormColumn{Header: workbook.HeaderOf(f), Width: 10}
}

// chosen is a column with a list. With strict nothing else can be typed.
func (t *template) chosen(f workbook.Field, strict bool, choices ...string) workbook.FormColumn {
	c := column(f)
	c.Choices, c.Strict = choices, strict
	if c.Wrong = t.say.T("form.choose-maybe"); strict {
		c.Wrong = t.say.T("form.choose")
	}
	return c
}

func required(c workbook.FormColumn) workbook.FormColumn {
	c.Required = true
	return c
}

// long is a column whose texts have a length.
func (t *template) long(f workbook.Field, least, most, width int, prompt string) workbook.FormColumn {
	c := column(f)
	c.Min, c.Max, c.Width, c.Prompt = least, most, width, prompt
	c.Wrong = t.say.T("form.length")
	return c
}

// asked is a column with something said about it.
func asked(c workbook.FormColumn, prompt string) workbook.FormColumn {
	c.Prompt = prompt
	return c
}

// person are the columns that everybody who competes has.
func (t *template) person() []workbook.FormColumn {
	return []workbook.FormColumn{
		{Header: workbook.HeaderOf(workbook.Number), Width: 5},
		required(column(workbook.Name)),
		required(t.chosen(workbook.Sex, true, sexes...)),
		asked(column(workbook.Birth), t.say.T("form.ask-day")),
		required(t.long(workbook.ID, 18, 18, 22, t.say.T("form.ask-id"))),
		required(t.long(workbook.Cert, 20, 22, 26, t.say.T("form.ask-cert"))),
		required(t.chosen(workbook.Cat, false, categories()...)),
		required(t.chosen(workbook.Level, true, levels...)),
		asked(column(workbook.Valid), t.say.T("form.ask-day")),
	}
}

func (t *template) athletes() workbook.FormSheet {
	s := workbook.FormSheet{Name: athletes, Above: t.whose(), Columns: t.person()}
	phone := t.long(workbook.Phone, 7, 20, 14, "")
	if t.skills() {
		s.Name = contests
		s.Columns = append(s.Columns, required(t.chosen(workbook.Event, false, t.events("")...)),
			column(workbook.Education), column(workbook.Employer), t.chosen(workbook.Paper, false, t.papers()...),
			asked(column(workbook.Extra), t.say.T("form.ask-extra")), t.chosen(workbook.Signing, false, yes...), column(workbook.Bench), column(workbook.Tools))
	} else {
		s.Columns = append(s.Columns, t.sporting(len(s.Columns))...)
	}
	s.Columns = append(s.Columns, phone, column(workbook.Guardian), t.long(workbook.GuardPhone, 7, 20, 14, ""),
		t.chosen(workbook.Wheelchair, false, wheelchair...), t.chosen(workbook.Food, false, food...), column(workbook.Need), column(workbook.Remark))
	return s
}

// sporting are the columns for sport, class and events; the lists of the latter
// go by the sport of the row.
func (t *template) sporting(before int) []workbook.FormColumn {
	var sports []string
	var events, classes []workbook.ChoiceGroup
	for _, s := range t.ed.Sports {
		sports = append(sports, s.Name)
		events = append(events, workbook.ChoiceGroup{Of: s.Name, Choices: t.events(s.Name)})
		if in := t.classes(s.Name); len(in) > 0 {
			classes = append(classes, workbook.ChoiceGroup{Of: s.Name, Choices: in})
		}
	}
	class := column(workbook.Class)
	class.Groups, class.GroupBy, class.Prompt = classes, before, t.say.T("form.ask-class")
	all := []workbook.FormColumn{required(t.chosen(workbook.Sport, true, sports...)), required(class)}
	for i := range t.slots() {
		c := column(workbook.Event)
		if c.Groups, c.GroupBy, c.Width, c.Wrong = events, before, 16, t.say.T("form.choose-event"); i > 0 {
			c.Header += strconv.Itoa(i + 1)
		}
		c.Required = i == 0
		all = append(all, c)
	}
	return append(all, asked(column(workbook.Mark), t.say.T("form.ask-mark")), column(workbook.Guide), column(workbook.Coach))
}

// slots is how many events a row has room for: what a person may enter, and one
// more for a relay, a pair or a team.
func (t *template) slots() int { return min(max(t.ed.PerPerson, 2)+1, 6) }

// events are the names of a sport's events, each once, in the programme's order.
func (t *template) events(sport string) []string {
	var all []string
	for i := range t.ed.Events {
		if e := &t.ed.Events[i]; e.Sport == sport && !slices.Contains(all, e.Name) {
			all = append(all, e.Name)
		}
	}
	return all
}

// classes are the classes that a sport's events let in.
func (t *template) classes(sport string) []string {
	var all []string
	for i := range t.ed.Events {
		e := &t.ed.Events[i]
		if e.Sport != sport {
			continue
		}
		if len(e.Classes) == 0 && e.Class != "" && !slices.Contains(all, e.Class) {
			all = append(all, e.Class)
		}
		for _, class := range e.Classes {
			if !slices.Contains(all, class) {
				all = append(all, class)
			}
		}
	}
	return all
}

// papers are the forms of paper that give more time.
func (t *template) papers() []string {
	all := []string{"普通试卷"}
	for _, paper := range slices.Sorted(maps.Keys(t.ed.ExtraTime)) {
		if paper != reasonOnly {
			all = append(all, paper)
		}
	}
	return all
}

// reasonOnly gives more time and is no form of paper.
const reasonOnly = "书写困难"

func (t *template) staff() workbook.FormSheet {
	functions := slices.Clone(usualStaff)
	for _, words := range t.functions() {
		for _, word := range words {
			if !slices.Contains(functions, word) {
				functions = append(functions, word)
			}
		}
	}
	role := required(t.chosen(workbook.Role, false, functions...))
	role.Width = 14
	return workbook.FormSheet{Name: staff, Above: t.whose(), Columns: []workbook.FormColumn{
		{Header: workbook.HeaderOf(workbook.Number), Width: 5},
		role,
		required(column(workbook.Name)),
		t.chosen(workbook.Sex, true, sexes...),
		required(t.long(workbook.ID, 18, 18, 22, t.say.T("form.ask-id"))),
		t.inCharge(),
		t.long(workbook.Phone, 7, 20, 14, ""),
		t.chosen(workbook.Food, false, food...),
		column(workbook.Need),
		asked(column(workbook.Remark), t.say.T("form.ask-counted")),
	}}
}

// inCharge is the sport that a coach or leader looks after.
func (t *template) inCharge() workbook.FormColumn {
	var sports []string
	for _, s := range t.ed.Sports {
		sports = append(sports, s.Name)
	}
	if len(sports) == 0 {
		return column(workbook.Employer)
	}
	return t.chosen(workbook.Sport, true, sports...)
}

// functions are those that the edition's rules speak of.
func (t *template) functions() [][]string {
	all := [][]string{t.ed.Headquarters.Functions, t.ed.Deputies.Functions, t.ed.Escorts.Functions}
	for _, p := range t.ed.Partners {
		all = append(all, p.Functions)
	}
	return all
}

// example is a row as it should look, of a person who does not exist: no county
// has the code of the number.
func (t *template) example(columns []workbook.FormColumn) [][]string {
	number := "230099199005120012"
	number = number[:17] + string(identity.CheckDigit(number[:17]))
	values := map[string]string{
		workbook.HeaderOf(workbook.Number): "1", workbook.HeaderOf(workbook.Name): "张三", workbook.HeaderOf(workbook.Sex): "男", workbook.HeaderOf(workbook.Birth): "1990-05-12",
		workbook.HeaderOf(workbook.ID): number, workbook.HeaderOf(workbook.Cert): number + "43", workbook.HeaderOf(workbook.Cat): "肢体", workbook.HeaderOf(workbook.Level): "三级",
		workbook.HeaderOf(workbook.Valid): "2034-05-11", workbook.HeaderOf(workbook.Phone): "19900000001", workbook.HeaderOf(workbook.Coach): "李四",
	}
	if e := t.choice(); e != nil {
		values[workbook.HeaderOf(workbook.Sport)], values[workbook.HeaderOf(workbook.Event)] = e.Sport, e.Name
		if values[workbook.HeaderOf(workbook.Class)] = e.Class; len(e.Classes) > 0 {
			values[workbook.HeaderOf(workbook.Class)] = e.Classes[0]
		}
	}
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = values[c.Header]
	}
	return [][]string{row}
}

// choice is the first event that the person of the example may enter, nil where
// there is none.
func (t *template) choice() *entry.Event {
	others := func(class string) bool {
		asks := t.ed.Asks(class)
		return asks != 0 && asks != identity.Physical || slices.Contains(t.ed.GuideFor, class)
	}
	for i := range t.ed.Events {
		e := &t.ed.Events[i]
		closed := len(e.Categories) > 0 && !slices.Contains(e.Categories, identity.Physical)
		if e.Sex != identity.Female && e.Individual() && !closed && !slices.ContainsFunc(e.Classes, others) {
			return e
		}
	}
	return nil
}

// programme is the list of events to look things up in.
func (t *template) programme() workbook.FormSheet {
	s := workbook.FormSheet{Name: t.say.T("form.programme"), Page: t.say.T("form.programme-note")}
	s.Columns = []workbook.FormColumn{{Header: workbook.HeaderOf(workbook.Sport), Width: 12}, {Header: workbook.HeaderOf(workbook.Sex), Width: 6},
		{Header: workbook.HeaderOf(workbook.Class), Width: 20}, {Header: workbook.HeaderOf(workbook.Event), Width: 24}, {Header: t.say.T("form.limit"), Width: 12}}
	for i := range t.ed.Events {
		e := &t.ed.Events[i]
		limit := ""
		if e.Limit > 0 {
			limit = strconv.Itoa(e.Limit)
		}
		classes := strings.Join(e.Classes, " ")
		if classes == "" {
			classes = e.Class
		}
		s.Rows = append(s.Rows, []string{e.Sport + e.Group, sexOf(e), classes, e.Name, limit})
	}
	return s
}

// sexOf says whom an event is for.
func sexOf(e *entry.Event) string {
	switch {
	case e.Sex == identity.Male:
		return "男"
	case e.Sex == identity.Female:
		return "女"
	case e.Mixed:
		return "混合"
	}
	return ""
}
