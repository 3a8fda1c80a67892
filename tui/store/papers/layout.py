"""What the file of invoices holds."""

from __future__ import annotations

from tui.store.database import Layout

_TABLES = """
CREATE TABLE papers (
    owner TEXT NOT NULL,
    invoice INTEGER NOT NULL,
    state TEXT NOT NULL,
    series TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    number TEXT NOT NULL,
    issued TEXT NOT NULL,
    cancels INTEGER,
    body BLOB NOT NULL,
    PRIMARY KEY (owner, invoice)
) WITHOUT ROWID;
CREATE UNIQUE INDEX one_number ON papers (owner, number) WHERE number <> '';
CREATE UNIQUE INDEX one_place ON papers (owner, series, sequence) WHERE sequence > 0;
CREATE TABLE first_numbers (
    owner TEXT NOT NULL,
    series TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (owner, series)
) WITHOUT ROWID;
CREATE TABLE billed (
    owner TEXT NOT NULL,
    entry INTEGER NOT NULL,
    invoice INTEGER NOT NULL,
    PRIMARY KEY (owner, entry)
) WITHOUT ROWID;
CREATE INDEX billed_by ON billed (owner, invoice);
CREATE TABLE payments (
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    invoice INTEGER NOT NULL,
    day TEXT NOT NULL,
    amount TEXT NOT NULL,
    text TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (owner, id)
) WITHOUT ROWID;
CREATE TABLE left_open (
    owner TEXT NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (owner, entry)
) WITHOUT ROWID;
CREATE INDEX paid_for ON payments (owner, invoice, day);
CREATE UNIQUE INDEX one_reference ON payments (owner, reference) WHERE reference <> '';
"""
_SINCE_2 = """
CREATE TABLE recurring (
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (owner, id)
) WITHOUT ROWID;
CREATE TABLE periods (
    owner TEXT NOT NULL,
    recurring TEXT NOT NULL,
    day TEXT NOT NULL,
    invoice INTEGER NOT NULL,
    PRIMARY KEY (owner, recurring, day)
) WITHOUT ROWID;
CREATE TABLE steps (
    owner TEXT NOT NULL,
    number INTEGER NOT NULL,
    time REAL NOT NULL,
    title TEXT NOT NULL,
    recurring TEXT NOT NULL,
    before BLOB NOT NULL,
    after BLOB NOT NULL,
    PRIMARY KEY (owner, number)
) WITHOUT ROWID;
CREATE TABLE reminded (
    owner TEXT NOT NULL,
    invoice INTEGER NOT NULL,
    day TEXT NOT NULL,
    level INTEGER NOT NULL,
    amount TEXT NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (owner, invoice, day, level)
) WITHOUT ROWID;
"""
_SINCE_3 = """
CREATE TABLE untold (
    owner TEXT NOT NULL,
    invoice INTEGER NOT NULL,
    number TEXT NOT NULL,
    sender TEXT NOT NULL,
    PRIMARY KEY (owner, invoice)
) WITHOUT ROWID;
"""
"""Amounts are texts: SQLite has no decimal numbers. An invoice below nothing is one that the
service was asked for and has not answered yet. `first_numbers` says with which number a series goes
on where that was set by the person. `left_open` are entries that the service took for billed with
others of their tasks, though no invoice bills them. `steps` is what earlier versions undid of
`recurring`. `untold` are numbers that the service is not known to have, and invoices that it was
not asked for yet."""

LOOK_AT_NUMBER = "Look at the number of your last invoice before you issue another."

PAPERS = Layout(
    name="invoices",
    version=3,
    tables=_TABLES + _SINCE_2 + _SINCE_3,
    newer="Numbers and documents begin anew: update tockdeck before you issue an invoice.",
    lost=LOOK_AT_NUMBER,
    earlier={1: _TABLES, 2: _TABLES + _SINCE_2},
)

_WIDTHS_2 = {"recurring": 3, "periods": 4, "steps": 7, "reminded": 6}
_WIDTHS_3 = {"untold": 4}
TABLES = {"papers": 9, "first_numbers": 3, "billed": 3, "payments": 7, "left_open": 2}
TABLES |= _WIDTHS_2 | _WIDTHS_3
"""How many columns each table has."""
LATER = {1: frozenset(_WIDTHS_2 | _WIDTHS_3), 2: frozenset(_WIDTHS_3)}
"""Tables that files of an earlier version lack."""
