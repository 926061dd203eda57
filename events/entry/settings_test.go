package entry

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongchang/events/identity"
	"tongchang/scoring"
)

// set is the games with further settings.
func set(t testing.TB, settings string) *Edition {
	t.Helper()
	return edition(t, strings.Replace(games, "{", "{"+settings+",", 1), gamesEvents)
}

// sent makes people of a delegation: "12 athletes", "2 severe" (level 1),
// "3 陪同人员" (staff of that function).
func sent(ed *Edition, delegation string, groups ...string) []*Row {
	var rows []*Row
	for _, group := range groups {
		var n int
		var what string
		if _, err := fmt.Sscan(group, &n, &what); err != nil {
			panic(err)
		}
		for range n {
			i := len(rows) + 1
			changes := []string{"delegation=" + delegation, "name=" + delegation + what + fmt.Sprint(i)}
			switch what {
			case "athletes":
				changes = append(changes, "level=三级", "cert="+idOf("19900512", 2*i+1)+"43")
			case "severe":
				changes = append(changes, "level=一级", "cert="+idOf("19900512", 2*i+1)+"41")
			default:
				changes = append(changes, "staff="+what)
			}
			rows = append(rows, row(ed, i, changes...))
		}
	}
	return rows
}

// told is what the rules say of some kinds: kind severity ×times, kept back rows.
func told(ed *Edition, rows []*Row, about ...string) string {
	n, kept := map[string]int{}, 0
	for _, p := range Check(ed, rows, today) {
		if slices.Contains(about, p.Kind) {
			n[fmt.Sprint(p.Kind, " ", p.Severity)]++
			if p.Severity == Error {
				kept += len(p.Rows)
			}
		}
	}
	if len(n) == 0 {
		return ""
	}
	return strings.TrimPrefix(fmt.Sprint(n, " ", kept), "map")
}

