package lenex

// Writing: the same elements in the order of the format, so that other programs
// read our start lists and results.

import (
	"archive/zip"
	"bufio"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"tongchang/scoring"
)

// Write writes a .lxf: a zip with one .lef. What a program reads back from it is
// the same File, but for Unread.
func Write(w io.Writer, f *File) error {
	z := zip.NewWriter(w)
	lef, err := z.Create("meet.lef")
	if err != nil {
		return fmt.Errorf("write lenex file: %w", err)
	}
	if err := WriteXML(lef, f); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write lenex file: %w", err)
	}
	return nil
}

// WriteXML writes the bare .lef.
func WriteXML(w io.Writer, f *File) error {
	x := &writer{w: bufio.NewWriter(w)}
	x.text(xml.Header)
	x.open("LENEX", attrs{{"version", cmp.Or(f.Version, "3.0")}, {"created", f.Created}})
	x.leaf("CONSTRUCTOR", attrs{{"name", f.Constructor}})
	each(x, "MEETS", f.Meets, x.meet)
	each(x, "RECORDLISTS", f.RecordLists, x.recordList)
	x.close("LENEX")
	if err := x.w.Flush(); err != nil {
		return fmt.Errorf("write lenex file: %w", err)
	}
	return nil
}

// writer prints elements. bufio keeps the first error until Flush.
type writer struct {
	w     *bufio.Writer
	depth int
}

// attrs are name and value in order; empty values are left out.
type attrs [][2]string

func (x *writer) text(s string) { _, _ = x.w.WriteString(s) } // reported by Flush

func (x *writer) start(name string, a attrs, end string) {
	x.text(strings.Repeat(" ", x.depth) + "<" + name)
	for _, one := range a {
		if one[1] != "" {
			x.text(" " + one[0] + `="`)
			_ = xml.EscapeText(x.w, []byte(one[1])) // reported by Flush
			x.text(`"`)
		}
	}
	x.text(end + "\n")
}

func (x *writer) open(name string, a attrs) {
	x.start(name, a, ">")
	x.depth++
}

func (x *writer) close(name string) {
	x.depth--
	x.text(strings.Repeat(" ", x.depth) + "</" + name + ">\n")
}

func (x *writer) leaf(name string, a attrs) { x.start(name, a, "/>") }

// each writes a wrapper with its children, or nothing where there are none.
func each[T any](x *writer, wrapper string, list []T, one func(*T)) {
	if len(list) == 0 {
		return
	}
	x.open(wrapper, nil)
	for i := range list {
		one(&list[i])
	}
	x.close(wrapper)
}

