"""What the file of changes holds."""

from __future__ import annotations

from tui.store.changes.wanted import holds, holds_in
from tui.store.database import Layout

VERSION = 2

_SINCE_1 = """
CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    operation TEXT NOT NULL,
    record TEXT NOT NULL,
    state TEXT NOT NULL,
    grouped TEXT NOT NULL,
    follows TEXT NOT NULL,
    held INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    sender TEXT NOT NULL,
    needs TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE touched (
    record TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (record, sequence)
) WITHOUT ROWID;
CREATE INDEX still_open ON changes (sequence) WHERE state IN ('waiting', 'sending', 'unknown');
CREATE INDEX undo_stack ON changes (owner, sequence)
    WHERE follows = '' AND passed = 0 AND state IN ('waiting', 'sending', 'unknown', 'done');
CREATE INDEX followers ON changes (owner, sequence) WHERE follows <> '' AND state = 'done';
CREATE INDEX by_group ON changes (grouped) WHERE grouped <> '';
CREATE INDEX by_followed ON changes (follows) WHERE follows <> '';
CREATE INDEX by_record ON changes (record) WHERE record <> '';
CREATE INDEX undone ON changes (owner) WHERE state = 'undone';
"""
"""`follows` is the change that is undone or redone. What the columns say stands in `body` too; they
are there to be found by. `touched` has the further records of those changes that are about
several."""

_SINCE_2 = """
CREATE TABLE beside (sequence INTEGER PRIMARY KEY, arguments BLOB NOT NULL);
"""
"""Arguments that are very many (see `held`): what becomes of a change does not write them again."""

CHANGES = Layout(
    name="changes",
    version=VERSION,
    tables=_SINCE_1 + _SINCE_2,
    earlier={1: _SINCE_1},
    newer="Undo and what waited begin anew; nothing that waited in it was sent.",
    lost="Undo begins anew; look whether what waited is still to be sent.",
    functions={"holds": (2, holds), "holds_in": (2, holds_in)},
)
