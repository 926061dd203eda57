package pads

import (
	"errors"
	"testing"

	"tongchang/scoring"
)

func ptr(m scoring.Mark) *scoring.Mark { return &m }

// What people press and type becomes one value, and is printed as it is read.
func TestRead(t *testing.T) {
	throw := Cell{Name: "attempt-1", Input: Mark, Measure: scoring.Millimetres, Min: 10, Max: 200_000, Choices: []string{"X", "-", "r"}}
	time := Cell{Name: "time", Input: Mark, Measure: scoring.Milliseconds, Min: 1, Max: day, Step: 10, Reasons: []scoring.IRM{scoring.DNS, scoring.DSQ, scoring.EXH}}
	why := Cell{Name: "irm", Input: Reason, Reasons: usualReasons}
	game := Cell{Name: "1/game-1", Input: Score, Max: 30, Running: true}
	shot := Cell{Name: "end-1/hit-1", Input: Mark, Measure: scoring.Thousandths, Max: 10_900, Step: 100, Decimals: 1}
	apart := Cell{Name: "A1", Input: Mark, Measure: scoring.Millimetres, Min: -most}
	score := Cell{Name: "performance-1/judge-1", Input: Mark, Measure: scoring.Thousandths, Min: 250, Max: 10_000, Step: 500, Blind: true}
	end := Cell{Name: "1/end", Input: Choice, Choices: ended()}
	for _, tt := range []struct {
		cell    Cell
		text    string
		irm     scoring.IRM
		rule    string
		want    Value
		printed string
		problem string
	}{
		{cell: throw, text: "6.21", want: Value{Mark: ptr(6210)}, printed: "6.21"},
		{cell: throw, text: "6.215", want: Value{Mark: ptr(6215)}, printed: "6.215"},
		{cell: throw, text: " × ", want: Value{Text: "X"}, printed: "X"},
		{cell: throw, text: "R", want: Value{Text: "r"}, printed: "r"},
		{cell: throw, text: "–", want: Value{Text: "-"}, printed: "-"},
		{cell: throw, text: "６.21", problem: "full-width"},
		{cell: throw, text: "621", problem: "not-between"},
		{cell: throw, text: "", problem: "mark-missing"},
		{cell: throw, text: "6.21", irm: scoring.DNF, problem: "irm-elsewhere"},
		{cell: time, text: "1:02.34", want: Value{Mark: ptr(62340)}, printed: "1:02.34"},
		{cell: time, text: "1:02.345", problem: "too-fine"},
		{cell: time, text: "0", problem: "mark-zero"},
		{cell: time, irm: scoring.DNS, want: Value{IRM: scoring.DNS}, printed: "DNS"},
		{cell: time, irm: scoring.DSQ, problem: "rule-missing"},
		{cell: time, irm: scoring.DSQ, rule: "SW 7.6", want: Value{IRM: scoring.DSQ, Rule: "SW 7.6"}, printed: "DSQ"},
		{cell: time, text: "59.00", irm: scoring.DNS, problem: "mark-with-irm"},
		{cell: time, text: "59.00", irm: scoring.EXH, want: Value{Mark: ptr(59000), IRM: scoring.EXH}, printed: "59.00"},
		{cell: time, irm: scoring.RET, problem: "irm-not-allowed"},
		{cell: time, irm: scoring.CC, problem: "unknown-irm"},
		{cell: time, text: "59.00", rule: "SW 7.6", problem: "rule-unasked"},
		{cell: why, text: "dns", want: Value{IRM: scoring.DNS}, printed: "DNS"},
		{cell: why, irm: scoring.EXH, want: Value{IRM: scoring.EXH}, printed: "EXH"},
		{cell: why, text: "because", problem: "unknown-irm"},
		{cell: game, text: "11:7", want: Value{Text: "11:7"}, printed: "11:7"},
		{cell: game, text: "11 – 07", want: Value{Text: "11:7"}, printed: "11:7"},
		{cell: game, text: "31:29", problem: "not-between"},
		{cell: game, text: "11", problem: "not-a-score"},
		{cell: game, text: "-1:3", problem: "not-a-score"},
		{cell: shot, text: "10.0", want: Value{Mark: ptr(10_000)}, printed: "10.0"},
		{cell: shot, text: "10", problem: "tenths-missing"},
		{cell: shot, text: "10.95", problem: "not-between"},
		{cell: shot, text: "9.55", problem: "not-a-step"},
		{cell: apart, text: "-0.3", want: Value{Text: "-0.30"}, printed: "-0.30"},
		{cell: apart, text: "−0.30", want: Value{Text: "-0.30"}, printed: "-0.30"},
		{cell: apart, text: "0.3", want: Value{Mark: ptr(300)}, printed: "0.30"},
		{cell: score, text: "9.75", want: Value{Mark: ptr(9750)}, printed: "9.75"},
		{cell: score, text: "9.5", problem: "not-a-step"},
		{cell: end, text: "disqualified b", rule: "3.5.2", want: Value{Text: "disqualified b", Rule: "3.5.2"}, printed: "disqualified b"},
		{cell: end, text: "lost", problem: "not-a-choice"},
		{cell: Cell{Name: "wind", Input: Wind}, text: "−0.3", want: Value{Text: "-0.3"}, printed: "-0.3"},
		{cell: Cell{Name: "wind", Input: Wind}, text: "2", want: Value{Text: "+2.0"}, printed: "+2.0"},
		{cell: Cell{Name: "wind", Input: Wind}, text: "+25.0", problem: "not-a-wind"},
		{cell: Cell{Name: "lot", Input: Count, Min: 1}, text: "0", problem: "mark-zero"},
		{cell: Cell{Name: "lot", Input: Count, Min: 2}, text: "1", problem: "cell-least"},
		{cell: Cell{Name: "note", Input: Text}, text: "  ", problem: "text-length"},
	} {
		v, err := tt.cell.Read(tt.text, tt.irm, tt.rule)
		var fault *scoring.Invalid
		switch {
		case tt.problem != "" && (!errors.As(err, &fault) || fault.Problem != tt.problem):
			t.Errorf("%s %q %s: %v, want %s", tt.cell.Name, tt.text, tt.irm, err, tt.problem)
		case tt.problem == "" && (err != nil || !same(v, tt.want) || tt.cell.Text(v) != tt.printed):
			t.Errorf("%s %q %s: %+v printed %q, %v; want %+v printed %q", tt.cell.Name, tt.text, tt.irm, v, tt.cell.Text(v), err, tt.want, tt.printed)
		}
	}
}

