"""Data over REST: ranges, types, sources, compression, the archive, the newest values."""

from __future__ import annotations

import asyncio
import errno
import math
import sqlite3
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.embedded.igtimi.api import BOAT, FOREIGN, SHARED, WIND_BOT, Api, Pairs
from tui.embedded.igtimi import living
from tui.embedded.igtimi.answers import Refused
from tui.embedded.igtimi.blocks import Column, Series
from tui.embedded.igtimi.recordings import Recordings
from tui.embedded.igtimi.runtime import runtime
from tui.embedded.igtimi.windows import open_window
from tui.services.errors import Refused as ServiceRefused
from tui.services.igtimi.columns import decode_data

FULL = "The disk is full: nothing of this was kept. Make room and send it again."
T0 = 1_500_000_000_000
DAY = 86_400_000


def data(api: Api, start: float, end: float, *pairs: tuple[str, object]) -> Any:
    query = [("start_time", int(start)), ("end_time", int(end)), *pairs]
    return api.get("/resources/data", query)


def put(
    api: Api, kind: int, stamps: list[int], *axes: list[Any], source: int = 0, serial: str = BOAT
) -> None:
    store = runtime(api.server.context).samples
    store.put(Series(serial, kind, source), Column(stamps, list(axes)))


def race(api: Api, title: str) -> tuple[int, int]:
    session = next(
        entry["session"]
        for entry in api.get("/sessions")["sessions"]
        if entry["session"]["name"] == title
    )
    return int(session["start_time"]), int(session["end_time"])


ONE: Pairs = [("serial_numbers[]", BOAT), ("types[9]", 0)]


def test_both_ends_are_included(api: Api) -> None:
    put(api, 9, [T0, T0 + 500, T0 + 1000], [0.0, 1.852, 3.5])
    assert data(api, T0, T0 + 1000, *ONE) == {
        BOAT: {"9": {"t": [T0, T0 + 500, T0 + 1000], "1": [0, 1.852, 3.5]}}
    }
    assert data(api, T0 + 1, T0 + 999, *ONE)[BOAT]["9"]["t"] == [T0 + 500]
    assert data(api, T0 + 1001, T0 + 2000, *ONE) == {}


@pytest.mark.parametrize("root", ["/api/v1", "/riot/api/v1"])
def test_an_answer_that_takes_long_says_before_that_it_lives(
    api: Api, monkeypatch: pytest.MonkeyPatch, root: str
) -> None:
    """A race is sailed when it is read first; who asks gives up after a while without a byte."""
    put(api, 9, [T0], [5.0])

    async def write(_recordings: Recordings, _start: float, _end: float) -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    monkeypatch.setattr(living, "ALIVE_SECONDS", 0.0)
    monkeypatch.setattr(Recordings, "write", write)
    answer = api.call("GET", f"{root}/resources/data", [("start_time", T0), ("end_time", T0), *ONE])
    assert answer.status == 200
    assert answer.text.startswith(" ")
    assert list(answer.json()) == [BOAT]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Refused(404, "unit", "it has left"), {"error": "unit", "reason": "it has left"}),
        (sqlite3.OperationalError("database or disk is full"), {"error": FULL}),
        (OSError(errno.ENOSPC, "No space left on device"), {"error": FULL}),
    ],
)
@pytest.mark.parametrize("root", ["/api/v1", "/riot/api/v1"])
def test_an_answer_that_is_refused_after_it_said_that_it_lives_says_why(
    api: Api, monkeypatch: pytest.MonkeyPatch, root: str, error: Exception, words: dict[str, str]
) -> None:
    async def write(_recordings: Recordings, _start: float, _end: float) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        raise error

    monkeypatch.setattr(living, "ALIVE_SECONDS", 0.0)
    monkeypatch.setattr(Recordings, "write", write)
    answer = api.call("GET", f"{root}/resources/data", [("start_time", T0), ("end_time", T0), *ONE])
    assert answer.text.startswith(" ")
    assert answer.json() == words
    with pytest.raises(ServiceRefused, match=words.get("reason", "disk is full")):
        decode_data(answer.text.encode())


def test_a_long_query_goes_as_a_post(api: Api) -> None:
    put(api, 9, [T0], [5.0])
    form = [("_method", "GET"), ("start_time", T0), ("end_time", T0), *ONE]
    assert api.post("/resources/data", form)[BOAT]["9"]["1"] == [5]


def test_only_source_0_comes_unless_others_are_asked_for(api: Api) -> None:
    for source in (0, 5, 100, 201, 2**40):
        put(api, 13, [T0], [float(source % 1000)], source=source)
    kind = [("serial_numbers[]", BOAT), ("types[13]", 0)]

    def keys(sids: str | None) -> list[str]:
        more = [] if sids is None else [("sids[13]", sids)]
        return list(data(api, T0, T0, *kind, *more).get(BOAT, {}))

    assert keys(None) == ["13"]
    assert keys("0-10,201") == ["13", "13:5", "13:201"]
    assert keys("100") == ["13:100"]
    assert keys(f"{2**40}") == [f"13:{2**40}"]
    assert keys("7-9") == []


