"""Adding time and free time, and what is in the way of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.embedded.trackmypeople.caller import basic, call, make_server
from tests.harness import EmbeddedServer


@pytest.fixture(scope="module")
def empty_server() -> Iterator[EmbeddedServer]:
    with make_server(seeded=False) as server:
        yield server


@pytest.fixture
def empty(empty_server: EmbeddedServer) -> EmbeddedServer:
    empty_server.reset()
    return empty_server


def test_an_added_block_is_answered_whole(empty: EmbeddedServer) -> None:
    answer = call(
        empty,
        "add",
        start="2026-03-09 10:00:00",
        stop="2026-03-09 11:30:00",
        tracker_id=1,
        description="<b>mail & \u2192</b>",
    )
    assert answer == {
        "result": 1,
        "added_block": {
            "Id": 1,
            "ProfileId": 1,
            "TrackerId": 1,
            "Description": "<b>mail & \u2192</b>",
            "TimeIn": "2026-03-09 10:00:00",
            "TimeOut": "2026-03-09 11:30:00",
            "Total": 5400,
            "Free": False,
        },
    }
    assert call(empty, "report")["block_1"] == answer["added_block"]


def test_an_hour_that_is_none_is_refused_and_one_of_two_is_told_by_its_offset(
    empty: EmbeddedServer,
) -> None:
    spring = call(empty, "add", start="2025-03-30 02:30:00", stop="2025-03-30 04:00:00")
    assert spring["result"] == 0
    assert "does not exist in Europe/Brussels" in spring["error"]
    span = {"stop": "2025-10-26 03:30:00"}
    asked = call(empty, "add", start="2025-10-26 02:30:00", **span)
    assert asked["result"] == 0
    assert "2025-10-26 02:30:00+02:00 or 2025-10-26 02:30:00+01:00" in asked["error"]
    for offset, hours in (("+02:00", 2), ("+01:00", 1)):
        empty.reset()
        told = call(empty, "add", start=f"2025-10-26 02:30:00{offset}", **span)
        assert told["added_block"]["Total"] == hours * 3600
    # A day with such an hour in it is a day like any other.
    assert len(call(empty, "report", start="2025-10-26", stop="2025-10-26")) == 1


def test_an_overlap_is_refused_with_the_address_of_the_block(empty: EmbeddedServer) -> None:
    call(empty, "add", start="2026-03-09 10:00:00", stop="2026-03-09 11:30:00")
    for begin, end in [
        ("09:00", "10:01"),
        ("10:30", "10:40"),
        ("11:29", "12:00"),
        ("9:00", "13:00"),
    ]:
        refused = call(empty, "add", start=f"2026-03-09 {begin}:00", stop=f"2026-03-09 {end}:00")
        assert refused["result"] == 0
        assert "overlap" in refused["error"]
        assert refused["url"].startswith(empty.url("/trackmypeople/block/edit/id/1?once="))
    page = empty.http("GET", "/trackmypeople/block/edit/id/1", basic=basic(empty))
    assert page.status == 200
    assert "Own work" in page.text
    assert empty.http("GET", "/trackmypeople/block/edit/id/1").status == 401
    # Blocks may touch.
    assert call(empty, "add", start="2026-03-09 09:00", stop="2026-03-09 10:00")["result"] == 1
    assert call(empty, "add", start="2026-03-09 11:30", stop="2026-03-09 12:00")["result"] == 1


def test_the_running_block_is_in_the_way_up_to_now(empty: EmbeddedServer) -> None:
    call(empty, "start")
    empty.clock.advance(hours=1)
    refused = call(empty, "add", start="2026-03-11 15:30:00", stop="2026-03-11 16:30:00")
    assert refused["result"] == 0
    assert refused["url"]
    # In Brussels it is five o'clock now.
    assert call(empty, "add", start="2026-03-11 17:00", stop="2026-03-11 18:00")["result"] == 1


def test_without_a_stop_the_block_stays_open(empty: EmbeddedServer) -> None:
    answer = call(empty, "add", start="2026-03-11 15:30:00")
    assert answer["added_block"]["TimeOut"] == ""
    assert answer["added_block"]["Total"] == 1800
    assert call(empty, "status")["last_block"]["total"] == "1800"
    second = call(empty, "add", start="2026-03-11 14:00:00")
    assert second["result"] == 0
    assert second["url"]
    assert call(empty, "start")["result"] == 0


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({}, "start"),
        ({"start": ""}, "start"),
        ({"start": "2026-03-09 12:00:00", "stop": "2026-03-09 11:00:00"}, "Start is after stop"),
        ({"start": "2026-03-09 12:00:00", "stop": "2026-03-09 12:00:00"}, "equals"),
        ({"start": "yesterday"}, "start"),
        ({"start": "2026-02-30 12:00:00"}, "start"),
        ({"start": "0001-01-01 00:00:00", "stop": "2026-03-09"}, "start"),
        ({"start": "2026-03-12 12:00:00"}, "future"),
        ({"start": "2026-03-09 12:00:00", "stop": "13:00"}, "stop"),
        (
            {"start": "2026-03-09 12:00", "stop": "2026-03-09 13:00", "description": "x" * 2001},
            "2000",
        ),
    ],
)
def test_the_server_checks_what_is_added(
    empty: EmbeddedServer, fields: dict[str, str], part: str
) -> None:
    refused = call(empty, "add", **fields)
    assert refused["result"] == 0
    assert part in refused["error"]
    assert "url" not in refused
    assert call(empty, "report", include_open=1) == {}


def test_unix_seconds_are_taken_too(empty: EmbeddedServer) -> None:
    answer = call(empty, "add", start="1773050400", stop="1773054000")
    assert answer["added_block"]["TimeIn"] == "2026-03-09 11:00:00"
    assert answer["added_block"]["Total"] == 3600


def test_free_time_goes_to_the_first_gap_of_the_day(empty: EmbeddedServer) -> None:
    call(empty, "add", start="2026-03-09 10:00:00", stop="2026-03-09 11:30:00")
    answer = call(empty, "addfree", hours="7.5", date="2026-03-09", description="day off")
    block = answer["added_block"]
    assert block["Free"] is True
    assert block["TimeIn"] == "2026-03-09 11:30:00"
    assert block["Total"] == 27000
    today = call(empty, "addfree", hours="1")["added_block"]
    assert today["TimeIn"] == "2026-03-11 09:00:00"


def test_free_time_that_does_not_fit_is_an_overlap(empty: EmbeddedServer) -> None:
    call(empty, "add", start="2026-03-09 10:00:00", stop="2026-03-09 11:30:00")
    refused = call(empty, "addfree", hours="14", date="2026-03-09")
    assert refused["result"] == 0
    assert "/block/edit/id/1?once=" in refused["url"]
    whole = call(empty, "addfree", hours="24", date="2026-03-10")["added_block"]
    assert (whole["TimeIn"], whole["TimeOut"]) == ("2026-03-10 00:00:00", "2026-03-11 00:00:00")


@pytest.mark.parametrize("hours", ["", "0", "-1", "24.1", "eight", "NaN", "1e400", "Infinity"])
def test_hours_are_checked(empty: EmbeddedServer, hours: str) -> None:
    refused = call(empty, "addfree", hours=hours)
    assert refused["result"] == 0
    assert "ours" in refused["error"]


def test_wall_time_follows_the_clock_change(empty: EmbeddedServer) -> None:
    # In the night to 29 March the clocks of Brussels go from 2 to 3.
    answer = call(empty, "add", start="2026-03-29 01:00:00", stop="2026-03-29 04:00:00")
    assert answer["added_block"]["Total"] == 2 * 3600
