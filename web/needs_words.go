// Needs in words: cards, times and problems as the pages of delegations, the
// service desk and judges say them.
package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/needs"
	"tongchang/scoring"
)

// needsTeller says needs in one language and zone.
type needsTeller struct {
	*builder
	url string // of the desk's page of needs: …/desk/needs
	now time.Time
}

func (v *view) needs() needsTeller {
	return needsTeller{builder: v.b, url: v.b.root + "/desk/needs", now: v.b.store.Now()}
}

// needKind says a kind: 能上轮椅的车.
func (t *Translator) needKind(c needs.Code) string { return t.T("need-kind." + string(c)) }

// title is what a need is: 能上轮椅的车 × 5; of a medical one only that it is one.
func (n needsTeller) title(v *events.NeedView) string {
	if v.Medical {
		return n.t.T("needs.medical")
	}
	if v.Kind == "own-words" {
		return n.t.T("needs.own-words")
	}
	if v.Pieces > 1 {
		return n.t.T("needs.count", n.t.needKind(v.Kind), strconv.Itoa(v.Pieces))
	}
	return n.t.needKind(v.Kind)
}

// card is a need as a list shows it, with the parts that both sides see.
func (n needsTeller) card(v *events.NeedView) NeedCard {
	t := n.t
	c := NeedCard{ID: strconv.FormatInt(v.ID, 10), URL: n.url + "/" + strconv.FormatInt(v.ID, 10), Title: n.title(v), Words: v.WordsText,
		Wanted: n.wanted(v), State: t.T("need-state." + string(v.State)), Steps: n.steps(v.State), Medical: v.Medical, Saw: v.Revision,
		Class: standingClass[v.Standing], Command: uuid.NewString(), Command2: uuid.NewString()}
	if v.TextUnreadable {
		c.Words = t.T("needs.unreadable")
	}
	if v.Verdict != "" {
		c.Verdict, c.Reply = t.T("need-verdict."+string(v.Verdict)), v.ReplyText
		if v.TextUnreadable {
			c.Reply = t.T("needs.unreadable")
		}
	}
	if v.Mates > 0 {
		c.Mates = t.T("needs.with-mates", v.Mates)
	}
	c.Due, c.DueAt = n.due(v)
	c.Late = v.Standing == needs.Late
	return c
}

// forTeam is a card as the person's own delegation sees it.
func (n needsTeller) forTeam(v *events.NeedView) NeedCard {
	c := n.card(v)
	c.Who = v.Person
	if c.Who == "" {
		c.Who = n.t.T("needs.whole")
	}
	c.About = n.t.Join(v.PlaceText, n.again(v))
	c.Class = ""
	if v.State == needs.Answered || v.State == needs.Satisfied {
		c.Class = "official"
	}
	if v.Kind == "own-words" && c.Words != "" {
		c.Title, c.Words = c.Words, ""
	}
	return c
}

// forDesk is a card as the desk sees it.
func (n needsTeller) forDesk(v *events.NeedView) NeedCard {
	c := n.card(v)
	c.Who = n.t.Join(v.Person, n.pick(v.Delegation, v.DelegationEn))
	if v.Person == "" {
		c.Who = n.t.Join(n.pick(v.Delegation, v.DelegationEn), n.t.T("needs.whole"))
	}
	about := []string{v.PlaceText, n.owner(v), n.again(v)}
	if v.Reminded > 0 {
		about = append(about, n.t.T("needs.reminded", v.Reminded))
	}
	c.About = n.t.Join(about...)
	if v.Medical {
		return c
	}
	for _, a := range quick[v.State] {
		c.Quick = append(c.Quick, NeedVerb{Act: string(a), Text: n.t.T("need-act." + string(a)), Command: uuid.NewString()})
	}
	return c
}

// quick is what the desk can do without a word, by state.
var quick = map[needs.State][]needs.Act{
	needs.Asked:    {needs.Accept},
	needs.Assigned: {needs.Take, needs.Remind},
	needs.Doing:    {needs.Remind},
}

// standingClass is the colour of a need's bar, standingShape the shape beside it.
var (
	standingClass = map[needs.Standing]string{needs.Late: "alert", needs.Today: "unofficial", needs.Waiting: "official", needs.Settled: "official"}
	standingShape = map[needs.Standing]string{needs.Late: "alert", needs.Today: "clock", needs.Working: "list", needs.Waiting: "speak", needs.Settled: "official", needs.Gone: "list"}
)

// owner says who sees to a need: 住宿组 于海.
func (n needsTeller) owner(v *events.NeedView) string {
	return strings.TrimSpace(n.t.T("need-group."+string(v.Group)) + " " + v.Owner)
}

func (n needsTeller) again(v *events.NeedView) string {
	if v.Reopened == 0 {
		return ""
	}
	return n.t.T("needs.again", v.Reopened)
}

// wanted says when a need is wanted: 6 月 21 日 6 时, 6 月 20 日 – 6 月 24 日.
func (n needsTeller) wanted(v *events.NeedView) string {
	switch {
	case v.Day == "" && v.Until != "":
		return n.t.T("needs.until", n.date(v.Until))
	case v.Day == "" && !v.Arrives.IsZero() && v.State.Open():
		return n.t.T("needs.arrives-at", n.moment(v.Arrives))
	case v.Day == "":
		return ""
	case v.Until != "" && v.Until != v.Day:
		return n.t.T("needs.day-to", n.date(v.Day), n.date(v.Until))
	case v.Hour >= 0:
		return n.t.T("needs.at-hour", n.date(v.Day), strconv.Itoa(v.Hour))
	}
	return n.date(v.Day)
}

