package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestSearchPages: people are found by name, sound and number; their page says
// what they are entered in, and leads on.
func TestSearchPages(t *testing.T) {
	g := fieldGames(t)
	public := &person{g, g.Client()}
	find := func(typed string, texts ...string) string {
		t.Helper()
		page := public.get("/c/games/search?q=" + url.QueryEscape(typed))
		public.says(page, texts...)
		return page
	}
	find("tong t540", "找到 1 个", "佟T54号0", "哈尔滨 · T540 号")
	find("哈尔滨", "找到 8 个", "代表团", "运动员")
	find("t54", "男子100米 T54")
	find("<b>", "没有找到")
	if page := public.get("/c/games/search"); strings.Contains(page, "没有找到") {
		t.Error("a blank form says that nothing was found")
	}
	at := regexp.MustCompile(`/c/games/athletes/\d+`).FindString(find("T541"))
	page := public.get(at)
	public.says(page, "佟T54号1", "大庆", "还没有出场名单", "已报名", "男子100米 T54")
	public.do("GET", "/c/games/athletes/987654321", "", nil, http.StatusNotFound)
	public.do("GET", "/c/games/athletes/0", "", nil, http.StatusNotFound)
}

// TestScheduleParts: a day shows what is asked for, and whatever is asked for
// that is not there is not asked for.
func TestScheduleParts(t *testing.T) {
	m := newMatrix(t)
	public := &person{&games{Server: m.Server, t: t}, m.Client()}
	all := public.get("/c/games/schedule")
	whole := strings.Count(all, "data-key=")
	if whole == 0 || !strings.Contains(all, `topic="zh-CN/schedule/`) {
		t.Fatalf("the day has %d rows, or no topic", whole)
	}
	for query, live := range map[string]bool{"?sport=x&venue=nowhere&delegation=987654321": true, "?sport=" + numeral(m.disciplines[1]): false, "?delegation=" + numeral(m.delegations[1]): false} {
		page := public.get("/c/games/schedule" + query)
		if strings.Contains(page, `topic="`) != live || live != (strings.Count(page, "data-key=") == whole) {
			t.Errorf("%s: live %t, %d of %d rows", query, strings.Contains(page, `topic="`), strings.Count(page, "data-key="), whole)
		}
	}
}
