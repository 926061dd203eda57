-- Notices: what delegations are told of decisions that concern them.
-- +goose Up

CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    delegation_id INTEGER NOT NULL REFERENCES delegations (id),
    seq INTEGER NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    about TEXT NOT NULL,
    arguments TEXT NOT NULL,
    reason TEXT NOT NULL,
    seen TEXT
) STRICT;

CREATE INDEX notices_delegation_id_idx ON notices (delegation_id, id);

-- +goose Down
SELECT 1;
