package duel

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongchang/scoring"
)

func named(t interface{ Fatal(...any) }, name string) Format {
	f, err := Named(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func parts(p ...int) [][2]int {
	out := make([][2]int, len(p)/2)
	for i := range out {
		out[i] = [2]int{p[2*i], p[2*i+1]}
	}
	return out
}

func TestDecide(t *testing.T) {
	shots := func(a, b int) *[2]int { return &[2]int{a, b} }
	for name, tt := range map[string]struct {
		format string
		match  Match
		winner Side
		how    string
		result string
		points [2]int
	}{
		"table tennis straight games":           {"table-tennis", Match{Parts: parts(11, 5, 11, 9, 14, 12)}, A, "parts", "3–0", [2]int{36, 26}},
		"table tennis over the distance":        {"table-tennis", Match{Parts: parts(11, 5, 9, 11, 11, 8, 7, 11, 10, 12)}, B, "parts", "2–3", [2]int{48, 47}},
		"table tennis walkover":                 {"table-tennis", Match{End: Walkover, Out: []string{"a"}}, B, "walkover", "WO", [2]int{0, 33}},
		"table tennis retired at 1–0 and 7–9":   {"table-tennis", Match{Parts: parts(11, 4, 7, 9), End: Retired, Out: []string{"b"}}, A, "retired", "3–0 RET", [2]int{33, 13}},
		"table tennis retired leading 10–9":     {"table-tennis", Match{Parts: parts(10, 9), End: Retired, Out: []string{"a"}}, B, "retired", "0–3 RET", [2]int{10, 34}},
		"badminton 30–29":                       {"badminton", Match{Parts: parts(30, 29, 14, 21, 21, 19)}, A, "parts", "2–1", [2]int{65, 69}},
		"badminton, Tokyo 2020 WH1 group A":     {"badminton", Match{Parts: parts(17, 21, 21, 19, 21, 17)}, A, "parts", "2–1", [2]int{59, 57}},
		"sitting volleyball, fifth set to 15":   {"sitting-volleyball", Match{Parts: parts(25, 20, 20, 25, 27, 25, 18, 25, 13, 15)}, B, "parts", "2–3", [2]int{103, 110}},
		"boccia, Paris 2024 BC3 gold":           {"boccia", Match{Parts: parts(0, 3, 0, 1, 2, 0, 0, 1)}, B, "total", "2–5", [2]int{2, 5}},
		"boccia tie-break counts in no score":   {"boccia", Match{Parts: parts(2, 0, 0, 3, 2, 0, 0, 1), Extra: parts(1, 0)}, A, "tie-break", "4–4 (1–0)", [2]int{4, 4}},
		"boccia equal balls score for both":     {"boccia", Match{Parts: parts(1, 1, 1, 0, 1, 0, 0, 1)}, A, "total", "3–2", [2]int{3, 2}},
		"goalball drawn, Tokyo 2020":            {"goalball", Match{Parts: parts(4, 3, 3, 4)}, Nobody, "draw", "7–7", [2]int{7, 7}},
		"goalball stops at ten goals":           {"goalball", Match{Parts: parts(11, 1)}, A, "mercy", "11–1", [2]int{11, 1}},
		"goalball forfeit":                      {"goalball", Match{End: Forfeit, Out: []string{"a"}}, B, "forfeit", "0–10", [2]int{0, 10}},
		"goalball forfeit replaces the score":   {"goalball", Match{Parts: parts(3, 0, 2, 2), End: Forfeit, Out: []string{"a"}}, B, "forfeit", "0–10", [2]int{0, 10}},
		"goalball final, golden goal":           {"goalball-final", Match{Parts: parts(2, 1, 1, 2), Extra: parts(0, 0, 1, 0)}, A, "overtime", "4–3", [2]int{4, 3}},
		"goalball final, extra throws":          {"goalball-final", Match{Parts: parts(2, 2, 1, 1), Extra: parts(0, 0, 0, 0), Shootout: shots(1, 2)}, B, "shootout", "3–3 (1–2)", [2]int{3, 3}},
		"curling extra end":                     {"wheelchair-curling", Match{Parts: parts(1, 0, 1, 0, 0, 2, 0, 0, 2, 0, 0, 1, 0, 1, 0, 0), Extra: parts(0, 0, 0, 2)}, B, "extra-end", "4–6", [2]int{4, 6}},
		"curling conceded after six":            {"wheelchair-curling", Match{Parts: parts(0, 0, 0, 0, 3, 0, 2, 0, 4, 0, 1, 0), End: Conceded, Out: []string{"b"}}, A, "conceded", "10–0", [2]int{10, 0}},
		"basketball, second overtime":           {"basketball", Match{Parts: parts(15, 12, 14, 18, 20, 17, 11, 13), Extra: parts(6, 6, 8, 5)}, A, "overtime", "74–71", [2]int{74, 71}},
		"basketball forfeit":                    {"basketball", Match{End: Walkover, Out: []string{"b"}}, A, "walkover", "WO", [2]int{20, 0}},
		"basketball abandoned by the leader":    {"basketball", Match{Parts: parts(15, 12, 14, 8), End: Retired, Out: []string{"a"}}, B, "retired", "0–20 RET", [2]int{0, 20}},
		"chess draw":                            {"chess", Match{Parts: parts(1, 1)}, Nobody, "draw", "½–½", [2]int{1, 1}},
		"xiangqi, the second player wins":       {"xiangqi", Match{Parts: parts(0, 2)}, B, "total", "0–1", [2]int{0, 2}},
		"darts, best of five legs":              {"darts", Match{Parts: parts(1, 0, 0, 1, 1, 0, 1, 0)}, A, "parts", "3–1", [2]int{3, 1}},
		"darts, sets of three legs":             {"darts-sets", Match{Parts: parts(3, 2, 1, 3, 3, 0)}, A, "parts", "2–1", [2]int{7, 5}},
		"archery 6–0 in three sets":             {"archery-recurve", Match{Parts: parts(28, 26, 27, 25, 29, 28)}, A, "set-points", "6–0", [2]int{84, 79}},
		"archery shoot-off, nearer arrow":       {"archery-recurve", Match{Parts: parts(28, 26, 27, 27, 24, 28, 29, 25, 26, 28), Shootout: shots(9, 9), Nearer: "b"}, B, "nearer", "5–6 (9–9*)", [2]int{134, 134}},
		"compound by total of fifteen":          {"archery-compound", Match{Parts: parts(30, 29, 28, 29, 29, 29, 30, 28, 29, 29)}, A, "total", "146–144", [2]int{146, 144}},
		"both out: nobody wins":                 {"table-tennis", Match{End: Walkover, Out: []string{"a", "b"}}, Nobody, "walkover", "WO", [2]int{0, 0}},
		"live: nothing is decided":              {"table-tennis", Match{Parts: parts(11, 5, 3, 2), Live: true}, Nobody, "live", "1–0", [2]int{14, 7}},
		"disqualified while leading":            {"badminton", Match{Parts: parts(21, 10, 15, 3), End: Disqualified, Out: []string{"a"}, Rule: "Law 16.7"}, B, "disqualified", "1–2 DSQ", [2]int{36, 52}},
		"table tennis team match, first to two": {"table-tennis-team", Match{Singles: []Match{{A: "p", B: "q", Parts: parts(11, 1, 11, 2, 11, 3)}, {A: "r", B: "s", Parts: parts(4, 11, 5, 11, 6, 11)}, {A: "r", B: "q", Parts: parts(11, 7, 11, 7, 11, 7)}}}, A, "parts", "2–1", [2]int{81, 60}},
	} {
		tt.match.ID, tt.match.A, tt.match.B = "m", "a", "b"
		f := named(t, tt.format)
		o, err := f.Decide(&tt.match)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if o.Winner != tt.winner || o.How != tt.how || o.Result() != tt.result {
			t.Errorf("%s: winner %d by %s %s, want %d by %s %s", name, o.Winner, o.How, o.Result(), tt.winner, tt.how, tt.result)
		}
		if got := [2]int{o.Score[0].Points, o.Score[1].Points}; got != tt.points {
			t.Errorf("%s: points %v, want %v", name, got, tt.points)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		format  string
		match   Match
		field   string
		problem string
	}{
		"a game that stops at 11–10":      {"table-tennis", Match{Parts: parts(11, 5, 11, 10, 11, 3)}, "game 2", "part-unfinished"},
		"a game of 13–10":                 {"table-tennis", Match{Parts: parts(13, 10)}, "game 1", "impossible-score"},
		"a fourth game after 3–0":         {"table-tennis", Match{Parts: parts(11, 5, 11, 5, 11, 5, 11, 5)}, "game 4", "after-decided"},
		"two games are not a match":       {"table-tennis", Match{Parts: parts(11, 5, 11, 5)}, "", "match-unfinished"},
		"31–29 beyond the cap":            {"badminton", Match{Parts: parts(31, 29)}, "game 1", "impossible-score"},
		"30–27 cannot be":                 {"badminton", Match{Parts: parts(30, 27)}, "game 1", "impossible-score"},
		"30–30 cannot be":                 {"badminton", Match{Parts: parts(30, 30)}, "game 1", "impossible-score"},
		"the fifth set is not to 25":      {"sitting-volleyball", Match{Parts: parts(25, 20, 20, 25, 25, 20, 20, 25, 25, 20)}, "set 5", "impossible-score"},
		"both score in an end of curling": {"wheelchair-curling", Match{Parts: parts(1, 1)}, "end 1", "impossible-score"},
		"nine stones":                     {"wheelchair-curling", Match{Parts: parts(9, 0)}, "end 1", "impossible-score"},
		"a lead of eleven in goalball":    {"goalball", Match{Parts: parts(12, 1)}, "half 1", "beyond-mercy"},
		"a second half after ten goals":   {"goalball", Match{Parts: parts(10, 0, 1, 1)}, "half 2", "after-decided"},
		"extra time in a group game":      {"goalball", Match{Parts: parts(1, 1, 1, 1), Extra: parts(1, 0)}, "extra", "no-extra"},
		"two golden goals":                {"goalball-final", Match{Parts: parts(1, 1, 1, 1), Extra: parts(2, 0)}, "overtime 1", "impossible-score"},
		"an extra end when not level":     {"wheelchair-curling", Match{Parts: parts(1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0), Extra: parts(1, 0)}, "extra-end 1", "after-decided"},
		"level after the last end":        {"boccia", Match{Parts: parts(1, 0, 0, 1, 1, 0, 0, 1)}, "", "match-unfinished"},
		"a board with a point and a half": {"chess", Match{Parts: parts(2, 1)}, "board 1", "impossible-score"},
		"a walkover with a score":         {"table-tennis", Match{Parts: parts(11, 5), End: Walkover, Out: []string{"a"}}, "end", "score-and-walkover"},
		"a walkover of nobody":            {"table-tennis", Match{End: Walkover}, "out", "out-missing"},
		"a stranger is out":               {"table-tennis", Match{End: Walkover, Out: []string{"c"}}, "out", "not-in-match"},
		"an unknown end":                  {"table-tennis", Match{End: "rain", Out: []string{"a"}}, "end", "unknown-end"},
		"31 with three arrows":            {"archery-recurve", Match{Parts: parts(31, 20)}, "set 1", "impossible-score"},
		"a sixth set at 6–2":              {"archery-recurve", Match{Parts: parts(28, 26, 26, 28, 28, 26, 28, 26, 28, 26)}, "set 5", "after-decided"},
		"the nearer arrow scored less":    {"archery-recurve", Match{Parts: parts(28, 26, 26, 28, 28, 26, 26, 28, 27, 27), Shootout: &[2]int{9, 8}, Nearer: "b"}, "nearer", "nearer-lost"},
		"a leg of two":                    {"darts", Match{Parts: parts(2, 0)}, "leg 1", "impossible-score"},
		"a set of legs 4–2":               {"darts-sets", Match{Parts: parts(4, 2)}, "set 1", "impossible-score"},
		"negative points":                 {"basketball", Match{Parts: parts(-1, 4)}, "period 1", "impossible-score"},
		"an end without its word":         {"table-tennis", Match{Out: []string{"a"}}, "end", "end-missing"},
		"single matches in a singles":     {"table-tennis", Match{Singles: []Match{{A: "p", B: "q"}}}, "parts", "not-a-team-match"},
		"a wrong game in a team match":    {"table-tennis-team", Match{Singles: []Match{{A: "p", B: "q", Parts: parts(11, 10)}}}, "single 1: game 1", "part-unfinished"},
	} {
		tt.match.ID, tt.match.A, tt.match.B = "m", "a", "b"
		f := named(t, tt.format)
		_, err := f.Decide(&tt.match)
		var invalid *scoring.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v, want an *Invalid", name, err)
			continue
		}
		if invalid.Line != "m" || invalid.Field != tt.field || invalid.Problem != tt.problem {
			t.Errorf("%s: %q %q %q, want %q %q", name, invalid.Line, invalid.Field, invalid.Problem, tt.field, tt.problem)
		}
	}
}

func TestFormatsAreSound(t *testing.T) {
	for _, name := range Names() {
		f := named(t, name)
		if err := f.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if f.Source == "" || f.Unit == "" {
			t.Errorf("%s: says neither its source nor its unit", name)
		}
		raw, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back Format
		if err := json.Unmarshal(raw, &back); err != nil || !reflect.DeepEqual(back, f) {
			t.Errorf("%s does not survive JSON: %v", name, err)
		}
	}
	if _, err := Named("quidditch"); err == nil {
		t.Error("an unknown format was found")
	}
	for name, f := range map[string]Format{
		"no parts":            {By: ByParts, Part: Part{To: 11, By: 2}},
		"no target":           {By: ByParts, Parts: 3},
		"no lead":             {By: ByParts, Parts: 3, Part: Part{To: 11}},
		"cap below target":    {By: ByParts, Parts: 3, Part: Part{To: 11, By: 2, Cap: 9}},
		"unknown way":         {By: "beauty", Parts: 3},
		"set points to none":  {By: BySetPoints, Parts: 5},
		"team of team":        {By: ByParts, Parts: 3, Single: &Format{Single: &Format{}}},
		"a thousand parts":    {By: ByTotal, Parts: 1000},
		"a negative stopping": {By: ByTotal, Parts: 2, Mercy: -1},
	} {
		if f.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Whoever is called A: the same side wins with the same score.
func TestSidesAreEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := named(t, rapid.SampledFrom(Names()).Draw(t, "format"))
		m := Match{ID: "m", A: "a", B: "b"}
		for range rapid.IntRange(0, 7).Draw(t, "parts") {
			m.Parts = append(m.Parts, [2]int{rapid.IntRange(0, 30).Draw(t, "x"), rapid.IntRange(0, 30).Draw(t, "y")})
		}
		m.End = rapid.SampledFrom([]End{Played, Retired, Walkover, Forfeit}).Draw(t, "end")
		if m.End != Played {
			m.Out = []string{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "out")}
		}
		mirror := m
		mirror.A, mirror.B = m.B, m.A
		mirror.Parts = nil
		for _, p := range m.Parts {
			mirror.Parts = append(mirror.Parts, [2]int{p[1], p[0]})
		}
		o, err := f.Decide(&m)
		p, err2 := f.Decide(&mirror)
		if (err == nil) != (err2 == nil) {
			t.Fatalf("%v but mirrored %v", err, err2)
		}
		if err == nil && (m.Line(o.Winner) != mirror.Line(p.Winner) || o.Score[0] != p.Score[1] || o.Score[1] != p.Score[0]) {
			t.Fatalf("%+v but mirrored %+v", o, p)
		}
	})
}

// FuzzMatch reads matches that anybody may send: nothing panics, and what is
// decided names a winner unless it is a draw or both are out.
func FuzzMatch(f *testing.F) {
	f.Add("table-tennis", `{"id":"m","a":"x","b":"y","parts":[[11,5],[11,9],[14,12]]}`)
	f.Add("table-tennis-team", `{"id":"m","a":"x","b":"y","singles":[{"a":"p","b":"q","parts":[[11,1],[11,1],[11,1]]}],"end":"retired","out":["x"]}`)
	f.Add("archery-recurve", `{"id":"m","a":"x","b":"y","parts":[[28,26]],"shootout":[9,9],"nearer":"x","live":true}`)
	f.Fuzz(func(t *testing.T, name, raw string) {
		format, err := Named(name)
		if err != nil {
			return
		}
		var m Match
		if json.Unmarshal([]byte(raw), &m) != nil {
			return
		}
		o, err := format.Decide(&m)
		if err == nil && o.Decided && o.Winner == Nobody && !o.Drawn && len(m.Out) < 2 {
			t.Fatalf("decided without a winner: %+v of %s", o, raw)
		}
		if err == nil && strings.Contains(o.Result(), "-") {
			t.Fatalf("a negative score: %s", o.Result())
		}
	})
}
