package pads

import (
	"encoding/json"
	"reflect"
	"testing"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// Lights come on together, say whose word decided, and show nothing before.
func TestLights(t *testing.T) {
	pad, err := Of(kinds.Document{Ruleset: kinds.Ruleset{Kind: "lifts", Rules: json.RawMessage(`{}`)}}, scoring.Grams, nil)
	if err != nil {
		t.Fatal(err)
	}
	weight := scoring.Mark(118_500)
	values := func(cells ...string) Values {
		v := Values{"attempt-2/weight": {Mark: &weight}, "attempt-1/judge-1": {Text: "red"}}
		for i := 0; i < len(cells); i += 2 {
			v["attempt-2/"+cells[i]] = Value{Text: cells[i+1]}
		}
		return v
	}
	for _, c := range []struct {
		name string
		v    Values
		want Lights
	}{
		{"nobody has decided", values(), Lights{}},
		{"two have decided", values("judge-1", "white", "judge-3", "red"), Lights{}},
		{"the jury alone", values("jury", "good"), Lights{}},
		{"two to one", values("judge-1", "white", "judge-2", "red", "judge-3", "white"), Lights{White: []bool{true, false, true}, Good: true}},
		{"one to two", values("judge-1", "white", "judge-2", "red", "judge-3", "red"), Lights{White: []bool{true, false, false}}},
		{"the jury overrules", values("judge-1", "white", "judge-2", "red", "judge-3", "red", "jury", "good"),
			Lights{White: []bool{true, false, false}, Jury: "good", Good: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.want.Group, c.want.Number, c.want.Weight, c.want.Referees = "attempt-2", 2, weight, 3
			if got := pad.Lights("attempt-2", c.v); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
	for cell, want := range map[string]string{"attempt-2/judge-3": "attempt-2", "fourth/jury": "fourth", "attempt-2/weight": "", "lot": "", "time": ""} {
		if group, ok := pad.Lit(cell); ok != (want != "") || ok && group != want {
			t.Errorf("%s belongs to the lights of %q (%v), want %q", cell, group, ok, want)
		}
	}
	if a, b := pad.LastLit(values("judge-2", "red")), pad.LastLit(Values{"attempt-3/weight": {Mark: &weight}}); a != "attempt-2" || b != "" {
		t.Errorf("the last attempts with lights are %q and %q", a, b)
	}
	if got := pad.Lights("fourth", nil); got.Number != 4 {
		t.Errorf("the attempt for a record is number %d, want 4", got.Number)
	}
}
