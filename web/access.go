// Who asks, and whether they may: the gate before every address that is not for
// everybody.
package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"tongchang/events/access"
)

// deskCookie keeps the desk's key on a judge's device.
const deskCookie = "desk"

// atDesk reports whether a request carries the desk's key.
func (s *Server) atDesk(r *http.Request) bool {
	given := ""
	if c, err := r.Cookie(deskCookie); err == nil {
		given = c.Value
	}
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		given = bearer
	}
	return s.isKey(given)
}

func (s *Server) isKey(given string) bool {
	sum := sha256.Sum256([]byte(given))
	return s.open && subtle.ConstantTimeCompare(sum[:], s.key[:]) == 1
}

// whoKey is where a request keeps who asks.
type whoKey struct{}

// who is who asks. Behind the gate it has been looked up already; the public is
// the zero Who.
func (s *Server) who(r *http.Request) access.Who {
	who, _ := r.Context().Value(whoKey{}).(access.Who)
	return who
}

// find looks up who asks.
func (s *Server) find(r *http.Request) (access.Who, error) {
	if s.atDesk(r) {
		return access.Desk, nil
	}
	return access.Who{}, nil
}

// gate lets through who may do a route's act. A delegation in the address is
// held against the scope here, so that no handler can forget it: another's is
// answered as if there were none.
func (s *Server) gate(rt route) handler {
	if rt.to == everybody {
		return rt.do
	}
	of := strings.Contains(rt.pattern, "{delegation}")
	return func(w http.ResponseWriter, r *http.Request) error {
		if done, err := s.deskLink(w, r); done || err != nil {
			return err
		}
		who, err := s.find(r)
		switch {
		case err != nil:
			return err
		case !access.Ever(who, rt.to):
			return errForbidden
		}
		if of {
			id, err := number(r, "delegation")
			if err != nil {
				return err
			}
			if err := allowed(access.May(who, rt.to, access.Object{Delegation: id})); err != nil {
				return err
			}
		}
		w.Header().Set("Cache-Control", "no-store")
		return rt.do(w, r.WithContext(context.WithValue(r.Context(), whoKey{}, who)))
	}
}

// allowed is a verdict as an answer.
func allowed(v access.Verdict) error {
	switch v {
	case access.Allowed:
		return nil
	case access.Hidden:
		return errNoPage
	}
	return errForbidden
}

// deskLink takes a link with the desk's key in it: it sets the cookie and leads
// on, so that the key does not stay in the address.
func (s *Server) deskLink(w http.ResponseWriter, r *http.Request) (done bool, err error) {
	key := r.URL.Query().Get("key")
	if key == "" || r.Method != http.MethodGet {
		return false, nil
	}
	if !s.isKey(key) {
		return false, errForbidden
	}
	http.SetCookie(w, &http.Cookie{Name: deskCookie, Value: key, Path: "/", HttpOnly: true, Secure: r.TLS != nil,
		SameSite: http.SameSiteStrictMode, MaxAge: int((12 * time.Hour).Seconds())})
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
	return true, nil
}
