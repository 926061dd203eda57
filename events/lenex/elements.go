package lenex

// The elements of the format, from the outside in: each takes its attributes,
// then its children.

import (
	"cmp"
	"strconv"
	"strings"

	"tongchang/scoring"
)

type kids = map[string]func(*element)

func (r *reader) lenex(el *element) {
	r.file.Version = cmp.Or(el.text("version"), "3.0")
	r.file.Created = el.text("created")
	r.children(el, kids{
		"CONSTRUCTOR": func(el *element) {
			r.file.Constructor = strings.TrimSpace(el.text("name") + " " + el.text("version"))
			r.children(el, nil)
		},
		"MEETS":       r.list("MEET", r.meet),
		"RECORDLISTS": r.list("RECORDLIST", r.recordList),
	})
}

func (r *reader) meet(el *element) {
	m := Meet{
		Name: el.text("name"), City: el.text("city"), Nation: el.text("nation"),
		Organizer: el.text("organizer"), Number: el.text("number"), Type: el.text("type"),
		Course: el.text("course"), Timing: el.text("timing"), ReserveCount: el.number("reservecount", 0),
	}
	r.children(el, kids{
		"AGEDATE": func(el *element) {
			m.AgeDate = AgeDate{Value: el.date("value"), Type: el.one("type", "YEAR", "DATE")}
			r.children(el, nil)
		},
		"POOL":       func(el *element) { m.Pool = r.pool(el) },
		"POINTTABLE": func(el *element) { m.PointTable = r.pointTable(el) },
		"SESSIONS":   r.list("SESSION", func(el *element) { m.Sessions = append(m.Sessions, r.session(el)) }),
		"CLUBS":      r.list("CLUB", func(el *element) { m.Clubs = append(m.Clubs, r.club(el)) }),
	})
	r.file.Meets = append(r.file.Meets, m)
}

// pool reads the lanes. A file that gives only the highest lane leaves the
// lowest to the start list: 0 where somebody swims in it, otherwise 1.
func (r *reader) pool(el *element) Pool {
	given := el.attrs["lanemin"] != "" && el.attrs["lanemax"] != ""
	p := Pool{Name: el.text("name"), LaneMin: el.number("lanemin", 0), LaneMax: el.number("lanemax", 0), LanesGiven: given}
	if !given {
		p.LaneMin = min(1, p.LaneMax)
	}
	if p.LaneMin > p.LaneMax || p.LaneMax > 99 {
		el.bad("lanemax", "out-of-range", strconv.Itoa(p.LaneMin), strconv.Itoa(p.LaneMax))
	}
	r.children(el, nil)
	return p
}

func (r *reader) pointTable(el *element) string {
	name := strings.TrimSpace(el.text("name") + " " + el.text("version"))
	r.children(el, nil)
	return name
}

func (r *reader) session(el *element) Session {
	s := Session{
		Number: el.number("number", 0), Name: el.text("name"), Date: el.date("date"),
		Daytime: el.clock("daytime"), Endtime: el.clock("endtime"),
	}
	r.children(el, kids{
		"EVENTS": r.list("EVENT", func(el *element) { s.Events = append(s.Events, r.event(el)) }),
	})
	return s
}

func (r *reader) event(el *element) Event {
	e := Event{
		ID: el.id("eventid"), Number: el.number("number", 0), Order: el.number("order", 0),
		Gender: el.one("gender", "M", "F", "X", "A"), Round: Round(el.text("round")),
		PrevEvent: el.number("preveventid", 0), Daytime: el.clock("daytime"),
	}
	e.Gender = cmp.Or(e.Gender, "A")
	e.Round = cmp.Or(e.Round, TimedFinal)
	r.children(el, kids{
		"SWIMSTYLE": func(el *element) { e.Style = r.style(el) },
		"AGEGROUPS": r.list("AGEGROUP", func(el *element) { e.AgeGroups = append(e.AgeGroups, r.ageGroup(el)) }),
		"HEATS":     r.list("HEAT", func(el *element) { e.Heats = append(e.Heats, r.heat(el)) }),
	})
	return e
}

func (r *reader) style(el *element) SwimStyle {
	s := SwimStyle{
		Distance: el.number("distance", 0), RelayCount: el.number("relaycount", 1),
		Stroke: el.text("stroke"), Technique: el.text("technique"), Name: el.text("name"),
	}
	r.children(el, nil)
	return s
}

