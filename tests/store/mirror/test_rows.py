"""Rows are put into a table many at a time, as one by one would leave it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.store.mirror.rows import _put

rows = st.lists(st.tuples(st.integers(0, 9), st.text(max_size=3), st.booleans()), max_size=30)


@settings(max_examples=100, deadline=None)
@given(st.lists(rows, max_size=3), st.integers(3, 20))
def test_the_last_of_each_number_stands(
    parts: list[list[tuple[int, str, bool]]], variables: int
) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT, flag INTEGER)")
        # As of an SQLite that takes few values in a statement, or of very many columns.
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, variables)
        expected: dict[int, tuple[str, bool]] = {}
        for part in parts:
            _put(connection, "t", ("n", "text", "flag"), iter(part))
            expected |= {number: (text, flag) for number, text, flag in part}
        found = connection.execute("SELECT n, text, flag FROM t").fetchall()
        assert {number: (text, bool(flag)) for number, text, flag in found} == expected