func same(a, b Value) bool {
	marks := a.Mark == b.Mark || a.Mark != nil && b.Mark != nil && *a.Mark == *b.Mark
	return marks && a.Text == b.Text && a.IRM == b.IRM && a.Rule == b.Rule
}

// Raising is play, lowering is a correction.
func TestRaised(t *testing.T) {
	game := Cell{Input: Score, Running: true}
	count := Cell{Input: Count, Running: true}
	weight := Cell{Input: Mark, Running: true, Choices: []string{declined}}
	for name, tt := range map[string]struct {
		cell          Cell
		before, after Value
		want          bool
	}{
		"a goal":                        {game, Value{Text: "1:0"}, Value{Text: "1:1"}, true},
		"a goal taken back":             {game, Value{Text: "1:1"}, Value{Text: "2:0"}, false},
		"the score cleared":             {game, Value{Text: "1:1"}, Value{}, false},
		"a foul more":                   {count, markValue(2), markValue(3), true},
		"a foul less":                   {count, markValue(3), markValue(2), false},
		"more weight asked for":         {weight, markValue(120_000), markValue(125_000), true},
		"the lift is let go by":         {weight, markValue(120_000), Value{Text: declined}, true},
		"a time is no running number":   {Cell{Input: Mark}, markValue(1), markValue(2), false},
		"a weight after having let go":  {weight, Value{Text: declined}, markValue(120_000), false},
		"the same score, entered again": {game, Value{Text: "1:1"}, Value{Text: "1:1"}, true},
	} {
		if got := tt.cell.Raised(tt.before, tt.after); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// Times that contradict the order of finish are told, pair by pair.
func TestOutOfOrder(t *testing.T) {
	values := map[string]Values{
		"1": {"time": markValue(59_000), "place": markValue(2)},
		"2": {"time": markValue(59_100), "place": markValue(1)},
		"3": {"time": markValue(60_000), "place": markValue(3)},
		"4": {"time": markValue(58_000)},
		"5": {"place": markValue(4)},
	}
	got := OutOfOrder(values, []string{"1", "2", "3", "4", "5"})
	if len(got) != 1 || got[0] != [2]string{"2", "1"} {
		t.Errorf("%v, want that 2 was before 1", got)
	}
}

// What outsiders type is read or refused, never a panic, and what is read is
// printed so that it is read again as the same.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"6.21", "X", "11:7", "-0.3", "+1.2", "1:02.34", "９", "declined", "", "\x00", "1e9"} {
		f.Add(text, uint8(0))
	}
	cells := []Cell{
		{Name: "m", Input: Mark, Measure: scoring.Millimetres, Choices: []string{"X", "-", "r"}},
		{Name: "s", Input: Mark, Measure: scoring.Milliseconds, Step: 10, Max: day},
		{Name: "d", Input: Mark, Measure: scoring.Millimetres, Min: -most},
		{Name: "h", Input: Mark, Measure: scoring.Thousandths, Decimals: 1, Step: 100},
		{Name: "c", Input: Count, Max: 99}, {Name: "g", Input: Score}, {Name: "w", Input: Wind}, {Name: "t", Input: Text},
		{Name: "o", Input: Choice, Choices: rings}, {Name: "i", Input: Reason, Reasons: usualReasons},
	}
	f.Fuzz(func(t *testing.T, text string, n uint8) {
		c := cells[int(n)%len(cells)]
		v, err := c.Read(text, "", "")
		if err != nil {
			var fault *scoring.Invalid
			if !errors.As(err, &fault) {
				t.Fatalf("%q: %v is no *scoring.Invalid", text, err)
			}
			return
		}
		again, err := c.Read(c.Text(v), "", "")
		if err != nil || !same(v, again) {
			t.Errorf("%s: %q is %+v, printed %q, and read again %+v, %v", c.Name, text, v, c.Text(v), again, err)
		}
	})
}