func (r *reader) ageGroup(el *element) AgeGroup {
	g := AgeGroup{
		ID: el.number("agegroupid", 0), Name: el.text("name"), Gender: el.one("gender", "M", "F", "X", "A"),
		AgeMin: el.number("agemin", -1), AgeMax: el.number("agemax", -1),
		Calculate: el.text("calculate"), Handicap: classes(el.text("handicap")),
	}
	r.children(el, kids{
		"RANKINGS": r.list("RANKING", func(el *element) {
			k := Ranking{Order: el.number("order", 0), Place: el.number("place", -1), ResultID: el.id("resultid")}
			r.children(el, nil)
			g.Rankings = append(g.Rankings, k)
		}),
	})
	return g
}

// classes splits "8,9,10" into its class numbers.
func classes(list string) []string {
	return strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' })
}

func (r *reader) heat(el *element) Heat {
	h := Heat{
		ID: el.id("heatid"), Number: el.number("number", 0), Order: el.number("order", 0), Name: el.text("name"),
		AgeGroupID: el.number("agegroupid", 0), Final: el.text("final"), Daytime: el.clock("daytime"),
		Status: HeatStatus(el.one("status", "SCHEDULED", "SEEDED", "RUNNING", "INOFFICIAL", "UNOFFICIAL", "OFFICIAL")),
	}
	if h.Status == "UNOFFICIAL" {
		h.Status = Inofficial
	}
	r.children(el, nil)
	return h
}

func (r *reader) club(el *element) Club {
	c := Club{
		ID: el.number("clubid", 0), Name: el.text("name"), ShortName: el.text("shortname"), Code: el.text("code"),
		Nation: el.text("nation"), Region: el.text("region"), Type: el.text("type"), Number: el.number("number", 0),
	}
	r.children(el, kids{
		"ATHLETES": r.list("ATHLETE", func(el *element) { c.Athletes = append(c.Athletes, r.athlete(el, nil)) }),
		"RELAYS":   r.list("RELAY", func(el *element) { c.Relays = append(c.Relays, r.relay(el)) }),
	})
	return c
}

// athlete reads a swimmer; club receives the club that record lists put inside.
func (r *reader) athlete(el *element, club *Club) Athlete {
	a := Athlete{
		ID: el.number("athleteid", 0), FirstName: el.text("firstname"), LastName: el.text("lastname"),
		NamePrefix: el.text("nameprefix"), FirstEn: el.text("firstname.en"), LastEn: el.text("lastname.en"),
		Birthdate: el.date("birthdate"), Gender: el.one("gender", "M", "F", "N"), Nation: el.text("nation"),
		License: el.text("license"), LicenseIPC: el.text("license_ipc"), Status: el.text("status"),
	}
	known := kids{
		"HANDICAP": func(el *element) { a.Handicap = r.handicap(el) },
		"ENTRIES":  r.list("ENTRY", func(el *element) { a.Entries = append(a.Entries, r.entry(el)) }),
		"RESULTS":  r.list("RESULT", func(el *element) { a.Results = append(a.Results, r.result(el)) }),
	}
	if club != nil {
		known["CLUB"] = func(el *element) { *club = r.club(el) }
	}
	r.children(el, known)
	return a
}

// handicap reads the classes. Zero means that the swimmer has none.
func (r *reader) handicap(el *element) Handicap {
	class := func(name string) string {
		if v := el.text(name); v != "0" {
			return v
		}
		return ""
	}
	h := Handicap{Free: class("free"), Breast: class("breast"), Medley: class("medley"), Exception: el.text("exception")}
	r.children(el, nil)
	return h
}

func (r *reader) entry(el *element) Entry {
	e := Entry{
		EventID: el.id("eventid"), AgeGroupID: el.number("agegroupid", 0), Time: el.mark("entrytime"), Course: el.text("entrycourse"),
		HeatID: el.number("heatid", 0), Lane: el.number("lane", 0), Status: el.status(), Late: el.late(),
	}
	r.children(el, kids{
		"MEETINFO":       func(el *element) { e.Qualified = r.meetInfo(el) },
		"RELAYPOSITIONS": r.positions(&e.Positions),
	})
	return e
}

func (el *element) status() string {
	v := el.text("status")
	if v != "" && v != "SICK" && !scoring.IRM(v).Known() {
		el.bad("status", "unknown-irm", v)
	}
	return v
}

