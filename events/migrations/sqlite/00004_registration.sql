-- Registration: the rows of delegations with their history, the files that they
-- have sent and not entered yet, and who is in which team.
-- +goose Up

CREATE TABLE registrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    delegation_id INTEGER NOT NULL REFERENCES delegations (id),
    participant_id INTEGER REFERENCES participants (id),
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    staff INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    role TEXT NOT NULL,
    sport TEXT NOT NULL,
    name TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth TEXT NOT NULL,
    class TEXT NOT NULL,
    choices TEXT NOT NULL,
    best TEXT NOT NULL,
    guide TEXT NOT NULL,
    person TEXT NOT NULL,
    content TEXT NOT NULL,
    reason TEXT NOT NULL,
    created TEXT NOT NULL,
    submitted TEXT,
    updated TEXT NOT NULL,
    "by" TEXT NOT NULL,
    seq INTEGER NOT NULL,
    CHECK (state IN ('draft', 'submitted', 'returned', 'waiting', 'accepted', 'withdrawn')),
    CHECK (revision > 0),
    CHECK (state <> 'accepted' OR participant_id IS NOT NULL)
) STRICT;

CREATE TABLE registration_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    registration_id INTEGER NOT NULL REFERENCES registrations (id),
    seq INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    kind TEXT NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    fields TEXT NOT NULL,
    content TEXT NOT NULL,
    reason TEXT NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    UNIQUE (registration_id, revision)
) STRICT;

CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    delegation_id INTEGER NOT NULL REFERENCES delegations (id),
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    state TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    clean INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    warnings INTEGER NOT NULL,
    unread TEXT NOT NULL,
    content TEXT NOT NULL,
    outcome TEXT NOT NULL,
    seq INTEGER NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    "by" TEXT NOT NULL,
    CHECK (state IN ('reading', 'judged', 'failed', 'applied'))
) STRICT;

CREATE TABLE header_memory (
    delegation_id INTEGER NOT NULL REFERENCES delegations (id),
    header TEXT NOT NULL,
    field TEXT NOT NULL,
    PRIMARY KEY (delegation_id, header)
) STRICT;

CREATE TABLE entry_members (
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    registration_id INTEGER NOT NULL REFERENCES registrations (id),
    position INTEGER NOT NULL,
    participant_id INTEGER NOT NULL REFERENCES participants (id),
    "out" INTEGER NOT NULL,
    PRIMARY KEY (entry_id, registration_id)
) STRICT;

CREATE INDEX registrations_competition_id_seq_idx ON registrations (competition_id, seq);

CREATE INDEX registrations_delegation_id_person_idx ON registrations (delegation_id, person);

CREATE INDEX registrations_participant_id_idx ON registrations (participant_id);

CREATE INDEX registration_changes_seq_idx ON registration_changes (seq);

CREATE INDEX uploads_delegation_id_idx ON uploads (delegation_id);

CREATE INDEX entry_members_participant_id_idx ON entry_members (participant_id);

-- +goose Down
-- A ledger is never migrated backwards: restore a backup instead.
SELECT 1;
