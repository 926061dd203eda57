// Reading single things, for pages and commands.
package events

import "context"

// Unit finds a unit of a competition.
func (s *Store) Unit(ctx context.Context, code string, id int64) (Unit, error) {
	c, err := s.Competition(ctx, code)
	if err != nil {
		return Unit{}, err
	}
	return byID[Unit](ctx, s.r, c.ID, id, "no-such-unit")
}
