// What every form of people who have signed in has in common: it is read within
// bounds, and it asks for a command in their own name.
package web

import (
	"net/http"
	"strconv"
	"strings"

	"tongchang/events"
	"tongchang/events/access"
)

// Bounds of a form that is not a file, in bytes.
const (
	fewFields   = 256 << 10 // a few hundred fields
	manyChoices = 4 << 20   // 5,000 chosen people are 200 KB
)

// errForm is a form that is not as the page gave it.
var errForm = &events.Refusal{Status: events.StatusInvalid, Problem: "form-unreadable"}

// form reads a form that is not a file, of at most so many bytes.
func form(w http.ResponseWriter, r *http.Request, most int64) error {
	r.Body = http.MaxBytesReader(w, r.Body, most)
	if err := r.ParseForm(); err != nil {
		return errForm
	}
	return nil
}

// ask is what a form asks for, by whoever has signed in.
func (s *Server) ask(r *http.Request) events.Command {
	return commandBy(s.who(r), r.PathValue("competition"), r.PostFormValue("command"), strings.TrimSpace(r.PostFormValue("reason")))
}

// commandBy is a command by who asks, from the seat and the device they ask from.
func commandBy(who access.Who, competition, id, reason string) events.Command {
	return events.Command{ID: id, Competition: competition, Author: who.Name, Reason: reason, Seat: who.Seat, Device: who.Device}
}

// numbersOf reads the numbers of a form, such as those of its ticked boxes.
func numbersOf(texts []string) ([]int64, error) {
	ids := make([]int64, 0, len(texts))
	for _, text := range texts {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errForm
		}
		ids = append(ids, id)
	}
	return ids, nil
}
