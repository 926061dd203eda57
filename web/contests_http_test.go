package web

import (
	"net/http"
	"strings"
	"testing"

	"tongchang/events"
	"tongchang/events/access"
)

// TestContestPages: everybody finds the events, sees who is entered before the
// draw, and what became of an event.
func TestContestPages(t *testing.T) {
	g := fieldGames(t)
	public := &person{g, g.Client()}
	p, err := g.store.Programme(t.Context(), g.competition.ID)
	if err != nil {
		t.Fatal(err)
	}
	event := map[string]events.Event{}
	for _, e := range p.Events {
		event[e.Code] = e
	}
	at := func(code string) string { return "/c/games/events/" + numeral(event[code].ID) }
	says := func(path string, texts ...string) {
		t.Helper()
		page := public.get(path)
		for _, text := range texts {
			if !strings.Contains(page, text) {
				t.Errorf("%s does not say %q", path, text)
			}
		}
	}
	says("/c/games/events", "全部小项", at("T54"), "已报 9 人（队）", "女子800米 T46")
	says(at("T54"), "报名名单", "这是报名，不是出场名单")
	c := g.command()
	c.Reason = "张三的父亲来电话"
	into := event["T54"].ID
	_, err = g.store.DecideFields(t.Context(), c, access.Console, events.DecideFields{Choices: []events.FieldChoice{
		{Event: event["T53"].ID, Do: events.MergeField, Into: into, Saw: 1}, {Event: event["T20"].ID, Do: events.CancelField, Saw: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	says("/c/games/events", "已并入别的小项", "已取消")
	says(at("T53"), "已并入别的小项", "决定时报名 1 人（队）", at("T54"))
	says(at("T54"), "合并后的小项", at("T53"))
	says(at("T20"), "已取消")
	for _, code := range []string{"T53", "T20", "T54"} {
		if strings.Contains(public.get(at(code)), c.Reason) {
			t.Errorf("%s tells everybody why, in words meant for delegations", code)
		}
	}
	public.do("GET", "/c/games/events/987654321", "", nil, http.StatusNotFound)
}
