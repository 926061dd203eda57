-- Files of classification outcomes that wait to be looked at and applied. What
-- they hold is sealed, and forgotten once it is applied.
-- +goose Up

CREATE TABLE outcome_files (
    id text PRIMARY KEY,
    competition_id bigint NOT NULL REFERENCES competitions (id),
    discipline_id bigint REFERENCES disciplines (id),
    name text NOT NULL,
    size bigint NOT NULL,
    cause text NOT NULL,
    content text NOT NULL,
    seq bigint NOT NULL,
    "at" timestamptz NOT NULL,
    "by" text NOT NULL
);

CREATE INDEX outcome_files_competition_id_idx ON outcome_files (competition_id);

-- +goose Down
SELECT 1;
