"""How long a service may make the client wait: to the second, and up to a limit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import tzset

import httpx
import pytest

from tests.services.capture import Capture, Sample
from tests.services.igtimi.samples import client as igtimi
from tui.services.errors import ConnectionFailed, NotNow, PermissionDenied, RateLimited
from tui.services.igtimi.client import Igtimi
from tui.services.limits import LONGER, LONGEST_WAIT, Limits, retry_after
from tui.workspace.problems import one_line


def told(number: int, seconds: float) -> httpx.Response:
    return httpx.Response(number, headers={"retry-after": f"{seconds:g}"}, json={})


@pytest.mark.parametrize(("header", "seconds"), [("0", 0), ("1", 1), ("1.5", 1.5), ("120", 120)])
def test_seconds_are_seconds(header: str, seconds: float) -> None:
    assert retry_after(header) == seconds


def test_a_date_is_as_far_as_it_is() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert retry_after(later) == pytest.approx(90, abs=5)


@pytest.mark.parametrize("zone", ["-0000", "UTC", "Z", ""])
def test_a_date_is_in_utc_wherever_one_is(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    tzset()
    try:
        later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
        assert retry_after(later.replace("GMT", zone)) == pytest.approx(90, abs=5)
    finally:
        monkeypatch.undo()
        tzset()


@pytest.mark.parametrize("number", [423, 425, 429, 503])
async def test_the_longest_wait_is_the_limit(number: int) -> None:
    limit = Limits().wait_limit
    capture = Capture(told(number, limit), {})
    await Sample(capture.transport()).look()
    assert capture.slept == [limit]


async def test_a_second_more_is_told() -> None:
    limit = Limits().wait_limit
    capture = Capture(told(429, limit + 1), {})
    with pytest.raises(RateLimited) as caught:
        await Sample(capture.transport()).look()
    assert caught.value.wait == limit + 1
    assert capture.slept == []


async def test_what_is_turned_away_says_when_to_come_again() -> None:
    """Beside what is locked or too early, and beside a breakdown, as beside too many calls."""
    for number, kind in ((423, NotNow), (425, NotNow), (429, RateLimited), (503, ConnectionFailed)):
        for header, wait in (("600", 600.0), ("999999999", LONGEST_WAIT), ("soon", None)):
            made, _ = igtimi(httpx.Response(number, headers={"Retry-After": header}))
            with pytest.raises(kind) as caught:
                await made.sessions.get(7)
            assert caught.value.wait == wait, (number, header)
            said = one_line(caught.value)
            assert ("try again in 10 min." in said.lower()) == (header == "600"), said
            assert (LONGER in said) == (wait == LONGEST_WAIT), said
            assert ("Nothing was done" in said) == (kind is NotNow), said


async def test_a_change_that_was_turned_away_once_is_not_in_doubt_for_that() -> None:
    for number in (423, 425, 429):
        capture = Capture(told(number, 1), httpx.Response(401), httpx.Response(200, json={}))
        with pytest.raises(PermissionDenied):
            await Igtimi(capture.transport("igtimi"), access_token="T").sessions.delete(7)
        assert capture.slept == [1.0]