// TestDelegationSizes: the national games' numbers (7th national para games,
// third entry form), each at its border.
func TestDelegationSizes(t *testing.T) {
	ed := set(t, `"escorts":{"per":3,"functions":["陪同人员","陪同"]},"headquarters":{"share":15,"functions":["团长","副团长","联络员"],"notCounted":["团长"]},
		"deputies":{"functions":["副团长"],"more":1,"bySize":[{"upTo":50,"most":1},{"upTo":100,"most":2},{"upTo":200,"most":3},{"most":4}]},
		"staff":{"share":40,"notCounted":["引导员"]}`)
	for name, tt := range map[string]struct {
		groups []string
		want   string
	}{
		"two severe, no escort":                       {[]string{"9 athletes", "2 severe"}, ""},
		"two severe bring nobody":                     {[]string{"9 athletes", "2 severe", "1 陪同人员"}, "[escorts_over error:1] 1"},
		"the third brings one":                        {[]string{"9 athletes", "3 severe", "1 陪同人员"}, ""},
		"the fourth does not bring a second":          {[]string{"9 athletes", "4 severe", "1 陪同人员", "1 陪同"}, "[escorts_over error:1] 2"},
		"six bring two":                               {[]string{"6 severe", "2 陪同人员"}, ""},
		"headquarters of 15.0 %":                      {[]string{"17 athletes", "2 联络员", "1 副团长"}, ""},
		"headquarters of a person more":               {[]string{"16 athletes", "2 联络员", "1 副团长"}, "[headquarters_over error:1] 3"},
		"the head does not count as one, but as sent": {[]string{"16 athletes", "1 团长", "2 联络员", "1 副团长"}, ""},
		"50 have one deputy":                          {[]string{"49 athletes", "1 副团长"}, ""},
		"50 have a second at their own cost":          {[]string{"48 athletes", "2 副团长"}, "[deputies_own_cost warning:1] 0"},
		"51 have two":                                 {[]string{"49 athletes", "2 副团长"}, ""},
		"50 have no third":                            {[]string{"47 athletes", "3 副团长"}, "[deputies_over error:1] 3"},
		"101 have three":                              {[]string{"98 athletes", "3 副团长"}, ""},
		"200 have three and one at their own cost":    {[]string{"196 athletes", "4 副团长"}, "[deputies_own_cost warning:1] 0"},
		"201 have four":                               {[]string{"197 athletes", "4 副团长"}, ""},
		"staff of 40 %":                               {[]string{"10 athletes", "4 教练员"}, ""},
		"staff of one more":                           {[]string{"10 athletes", "5 教练员"}, "[staff_over error:1] 5"},
		"40 % of 9 is 3":                              {[]string{"9 athletes", "4 教练员"}, "[staff_over error:1] 4"},
		"guides and escorts come on top":              {[]string{"7 athletes", "3 severe", "4 教练员", "3 引导员", "1 陪同人员"}, ""},
		"staff without any athlete":                   {[]string{"1 教练员"}, "[staff_over error:1] 1"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(ed, sent(ed, "大庆", tt.groups...), "escorts_over", "headquarters_over", "deputies_over", "deputies_own_cost", "staff_over"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	begun := Escorts{Per: 3, Begun: true}
	for severe, want := range []int{0, 1, 1, 1, 2, 2, 2, 3} {
		if got := begun.Allowed(severe); got != want {
			t.Errorf("%d severe, begun threes count: %d escorts, want %d", severe, got, want)
		}
	}
}

// TestNotCounted: forms mark who counts nowhere, and a person in two sports is
// one person.
func TestNotCounted(t *testing.T) {
	ed := set(t, `"escorts":{"per":3,"functions":["陪同人员"]},"quotas":[{"most":2}]`)
	rows := sent(ed, "大庆", "2 athletes", "1 陪同人员", "1 陪同人员", "1 athletes")
	outside := func(i int) { rows[i].Cells[Remark] = Cell{Text: "△"} }
	if got := told(ed, rows, "escorts_over", "over_quota_delegation"); got != "[escorts_over error:1 over_quota_delegation error:1] 5" {
		t.Fatalf("everybody counted: %q", got)
	}
	outside(2)
	rows[3].Counted = true
	outside(4)
	if got := told(ed, rows, "escorts_over", "over_quota_delegation"); got != "" {
		t.Errorf("outside the numbers: %q", got)
	}
	id := idOf("19900512", 3)
	twice := []*Row{row(ed, 1), row(ed, 2, "id="+id, "cert="+id+"42", "sport=举重", "class=59公斤级", "event=59公斤级"), row(ed, 3)}
	if got := told(ed, twice, "over_quota_delegation"); got != "" {
		t.Errorf("two people in three rows: %q", got)
	}
}

func TestQuotas(t *testing.T) {
	ed := set(t, `"quotas":[{"most":4,"except":["举重"],"delegations":{"大庆油田":5}},{"sport":"田径","sex":"女","most":1},{"of":"staff","most":1},{"sport":"举重","delegations":{"大庆":1}}]`)
	woman := func(i int) *Row {
		id := idOf("19900512", 2*i)
		return row(ed, i, "sex=女", "id="+id, "cert="+id+"42", "event=200米")
	}
	lifter := func(i int) *Row { return row(ed, i, "sport=举重", "class=59公斤级", "event=59公斤级") }
	for name, tt := range map[string]struct {
		rows []*Row
		want string
	}{
		"four":                          {sent(ed, "大庆", "4 athletes"), ""},
		"five":                          {sent(ed, "大庆", "5 athletes"), "[over_quota_delegation error:1] 5"},
		"five where five may come":      {sent(ed, "大庆油田", "5 athletes"), ""},
		"six where five may come":       {sent(ed, "大庆油田", "6 athletes"), "[over_quota_delegation error:1] 6"},
		"a sport that is not counted":   {append(sent(ed, "大庆", "4 athletes"), lifter(9)), ""},
		"a woman":                       {[]*Row{woman(1)}, ""},
		"two women":                     {[]*Row{woman(1), woman(2)}, "[over_quota_delegation error:1] 2"},
		"a coach":                       {sent(ed, "大庆", "1 教练员"), ""},
		"two coaches":                   {sent(ed, "大庆", "2 教练员"), "[over_quota_delegation error:1] 2"},
		"two lifters where one may":     {[]*Row{lifter(1), lifter(2)}, "[over_quota_delegation error:1] 2"},
		"two lifters of everybody else": {[]*Row{row(ed, 1, "delegation=大庆油田", "sport=举重", "class=59公斤级", "event=59公斤级"), row(ed, 2, "delegation=大庆油田", "sport=举重", "class=59公斤级", "event=59公斤级")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(ed, tt.rows, "over_quota_delegation"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	ed.WaitingLists = true
	if got := told(ed, sent(ed, "大庆", "5 athletes"), "over_quota_delegation", "over_quota_event"); got != "[over_quota_delegation warning:1 over_quota_event warning:1] 0" {
		t.Errorf("with waiting lists: %q", got)
	}
}

func TestPartners(t *testing.T) {
	settings := `"partners":[{"classes":["BC3","T46"],"functions":["滑槽操作员","助理"]}]`
	ed := set(t, settings)
	must := set(t, strings.Replace(settings, `]}]`, `],"must":true,"serves":2}]`, 1))
	for name, tt := range map[string]struct {
		ed   *Edition
		rows []*Row
		want string
	}{
		"nobody":                    {ed, sent(ed, "大庆", "1 athletes"), "[partner_missing warning:1] 0"},
		"one for one":               {ed, sent(ed, "大庆", "1 athletes", "1 助理"), ""},
		"one for two":               {ed, sent(ed, "大庆", "2 athletes", "1 助理"), "[partner_missing warning:1] 0"},
		"another delegation's":      {ed, append(sent(ed, "大庆", "1 athletes"), row(ed, 5, "delegation=大庆油田", "staff=助理")), "[partner_missing warning:1] 0"},
		"named in the row":          {ed, []*Row{row(ed, 1, "guide=钟宇"), row(ed, 2, "staff=引导员", "name=钟宇")}, ""},
		"has to be there":           {must, sent(must, "大庆", "1 athletes"), "[partner_missing error:1] 1"},
		"one is enough for two":     {must, sent(must, "大庆", "2 athletes", "1 滑槽操作员"), ""},
		"and not for three":         {must, sent(must, "大庆", "3 athletes", "1 滑槽操作员"), "[partner_missing error:1] 1"},
		"a class that needs nobody": {ed, []*Row{row(ed, 1, "class=F46", "event=铅球")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(tt.ed, tt.rows, "partner_missing"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPapers(t *testing.T) {
	ed := set(t, `"closing":"2027-06-25","papers":[{"kind":"insurance","name":"意外伤害保险","for":"all","must":true},{"kind":"health","name":"健康证明","for":"athletes"},
		{"kind":"consent","name":"监护人同意书","for":"minors"}]`)
	day := func(s string) (d identity.Date) {
		if err := d.UnmarshalText([]byte(s)); err != nil {
			t.Fatal(err)
		}
		return d
	}
	child := born("2013-06-19", 3, "42") // thirteen on the opening day
	for name, tt := range map[string]struct {
		row    *Row
		papers []PaperHeld
		want   string
	}{
		"none":                        {row(ed, 1), nil, "[paper_missing error:1 paper_missing warning:1] 1"},
		"staff":                       {row(ed, 1, "staff=教练员"), []PaperHeld{{Kind: "insurance"}}, ""},
		"until the last day":          {row(ed, 1), []PaperHeld{{"insurance", day("2027-06-25")}, {Kind: "health"}}, ""},
		"until the day before":        {row(ed, 1), []PaperHeld{{"insurance", day("2027-06-24")}, {Kind: "health"}}, "[paper_expired error:1] 1"},
		"an old one and a new one":    {row(ed, 1), []PaperHeld{{"insurance", day("2027-08-01")}, {"insurance", day("2026-06-25")}, {Kind: "health"}}, ""},
		"an old one and one for ever": {row(ed, 1), []PaperHeld{{Kind: "insurance"}, {"insurance", day("2026-06-25")}, {Kind: "health"}}, ""},
		"health has run out":          {row(ed, 1), []PaperHeld{{Kind: "insurance"}, {"health", day("2027-06-01")}}, "[paper_expired warning:1] 0"},
		"a child without consent":     {row(ed, 1, append(child, "guardian=母")...), []PaperHeld{{Kind: "insurance"}, {Kind: "health"}}, "[paper_missing warning:1] 0"},
		"a child with consent":        {row(ed, 1, append(child, "guardian=母")...), []PaperHeld{{Kind: "insurance"}, {Kind: "health"}, {Kind: "consent"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			tt.row.Registered, tt.row.Papers = true, tt.papers
			if got := told(ed, []*Row{tt.row}, "paper_missing", "paper_expired"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			tt.row.Registered = false
			if got := told(ed, []*Row{tt.row}, "paper_missing", "paper_expired"); got != "" {
				t.Errorf("a row of a sheet: %q", got)
			}
		})
	}
}

// TestStage walks the calendar of an edition, by the minute where it matters.
func TestStage(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	ed := set(t, `"deadlines":{"numbers":"2027-03-01","names":"2027-04-15 17:00","final":"2027-05-15","late":"2027-06-17 18:00","lets":{"late":["withdraw"]}}`)
	none := set(t, `"waitingLists":false`)
	for _, tt := range []struct {
		ed   *Edition
		at   string
		want Stage
		lets string // add, change, substitute, withdraw; capital: with a reason
	}{
		{ed, "2027-01-01 00:00:00", Numbers, "acsw"},
		{ed, "2027-03-01 23:59:59", Numbers, "acsw"},
		{ed, "2027-03-02 00:00:00", Names, "acsw"},
		{ed, "2027-04-15 16:59:59", Names, "acsw"},
		{ed, "2027-04-15 17:00:00", Final, "cSW"},
		{ed, "2027-05-15 23:59:59", Final, "cSW"},
		{ed, "2027-05-16 00:00:00", Late, "W"},
		{ed, "2027-06-17 17:59:59", Late, "W"},
		{ed, "2027-06-17 18:00:00", Closed, ""},
		{ed, "2028-01-01 00:00:00", Closed, ""},
		{none, "2027-06-17 18:00:00", Always, "acsw"},
	} {
		now, err := time.ParseInLocation(time.DateTime, tt.at, zone)
		if err != nil {
			t.Fatal(err)
		}
		lets := ""
		for _, what := range []Doing{Add, Change, Substitute, Withdraw} {
			may, reason := tt.ed.Lets(now, what)
			switch letter := string(what[0]); {
			case may && reason:
				lets += strings.ToUpper(letter)
			case may:
				lets += letter
			}
		}
		if got := tt.ed.Stage(now); got != tt.want || lets != tt.lets {
			t.Errorf("%s: %s %q, want %s %q", tt.at, got, lets, tt.want, tt.lets)
		}
	}
	if until, ok := ed.Until(Names); !ok || until.String() != "2027-04-15 17:00" {
		t.Errorf("names until %v, %v", until, ok)
	}
	if until, ok := ed.Until(Closed); ok {
		t.Errorf("closed until %v", until)
	}
}

func TestReplaces(t *testing.T) {
	now := time.Date(2027, 6, 17, 17, 59, 0, 0, time.FixedZone("CST", 8*3600))
	ed := set(t, `"substitution":{"until":"2027-06-17 18:00","sameSex":true}`)
	sport := set(t, `"substitution":{"same":"sport"}`)
	woman := idOf("19900512", 4)
	for name, tt := range map[string]struct {
		ed      *Edition
		out, in []string
		now     time.Time
		want    string
	}{
		"the same event":                 {ed, []string{"event=100米 跳远"}, []string{"event=100米"}, now, ""},
		"an event more":                  {ed, []string{"event=100米"}, []string{"event=100米 跳远"}, now, "substitute-event"},
		"an event more of the sport":     {sport, []string{"event=100米"}, []string{"event=100米 跳远"}, now, ""},
		"an event that is none":          {ed, []string{"event=100米"}, []string{"event=马拉松"}, now, "substitute-event"},
		"another sport":                  {sport, nil, []string{"sport=举重", "class=59公斤级", "event=59公斤级"}, now, "substitute-sport"},
		"another delegation":             {ed, nil, []string{"delegation=大庆油田"}, now, "substitute-delegation"},
		"staff for an athlete":           {ed, nil, []string{"staff=教练员"}, now, "substitute-staff"},
		"staff for staff":                {ed, []string{"staff=领队"}, []string{"staff=教练员"}, now, ""},
		"a woman for a man":              {ed, nil, []string{"sex=女", "id=" + woman, "cert=" + woman + "42", "event=200米"}, now, "substitute-sex"},
		"a minute later":                 {ed, nil, nil, now.Add(time.Minute), "substitute-late"},
		"where no end is said, any time": {sport, nil, nil, now.AddDate(1, 0, 0), ""},
	} {
		t.Run(name, func(t *testing.T) {
			out, in := row(tt.ed, 1, tt.out...), row(tt.ed, 2, tt.in...)
			Check(tt.ed, []*Row{out, in}, today)
			got := ""
			if inv := tt.ed.Replaces(out, in, tt.now); inv != nil {
				got = inv.Problem
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestWaiting: places go in the order in which rows were handed in.
func TestWaiting(t *testing.T) {
	ed := edition(t, strings.Replace(games, "{", `{"waitingLists":true,"quotas":[{"most":3,"delegations":{"大庆油田":9}}],`, 1), strings.NewReplacer(
		"admits_classes", "admits_classes,capacity", "A1,田径,男,T46,100米,individual,2,1,1,T46", "A1,田径,男,T46,100米,individual,2,1,1,T46,3",
		",T46\n", ",T46,\n", ",F46\n", ",F46,\n", ",T60\n", ",T60,\n", ",T11\n", ",T11,\n", "individual,2,1,1,\n", "individual,2,1,1,,\n").Replace(gamesEvents))
	base := time.Date(2027, 4, 1, 8, 0, 0, 0, time.UTC)
	at := func(n int, minute int, placed bool, changes ...string) HandedIn {
		return HandedIn{Row: row(ed, n, changes...), At: base.Add(time.Duration(minute) * time.Minute), Number: int64(n), Placed: placed}
	}
	for name, tt := range map[string]struct {
		rows []HandedIn
		want string
	}{
		"room for all":                {[]HandedIn{at(1, 5, false), at(2, 1, false)}, ""},
		"the last to come waits":      {[]HandedIn{at(1, 5, false), at(2, 1, false), at(3, 2, false)}, "1:1 full-delegation "},
		"who has a place keeps it":    {[]HandedIn{at(1, 5, true), at(2, 1, false), at(3, 2, false)}, "3:1 full-delegation "},
		"at one moment, by number":    {[]HandedIn{at(3, 1, false), at(2, 1, false), at(1, 1, false)}, "3:1 full-delegation "},
		"two wait in order":           {[]HandedIn{at(1, 5, true), at(2, 1, true), at(3, 3, false), at(4, 2, false)}, "4:1 full-delegation 3:2 full-delegation "},
		"who waits takes no place":    {[]HandedIn{at(1, 1, true), at(2, 2, true), at(3, 3, false), at(4, 4, false, "event=跳远")}, "3:1 full-delegation "},
		"the delegation's own number": {[]HandedIn{at(1, 1, false, "event=跳远"), at(2, 2, false, "event=跳远"), at(3, 3, false, "class=F46", "event=铅球"), at(4, 4, false, "class=F46", "event=标枪")}, "4:1 full-delegation "},
		"an event that is full for all": {[]HandedIn{at(1, 1, false), at(2, 2, false), at(3, 3, false, "delegation=大庆油田"), at(4, 4, false, "delegation=大庆油田")},
			"4:1 full-event "},
	} {
		t.Run(name, func(t *testing.T) {
			var rows []*Row
			number := map[*Row]int64{}
			for _, h := range tt.rows {
				rows, number[h.Row] = append(rows, h.Row), h.Number
			}
			Check(ed, rows, today)
			got := ""
			for _, w := range ed.Waiting(tt.rows) {
				got += fmt.Sprintf("%d:%d %s ", number[w.Row], w.Place, w.Full.Problem)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestSettingsRefused: what cannot be meant is refused, with the setting's name.
func TestSettingsRefused(t *testing.T) {
	for settings, want := range map[string]string{
		`"deadlines":{"numbers":"2027-04-15","names":"2027-04-14"}`:                             "deadlines.names deadline-order",
		`"deadlines":{"final":"2027-04-15 17:00","late":"2027-04-15 17:00"}`:                    "deadlines.late deadline-order",
		`"deadlines":{"names":"2027-04-15 00:00"}`:                                              "edition.json edition-unread",
		`"deadlines":{"names":"2027-04-31"}`:                                                    "edition.json edition-unread",
		`"deadlines":{"name":"2027-04-15"}`:                                                     "edition.json edition-unread",
		`"deadlines":{"lets":{"late":["erase"]}}`:                                               "deadlines.lets.late unknown-word",
		`"deadlines":{"lets":{"later":["add"]}}`:                                                "deadlines.lets unknown-word",
		`"closing":"2027-06-17"`:                                                                "closing deadline-order",
		`"partners":[{"classes":["BC3"]}]`:                                                      "partners edition-missing",
		`"escorts":{"per":3}`:                                                                   "escorts.functions edition-missing",
		`"escorts":{"per":3,"functions":["陪同"],"levels":[5]}`:                                   "escorts.levels edition-number",
		`"headquarters":{"share":15}`:                                                           "headquarters.functions edition-missing",
		`"headquarters":{"share":-1,"functions":["团长"]}`:                                        "headquarters.share edition-number",
		`"deputies":{"functions":["副团长"],"bySize":[{"most":1},{"upTo":50,"most":2}]}`:           "deputies.bySize edition-number",
		`"deputies":{"functions":["副团长"],"bySize":[{"upTo":50,"most":1},{"upTo":50,"most":2}]}`: "deputies.bySize edition-number",
		`"papers":[{"kind":"insurence","name":"保险","for":"all"}]`:                               "papers.kind unknown-word",
		`"papers":[{"kind":"insurance","for":"all"}]`:                                           "papers.name edition-missing",
		`"papers":[{"kind":"insurance","name":"保险","for":"everybody"}]`:                         "papers.for unknown-word",
		`"quotas":[{"sport":"马术","most":1}]`:                                                    "quotas.sport sport-not-offered",
		`"quotas":[{"except":["马术"],"most":1}]`:                                                 "quotas.except sport-not-offered",
		`"staff":{"share":1001}`:                                                                "staff.share edition-number",
		`"quotas":[{"sex":"X","most":1}]`:                                                       "quotas.sex unknown-word",
		`"quotas":[{"of":"horses","most":1}]`:                                                   "quotas.of unknown-word",
		`"quotas":[{"delegations":{"上海":1}}]`:                                                   "quotas.delegations unknown-word",
		`"substitution":{"same":"class"}`:                                                       "substitution.same unknown-word",
	} {
		_, err := ReadEdition(strings.NewReader(strings.Replace(games, "{", "{"+settings+",", 1)), strings.NewReader(gamesEvents))
		var inv *scoring.Invalid
		if !errors.As(err, &inv) || inv.Field+" "+inv.Problem != want {
			t.Errorf("%s: %v, want %s", settings, err, want)
		}
	}
}

// TestEditionOfTheManual: the example of docs/edition.md is read, with every
// setting that it shows.
func TestEditionOfTheManual(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "edition.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(page), "```json\n")
	rules, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatal("docs/edition.md has no example")
	}
	ed := edition(t, rules, "code,sport,sex,class,event,kind,limit_per_delegation,admits_classes\nA,田径,男,T46,100米,individual,2,T46\n")
	if ed.Escorts.Per != 3 || ed.Headquarters.Share != 15 || len(ed.Deputies.BySize) != 4 || len(ed.Papers) != 3 || len(ed.Quotas) != 2 || ed.Staff.Share != 40 ||
		!ed.Partners[0].Must || !ed.Substitution.SameSex || ed.Senders[1].Code != "DQ" || ed.Deadlines.Names.String() != "2027-04-15 17:00" {
		t.Errorf("read as %+v", ed.Settings)
	}
	stages := map[Stage]string{Numbers: "add, change, substitute, withdraw", Names: "add, change, substitute, withdraw", Final: "change; substitute and withdraw with a reason", Late: "substitute and withdraw with a reason"}
	for stage, may := range stages {
		if line := fmt.Sprintf("| %s | `%s` | %s |", stage, stage, may); !strings.Contains(string(page), line) {
			t.Errorf("docs/edition.md does not say %q", line)
		}
	}
}
