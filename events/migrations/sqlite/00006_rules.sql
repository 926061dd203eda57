-- The rules of entry in force, with the programme that they speak of. A table of
-- its own: the competition's row is read with every mark and has to stay small.
-- +goose Up

CREATE TABLE editions (
    competition_id INTEGER PRIMARY KEY REFERENCES competitions (id),
    seq INTEGER NOT NULL,
    rules TEXT NOT NULL,
    programme TEXT NOT NULL
) STRICT;

-- +goose Down
-- A ledger is never migrated backwards: restore a backup instead.
SELECT 1;
