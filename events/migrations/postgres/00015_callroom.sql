-- The call room: when a unit was called, who has come, and how names are said.
-- +goose Up

CREATE TABLE calls (
    unit_id bigint PRIMARY KEY REFERENCES units (id) ON DELETE CASCADE,
    competition_id bigint NOT NULL REFERENCES competitions (id),
    state text NOT NULL,
    round bigint NOT NULL,
    called timestamptz,
    closed timestamptz,
    missing text NOT NULL,
    revision bigint NOT NULL,
    seq bigint NOT NULL,
    "by" text NOT NULL,
    CHECK (state IN ('', 'calling', 'closed'))
);

CREATE INDEX calls_competition_id_idx ON calls (competition_id);

CREATE TABLE call_checks (
    start_id bigint NOT NULL REFERENCES starts (id) ON DELETE CASCADE,
    participant_id bigint NOT NULL,
    competition_id bigint NOT NULL REFERENCES competitions (id),
    state text NOT NULL,
    card boolean NOT NULL,
    partner boolean NOT NULL,
    equipment boolean NOT NULL,
    note text NOT NULL,
    revision bigint NOT NULL,
    seq bigint NOT NULL,
    "at" timestamptz NOT NULL,
    "by" text NOT NULL,
    PRIMARY KEY (start_id, participant_id),
    CHECK (state IN ('', 'present', 'absent'))
);

CREATE TABLE call_settings (
    discipline_id bigint PRIMARY KEY REFERENCES disciplines (id) ON DELETE CASCADE,
    competition_id bigint NOT NULL REFERENCES competitions (id),
    minutes bigint NOT NULL,
    CHECK (minutes BETWEEN 0 AND 180)
);

CREATE TABLE spoken_names (
    participant_id bigint PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    competition_id bigint NOT NULL REFERENCES competitions (id),
    note text NOT NULL,
    revision bigint NOT NULL,
    seq bigint NOT NULL,
    "by" text NOT NULL
);

-- +goose Down
SELECT 1;
