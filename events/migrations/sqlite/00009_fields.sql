-- Small fields: what was decided about events with too few entries.
-- +goose Up

ALTER TABLE events ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN into_id INTEGER NOT NULL DEFAULT 0;

CREATE TABLE field_decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    event_id INTEGER NOT NULL REFERENCES events (id),
    action TEXT NOT NULL,
    into_id INTEGER NOT NULL,
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    field INTEGER NOT NULL,
    before TEXT NOT NULL,
    seq INTEGER NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    undone INTEGER NOT NULL
) STRICT;

CREATE INDEX field_decisions_event_id_idx ON field_decisions (event_id);

-- +goose Down
SELECT 1;
