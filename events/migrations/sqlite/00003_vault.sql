-- Sealed values and the wrapped keys of their subjects. The master keys are in a
-- file outside the database.
-- +goose Up

CREATE TABLE key_marks (
    competition_id INTEGER PRIMARY KEY REFERENCES competitions (id),
    fingerprint TEXT NOT NULL
) STRICT;

CREATE TABLE subject_keys (
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    subject TEXT NOT NULL,
    version INTEGER NOT NULL,
    wrapped TEXT NOT NULL,
    PRIMARY KEY (competition_id, subject)
) STRICT;

CREATE TABLE secrets (
    competition_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    field TEXT NOT NULL,
    box TEXT NOT NULL,
    purpose TEXT NOT NULL,
    print TEXT NOT NULL,
    PRIMARY KEY (competition_id, subject, field),
    FOREIGN KEY (competition_id, subject) REFERENCES subject_keys (competition_id, subject)
) STRICT;

-- +goose Down
SELECT 1;
