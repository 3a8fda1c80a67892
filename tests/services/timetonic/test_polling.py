"""News of TimeTonic by asking: what comes, once each, in order, and what ends it."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from tests.services.capture import Capture
from tests.services.timetonic.sample import client, nok, ok
from tui.services.errors import AuthenticationFailed, ConnectionFailed, InvalidArgument
from tui.services.timetonic.happenings import BookUpdated, FeedState, Happening, MessageArrived
from tui.services.timetonic.socket import TimeTonicEvents


class Server:
    """Answers getAllBooks and getBookMessages by stamp, as the reference page has it."""

    def __init__(self) -> None:
        self.now = 100
        self.books: dict[str, int] = {"a": 90}
        self.messages: dict[str, list[tuple[int, int, bool]]] = {"a": [(1, 90, False)]}
        self.failures: list[Any] = []
        self.hide_messages = False

    def write(self, book: str, smid: int, *, deleted: bool = False) -> None:
        self.now += 10
        self.books[book] = self.now
        kept = [entry for entry in self.messages.get(book, []) if entry[0] != smid]
        self.messages[book] = [*kept, (smid, self.now, deleted)]

    def __call__(self, request: httpx.Request) -> Any:
        form = dict(parse_qsl(request.content.decode()))
        if self.failures:
            return self.failures.pop(0)
        since = int(form.get("sstamp", 0))
        if form["req"] == "getAllBooks":
            changed = [
                {"b_c": name, "b_o": "demo", "sstamp": stamp}
                for name, stamp in self.books.items()
                if stamp > since
            ]
            return ok(sstamp=self.now, allBooks={"books": changed})
        if self.hide_messages:
            return nok("this key may not see messages", code="forbidden")
        found = [
            {"smid": smid, "sstamp": stamp, "del": deleted, "msg": f"m{smid}"}
            for smid, stamp, deleted in reversed(self.messages[form["b_c"]])
            if stamp > since
        ]
        return ok(bookMessages=found, sstamp=self.now)


class Clock:
    """Sleeps until the test lets it go on."""

    def __init__(self) -> None:
        self.asleep = asyncio.Event()
        self.go_on = asyncio.Event()

    async def sleep(self, _seconds: float) -> None:
        self.asleep.set()
        await self.go_on.wait()
        self.go_on.clear()

    async def until_asleep(self) -> None:
        await asyncio.wait_for(self.asleep.wait(), 30)
        self.asleep.clear()


async def next_round(events: TimeTonicEvents, clock: Clock) -> list[Happening]:
    """What one more question brings."""
    clock.go_on.set()
    await clock.until_asleep()
    told: list[Happening] = []
    while not events._news.empty():
        item = events._news.get_nowait()
        assert isinstance(item, Happening)
        told.append(item)
    return told


def shown(happenings: list[Happening]) -> list[object]:
    return [
        happening.b_c
        if isinstance(happening, BookUpdated)
        else (happening.message.smid, happening.message.deleted)
        if isinstance(happening, MessageArrived)
        else happening
        for happening in happenings
    ]


async def test_news_come_once_each_and_in_order() -> None:
    server, clock = Server(), Clock()
    capture = Capture(server)
    async with TimeTonicEvents(client(capture), sleep=clock.sleep) as events:
        await clock.until_asleep()
        assert events._news.get_nowait() == FeedState(
            mode="polling", reason="the socket is switched off"
        )
        assert await next_round(events, clock) == []
        server.write("a", 2)
        server.write("a", 3)
        server.write("b", 4)
        told = await next_round(events, clock)
        assert shown(told) == ["a", (2, False), (3, False), "b", (4, False)]
        assert await next_round(events, clock) == []
        server.write("a", 2, deleted=True)
        assert shown(await next_round(events, clock)) == ["a", (2, True)]
    asked = [dict(parse_qsl(request.content.decode())) for request in capture.requests]
    stamps = [form.get("sstamp") for form in asked if form["req"] == "getAllBooks"]
    assert stamps == [None, "100", "100", "100", "130", "130"]


async def test_a_session_that_hides_messages_still_tells_of_books() -> None:
    server, clock = Server(), Clock()
    server.hide_messages = True
    async with TimeTonicEvents(client(Capture(server)), sleep=clock.sleep) as events:
        await clock.until_asleep()
        server.write("a", 2)
        assert shown(await next_round(events, clock))[-1] == "a"


async def test_a_failure_is_told_and_nothing_is_missed() -> None:
    server, clock = Server(), Clock()
    async with TimeTonicEvents(client(Capture(server)), sleep=clock.sleep) as events:
        await clock.until_asleep()
        await next_round(events, clock)
        server.write("a", 2)
        server.failures = [nok("Deadlock"), httpx.Response(501, text="no")]
        assert await next_round(events, clock) == [FeedState(mode="polling", reason="Deadlock")]
        [state] = await next_round(events, clock)
        assert isinstance(state, FeedState)
        assert shown(await next_round(events, clock)) == ["a", (2, False)]


async def test_a_session_that_has_ended_ends_the_news() -> None:
    capture = Capture(nok("the session has expired"))
    async with TimeTonicEvents(client(capture)) as events:
        told = aiter(events)
        assert isinstance(await anext(told), FeedState)
        with pytest.raises(AuthenticationFailed):
            await anext(told)


async def test_without_a_socket_messages_and_values_go_over_http() -> None:
    capture = Capture(ok(createMessageId=5, uuid="U", rows=[{"id": 5}]))
    events = TimeTonicEvents(client(capture))
    sent = await events.send_message("a", "Hello")
    assert (sent.smid, capture.form["req"], capture.form["msg"]) == (5, "sendMsg", "Hello")
    await events.send_message("a", "Hello!", smid=5)
    assert capture.form["msg_id"] == "5"
    await events.send_message("a", smid=5, delete=True)
    assert capture.form["req"] == "deleteMsg"
    await events.update_value(5, 7, "x")
    assert capture.form["req"] == "updateTableValue"
    for call in (events.ping(), events.send_system("x"), events.attach()):
        with pytest.raises(ConnectionFailed) as caught:
            await call
        assert caught.value.operation.startswith("timetonic.socket.")


@pytest.mark.parametrize(
    "url",
    ["wss://evil.example:10100", "ws://timetonic.com:10100", "https://timetonic.com:10100"],
)
def test_the_socket_is_on_the_services_own_host(url: str) -> None:
    with pytest.raises(InvalidArgument):
        TimeTonicEvents(client(Capture()), url=url)


def test_a_socket_that_is_not_encrypted_says_why_and_what_allows_it() -> None:
    with pytest.raises(InvalidArgument, match="not encrypted") as caught:
        TimeTonicEvents(client(Capture()), url="ws://timetonic.com:10100")
    assert "allow_plain_http" in caught.value.advice
    service = client(Capture())
    service.transport.allow_plain = True
    TimeTonicEvents(service, url="ws://timetonic.com:10100")


def test_an_unknown_frame_name_is_named() -> None:
    with pytest.raises(InvalidArgument, match="did you mean 'ping'"):
        TimeTonicEvents(client(Capture()), numbers={"pings": 5})
