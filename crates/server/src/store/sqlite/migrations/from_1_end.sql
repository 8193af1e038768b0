-- After the changes were copied. Never changed: it has shipped.
DROP TABLE change_1;
CREATE UNIQUE INDEX receipt ON change (replica, seq);
UPDATE workspace SET mark = coalesce(
    (SELECT c.mark FROM change c WHERE c.workspace = workspace.id AND c.revision = workspace.revision), 0);
