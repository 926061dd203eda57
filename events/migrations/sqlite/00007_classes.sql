-- Classification: how a sport class came about, and changes of class as acts
-- that can be undone.
-- +goose Up

ALTER TABLE sport_classes ADD COLUMN review INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sport_classes ADD COLUMN day TEXT NOT NULL DEFAULT '';
ALTER TABLE sport_classes ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sport_classes ADD COLUMN panel TEXT NOT NULL DEFAULT '';
ALTER TABLE sport_classes ADD COLUMN classifiers TEXT NOT NULL DEFAULT '';
ALTER TABLE sport_classes ADD COLUMN cause TEXT NOT NULL DEFAULT '';
ALTER TABLE sport_classes ADD COLUMN limitation TEXT NOT NULL DEFAULT '';
ALTER TABLE sport_classes ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;

ALTER TABLE entries ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE entries ADD COLUMN why TEXT NOT NULL DEFAULT '';

CREATE TABLE class_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    seq INTEGER NOT NULL,
    "at" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    people TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    undone INTEGER NOT NULL,
    UNIQUE (competition_id, seq)
) STRICT;

-- +goose Down
SELECT 1;
