-- What people are told about their data, what they have agreed to, the papers
-- that are kept of them, and under which number they are shown where they have
-- not agreed to be named.
-- +goose Up

CREATE TABLE privacy_texts (
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    version INTEGER NOT NULL,
    words TEXT NOT NULL,
    words_en TEXT NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    PRIMARY KEY (competition_id, version)
) STRICT;

CREATE TABLE consents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    registration_id INTEGER NOT NULL REFERENCES registrations (id),
    purpose TEXT NOT NULL,
    version INTEGER NOT NULL,
    given_by TEXT NOT NULL,
    given TEXT NOT NULL,
    withdrawn TEXT NOT NULL,
    seq INTEGER NOT NULL,
    CHECK (purpose IN ('data', 'sensitive', 'publication', 'photo', 'medical')),
    CHECK (given_by IN ('self', 'guardian'))
) STRICT;

CREATE INDEX consents_registration_id_idx ON consents (registration_id);

CREATE TABLE papers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    delegation_id INTEGER NOT NULL REFERENCES delegations (id),
    registration_id INTEGER NOT NULL REFERENCES registrations (id),
    kind TEXT NOT NULL,
    media TEXT NOT NULL,
    size INTEGER NOT NULL,
    expires TEXT NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    seq INTEGER NOT NULL,
    CHECK (kind IN ('photo', 'insurance', 'health', 'consent', 'class', 'other'))
) STRICT;

CREATE INDEX papers_registration_id_idx ON papers (registration_id);

CREATE TABLE aliases (
    participant_id INTEGER PRIMARY KEY REFERENCES participants (id),
    alias TEXT NOT NULL
) STRICT;

-- +goose Down
-- A ledger is never migrated backwards: restore a backup instead.
SELECT 1;
