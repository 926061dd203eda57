package web

import (
	"encoding/json"
	"time"

	"tongchang/events"
	"tongchang/events/access"
)

// seated are, in each discipline, a seat with a device at it, a judge, and a
// mark that came too late.
func (m *matrix) seated() things {
	one := func(i int, name string) *thing {
		seat := m.madeSeat(i, name)
		c, err := m.store.Competition(m.t.Context(), "games")
		if err != nil {
			m.t.Fatal(err)
		}
		cards, err := m.store.PrintCards(m.t.Context(), access.Console, c, []int64{seat}, true)
		if err != nil {
			m.t.Fatal(err)
		}
		d, err := m.store.Pair(m.t.Context(), c, cards[0].Token, "")
		if err != nil {
			m.t.Fatal(err)
		}
		_, pins, err := m.store.MakeJudges(m.t.Context(), m.by(), access.Console, events.MakeJudges{Discipline: m.disciplines[i], Names: []string{name}})
		if err != nil {
			m.t.Fatal(err)
		}
		return &thing{values: map[string]string{"seat": numeral(seat), "device": numeral(d.Device.ID), "judge": numeral(pins[0].Judge.ID), "late": numeral(m.lateMark(c.ID, i))},
			object: access.Object{Discipline: m.disciplines[i]}}
	}
	return things{own: one(0, "終甲"), other: one(1, "終乙"),
		missing: &thing{values: map[string]string{"seat": neverThere, "device": neverThere, "judge": neverThere, "late": neverThere}, object: access.Object{Discipline: -1}}}
}

func (m *matrix) madeSeat(i int, name string) int64 {
	rec, err := m.store.MakeSeats(m.t.Context(), m.by(), access.Console, events.MakeSeats{Discipline: m.disciplines[i], Seats: []events.NewSeat{{Name: name}}})
	if err != nil {
		m.t.Fatal(err)
	}
	var made events.SeatsMade
	if err := json.Unmarshal(rec.Outcome, &made); err != nil {
		m.t.Fatal(err)
	}
	return made.Seats[0]
}

func (m *matrix) lateMark(competition int64, i int) int64 {
	db := m.database()
	defer db.Close()
	r, err := db.Exec(`INSERT INTO late_marks (competition_id, unit_id, start_id, command_id, payload, reason, "by", problem, stood, "at", verdict, decided_by, seq)
		VALUES (?, ?, ?, ?, ?, '', '邢玉兰', 'mark-late', '', ?, '', '', 0)`, competition, m.units[i], m.starts[i], numeral(m.units[i]),
		`{"unit":`+numeral(m.units[i])+`,"start":`+numeral(m.starts[i])+`,"cell":"time","mark":"1:02.20","saw":0}`, time.Now().UTC().Format("2006-01-02 15:04:05.999999+00:00"))
	if err != nil {
		m.t.Fatal(err)
	}
	id, err := r.LastInsertId()
	if err != nil {
		m.t.Fatal(err)
	}
	return id
}
