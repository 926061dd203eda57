-- What a paired device was given to write, and from which place: a mark that it
-- sends after its seat was moved goes to the chief judge. Not the ledger's.
-- +goose Up

CREATE TABLE device_units (
    device_id bigint NOT NULL REFERENCES seat_devices (id),
    judge_id bigint NOT NULL REFERENCES seat_judges (id),
    unit_id bigint NOT NULL REFERENCES units (id) ON DELETE CASCADE,
    place text NOT NULL,
    PRIMARY KEY (device_id, judge_id, unit_id, place)
);

CREATE INDEX device_units_unit_id_idx ON device_units (unit_id);

-- +goose Down
-- A ledger is never migrated backwards: restore a backup instead.
SELECT 1;
