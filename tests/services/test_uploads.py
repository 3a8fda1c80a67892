"""Uploads and downloads to servers that take them slowly, answer too soon, or go away.

A request of which the end never left was not made; of one that left whole and was not answered
nobody knows.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from tests.scripted import HEAD, PACE, answer, dribbling, holding, scripted
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    OutcomeUnknown,
    PermissionDenied,
    Refused,
    ServiceError,
    TimedOut,
)  # fmt: skip
from tui.services.igtimi.client import Igtimi
from tui.services.limits import BUFFERED, Allowance, Limits
from tui.services.timetonic import TimeTonic
from tui.services.timetonic.dialect import Keys
from tui.services.transport import Transport

SOON = Limits(retries=0, total=0.6, rate=64 * 1024 * 1024)
"""Bytes bring next to no time: what goes slowly is cut."""
LONG = Limits(retries=0)
"""Nothing is cut."""
SIZE = 24 * 1024 * 1024
"""More than both ends of a connection of this machine keep."""
START, END = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, 10, tzinfo=UTC)
TOO_LARGE = "413 Content Too Large"
DONE = {
    "timetonic": b'{"status": "ok", "id": 5, "success": true}',
    "igtimi": b'{"resource_datum": {"resource_id": 1, "md5": "x", "source": 0}}',
}


class Upload(Protocol):
    """Sends a file to a server."""

    def __call__(self, url: str, file: Path, limits: Limits = SOON) -> Awaitable[object]: ...


def timetonic(url: str, limits: Limits = SOON) -> TimeTonic:
    return TimeTonic(Transport("timetonic", url, limits=limits), "demo", keys=Keys(sesskey="S"))


async def _file(url: str, file: Path, limits: Limits = SOON) -> object:
    async with timetonic(url, limits) as client:
        return await client.file_upload(file, row_id=1, field_id=2)


async def _data(url: str, file: Path, limits: Limits = SOON) -> object:
    async with Igtimi(Transport("igtimi", url, limits=limits), access_token="T") as client:
        return await client.data.upload_file(file, start_time=START, end_time=END, resource_id=1)


UPLOADS: dict[str, Upload] = {"timetonic": _file, "igtimi": _data}
each_service = pytest.mark.parametrize("service", UPLOADS)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("upload") / "plan.bin"
    with made.open("wb") as out:
        out.truncate(SIZE)
    return made


@pytest.fixture
def small(tmp_path: Path) -> Path:
    made = tmp_path / "plan.bin"
    made.write_bytes(b"x" * 1000)
    return made


@pytest.fixture
def over() -> Iterator[threading.Event]:
    """Set when the test ends, or the other side has given up."""
    event = threading.Event()
    yield event
    event.set()


@each_service
@pytest.mark.parametrize("pace", [0, PACE], ids=["nothing", "a byte now and then"])
async def test_what_is_taken_too_slowly_is_given_up_and_was_not_made(
    service: str, pace: float, large: Path, over: threading.Event
) -> None:
    def slowly(link: socket.socket) -> None:
        while not over.wait(pace or None):
            link.recv(1)

    with scripted(slowly, unread=True) as server:
        with pytest.raises(TimedOut) as caught:
            await UPLOADS[service](server.url, large)
        over.set()
    assert not isinstance(caught.value, OutcomeUnknown)


@each_service
@pytest.mark.parametrize("said", [b"", answer(b"{}", TOO_LARGE), answer(b"{}")],
                         ids=["nothing", "too large", "done"])  # fmt: skip
async def test_who_goes_before_the_end_has_made_nothing(
    service: str, said: bytes, large: Path
) -> None:
    """Whether what was said just before has come through nobody can rely on: the line is reset."""

    def goes(link: socket.socket) -> None:
        link.recv(4096)
        if said:
            link.sendall(said)

    with scripted(goes, unread=True) as server, pytest.raises(ServiceError) as caught:
        await UPLOADS[service](server.url, large, LONG)
    assert not isinstance(caught.value, OutcomeUnknown)


def answers_early(said: bytes) -> Callable[[socket.socket], None]:
    """Says this once it has heard something, hears half of all that comes, and resets the line."""

    def goes(link: socket.socket) -> None:
        link.recv(4096)
        link.sendall(said)
        heard = 0
        while heard < SIZE / 2 and (piece := link.recv(65536)):
            heard += len(piece)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return goes


@each_service
@pytest.mark.parametrize("long", [0, 300_000], ids=["short", "long"])
async def test_what_is_refused_before_its_end_is_refused_in_words(
    service: str, large: Path, long: int
) -> None:
    words = {
        "timetonic": b'{"status": "nok", "errorMsg": "larger than 2 MB"%b}',
        "igtimi": b'{"error": "larger than 2 MB"%b}',
    }[service]
    said = answer(words % (b', "x": "%b"' % (b"x" * long)), TOO_LARGE)
    with (
        scripted(answers_early(said), unread=True) as server,
        pytest.raises(Refused, match="larger than 2 MB"),
    ):
        await UPLOADS[service](server.url, large, LONG)


@contextmanager
def ending(over: threading.Event) -> Iterator[None]:
    """Has the other side go on in the end, whatever comes of it."""
    try:
        yield
    finally:
        over.set()


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
REFUSALS = {
    "400 Bad Request": Refused,
    "401 Unauthorized": AuthenticationFailed,
    "403 Forbidden": PermissionDenied,
    TOO_LARGE: Refused,
    "302 Found": ServiceError,
}


@each_service
@pytest.mark.parametrize("before", [b"", CONTINUE], ids=["", "continue"])
@pytest.mark.parametrize("status", REFUSALS)
async def test_who_refuses_and_waits_is_sent_no_more(
    service: str, large: Path, over: threading.Event, before: bytes, status: str
) -> None:
    """As services do that keep connections: they hear nothing more, and do not hang up."""
    said = before + answer(b"<html>no</html>", status)

    def waits(link: socket.socket) -> None:
        link.recv(4096)
        link.sendall(said.replace(b"Connection: close\r\n", b""))
        over.wait()

    with (
        scripted(waits, unread=True) as server,
        ending(over),
        pytest.raises(REFUSALS[status]) as caught,
    ):
        await UPLOADS[service](server.url, large, LONG)
    assert not isinstance(caught.value, (OutcomeUnknown, ConnectionFailed))


@each_service
async def test_who_hears_nothing_more_and_says_so_is_sent_no_more(
    service: str, large: Path, over: threading.Event
) -> None:
    def ends(link: socket.socket) -> None:
        link.recv(4096)
        link.shutdown(socket.SHUT_WR)
        over.wait()

    with (
        scripted(ends, unread=True) as server,
        ending(over),
        pytest.raises(ServiceError) as caught,
    ):
        await UPLOADS[service](server.url, large, LONG)
    assert not isinstance(caught.value, (OutcomeUnknown, TimedOut))


@each_service
async def test_who_says_done_before_the_end_is_not_believed(service: str, large: Path) -> None:
    with (
        scripted(answers_early(answer(DONE[service])), unread=True) as server,
        pytest.raises(ConnectionFailed, match="before it had heard all") as caught,
    ):
        await UPLOADS[service](server.url, large, LONG)
    assert not isinstance(caught.value, OutcomeUnknown)


@each_service
async def test_one_that_is_too_large_is_refused_in_words(service: str, small: Path) -> None:
    words = {
        "timetonic": b'{"status": "nok", "errorMsg": "larger than 2 MB"}',
        "igtimi": b'{"error": "larger than 2 MB"}',
    }
    with (
        scripted(answer(words[service], "413 Content Too Large")) as server,
        pytest.raises(Refused, match="larger than 2 MB"),
    ):
        await UPLOADS[service](server.url, small)
    with (
        scripted(answer(b"<html>nginx</html>", "413 Content Too Large")) as server,
        pytest.raises(Refused, match="HTTP 413"),
    ):
        await UPLOADS[service](server.url, small)


@each_service
async def test_what_is_said_before_the_answer_is_none(service: str, small: Path) -> None:
    before = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
    with scripted(before + answer(DONE[service])) as server:
        await UPLOADS[service](server.url, small)
    with (
        scripted(dribbling(before, b"HTTP/1.1 102 Processing\r\n\r\n")) as server,
        pytest.raises(OutcomeUnknown),
    ):
        await UPLOADS[service](server.url, small)
    with scripted(before) as server, pytest.raises(OutcomeUnknown):
        await UPLOADS[service](server.url, small)


@each_service
async def test_an_answer_that_breaks_or_dribbles_after_an_upload_leaves_it_unknown(
    service: str, small: Path
) -> None:
    for script in (
        answer(DONE[service])[:-9],
        holding(HEAD),
        dribbling(HEAD + b"Content-Length: 99999\r\n\r\n", b" "),
    ):
        with scripted(script) as server, pytest.raises(OutcomeUnknown):
            await UPLOADS[service](server.url, small)


async def test_what_went_fast_leaves_no_time_for_what_dribbles_after_it(
    large: Path, small: Path, tmp_path: Path
) -> None:
    """Its bytes would bring 24,000 s at the rate that is set by default."""
    limits = Limits(retries=0, total=0.3, rate=1024 * 1024)
    slow = dribbling(HEAD + b"Content-Length: 99999\r\n\r\n", b" ")
    with scripted(slow) as server:
        async with timetonic(server.url, limits) as client:
            with pytest.raises(OutcomeUnknown):
                await client.file_upload(large, row_id=1, field_id=2)
    much = HEAD.replace(b"application/json", b"image/png") + b"Content-Length: 99999999\r\n\r\n"
    with scripted(dribbling(much + large.read_bytes(), b" ")) as server:
        async with timetonic(server.url, limits) as client:
            with pytest.raises(TimedOut):
                await client.file("/live/dbi/x.png")
            with pytest.raises(TimedOut):
                await client.download("/live/dbi/x.png", tmp_path / "x.png")
    assert [one.name for one in tmp_path.iterdir()] == [small.name]


def test_bytes_leave_a_call_the_time_of_what_may_lie_before_a_slow_line() -> None:
    async def left(*sizes: int) -> float:
        allowance = Allowance(Limits(total=10, rate=1024))
        for size in sizes:
            allowance.add(size)
        return allowance.left

    assert asyncio.run(left(2048)) == pytest.approx(12, abs=1)
    assert asyncio.run(left(10**9)) == pytest.approx(10 + BUFFERED / 1024, abs=1)
    assert asyncio.run(left(*[10**6] * 99)) == pytest.approx(10 + BUFFERED / 1024, abs=1)


@each_service
async def test_giving_up_an_upload_closes_its_connection_at_once(
    service: str, large: Path, over: threading.Event
) -> None:
    begun = threading.Event()

    def waits(link: socket.socket) -> None:
        link.recv(1)
        begun.set()
        over.wait()

    with scripted(waits, unread=True) as server:
        going = asyncio.ensure_future(UPLOADS[service](server.url, large))
        await asyncio.to_thread(begun.wait)
        going.cancel()
        with pytest.raises(asyncio.CancelledError):
            await going
        over.set()
