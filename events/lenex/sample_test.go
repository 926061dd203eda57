package lenex

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// sample is one of the files of the real meet, or a skipped test that says what
// was left untested.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	dirs := []string{os.Getenv("TONGCHANG_SAMPLES")}
	for up := ".."; len(up) < 20; up = filepath.Join(up, "..") {
		dirs = append(dirs, filepath.Join(up, "shared", "samples"))
	}
	for _, dir := range dirs {
		if dir == "" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, "lenex", name))
		if err == nil {
			return data
		}
		if !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	t.Skipf("NOT TESTED: the real meet. %s was found neither below TONGCHANG_SAMPLES nor in ../shared/samples", name)
	return nil
}

func read(t testing.TB, data []byte) *File {
	t.Helper()
	f, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestReadTrials counts what a real meet holds, as its publisher counts it.
func TestReadTrials(t *testing.T) {
	f := read(t, sample(t, "trials-2024-results.lxf"))
	if len(f.Meets) != 1 {
		t.Fatalf("%d meets", len(f.Meets))
	}
	m := &f.Meets[0]
	count := map[string]int{"clubs": len(m.Clubs), "sessions": len(m.Sessions)}
	for _, e := range m.Events() {
		count["events"]++
		count["heats"] += len(e.Heats)
		for _, g := range e.AgeGroups {
			count["rankings"] += len(g.Rankings)
		}
	}
	for s := range m.swimmers() {
		count["athletes"]++
		if s.Athlete.Handicap != (Handicap{}) {
			count["classed"]++
		}
	}
	for s := range m.Results() {
		count["results"]++
		count["splits"] += len(s.Result.Splits)
		count["status "+s.Result.Status]++
	}
	for what, want := range map[string]int{
		"clubs": 150, "sessions": 14, "events": 142, "heats": 335, "rankings": 4263, "athletes": 865, "classed": 32,
		"results": 3088, "splits": 11305,
		"status DSQ": 18, "status EXH": 3, "status WDR": 161, "status DNS": 23, "status RJC": 2,
	} {
		if count[what] != want {
			t.Errorf("%s: %d, want %d", what, count[what], want)
		}
	}
	if m.Pool.LaneMin != 0 || m.Pool.LaneMax != 9 {
		t.Errorf("lanes %d to %d, want 0 to 9", m.Pool.LaneMin, m.Pool.LaneMax)
	}
	t.Log(f.Unread)
}
