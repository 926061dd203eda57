-- The timetable: its settings, where each unit stands, every change so that it can
-- be taken back, plans that wait to be looked at, and the addresses of calendars.
-- +goose Up

-- settings is a timetable.Settings as JSON; seq the last entry that changed the
-- settings or moved a unit.
CREATE TABLE timetables (
    competition_id INTEGER PRIMARY KEY REFERENCES competitions (id),
    settings TEXT NOT NULL,
    seq INTEGER NOT NULL
) STRICT;

-- Where a unit is held; when is the unit's own start. minutes is how long it was
-- planned to take, moves how often it has been set elsewhere.
CREATE TABLE placements (
    unit_id INTEGER PRIMARY KEY REFERENCES units (id) ON DELETE CASCADE,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    area TEXT NOT NULL,
    court INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    pinned INTEGER NOT NULL,
    moves INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    CHECK (court >= 0 AND minutes >= 0 AND moves >= 0)
) STRICT;

CREATE INDEX placements_competition_id_idx ON placements (competition_id);

CREATE TABLE timetable_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    seq INTEGER NOT NULL,
    units INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    reason TEXT NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    undone INTEGER NOT NULL,
    UNIQUE (competition_id, seq)
) STRICT;

CREATE TABLE timetable_drafts (
    id TEXT PRIMARY KEY,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    saw INTEGER NOT NULL,
    keep INTEGER NOT NULL,
    plan TEXT NOT NULL,
    unplaced TEXT NOT NULL,
    took INTEGER NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL
) STRICT;

CREATE INDEX timetable_drafts_competition_id_idx ON timetable_drafts (competition_id);

CREATE TABLE calendar_links (
    participant_id INTEGER PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    hash TEXT NOT NULL UNIQUE,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    seq INTEGER NOT NULL
) STRICT;

-- +goose Down
-- A ledger is never migrated backwards: restore a backup instead.
SELECT 1;
