-- Draws: promised by the hash of a seed before entries close, made afterwards,
-- changed by hand with reasons.
-- +goose Up

CREATE TABLE draws (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    event_id INTEGER NOT NULL REFERENCES events (id),
    phase_id INTEGER REFERENCES phases (id),
    state TEXT NOT NULL,
    commitment TEXT NOT NULL,
    document TEXT NOT NULL,
    reason TEXT NOT NULL,
    seq INTEGER NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    CHECK (state IN ('promised', 'drawn', 'void'))
) STRICT;

CREATE UNIQUE INDEX draws_event_id_key ON draws (event_id) WHERE state <> 'void';

-- +goose Down
SELECT 1;
