"""How tocks read in little room, and where they lead: no widgets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.screens.tocks.links import addresses_of
from tui.screens.tocks.list import LEGEND, MARKS, NARROW_WHEN, short_when
from tui.services.ticktocker import Tock

NOW = datetime(2026, 11, 29, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(seconds=30), "29 Nov now"),
        (timedelta(minutes=25), "29 Nov +25m"),
        (timedelta(hours=2, minutes=59), "29 Nov +2h"),
        (timedelta(hours=30), "1 Dec +30h"),
        (timedelta(days=3), "2 Dec +3d"),
        (timedelta(days=-120), "1 Aug -120d"),
        (timedelta(days=200), "17 Jun 2027"),
    ],
)
def test_the_day_is_kept_beside_how_far_it_is(ahead: timedelta, said: str) -> None:
    assert short_when(NOW + ahead, None, UTC, NOW) == said


@given(st.timedeltas(timedelta(days=-40_000), timedelta(days=40_000)))
def test_it_always_has_room(ahead: timedelta) -> None:
    start = NOW + ahead
    text = short_when(start, start + timedelta(hours=1), UTC, NOW)
    assert len(text) <= NARROW_WHEN
    assert text.startswith(f"{start.day} {start:%b}")


def test_what_goes_on_is_now_and_what_is_not_told_is_empty() -> None:
    begun = NOW - timedelta(hours=20)
    assert short_when(begun, NOW + timedelta(hours=1), UTC, NOW) == "28 Nov now"
    assert short_when(None, None, UTC, NOW) == ""


def test_every_mark_is_explained() -> None:
    assert set(MARKS) <= {sign for sign, _title, _meaning in LEGEND}


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/hosts", "-x", "http://a b", "\x1b]8;;http://a\x07"]
)
def test_only_addresses_of_pages_lead_anywhere(link: str) -> None:
    tock = Tock(short_url="abc", url="lunch", author_url="tide", link=link)
    assert [address for _name, address in addresses_of(tock)] == [
        "http://ticktocker.com/tide/lunch",
        "http://tcktck.com/abc",
    ]
    good = Tock(short_url="abc", link="https://example.org/")
    assert addresses_of(good)[0] == ("Its link", "https://example.org/")
