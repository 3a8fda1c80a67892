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
"""Amounts are texts: SQLite has no decimal numbers. An invoice below nothing is one that the
service was asked for and has not answered yet. `first_numbers` says with which number a series goes
on where that was set by the person. `left_open` are entries that the service took for billed with
others of their tasks, though no invoice bills them."""

PAPERS = Layout(
    name="invoices",
    version=1,
    tables=_TABLES,
    newer="Numbers and documents begin anew: update tockdeck before you issue an invoice.",
)