// date says a local day as it is kept: 6 月 21 日.
func (n needsTeller) date(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return n.t.T("date", strconv.Itoa(at.Day()), n.t.month(at))
}

// moment says a time: 14:05 today, 6 月 21 日 14:05 on another day.
func (n needsTeller) moment(at time.Time) string {
	at, now := at.In(n.zone), n.now.In(n.zone)
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return n.t.Hour(at)
	}
	return n.t.T("date", strconv.Itoa(at.Day()), n.t.month(at)) + " " + n.t.Hour(at)
}

// due says how late a need is, or how long there is left.
func (n needsTeller) due(v *events.NeedView) (by, at string) {
	switch v.Standing {
	case needs.Late:
		if v.Span == 0 {
			return n.t.T("needs.arrives-soon"), n.t.T("needs.arrives-at", n.moment(v.Arrives))
		}
		return n.t.T("needs.late-by", n.span(v.Span)), n.t.T("needs.due-was", n.moment(v.Due))
	case needs.Today, needs.Working:
		if v.Due.IsZero() {
			return "", ""
		}
		return n.t.T("needs.left", n.span(v.Span)), n.t.T("needs.before", n.moment(v.Due))
	}
	return n.t.T("need-state." + string(v.State)), n.moment(v.Updated)
}

// span says a length of time: 3 天, 2 小时 10 分.
func (n needsTeller) span(d time.Duration) string {
	minutes := int(d / time.Minute)
	switch {
	case minutes >= 48*60:
		return n.t.T("needs.days", minutes/(24*60))
	case minutes < 60:
		return n.t.T("needs.minutes", minutes)
	case minutes%60 == 0:
		return n.t.T("needs.hours", minutes/60)
	}
	return n.t.T("needs.hours-minutes", minutes/60, strconv.Itoa(minutes%60))
}

// steps are the stations of a need, up to where it is. One that was sent back
// stands where it is accepted, to be given to somebody again.
func (n needsTeller) steps(s needs.State) []NeedStep {
	at := slices.Index(needs.Steps, s)
	if s == needs.Reopened {
		at = slices.Index(needs.Steps, needs.Accepted)
	}
	steps := make([]NeedStep, len(needs.Steps))
	for i, step := range needs.Steps {
		steps[i] = NeedStep{Text: n.t.T("need-state." + string(step)), Done: i < at, Current: i == at}
	}
	if s == needs.Reopened {
		steps[at].Text = n.t.T("need-state." + string(s))
	}
	return steps
}

// mostShort is how many lines of what is missing stand above the board; the page
// of what there is has all of it.
const mostShort = 5

// shortage says what is missing: 6 月 19 日 14 时：借用轮椅要 60，有 40，缺 20。 The same
// on days that follow each other is one line.
func (n needsTeller) shortage(slots []needs.Slot) (lines []string) {
	for _, run := range shortRuns(slots) {
		day := n.date(run.Day)
		if run.until != run.Day {
			day = n.t.T("needs.short-days", day, n.date(run.until))
		}
		lines = append(lines, n.t.T("needs.short-line", day, n.slot(run.Slot), n.t.needKind(run.Kind), strconv.Itoa(run.Want), strconv.Itoa(run.Have), strconv.Itoa(run.Short())))
	}
	if more := len(lines) - mostShort; more > 0 {
		lines = append(lines[:mostShort:mostShort], n.t.T("needs.short-more", strconv.Itoa(more)))
	}
	return lines
}

// shortRun is a shortage that is the same from a day to a day.
type shortRun struct {
	needs.Slot
	until string
}

// shortRuns finds them, in the order of their first days.
func shortRuns(slots []needs.Slot) (runs []shortRun) {
	open := map[needs.Slot]int{} // without its day → its place in runs
	for _, s := range slots {
		if s.Short() == 0 {
			continue
		}
		key := s
		key.Day = ""
		if at, ok := open[key]; ok && nextDay(runs[at].until) == s.Day {
			runs[at].until = s.Day
			continue
		}
		open[key] = len(runs)
		runs = append(runs, shortRun{s, s.Day})
	}
	return runs
}

// nextDay is the day after 2026-06-21.
func nextDay(day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return d.AddDate(0, 0, 1).Format(time.DateOnly)
}

func (n needsTeller) slot(s needs.Slot) string {
	if s.Hour == needs.WholeDay {
		return n.t.T("needs.whole-day")
	}
	return n.t.T("needs.hour-slot", strconv.Itoa(s.Hour))
}

// accommodation says what a contestant has: 大字卷 · 时间 +30 %.
func (t *Translator) accommodation(a needs.Accommodation) string {
	var parts []string
	for _, c := range a.Codes {
		parts = append(parts, t.T("need-chip."+string(c)))
	}
	if a.Extra > 0 {
		parts = append(parts, t.T("need-chip.extra", strconv.Itoa(a.Extra)))
	}
	return t.Join(parts...)
}

// needProblem says what is wrong, naming kinds in words, and which field of a
// form it is about: words.halal is the words of halal.
func (t *Translator) needProblem(err error) (field, text string) {
	var refusal *events.Refusal
	if !errors.As(err, &refusal) {
		return "", t.Problem(err, nil)
	}
	with := slices.Clone(refusal.With)
	for i, w := range with {
		if _, ok := needs.Find(needs.Code(w)); ok {
			with[i] = t.needKind(needs.Code(w))
		}
	}
	return refusal.Field, t.Invalid(&scoring.Invalid{Problem: refusal.Problem, With: with}, nil)
}
