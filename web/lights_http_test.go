package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tongchang/events"
)

// The lights of a lift are dark on every output until the last referee has
// decided, then they are there for all at once, with the decision in words.
func TestLightsComeOnTogether(t *testing.T) {
	s := newTabletStage(t)
	c, err := s.store.Competition(t.Context(), stageGames)
	if err != nil {
		t.Fatal(err)
	}
	programme, err := s.store.Programme(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var unit events.Unit
	var sheet *events.Sheet
	for _, u := range programme.Units {
		if sheet, err = s.store.Sheet(t.Context(), u.PhaseID, u.ID); err != nil {
			t.Fatal(err)
		}
		if pad, err := sheet.Pad(u); err == nil && pad.HasLights() {
			unit = u
			break
		}
	}
	if unit.ID == 0 {
		t.Fatal("no unit on the stage is judged by lights")
	}
	line := &sheet.Lines[0]
	revisions := map[string]int64{}
	write := func(cell, text string) {
		t.Helper()
		m := events.EnterMark{Unit: unit.ID, Start: line.StartID, Cell: cell, Mark: text, Saw: revisions[cell]}
		r, err := s.store.EnterMark(t.Context(), s.by("裁判"), m)
		if err != nil {
			t.Fatalf("%s %s: %v", cell, text, err)
		}
		var out events.MarkOutcome
		if err := json.Unmarshal(r.Outcome, &out); err != nil {
			t.Fatal(err)
		}
		revisions[cell] = out.Revision
	}
	shown := func() (state LightsState, all string) {
		t.Helper()
		now, err := s.store.Competition(t.Context(), stageGames)
		if err != nil {
			t.Fatal(err)
		}
		var frame struct {
			Seq  int64
			Data LightsState
		}
		for tries := 0; frame.Seq < now.LastSeq; tries++ { // those who poll are told with the next look
			_, all = s.as(1, "GET", fmt.Sprintf("/c/%s/state/zh-CN/lights/%d", stageGames, unit.ID), "", nil)
			if err := json.Unmarshal([]byte(all), &frame); err != nil || tries > 600 {
				t.Fatalf("no state of entry %d: %v: %s", now.LastSeq, err, all)
			}
			time.Sleep(20 * time.Millisecond)
		}
		status, page := s.as(1, "GET", fmt.Sprintf("/c/%s/board/lights/%d?lang=zh-CN", stageGames, unit.ID), "", nil)
		if status != http.StatusOK || !strings.Contains(page, frame.Data.Verdict) {
			t.Errorf("the page answers %d and does not say %q", status, frame.Data.Verdict)
		}
		return frame.Data, all
	}
	if state, _ := shown(); state.Key != "" || len(state.Lights) != 0 || state.Verdict != "等待第一次试举" {
		t.Errorf("before anybody has lifted: %+v", state)
	}
	write("body-weight", "71.6")
	write("attempt-1/weight", "100")
	write("attempt-1/judge-2", "red")
	dark, first := shown()
	write("attempt-1/judge-1", "white")
	_, second := shown()
	if dark.Name != line.Name() || dark.Weight != "100.0" || len(dark.Lights) != 3 || dark.Good || dark.Bad {
		t.Errorf("one light is given: %+v", dark)
	}
	bare := func(s string) string { return s[strings.Index(s, `"data"`):strings.Index(s, `"updated"`)] }
	if bare(first) != bare(second) {
		t.Errorf("who has decided can be told before all have:\n%s\n%s", bare(first), bare(second))
	}
	write("attempt-1/judge-3", "white")
	lit, _ := shown()
	if lit.Verdict != "2 比 1，试举成功" || !lit.Good || !lit.Lights[0].White || !lit.Lights[1].Red || !lit.Lights[2].White {
		t.Errorf("all have decided: %+v", lit)
	}
	write("attempt-1/jury", "no")
	if over, _ := shown(); over.Verdict != "仲裁改判，试举失败" || !over.Bad || !over.Lights[0].White {
		t.Errorf("the jury has overruled: %+v", over)
	}
	if status, _ := s.as(1, "GET", fmt.Sprintf("/c/%s/board/lights/%d", stageGames, programme.Units[0].ID), "", nil); status != http.StatusNotFound {
		t.Errorf("the lights of a race answer %d", status)
	}
}
