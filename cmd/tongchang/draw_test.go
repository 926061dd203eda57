package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tongchang/events/draw"
)

// TestDraw goes the road of a draw: promise, draw, publish, verify; and a
// published draw that was tampered with is found.
func TestDraw(t *testing.T) {
	status, out, _ := command(t, "draw", "--commit")
	m := regexp.MustCompile(`(?s)Seed: ([0-9a-f]{64})\nCommitment: ([0-9a-f]{64})\n`).FindStringSubmatch(out)
	if status != exitOK || m == nil || draw.Commitment(m[1]) != m[2] {
		t.Fatalf("promise: %d, %s", status, out)
	}
	if status, again, _ := command(t, "draw", "--commit", "--seed", m[1]); status != exitOK || again != out {
		t.Errorf("promise of a given seed: %d, %s", status, again)
	}
	plan := filepath.Join("..", "..", "events", "draw", "testdata", "heats-guides.plan.json")
	status, out, complaint := command(t, "draw", plan, "--seed", m[1])
	if status != exitOK || !strings.Contains(out, "Commitment: "+m[2]) || !regexp.MustCompile(`(?s)Heat 1\n.*Heat 2\n.* \d\+\d  101 .*2 lanes side by side`).MatchString(out) || strings.Contains(out, "trial") {
		t.Errorf("draw: %d, %s%s", status, out, complaint)
	}
	status, doc, complaint := command(t, "draw", plan, "--seed", m[1], "--json")
	if status != exitOK {
		t.Fatalf("draw --json: %d, %s", status, complaint)
	}
	file := write(t, "draw.json", doc)
	if status, out, complaint = command(t, "draw", "--verify", file); status != exitOK || !strings.Contains(lastLine(out), "Verified") || !strings.Contains(lastLine(out), m[2]) {
		t.Errorf("verify: %d, %s%s", status, out, complaint)
	}
	if status, out, _ := command(t, "draw", file, "--verify", "--lang=zh"); status != exitOK || !strings.Contains(out, "第 2 组") || !strings.Contains(lastLine(out), "验证无误") {
		t.Errorf("verify in Chinese: %d, %s", status, out)
	}
	// the seed decides who is in which lane, so the two that change places differ
	var d draw.Document
	if err := json.Unmarshal([]byte(doc), &d); err != nil {
		t.Fatal(err)
	}
	d.Drawn.Places[0].Entrant, d.Drawn.Places[1].Entrant = d.Drawn.Places[1].Entrant, d.Drawn.Places[0].Entrant
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	status, _, complaint = command(t, "draw", "--verify", write(t, "bad.json", string(raw)))
	if status != exitFailed || !regexp.MustCompile(`Heat 1, lane \d: the document has \d+, the draw gives \d+`).MatchString(complaint) {
		t.Errorf("tampered: %d, %s", status, complaint)
	}
}

// TestDrawEveryKind prints a draw of each kind in both languages, without a word
// that is missing, and says that it is only a trial.
func TestDrawEveryKind(t *testing.T) {
	plans, err := filepath.Glob(filepath.Join("..", "..", "events", "draw", "testdata", "*.plan.json"))
	if err != nil || len(plans) < 5 {
		t.Fatalf("%v, %v", plans, err)
	}
	for _, plan := range plans {
		for lang, trial := range map[string]string{"en": "This was a trial", "zh": "这是试抽"} {
			status, out, complaint := command(t, "draw", plan, "--lang="+lang)
			if status != exitOK || !strings.Contains(lastLine(out), trial) || strings.Contains(out, "start.") || strings.Contains(out, "draw.") || strings.Contains(out, "<no value>") {
				t.Errorf("%s: %d, %s%s", plan, status, out, complaint)
			}
		}
	}
}

// TestDrawChanges: a published draw that was changed by hand shows what, who and
// why, in both languages.
func TestDrawChanges(t *testing.T) {
	file := filepath.Join("..", "..", "events", "draw", "testdata", "changes.golden.json")
	status, out, complaint := command(t, "draw", "--verify", file)
	if status != exitOK || !regexp.MustCompile(`(?s)5\+6  r2 .*Withdrawn: b d\nChange 1: b withdraws, 1/5 stays free\n +referee, 2027-06-20 08:00 \+00:00: as agreed\nChange 2: reserve r2 to 1/5\n.*Change 3: a \(1/4\) and c \(1/3\) .*Change 4: change 3 undone\n.*Change 5: n for d at 1/1\n.*5 changes`).MatchString(out) {
		t.Errorf("%d, %s%s", status, out, complaint)
	}
	if status, out, _ := command(t, "draw", "--verify", file, "--lang=zh"); status != exitOK || !strings.Contains(out, "改动 1：b 退出，1/5 空出") {
		t.Errorf("%d, %s", status, out)
	}
}

// TestDrawRefuses: what cannot be done is said, and a seed is never repeated.
func TestDrawRefuses(t *testing.T) {
	golden := filepath.Join("..", "..", "events", "draw", "testdata", "lots-weigh-in.golden.json")
	raw, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	unrevealed := regexp.MustCompile(`"seed": "[0-9a-f]{64}",`).ReplaceAllString(string(raw), "")
	const secret = "ABCDEF"
	for name, tt := range map[string]struct {
		args []string
		say  string
	}{
		"nothing":         {nil, "one thing at a time"},
		"too much":        {[]string{"--commit", golden}, "one thing at a time"},
		"no file":         {[]string{"nowhere.json"}, "Cannot read nowhere.json"},
		"not a plan":      {[]string{golden}, "not a document of a draw"},
		"a bad seed":      {[]string{strings.Replace(golden, "golden", "plan", 1), "--seed", secret}, "A seed has 64 characters"},
		"a bad promise":   {[]string{"--commit", "--seed", secret}, "A seed has 64 characters"},
		"not yet public":  {[]string{"--verify", write(t, "d.json", unrevealed)}, "not published yet"},
		"another promise": {[]string{"--verify", write(t, "d.json", strings.Replace(string(raw), `"commitment": "`, `"commitment": "0`, 1))}, "not the one that was promised"},
	} {
		status, _, complaint := command(t, append([]string{"draw"}, tt.args...)...)
		if status != exitFailed || !strings.Contains(complaint, tt.say) || strings.Contains(complaint, secret) {
			t.Errorf("%s: %d, %s", name, status, complaint)
		}
	}
}
