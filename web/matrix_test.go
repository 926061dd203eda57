package web

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // the house writes rows that no command writes yet

	"tongchang/events"
	"tongchang/events/access"
	"tongchang/events/entry"
	"tongchang/events/ledgertest"
	"tongchang/events/registration"
)

// The matrix: every route is asked by every role, about things of its own, of
// others, and things that do not exist. What must come of it follows from the
// table of package access; testdata/matrix.tsv says for each route which act it
// needs, what it is about and what is sent. A route that is not in the file
// fails the test, which then says the line to add.

// asking is somebody who asks.
type asking struct {
	name string
	who  access.Who // as the table sees them
	desk bool
}

// a thing is what a route is about: the values of its address and body, and
// where it belongs. Nothing in particular is open to whoever may do the act
// anywhere.
type thing struct {
	values     map[string]string
	object     access.Object
	any        bool
	led        bool          // the answer leads on without looking
	hiddenFrom []access.Role // besides what the table says
}

// things of a kind: one's own, another's, one that was (closed, withdrawn), one
// that never was. Crossed is another's under one's own address, which must look
// like missingHere, one that never was under one's own address.
type things struct{ own, other, gone, missing, crossed, missingHere *thing }

// thingsOf makes the things of each kind in a house. A part of the house with
// objects of its own adds a line here and in the function that it names.
var thingsOf = map[string]func(m *matrix) things{
	"competing":  (*matrix).competing, // {athlete} who is entered
	"carded":     (*matrix).carded,    // {code} of somebody who starts next
	"called":     (*matrix).called,    // {unit} with a {start} of a {person}
	"named":      (*matrix).named,     // {participant} of a delegation
	"sport":      func(m *matrix) things { return m.byDiscipline("discipline", m.disciplines) },
	"nothing":    func(*matrix) things { return things{own: &thing{any: true}} },
	"games":      func(*matrix) things { return things{own: &thing{}} }, // the competition as a whole
	"delegation": func(m *matrix) things { return m.byDelegation("delegation") },
	"team-led": func(m *matrix) things {
		set := m.byDelegation("delegation")
		set.own.led, set.other.led = true, true
		return set
	},
	"filmed":          (*matrix).filmed, // {unit} with a {camera} file
	"unit":            func(m *matrix) things { return m.byDiscipline("unit", m.units) },
	"phase":           func(m *matrix) things { return m.byDiscipline("phase", m.phases) },
	"account":         (*matrix).accounts,
	"panel":           (*matrix).panels,  // {panel}, {slot} and {case} of it
	"classed":         (*matrix).classed, // {participant} in a {discipline}
	"decided":         (*matrix).decided, // {outcomes} of a discipline
	"paper":           (*matrix).papers,  // {paper} of a {registration}
	"person":          (*matrix).people,  // {registration} of a {delegation}; {person} is the same
	"upload":          (*matrix).files,   // {upload} of a {delegation}
	"move":            (*matrix).moves,   // {seq} of a step of a {delegation}
	"need":            (*matrix).asked,
	"timetable-draft": (*matrix).timetableDrafts, // {draft}
	"timetable-venue": (*matrix).timetableVenues, // {venue}
	"setup-step":      (*matrix).setupSteps,      // {step} of the set-up
	"seated":          (*matrix).seated,          // {seat}, {device}, {judge}, {late} of a discipline
	"draw":            (*matrix).promised,        // {event} of a draw that is promised
}

const neverThere = "987654321"

