-- Seats of judges, the devices paired with them, who sits there, and marks that
-- came too late. Cards, pins, devices and messages are not the ledger's.
-- +goose Up

ALTER TABLE disciplines ADD COLUMN second_person INTEGER NOT NULL DEFAULT 0;

CREATE TABLE seats (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    discipline_id INTEGER NOT NULL REFERENCES disciplines (id),
    name TEXT NOT NULL,
    place TEXT NOT NULL,
    venue TEXT NOT NULL,
    session_id INTEGER REFERENCES sessions (id),
    version INTEGER NOT NULL,
    closed TEXT,
    UNIQUE (competition_id, name),
    CHECK (name <> '')
) STRICT;

CREATE TABLE seat_units (
    seat_id INTEGER NOT NULL REFERENCES seats (id),
    unit_id INTEGER NOT NULL REFERENCES units (id) ON DELETE CASCADE,
    PRIMARY KEY (seat_id, unit_id)
) STRICT;

CREATE TABLE seat_judges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    discipline_id INTEGER REFERENCES disciplines (id),
    name TEXT NOT NULL,
    created TEXT NOT NULL,
    closed TEXT,
    UNIQUE (competition_id, name),
    CHECK (name <> '')
) STRICT;

CREATE TABLE pins (
    judge_id INTEGER PRIMARY KEY REFERENCES seat_judges (id),
    pin TEXT NOT NULL,
    changed TEXT NOT NULL
) STRICT;

CREATE TABLE seat_cards (
    seat_id INTEGER PRIMARY KEY REFERENCES seats (id),
    hash TEXT NOT NULL UNIQUE,
    until TEXT,
    "by" TEXT NOT NULL
) STRICT;

CREATE TABLE seat_devices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    number INTEGER NOT NULL,
    seat_id INTEGER NOT NULL REFERENCES seats (id),
    judge_id INTEGER REFERENCES seat_judges (id),
    hash TEXT NOT NULL UNIQUE,
    file_key TEXT NOT NULL,
    device TEXT NOT NULL,
    started TEXT NOT NULL,
    since TEXT,
    seen TEXT NOT NULL,
    ended TEXT,
    beat TEXT,
    unsent INTEGER NOT NULL,
    battery INTEGER,
    app TEXT NOT NULL,
    skew INTEGER NOT NULL,
    UNIQUE (competition_id, number)
) STRICT;

CREATE TABLE device_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    device_id INTEGER NOT NULL REFERENCES seat_devices (id),
    text TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TEXT NOT NULL,
    shown TEXT
) STRICT;

CREATE INDEX device_messages_device_id_idx ON device_messages (device_id);

CREATE TABLE late_marks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    unit_id INTEGER NOT NULL REFERENCES units (id) ON DELETE CASCADE,
    start_id INTEGER NOT NULL,
    command_id TEXT NOT NULL,
    payload TEXT NOT NULL,
    reason TEXT NOT NULL,
    "by" TEXT NOT NULL,
    seat_id INTEGER REFERENCES seats (id),
    problem TEXT NOT NULL,
    stood TEXT NOT NULL,
    "at" TEXT NOT NULL,
    verdict TEXT NOT NULL,
    decided TEXT,
    decided_by TEXT NOT NULL,
    seq INTEGER NOT NULL,
    UNIQUE (competition_id, command_id)
) STRICT;

CREATE INDEX late_marks_unit_id_idx ON late_marks (unit_id);

-- +goose Down
-- A ledger is never migrated backwards: restore a backup instead.
SELECT 1;
