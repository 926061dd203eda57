package forms

import (
	"fmt"
	"strings"
	"testing"

	"tongchang/events/workbook"
)

// printed writes a list as text, a row a line.
func printed(lists ...workbook.List) string {
	var b strings.Builder
	for _, l := range lists {
		fmt.Fprintln(&b, l.Name)
		for _, row := range l.Rows {
			fmt.Fprintln(&b, strings.Join(row, " | "))
		}
	}
	return b.String()
}

// team is a small games: a man in two sports, a woman who competes and coaches.
var team = []Person{
	{ID: 1, Delegation: "大庆", Sport: "游泳", Name: "张三", Sex: "M", Bib: "1002"},
	{ID: 1, Delegation: "大庆", Sport: "田径", Name: "张三", Sex: "M", Bib: "1002"},
	{ID: 2, Delegation: "大庆", Sport: "田径", Name: "李四", Sex: "M", Bib: "99"},
	{ID: 3, Delegation: "大庆", Sport: "田径", Name: "王五", Sex: "W", Bib: "1003"},
	{ID: 3, Delegation: "大庆", Sport: "田径", Name: "王五", Sex: "W", Staff: true, Function: "教练员"},
	{ID: 4, Delegation: "大庆", Name: "赵六", Sex: "W", Staff: true, Function: "翻译"},
	{ID: 5, Delegation: "大庆", Name: "孙七", Sex: "M", Staff: true, Function: "副团长"},
	{ID: 6, Delegation: "大庆", Name: "周八", Sex: "M", Staff: true, Function: "团长"},
	{ID: 7, Delegation: "大庆", Sport: "游泳", Name: "吴九", Sex: "M", Staff: true, Function: "教练员"},
	{ID: 8, Delegation: "哈尔滨", Sport: "冰盘", Name: "郑十", Sex: "W"},
	{ID: 9, Delegation: "别处", Sport: "田径", Name: "无人", Sex: "W"},
}

func TestOrderBook(t *testing.T) {
	got := printed(OrderBook(team, []string{"哈尔滨", "大庆", "鹤岗"}, []string{"田径", "游泳"}, words)...)
	want := `哈尔滨
list.athletes | 冰盘 list.women | 1 | 郑十
大庆
团长 |  | 1 | 周八
副团长 |  | 1 | 孙七
教练员 | 田径 | 1 | 王五
教练员 | 游泳 | 1 | 吴九
翻译 |  | 1 | 赵六
list.athletes | 田径 list.men | 2 | 99 李四、1002 张三
list.athletes | 田径 list.women | 1 | 1003 王五
list.athletes | 游泳 list.men | 1 | 1002 张三
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestHeadCounts: a person is one in the first table, and in the second one in
// each of their sports.
func TestHeadCounts(t *testing.T) {
	got := printed(HeadCounts(team, []string{"哈尔滨", "大庆", "鹤岗"}, []string{"田径", "游泳", "冰盘"}, words)...)
	want := `list.heads
哈尔滨 | 0 | 1 | 1 | 0 | 0 | 0 | 1
大庆 | 2 | 1 | 3 | 3 | 1 | 4 | 7
鹤岗 | 0 | 0 | 0 | 0 | 0 | 0 | 0
list.all | 2 | 2 | 4 | 3 | 1 | 4 | 8
list.by-sport
哈尔滨 | 0 | 0 | 0 | 0 | 0 | 1
大庆 | 2 | 1 | 1 | 0 | 0 | 0
鹤岗 | 0 | 0 | 0 | 0 | 0 | 0
list.all | 2 | 1 | 1 | 0 | 0 | 1
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestArrivals: sixty wheelchairs at two in the afternoon are seen.
func TestArrivals(t *testing.T) {
	got := printed(Arrivals([]Group{
		{Delegation: "大庆", Day: "2027-06-16", Clock: "14:35", Place: "哈尔滨西站", Means: "D7906", People: 80, Wheelchairs: 40},
		{Delegation: "鹤岗", Day: "2027-06-16", Clock: "14:05", Place: "哈尔滨西站", Means: "K7062", People: 30, Wheelchairs: 20, Names: []string{"张三", "李四"}},
		{Delegation: "黑河", Day: "2027-06-15", Clock: "20:00", Place: "宾馆", Means: "大巴", People: 12},
	}, words)...)
	want := `list.arrivals
2027-06-15 | 20:00 | 宾馆 | 大巴 | 黑河 | 12 | 0 | 
2027-06-16 | 14:05 | 哈尔滨西站 | K7062 | 鹤岗 | 30 | 20 | 张三、李四
2027-06-16 | 14:35 | 哈尔滨西站 | D7906 | 大庆 | 80 | 40 | 
list.by-hour
2027-06-15 | 20:00 | 宾馆 | 12 | 0
2027-06-16 | 14:00 | 哈尔滨西站 | 110 | 60
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
