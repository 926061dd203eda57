-- Sealed values and the wrapped keys of their subjects. The master keys are in a
-- file outside the database.
-- +goose Up

CREATE TABLE key_marks (
    competition_id bigint PRIMARY KEY REFERENCES competitions (id),
    fingerprint text NOT NULL
);

CREATE TABLE subject_keys (
    competition_id bigint NOT NULL REFERENCES competitions (id),
    subject text NOT NULL,
    version bigint NOT NULL,
    wrapped text NOT NULL,
    PRIMARY KEY (competition_id, subject)
);

CREATE TABLE secrets (
    competition_id bigint NOT NULL,
    subject text NOT NULL,
    field text NOT NULL,
    box text NOT NULL,
    purpose text NOT NULL,
    print text NOT NULL,
    PRIMARY KEY (competition_id, subject, field),
    FOREIGN KEY (competition_id, subject) REFERENCES subject_keys (competition_id, subject)
);

-- +goose Down
SELECT 1;
