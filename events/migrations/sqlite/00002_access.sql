-- +goose Up

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    delegation_id INTEGER REFERENCES delegations (id),
    discipline_id INTEGER REFERENCES disciplines (id),
    second INTEGER NOT NULL,
    created TEXT NOT NULL,
    closed TEXT,
    UNIQUE (competition_id, login),
    UNIQUE (competition_id, name),
    CHECK (login <> '' AND name <> '' AND role <> ''),
    CHECK ((role = 'delegation') = (delegation_id IS NOT NULL))
) STRICT;

CREATE TABLE credentials (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (id),
    password TEXT NOT NULL,
    changed TEXT NOT NULL,
    step INTEGER NOT NULL,
    recovery TEXT NOT NULL
) STRICT;

CREATE TABLE links (
    hash TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    expires TEXT NOT NULL
) STRICT;

CREATE TABLE sign_ins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    hash TEXT NOT NULL UNIQUE,
    stage TEXT NOT NULL,
    device TEXT NOT NULL,
    started TEXT NOT NULL,
    seen TEXT NOT NULL
) STRICT;

CREATE TABLE failures (
    subject TEXT PRIMARY KEY,
    tries INTEGER NOT NULL,
    last TEXT NOT NULL,
    until TEXT
) STRICT;

CREATE INDEX sign_ins_account_id_idx ON sign_ins (account_id);

CREATE INDEX links_account_id_idx ON links (account_id);

-- +goose Down
-- A ledger is never migrated backwards: restore a backup instead.
SELECT 1;
