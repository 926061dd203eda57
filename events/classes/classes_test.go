package classes

import (
	"fmt"
	"testing"
)

func TestGroup(t *testing.T) {
	for class, want := range map[string]string{"T54": "T", "SB8": "SB", "LW10.5": "LW", "NE": "", "CNC": "", "": "", "BC3": "BC"} {
		if got := Group(class); got != want {
			t.Errorf("Group(%q) = %q, want %q", class, got, want)
		}
	}
	if got := fmt.Sprint(Groups(Set("T45,T46, F46"))); got != "[T F]" {
		t.Errorf("groups %s", got)
	}
}

// TestCounts: the table of the IPC's sport data management, list by status.
func TestCounts(t *testing.T) {
	const day = "2027-06-19"
	for _, tt := range []struct {
		status Status
		review int
		want   string // ranking, best, standard, record
	}{
		{New, 0, "- x - -"},
		{Review, 0, "x x x -"},
		{Review, 2027, "x x x -"}, // the year of the record is not after it
		{Review, 2028, "x x x x"},
		{FixedDate, 2029, "x x x x"},
		{FixedDate, 2026, "x x x -"},
		{Confirmed, 0, "x x x x"},
		{Observed, 0, "- - - -"},
		{"", 0, "- - - -"},
	} {
		got := ""
		for i, l := range []List{Ranking, Best, Standard, Official} {
			if i > 0 {
				got += " "
			}
			if tt.status.Counts(l, day, tt.review) {
				got += "x"
			} else {
				got += "-"
			}
		}
		if got != tt.want {
			t.Errorf("%s %d: %s, want %s", tt.status, tt.review, got, tt.want)
		}
	}
}

func text(acts []Act) string {
	s := ""
	for _, a := range acts {
		s += fmt.Sprintf("%s %d %d;", a.Do, a.Contest, a.Start)
	}
	return s
}

// TestPlan has what the ledger's scenarios do not: groups, merged contests to
// choose from, open contests, contests entered twice.
func TestPlan(t *testing.T) {
	contests := []Contest{
		{ID: 1, Type: "100", Sex: "M", Classes: []string{"T54"}},
		{ID: 2, Type: "100", Sex: "M", Classes: []string{"T53"}},
		{ID: 3, Type: "100", Sex: "M", Classes: []string{"T52", "T53"}},
		{ID: 4, Type: "shot", Sex: "M", Classes: []string{"F54"}},
		{ID: 5, Type: "5000", Sex: "M"},
		{ID: 6, Type: "100", Sex: "W", Classes: []string{"T53"}},
		{ID: 7, Type: "100", Sex: "M", Classes: []string{"T51"}, Begun: true},
	}
	for name, tt := range map[string]struct {
		change  Change
		entries []Entry
		want    string
	}{
		"the contest of one class before the merged one": {Change{"T", "T54", "T53", Keep}, []Entry{{ID: 10, Contest: 1}}, "leave 1 0;join 2 0;"},
		"another group is not concerned":                 {Change{"T", "T54", "T53", Keep}, []Entry{{ID: 10, Contest: 4}}, ""},
		"an open contest is not concerned":               {Change{"T", "T54", "T53", Keep}, []Entry{{ID: 10, Contest: 5}}, ""},
		"entered there already":                          {Change{"T", "T54", "T53", Keep}, []Entry{{ID: 10, Contest: 1}, {ID: 11, Contest: 2}}, "leave 1 0;stay 2 0;"},
		"the merged one where one's own does not admit":  {Change{"T", "T54", "T52", Keep}, []Entry{{ID: 10, Contest: 1}}, "leave 1 0;join 3 0;"},
		"too late": {Change{"T", "T54", "T51", Keep}, []Entry{{ID: 10, Contest: 1}}, "leave 1 0;too-late 7 0;"},
		"withdrawn by the delegation stays withdrawn": {Change{"T", "T53", "T54", Keep}, []Entry{{ID: 10, Contest: 1, Left: true}}, ""},
		"not eligible in one group":                   {Change{"T", "T54", NotEligible, Cancel}, []Entry{{ID: 10, Contest: 1}, {ID: 11, Contest: 4}}, "leave 1 0;"},
		"not eligible at all":                         {Change{"", "", NotEligible, Cancel}, []Entry{{ID: 10, Contest: 1}, {ID: 11, Contest: 4}, {ID: 12, Contest: 5}}, "leave 1 0;leave 4 0;leave 5 0;"},
		"a result cancelled before is not cancelled again": {Change{"T", "T53", "T52", Cancel},
			[]Entry{{ID: 10, Contest: 2, Starts: []Start{{ID: 20, Class: "T53", Begun: true, Marked: true, Cancelled: true}}}}, "leave 2 0;join 3 0;"},
	} {
		if got := text(Plan(tt.change, contests, tt.entries)); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestUsual(t *testing.T) {
	for _, c := range Causes() {
		want := Cancel
		if c == Panel || c == Observation || c == Medical {
			want = Keep
		}
		if got := Usual(c); got != want {
			t.Errorf("%s: %s", c, got)
		}
	}
}