// matrix is a house with two delegations, two disciplines and somebody of every
// role in the first of each.
type matrix struct {
	*house
	file          string // the database's
	delegations   [2]int64
	disciplines   [2]int64
	units         [2]int64
	phases        [2]int64
	starts        [2]int64
	registrations [2]int64
	asking        []asking
	ids           map[string]int64  // accounts by name
	tokens        map[string]string // sign-ins by name
	closed        int64
}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	dsn := ledgertest.New(t, "sqlite")
	m := &matrix{house: newHouse(t, dsn), file: dsn, ids: map[string]int64{}, tokens: map[string]string{}}
	c, err := m.store.Competition(t.Context(), "games")
	if err != nil {
		t.Fatal(err)
	}
	ds, err := m.store.Delegations(t.Context(), c.ID)
	if err != nil || len(ds) != 2 {
		t.Fatalf("%d delegations, %v", len(ds), err)
	}
	m.delegations = [2]int64{ds[0].ID, ds[1].ID}
	p, err := m.store.Programme(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	m.units[0], m.phases[0], m.disciplines[0], m.starts[0] = m.unit, p.Phases[0].ID, p.Events[0].DisciplineID, m.lines[0].Start
	m.secondDiscipline(dsn, c.ID, p.Events[0].ID)
	m.everybody()
	m.register()
	return m
}

// register lets the competition take entries, and enters one person for each
// delegation.
func (m *matrix) register() {
	m.t.Helper()
	ctx := m.t.Context()
	rules := `{"name": "测试运动会", "opening": "2027-06-18", "delegations": ["哈尔滨", "大庆"],
		"sports": [{"code": "AT", "name": "田径", "birthFrom": "1967-01-01", "birthTo": "2014-12-31"}], "classCategories": [{"category": 4, "classes": "all others"}]}`
	programme := "code,sport,sex,class,event,kind,limit_per_delegation,team_min,team_max,admits_classes\nA100,田径,女,T46,100米,individual,2,1,1,T46\n"
	if _, err := m.store.SetEdition(ctx, m.by(), events.SetEdition{Rules: []byte(rules), Events: programme}); err != nil {
		m.t.Fatal(err)
	}
	for i, delegation := range m.delegations {
		m.registrations[i] = m.enter(delegation)
	}
}

// enter enters somebody for a delegation.
func (m *matrix) enter(delegation int64) int64 {
	m.t.Helper()
	rec, err := m.store.SaveRegistration(m.t.Context(), m.by(), access.Console, events.SaveRegistration{Delegation: delegation, Fields: map[entry.Field]string{"name": "佟海燕", "sex": "女", "sport": "田径"}})
	if err != nil {
		m.t.Fatal(err)
	}
	var saved events.Saved
	if err := json.Unmarshal(rec.Outcome, &saved); err != nil {
		m.t.Fatal(err)
	}
	return saved.ID
}

