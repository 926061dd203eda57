// The bar of signed-in pages: who somebody is, and where their role leads.
package web

import (
	"net/http"
	"strconv"
	"strings"

	"tongchang/events/access"
)

// sections are the parts of the house that people come to by their role, in the
// order of the bar. A part is shown to whoever may do its act, once its address
// is one of ours; {delegation} is one's own.
var sections = []struct {
	name string
	act  access.Act
	path string
}{
	{"registrations", access.DecideRegistration, "/desk/registrations"},
	{"ready", access.SetEdition, "/desk/ready"},
	{"team", access.WriteRegistration, "/team/{delegation}"},
	{"fields", access.DecideField, "/desk/fields"},
	{"timetable", access.SetTimetable, "/desk/timetable"},
	{"classes", access.ReadClass, "/desk/classes"},
	{"panels", access.ReadPanel, "/desk/panels"},
	{"classification", access.WriteRegistration, "/team/{delegation}/classification"},
	{"needs", access.AnswerNeed, "/desk/needs"},
	{"judge", access.WriteMark, "/judge"},
	{"control", access.ReadControl, "/desk/control"},
	{"tablet", access.WriteMark, "/tablet"},
	{"call", access.WriteCall, "/call"},
	{"announcer", access.ReadCall, "/announcer"},
	{"accounts", access.ManageAccounts, "/desk/accounts"},
	{"privacy", access.SetEdition, "/desk/privacy"},
	{"server", access.ReadServer, "/desk/server"},
}

// bar is the bar of a page in one of the sections.
func (s *Server) bar(r *http.Request, v *view, section string) Bar {
	who := s.who(r)
	b := Bar{Name: who.Name, Role: v.b.t.Role(who.Role), Links: s.barLinks(who, v.b.t, v.b.root, section)}
	if who == access.Desk {
		b.Name, b.Role = b.Role, ""
	}
	if s.signedIn(r) != nil {
		b.Account, b.Out = v.b.root+"/account", v.b.root+"/sign-out"
	}
	return b
}

// barLinks are the parts that somebody may go to, and the public pages.
func (s *Server) barLinks(who access.Who, t *Translator, root, section string) (links []BarLink) {
	for _, part := range sections {
		of := strings.Contains(part.path, "{delegation}")
		if !s.patterns["GET /c/{competition}"+part.path] || !access.Ever(who, part.act) || of && who.Delegation == 0 {
			continue
		}
		path := strings.Replace(part.path, "{delegation}", strconv.FormatInt(who.Delegation, 10), 1)
		links = append(links, BarLink{Title: t.T("bar." + part.name), URL: root + path, Current: part.name == section})
	}
	return append(links, BarLink{Title: t.T("bar.public"), URL: root})
}

// Role names what somebody is.
func (t *Translator) Role(r access.Role) string {
	if r == "" {
		r = access.Public
	}
	return t.T("role." + string(r))
}
