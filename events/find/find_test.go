package find

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var things = []Thing{
	{Person, 1, "王晓燕", "1024", []string{"哈尔滨", "Harbin", "T54"}},
	{Person, 2, "王小岩", "1025", []string{"大庆", "Daqing", "S9"}},
	{Person, 3, "古丽巴哈尔·阿布都热依木", "2001", []string{"大庆", "Daqing", "S9"}},
	{Person, 4, "№ 1030", "1030", []string{"哈尔滨", "Harbin", "S9"}},
	{Person, 5, "Ève McAllister", "7", []string{"哈尔滨", "Harbin"}},
	{Person, 6, "张乐", "3001", nil},
	{Person, 7, "吕布", "3002", nil},
	{Delegation, 1, "哈尔滨", "", []string{"Harbin", "HRB"}},
	{Event, 9, "女子 100 米自由泳 S9", "12", []string{"Women's 100 m Freestyle S9", "游泳"}},
}

// TestFind: what people type, and whom they mean.
func TestFind(t *testing.T) {
	x := New(things)
	for typed, want := range map[string][]string{
		"王晓燕":           {"王晓燕"},
		"晓燕":            {"王晓燕"},
		"wangxiaoyan":   {"王小岩", "王晓燕"},
		"Wang Xiaoyan":  {"王小岩", "王晓燕"},
		"wxy":           {"王小岩", "王晓燕"},
		"wangxy":        {"王小岩", "王晓燕"},
		"xiaoya":        {"王小岩", "王晓燕"},
		"1024":          {"王晓燕"},
		"１０２４":          {"王晓燕"},
		"古丽巴哈尔阿布都":      {"古丽巴哈尔·阿布都热依木"},
		"古丽巴哈尔・阿布":      {"古丽巴哈尔·阿布都热依木"},
		"gulibahaer":    {"古丽巴哈尔·阿布都热依木"},
		"eve":           {"Ève McAllister"},
		"zhangyue":      {"张乐"},
		"zhle":          {"张乐"},
		"lvbu":          {"吕布"},
		"LÜ BU":         {"吕布"},
		"hrb":           {"哈尔滨"},
		"s9 大庆":         {"古丽巴哈尔·阿布都热依木", "王小岩"},
		"女子100米":        {"女子 100 米自由泳 S9"},
		"nvziziyouyong": nil,
		"freestyle":     {"女子 100 米自由泳 S9"},
		"·":             nil,
		"":              nil,
		"张三":            nil,
	} {
		found, all := x.Find(typed, 10)
		var names []string
		for _, f := range found {
			names = append(names, f.Name)
		}
		if !slices.Equal(names, want) || all != len(want) {
			t.Errorf("%q finds %v (%d), want %v", typed, names, all, want)
		}
	}
}

// TestFindOrder: the best stands first, and a limit cuts the rest and says how
// many there are.
func TestFindOrder(t *testing.T) {
	x := New(things)
	found, all := x.Find("哈尔滨", 2)
	if len(found) != 2 || found[0].Kind != Delegation || all != 4 {
		t.Errorf("哈尔滨: %v of %d", found, all)
	}
}

// TestFindNumberAlone: whoever is shown by number is found by it.
func TestFindNumberAlone(t *testing.T) {
	found, _ := New(things).Find("1030", 5)
	if len(found) != 1 || found[0].ID != 4 {
		t.Errorf("1030 finds %v", found)
	}
}

// TestFindAnything: nothing that can be typed is too much; a name finds itself,
// and so does its beginning.
func TestFindAnything(t *testing.T) {
	x := New(things)
	rapid.Check(t, func(t *rapid.T) {
		x.Find(rapid.String().Draw(t, "typed"), 5)
		one := things[rapid.IntRange(0, len(things)-1).Draw(t, "thing")]
		letters := []rune(one.Name)
		part := string(letters[:rapid.IntRange(1, len(letters)).Draw(t, "letters")])
		found, _ := x.Find(part, len(things))
		if fold(part) != "" && !slices.ContainsFunc(found, func(f Thing) bool { return f.ID == one.ID && f.Kind == one.Kind }) {
			t.Fatalf("%q does not find %q", part, one.Name)
		}
	})
}

// BenchmarkFind: a games of 1,300 people and 600 events.
func BenchmarkFind(b *testing.B) {
	var many []Thing
	for i := range 1900 {
		t := things[i%len(things)]
		t.ID, t.Number = int64(i), fmt.Sprint(i)
		many = append(many, t)
	}
	x := New(many)
	for _, typed := range []string{"wangxy", "大庆", strings.Repeat("a", 60)} {
		b.Run(typed[:min(6, len(typed))], func(b *testing.B) {
			for b.Loop() {
				x.Find(typed, 30)
			}
		})
	}
}
