"""The sample: what names a weekday takes place on it, whatever the day it is made on."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.embedded.ticktocker.caller import NOON
from tests.harness import CREDENTIALS, Clock
from tui.embedded.context import Context, Options
from tui.embedded.database import Database
from tui.embedded.ticktocker import SERVICE
from tui.embedded.ticktocker.occurrences import occurrence
from tui.widgets.month import WEEKDAYS


@pytest.mark.parametrize("days", range(7))
def test_what_names_a_weekday_lies_on_it(days: int) -> None:
    now = NOON + timedelta(days=days)
    with closing(Database(None)) as database:
        context = Context(
            database, CREDENTIALS, Options(data=Path(), timezone="UTC"), now=Clock(now)
        )
        database.script(SERVICE.schema)
        SERVICE.ground(context)
        SERVICE.seed(context)
        rows = database.read(
            "SELECT title, event_start, event_end, repeat_frequency FROM ticktocker_tocks"
        )
        named = [
            (weekday, row)
            for row in rows
            for weekday, name in enumerate(WEEKDAYS)
            if name in row["title"]
        ]
        assert named
        for weekday, row in named:
            begin, end = (
                datetime.fromtimestamp(row[name], UTC) for name in ("event_start", "event_end")
            )
            after, _ = occurrence(begin, end, row["repeat_frequency"], "UTC", now)
            assert (begin.weekday(), after.weekday()) == (weekday, weekday), row["title"]
            assert after >= now - timedelta(days=7)
