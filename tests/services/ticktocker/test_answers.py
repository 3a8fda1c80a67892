"""TickTocker's codes, its open questions, its throttle, and broken answers."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given, settings

from tests.services.capture import Capture
from tests.services.strategies import json_objects, json_values
from tests.services.ticktocker.test_contract import SAMPLE_TOCK, START, STREAM, TOCK, client
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    ProtocolViolation,
    RateLimited,
    Refused,
    ServiceError,
)
from tui.services.throttle import Throttle, ThrottleRule
from tui.services.ticktocker import TickTocker
from tui.services.transport import NotSent

OK = {"code": 1, "response": {}}
ACCOUNT = {"code": 1, "response": {"username": "gadgets", "apikey": "NEW"}}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (0, Refused),
        (-1, Refused),
        (-2, AuthenticationFailed),
        (-3, PermissionDenied),
        (-4, AuthenticationFailed),
        (-5, RateLimited),
        (-6, RateLimited),
        (-99, Refused),
    ],
)
@pytest.mark.parametrize("form", [int, str])
async def test_every_code_has_its_error(code: int, kind: type[ServiceError], form: Any) -> None:
    """Function Responses; any function may answer any of them."""
    capture = Capture({"code": form(code)})
    with pytest.raises(kind) as caught:
        await client(capture).submit("A title", START)
    assert caught.value.code == str(code)
    assert caught.value.operation == "ticktocker.submit"
    assert caught.value.advice
    # Only what came too fast comes again, once: nothing has been done then.
    assert len(capture.requests) == (2 if code == -5 else 1)


async def test_the_services_own_words_are_kept() -> None:
    with pytest.raises(Refused, match="title is too short"):
        await client(Capture({"code": -1, "response": {"error": "title is too short"}})).submit(
            "A title", START
        )


async def test_no_response_is_an_empty_stream_a_done_follow_and_no_tock() -> None:
    """Code 0: completed without a response, unless `error` says otherwise."""
    for answer in ({"code": 0}, {"code": 0, "response": ""}, {"code": 0, "response": {}}):
        assert await client(Capture(answer)).community("hot") == []
        assert (await client(Capture(answer)).follow("eric")).response is None
        with pytest.raises(NotFound):
            await client(Capture(answer)).tock("nope")
    with pytest.raises(Refused, match="missing a parameter"):
        await client(Capture({"code": 0, "response": {"error": "missing a parameter"}})).follow("x")


async def test_too_fast_and_no_more_calls_say_how_long_to_wait() -> None:
    too_fast = client(Capture({"code": -5}))
    with pytest.raises(RateLimited) as caught:
        await too_fast.version()
    assert caught.value.wait == pytest.approx(0.2)
    used_up = client(Capture({"code": -6}))
    with pytest.raises(RateLimited) as caught:
        await used_up.version()
    assert caught.value.wait == pytest.approx(30)
    assert used_up.throttle.remaining == 0


async def test_a_call_that_came_too_fast_comes_once_more_in_its_turn() -> None:
    capture = Capture({"code": -5}, STREAM)
    assert await client(capture).community("hot") == [TOCK]
    assert len(capture.requests) == 2
    capture = Capture({"code": -5})
    with pytest.raises(RateLimited):
        await client(capture).follow("eric")
    assert len(capture.requests) == 2


async def test_the_password_logs_in_when_first_needed_and_once_more_when_the_key_is_refused() -> (
    None
):
    capture = Capture(ACCOUNT, OK, {"code": -2}, ACCOUNT, STREAM)
    ticker = client(capture, apikey=None, password="secret")
    await ticker.follow("eric")
    assert await ticker.community("hot") == [TOCK]
    paths = [request.url.path.removeprefix("/api/1/") for request in capture.requests]
    assert paths == ["getapikey", "follow/eric", "community/hot", "getapikey", "community/hot"]


async def test_a_key_that_is_refused_twice_ends_the_attempt() -> None:
    capture = Capture({"code": -2}, ACCOUNT, {"code": -2})
    with pytest.raises(AuthenticationFailed):
        await client(capture, password="secret").version()
    assert len(capture.requests) == 3


async def test_a_refused_application_is_no_reason_to_log_in_again() -> None:
    capture = Capture({"code": -4})
    with pytest.raises(AuthenticationFailed) as caught:
        await client(capture, password="secret").version()
    assert "application token" in caught.value.advice
    assert len(capture.requests) == 1


async def test_without_a_password_a_refused_key_asks_to_log_in_again() -> None:
    capture = Capture({"code": -2})
    with pytest.raises(AuthenticationFailed) as caught:
        await client(capture).version()
    assert "Log in again" in caught.value.advice
    assert len(capture.requests) == 1
    with pytest.raises(AuthenticationFailed, match="neither"):
        await client(capture, apikey=None).version()


async def test_two_calls_at_once_log_in_once() -> None:
    def answer(request: httpx.Request) -> dict[str, Any]:
        return ACCOUNT if request.url.path.endswith("getapikey") else OK

    capture = Capture(answer)
    free = Throttle(rule=ThrottleRule(interval=0))
    ticker = client(capture, apikey=None, password="secret", throttle=free)
    await asyncio.gather(ticker.follow("a"), ticker.follow("b"))
    assert [r.url.path for r in capture.requests].count("/api/1/getapikey") == 1


async def test_the_community_path_can_be_the_printed_one() -> None:
    capture = Capture(STREAM)
    await client(capture, community_path="follow").community("hot")
    assert capture.request.url.path == "/api/1/follow/hot"


@pytest.mark.parametrize(("first", "pages"), [(1, ["", "/2", "/3"]), (0, ["", "/1", "/2"])])
async def test_the_first_page_is_sent_without_a_number(first: int, pages: list[str]) -> None:
    for page, suffix in enumerate(pages, start=1):
        capture = Capture(STREAM)
        await client(capture, first_page=first).community("fresh", page)
        assert capture.request.url.path == f"/api/1/community/fresh{suffix}"
    with pytest.raises(InvalidArgument):
        await client(Capture()).community("fresh", 0)


async def test_both_spellings_of_eventstart_can_be_sent() -> None:
    capture = Capture({"code": 1, "response": "8c866"})
    await client(capture, start_names=("eventstart", "evenstart")).submit("A title", START)
    assert capture.form["evenstart"] == capture.form["eventstart"] == "2010-11-05 17:05:00"


async def test_private_is_always_said_and_times_are_sent_in_utc() -> None:
    """'Defaults is private'; the 24 in the time's pattern is the 24-hour clock."""
    capture = Capture({"code": 1, "response": "8c866"})
    paris = timezone(timedelta(hours=2))
    await client(capture).submit("A title", datetime(2010, 7, 1, 14, 30, tzinfo=paris))
    assert capture.form["private"] == "1"
    assert capture.form["eventstart"] == "2010-07-01 12:30:00"


