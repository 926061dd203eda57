// Devices at seats: pairing by the code on a seat's card, sitting down with a
// PIN, standing up, and the beats by which the control room knows how a device
// is. docs/seats.md says how it goes in a hall.
package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tongchang/events"
)

// seatRoutes are for whoever holds a card or a paired device; nobody has signed
// in yet.
func (s *Server) seatRoutes() []route {
	return []route{
		{"GET /c/{competition}/seat/{token}", everybody, s.seatCard},
		{"POST /c/{competition}/seat/pair", everybody, s.pairSeat},
		{"GET /c/{competition}/seat", everybody, s.seatPin},
		{"POST /c/{competition}/seat", everybody, s.sitDown},
		{"POST /c/{competition}/seat/leave", everybody, s.standUp},
		{"POST /c/{competition}/tablet/beat", everybody, s.beat},
	}
}

// pairedFor is how long a device keeps its pairing: longer than any games.
const pairedFor = 60 * 24 * time.Hour

// seatCookie keeps a pairing on a device, as [signInCookie] keeps a sign-in.
func seatCookie(r *http.Request, competition string) string {
	if r.TLS != nil {
		return "__Host-seat-" + competition
	}
	return "seat-" + competition
}

func keepSeat(w http.ResponseWriter, r *http.Request, competition string, d *events.Seated) {
	http.SetCookie(w, &http.Cookie{Name: seatCookie(r, competition), Value: d.Token, Path: "/", HttpOnly: true, Secure: r.TLS != nil,
		SameSite: http.SameSiteLaxMode, MaxAge: int(pairedFor.Seconds())})
}

// seatOf is the paired device that a request comes from; nil where it is none.
func (s *Server) seatOf(r *http.Request) (*events.Seated, error) {
	code := r.PathValue("competition")
	c, err := r.Cookie(seatCookie(r, code))
	if code == "" || err != nil || c.Value == "" {
		return nil, nil
	}
	return s.store.SeatedAt(r.Context(), code, c.Value)
}

// seatCard serves what the code on a card leads to. It pairs nothing: telephones
// fetch what they scan before their owner has decided anything.
func (s *Server) seatCard(w http.ResponseWriter, r *http.Request) error {
	return s.showCard(w, r, r.PathValue("token"), nil)
}

func (s *Server) showCard(w http.ResponseWriter, r *http.Request, token string, refused error) error {
	v, err := s.private(w, r, "seat.card-title")
	if err != nil {
		return err
	}
	seat, open, err := s.store.CardSeat(r.Context(), v.c, token)
	if err != nil {
		return err
	}
	p := SeatCardPage{Page: v.Page, Action: v.b.root + "/seat/pair", Token: token, Seat: seat.Name, Discipline: v.sport(seat.DisciplineID), Open: open}
	p.Path = v.b.root + "/seat/" + token
	status := http.StatusOK
	if refused != nil {
		text, _, ok := v.said(refused)
		if !ok {
			return refused
		}
		p.Wrong, p.Problems, status = true, []Problem{{"main", text}}, statusOf(refused)
	}
	return s.renderer.Write(w, status, p)
}

// sport names a discipline.
func (v *view) sport(id int64) string {
	d := v.b.programme.Disciplines[id]
	return v.b.pick(d.Name, d.NameEn)
}

func (s *Server) pairSeat(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	c, err := s.store.Competition(r.Context(), r.PathValue("competition"))
	if err != nil {
		return err
	}
	token := r.PostFormValue("token")
	d, err := s.store.Pair(r.Context(), c, token, r.UserAgent())
	if err != nil {
		s.log.Info("pairing refused", "competition", c.Code, "address", addressOf(r), "why", err.Error())
		return s.showCard(w, r, token, err)
	}
	s.log.Info("device paired", "competition", c.Code, "device", d.Device.ID, "seat", d.Seat.ID, "address", addressOf(r))
	keepSeat(w, r, c.Code, d)
	http.Redirect(w, r, "/c/"+c.Code+"/seat", http.StatusSeeOther)
	return nil
}

// seatPin serves the page on which a judge says who they are.
func (s *Server) seatPin(w http.ResponseWriter, r *http.Request) error {
	return s.showPin(w, r, r.URL.Query().Get("next"), nil)
}

func (s *Server) showPin(w http.ResponseWriter, r *http.Request, next string, refused error) error {
	v, err := s.private(w, r, "seat.pin-title")
	if err != nil {
		return err
	}
	d, err := s.seatOf(r)
	if err != nil {
		return err
	}
	p := SeatPinPage{Page: v.Page, Action: v.b.root + "/seat", Next: v.onward(next), LeaveURL: v.b.root + "/seat/leave", TabletURL: v.b.root + "/tablet", JudgeURL: v.b.root + "/judge"}
	p.Path = p.Action
	if d == nil {
		return s.renderer.Write(w, http.StatusOK, p)
	}
	p.Paired, p.Seat, p.Device, p.Discipline = true, d.Seat.Name, v.b.t.T("control.device", strconv.FormatInt(d.Device.Number, 10)), v.sport(d.Seat.DisciplineID)
	p.Judge = d.Who().Name
	choices, err := s.store.SeatChoices(r.Context(), d.Seat)
	if err != nil {
		return err
	}
	chosen := r.PostFormValue("judge")
	for _, j := range choices {
		id := strconv.FormatInt(j.ID, 10)
		p.Judges = append(p.Judges, Option{Value: id, Text: j.Name, Chosen: id == chosen || chosen == "" && j.ID == d.Device.JudgeID})
	}
	status := http.StatusOK
	if refused != nil {
		text, field, ok := v.said(refused)
		if !ok {
			return refused
		}
		retryAfter(w, refused)
		target := "pin"
		if field == "judge" {
			target, p.JudgeBad = "judge", text
		} else {
			p.PinBad = text
		}
		p.Wrong, p.Problems, status = true, []Problem{{target, text}}, statusOf(refused)
	}
	return s.renderer.Write(w, status, p)
}