def test_unknown_types_and_serials_are_left_out(api: Api) -> None:
    put(api, 9, [T0], [1.0])
    pairs = [*ONE, ("serial_numbers[]", "ZZ-ZZ-ZZZZ"), ("types[999]", 0)]
    assert list(data(api, T0, T0, *pairs)[BOAT]) == ["9"]


@pytest.mark.parametrize(
    ("pairs", "error"),
    [
        ([("start_time", T0), ("end_time", T0 - 1), *ONE], "invalid_range"),
        ([("start_time", T0), ("end_time", T0 + 32 * DAY), *ONE], "range_too_long"),
        ([("start_time", T0), ("end_time", T0), ("serial_numbers[]", BOAT)], "invalid_request"),
        ([("start_time", T0), ("end_time", T0), ("types[1]", 0)], "invalid_request"),
        ([("end_time", T0), *ONE], "invalid_request"),
        ([("start_time", T0), ("end_time", T0), *ONE, ("types[x]", 0)], "invalid_type"),
        ([("start_time", T0), ("end_time", T0), *ONE, ("types[9]", 0.1)], "invalid_compression"),
        ([("start_time", T0), ("end_time", T0), *ONE, ("types[1]", "inf")], "invalid_compression"),
        ([("start_time", T0), ("end_time", T0), *ONE, ("types[1]", "-1")], "invalid_compression"),
        ([("start_time", T0), ("end_time", T0), *ONE, ("sids[9]", "a-b")], "invalid_sids"),
        ([("start_time", T0), ("end_time", T0), *ONE, ("sids[9]", "9" * 19)], "invalid_sids"),
    ],
)
def test_errors_say_what_and_why(shared: Api, pairs: Pairs, error: str) -> None:
    answer = shared.call("GET", "/api/v1/resources/data", pairs)
    assert answer.status == 400
    assert answer.json()["error"] == error
    assert answer.json()["reason"]


def test_with_quirks_an_error_comes_with_200_and_samples_out_of_order_with_doubles(
    quirky: Api,
) -> None:
    query = [("start_time", T0), ("end_time", T0 + 32 * DAY), *ONE]
    assert quirky.get("/resources/data", query)["error"] == "range_too_long"
    put(quirky, 9, [T0, T0 + 1, T0 + 2], [1.0, 2.0, 3.0])
    stamps = data(quirky, T0, T0 + 2, *ONE)[BOAT]["9"]["t"]
    assert stamps != sorted(stamps)
    assert len(stamps) > len(set(stamps)) == 3


def test_access_follows_the_windows(api: Api) -> None:
    put(api, 9, [T0, T0 + 10, T0 + 20, T0 + 30], [1.0, 2.0, 3.0, 4.0])
    mele = api.as_user(5)
    assert data(mele, T0, T0 + 30, *ONE) == {}
    with api.server.context.database.write():
        for first, last in ((T0 + 10, T0 + 12), (T0 + 11, T0 + 20)):
            open_window(api.server.context, BOAT, first, last, read=True, modify=False, user=5)
    assert data(mele, T0, T0 + 30, *ONE)[BOAT]["9"]["1"] == [2, 3]


def test_a_foreign_device_gives_nothing(shared: Api) -> None:
    put(shared, 9, [T0], [1.0], serial=FOREIGN)
    assert data(shared, T0, T0, ("serial_numbers[]", FOREIGN), ("types[9]", 0)) == {}


def off_track(points: list[tuple[float, float]], kept: list[tuple[float, float]]) -> float:
    """How far the farthest point is from the polygon of the kept ones, in degrees."""

    def distance(p: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
        dx, dy = b[0] - a[0], b[1] - a[1]
        length = dx * dx + dy * dy
        share = 0.0
        if length:
            share = max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length))
        return math.hypot(p[0] - a[0] - share * dx, p[1] - a[1] - share * dy)

    return max(min(distance(p, a, b) for a, b in pairwise(kept)) for p in points)


def test_compression_keeps_exact_samples_within_the_error(shared: Api) -> None:
    start, end = race(shared, "Kiel, training race 3")
    boat = ("serial_numbers[]", BOAT)
    full = data(shared, start, end, boat, ("types[1]", 0), ("types[9]", 0))[BOAT]
    thin = data(shared, start, end, boat, ("types[1]", 0.00009), ("types[9]", 0))[BOAT]
    raw = dict(zip(full["1"]["t"], zip(full["1"]["1"], full["1"]["2"], strict=True), strict=True))
    kept = dict(zip(thin["1"]["t"], zip(thin["1"]["1"], thin["1"]["2"], strict=True), strict=True))
    assert len(raw) > 1_500
    assert len(kept) < len(raw) / 15
    assert min(kept) == min(raw)
    assert max(kept) == max(raw)
    assert kept.items() <= raw.items()
    assert off_track(list(raw.values()), list(kept.values())) <= 0.00009
    # Only the track is compressed.
    assert thin["9"] == full["9"]


