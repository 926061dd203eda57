-- The classification days: panels with their members and slots, the papers that
-- make up an athlete's file, cases (protests, medical reviews) with their clocks.
-- +goose Up

-- In minutes, the fee in hundredths; a competition without a row has the
-- proposals of events/panels.
CREATE TABLE panel_rules (
    competition_id INTEGER PRIMARY KEY REFERENCES competitions (id),
    rest INTEGER NOT NULL,
    before INTEGER NOT NULL,
    protest INTEGER NOT NULL,
    observed INTEGER NOT NULL,
    decide INTEGER NOT NULL,
    fee INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    CHECK (rest >= 0 AND before >= 0 AND protest >= 0 AND observed >= 0 AND decide > 0 AND fee >= 0)
) STRICT;

CREATE TABLE panels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    discipline_id INTEGER NOT NULL REFERENCES disciplines (id),
    name TEXT NOT NULL,
    room TEXT NOT NULL,
    impairments TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    opens TEXT NOT NULL,
    closes TEXT NOT NULL,
    pause_from TEXT NOT NULL,
    pause_to TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    most INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    UNIQUE (competition_id, name),
    CHECK (first_day <= last_day AND opens < closes AND minutes > 0 AND most >= 0)
) STRICT;

CREATE TABLE panel_members (
    panel_id INTEGER NOT NULL REFERENCES panels (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (panel_id, account_id)
) STRICT;

CREATE INDEX panel_members_account_id_idx ON panel_members (account_id);

CREATE TABLE class_cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    discipline_id INTEGER NOT NULL REFERENCES disciplines (id),
    participant_id INTEGER NOT NULL REFERENCES participants (id),
    class_group TEXT NOT NULL,
    class_id INTEGER NOT NULL REFERENCES sport_classes (id),
    delegation_id INTEGER REFERENCES delegations (id),
    panel_id INTEGER REFERENCES panels (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    late INTEGER NOT NULL,
    filed TEXT NOT NULL,
    due TEXT NOT NULL,
    decided TEXT,
    decided_by TEXT NOT NULL,
    outcome_seq INTEGER NOT NULL,
    fee INTEGER NOT NULL,
    fee_state TEXT NOT NULL,
    grounds_print TEXT NOT NULL,
    "by" TEXT NOT NULL,
    revision INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    CHECK (kind IN ('protest', 'review')),
    CHECK (state IN ('open', 'upheld', 'rejected', 'withdrawn')),
    CHECK (fee_state IN ('none', 'due', 'paid', 'returned', 'kept'))
) STRICT;

CREATE INDEX class_cases_participant_id_idx ON class_cases (participant_id);

CREATE TABLE panel_slots (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    panel_id INTEGER NOT NULL REFERENCES panels (id),
    participant_id INTEGER NOT NULL REFERENCES participants (id),
    case_id INTEGER REFERENCES class_cases (id),
    start TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    state TEXT NOT NULL,
    outcome_seq INTEGER NOT NULL,
    "by" TEXT NOT NULL,
    revision INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    UNIQUE (panel_id, start),
    CHECK (minutes > 0),
    CHECK (state IN ('booked', 'seen', 'absent'))
) STRICT;

CREATE INDEX panel_slots_participant_id_idx ON panel_slots (participant_id);

-- Which of the papers for classification it is: diagnosis, assessment, training;
-- empty where it was not said.
ALTER TABLE papers ADD COLUMN form TEXT NOT NULL DEFAULT '';

-- +goose Down
-- A ledger is never migrated backwards: restore a backup instead.
SELECT 1;
