package web

import (
	"net/url"
	"strings"
	"testing"

	"tongchang/events/access"
)

// TestClassPages: a change of class is looked at, applied and taken back over
// HTTP; the public sees nobody who has not agreed to be named.
func TestClassPages(t *testing.T) {
	m := newMatrix(t)
	panel := m.asking[2]
	if panel.name != "classifier" {
		t.Fatalf("asks as %s", panel.name)
	}
	thing := &thing{values: map[string]string{"discipline": numeral(m.disciplines[0]), "participant": "1"}}
	const at = "/c/{competition}/desk/classes/{discipline}/{participant}"
	ask := func(route, sends string, status int, has ...string) answer {
		t.Helper()
		got := m.ask(line{route: route, sends: sends}, panel, thing)
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
	person, err := m.store.PersonClasses(t.Context(), access.Console, "games", 1, m.disciplines[0])
	if err != nil {
		t.Fatal(err)
	}
	saw := numeral(person.Lines[0].Held.ID)
	sends := "group=S&class=s8&status=R&cause=panel&saw=" + saw + "&reason=" + url.QueryEscape("复核")
	ask("GET "+at, "-", 200, "改级", "先看后果")
	ask("POST "+at+"/check", sends, 200, "会通知的代表团", "写入改级")
	ask("POST "+at+"/change", "command={uuid}&group=S&class=S8&status=R&cause=panel&reason=&saw="+saw, 422, "problems")
	ask("POST "+at+"/change", "command={uuid}&"+sends, 303)
	ask("POST "+at+"/change", "command={uuid}&"+sends, 409, "级别刚才已经改成")
	person, err = m.store.PersonClasses(t.Context(), access.Console, "games", 1, m.disciplines[0])
	if err != nil || person.Lines[0].Held.Class != "S8" || person.Changes[0].By != "classifier" {
		t.Fatalf("%+v, %v", person, err)
	}
	ask("POST "+at+"/undo", "command={uuid}&reason=x&seq="+numeral(person.Changes[0].Seq), 303)
	ask("POST "+at+"/undo", "command={uuid}&reason=x&seq="+numeral(person.Changes[0].Seq), 409, "已经撤回了")
	ask("GET /c/{competition}/desk/classes", "-", 200, "desk/classes/")
	if got := ask("GET /c/{competition}/classes", "-", 200); strings.Contains(got.text, "<td>") {
		t.Errorf("published without consent: %s", got.text)
	}
}