def test_the_recorded_races_are_worth_a_plot(shared: Api) -> None:
    start, end = race(shared, "Kiel, training race 3")
    boats = [("serial_numbers[]", f"GA-EN-AAA{letter}") for letter in "ABCDEF"]
    found = data(
        shared,
        start,
        end,
        *boats,
        ("serial_numbers[]", WIND_BOT),
        *[(f"types[{n}]", 0) for n in (1, 9, 12, 23)],
    )
    assert len(found) == 7
    assert 25 * 60_000 <= end - start <= 40 * 60_000
    for number in range(6):
        series = found[f"GA-EN-AAA{'ABCDEF'[number]}"]
        assert len(series["1"]["t"]) > 0.95 * (end - start) / 1000
        assert 5 < max(series["9"]["1"]) < 25
    assert len(set(found[WIND_BOT]["23"]["1"])) > 100


def test_archived_data_come_after_some_polls(api: Api) -> None:
    start, end = race(api, "PMYC match race, flight 04")
    pairs = [*ONE, ("serial_numbers[]", WIND_BOT)]
    assert data(api, start, end, *pairs) == {}
    first = data(api, start, end, *pairs, ("restore_archives", "true"))
    assert len(first["archived_resources"]) == 2
    assert BOAT not in first
    polls = 1
    while "archived_resources" in data(api, start, end, *pairs, ("restore_archives", "true")):
        polls += 1
        assert polls < 10
    assert polls > 1
    assert len(data(api, start, end, *pairs)[BOAT]["9"]["t"]) > 600


def test_resources_name_their_stretch_types_and_permissions(shared: Api) -> None:
    start, end = race(shared, "Ora sprint")
    query = [
        ("permission", "read"),
        ("serial_numbers[]", BOAT),
        ("start_time", start),
        ("end_time", end),
    ]
    [entry] = shared.get("/resources", query)["resources"]
    resource = entry["resource"]
    assert (resource["start_time"], resource["end_time"]) == (start, end)
    assert resource["device_serial_number"] == BOAT
    assert {1, 9} < set(resource["data_types"])
    assert resource["permissions"] == {"read": True, "modify": True}
    assert len(shared.get("/resources", [("permission", "modify")])["resources"]) > 20
    assert shared.status("GET", "/resources", [("permission", "read")]) == 400
    assert shared.status("GET", "/resources", [("permission", "own")]) == 400
    streams = [("permission", "read"), ("stream_ids[]", 2)]
    assert BOAT in {
        e["resource"]["device_serial_number"]
        for e in shared.get("/resources", streams)["resources"]
    }


def test_an_application_sees_no_private_resources(shared: Api) -> None:
    query = [("permission", "read"), ("serial_numbers[]", BOAT)]
    assert shared.as_user(None).get("/resources", query) == {"resources": []}


def test_the_newest_value_of_each_device(api: Api) -> None:
    api.server.clock.set(datetime.now(UTC))
    now = int(api.server.clock().timestamp() * 1000)
    put(api, 10, [now - 1000, now - 2000], [7.5, 1.0])
    put(api, 10, [now - 500], [2.0], serial=WIND_BOT)
    query = [("type", 10), *[("serial_numbers[]", s) for s in (WIND_BOT, BOAT, "GA-EN-AAAB")]]
    found = [e["latest_datum"] for e in api.get("/resources/data/latest", query)["latest_data"]]
    assert [datum["serial_number"] for datum in found] == [BOAT, WIND_BOT]
    assert found[0] == {
        "serial_number": BOAT,
        "resource_id": found[0]["resource_id"],
        "c1": 7.5,
        "timestamp": float(now - 1000),
    }
    text = api.call("GET", "/api/v1/resources/data/latest", query).text
    assert f'"timestamp":{now - 1000}.0' in text


def test_the_newest_position_has_two_values_and_any_source_counts(api: Api) -> None:
    later = T0 + 600 * DAY * 20
    put(api, 1, [later], [170.5], [-45.8])
    put(api, 14, [T0], [60.0], source=3)
    query = [("serial_numbers[]", BOAT)]
    latest = "/resources/data/latest"
    [position] = api.get(latest, [("type", 1), *query])["latest_data"]
    assert (position["latest_datum"]["c1"], position["latest_datum"]["c2"]) == (170.5, -45.8)
    [cadence] = api.get(latest, [("type", 14), *query])["latest_data"]
    assert cadence["latest_datum"]["c1"] == 60
    assert api.status("GET", latest, query) == 400
    assert api.status("GET", latest, [("type", 1)]) == 400
    foreign = [("type", 1), ("serial_numbers[]", SHARED)]
    assert api.get(latest, foreign) == {"latest_data": []}