func (el *element) late() bool {
	v := el.text("late")
	return v == "yes" || v == "T"
}

func (r *reader) meetInfo(el *element) MeetInfo {
	m := MeetInfo{
		Name: el.text("name"), City: el.text("city"), Nation: el.text("nation"), Course: el.text("course"),
		Date: el.date("date"), Time: el.mark("qualificationtime"),
	}
	r.children(el, nil)
	return m
}

func (r *reader) result(el *element) Result {
	res := Result{
		ID: el.id("resultid"), EventID: el.id("eventid"), HeatID: el.number("heatid", 0), Lane: el.number("lane", 0),
		Time: el.mark("swimtime"), EntryTime: el.mark("entrytime"), EntryCourse: el.text("entrycourse"),
		Reaction: el.reaction("reactiontime"), Points: el.points("points"), Status: el.status(),
		Comment: el.text("comment"), Late: el.late(),
	}
	r.children(el, kids{
		"SPLITS":         r.splits(&res.Splits),
		"RELAYPOSITIONS": r.positions(&res.Positions),
	})
	return res
}

// splits reads intermediate times; one without a time says nothing.
func (r *reader) splits(into *[]Split) func(*element) {
	return r.list("SPLIT", func(el *element) {
		distance, at := el.number("distance", 0), el.mark("swimtime")
		r.children(el, nil)
		if at != nil {
			*into = append(*into, Split{Distance: distance, Time: *at})
		}
	})
}

func (r *reader) positions(into *[]RelayPosition) func(*element) {
	return r.list("RELAYPOSITION", func(el *element) {
		p := RelayPosition{
			Number: el.number("number", -1), AthleteID: el.number("athleteid", 0),
			Reaction: el.reaction("reactiontime"), Status: el.status(),
		}
		r.children(el, kids{"ATHLETE": func(el *element) {
			a := r.athlete(el, nil)
			p.Athlete = &a
		}})
		*into = append(*into, p)
	})
}

func (r *reader) relay(el *element) Relay {
	t := Relay{
		Number: el.number("number", 0), Name: el.text("name"), Gender: el.one("gender", "M", "F", "X"),
		AgeMin: el.number("agemin", -1), AgeMax: el.number("agemax", -1),
		AgeTotalMin: el.number("agetotalmin", -1), AgeTotalMax: el.number("agetotalmax", -1),
		Handicap: el.text("handicap"),
	}
	r.children(el, kids{
		"ENTRIES": r.list("ENTRY", func(el *element) { t.Entries = append(t.Entries, r.entry(el)) }),
		"RESULTS": r.list("RESULT", func(el *element) { t.Results = append(t.Results, r.result(el)) }),
	})
	return t
}

func (r *reader) recordList(el *element) {
	l := RecordList{
		Name: el.text("name"), Type: el.text("type"), Course: el.text("course"), Gender: el.text("gender"),
		Nation: el.text("nation"), Region: el.text("region"), Handicap: el.text("handicap"),
		AgeMin: -1, AgeMax: -1, Updated: el.date("updated"),
	}
	r.children(el, kids{
		"AGEGROUP": func(el *element) {
			l.AgeMin, l.AgeMax = el.number("agemin", -1), el.number("agemax", -1)
			r.children(el, nil)
		},
		"RECORDS": r.list("RECORD", func(el *element) { l.Records = append(l.Records, r.record(el)) }),
	})
	r.file.RecordLists = append(r.file.RecordLists, l)
}

func (r *reader) record(el *element) Record {
	rec := Record{Time: el.mark("swimtime"), Comment: el.text("comment")}
	r.children(el, kids{
		"SWIMSTYLE": func(el *element) { rec.Style = r.style(el) },
		"SPLITS":    r.splits(&rec.Splits),
		"MEETINFO":  func(el *element) { rec.Meet = r.meetInfo(el) },
		"ATHLETE": func(el *element) {
			rec.Athlete = &RecordAthlete{}
			rec.Athlete.Athlete = r.athlete(el, &rec.Athlete.Club)
		},
		"RELAY": func(el *element) {
			rec.Relay = &RecordRelay{}
			r.children(el, kids{
				"CLUB":           func(el *element) { rec.Relay.Club = r.club(el) },
				"RELAYPOSITIONS": r.positions(&rec.Relay.Positions),
			})
		},
	})
	return rec
}
