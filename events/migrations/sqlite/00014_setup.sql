-- The set-up of an edition while organisers are still at it, and when the
-- database was last copied.
-- +goose Up

CREATE TABLE setup_drafts (
    competition_id INTEGER PRIMARY KEY REFERENCES competitions (id),
    revision INTEGER NOT NULL,
    plan TEXT NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL
) STRICT;

CREATE TABLE backups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL
) STRICT;

-- +goose Down
-- A ledger is never migrated backwards: restore a backup instead.
SELECT 1;
