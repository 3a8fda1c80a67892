"""TimeTonic's socket against a server of a few lines that knows the frame table only."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from websockets.asyncio.server import ServerConnection, serve

from tests.services.capture import Capture
from tests.services.strategies import json_objects
from tests.services.timetonic.sample import KEYS, ok
from tui.services.errors import ConnectionFailed, NotFound, OutcomeUnknown, TimedOut
from tui.services.timetonic import TimeTonic
from tui.services.timetonic.connection import Connection
from tui.services.timetonic.frames import FRAME_TYPES, NUMBERS
from tui.services.timetonic.happenings import (
    BookUpdated,
    FeedState,
    Happening,
    MessageArrived,
    SystemMessage,
    UnknownFrame,
)
from tui.services.timetonic.incoming import IncomingFrames
from tui.services.timetonic.socket import TimeTonicEvents

Frame = dict[str, Any]
Play = Callable[[ServerConnection], Awaitable[None]]
BOOKS = ok(sstamp=100, allBooks={"books": []})


@asynccontextmanager
async def listening(play: Play, **options: Any) -> AsyncIterator[TimeTonicEvents]:
    """Events attached to a server that plays its part."""
    async with serve(play, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        service = TimeTonic(Capture(BOOKS).transport("timetonic", base), "demo", keys=KEYS)
        url = f"ws://127.0.0.1:{port}/socket"
        async with TimeTonicEvents(service, url=url, patience=5, **options) as events:
            yield events


async def take(events: TimeTonicEvents, count: int) -> list[Happening]:
    """The next `count` happenings."""
    told = aiter(events)
    return [await asyncio.wait_for(anext(told), 30) for _ in range(count)]


async def receive(connection: ServerConnection) -> Frame:
    frame: Frame = json.loads(await connection.recv())
    return frame


async def greet(connection: ServerConnection) -> Frame:
    """Take the attach frame and acknowledge it."""
    frame = await receive(connection)
    await connection.send(json.dumps({"type": NUMBERS["ack_attach"], "status": "ok"}))
    return frame


def test_the_table_marks_what_is_known() -> None:
    known = {each.name: each.number for each in FRAME_TYPES if each.known}
    assert known == {"attach": 4, "send_message": 1}
    assert NUMBERS["update_value"] == 13
    assert len(set(NUMBERS.values())) == len(NUMBERS)


async def test_attaching_sends_what_the_public_client_sends() -> None:
    """Reference page, section 8: {"type":4,"o_u","u_c","sesskey"}, then one frame is read."""
    attached: list[Frame] = []

    async def play(connection: ServerConnection) -> None:
        attached.append(await receive(connection))
        await connection.send('{"anything": "counts"}')
        await connection.wait_closed()

    async with listening(play) as events:
        assert await take(events, 1) == [FeedState(mode="socket")]
        assert events.attached
    assert attached == [{"type": 4, "o_u": "demo", "u_c": "demo", "sesskey": KEYS.sesskey}]


async def test_a_message_is_sent_as_the_public_client_sends_it_and_acknowledged() -> None:
    sent: list[Frame] = []

    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        while True:
            frame = await receive(connection)
            sent.append(frame)
            echo = {"uuid": frame["uuid"], "smid": "7", "sstamp": 5, "status": "ok"}
            await connection.send(json.dumps({"type": NUMBERS["ack_message"], **echo}))

    async with listening(play) as events:
        await take(events, 1)
        done = await events.send_message("test", "Hello")
        await events.send_message("test", "Hello!", b_o="anna", smid=7)
        await events.send_message("test", smid=7, delete=True)
    assert (done.smid, done.sstamp) == (7, 5)
    assert sent[0].pop("uuid").startswith("tockdeck-")
    assert sent[0] == {
        "type": 1, "sesskey": KEYS.sesskey, "o_u": "demo", "u_c": "demo", "b_c": "test",
        "b_o": "demo", "msg": "Hello", "smid": 0,
    }  # fmt: skip
    assert (sent[1]["smid"], sent[1]["b_o"]) == (7, "anna")
    assert (sent[2]["smid"], sent[2]["del"]) == (7, True)


async def test_the_other_requests_of_the_socket() -> None:
    sent: list[Frame] = []

    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        for answer in ("ack_ping", "ack_system", "ack_value"):
            frame = await receive(connection)
            sent.append(frame)
            await connection.send(json.dumps({"type": NUMBERS[answer], "uuid": frame["uuid"]}))
        await connection.wait_closed()

    async with listening(play, numbers={"ping": 77}) as events:
        await take(events, 1)
        await events.ping()
        await events.send_system("x")
        await events.update_value(5, 6, "v")
    assert [frame["type"] for frame in sent] == [77, 9, 13]
    assert (sent[1]["msg"], sent[2]["rowId"], sent[2]["fieldId"]) == ("x", 5, 6)


async def test_a_refused_frame_raises_the_services_words() -> None:
    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        frame = await receive(connection)
        answer = {"type": 12, "status": "nok", "errorMsg": "there is no book x", "errorCode": "n"}
        await connection.send(json.dumps({**answer, "uuid": frame["uuid"]}))
        await connection.wait_closed()

    async with listening(play) as events:
        await take(events, 1)
        with pytest.raises(NotFound, match="there is no book x") as caught:
            await events.send_message("x", "Hello")
    assert caught.value.operation == "timetonic.socket.send_message"


@pytest.mark.parametrize(
    "told",
    [{"status": "error"}, {"status": False}, {"status": ""}, {"errorMsg": "the book is full"}],
)
async def test_an_acknowledgement_that_says_no_yes_leaves_it_unknown(told: dict[str, Any]) -> None:
    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        frame = await receive(connection)
        await connection.send(json.dumps({"type": 12, "uuid": frame["uuid"], **told}))
        await connection.wait_closed()

    async with listening(play) as events:
        await take(events, 1)
        with pytest.raises(OutcomeUnknown):
            await events.send_message("x", "Hello")


async def test_incoming_frames_become_news_and_are_kept_raw() -> None:
    frames: list[Frame | str] = [
        {"type": 3, "smid": 5, "msg": "[b]Hi", "sstamp": 7},
        {"type": "6", "b_c": "a", "b_o": "demo", "sstamp": 8},
        {"type": 11, "msg": "restart", "more": 1},
        {"type": 99, "what": "is this"},
        {"type": 3, "no": "message"},
        "not json",
    ]

    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        for frame in frames:
            await connection.send(frame if isinstance(frame, str) else json.dumps(frame))
        await connection.wait_closed()

    async with listening(play) as events:
        told = (await take(events, 7))[1:]
    message, book, system, unknown, misread, text = told
    assert isinstance(message, MessageArrived)
    assert (message.message.smid, message.message.text) == (5, "[b]Hi")
    assert isinstance(book, BookUpdated)
    assert (book.b_c, book.sstamp) == ("a", 8)
    assert isinstance(system, SystemMessage)
    assert system.text == "restart"
    assert isinstance(unknown, UnknownFrame)
    assert isinstance(misread, UnknownFrame)
    assert [happening.raw for happening in told[:5]] == frames[:5]
    assert text == UnknownFrame(text="not json")


@pytest.mark.parametrize("as_bytes", [True, False])
async def test_no_frame_tells_the_session_back(as_bytes: bool) -> None:
    async def play(connection: ServerConnection) -> None:
        first = await receive(connection)
        frames: list[Any] = [
            {"type": NUMBERS["ack_attach"], "status": "ok", "you": first},
            {"type": 99, "request": json.dumps(first)},
            f"no frame: {first['sesskey']}\ud800",
            {"type": 11, "msg": f"{first['sesskey']} has been used elsewhere"},
        ]
        for frame in frames:
            text = frame if isinstance(frame, str) else json.dumps(frame)
            content = text.encode(errors="replace")
            await connection.send(content if as_bytes else content.decode())
        await connection.wait_closed()

    async with listening(play) as events:
        told = await take(events, 4)
    assert KEYS.sesskey
    assert len(told) == 4
    assert KEYS.sesskey not in str(told)
    assert "•••" in str(told[1:])


async def test_a_refused_session_falls_back_to_polling_for_good() -> None:
    attempts = []

    async def play(connection: ServerConnection) -> None:
        attempts.append(await receive(connection))
        await connection.send('{"type": 12, "status": "nok", "errorMsg": "no such session"}')

    polls = asyncio.Semaphore(0)

    async def sleep(_seconds: float) -> None:
        polls.release()
        await asyncio.sleep(0)

    async with listening(play, sleep=sleep, retry=1) as events:
        [state] = await take(events, 1)
        assert state == FeedState(mode="polling", reason="no such session")
        for _ in range(5):
            await asyncio.wait_for(polls.acquire(), 30)
        assert not events.attached
    assert len(attempts) == 1


async def test_a_socket_that_breaks_is_tried_again_after_some_polls() -> None:
    attempts = 0

    async def play(connection: ServerConnection) -> None:
        nonlocal attempts
        attempts += 1
        await greet(connection)
        if attempts > 1:
            await connection.wait_closed()

    async def sleep(_seconds: float) -> None:
        await asyncio.sleep(0)

    async with listening(play, sleep=sleep, retry=2) as events:
        states = await take(events, 3)
    assert states == [
        FeedState(mode="socket"),
        FeedState(mode="polling", reason="the socket has closed"),
        FeedState(mode="socket"),
    ]


async def test_a_socket_that_closes_answers_those_who_wait() -> None:
    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        await receive(connection)

    async with listening(play) as events:
        await take(events, 1)
        with pytest.raises(ConnectionFailed, match="closed before it answered"):
            await events.ping()


async def test_who_leaves_just_as_the_user_is_acknowledged_waits_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`asyncio.wait_for` of Python 3.11 returns what has come instead of being cancelled (its
    source; since 3.12 it is built on `asyncio.timeout`): who was told to end listened on.
    """
    took = Connection.receive
    listens: asyncio.Future[asyncio.Task[None]] = asyncio.get_running_loop().create_future()

    async def received(self: Connection) -> str | bytes:
        frame = await took(self)
        if not listens.done():
            assert events._task is not None
            # In the very turn in which the frame is handed on.
            asyncio.get_running_loop().call_soon(events._task.cancel)
            listens.set_result(events._task)
        return frame

    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        await connection.wait_closed()

    monkeypatch.setattr(Connection, "receive", received)
    async with listening(play) as events:
        task = await listens
        ended, _ = await asyncio.wait({task}, timeout=30)
        assert ended, "it listens on"
        assert task.cancelled()


async def test_nobody_waits_for_ever() -> None:
    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        await connection.wait_closed()

    async with listening(play) as events:
        await take(events, 1)
        events._patience = 0.01
        with pytest.raises(TimedOut):
            await events.ping()

    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with listening(silent) as events:
        events._patience = 1.0  # enough to open, on a busy machine too
        [state] = await take(events, 1)
        assert state == FeedState(
            mode="polling", reason="the socket did not acknowledge the user in time"
        )


def test_websockets_is_imported_only_when_the_socket_is_opened() -> None:
    program = (
        "import sys, tui.services.timetonic.socket\n"
        "assert not {'websockets', 'httpx'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


KEYS_OF_FRAMES = ["type", "smid", "msg", "b_c", "b_o", "sstamp", "uuid", "message", "created"]


@settings(max_examples=80)
@given(frame=json_objects(KEYS_OF_FRAMES))
async def test_arbitrary_frames_never_break_the_reading(frame: Frame) -> None:
    for kind in NUMBERS.values():
        told = await IncomingFrames().happening(json.dumps({**frame, "type": kind}), NUMBERS)
        assert told.raw
