// Ready to open? The list of what is done, missing or to be looked at before
// entries, the draw and the first start, with the way to each.
package web

import (
	"net/http"
	"slices"
	"strings"

	"tongchang/events/ready"
)

// readyShapes are the chips of an item's states.
var readyShapes = map[ready.State]string{ready.Done: "official", ready.Later: "scheduled", ready.Warning: "unofficial", ready.Missing: "alert"}

// readyList serves the list.
func (s *Server) readyList(w http.ResponseWriter, r *http.Request) error {
	v, err := s.start(w, r, "")
	if err != nil {
		return err
	}
	items, err := s.store.Ready(r.Context(), s.who(r), v.c.Code)
	if err != nil {
		return err
	}
	v.Bar, v.Title = s.bar(r, v, "ready"), v.b.t.T("ready.title")
	p := v.readyPage(items)
	p.Postgres = !s.store.CopiesItself()
	if did := r.URL.Query().Get("did"); slices.Contains([]string{"applied", "noted"}, did) {
		p.Done = v.b.t.T("ready.did-" + did)
	}
	for i := range p.Groups { // what is not among our pages yet has no way to it
		for j := range p.Groups[i].Items {
			it := &p.Groups[i].Items[j]
			path, _, _ := strings.Cut(strings.TrimPrefix(it.URL, v.b.root), "?")
			path, _, _ = strings.Cut(path, "#")
			if !s.patterns["GET /c/{competition}"+path] && !strings.HasPrefix(path, "/desk/setup/") {
				it.URL = ""
			}
		}
	}
	return s.renderer.Write(w, http.StatusOK, p)
}

func (v *view) readyPage(items []ready.Item) ReadyPage {
	t := v.b.t
	p := ReadyPage{Page: v.Page, SetupURL: v.b.root + "/desk/setup", Backup: v.b.root + "/desk/ready/backup"}
	count := map[ready.State]int{}
	for _, gate := range ready.Gates {
		g := ReadyGroup{ID: "gate-" + string(gate), Title: t.T("ready.gate-" + string(gate))}
		worst := ready.Done
		for _, i := range items {
			if i.Gate != gate {
				continue
			}
			count[i.State]++
			if slices.Index(readyOrder, i.State) > slices.Index(readyOrder, worst) {
				worst = i.State
			}
			g.Items = append(g.Items, v.readyItem(&i))
		}
		g.Shape, g.State = readyShapes[worst], t.T("ready.gate-is-"+string(worst))
		p.Groups = append(p.Groups, g)
	}
	switch {
	case count[ready.Missing] > 0:
		p.Shape, p.Summary = "alert", t.T("ready.missing", count[ready.Missing])
	case count[ready.Warning] > 0:
		p.Shape, p.Summary = "unofficial", t.T("ready.warnings", count[ready.Warning])
	default:
		p.Shape, p.Summary = "official", t.T("ready.fine")
	}
	return p
}

// readyOrder is that of the states by how much they ask for.
var readyOrder = []ready.State{ready.Done, ready.Later, ready.Warning, ready.Missing}

func (v *view) readyItem(i *ready.Item) ReadyItem {
	t := v.b.t
	with := make([]any, len(i.With))
	for n, text := range i.With {
		with[n] = text
	}
	if i.Why == "deadlines-until" {
		with[0] = t.T("setup.stage-" + i.With[0])
	}
	return ReadyItem{Title: t.T("ready.item-" + i.Name), Shape: readyShapes[i.State], State: t.T("ready.state-" + string(i.State)),
		Why: t.T("ready."+i.Why, with...), URL: v.b.root + i.Page, Do: t.T("ready.go")}
}

// noteBackup keeps that the database was copied by tools of its own.
func (s *Server) noteBackup(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	if _, err := s.store.Competition(r.Context(), r.PathValue("competition")); err != nil {
		return err
	}
	if err := s.store.NoteBackup(r.Context(), s.who(r).Name); err != nil {
		return err
	}
	return did(w, r, "/c/"+r.PathValue("competition")+"/desk/ready", "did", "noted")
}