// How values are printed. Zero (and -1 for limits) is left out.
func num(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// mark prints HH:MM:SS.hh; thousandths are kept where there are some.
func mark(m *scoring.Mark) string {
	if m == nil {
		return ""
	}
	v := int64(*m)
	s := fmt.Sprintf("%02d:%02d:%02d.%02d", v/3_600_000, v/60_000%60, v/1000%60, v/10%100)
	if v%10 != 0 {
		s += strconv.FormatInt(v%10, 10)
	}
	return s
}

// orNT prints a time where the format wants one.
func orNT(m *scoring.Mark) string {
	if m == nil {
		return "NT"
	}
	return mark(m)
}

// hundredths prints a reaction time: +78.
func hundredths(m *scoring.Mark) string {
	if m == nil {
		return ""
	}
	return fmt.Sprintf("%+d", int64(*m)/10)
}

func pointsOf(p *int64) string {
	if p == nil {
		return ""
	}
	return strconv.FormatInt(*p, 10)
}

func lane(heat, lane int) string {
	if heat == 0 {
		return num(lane)
	}
	return strconv.Itoa(lane)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func (x *writer) meet(m *Meet) {
	x.open("MEET", attrs{
		{"name", m.Name}, {"city", m.City}, {"nation", m.Nation}, {"organizer", m.Organizer}, {"number", m.Number},
		{"type", m.Type}, {"course", m.Course}, {"timing", m.Timing}, {"reservecount", num(m.ReserveCount)},
	})
	if m.AgeDate != (AgeDate{}) {
		x.leaf("AGEDATE", attrs{{"value", day(m.AgeDate.Value)}, {"type", m.AgeDate.Type}})
	}
	if m.Pool != (Pool{}) {
		low, high := "", num(m.Pool.LaneMax)
		if m.Pool.LanesGiven {
			low, high = strconv.Itoa(m.Pool.LaneMin), strconv.Itoa(m.Pool.LaneMax)
		}
		x.leaf("POOL", attrs{{"name", m.Pool.Name}, {"lanemin", low}, {"lanemax", high}})
	}
	if m.PointTable != "" {
		x.leaf("POINTTABLE", attrs{{"name", m.PointTable}})
	}
	each(x, "SESSIONS", m.Sessions, x.session)
	each(x, "CLUBS", m.Clubs, x.club)
	x.close("MEET")
}

func (x *writer) session(s *Session) {
	x.open("SESSION", attrs{
		{"number", num(s.Number)}, {"name", s.Name}, {"date", day(s.Date)},
		{"daytime", string(s.Daytime)}, {"endtime", string(s.Endtime)},
	})
	each(x, "EVENTS", s.Events, x.event)
	x.close("SESSION")
}

func (x *writer) event(e *Event) {
	prev := "-1"
	if e.PrevEvent != 0 {
		prev = strconv.Itoa(e.PrevEvent)
	}
	x.open("EVENT", attrs{
		{"eventid", num(e.ID)}, {"number", num(e.Number)}, {"order", num(e.Order)}, {"gender", e.Gender},
		{"round", string(e.Round)}, {"preveventid", prev}, {"daytime", string(e.Daytime)},
	})
	x.style(&e.Style)
	each(x, "AGEGROUPS", e.AgeGroups, x.ageGroup)
	each(x, "HEATS", e.Heats, x.heat)
	x.close("EVENT")
}

func (x *writer) style(s *SwimStyle) {
	if *s == (SwimStyle{}) {
		return
	}
	x.leaf("SWIMSTYLE", attrs{
		{"distance", num(s.Distance)}, {"relaycount", num(s.RelayCount)}, {"stroke", s.Stroke},
		{"technique", s.Technique}, {"name", s.Name},
	})
}

func (x *writer) ageGroup(g *AgeGroup) {
	x.open("AGEGROUP", attrs{
		{"agegroupid", num(g.ID)}, {"name", g.Name}, {"gender", g.Gender}, {"agemin", strconv.Itoa(g.AgeMin)},
		{"agemax", strconv.Itoa(g.AgeMax)}, {"calculate", g.Calculate}, {"handicap", strings.Join(g.Handicap, ",")},
	})
	each(x, "RANKINGS", g.Rankings, func(k *Ranking) {
		x.leaf("RANKING", attrs{{"order", num(k.Order)}, {"place", strconv.Itoa(k.Place)}, {"resultid", num(k.ResultID)}})
	})
	x.close("AGEGROUP")
}

func (x *writer) heat(h *Heat) {
	x.leaf("HEAT", attrs{
		{"heatid", num(h.ID)}, {"number", num(h.Number)}, {"order", num(h.Order)}, {"name", h.Name},
		{"agegroupid", num(h.AgeGroupID)}, {"final", h.Final}, {"status", string(h.Status)}, {"daytime", string(h.Daytime)},
	})
}

func (c *Club) attrs() attrs {
	return attrs{
		{"clubid", num(c.ID)}, {"name", c.Name}, {"shortname", c.ShortName}, {"code", c.Code},
		{"nation", c.Nation}, {"region", c.Region}, {"type", c.Type}, {"number", num(c.Number)},
	}
}

func (x *writer) club(c *Club) {
	x.open("CLUB", c.attrs())
	each(x, "ATHLETES", c.Athletes, func(a *Athlete) { x.athlete(a, nil) })
	each(x, "RELAYS", c.Relays, x.relay)
	x.close("CLUB")
}

func (x *writer) athlete(a *Athlete, club *Club) {
	x.open("ATHLETE", attrs{
		{"athleteid", num(a.ID)}, {"firstname", a.FirstName}, {"lastname", a.LastName}, {"nameprefix", a.NamePrefix},
		{"firstname.en", a.FirstEn}, {"lastname.en", a.LastEn}, {"birthdate", day(a.Birthdate)}, {"gender", a.Gender},
		{"nation", a.Nation}, {"license", a.License}, {"license_ipc", a.LicenseIPC}, {"status", a.Status},
	})
	if club != nil {
		x.leaf("CLUB", club.attrs())
	}
	if h := a.Handicap; h != (Handicap{}) {
		x.leaf("HANDICAP", attrs{{"free", h.Free}, {"breast", h.Breast}, {"medley", h.Medley}, {"exception", h.Exception}})
	}
	each(x, "ENTRIES", a.Entries, x.entry)
	each(x, "RESULTS", a.Results, x.result)
	x.close("ATHLETE")
}

func (x *writer) entry(e *Entry) {
	x.open("ENTRY", attrs{
		{"eventid", num(e.EventID)}, {"agegroupid", num(e.AgeGroupID)}, {"entrytime", orNT(e.Time)}, {"entrycourse", e.Course},
		{"heatid", num(e.HeatID)}, {"lane", lane(e.HeatID, e.Lane)}, {"status", e.Status}, {"late", yes(e.Late)},
	})
	x.meetInfo(&e.Qualified)
	each(x, "RELAYPOSITIONS", e.Positions, x.position)
	x.close("ENTRY")
}

func (x *writer) meetInfo(m *MeetInfo) {
	if *m == (MeetInfo{}) {
		return
	}
	x.leaf("MEETINFO", attrs{
		{"name", m.Name}, {"city", m.City}, {"nation", m.Nation}, {"course", m.Course}, {"date", day(m.Date)},
		{"qualificationtime", mark(m.Time)},
	})
}

func (x *writer) result(r *Result) {
	x.open("RESULT", attrs{
		{"resultid", num(r.ID)}, {"eventid", num(r.EventID)}, {"heatid", num(r.HeatID)}, {"lane", lane(r.HeatID, r.Lane)},
		{"swimtime", orNT(r.Time)}, {"entrytime", mark(r.EntryTime)}, {"entrycourse", r.EntryCourse},
		{"reactiontime", hundredths(r.Reaction)}, {"points", pointsOf(r.Points)}, {"status", r.Status},
		{"comment", r.Comment}, {"late", yes(r.Late)},
	})
	each(x, "SPLITS", r.Splits, x.split)
	each(x, "RELAYPOSITIONS", r.Positions, x.position)
	x.close("RESULT")
}

func (x *writer) split(s *Split) {
	x.leaf("SPLIT", attrs{{"distance", num(s.Distance)}, {"swimtime", mark(&s.Time)}})
}

func (x *writer) position(p *RelayPosition) {
	x.open("RELAYPOSITION", attrs{
		{"number", strconv.Itoa(p.Number)}, {"athleteid", num(p.AthleteID)},
		{"reactiontime", hundredths(p.Reaction)}, {"status", p.Status},
	})
	if p.Athlete != nil {
		x.athlete(p.Athlete, nil)
	}
	x.close("RELAYPOSITION")
}

func (x *writer) relay(t *Relay) {
	x.open("RELAY", attrs{
		{"number", num(t.Number)}, {"name", t.Name}, {"gender", t.Gender},
		{"agemin", strconv.Itoa(t.AgeMin)}, {"agemax", strconv.Itoa(t.AgeMax)},
		{"agetotalmin", strconv.Itoa(t.AgeTotalMin)}, {"agetotalmax", strconv.Itoa(t.AgeTotalMax)}, {"handicap", t.Handicap},
	})
	each(x, "ENTRIES", t.Entries, x.entry)
	each(x, "RESULTS", t.Results, x.result)
	x.close("RELAY")
}

func (x *writer) recordList(l *RecordList) {
	x.open("RECORDLIST", attrs{
		{"name", l.Name}, {"type", l.Type}, {"course", l.Course}, {"gender", l.Gender}, {"nation", l.Nation},
		{"region", l.Region}, {"handicap", l.Handicap}, {"updated", day(l.Updated)},
	})
	if l.AgeMin >= 0 || l.AgeMax >= 0 {
		x.leaf("AGEGROUP", attrs{{"agemin", strconv.Itoa(l.AgeMin)}, {"agemax", strconv.Itoa(l.AgeMax)}})
	}
	each(x, "RECORDS", l.Records, x.record)
	x.close("RECORDLIST")
}

func (x *writer) record(r *Record) {
	x.open("RECORD", attrs{{"swimtime", orNT(r.Time)}, {"comment", r.Comment}})
	x.style(&r.Style)
	each(x, "SPLITS", r.Splits, x.split)
	x.meetInfo(&r.Meet)
	if r.Athlete != nil {
		x.athlete(&r.Athlete.Athlete, &r.Athlete.Club)
	}
	if r.Relay != nil {
		x.open("RELAY", nil)
		x.leaf("CLUB", r.Relay.Club.attrs())
		each(x, "RELAYPOSITIONS", r.Relay.Positions, x.position)
		x.close("RELAY")
	}
	x.close("RECORD")
}