@pytest.mark.parametrize(
    "response",
    [
        [SAMPLE_TOCK],
        {"tocks": [SAMPLE_TOCK]},
        {"stream": [SAMPLE_TOCK]},
        {"tock": [SAMPLE_TOCK]},
        {"tock": SAMPLE_TOCK},
        {"tocks": {"0": SAMPLE_TOCK}},
        {"0": SAMPLE_TOCK},
        {"tocks": [{"tock": SAMPLE_TOCK}]},
    ],
)
async def test_streams_are_read_from_every_container_that_is_assumed(response: Any) -> None:
    assert await client(Capture({"code": 1, "response": response})).me("all", "latest") == [TOCK]
    # The prose calls the second item `result`.
    assert await client(Capture({"code": 1, "result": response})).me("all", "latest") == [TOCK]


async def test_a_stream_may_leave_out_all_but_the_short_url() -> None:
    answer = {"code": 1, "response": [{"short_url": "x1", "mood": "new"}]}
    [tock] = await client(Capture(answer)).user("eric", "latest")
    assert tock.private is None
    assert tock.event_start is None
    assert tock.extra == {"mood": "new"}


@pytest.mark.parametrize(
    "response",
    ["8c866", {"short_url": "8c866"}, {"tock": {"short_url": "8c866"}}, {"tock": "8c866"}],
)
async def test_the_new_short_url_is_read_from_every_place_that_is_assumed(response: Any) -> None:
    made = await client(Capture({"code": 1, "response": response})).submit("A title", START)
    assert made.short_url == "8c866"


@pytest.mark.parametrize(
    "broken",
    [
        {"title": "abc"},
        {"title": "a" * 256},
        {"description": "a" * 2001},
        {"tags": ["a" * 256]},
        {"tags": ["what?"]},
        {"link": "a" * 256},
        {"location": "a" * 256},
        {"timezone": "Mars/Olympus"},
        {"eventstart": datetime(2010, 1, 1)},  # noqa: DTZ001
    ],
)
async def test_the_limits_of_submit_are_checked_before_sending(broken: dict[str, Any]) -> None:
    capture = Capture()
    with pytest.raises(InvalidArgument, match=next(iter(broken))):
        await client(capture).submit(**{"title": "A title", "eventstart": START, **broken})
    assert capture.requests == []


async def test_the_limits_themselves_are_allowed() -> None:
    capture = Capture({"code": 1, "response": "x"})
    for title in ("abcd", "a" * 255):
        await client(capture).submit(title, START, description="a" * 2000, tags=["été", "2"])


