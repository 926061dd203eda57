package web

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tongchang/events/access"
)

// carded is somebody who starts in a unit of the first discipline that no other
// line of the matrix touches.
func (m *matrix) carded() things {
	db := m.database()
	defer db.Close()
	own := m.freshStart(db, 0, "carded")
	return things{own: own, missing: &thing{values: map[string]string{"code": neverThere}, object: own.object}}
}

// called are a unit of each discipline with one start, and the person of it.
func (m *matrix) called() things {
	db := m.database()
	defer db.Close()
	return things{own: m.freshStart(db, 0, "called-a"), other: m.freshStart(db, 1, "called-b"),
		missing: &thing{values: map[string]string{"unit": neverThere, "start": neverThere, "person": neverThere}, object: access.Object{Discipline: -1}}}
}

// freshStart makes a unit like that of a discipline, with one start of somebody
// new.
func (m *matrix) freshStart(db *sql.DB, i int, code string) *thing {
	quoted := "'" + code + "'"
	unit := copyRow(m.t, db, "units", m.units[i], map[string]string{"code": quoted, "status": "'scheduled'", "result_status": "'start-list'"})
	person := copyRow(m.t, db, "participants", m.swimmer(db, m.delegations[0]), map[string]string{"code": quoted})
	entry := copyRow(m.t, db, "entries", 1, map[string]string{"code": quoted, "participant_id": numeral(person)})
	start := copyRow(m.t, db, "starts", m.starts[i], map[string]string{"unit_id": numeral(unit), "entry_id": numeral(entry), "lane": "1", "out_irm": "''"})
	return &thing{values: map[string]string{"code": code, "unit": numeral(unit), "start": numeral(start), "person": numeral(person)}, object: access.Object{Discipline: m.disciplines[i]}}
}

// named are participants of the two delegations.
func (m *matrix) named() things {
	db := m.database()
	defer db.Close()
	one := func(participant, delegation int64) *thing {
		return &thing{values: map[string]string{"participant": numeral(participant)}, object: access.Object{Delegation: delegation}}
	}
	never, _ := strconv.ParseInt(neverThere, 10, 64)
	return things{own: one(m.swimmer(db, m.delegations[0]), m.delegations[0]), other: one(m.swimmer(db, m.delegations[1]), m.delegations[1]), missing: one(never, never)}
}

func (m *matrix) database() *sql.DB {
	m.t.Helper()
	db, err := sql.Open("sqlite", m.file)
	if err != nil {
		m.t.Fatal(err)
	}
	return db
}

func (m *matrix) swimmer(db *sql.DB, delegation int64) (id int64) {
	m.t.Helper()
	if err := db.QueryRow(`SELECT min(id) FROM participants WHERE delegation_id = ?`, delegation).Scan(&id); err != nil {
		m.t.Fatal(err)
	}
	return id
}

// copyRow copies a row of a table, with some columns set by expressions.
func copyRow(t testing.TB, db *sql.DB, table string, id int64, set map[string]string) int64 {
	t.Helper()
	rows, err := db.Query(`SELECT name FROM pragma_table_info(?) WHERE name <> 'id'`, table)
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		columns = append(columns, `"`+name+`"`)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	picked := slices.Clone(columns)
	for i, c := range picked {
		if v, ok := set[strings.Trim(c, `"`)]; ok {
			picked[i] = v
		}
	}
	r, err := db.Exec(`INSERT INTO `+table+` (`+strings.Join(columns, ",")+`) SELECT `+strings.Join(picked, ",")+` FROM `+table+` WHERE id = ?`, id)
	if err != nil {
		t.Fatal(err)
	}
	made, err := r.LastInsertId()
	if err != nil {
		t.Fatal(err)
	}
	return made
}
