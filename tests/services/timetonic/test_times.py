"""Times as the service takes them: French wall times without an offset."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.services.timetonic.sample import answering, ok
from tui.services.errors import InvalidArgument
from tui.services.timetonic.wire_values import wire_value


def test_the_second_of_two_hours_cannot_be_written_and_is_not_written_as_the_first() -> None:
    paris = ZoneInfo("Europe/Paris")
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert wire_value(first) == "2026-10-25 02:30:00"
    with pytest.raises(InvalidArgument, match="02:30 exists twice on 2026-10-25 in Paris"):
        wire_value(second)
    assert wire_value(datetime(2026, 10, 25, 3, tzinfo=paris)) == "2026-10-25 03:00:00"


@pytest.mark.parametrize(
    ("value", "with_time", "name"),
    [
        ("1710457200", False, "2024-03-15"),
        (1710457200, False, "2024-03-15"),
        ("2024-03-15", False, "2024-03-15"),
        (1710457260, True, "2024-03-15 00:01:00"),
        ("2024-03-15 00:01:00", True, "2024-03-15 00:01:00"),
        ("-0001-11-30 00:00:00", False, ""),
        ("0000-00-00", True, ""),
        (0.5, False, "1970-01-01"),
        ("soon", False, "soon"),
    ],
)
async def test_a_row_is_called_by_its_day_and_not_by_a_number(
    value: Any, with_time: bool, name: str
) -> None:
    field = {"id": 2, "name": "Day", "type": "date", "timeAndDate": with_time}
    table = {"id": 11, "name": "T", "fields": [{**field, "values": [{"id": 31, "value": value}]}]}
    service, _ = answering(ok(tableValues=table))
    [row] = (await service.get_table_values(11)).rows
    assert row.name == name