func (s *Server) sitDown(w http.ResponseWriter, r *http.Request) error {
	if err := form(w, r, fewFields); err != nil {
		return err
	}
	d, err := s.seatOf(r)
	if err != nil {
		return err
	}
	if d == nil {
		return s.showPin(w, r, "", nil)
	}
	judge, _ := strconv.ParseInt(r.PostFormValue("judge"), 10, 64) // nobody chosen is 0, and refused
	if err := s.store.SitDown(r.Context(), d, judge, strings.TrimSpace(r.PostFormValue("pin"))); err != nil {
		s.log.Info("PIN refused", "competition", r.PathValue("competition"), "device", d.Device.ID, "judge", judge, "address", addressOf(r), "why", err.Error())
		return s.showPin(w, r, r.PostFormValue("next"), err)
	}
	s.log.Info("judge sat down", "competition", r.PathValue("competition"), "device", d.Device.ID, "seat", d.Seat.ID, "judge", judge, "address", addressOf(r))
	code := r.PathValue("competition")
	keepSeat(w, r, code, d)
	v, err := s.private(w, r, "seat.pin-title")
	if err != nil {
		return err
	}
	next := v.onward(r.PostFormValue("next"))
	if next == "" {
		next = v.b.root + "/tablet"
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

func (s *Server) standUp(w http.ResponseWriter, r *http.Request) error {
	d, err := s.seatOf(r)
	if err != nil {
		return err
	}
	if d != nil {
		if err := s.store.StandUp(r.Context(), d); err != nil {
			return err
		}
		s.hub.Dismiss(seatSession + strconv.FormatInt(d.Device.ID, 10))
		s.log.Info("judge stood up", "competition", r.PathValue("competition"), "device", d.Device.ID, "seat", d.Seat.ID)
	}
	http.Redirect(w, r, "/c/"+url.PathEscape(r.PathValue("competition"))+"/seat", http.StatusSeeOther)
	return nil
}

// apiBeat is how a device is.
type apiBeat struct {
	Unsent  int64   `json:"unsent"`
	Battery *int64  `json:"battery"` // percent; absent where the browser does not say
	Version string  `json:"version"`
	Clock   int64   `json:"clock"` // ms since 1970, by the device
	Read    []int64 `json:"read"`  // messages read there
}

// apiBeaten answers a beat.
type apiBeaten struct {
	Seat     string       `json:"seat"`
	Judge    string       `json:"judge"`    // empty: nobody sits there
	FileKey  string       `json:"file_key"` // signs the file of what could not be sent
	Messages []apiMessage `json:"messages"`
}

type apiMessage struct {
	ID   int64  `json:"id"`
	Text string `json:"text"`
	By   string `json:"by"`
}

// mostBeat bounds a beat, in bytes.
const mostBeat = 16 << 10

// beat takes what a paired device says of itself. What is not paired is told
// that there is nothing, and stops asking.
func (s *Server) beat(w http.ResponseWriter, r *http.Request) error {
	d, err := s.seatOf(r)
	if err != nil {
		return err
	}
	if d == nil {
		return errNoPage
	}
	var b apiBeat
	if !isJSON(r) || json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBeat)).Decode(&b) != nil {
		return &events.Refusal{Status: events.StatusInvalid, Problem: "not-json"}
	}
	skew := int64(0)
	if b.Clock > 0 {
		skew = b.Clock - s.store.Now().UnixMilli()
	}
	unread, err := s.store.Beat(r.Context(), d, events.Beat{Unsent: b.Unsent, Battery: b.Battery, App: b.Version, Skew: skew, Read: b.Read})
	if err != nil {
		return err
	}
	out := apiBeaten{Seat: d.Seat.Name, Judge: d.Who().Name, FileKey: d.Device.FileKey, Messages: []apiMessage{}}
	for _, m := range unread {
		out.Messages = append(out.Messages, apiMessage{m.ID, m.Text, m.By})
	}
	w.Header().Set("Cache-Control", "no-store")
	return writeJSON(w, http.StatusOK, out)
}

// sitting adds the seat from which a unit is judged.
func (d *desk) sitting(ctx context.Context) (err error) {
	d.seat, err = d.b.store.SeatName(ctx, d.who)
	return err
}

// seatedAs is the name of who sits at a seat, which the judge's page shows.
func (d *desk) seatedAs() string {
	if d.seat == "" {
		return ""
	}
	return d.who.Name
}
