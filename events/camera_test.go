package events

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tongchang/events/access"
	"tongchang/events/ledgertest"
	"tongchang/events/lynx"
	"tongchang/scoring"
)

// TestCamera is a heat from the operator's start list to marks in a judge's name.
func TestCamera(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx, s := t.Context(), open(t, dsn)
		r := newRace(t, s, "meet", 4)
		chief := access.Who{Name: "chief", Role: access.Chief}

		files, err := s.CameraStarts(ctx, "meet", func(e *Event, _ *Phase, _ *Unit) string { return e.Name })
		if err != nil {
			t.Fatal(err)
		}
		starts, err := simplifiedchinese.GB18030.NewDecoder().String(string(files[lynx.StartFile]))
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(starts, "\r\n")
		if strings.Count(starts, "\r\n") != 5 || !strings.Contains(starts, ",101,4,佟1,,哈尔滨") {
			t.Fatalf("start file:\n%s", starts)
		}
		result := head + "\r\n1,101,4,佟1,,哈尔滨,59.991\r\n2,100,3,佟0,,哈尔滨,1:02.340\r\nDNS,102,5,佟2,,哈尔滨,\r\n3,103,9,佟3,,哈尔滨,1:03.00\r\n"
		keep := func(text string) (bool, error) {
			return s.KeepCameraFile(ctx, "meet", "heat.lif", "camera", []byte(text))
		}
		for i, want := range []bool{true, false} {
			if kept, err := keep(result); err != nil || kept != want {
				t.Fatalf("time %d: kept %v, %v", i, kept, err)
			}
		}
		waiting := func() []CameraFile {
			t.Helper()
			files, err := s.CameraFiles(ctx, chief, "meet", r.unit)
			if err != nil {
				t.Fatal(err)
			}
			return files
		}
		f := waiting()
		if len(f) != 1 || len(f[0].Lines) != 4 {
			t.Fatalf("waiting: %+v", f)
		}
		lines := f[0].Lines
		if *lines[0].Mark != 60_000 || lines[0].Start != r.starts[1] || *lines[1].Mark != 62_340 || lines[2].IRM != scoring.DNS {
			t.Errorf("proposals: %+v", lines)
		}
		if lines[3].Problem != "lynx-bib-lane" || lines[3].Start != 0 {
			t.Errorf("bib 103 in lane 9 is taken for somebody: %+v", lines[3])
		}

		// a judge had one of them by hand: that line needs a reason
		hand := command("meet")
		if _, err := s.EnterMark(ctx, hand, EnterMark{Unit: r.unit, Start: r.starts[0], Mark: "1:02.50"}); err != nil {
			t.Fatal(err)
		}
		c := command("meet")
		c.Author = "chief"
		take := TakeCameraFile{Unit: r.unit, File: f[0].ID, Saw: map[int]int64{2: 0, 3: 0, 4: 0, 5: 0}}
		if n, err := s.TakeCameraFile(ctx, c, chief, take); n != 1 || !errors.Is(err, ErrStale) {
			t.Fatalf("over a mark that was not seen: %d entered, %v", n, err)
		}
		take.Saw[3] = 1
		if n, err := s.TakeCameraFile(ctx, c, chief, take); n != 0 || !errors.Is(err, ErrInvalid) {
			t.Fatalf("over a mark without a reason: %d entered, %v", n, err)
		}
		c.ID, c.Reason = command("meet").ID, "photo finish"
		if n, err := s.TakeCameraFile(ctx, c, chief, take); n != 2 || err != nil {
			t.Fatalf("taken: %d, %v", n, err)
		}
		sheet, err := s.Sheet(ctx, r.phase, r.unit)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"1:02.34 chief", "1:00.00 chief", "DNS chief", " "}
		for i, l := range sheet.Lines {
			cell := l.Cells[TimeCell]
			if got := MarkText(scoring.Milliseconds, cell.Mark, cell.IRM) + " " + cell.By; got != want[i] {
				t.Errorf("line %d has %q, want %q", i, got, want[i])
			}
		}
		if len(waiting()) != 0 {
			t.Error("a file that was taken still waits")
		}
		if _, err := s.TakeCameraFile(ctx, command("meet"), chief, take); !errors.Is(err, ErrClosed) {
			t.Errorf("taken twice: %v", err)
		}

		// saved again with a better reading: the newer file waits, beside what stands
		if kept, err := keep(strings.Replace(result, "59.991", "59.985", 1)); !kept || err != nil {
			t.Fatal(kept, err)
		}
		f = waiting()
		if len(f) != 1 || f[0].Lines[0].Same || f[0].Lines[0].Present.Text != "1:00.00" || !f[0].Lines[1].Same {
			t.Fatalf("saved again: %+v", f)
		}
		if err := s.DropCameraFile(ctx, command("meet"), chief, r.unit, f[0].ID); err != nil || len(waiting()) != 0 {
			t.Errorf("dropped: %v", err)
		}
	})
}

// TestCameraRefuses: what is none of ours is refused, and who may not write a
// unit's marks sees none of its files.
func TestCameraRefuses(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, dsn string) {
		ctx, s := t.Context(), open(t, dsn)
		r := newRace(t, s, "meet", 2)
		var refusal *Refusal
		if _, err := s.KeepCameraFile(ctx, "meet", "x.lif", "camera", []byte("77,1,1,x\n1,100,3,,,,9.9\n")); !errors.As(err, &refusal) || refusal.Problem != "lynx-heat" || !slices.Equal(refusal.With, []string{"77", "1", "1"}) {
			t.Errorf("a heat that is none of ours: %v", err)
		}
		var inv *scoring.Invalid
		if _, err := s.KeepCameraFile(ctx, "meet", "x.lif", "camera", []byte("\x89PNG")); !errors.As(err, &inv) {
			t.Errorf("a picture: %v", err)
		}
		judge := access.Who{Name: "judge", Role: access.Judge, Discipline: 99}
		if _, err := s.CameraFiles(ctx, judge, "meet", r.unit); !errors.Is(err, ErrNotFound) {
			t.Errorf("a judge of another sport: %v", err)
		}
	})
}
