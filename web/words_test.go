package web

import (
	"strconv"
	"testing"

	"tongchang/events/needs"
	"tongchang/scoring"
)

func translator(t *testing.T, lang string) *Translator {
	t.Helper()
	c, err := ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c.In(lang)
}

func TestSpoken(t *testing.T) {
	for _, tt := range []struct {
		measure  scoring.Measure
		mark     scoring.Mark
		decimals int
		zh, en   string
	}{
		{scoring.Milliseconds, 28350, 2, "28 秒 35", "28.35 seconds"},
		{scoring.Milliseconds, 62350, 2, "1 分 02 秒 35", "1 min 02.35 seconds"},
		{scoring.Milliseconds, 9070, 3, "9 秒 070", "9.070 seconds"},
		{scoring.Milliseconds, 3_605_000, 0, "1 小时 00 分 05 秒", "1 h 00 min 05 seconds"},
		{scoring.Millimetres, 6210, 2, "6 米 21", "6.21 metres"},
		{scoring.Grams, 130_500, 1, "130.5 公斤", "130.5 kilograms"},
		{scoring.Grams, 118_000, 1, "118 公斤", "118 kilograms"},
		{scoring.Thousandths, 88_500, 1, "88.5 分", "88.5 points"},
		{scoring.Count, 12, 0, "12", "12"},
	} {
		if got := translator(t, Chinese).Spoken(tt.measure, tt.mark, tt.decimals); got != tt.zh {
			t.Errorf("%s %d: %q, want %q", tt.measure, tt.mark, got, tt.zh)
		}
		if got := translator(t, English).Spoken(tt.measure, tt.mark, tt.decimals); got != tt.en {
			t.Errorf("%s %d: %q, want %q", tt.measure, tt.mark, got, tt.en)
		}
	}
}

func TestPlace(t *testing.T) {
	en := translator(t, English)
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 102: "102nd", 111: "111th"} {
		if got := en.Place(n); got != want {
			t.Errorf("place %d: %q, want %q", n, got, want)
		}
	}
}

func TestTell(t *testing.T) {
	zh, en := translator(t, Chinese), translator(t, English)
	for _, tt := range []struct {
		said   Said
		zh, en string
	}{
		{Said{Lane: "4", Name: "佟海波", Spoken: "14 秒 86", Rank: 1}, "第 4 道：佟海波，14 秒 86，现列第 1。", "Lane 4: 佟海波, 14 秒 86, now 1st."},
		{Said{Name: "石志远", IRM: "DNS"}, "石志远，DNS。", "石志远, DNS."},
	} {
		if got := zh.Tell(tt.said); got != tt.zh {
			t.Errorf("%+v: %q, want %q", tt.said, got, tt.zh)
		}
		if got := en.Tell(tt.said); got != tt.en {
			t.Errorf("%+v: %q, want %q", tt.said, got, tt.en)
		}
	}
}

func TestInvalid(t *testing.T) {
	_, err := scoring.Milliseconds.Parse("２８：")
	bad := err.(*scoring.Invalid)
	name := func(string) string { return "第 3 道" }
	bad.Line = "7"
	if got, want := translator(t, Chinese).Invalid(bad, name), "第 3 道：“２８：”里有全角字。改成“28:”。"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestShortRuns: the same shortage on days that follow each other is one line.
func TestShortRuns(t *testing.T) {
	slot := func(kind needs.Code, day string, want, have int) needs.Slot {
		return needs.Slot{Kind: kind, Day: day, Hour: needs.WholeDay, Want: want, Have: have}
	}
	runs := shortRuns([]needs.Slot{
		slot("halal", "2027-01-30", 2, 1), slot("carer", "2027-01-30", 1, 1), slot("halal", "2027-01-31", 2, 1),
		slot("halal", "2027-02-01", 2, 1), slot("halal", "2027-02-02", 3, 1), slot("halal", "2027-02-04", 2, 1),
	})
	got := ""
	for _, r := range runs {
		got += r.Day + "–" + r.until + " " + strconv.Itoa(r.Short()) + "; "
	}
	if want := "2027-01-30–2027-02-01 1; 2027-02-02–2027-02-02 2; 2027-02-04–2027-02-04 1; "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestSentences(t *testing.T) {
	if got := sentences("截止。", "还有 19 天。"); got != "截止。还有 19 天。" {
		t.Error(got)
	}
	if got := sentences("Until noon.", "19 days."); got != "Until noon. 19 days." {
		t.Error(got)
	}
}
