-- The call room: when a unit was called, who has come, and how names are said.
-- +goose Up

CREATE TABLE calls (
    unit_id INTEGER PRIMARY KEY REFERENCES units (id) ON DELETE CASCADE,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    state TEXT NOT NULL,
    round INTEGER NOT NULL,
    called TEXT,
    closed TEXT,
    missing TEXT NOT NULL,
    revision INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    "by" TEXT NOT NULL,
    CHECK (state IN ('', 'calling', 'closed'))
) STRICT;

CREATE INDEX calls_competition_id_idx ON calls (competition_id);

CREATE TABLE call_checks (
    start_id INTEGER NOT NULL REFERENCES starts (id) ON DELETE CASCADE,
    participant_id INTEGER NOT NULL,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    state TEXT NOT NULL,
    card INTEGER NOT NULL,
    partner INTEGER NOT NULL,
    equipment INTEGER NOT NULL,
    note TEXT NOT NULL,
    revision INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    PRIMARY KEY (start_id, participant_id),
    CHECK (state IN ('', 'present', 'absent'))
) STRICT;

CREATE TABLE call_settings (
    discipline_id INTEGER PRIMARY KEY REFERENCES disciplines (id) ON DELETE CASCADE,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    minutes INTEGER NOT NULL,
    CHECK (minutes BETWEEN 0 AND 180)
) STRICT;

CREATE TABLE spoken_names (
    participant_id INTEGER PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    note TEXT NOT NULL,
    revision INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    "by" TEXT NOT NULL
) STRICT;

-- +goose Down
SELECT 1;