async def test_a_user_url_stays_one_part_of_the_path() -> None:
    capture = Capture(OK)
    await client(capture).follow("../getapikey?x")
    assert capture.request.url.raw_path == b"/api/1/follow/..%2Fgetapikey%3Fx"
    with pytest.raises(InvalidArgument):
        await client(capture).follow(" ")


async def test_the_throttle_waits_and_is_shared_through_its_file(tmp_path: Path) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    def throttle() -> Throttle:
        return Throttle(tmp_path / "calls", clock=lambda: 1000.0, sleep=sleep)

    capture = Capture(OK)
    await client(capture, throttle=throttle()).follow("eric")
    assert slept == []
    await client(capture, throttle=throttle()).follow("eric")
    assert slept == [pytest.approx(0.2)]
    assert throttle().remaining == 118


async def test_version_corrects_the_throttle() -> None:
    ticker = client(Capture({"code": 1, "response": {"api_version": "1", "calls": "17"}}))
    assert (await ticker.version()).calls == 17
    assert ticker.throttle.remaining == 17


async def test_no_call_is_sent_when_none_is_left() -> None:
    capture = Capture(OK)
    ticker = client(capture)
    await ticker.throttle.correct(0)
    with pytest.raises(RateLimited, match="no calls are left") as caught:
        await ticker.follow("eric")
    assert caught.value.wait == pytest.approx(30, abs=1)
    assert capture.requests == []


async def test_a_dry_run_uses_up_no_call_and_shows_no_secret() -> None:
    capture = Capture()
    transport = capture.transport("ticktocker", "https://t.example/api/1", dry_run=True)
    ticker = TickTocker(transport, "gadgets", "APP", password="secret")
    for call in (ticker.version(), ticker.getapikey("gadgets", "secret")):
        with pytest.raises(NotSent) as caught:
            await call
        assert "secret" not in str(caught.value.preview)
        assert "APP" not in str(caught.value.preview)
    assert ticker.throttle.remaining == 120
    account = await client(Capture(ACCOUNT)).getapikey("gadgets", "secret")
    assert "NEW" not in repr(account)


@pytest.mark.parametrize(
    "answer",
    [b"<html>x</html>", b"", b'{"code":1', b"[1]", b'{"response":1}', b'{"code":"one"}', b"\xff"],
)
async def test_what_is_no_answer_is_a_protocol_violation(answer: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        await client(Capture(answer)).version()


@pytest.mark.parametrize("code", [2, 5, 200])
async def test_a_code_that_is_not_documented_is_neither_yes_nor_no(code: int) -> None:
    answer = {"code": code, "response": {"error": "on fire"}}
    with pytest.raises(OutcomeUnknown, match=rf"{code}, which has no meaning .on fire"):
        await client(Capture(answer)).follow("eric")


@pytest.mark.parametrize("status", [408, 500, 504])
async def test_a_yes_of_a_server_that_broke_down_is_none(status: int) -> None:
    answer = httpx.Response(status, json={"code": 1, "response": {}})
    with pytest.raises(OutcomeUnknown):
        await client(Capture(answer)).follow("eric")


async def test_http_errors_without_an_answer() -> None:
    with pytest.raises(ConnectionFailed):
        await client(Capture(httpx.Response(500, text="oops"))).community("hot")
    with pytest.raises(OutcomeUnknown, match="HTTP 500"):
        await client(Capture(httpx.Response(500, text="oops"))).follow("eric")
    with pytest.raises(PermissionDenied):
        await client(Capture(httpx.Response(403, text="no"))).follow("eric")


async def test_a_disk_that_fills_after_sending_fails_no_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    def answer(_request: httpx.Request) -> dict[str, Any]:
        monkeypatch.setattr(os, "pwrite", full)
        monkeypatch.setattr(os, "open", full)
        return {"code": 1, "response": None}

    throttle = Throttle(tmp_path / "throttle.json", ThrottleRule(interval=0))
    capture = Capture(answer)
    assert (await client(capture, throttle=throttle).follow("eric")).response is None
    assert len(capture.requests) == 1


KEYS = ["tock", "tocks", "stream", "short_url", "tags", "event_start", "private", "api_version",
        "username", "apikey", "calls", "error", "upvotes"]  # fmt: skip


@settings(max_examples=60)
@given(response=json_values(KEYS) | json_objects(KEYS))
async def test_arbitrary_answers_raise_typed_errors_only(response: Any) -> None:
    ticker = client(
        Capture(msgspec.json.encode({"code": 1, "response": response})),
        throttle=Throttle(rule=ThrottleRule(interval=0)),
    )
    calls = [ticker.tock("x"), ticker.community("hot"), ticker.submit("A title", START),
             ticker.getapikey("u", "p"), ticker.version()]  # fmt: skip
    for call in calls:
        try:
            await call
        except ServiceError as error:
            assert error.operation.startswith("ticktocker.")  # noqa: PT017
