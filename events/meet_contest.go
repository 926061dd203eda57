// A meet's contests: Lenex lists rounds, the ledger has events with phases.
package events

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongchang/events/lenex"
)

// contest is the rounds of one event, in the order in which they are swum.
type contest struct {
	rounds []*lenex.Event
	table  string // points table of the meet
}

// contestsOf gathers rounds by the chain of previous events.
func contestsOf(m *lenex.Meet) []contest {
	byID := map[int]*lenex.Event{}
	for _, e := range m.Events() {
		byID[e.ID] = e
	}
	root := func(e *lenex.Event) int {
		for range len(byID) { // a chain cannot be longer, even where the file goes in circles
			prev := byID[e.PrevEvent]
			if prev == nil || prev == e {
				break
			}
			e = prev
		}
		return e.ID
	}
	var order []int
	rounds := map[int][]*lenex.Event{}
	for _, e := range m.Events() {
		id := root(e)
		if rounds[id] == nil {
			order = append(order, id)
		}
		rounds[id] = append(rounds[id], e)
	}
	contests := make([]contest, len(order))
	for i, id := range order {
		contests[i] = contest{rounds[id], m.PointTable}
	}
	return contests
}

func (c contest) first() *lenex.Event { return c.rounds[0] }

// code is the ID of the round that starts the contest.
func (c contest) code() string { return strconv.Itoa(c.first().ID) }

// event makes the contest's row. Time trials give no medals.
func (c contest) event(competition, discipline int64) Event {
	e := c.first()
	classes := c.classes()
	return Event{
		CompetitionID: competition, DisciplineID: discipline, Code: c.code(), Type: styleCode(e.Style), Sex: sexOf(e.Gender),
		Classes: strings.Join(classes, ","), Number: e.Number, Medals: e.Round != lenex.TimeTrial,
		Name: styleName(e, classes, zhStyle), NameEn: styleName(e, classes, enStyle),
	}
}

// classes are the sport classes that any round's groups admit.
func (c contest) classes() []string {
	prefix := lenex.ClassGroup(c.first().Style.Stroke)
	var all []string
	for _, e := range c.rounds {
		for _, g := range e.AgeGroups {
			for _, n := range g.Handicap {
				if !slices.Contains(all, prefix+n) {
					all = append(all, prefix+n)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b string) int {
		x, _ := strconv.Atoi(strings.TrimPrefix(a, prefix))
		y, _ := strconv.Atoi(strings.TrimPrefix(b, prefix))
		return x - y
	})
	return all
}

// phases makes a row of each round. The final decides; where there is none, the
// first round does.
func (c contest) phases(competition, event int64) ([]Phase, error) {
	deciding := slices.IndexFunc(c.rounds, func(e *lenex.Event) bool { return e.Round == lenex.Final })
	deciding = max(deciding, 0)
	phases := make([]Phase, len(c.rounds))
	for i, e := range c.rounds {
		groups := make([]PhaseGroup, len(e.AgeGroups))
		for j, g := range e.AgeGroups {
			groups[j] = PhaseGroup{ID: strconv.Itoa(g.ID), Name: g.Name, AgeMin: max(g.AgeMin, 0), AgeMax: max(g.AgeMax, 0), Classes: strings.Join(g.Handicap, ",")}
		}
		b, err := json.Marshal(groups)
		if err != nil {
			return nil, err
		}
		rules, err := ruleset(e.AgeGroups, c.table)
		if err != nil {
			return nil, err
		}
		phases[i] = Phase{CompetitionID: competition, EventID: event, Code: strconv.Itoa(e.ID), Kind: string(e.Round), Position: i + 1,
			Decides: i == deciding, Ruleset: rules, Groups: string(b)}
	}
	return phases, nil
}

// styleCode is the event type: 100-FREE, 4x100-MEDLEY.
func styleCode(s lenex.SwimStyle) string {
	code := fmt.Sprintf("%d-%s", s.Distance, s.Stroke)
	if s.RelayCount > 1 {
		code = fmt.Sprintf("%dx%s", s.RelayCount, code)
	}
	return code
}

// words for naming an event of swimming.
type styleWords struct {
	sex, stroke map[string]string
	distance    string // format of 100
	relay       string // format of 4, 100
	team        string // after the stroke of a relay
	join        func(sex, distance, stroke, classes string) string
}

var zhStyle = styleWords{
	sex:      map[string]string{"M": "男子", "F": "女子", "X": "混合", "A": ""},
	stroke:   map[string]string{"FREE": "自由泳", "BACK": "仰泳", "BREAST": "蛙泳", "FLY": "蝶泳", "MEDLEY": "混合泳"},
	distance: "%d 米", relay: "%d × %d 米", team: "接力",
	join: func(sex, distance, stroke, classes string) string {
		return strings.TrimSpace(sex + " " + distance + stroke + " " + classes)
	},
}

var enStyle = styleWords{
	sex:      map[string]string{"M": "Men's", "F": "Women's", "X": "Mixed", "A": "Open"},
	stroke:   map[string]string{"FREE": "freestyle", "BACK": "backstroke", "BREAST": "breaststroke", "FLY": "butterfly", "MEDLEY": "medley"},
	distance: "%d m", relay: "%d × %d m", team: " relay",
	join: func(sex, distance, stroke, classes string) string {
		return strings.TrimSpace(sex + " " + distance + " " + stroke + " " + classes)
	},
}

func styleName(e *lenex.Event, classes []string, w styleWords) string {
	stroke := w.stroke[e.Style.Stroke]
	if stroke == "" {
		stroke = e.Style.Name + e.Style.Stroke
	}
	distance := fmt.Sprintf(w.distance, e.Style.Distance)
	if e.Style.RelayCount > 1 {
		distance, stroke = fmt.Sprintf(w.relay, e.Style.RelayCount, e.Style.Distance), stroke+w.team
	}
	return w.join(w.sex[e.Gender], distance, stroke, classRanges(lenex.ClassGroup(e.Style.Stroke), classes))
}

// classRanges writes S5, S6, S7, S10 as S5–S7, S10.
func classRanges(prefix string, classes []string) string {
	var parts []string
	for i := 0; i < len(classes); {
		j := i
		number := func(k int) int { n, _ := strconv.Atoi(strings.TrimPrefix(classes[k], prefix)); return n }
		for j+1 < len(classes) && number(j+1) == number(j)+1 {
			j++
		}
		switch j - i {
		case 0:
			parts = append(parts, classes[i])
		case 1:
			parts = append(parts, classes[i], classes[j])
		default:
			parts = append(parts, classes[i]+"–"+classes[j])
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}
