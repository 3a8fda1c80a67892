"""Times as the service takes them: French wall times without an offset."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tui.services.errors import InvalidArgument
from tui.services.timetonic.rows import wire_value


def test_the_second_of_two_hours_cannot_be_written_and_is_not_written_as_the_first() -> None:
    paris = ZoneInfo("Europe/Paris")
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert wire_value(first) == "2026-10-25 02:30:00"
    with pytest.raises(InvalidArgument, match="02:30 exists twice on 2026-10-25 in Paris"):
        wire_value(second)
    assert wire_value(datetime(2026, 10, 25, 3, tzinfo=paris)) == "2026-10-25 03:00:00"
