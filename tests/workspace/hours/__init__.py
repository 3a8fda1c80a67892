"""Logs of hours: read, looked at, added and written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from tests.harness import EmbeddedServer
from tui.workspace.hours.entries import Log, Reading
from tui.workspace.hours.reading import read

DATA = Path(__file__).resolve().parents[2] / "data" / "hours"
SAMPLES = sorted(DATA.iterdir())
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@contextmanager
def unbooked(timezone: str = "UTC") -> Iterator[EmbeddedServer]:
    """A server with the trackers of the sample, and nothing booked."""
    with EmbeddedServer(services=["trackmypeople"], timezone=timezone) as started:
        with started.context.database.write() as connection:
            connection.execute("DELETE FROM trackmypeople_blocks")
        yield started


def reading(
    where: ZoneInfo = PARIS,
    which: int | None = None,
    dates: Literal["", "dmy", "mdy"] = "",
    now: datetime = NOW,
) -> Reading:
    """What a person says of a file."""
    return Reading(where, now, which, dates)


def log_of(text: str | bytes, form: str = "", **more: object) -> Log:
    """The log of a text."""
    content = text.encode() if isinstance(text, str) else text
    return read(content, reading(**more), form)  # type: ignore[arg-type]
