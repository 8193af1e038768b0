-- Marks, ticks, horizons, and what of each replica is included. Never changed: it has shipped.
ALTER TABLE workspace ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workspace ADD COLUMN horizon INTEGER NOT NULL DEFAULT 0;
ALTER TABLE replica ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE replica ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE replica ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
UPDATE replica SET (seq, revision, seen) = (
    SELECT c.seq, c.revision, c.committed FROM change c
    WHERE c.replica = replica.id ORDER BY c.seq DESC LIMIT 1
) WHERE EXISTS (SELECT 1 FROM change c WHERE c.replica = replica.id);
ALTER TABLE change RENAME TO change_1;
CREATE TABLE change (
    workspace INTEGER NOT NULL REFERENCES workspace,
    revision INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    replica INTEGER NOT NULL REFERENCES replica,
    seq INTEGER NOT NULL,
    patch TEXT NOT NULL,
    at INTEGER NOT NULL,
    tick INTEGER NOT NULL,
    committed INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    PRIMARY KEY (workspace, revision)
) STRICT, WITHOUT ROWID;
