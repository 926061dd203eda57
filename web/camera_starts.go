package web

import (
	"context"

	"tongchang/events"
)

// CameraStarts are the start files for a camera's operator, by name, with the
// units' titles in a language: for the page, and for a folder that is watched.
func (s *Server) CameraStarts(ctx context.Context, code, lang string) (map[string][]byte, error) {
	c, err := s.store.Competition(ctx, code)
	if err != nil {
		return nil, err
	}
	b, err := s.feed.builder(ctx, c, s.catalogue.In(lang))
	if err != nil {
		return nil, err
	}
	return s.store.CameraStarts(ctx, code, func(e *events.Event, p *events.Phase, u *events.Unit) string {
		return b.t.Join(b.eventName(e), b.phaseOf(u, p))
	})
}
