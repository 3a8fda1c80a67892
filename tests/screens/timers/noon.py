"""A server and a deck where it is noon, for what began a moment ago and has to be of this day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.deck import zone_at_noon
from tests.harness import EmbeddedServer


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """All five services with the sample workspace, in such a zone."""
    with EmbeddedServer(timezone=zone_at_noon()) as running:
        yield running


def worked_in_the_morning(server: EmbeddedServer) -> int:
    """The id of a block of this day, from nine to ten, which ended before what runs began.

    The sample's former blocks are of other days at the week's end, and in most hours of a Monday.
    """
    now = datetime.now(ZoneInfo(server.timezone))
    nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
    begin, end = (int(one.timestamp()) for one in (nine, nine + timedelta(hours=1)))
    with server.context.database.write() as connection:
        connection.execute(
            "DELETE FROM trackmypeople_blocks"
            " WHERE profile_id = 1 AND time_in >= ? AND time_out IS NOT NULL",
            (int(nine.replace(hour=0).timestamp()),),
        )
        (number,) = connection.execute(
            "INSERT INTO trackmypeople_blocks (profile_id, tracker_id, description, time_in,"
            " time_out) VALUES (1, 6, 'card payments', ?, ?) RETURNING id",
            (begin, end),
        ).fetchone()
    return int(number)
