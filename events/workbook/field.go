package workbook

import (
	"slices"
	"strings"
	"unicode"

	"tongchang/events/identity"
)

// Field is what a column holds.
type Field string

// The fields of a person's row.
const (
	Team       Field = "team" // 牡丹江田径队, merged over its rows
	Number     Field = "number"
	Role       Field = "role"
	Name       Field = "name"
	Sex        Field = "sex"
	Ethnic     Field = "ethnic"
	Birth      Field = "birth"
	ID         Field = "id"
	Cert       Field = "cert"
	Cat        Field = "cat"
	Level      Field = "level"
	Valid      Field = "valid"
	Sport      Field = "sport"
	Class      Field = "class"
	Event      Field = "event"
	Count      Field = "count"
	Mark       Field = "mark"
	Coach      Field = "coach"
	Guide      Field = "guide"
	Phone      Field = "phone"
	Guardian   Field = "guardian"
	GuardPhone Field = "guardian_phone"
	Wheelchair Field = "wheelchair"
	Food       Field = "food"
	Need       Field = "need"
	Remark     Field = "remark"
	Occupation Field = "occupation"
	Education  Field = "education"
	Employer   Field = "employer"
	Paper      Field = "paper"
	Extra      Field = "extra"
	Signing    Field = "signing"
	Bench      Field = "bench"
	Tools      Field = "tools"
	Room       Field = "room"
)

// Tick is a column of a table of people and events: its header is an event, a
// mark in a row enters the person for it.
const Tick Field = "tick"

// The further fields of a summary by sport.
const (
	Men    Field = "men"
	Women  Field = "women"
	Escort Field = "escort"
	Total  Field = "total"
)

// names are the headers under which each field has been met, spelt as
// [spelling] spells. The first is the one of our own template.
var names = map[Field][]string{
	Team:       {"队伍", "队别", "代表队", "运动队"},
	Number:     {"序号", "序", "no.", "no", "编号", "号"},
	Role:       {"人员类别", "职务", "身份", "岗位", "类型"},
	Name:       {"姓名", "名字", "运动员姓名", "选手姓名", "name"},
	Sex:        {"性别", "男/女", "sex"},
	Ethnic:     {"民族", "族别"},
	Birth:      {"出生日期", "生日", "出生年月日", "出生年月", "birthdate"},
	ID:         {"公民身份号码", "身份证号码", "身份证号", "身份证", "证件号码", "idnumber"},
	Cert:       {"残疾人证号", "残疾证号码", "残疾证号", "残疾证", "残疾人证", "残疾人证号码", "二代残疾证号"},
	Cat:        {"残疾类别", "类别", "残疾类型", "残别"},
	Level:      {"残疾等级", "等级", "几级"},
	Valid:      {"证件有效期至", "有效期至", "有效期", "证件有效期", "残疾证到期日", "到期日", "有效期止"},
	Sport:      {"运动项目", "参赛大项", "大项", "负责项目"},
	Class:      {"级别", "组别(级别)", "级别/组别", "组别", "级别(组别)", "运动级别", "参赛级别"},
	Event:      {"参赛小项", "小项", "报名小项", "参加小项", "竞赛项目", "比赛项目", "参赛项目"},
	Count:      {"项数", "运动员小计"},
	Mark:       {"报名成绩", "最好成绩", "成绩"},
	Coach:      {"教练员", "教练", "主教练", "指导教师"},
	Guide:      {"引导员", "领跑员", "领跑/引导", "领跑", "领航员"},
	Phone:      {"联系电话", "电话", "联系方式", "手机", "手机号", "手机号码"},
	Guardian:   {"监护人", "家长", "监护人及电话", "监护人姓名", "家长姓名"},
	GuardPhone: {"监护人电话", "监护人手机", "家长电话", "家长手机"},
	Wheelchair: {"轮椅", "轮椅情况", "是否轮椅"},
	Food:       {"饮食", "吃饭要求", "饮食要求"},
	Need:       {"其他需求", "其它需求", "需求", "需要照顾的事项"},
	Remark:     {"备注", "说明"},
	Occupation: {"职业(工种)", "职业", "工种"},
	Education:  {"文化程度", "学历"},
	Employer:   {"工作单位或学校", "工作单位", "单位", "学校"},
	Paper:      {"试卷形式", "试卷要求", "试卷"},
	Extra:      {"延长时间", "加时"},
	Signing:    {"手语翻译", "手语"},
	Bench:      {"工位要求", "工位"},
	Tools:      {"自带工具辅具", "自带工具"},
	Room:       {"住宿需求", "住宿"},
	Men:        {"男运动员"},
	Women:      {"女运动员"},
	Escort:     {"陪同人员"},
	Total:      {"合计"},
}

// byName finds a field by a header as spelt.
var byName = func() map[string]Field {
	m := map[string]Field{}
	for field, all := range names {
		for _, name := range all {
			m[name] = field
		}
	}
	return m
}()

// Fields lists every field that a person may choose for a column, in order of
// their names.
func Fields() []Field {
	all := []Field{Tick}
	for f := range names {
		all = append(all, f)
	}
	slices.Sort(all)
	return all
}

// either is a header that means a sport where another column has the event, and
// the event where none has.
const either = "项目"

// spelling is a header as it is compared: ordinary widths, no blanks or line
// breaks, small letters, without the star of an obligatory field or a colon.
func spelling(header string) string {
	return strings.Trim(strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, identity.Narrow(header))), "*:")
}

// recognise proposes a field for a header, and how sure it is in percent.
func recognise(header string) (Field, int) {
	s := spelling(header)
	if f, sure := known(s); sure > 0 {
		return f, sure
	}
	return within(s)
}

// known proposes a field by a whole name.
func known(s string) (Field, int) {
	if f, ok := byName[s]; ok {
		return f, 100
	}
	if numbered := strings.TrimRight(s, "0123456789"); numbered != s {
		if f, ok := byName[numbered]; ok { // 参赛小项2
			return f, 100
		}
	}
	if bare, _, ok := strings.Cut(s, "("); ok {
		if f, ok := byName[bare]; ok { // 身份证号(18位)
			return f, 90
		}
	}
	return "", 0
}

// within proposes a field by the longest name inside a header.
func within(s string) (Field, int) {
	best, length := Field(""), 1
	for name, f := range byName {
		n := len([]rune(name))
		if strings.Contains(s, name) && (n > length || n == length && best != "" && f < best) && len([]rune(s)) <= n+6 {
			best, length = f, n
		}
	}
	if best == "" {
		return "", 0
	}
	return best, 60
}

// ticks are the signs that enter a person for an event.
var ticks = []string{"√", "✓", "✔", "☑", "V", "v", "1", "是", "Y", "y", "●", "○", "*"}

// IsTick reports whether a cell is a mark that enters somebody.
func IsTick(cell string) bool {
	return slices.Contains(ticks, strings.TrimSpace(identity.Narrow(cell)))
}
