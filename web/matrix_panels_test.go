package web

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
)

// panels are a panel of each discipline with a slot and a case: on the first sit
// both classifiers, on the other the one who may work in all disciplines.
func (m *matrix) panels() things {
	one := func(i int, name string, members ...int64) *thing {
		rec, err := m.store.SetPanel(m.t.Context(), m.by(), access.Console, events.SetPanel{Discipline: m.disciplines[i], Name: name + uuid.NewString()[:8], FirstDay: "2027-06-16", LastDay: "2099-06-17", Opens: "09:00", Closes: "12:00", Minutes: 30, Members: members})
		if err != nil {
			m.t.Fatal(err)
		}
		var set events.PanelSet
		if err := json.Unmarshal(rec.Outcome, &set); err != nil {
			m.t.Fatal(err)
		}
		slot, kase := m.before(set.Panel, m.disciplines[i])
		return &thing{values: map[string]string{"panel": numeral(set.Panel), "slot": numeral(slot), "case": numeral(kase)}, object: access.Object{Discipline: m.disciplines[i]}}
	}
	return things{own: one(0, "A", m.ids["classifier"], m.ids["classifier-of-all"]), other: one(1, "B", m.ids["classifier-of-all"]),
		missing: &thing{values: map[string]string{"panel": neverThere, "slot": neverThere, "case": neverThere}, object: access.Object{Discipline: -1}}}
}

// before puts the first participant before a panel, with a slot and a case.
func (m *matrix) before(panel, discipline int64) (slot, kase int64) {
	m.t.Helper()
	db, err := sql.Open("sqlite", m.file)
	if err != nil {
		m.t.Fatal(err)
	}
	defer db.Close()
	insert := func(query string, args ...any) int64 {
		m.t.Helper()
		r, err := db.Exec(query, args...)
		if err != nil {
			m.t.Fatal(err)
		}
		id, err := r.LastInsertId()
		if err != nil {
			m.t.Fatal(err)
		}
		return id
	}
	slot = insert(`INSERT INTO panel_slots (competition_id, panel_id, participant_id, start, minutes, state, outcome_seq, "by", revision, seq) VALUES (?, ?, 1, '2027-06-16 01:00:00+00:00', 30, 'booked', 0, 'x', 1, 0)`, m.competition(), panel)
	kase = insert(`INSERT INTO class_cases (competition_id, discipline_id, participant_id, class_group, class_id, panel_id, kind, state, late, filed, due, decided_by, outcome_seq, fee, fee_state, grounds_print, "by", revision, seq)
		SELECT ?, ?, 1, 'none', id, ?, 'protest', 'open', 0, '2027-06-16 01:00:00+00:00', '2027-06-17 01:00:00+00:00', '', 0, 0, 'none', '', 'x', 1, 0 FROM sport_classes WHERE participant_id = 1 LIMIT 1`, m.competition(), discipline, panel)
	return slot, kase
}

