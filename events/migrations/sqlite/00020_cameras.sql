-- Results that a photo-finish camera saved: proposals, until a judge has taken
-- or dropped them. A file that was saved again is another row.
-- +goose Up

CREATE TABLE camera_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    competition_id INTEGER NOT NULL REFERENCES competitions (id),
    unit_id INTEGER REFERENCES units (id),
    name TEXT NOT NULL,
    print TEXT NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    "at" TEXT NOT NULL,
    settled TEXT,
    "by" TEXT NOT NULL,
    UNIQUE (competition_id, name, print)
) STRICT;

CREATE INDEX camera_files_unit_id_idx ON camera_files (unit_id);

-- +goose Down
SELECT 1;
