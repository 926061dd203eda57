-- Support needs, who comes when, and what there is for them. What people say and
-- what they are told is sealed elsewhere (table secrets, subject n<id>).
-- +goose Up

CREATE TABLE needs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    delegation_id INTEGER NOT NULL REFERENCES delegations (id),
    registration_id INTEGER REFERENCES registrations (id),
    kind TEXT NOT NULL,
    pieces INTEGER NOT NULL,
    day TEXT NOT NULL,
    until TEXT NOT NULL,
    hour INTEGER NOT NULL,
    state TEXT NOT NULL,
    round TEXT NOT NULL,
    confirmed INTEGER NOT NULL,
    owner_group TEXT NOT NULL,
    owner TEXT NOT NULL,
    due TEXT,
    verdict TEXT NOT NULL,
    task INTEGER REFERENCES needs (id),
    revision INTEGER NOT NULL,
    words INTEGER NOT NULL,
    words_print TEXT NOT NULL,
    reply INTEGER NOT NULL,
    place_print TEXT NOT NULL,
    reopened INTEGER NOT NULL,
    reminded INTEGER NOT NULL,
    asked TEXT NOT NULL,
    updated TEXT NOT NULL,
    "by" TEXT NOT NULL,
    CHECK (pieces > 0),
    CHECK (hour BETWEEN -1 AND 23)
) STRICT;
CREATE INDEX needs_of_delegation ON needs (competition_id, delegation_id);
CREATE INDEX needs_of_registration ON needs (registration_id);
CREATE INDEX needs_of_task ON needs (task);

CREATE TABLE need_changes (
    need_id INTEGER NOT NULL REFERENCES needs (id),
    revision INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    act TEXT NOT NULL,
    state TEXT NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    owner_group TEXT NOT NULL,
    owner TEXT NOT NULL,
    due TEXT,
    verdict TEXT NOT NULL,
    said INTEGER NOT NULL,
    PRIMARY KEY (need_id, revision)
) STRICT;

CREATE TABLE need_rounds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    delegation_id INTEGER NOT NULL REFERENCES delegations (id),
    registration_id INTEGER REFERENCES registrations (id),
    round TEXT NOT NULL,
    seq INTEGER NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX need_rounds_once ON need_rounds (delegation_id, coalesce(registration_id, 0), round);

CREATE TABLE arrivals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    delegation_id INTEGER NOT NULL REFERENCES delegations (id),
    day TEXT NOT NULL,
    clock TEXT NOT NULL,
    place TEXT NOT NULL,
    means TEXT NOT NULL,
    people INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    CHECK (people > 0)
) STRICT;
CREATE INDEX arrivals_of_delegation ON arrivals (competition_id, delegation_id);

CREATE TABLE arrival_people (
    registration_id INTEGER PRIMARY KEY REFERENCES registrations (id),
    arrival_id INTEGER NOT NULL REFERENCES arrivals (id)
) STRICT;

CREATE TABLE need_resources (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    kind TEXT NOT NULL,
    pieces INTEGER NOT NULL,
    day TEXT NOT NULL,
    until TEXT NOT NULL,
    from_hour INTEGER NOT NULL,
    to_hour INTEGER NOT NULL,
    note TEXT NOT NULL,
    CHECK (pieces > 0)
) STRICT;

-- +goose Down
SELECT 1;
