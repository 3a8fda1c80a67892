"""The one transport: retries, limits, the origin guard, redirects, and what a dry run shows."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from tests.services.capture import GET, Capture, Sample
from tui.embedded.server import KEEP_ALIVE_SECONDS
from tui.services.addresses import origin
from tui.services.errors import (
    ConnectionFailed,
    InvalidArgument,
    OutcomeUnknown,
    ProtocolViolation,
    RateLimited,
    ServiceError,
    TimedOut,
)
from tui.services.limits import retry_after
from tui.services.transport import Limits, Transport
from tui.services.wire import Request, Response


def status(code: int, **headers: str) -> httpx.Response:
    return httpx.Response(code, headers=headers, json={})


# --- addresses


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.3.2.1", "[::1]"])
def test_plain_http_is_spoken_on_this_machine(host: str) -> None:
    Transport("sample", f"http://{host}:8000/api")


@pytest.mark.parametrize(
    "host",
    ["service.example", "10.0.0.1", "0.0.0.0", "[2001:db8::1]", "localhost.example",
     "127.0.0.1.example", "127.1", "1270.0.0.1"],
)  # fmt: skip
def test_plain_http_to_another_machine_is_refused_unless_it_is_allowed(host: str) -> None:
    with pytest.raises(InvalidArgument, match="is not encrypted") as caught:
        Transport("sample", f"http://{host}/api")
    assert "allow_plain_http" in caught.value.advice
    Transport("sample", f"http://{host}/api", allow_plain=True)
    Transport("sample", f"https://{host}/api")


# --- retries


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("name", ["look", "put"])
async def test_what_may_be_repeated_is_after_passing_troubles(code: int, name: str) -> None:
    capture = Capture(status(code), status(code), {"fine": True})
    answer: Response = await getattr(Sample(capture.transport()), name)()
    assert answer.status == 200
    assert capture.slept == [0.5, 1.0]


@pytest.mark.parametrize("error", [httpx.ReadError("x"), httpx.ReadTimeout("x")])
async def test_reads_are_repeated_after_a_broken_connection(error: Exception) -> None:
    capture = Capture(error, error, {})
    await Sample(capture.transport()).look()
    assert len(capture.requests) == 3


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (httpx.ReadError("x"), ConnectionFailed),
        (httpx.WriteError("x"), ConnectionFailed),
        (httpx.ReadTimeout("x"), TimedOut),
        (httpx.RemoteProtocolError("x"), ProtocolViolation),
    ],
)
async def test_a_write_that_may_have_happened_is_unknown_and_never_repeated(
    trouble: Any, kind: type[ServiceError]
) -> None:
    capture = Capture(trouble, {})
    with pytest.raises(OutcomeUnknown) as caught:
        await Sample(capture.transport()).make()
    assert len(capture.requests) == 1
    assert caught.value.operation == "sample.make"
    assert isinstance(caught.value.__cause__, kind)


async def test_too_many_calls_is_a_no() -> None:
    capture = Capture(status(429), {})
    with pytest.raises(RateLimited):
        await Sample(capture.transport()).make()
    assert len(capture.requests) == 1


async def test_a_write_answered_with_a_server_error_is_handed_out_as_it_is() -> None:
    capture = Capture(status(503), {})
    assert (await Sample(capture.transport()).make()).status == 503
    assert len(capture.requests) == 1


@pytest.mark.parametrize("error", [httpx.ConnectError("x"), httpx.ConnectTimeout("x")])
async def test_a_write_that_never_left_is_repeated(error: Exception) -> None:
    capture = Capture(error, error, {})
    await Sample(capture.transport()).make()
    assert len(capture.requests) == 3


async def test_outside_an_operation_nothing_is_repeated() -> None:
    capture = Capture(status(503), {})
    assert (await capture.transport().send(GET)).status == 503


async def test_repeating_ends_and_says_what_was_in_the_way() -> None:
    capture = Capture(httpx.ConnectError("refused"))
    with pytest.raises(ConnectionFailed, match="could not be reached") as caught:
        await Sample(capture.transport()).look()
    assert len(capture.requests) == 3
    assert (caught.value.service, caught.value.advice) != ("", "")
    capture = Capture(status(500))
    assert (await Sample(capture.transport()).look()).status == 500
    assert len(capture.requests) == 3


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422])
async def test_refusals_are_answers_and_are_not_repeated(code: int) -> None:
    capture = Capture(status(code), {})
    assert (await Sample(capture.transport()).look()).status == code
    assert len(capture.requests) == 1


async def test_waits_grow_have_jitter_and_a_limit() -> None:
    capture = Capture(status(503))
    transport = capture.transport(limits=Limits(retries=6))
    transport._jitter = lambda: 1.0
    await Sample(transport).look()
    assert capture.slept == [0.375, 0.75, 1.5, 3.0, 6.0, 6.0]


# --- Retry-After


async def test_retry_after_in_seconds_is_kept() -> None:
    capture = Capture(status(429, **{"retry-after": "7"}), {})
    await Sample(capture.transport()).look()
    assert capture.slept == [7.0]


async def test_retry_after_as_a_date_is_kept() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=9), usegmt=True)
    capture = Capture(status(503, **{"retry-after": later}), {})
    await Sample(capture.transport()).look()
    assert capture.slept == [pytest.approx(9, abs=1.5)]


async def test_a_retry_after_that_is_too_long_is_told_instead() -> None:
    capture = Capture(status(429, **{"retry-after": "3600"}), {})
    with pytest.raises(RateLimited) as caught:
        await Sample(capture.transport()).look()
    assert caught.value.wait == 3600
    assert capture.slept == []


def test_retry_after_that_is_neither_number_nor_date() -> None:
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    assert [retry_after(value) for value in (None, "", "soon", "-5", past)] == [
        None, None, None, 0.0, 0.0,
    ]  # fmt: skip


# --- sizes


async def test_an_answer_beyond_the_limit_is_broken_off() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1000
            yield b"x" * 1000

    capture = Capture(httpx.Response(200, content=endless()))
    with pytest.raises(ProtocolViolation, match="larger than 5,000 bytes"):
        await Sample(capture.transport(limits=Limits(answer=5000))).look()
    assert sent <= 7000


async def test_the_limit_counts_what_is_unpacked() -> None:
    packed = gzip.compress(b"0" * 1_000_000)
    assert len(packed) < 5000
    bomb = httpx.Response(200, content=packed, headers={"content-encoding": "gzip"})
    with pytest.raises(ProtocolViolation, match="larger than 5,000 bytes"):
        await Sample(Capture(bomb).transport(limits=Limits(answer=5000))).look()


# --- the origin guard and redirects


@pytest.mark.parametrize(
    "path",
    ["https://other.example/x", "http://service.example/x", "https://service.example:8443/x",
     "https://service.example@other.example/x", "ftp://service.example/x",
     "https://service.example:port/x", "https://[service.example/x", "https://℀.example/x"],
)  # fmt: skip
async def test_another_origin_gets_nothing(path: str) -> None:
    capture = Capture({})
    with pytest.raises(ProtocolViolation, match="another server"):
        await capture.transport().send(Request("GET", path))
    assert capture.requests == []


@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        ("https://service.example", "a/b", "https://service.example/a/b"),
        ("https://service.example/api/", "/a", "https://service.example/api/a"),
        ("https://service.example/api", "", "https://service.example/api"),
        ("https://service.example", "https://SERVICE.example:443/a", "https://service.example/a"),
        ("https://service.example", "//other.example/a", "https://service.example/other.example/a"),
    ],
)
async def test_paths_stand_below_the_base_url(base: str, path: str, expected: str) -> None:
    capture = Capture({})
    await capture.transport(base_url=base).send(Request("GET", path))
    assert str(capture.request.url) == expected


def test_origins_are_scheme_host_and_port() -> None:
    assert origin("https://A.example/x") == origin("https://a.example:443")
    assert origin("http://a.example") != origin("https://a.example")


async def test_reads_follow_redirects_on_the_same_server() -> None:
    moved = httpx.Response(301, headers={"location": "/elsewhere"})
    capture = Capture(moved, {"fine": True})
    assert (await Sample(capture.transport()).look()).status == 200
    assert capture.request.url.path == "/elsewhere"


@pytest.mark.parametrize(
    ("name", "location"),
    [("look", "https://other.example/x"), ("look", "http://service.example/x"), ("make", "/x")],
)
async def test_other_redirects_are_answers(name: str, location: str) -> None:
    capture = Capture(httpx.Response(302, headers={"location": location}), {})
    assert (await getattr(Sample(capture.transport()), name)()).status == 302
    assert len(capture.requests) == 1


async def test_a_circle_of_redirects_ends() -> None:
    capture = Capture(lambda _: httpx.Response(302, headers={"location": "/again"}))
    with pytest.raises(ProtocolViolation, match="in a circle"):
        await Sample(capture.transport()).look()
    assert len(capture.requests) <= 7


@pytest.mark.parametrize("base", ["service.example", "file:///etc", "https://", ""])
def test_a_base_url_that_is_none_is_told_with_the_setting(base: str) -> None:
    with pytest.raises(ConnectionFailed) as caught:
        Transport("sample", base)
    assert "[sample]" in caught.value.advice


async def test_requests_say_only_the_packing_that_is_unpacked() -> None:
    capture = Capture({})
    await Sample(capture.transport()).look()
    assert capture.request.headers["accept-encoding"] == "gzip, deflate"


def test_a_connection_at_rest_is_given_up_before_a_server_closes_it() -> None:
    """Else a request that is on its way just then is lost: after 5 s most of them do."""
    transport = Transport("sample", "http://127.0.0.1:9")
    pool = transport._build()._transport._pool  # type: ignore[attr-defined]
    assert pool._keepalive_expiry == transport.limits.idle < 5.0 < KEEP_ALIVE_SECONDS


async def test_closing_twice_is_fine_and_a_closed_transport_opens_again() -> None:
    capture = Capture({})
    transport = capture.transport()
    await transport.send(GET)
    await transport.close()
    await transport.close()
    await transport.send(GET)
    assert len(capture.requests) == 2


def test_the_transport_module_imports_no_httpx() -> None:
    program = "import sys, tui.services.client\nassert 'httpx' not in sys.modules\n"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
