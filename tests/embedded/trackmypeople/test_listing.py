"""Trackers, reportees, the report, and the version check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.embedded.trackmypeople.caller import call, make_server
from tests.harness import EmbeddedServer
from tui import __version__


@pytest.fixture(scope="module")
def sample() -> Iterator[EmbeddedServer]:
    with make_server() as server:
        yield server


def test_trackers_are_a_tree_in_alphabetical_order(sample: EmbeddedServer) -> None:
    trackers = call(sample, "trackers")
    assert len(trackers) == 18
    assert list(trackers.items())[:6] == [
        ("2", "Fairlead Works"),
        ("3", "→ Harbour Trust"),
        ("4", "→→ Berth bookings"),
        ("5", "→→→ Booking form"),
        ("6", "→→→ Payment page"),
        ("7", "→→→ Tide table import"),
    ]
    assert trackers["1"] == "Own work"
    # The person sees the reporting of this one but can not track for it.
    assert "8" not in trackers


def test_reportees_are_the_three_people(sample: EmbeddedServer) -> None:
    people = call(sample, "reportees")
    assert list(people) == ["reportee_1", "reportee_2", "reportee_3"]
    assert people["reportee_1"]["Timezone"] == "Europe/Brussels"
    assert people["reportee_2"]["DefaultTrackerId"] == 12
    assert set(people["reportee_3"]) == {
        "Id",
        "Title",
        "Namefirst",
        "Namefamily",
        "Email",
        "Phone",
        "Gsm",
        "Timezone",
        "Culture",
        "DefaultTrackerId",
    }


@pytest.mark.parametrize("profile", [1, 2, 3])
def test_the_sample_holds_five_weeks_without_an_overlap(
    sample: EmbeddedServer, profile: int
) -> None:
    blocks = list(call(sample, "report", profile_id=profile).values())
    assert len(blocks) > 80
    end = datetime.fromisoformat("2026-02-01 00:00:00")
    for block in blocks:
        begin = datetime.fromisoformat(block["TimeIn"])
        assert begin >= end
        assert begin.weekday() < 5
        end = datetime.fromisoformat(block["TimeOut"])
        assert (end - begin).total_seconds() == block["Total"] > 0
    assert end <= datetime.fromisoformat("2026-03-11 16:00:00")
    assert sum(block["Free"] for block in blocks) == 3


def test_the_report_is_the_persons_own_unless_asked(sample: EmbeddedServer) -> None:
    assert call(sample, "report") == call(sample, "report", profile_id=1)
    other = call(sample, "report", profile_id=2)
    assert {block["ProfileId"] for block in other.values()} == {2}
    refused = call(sample, "report", profile_id=77)
    assert refused["result"] == 0
    assert "77" in refused["error"]


def test_the_report_filters(sample: EmbeddedServer) -> None:
    everything = call(sample, "report")
    assert all(block["TimeOut"] for block in everything.values())
    with_open = call(sample, "report", include_open=1)
    assert len(with_open) == len(everything) + 1
    free = call(sample, "report", free=1)
    worked = call(sample, "report", free=0)
    assert all(block["Free"] for block in free.values())
    assert {**worked, **free}.keys() == everything.keys()
    # A tracker stands for all that is below it.
    project = call(sample, "report", tracker_id=4)
    assert {block["TrackerId"] for block in project.values()} == {5, 6, 7}
    day = call(sample, "report", start="2026-03-10", stop="2026-03-10")
    assert {block["TimeIn"][:10] for block in day.values()} == {"2026-03-10"}
    assert day == call(sample, "report", start="2026-03-10 00:00", stop="2026-03-11 00:00:00")
    assert call(sample, "report", start="2001-01-01", stop="2001-02-01") == {}


def test_the_report_speaks_the_zone_that_is_asked_for(sample: EmbeddedServer) -> None:
    here = next(iter(call(sample, "report", start="2026-03-10").values()))
    utc = call(sample, "report", start="2026-03-09", timezone="UTC")[f"block_{here['Id']}"]
    for name in ("TimeIn", "TimeOut"):
        difference = datetime.fromisoformat(here[name]) - datetime.fromisoformat(utc[name])
        assert difference.total_seconds() == 3600


@pytest.mark.parametrize(
    "fields",
    [
        {"start": "soon"},
        {"start": "2026-03-11", "stop": "2026-03-01"},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../../etc/passwd"},
        {"timezone": "Europe"},
        {"free": "perhaps"},
        {"tracker_id": "4000"},
        {"profile_id": "me"},
    ],
)
def test_the_report_refuses_what_it_cannot_read(
    sample: EmbeddedServer, fields: dict[str, str]
) -> None:
    refused = call(sample, "report", **fields)
    assert refused["result"] == 0
    assert refused["error"]


@pytest.mark.parametrize(
    ("passed", "answer"),
    [
        ("Windows_Y-1.1.1", {"result": 1}),
        (f"Terminal_{__version__}", {"result": 1}),
        ("Windows_Y-2.0", {"result": 1}),
        ("Amiga_1.0", {"result": 0, "error": "invalid version passed: Amiga_1.0"}),
        ("1.0", {"result": 0, "error": "invalid version passed: 1.0"}),
        ("", {"result": 0, "error": "invalid version passed: "}),
    ],
)
def test_the_version_check(sample: EmbeddedServer, passed: str, answer: dict[str, object]) -> None:
    assert call(sample, "version", version=passed) == answer


def test_an_older_version_gets_the_address_of_the_newer(sample: EmbeddedServer) -> None:
    answer = call(sample, "version", version="Windows_Y-1.0.9")
    assert answer["result"] == 0
    assert sample.http("GET", answer["url"].removeprefix(sample.base_url)).status == 200
