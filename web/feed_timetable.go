package web

import (
	"context"
	"strings"
	"sync"

	"tongchang/events"
	"tongchang/events/timetable"
)

// How late units run, for the schedules. A delay grows while nothing is written
// into the log, so that what shows one is made anew every minute.

// worthSaying is the delay, in minutes, from which people are told.
const worthSaying = 3

// delays are the estimates of each competition, each good for a minute.
type delays struct {
	mu     sync.Mutex
	kept   map[int64]expectations // by competition
	shown  map[string]string      // by topic's key: the minute in which its state was made
	making sync.Mutex             // one at a time
}

// expectations are what was expected in a minute. They are not made anew within
// it: states are built at every mark of a busy hall.
type expectations struct {
	minute string
	units  map[int64]timetable.Expected
}

func (f *Feeder) minute() string { return f.store.Now().UTC().Format("200601021504") }

// delayed reports whether a topic shows delays.
func delayed(topic string) bool { return topic == "today" || strings.HasPrefix(topic, "schedule/") }

// oldByNow reports whether a topic's state has to be made anew because of the
// time alone, and remembers that it is.
func (f *Feeder) oldByNow(key, topic string) bool {
	if !delayed(topic) {
		return false
	}
	now := f.minute()
	f.late.mu.Lock()
	defer f.late.mu.Unlock()
	if f.late.shown == nil || len(f.late.shown) > maxBuilt {
		f.late.shown = map[string]string{}
	}
	old := f.late.shown[key] != "" && f.late.shown[key] != now
	f.late.shown[key] = now
	return old
}

// expected is when units can be expected, by unit; without a timetable nothing.
func (f *Feeder) expected(ctx context.Context, c events.Competition) (map[int64]timetable.Expected, error) {
	now := f.minute()
	f.late.making.Lock()
	defer f.late.making.Unlock()
	f.late.mu.Lock()
	kept, ok := f.late.kept[c.ID]
	f.late.mu.Unlock()
	if ok && kept.minute == now {
		return kept.units, nil
	}
	units, _, err := f.store.Expected(ctx, c)
	if err != nil {
		return nil, err
	}
	f.late.mu.Lock()
	defer f.late.mu.Unlock()
	if f.late.kept == nil {
		f.late.kept = map[int64]expectations{}
	}
	f.late.kept[c.ID] = expectations{now, units}
	return units, nil
}

// lateText says a delay: 约晚 12 分钟. It is empty where there is none to speak of.
func lateText(t *Translator, e timetable.Expected) string {
	if e.Late < worthSaying || e.Basis == timetable.Held {
		return ""
	}
	return t.T("timetable.late", e.Late)
}

// lateWhy says how a delay was worked out.
func (b *builder) lateWhy(e timetable.Expected) string {
	if lateText(b.t, e) == "" {
		return ""
	}
	why := b.t.T("timetable.basis-"+string(e.Basis), e.Samples)
	if u := b.programme.Unit(events.UnitOf(e.After)); u != nil {
		p := b.programme.Phase(u.PhaseID)
		why = sentences(why, b.t.T("timetable.after", b.t.Join(b.eventName(b.programme.Event(p.EventID)), b.phaseOf(u, p))))
	}
	return why
}

// lateness is the delay of the first of units that has not begun, and how it was
// worked out.
func (b *builder) lateness(units []*events.Unit, expected map[int64]timetable.Expected) (late, why string) {
	for _, u := range units {
		if e, ok := expected[u.ID]; ok && statusCode(u) == StatusStartList {
			return lateText(b.t, e), b.lateWhy(e)
		}
	}
	return "", ""
}

// compareStarts orders units by their starts, those without one last.
func compareStarts(a, b *events.Unit) int {
	if a.Start.IsZero() != b.Start.IsZero() {
		if a.Start.IsZero() {
			return 1
		}
		return -1
	}
	return a.Start.Compare(b.Start)
}
