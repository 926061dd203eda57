package web

import (
	"fmt"

	"tongchang/events/access"
	"tongchang/events/classes"
)

// decided are a file of outcomes for each discipline.
func (m *matrix) decided() things {
	one := func(i int) *thing {
		f, err := m.store.KeepOutcomes(m.t.Context(), access.Console, "games", m.disciplines[i], classes.Panel, "结果.csv", []byte(fmt.Sprintf("姓名,级别,状态\n无此人%d,T54,C\n", i)))
		if err != nil {
			m.t.Fatal(err)
		}
		return &thing{values: map[string]string{"outcomes": f.ID}, object: access.Object{Discipline: m.disciplines[i]}}
	}
	return things{own: one(0), other: one(1), missing: &thing{values: map[string]string{"outcomes": neverThere}, object: access.Object{Discipline: -1}}}
}