// TestPanelPages: a panel is set up, somebody gets a slot, is seen and classified
// over HTTP, protests, and another panel hears it.
func TestPanelPages(t *testing.T) {
	m := newMatrix(t)
	as := func(name string) asking {
		for _, a := range m.asking {
			if a.name == name {
				return a
			}
		}
		t.Fatalf("nobody is %s", name)
		return asking{}
	}
	values := map[string]string{"discipline": numeral(m.disciplines[0]), "participant": "1"}
	ask := func(who, route, sends string, status int, has ...string) answer {
		t.Helper()
		got := m.ask(line{route: route, sends: sends}, as(who), &thing{values: values})
		if got.status != status {
			t.Fatalf("%s: %d, want %d: %s", route, got.status, status, got.text)
		}
		for _, text := range has {
			if !strings.Contains(got.text, text) {
				t.Errorf("%s does not say %q: %s", route, text, got.text)
			}
		}
		return got
	}
	const desk = "/c/{competition}/desk/panels"
	panel := "command={uuid}&id=0&saw=0&name=A&room=101&opens=09:00&closes=12:00&pause_from=&pause_to=&minutes=30&most=0&impairments=physical&members=" + numeral(m.ids["classifier"]) + "&discipline={discipline}&first_day=2027-06-16&last_day="
	ask("organiser", "POST "+desk, panel+"2027-06-15", 422, "最后一天不能早于第一天", `aria-describedby="last_day-e"`)
	ask("organiser", "POST "+desk, panel+"2099-06-17", 303)
	ask("organiser", "GET "+desk, "-", 200, "desk/panels/#")
	all, err := m.store.Panels(t.Context(), access.Console, "games")
	if err != nil || len(all) != 1 {
		t.Fatalf("%d panels, %v", len(all), err)
	}
	values["panel"] = numeral(all[0].ID)
	ask("organiser", "GET "+desk+"/slots", "-", 200, "排时间")
	ask("organiser", "POST "+desk+"/slots", "command={uuid}", 422, "没有勾选任何人")
	start := time.Date(2027, 6, 16, 9, 0, 0, 0, m.zone()).UTC().Format(time.RFC3339)
	ask("organiser", "POST "+desk+"/slots", "command={uuid}&reason="+url.QueryEscape("当面说好")+"&slot={panel}/1/"+start, 303)
	view, err := m.store.Panel(t.Context(), access.Console, "games", all[0].ID)
	if err != nil || len(view.Slots) != 1 {
		t.Fatalf("%+v, %v", view, err)
	}
	values["slot"] = numeral(view.Slots[0].ID)
	ask("organiser", "GET "+desk+"/{panel}", "-", 200, "换时间或取消")
	ask("classifier", "GET "+desk+"/{panel}", "-", 200, "desk/slots/")
	ask("classifier-of-all", "GET "+desk+"/{panel}", "-", http.StatusNotFound)
	ask("classifier-of-all", "GET "+"/c/{competition}/desk/slots/{slot}", "-", http.StatusNotFound)
	ask("organiser", "GET "+"/c/{competition}/desk/slots/{slot}", "-", http.StatusForbidden)
	ask("classifier", "GET "+"/c/{competition}/desk/slots/{slot}", "-", 200, "先看后果", `type="radio"`)
	ask("classifier", "POST "+"/c/{competition}/desk/slots/{slot}/check", "saw=1&reason=x", 422, "没有选级别")
	person, err := m.store.PersonClasses(t.Context(), access.Console, "games", 1, m.disciplines[0])
	if err != nil {
		t.Fatal(err)
	}
	sends := "saw=1&group-0=S&class-0=S8&status-0=OA&saw-0=" + numeral(person.Lines[0].Held.ID) + "&reason=" + url.QueryEscape("要看比赛")
	ask("classifier", "POST "+"/c/{competition}/desk/slots/{slot}/check", sends, 200, "会通知的代表团", "写入改级")
	ask("classifier", "POST "+"/c/{competition}/desk/slots/{slot}/decide", "command={uuid}&"+sends, 303)
	ask("classifier", "POST "+"/c/{competition}/desk/slots/{slot}/decide", "command={uuid}&"+sends, 409)
	ask("classifier", "GET /c/{competition}/desk/watch", "-", 200, "S# OA")
	m.protest(ask, values)
}

// zone is where the games' clocks are.
func (m *matrix) zone() *time.Location {
	m.t.Helper()
	c, err := m.store.Competition(m.t.Context(), "games")
	if err != nil {
		m.t.Fatal(err)
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		m.t.Fatal(err)
	}
	return zone
}

// protest files a case against what the panel has decided and has it turned down.
func (m *matrix) protest(ask func(who, route, sends string, status int, has ...string) answer, values map[string]string) {
	m.t.Helper()
	person, err := m.store.PersonClasses(m.t.Context(), access.Console, "games", 1, m.disciplines[0])
	if err != nil {
		m.t.Fatal(err)
	}
	values["delegation"], values["class"] = numeral(person.Delegation.ID), numeral(person.Lines[0].Held.ID)
	const team = "/c/{competition}/team/{delegation}/classification"
	ask("organiser", "POST "+team+"/cases", "command={uuid}&kind=protest&class={class}&grounds=&reason=x", 422, "请写理由和事实")
	ask("organiser", "POST "+team+"/cases", "command={uuid}&kind=protest&class={class}&grounds=CANARY&reason=x", 303)
	ask("organiser", "GET "+team, "-", 200, "抗议")
	cases, err := m.store.Cases(m.t.Context(), access.Console, "games")
	if err != nil || len(cases) != 1 {
		m.t.Fatalf("%d cases, %v", len(cases), err)
	}
	values["case"] = numeral(cases[0].ID)
	const kase = "/c/{competition}/desk/cases/{case}"
	if got := ask("organiser", "GET "+kase, "-", 200, "交给这个分级组"); strings.Contains(got.text, "CANARY") {
		m.t.Error("the organiser reads what the case says")
	}
	ask("classifier", "GET "+kase, "-", http.StatusNotFound)
	ask("organiser", "POST "+kase+"/panel", "command={uuid}&saw=1&panel={panel}", 422, "参加过原来的定级")
	ask("organiser", "POST "+kase+"/panel", "command={uuid}&saw=1&panel={panel}&reason="+url.QueryEscape("只有一个组"), 303)
	ask("classifier", "POST "+kase+"/look", "command={uuid}&reason="+url.QueryEscape("审理"), 200, "CANARY")
	ask("classifier", "POST "+kase+"/decide", "command={uuid}&saw=2&verdict=rejected&reason="+url.QueryEscape("不成立"), 303)
	ask("classifier", "GET /c/{competition}/desk/cases", "-", 200, "不成立")
}
