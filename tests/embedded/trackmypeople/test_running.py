"""The timer: start, switch, stop, status, today's total."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.embedded.trackmypeople.caller import WEDNESDAY, call, make_server
from tests.harness import EmbeddedServer


@pytest.fixture(scope="module")
def empty_server() -> Iterator[EmbeddedServer]:
    with make_server(seeded=False) as server:
        yield server


@pytest.fixture
def empty(empty_server: EmbeddedServer) -> EmbeddedServer:
    empty_server.reset()
    return empty_server


@pytest.fixture(scope="module")
def sample_server() -> Iterator[EmbeddedServer]:
    with make_server() as server:
        yield server


@pytest.fixture
def sample(sample_server: EmbeddedServer) -> EmbeddedServer:
    sample_server.reset()
    return sample_server


def test_nothing_runs_in_an_empty_account(empty: EmbeddedServer) -> None:
    assert call(empty, "status") == {
        "result": 1,
        "daytotal": 0,
        "default_tracker": {"Id": 1, "Name": "Own work", "Abbreviation": "OWN", "Trackable": 1},
    }


def test_start_takes_the_default_tracker_and_the_clock_runs(empty: EmbeddedServer) -> None:
    started = call(empty, "start")
    assert started["result"] == 1
    assert started["last_block"]["started_at"] == str(int(WEDNESDAY.timestamp()))
    assert started["last_block"]["tracker"]["Id"] == 1
    assert "default_tracker" not in started
    empty.clock.advance(minutes=2)
    running = call(empty, "status")
    assert running["daytotal"] == 120
    assert running["last_block"]["total"] == "120"


def test_start_twice_is_refused_and_says_what_runs(sample: EmbeddedServer) -> None:
    before = call(sample, "status")
    again = call(sample, "start", tracker_id=11)
    assert again["result"] == 0
    assert "already started" in again["error"]
    assert again["last_block"] == before["last_block"]


def test_stop_keeps_the_description_and_a_second_stop_is_refused(sample: EmbeddedServer) -> None:
    assert call(sample, "stop", description="berth 12") == {"result": 1}
    again = call(sample, "stop")
    assert again["result"] == 0
    assert "already stopped" in again["error"]
    last = list(call(sample, "report", start="2026-03-11").values())[-1]
    assert last["Description"] == "berth 12"
    assert last["TimeOut"] == "2026-03-11 16:00:00"
    assert last["Total"] == 41 * 60 + 12


def test_switch_ends_one_block_and_begins_another(sample: EmbeddedServer) -> None:
    before = call(sample, "status")["daytotal"]
    sample.clock.advance(minutes=5)
    switched = call(sample, "switch", tracker_id=11, description="half of it")
    assert switched["result"] == 1
    assert switched["daytotal"] == before + 300
    assert switched["last_block"]["tracker"]["Name"] == "Cutting list"
    blocks = list(call(sample, "report", start="2026-03-11", include_open=1).values())
    assert [block["Description"] for block in blocks[-2:]] == ["half of it", ""]
    assert blocks[-2]["TimeOut"] == blocks[-1]["TimeIn"]
    assert blocks[-1]["TimeOut"] == ""


def test_switch_without_a_running_block_is_refused(empty: EmbeddedServer) -> None:
    refused = call(empty, "switch", tracker_id=1)
    assert refused["result"] == 0
    assert "last_block" not in refused
    assert call(empty, "report", include_open=1) == {}


@pytest.mark.parametrize("function", ["start", "switch", "add", "addfree"])
@pytest.mark.parametrize("tracker", ["8", "999", "none", "9" * 400])
def test_only_trackers_of_the_person_are_taken(
    sample: EmbeddedServer, function: str, tracker: str
) -> None:
    if function == "start":
        call(sample, "stop")
    before = call(sample, "status")
    fields = {"start": "2026-03-12 10:00:00", "stop": "2026-03-12 11:00:00", "hours": 1}
    refused = call(sample, function, tracker_id=tracker, **fields)
    assert refused["result"] == 0
    assert refused["error"]
    assert call(sample, "status") == before


def test_the_total_counts_blocks_that_began_today(empty: EmbeddedServer) -> None:
    # 23:00 to 01:00 in Brussels began yesterday.
    call(empty, "add", start="2026-03-10 23:00:00", stop="2026-03-11 01:00:00")
    assert call(empty, "total") == {"total": "0"}
    call(empty, "add", start="2026-03-11 01:00:00", stop="2026-03-11 02:30:00")
    assert call(empty, "total") == {"total": "5400"}
    assert call(empty, "status")["daytotal"] == 5400


def test_the_sample_has_a_timer_that_runs_and_a_day_before_it(sample: EmbeddedServer) -> None:
    state = call(sample, "status")
    elapsed = int(WEDNESDAY.timestamp()) - int(state["last_block"]["started_at"])
    assert elapsed == 41 * 60 + 12
    assert state["last_block"]["tracker"]["Name"] == "Booking form"
    assert state["daytotal"] > 4 * 3600
    assert int(call(sample, "total")["total"]) == state["daytotal"]
