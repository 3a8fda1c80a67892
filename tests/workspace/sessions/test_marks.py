"""Marks and the ends of a line: typed places, and what goes into a session's log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.services.errors import NotFound
from tui.services.igtimi.records import LatestDatum
from tui.services.igtimi.session_log import LogData, LogEntry
from tui.services.igtimi.session_state import SessionObject, fold
from tui.workspace.sessions.marks import PlaceError, Spot, fix_of, mark_entries, read_spot

NOW = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("54.4016, 10.2051", (54.4016, 10.2051)),
        ("54.4016 10.2051", (54.4016, 10.2051)),
        ("-36.8; -174.25", (-36.8, -174.25)),
        ("54 24.1 N, 10 12.3 E", (54 + 24.1 / 60, 10 + 12.3 / 60)),
        ("54 24.1 10 12.3", (54 + 24.1 / 60, 10 + 12.3 / 60)),
        ("54°24.1'N 010°12.3'W", (54 + 24.1 / 60, -10 - 12.3 / 60)),
        ("S36 50 E174 50", (-36 - 50 / 60, 174 + 50 / 60)),
        ("36.5s 174.5w", (-36.5, -174.5)),
    ],
)
def test_a_place_is_read_as_sailors_write_it(text: str, spot: tuple[float, float]) -> None:
    assert read_spot(text) == pytest.approx(spot)


@pytest.mark.parametrize(
    "text",
    ["", "54", "91 10", "54 181", "54 60.0, 10", "10 E, 54 N", "-54 S, 10", "54.5 30, 10", "a, b",
     "1, 2, 3", "nan, 1", "54 24.1 N"],
)  # fmt: skip
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(PlaceError, match="Latitude and longitude"):
        read_spot(text)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_decimal_place_is_itself(latitude: float, longitude: float) -> None:
    found = read_spot(f"{latitude:.6f}, {longitude:.6f}")
    assert found == pytest.approx((latitude, longitude), abs=1e-6)


def laid(log: list[LogEntry], *what: LogData) -> list[LogEntry]:
    return [*log, *(LogEntry(id=len(log) + n, created_at=NOW, data=one)
                    for n, one in enumerate(what, 1))]  # fmt: skip


def marks(log: list[LogEntry]) -> list[tuple[str, str, tuple[str, ...], list[tuple[float, float]]]]:
    def told(one: SessionObject) -> tuple[str, str, tuple[str, ...], list[tuple[float, float]]]:
        places = [(place.latitude, place.longitude) for place in one.positions]
        return one.name, one.buoy_type, one.devices, places

    return [told(one) for one in fold(log).marks]


def test_an_end_of_the_line_that_is_laid_again_is_where_it_was_laid_last() -> None:
    log = laid([], *mark_entries([], "pin", "", spot=Spot(54.0, 10.0)))
    log = laid(log, *mark_entries(log, "windward", "Top", spot=Spot(54.02, 10.0)))
    assert marks(log) == [
        ("Pin end", "pin", (), [(54.0, 10.0)]), ("Top", "windward", (), [(54.02, 10.0)]),
    ]  # fmt: skip
    log = laid(log, *mark_entries(log, "pin", "Yellow", spot=Spot(54.1, 10.1)))
    log = laid(log, *mark_entries(log, "windward", "Other", spot=Spot(54.03, 10.0)))
    assert [one[:2] for one in marks(log)] == [
        ("Yellow", "pin"), ("Top", "windward"), ("Other", "windward"),
    ]  # fmt: skip
    assert marks(log)[0][3] == [(54.1, 10.1)]
    # Now it moves with a device, then it is laid again: the newest stands for the line.
    log = laid(log, *mark_entries(log, "pin", "", "SO-AA-AAAA"))
    assert marks(log)[0][2] == ("SO-AA-AAAA",)
    log = laid(log, *mark_entries(log, "pin", "", spot=Spot(54.2, 10.2)))
    assert marks(log)[-1][1:] == ("pin", (), [(54.2, 10.2)])


def told(seconds: float, *axes: float | str) -> list[LatestDatum]:
    """The newest value of a device, so many seconds before now."""
    time = NOW - timedelta(seconds=seconds)
    c1, c2 = (*axes, None)[:2]
    return [LatestDatum(serial_number="GA-EN-AAAB", timestamp=time, c1=c1, c2=c2)]


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (0, "0 s ago"),
        (90, "1 min ago"),
        (3 * 86_400, "3 d ago"),
        (-3600, "by its clock, which is 1 h ahead"),
    ],
)
def test_where_a_device_was_last_says_how_long_ago(ago: float, text: str) -> None:
    fix = fix_of(told(ago, 10.2, 54.4), told(ago + 5, 1.0))
    assert (fix.spot, fix.age(NOW)) == (Spot(54.4, 10.2), text)


@pytest.mark.parametrize(
    ("newest", "quality", "why"),
    [
        ([], [], "no position yet"),
        (told(1, "x", "y"), [], "no position yet"),
        (told(1, 0.0, 0.0), told(5, 1.0), "no fix: it is 0/0"),
        (told(1, 10.2, 90.5), [], "no fix: there is no such place"),
        (told(1, 180.5, 54.4), [], "no fix: there is no such place"),
        (told(1, 10.2, 54.4), told(1, 0.0), "no fix: the device says that it has none"),
        (told(1, 10.2, 54.4), told(900, 0.0), "no fix: the device says that it has none"),
    ],
)
def test_what_is_no_fix_is_no_place_for_a_mark(
    newest: list[LatestDatum], quality: list[LatestDatum], why: str
) -> None:
    with pytest.raises(NotFound, match=why):
        fix_of(newest, quality)


def test_a_fix_that_was_lost_afterwards_stands_with_its_age() -> None:
    assert fix_of(told(60, 10.2, 54.4), told(30, 0.0)).age(NOW) == "1 min ago"
    assert fix_of(told(60, 0.0, 54.4), []).spot == Spot(54.4, 0.0)
