-- The rules of entry in force, with the programme that they speak of. A table of
-- its own: the competition's row is read with every mark and has to stay small.
-- +goose Up

CREATE TABLE editions (
    competition_id bigint PRIMARY KEY REFERENCES competitions (id),
    seq bigint NOT NULL,
    rules text NOT NULL,
    programme text NOT NULL
);

-- +goose Down
-- A ledger is never migrated backwards: restore a backup instead.
SELECT 1;