// secondDiscipline copies the event of the house into another discipline.
func (m *matrix) secondDiscipline(dsn string, competition, event int64) {
	m.t.Helper()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		m.t.Fatal(err)
	}
	defer db.Close()
	insert := func(query string, args ...any) int64 {
		m.t.Helper()
		r, err := db.Exec(query, args...)
		if err != nil {
			m.t.Fatal(err)
		}
		id, err := r.LastInsertId()
		if err != nil {
			m.t.Fatal(err)
		}
		return id
	}
	m.disciplines[1] = insert(`INSERT INTO disciplines (competition_id, code, name, name_en) VALUES (?, 'ATH', '田径', 'Athletics')`, competition)
	copied := func(table, where string, id int64, set map[string]int64) int64 {
		m.t.Helper()
		rows, err := db.Query(`SELECT name FROM pragma_table_info(?) WHERE name <> 'id'`, table)
		if err != nil {
			m.t.Fatal(err)
		}
		var columns []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				m.t.Fatal(err)
			}
			columns = append(columns, name)
		}
		if err := rows.Err(); err != nil {
			m.t.Fatal(err)
		}
		picked := slices.Clone(columns)
		for i, c := range picked {
			if v, ok := set[c]; ok {
				picked[i] = numeral(v)
			} else if c == "code" {
				picked[i] = "code || 'b'"
			}
		}
		return insert(fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s LIMIT 1`, table, strings.Join(columns, ","), strings.Join(picked, ","), table, where), id)
	}
	e := copied("events", "id = ?", event, map[string]int64{"discipline_id": m.disciplines[1]})
	m.phases[1] = copied("phases", "event_id = ?", event, map[string]int64{"event_id": e})
	m.units[1] = copied("units", "phase_id = ?", m.phases[0], map[string]int64{"phase_id": m.phases[1]})
	m.starts[1] = copied("starts", "unit_id = ?", m.units[0], map[string]int64{"phase_id": m.phases[1], "unit_id": m.units[1]})
}

// everybody makes an account for every role, in the first delegation and
// discipline; of roles that work in disciplines also one in all of them.
func (m *matrix) everybody() {
	m.t.Helper()
	var fresh []events.NewAccount
	add := func(name string, role access.Role, delegation, discipline int64) {
		fresh = append(fresh, events.NewAccount{Login: name, Name: name, Role: role, Delegation: delegation, Discipline: discipline})
		m.asking = append(m.asking, asking{name: name, who: access.Who{Name: name, Role: role, Delegation: delegation, Discipline: discipline, Strong: true}})
	}
	for _, role := range access.Roles {
		switch {
		case role == access.Delegation:
			add(string(role), role, m.delegations[0], 0)
		case access.InDisciplines(role):
			add(string(role), role, 0, m.disciplines[0])
			add(string(role)+"-of-all", role, 0, 0)
		default:
			add(string(role), role, 0, 0)
		}
	}
	weak := asking{name: "by-password", who: access.Who{Role: access.Organiser}}
	fresh = append(fresh, events.NewAccount{Login: weak.name, Name: weak.name, Role: access.Organiser}, events.NewAccount{Login: "closed", Name: "closed", Role: access.Service})
	_, links, err := m.store.MakeAccounts(m.t.Context(), m.by(), access.Console, events.MakeAccounts{Accounts: fresh})
	if err != nil {
		m.t.Fatal(err)
	}
	for _, l := range links {
		m.ids[l.Account.Name] = l.Account.ID
	}
	m.closed = m.ids["closed"]
	if _, err := m.store.CloseAccount(m.t.Context(), m.by(), access.Console, events.CloseAccount{Account: m.closed}); err != nil {
		m.t.Fatal(err)
	}
	for i := range m.asking {
		m.asking[i].who.Account = m.ids[m.asking[i].name]
	}
	c, err := m.store.Competition(m.t.Context(), "games")
	if err != nil {
		m.t.Fatal(err)
	}
	in, err := m.store.UseLink(m.t.Context(), c, links[len(links)-2].Token, "一道长长的江堤 四季", "")
	if err != nil {
		m.t.Fatal(err)
	}
	weak.who.Account = in.Account.ID
	m.asking = append(m.asking, weak, asking{name: "public"}, asking{name: "desk", who: access.Desk, desk: true})
}

func (m *matrix) by() events.Command {
	return events.Command{ID: uuid.NewString(), Competition: "games", Author: access.Console.Name}
}

func (m *matrix) byDelegation(name string) things {
	one := func(id int64) *thing {
		return &thing{values: map[string]string{name: strconv.FormatInt(id, 10)}, object: access.Object{Delegation: id}}
	}
	never, _ := strconv.ParseInt(neverThere, 10, 64)
	return things{own: one(m.delegations[0]), other: one(m.delegations[1]), missing: one(never)}
}

func (m *matrix) byDiscipline(name string, ids [2]int64) things {
	one := func(i int) *thing {
		return &thing{values: map[string]string{name: numeral(ids[i]), "start": numeral(m.starts[i])}, object: access.Object{Discipline: m.disciplines[i]}}
	}
	return things{own: one(0), other: one(1), missing: &thing{values: map[string]string{name: neverThere, "start": neverThere}, object: access.Object{Discipline: -1}}}
}

func (m *matrix) accounts() things {
	one := func(id int64) *thing { return &thing{values: map[string]string{"account": strconv.FormatInt(id, 10)}} }
	return things{own: one(m.ids["service"]), gone: one(m.closed), missing: &thing{values: map[string]string{"account": neverThere}}}
}

// classed are one person in each discipline.
func (m *matrix) classed() things {
	set := m.byDiscipline("discipline", m.disciplines)
	set.own.values["participant"], set.other.values["participant"], set.missing.values["participant"] = "1", "1", "1"
	return set
}

// people are a registration of each delegation.
func (m *matrix) people() things {
	one := func(delegation, registration string) *thing {
		id, _ := strconv.ParseInt(delegation, 10, 64)
		return &thing{values: map[string]string{"delegation": delegation, "registration": registration, "person": registration}, object: access.Object{Delegation: id}}
	}
	return m.within(one, [2]string{numeral(m.registrations[0]), numeral(m.registrations[1])})
}

// papers are a photo of somebody of each delegation.
func (m *matrix) papers() things {
	var photo bytes.Buffer
	if err := png.Encode(&photo, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		m.t.Fatal(err)
	}
	registrations := map[string]string{neverThere: neverThere}
	var ids [2]string
	for i, id := range m.registrations {
		rec, err := m.store.KeepFile(m.t.Context(), m.by(), access.Console, events.KeepPaper{Registration: id, Kind: events.PaperPhoto}, photo.Bytes())
		if err != nil {
			m.t.Fatal(err)
		}
		var kept events.PaperKept
		if err := json.Unmarshal(rec.Outcome, &kept); err != nil {
			m.t.Fatal(err)
		}
		ids[i] = numeral(kept.Paper)
		registrations[ids[i]] = numeral(id)
	}
	one := func(delegation, paper string) *thing {
		id, _ := strconv.ParseInt(delegation, 10, 64)
		return &thing{values: map[string]string{"delegation": delegation, "paper": paper, "registration": registrations[paper]}, object: access.Object{Delegation: id}}
	}
	return m.within(one, ids)
}

// files are a file that each delegation has sent.
func (m *matrix) files() things {
	var ids [2]string
	for i, delegation := range m.delegations {
		u, err := m.store.Upload(m.t.Context(), access.Console, "games", delegation, "报名表.csv", []byte("姓名,性别,项目\n佟海燕,女,100米\n"))
		if err != nil {
			m.t.Fatal(err)
		}
		ids[i] = u.ID
	}
	one := func(delegation, upload string) *thing {
		id, _ := strconv.ParseInt(delegation, 10, 64)
		return &thing{values: map[string]string{"delegation": delegation, "upload": upload}, object: access.Object{Delegation: id}}
	}
	return m.within(one, ids)
}

// moves are steps that were taken with a registration of each delegation.
func (m *matrix) moves() things {
	var seqs [2]string
	for i, delegation := range m.delegations {
		id := m.enter(delegation)
		rec, err := m.store.MoveRegistrations(m.t.Context(), m.by(), access.Console, events.MoveRegistrations{IDs: []int64{id}, To: registration.Withdrawn, Saw: map[int64]int64{id: 1}})
		if err != nil {
			m.t.Fatal(err)
		}
		seqs[i] = numeral(rec.Seq)
	}
	one := func(delegation, seq string) *thing {
		id, _ := strconv.ParseInt(delegation, 10, 64)
		return &thing{values: map[string]string{"delegation": delegation, "seq": seq}, object: access.Object{Delegation: id}}
	}
	return m.within(one, seqs)
}

// within are things that stand under a delegation's address.
func (m *matrix) within(one func(delegation, id string) *thing, ids [2]string) things {
	a, b := numeral(m.delegations[0]), numeral(m.delegations[1])
	return things{own: one(a, ids[0]), other: one(b, ids[1]), missing: one(neverThere, neverThere), crossed: one(a, ids[1]), missingHere: one(a, neverThere)}
}

// asked is a need of the first delegation, of a kind that the service desk
// answers and the medical desk does not see.
func (m *matrix) asked() things {
	_, err := m.store.StateNeeds(m.t.Context(), m.by(), access.Console, events.StateNeeds{Delegation: m.delegations[0], Registration: m.registrations[0], Round: events.AtEntry,
		Needs: []events.AskedNeed{{Kind: "wheelchair-own", Pieces: 1, Hour: -1, Words: "轮椅，座宽 45 厘米"}}})
	if err != nil {
		m.t.Fatal(err)
	}
	all, err := m.store.Needs(m.t.Context(), access.Console, "games", events.NeedFilter{})
	if err != nil || len(all) == 0 {
		m.t.Fatalf("%d needs, %v", len(all), err)
	}
	one := func(id string) *thing {
		return &thing{values: map[string]string{"need": id}, hiddenFrom: []access.Role{access.Medical}}
	}
	return things{own: one(numeral(all[0].ID)), missing: one(neverThere)}
}

// line is one line of the file.
type line struct {
	route, act, kind, sends string
}

func readMatrix(t *testing.T) map[string]line {
	t.Helper()
	raw, err := os.ReadFile("testdata/matrix.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]line{}
	for i, text := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if strings.HasPrefix(text, "#") {
			continue
		}
		f := strings.Split(text, "\t")
		if len(f) != 4 {
			t.Fatalf("testdata/matrix.tsv:%d has %d columns, want 4, with tabs between: route, act, kind, what is sent", i+1, len(f))
		}
		if _, again := lines[f[0]]; again {
			t.Errorf("testdata/matrix.tsv:%d: %s stands there twice", i+1, f[0])
		}
		lines[f[0]] = line{f[0], f[1], f[2], f[3]}
	}
	return lines
}

func TestMatrix(t *testing.T) {
	m := newMatrix(t)
	lines := readMatrix(t)
	made := map[string]things{}
	for kind, make := range thingsOf {
		made[kind] = make(m)
	}
	server := m.Config.Handler.(*Server)
	asked := 0
	for _, rt := range server.table() {
		l, ok := lines[rt.pattern]
		delete(lines, rt.pattern)
		act := string(rt.to)
		if rt.to == everybody {
			act = "everybody"
		}
		set, known := made[l.kind]
		switch {
		case !ok:
			t.Errorf("route %q is not in testdata/matrix.tsv. Add the line (tabs between):\n%s\t%s\tKIND\tSENDS\nKIND is one of %v, SENDS is - or the body with {delegation}, {uuid} …", rt.pattern, rt.pattern, act, slices.Sorted(maps.Keys(thingsOf)))
			continue
		case l.act != act:
			t.Errorf("route %q needs the act %s; testdata/matrix.tsv says %s. Who may do what is changed in both, or not at all.", rt.pattern, act, l.act)
			continue
		case !known:
			t.Errorf("route %q is about the kind %q, of which matrix_test.go makes nothing", rt.pattern, l.kind)
			continue
		}
		for _, a := range m.asking {
			if strings.HasSuffix(rt.pattern, "/drop") { // who asks first takes it away
				set = thingsOf[l.kind](m)
			}
			asked += m.askAll(rt, l, a, set)
		}
	}
	for route := range lines {
		t.Errorf("testdata/matrix.tsv has the route %q, which is none of ours", route)
	}
	t.Logf("%d requests", asked)
}

// askAll asks a route as somebody about every thing of a set.
func (m *matrix) askAll(rt route, l line, a asking, set things) (asked int) {
	var missing *answer
	if set.missing != nil {
		got := m.ask(l, a, set.missing)
		missing = &got
		asked++
	}
	for name, th := range map[string]*thing{"own": set.own, "other": set.other, "gone": set.gone} {
		if th == nil {
			continue
		}
		got := m.ask(l, a, th)
		asked++
		if problem := m.judgeAnswer(rt, a, th, got, missing); problem != "" {
			m.t.Errorf("%s as %s about %s: %s\nanswered %d %s %s", l.route, a.name, name, problem, got.status, got.location, got.text)
		}
	}
	if set.crossed != nil {
		got, never := m.ask(l, a, set.crossed), m.ask(l, a, set.missingHere)
		asked += 2
		hidden := access.May(a.who, rt.to, set.other.object) != access.Allowed
		if hidden && got != never {
			m.t.Errorf("%s as %s about another's under their own address: answered\n%v\nand about what does not exist\n%v", l.route, a.name, got, never)
		}
	}
	return asked
}

// judgeAnswer says what is wrong with an answer; empty: nothing.
func (m *matrix) judgeAnswer(rt route, a asking, th *thing, got answer, missing *answer) string {
	post := !strings.HasPrefix(rt.pattern, "GET ")
	strong := a.who
	strong.Strong = true
	turned := func(page string) string {
		switch {
		case post && got.status != http.StatusForbidden:
			return "must be refused"
		case !post && (got.status != http.StatusSeeOther || !strings.HasPrefix(got.location, page)):
			return "must be led to " + page
		}
		return ""
	}
	switch {
	case got.status >= 500:
		return "fails"
	case rt.to == everybody:
		if got.status == http.StatusForbidden {
			return "is for everybody, and must not depend on rights"
		}
		return ""
	case !a.who.SignedIn(), rt.to == access.Own && a.desk:
		return turned("/c/games/sign-in")
	case !access.Ever(a.who, rt.to) && access.Ever(strong, rt.to):
		return turned("/c/games/account/second")
	case !access.Ever(a.who, rt.to):
		if got.status != http.StatusForbidden {
			return "must be refused"
		}
		return ""
	}
	verdict := access.May(a.who, rt.to, th.object)
	if th.any {
		verdict = access.Allowed
	}
	if slices.Contains(th.hiddenFrom, a.who.Role) {
		verdict = access.Hidden
	}
	switch verdict {
	case access.Allowed:
		if got.status == http.StatusForbidden || got.status == http.StatusNotFound || strings.HasPrefix(got.location, "/c/games/sign-in") && !strings.HasSuffix(rt.pattern, "/sign-out") {
			return "must be let through"
		}
		if missing != nil && missing.status != http.StatusNotFound && !th.led {
			return fmt.Sprintf("is let through; what does not exist must be not found, and is answered %d %s", missing.status, missing.text)
		}
	case access.Hidden:
		if got.status != http.StatusNotFound {
			return "must be not found"
		}
		if missing == nil || missing.status != got.status || missing.text != got.text {
			return fmt.Sprintf("can be told from what does not exist:\n%v", missing)
		}
	case access.Refused:
		if got.status != http.StatusForbidden {
			return "must be refused"
		}
	}
	return ""
}

// answer is what came back, with the numbers of things taken out.
type answer struct {
	status   int
	location string
	text     string
}

var hole = regexp.MustCompile(`\{[a-z]+\}`)

// fill puts values into the holes of an address or body.
func fill(text string, values map[string]string) string {
	return hole.ReplaceAllStringFunc(text, func(h string) string {
		name := h[1 : len(h)-1]
		switch v, ok := values[name]; {
		case ok:
			return v
		case name == "uuid":
			return uuid.NewString()
		case name == "competition":
			return "games"
		}
		return h
	})
}

// ask sends a route's request as somebody.
func (m *matrix) ask(l line, a asking, th *thing) answer {
	m.t.Helper()
	method, path, ok := strings.Cut(l.route, " ")
	if !ok {
		method, path = "GET", l.route+"nothing/here"
	}
	path = strings.NewReplacer("{$}", "", "{topic...}", "zh-CN/medals", "{file}", "{unit}.json").Replace(path)
	values := maps.Clone(th.values)
	if values == nil {
		values = map[string]string{}
	}
	for name, v := range map[string]string{"unit": numeral(m.units[0]), "phase": numeral(m.phases[0]), "event": "1", "delegation": numeral(m.delegations[0]), "account": numeral(m.ids["service"]), "token": "no-such-token", "door": "1", "list": "book.xlsx", "code": "none"} {
		if values[name] == "" {
			values[name] = v
		}
	}
	var body io.Reader
	if l.sends != "-" {
		body = strings.NewReader(fill(l.sends, values))
	}
	req, err := http.NewRequestWithContext(m.t.Context(), method, m.URL+fill(path, values), body)
	if err != nil {
		m.t.Fatal(err)
	}
	if strings.HasPrefix(l.sends, "{\"") {
		req.Header.Set("Content-Type", "application/json")
	} else if method == "POST" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	m.signed(req, a)
	if strings.Contains(l.route, "/sign-") || strings.Contains(l.sends, "do=end") {
		defer clear(m.tokens) // they end sign-ins
	}
	client := *m.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		m.t.Fatal(err)
	}
	text := string(raw)
	if _, main, ok := strings.Cut(text, "<main"); ok { // what differs on a page, without the drawings round it
		text, _, _ = strings.Cut(main, "</main>")
	}
	return answer{resp.StatusCode, anonymous(resp.Header.Get("Location"), th), anonymous(text, th)}
}

var numbers = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+`)

