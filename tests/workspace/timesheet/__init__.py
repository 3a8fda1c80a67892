"""Blocks of the timers entered into the timesheet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from tests.harness import EmbeddedServer

DAY = date(2026, 11, 16)
BOOKING, PAYMENT, CUTTING, ADMINISTRATION, HOLIDAYS = 5, 6, 11, 18, 19
"""Trackers of the sample."""
BERTHS = 4
"""The project that the first two stand under."""


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time of the day that the blocks are of."""
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, second, tzinfo=UTC)


@contextmanager
def booked() -> Iterator[EmbeddedServer]:
    """A server with four blocks of one day and one that runs, and no time entry of the person."""
    with EmbeddedServer(services=["trackmypeople", "timesheets"]) as started:
        with started.context.database.write() as connection:
            connection.execute("DELETE FROM trackmypeople_blocks")
            connection.execute(
                "UPDATE timesheets_entries"
                " SET user_id = 2, end_time = coalesce(end_time, start_time) WHERE user_id = 1"
            )
            for number, (tracker, begin, end, text, free) in enumerate(
                (
                    (BOOKING, at(9), at(10, 11), "validation of the length", False),
                    (PAYMENT, at(10, 11), at(11, 2, 30), "receipts by mail", False),
                    (CUTTING, at(13), at(14, 30), "", False),
                    (HOLIDAYS, at(9), at(17), "day off", True),
                    (BOOKING, at(15), None, "", False),
                ),
                start=1,
            ):
                connection.execute(
                    "INSERT INTO trackmypeople_blocks"
                    " (id, profile_id, tracker_id, description, time_in, time_out, free)"
                    " VALUES (?, 1, ?, ?, ?, ?, ?)",
                    (number, tracker, text, int(begin.timestamp()),
                     None if end is None else int(end.timestamp()), free),
                )  # fmt: skip
        yield started


def mend(server: EmbeddedServer, block: int, **values: object) -> None:
    """Change a block as its edit page does."""
    sets = ", ".join(f"{name} = ?" for name in values)
    with server.context.database.write() as connection:
        connection.execute(
            f"UPDATE trackmypeople_blocks SET {sets} WHERE id = ?", (*values.values(), block)
        )


def entries_of(server: EmbeddedServer) -> list[tuple[int, datetime, datetime, str]]:
    """(task, beginning, end, comments) of the person's entries."""
    rows = server.context.database.read(
        "SELECT e.task_id, e.start_time, e.end_time, (SELECT group_concat(content, '; ')"
        " FROM timesheets_comments c WHERE c.subject = 'entry' AND c.subject_id = e.id) AS text"
        " FROM timesheets_entries e WHERE user_id = 1 ORDER BY start_time"
    )
    return [
        (
            row["task_id"],
            datetime.fromtimestamp(row["start_time"], UTC),
            datetime.fromtimestamp(row["end_time"], UTC),
            row["text"] or "",
        )
        for row in rows
    ]
