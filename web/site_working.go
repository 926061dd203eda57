package web

import (
	"net/http"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/scoring"
	"tongchang/scoring/medals"
)

// How a delegation's medals and points came about: every number leads to the
// result that it was made from, with the settings of the regulation that had a
// part in it.

// WorkingPage is a delegation's row of the tables with its working:
// GET /c/{competition}/medals/{delegation}.
type WorkingPage struct {
	Page
	Name     string
	URL      string // of the delegation
	Facts    []Fact
	Why      []Reason // why it stands where it stands in a table
	Source   string   // the regulation
	Medals   []WorkingLine
	Points   []WorkingLine
	MedalSum string // 2 金 1 银 0 铜
	PointSum string // empty where points are not published
	Updated  string
}

// WorkingLine is one result's part in a number.
type WorkingLine struct {
	Event, URL string // the event
	Who        string // 佟海燕
	Place      string // 第 1 名
	Medal      string
	MedalText  string
	Count      string   // ½ for a joint team; empty for a whole medal
	Points     string   // what counts
	Full       string   // what it would have been without a limit; empty where all counts
	Why        []string // settings of the regulation
}

func (WorkingPage) template() string { return "site-working" }

// working serves a delegation's row with its working.
func (s *Server) working(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "medals")
	if err != nil {
		return err
	}
	id, err := number(r, "delegation")
	if err != nil {
		return err
	}
	d, err := s.store.Delegation(r.Context(), v.c.ID, id)
	if err != nil {
		return err
	}
	st, err := s.feed.standings(r.Context(), v.c)
	if err != nil {
		return err
	}
	lines, err := s.store.LinesOf(r.Context(), id)
	if err != nil {
		return err
	}
	t := v.b.t
	page := WorkingPage{Name: v.b.pick(d.Name, d.NameEn), URL: v.b.root + "/delegations/" + strconv.FormatInt(id, 10), Source: st.Source, Updated: t.Hour(s.store.Now().In(v.b.zone))}
	v.b.work(&page, strconv.FormatInt(id, 10), st, lines)
	v.Title = t.Join(page.Name, t.T("working.title"))
	page.Page = v.Page
	return s.send(w, r, page)
}

// work takes a delegation's rows apart.
func (b *builder) work(page *WorkingPage, key string, st *events.Standings, lines []events.Line) {
	names := map[string]string{}
	for i := range lines {
		names[lines[i].ID()] = lines[i].Name()
	}
	page.MedalSum = b.t.T("working.medal-sum", "0", "0", "0")
	if row := tableRow(st.Medals, key); row != nil {
		b.place(page, row, b.t.T("medals.title"))
		page.MedalSum = b.t.T("working.medal-sum", row.Gold.String(), row.Silver.String(), row.Bronze.String())
		for _, p := range row.Made(medals.ByTotal) {
			line := b.workingLine(&p, names)
			line.Medal, line.MedalText = string(p.Medal), b.t.T("medal."+string(p.Medal))
			if p.Share.Cmp(scoring.Whole(1)) != 0 {
				line.Count = p.Share.String()
			}
			page.Medals = append(page.Medals, line)
		}
	}
	if row := tableRow(st.Points, key); row != nil {
		b.place(page, row, b.t.T("medals.points"))
		page.PointSum = row.Points.String()
		for _, p := range row.Made(medals.ByPoints) {
			line := b.workingLine(&p, names)
			if line.Points = p.Points.String(); p.Limit != nil {
				line.Full = p.Result.Points.Mul(p.Share).String()
			}
			page.Points = append(page.Points, line)
		}
	}
}

// place says where a row stands in its table and what decided it.
func (b *builder) place(page *WorkingPage, row *medals.Row, table string) {
	if row.Rank == 0 {
		return
	}
	names := b.delegationNames()
	page.Facts = append(page.Facts, Fact{table, b.t.T("place", strconv.Itoa(row.Rank))})
	if why := b.t.Why(scoring.Ranked{ID: row.Delegation, Rank: row.Rank, Reason: row.Reason}, func(id string) string { return names[id] }); why != nil {
		why.Title = table
		page.Why = append(page.Why, *why)
	}
}

func tableRow(table []medals.Row, key string) *medals.Row {
	for i := range table {
		if table[i].Delegation == key {
			return &table[i]
		}
	}
	return nil
}

func (b *builder) workingLine(p *medals.Part, names map[string]string) WorkingLine {
	line := WorkingLine{Event: p.Event, Who: names[p.Entry]}
	for i := range b.programme.Events {
		if e := &b.programme.Events[i]; e.Code == p.Event {
			line.Event, line.URL = b.eventName(e), b.root+"/events/"+strconv.FormatInt(e.ID, 10)
		}
	}
	if p.Rank > 0 {
		line.Place = b.t.T("place", strconv.Itoa(p.Rank))
	}
	for _, why := range p.Result.Why {
		line.Why = append(line.Why, strings.TrimSpace(b.t.Join(why.Setting+" = "+why.Value, why.Layer)))
	}
	return line
}