// anonymous takes out of a text what tells things apart: their names and all
// numbers.
func anonymous(text string, th *thing) string {
	for _, v := range th.values {
		if _, err := strconv.ParseInt(v, 10, 64); err != nil {
			text = strings.ReplaceAll(text, v, "#")
		}
	}
	return numbers.ReplaceAllString(text, "#")
}

func numeral(id int64) string { return strconv.FormatInt(id, 10) }

// signed puts into a request who asks.
func (m *matrix) signed(req *http.Request, a asking) {
	m.t.Helper()
	switch {
	case a.desk:
		req.Header.Set("Authorization", "Bearer "+deskKey)
	case a.who.Account != 0:
		if m.tokens[a.name] == "" {
			through := m.store.Through
			if !a.who.Strong {
				through = m.byPassword
			}
			in, err := through(m.t.Context(), "games", a.who.Account, "")
			if err != nil {
				m.t.Fatal(err)
			}
			m.tokens[a.name] = in.Token
		}
		req.AddCookie(&http.Cookie{Name: "in-games", Value: m.tokens[a.name]})
	}
}

// byPassword signs in who has no second factor.
func (m *matrix) byPassword(ctx context.Context, competition string, _ int64, agent string) (*events.SignedIn, error) {
	c, err := m.store.Competition(ctx, competition)
	if err != nil {
		return nil, err
	}
	return m.store.SignIn(ctx, c, events.Attempt{Login: "by-password", Password: "一道长长的江堤 四季", Address: "192.0.2." + strconv.Itoa(len(agent)), Agent: agent})
}

// promised are the events of the two disciplines, each with a draw promised.
func (m *matrix) promised() things {
	p, err := m.store.Programme(m.t.Context(), m.competition())
	if err != nil {
		m.t.Fatal(err)
	}
	one := func(i int) *thing {
		at := slices.IndexFunc(p.Events, func(e events.Event) bool { return e.DisciplineID == m.disciplines[i] })
		id := p.Events[at].ID
		if _, err := m.store.PromiseDraws(m.t.Context(), m.by(), access.Console, events.PromiseDraws{Events: []int64{id}}); err != nil {
			m.t.Fatal(err)
		}
		return &thing{values: map[string]string{"event": numeral(id)}, object: access.Object{Discipline: m.disciplines[i]}}
	}
	return things{own: one(0), other: one(1), missing: &thing{values: map[string]string{"event": neverThere}, object: access.Object{Discipline: -1}}}
}

// competition is the number of the matrix's competition.
func (m *matrix) competition() int64 {
	c, err := m.store.Competition(m.t.Context(), "games")
	if err != nil {
		m.t.Fatal(err)
	}
	return c.ID
}
