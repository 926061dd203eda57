-- The ledger: the model of a competition and the log of its changes.
-- Written twice, once for each database; a test compares the two.
-- +goose Up

CREATE TABLE competitions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    city TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    zone TEXT NOT NULL,
    age_date TEXT NOT NULL,
    age_rule TEXT NOT NULL,
    epoch TEXT NOT NULL,
    last_seq INTEGER NOT NULL,
    head TEXT NOT NULL,
    regulation TEXT NOT NULL,
    created TEXT NOT NULL,
    CHECK (last_seq >= 0),
    CHECK (code <> '')
) STRICT;

CREATE TABLE disciplines (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    UNIQUE (competition_id, code)
) STRICT;

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    discipline_id INTEGER NOT NULL REFERENCES disciplines (id),
    code TEXT NOT NULL,
    "type" TEXT NOT NULL,
    sex TEXT NOT NULL,
    classes TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    medals INTEGER NOT NULL,
    UNIQUE (competition_id, code),
    CHECK (sex IN ('M', 'W', 'X', ''))
) STRICT;

CREATE TABLE phases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    event_id INTEGER NOT NULL REFERENCES events (id),
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    decides INTEGER NOT NULL,
    ruleset TEXT NOT NULL,
    "groups" TEXT NOT NULL,
    UNIQUE (competition_id, code)
) STRICT;

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    day TEXT NOT NULL,
    opens TEXT NOT NULL,
    venue TEXT NOT NULL,
    UNIQUE (competition_id, number)
) STRICT;

CREATE TABLE units (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    phase_id INTEGER NOT NULL REFERENCES phases (id),
    code TEXT NOT NULL,
    number INTEGER NOT NULL,
    label TEXT NOT NULL,
    group_code TEXT NOT NULL,
    session_id INTEGER REFERENCES sessions (id),
    position INTEGER NOT NULL,
    venue TEXT NOT NULL,
    "start" TEXT,
    measure TEXT NOT NULL,
    status TEXT NOT NULL,
    result_status TEXT NOT NULL,
    version INTEGER NOT NULL,
    official_at TEXT,
    official_by TEXT NOT NULL,
    matches TEXT NOT NULL,
    UNIQUE (competition_id, code),
    CHECK (status IN ('scheduled', 'getting-ready', 'running', 'finished', 'cancelled')),
    CHECK (result_status IN ('start-list', 'live', 'unofficial', 'protested', 'official')),
    CHECK (version >= 0)
) STRICT;

CREATE TABLE delegations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    nation TEXT NOT NULL,
    UNIQUE (competition_id, code)
) STRICT;

CREATE TABLE participants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    delegation_id INTEGER NOT NULL REFERENCES delegations (id),
    code TEXT NOT NULL,
    role TEXT NOT NULL,
    family TEXT NOT NULL,
    given TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    license TEXT NOT NULL,
    UNIQUE (competition_id, code)
) STRICT;

CREATE TABLE sport_classes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    participant_id INTEGER NOT NULL REFERENCES participants (id),
    discipline_id INTEGER NOT NULL REFERENCES disciplines (id),
    class_group TEXT NOT NULL,
    class TEXT NOT NULL,
    status TEXT NOT NULL,
    exceptions TEXT NOT NULL,
    superseded INTEGER NOT NULL
) STRICT;

CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    event_id INTEGER NOT NULL REFERENCES events (id),
    delegation_id INTEGER NOT NULL REFERENCES delegations (id),
    participant_id INTEGER REFERENCES participants (id),
    code TEXT NOT NULL,
    team_name TEXT NOT NULL,
    entry_mark INTEGER,
    UNIQUE (event_id, code),
    CHECK (entry_mark > 0)
) STRICT;

CREATE TABLE starts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    phase_id INTEGER NOT NULL REFERENCES phases (id),
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    unit_id INTEGER REFERENCES units (id),
    lane INTEGER,
    seed_mark INTEGER,
    class TEXT NOT NULL,
    "groups" TEXT NOT NULL,
    out_irm TEXT NOT NULL,
    UNIQUE (phase_id, entry_id),
    UNIQUE (unit_id, lane)
) STRICT;

CREATE TABLE members (
    start_id INTEGER NOT NULL REFERENCES starts (id),
    position INTEGER NOT NULL,
    participant_id INTEGER NOT NULL REFERENCES participants (id),
    PRIMARY KEY (start_id, position)
) STRICT;

CREATE TABLE marks (
    start_id INTEGER NOT NULL REFERENCES starts (id),
    cell TEXT NOT NULL,
    mark INTEGER,
    irm TEXT NOT NULL,
    rule TEXT NOT NULL,
    points INTEGER,
    detail TEXT NOT NULL,
    revision INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    PRIMARY KEY (start_id, cell),
    CHECK (mark >= 0),
    CHECK (revision > 0)
) STRICT;

CREATE TABLE results (
    start_id INTEGER NOT NULL REFERENCES starts (id),
    unit_id INTEGER NOT NULL REFERENCES units (id),
    mark INTEGER,
    irm TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    sort_order INTEGER NOT NULL,
    class TEXT NOT NULL,
    PRIMARY KEY (start_id),
    CHECK ("rank" >= 0)
) STRICT;

CREATE TABLE records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    code TEXT NOT NULL,
    level TEXT NOT NULL,
    list TEXT NOT NULL,
    "type" TEXT NOT NULL,
    sex TEXT NOT NULL,
    class TEXT NOT NULL,
    course TEXT NOT NULL,
    age_min INTEGER NOT NULL,
    age_max INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    holder TEXT NOT NULL,
    nation TEXT NOT NULL,
    "date" TEXT NOT NULL,
    place TEXT NOT NULL,
    UNIQUE (competition_id, code)
) STRICT;

CREATE TABLE log (
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    seq INTEGER NOT NULL,
    command_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    "at" TEXT NOT NULL,
    payload TEXT NOT NULL,
    receipt TEXT NOT NULL,
    topics TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (competition_id, seq),
    UNIQUE (competition_id, command_id),
    CHECK (seq > 0)
) STRICT;

CREATE TABLE refused (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    command_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    "at" TEXT NOT NULL,
    payload_hash TEXT NOT NULL
) STRICT;

CREATE INDEX events_competition_id_idx ON events (competition_id);

CREATE INDEX phases_event_id_idx ON phases (event_id);

CREATE INDEX units_phase_id_idx ON units (phase_id);

CREATE INDEX units_session_idx ON units (session_id, position);

CREATE INDEX participants_delegation_id_idx ON participants (delegation_id);

CREATE INDEX sport_classes_participant_id_idx ON sport_classes (participant_id);

CREATE INDEX entries_participant_id_idx ON entries (participant_id);

CREATE INDEX entries_delegation_id_idx ON entries (delegation_id);

CREATE INDEX starts_unit_id_idx ON starts (unit_id);

CREATE INDEX starts_entry_id_idx ON starts (entry_id);

CREATE INDEX starts_competition_id_idx ON starts (competition_id);

CREATE INDEX results_unit_id_idx ON results (unit_id);

-- +goose Down
-- A ledger is never migrated backwards: restore a backup instead.
SELECT 1;
