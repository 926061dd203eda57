-- Files of classification outcomes that wait to be looked at and applied. What
-- they hold is sealed, and forgotten once it is applied.
-- +goose Up

CREATE TABLE outcome_files (
    id TEXT PRIMARY KEY,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    discipline_id INTEGER REFERENCES disciplines (id),
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    cause TEXT NOT NULL,
    content TEXT NOT NULL,
    seq INTEGER NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL
) STRICT;

CREATE INDEX outcome_files_competition_id_idx ON outcome_files (competition_id);

-- +goose Down
SELECT 1;
