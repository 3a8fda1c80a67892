"""TimeTonic's socket, and polling in its place, behind one interface.

The socket is off unless its address is given: what is known of it stands in frames.py and is
little. Where it is off, refused or broken, the same news come by polling.
Source: seed document, "Access / Change Information via Sockets"; reference page, section 8.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

from tui.services.addresses import insist_on_encryption
from tui.services.arguments import one_of
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    InvalidArgument,
    PermissionDenied,
    ServiceError,
    TimedOut,
)
from tui.services.operation import mark_sent, operation
from tui.services.timetonic.client import TimeTonic
from tui.services.timetonic.connection import Connection, open_connection
from tui.services.timetonic.frames import NUMBERS, encode_frame
from tui.services.timetonic.happenings import Acknowledged, FeedState, Happening, MessageArrived
from tui.services.timetonic.incoming import IncomingFrames, acknowledged, insist, insist_on_yes
from tui.services.timetonic.polling import Polling
from tui.services.timetonic.records import Book
from tui.services.transport import Transport

OFF = "the socket is switched off"
LONGEST = 300.0
"""Seconds between two questions to a service that does not answer."""
WAITING = 1000
"""News that wait to be taken; beyond it the reading pauses, not the memory grows."""


class TimeTonicEvents(IncomingFrames):
    """News of one account as they happen, and the socket's own requests.

        async with TimeTonicEvents(client) as events:
            async for happening in events: ...

    `url` switches the socket on; its host must be that of the base URL. `interval` is the time
    between two questions when polling, twice as long after each that failed, up to LONGEST;
    `retry` is how many of them pass before a broken socket is tried again. `numbers` corrects
    assumed frame types by name.
    """

    def __init__(
        self,
        client: TimeTonic,
        *,
        url: str | None = None,
        numbers: Mapping[str, int] | None = None,
        interval: float = 30.0,
        retry: int = 10,
        patience: float = 10.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        for name in numbers or {}:
            one_of("numbers", name, NUMBERS)
        if url is not None:
            _guard(url, client.transport)
        self.url = url
        self.interval = interval
        self._client = client
        self._numbers = {**NUMBERS, **(numbers or {})}
        self._retry = retry
        self._failures, self._asked_wait = 0, 0.0
        self._patience = patience
        self._sleep = sleep
        self._polling = Polling(client)
        self._news: asyncio.Queue[Happening | ServiceError] = asyncio.Queue(WAITING)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._hang_up()

    async def __aiter__(self) -> AsyncIterator[Happening]:
        """Everything that happens, until the account is refused, which is raised."""
        assert self._task is not None, "use it as an async context manager"
        while True:
            told = asyncio.ensure_future(self._news.get())
            try:
                await asyncio.wait({told, self._task}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                # Whoever is cancelled while waiting leaves nobody behind that waits.
                if not told.done():
                    told.cancel()
            if not told.done():
                self._task.result()
                return
            happening = told.result()
            if isinstance(happening, ServiceError):
                raise happening
            yield happening

    def begin_at(self, books: Iterable[Book], stamp: int) -> None:
        """Tell what happened after the books were read, and not only from now on; before the
        block is entered.
        """
        self._polling.begin_at(books, stamp)

    @property
    def stamp(self) -> int | None:
        """Up to where everything was told, for `begin_at` of a later block."""
        return self._polling.stamp

    def remember(self, book: Book) -> Book | None:
        """Take over a book that was read besides; answers how it was known before."""
        return self._polling.remember(book)

    @property
    def attached(self) -> bool:
        """Whether the socket is open and has taken the session."""
        return self._connection is not None

    @operation("timetonic.socket.attach", "write", idempotent=True)
    async def attach(self) -> Acknowledged:
        """Open the socket and attach the user to it.

        The first frame that comes back counts as the acknowledgement, whatever its type.
        Raises AuthenticationFailed when the session is refused, ConnectionFailed when there
        is no socket.
        Source: reference page, section 8, type 4.
        """
        if self.url is None:
            raise ConnectionFailed(OFF, advice="Give its address in the configuration.")
        await self._client.ready()
        used = self._client.keys.sesskey
        try:
            opened, frame = await self._open(self.url)
        except AuthenticationFailed:
            if not self._client.renewable:
                raise
            await self._client.renew(used)
            opened, frame = await self._open(self.url)
        await self._hang_up()
        self._connection = opened
        return acknowledged(frame)

    @operation("timetonic.socket.send_message", "write")
    async def send_message(
        self,
        b_c: str,
        msg: str = "",
        *,
        b_o: str | None = None,
        smid: int = 0,
        delete: bool = False,
    ) -> Acknowledged:
        """Send a message, change one or delete one.

        Where the socket is off, it goes over HTTP. How the socket deletes is not documented;
        `del` is our assumption.
        Source: reference page, section 8, type 1.

        Args:
            b_c: The book's code.
            msg: The text.
            b_o: The book's owner; the user without it.
            smid: The message to change or delete; a new one without it.
            delete: Whether to delete it.
        """
        if not self.attached:
            if delete:
                await self._client.delete_msg(smid, b_c, b_o=b_o)
                return Acknowledged(smid=smid)
            sent = await self._client.send_msg(msg, b_c=b_c, b_o=b_o, msg_id=smid or None)
            return Acknowledged(uuid=sent.uuid, smid=sent.smid, sstamp=sent.sstamp)
        return await self._ask(
            "send_message",
            {
                "b_c": b_c,
                "b_o": b_o or self._client.o_u,
                "msg": msg,
                "smid": smid,
                "del": True if delete else None,
            },
        )

    @operation("timetonic.socket.update_value", "write", idempotent=True)
    async def update_value(
        self, row_id: int, field_id: int, value: str, *, b_o: str | None = None
    ) -> Acknowledged:
        """Write one value of a table. Where the socket is off, it goes over HTTP.

        Source: reference page, section 8: type 13 is inferred, its fields are our assumption.

        Args:
            row_id: The row.
            field_id: The field.
            value: The value as text.
            b_o: The owner of the table's book; the user without it.
        """
        if not self.attached:
            await self._client.update_table_value(row_id, field_id, value, b_o=b_o)
            return Acknowledged()
        owner = b_o or self._client.o_u
        fields = {"b_o": owner, "rowId": row_id, "fieldId": field_id, "value": value}
        return await self._ask("update_value", fields)

    @operation("timetonic.socket.ping", "read")
    async def ping(self) -> Acknowledged:
        """Ask the socket for a sign of life.

        Source: seed document, index; the frame is our assumption.
        """
        return await self._ask("ping", {})

    @operation("timetonic.socket.send_system", "write")
    async def send_system(self, msg: str) -> Acknowledged:
        """Send a system message.

        Source: seed document, index; the frame is our assumption.

        Args:
            msg: The text.
        """
        return await self._ask("send_system", {"msg": msg})

    async def _open(self, url: str) -> tuple[Connection, dict[str, Any]]:
        frame = encode_frame(self._numbers["attach"], self._client.credentials())
        opened, answer = await open_connection(
            self._client.transport, url, frame, self._patience, [self._client.keys.sesskey]
        )
        try:
            insist(answer)
        except ServiceError:
            await opened.close()
            raise
        return opened, answer

    async def _ask(self, name: str, fields: Mapping[str, object]) -> Acknowledged:
        connection = self._connection
        if connection is None:
            raise ConnectionFailed(
                "the socket is not open", advice="Wait until it is attached, or use HTTP."
            )
        uuid = f"tockdeck-{uuid4()}"
        frame = encode_frame(
            self._numbers[name], {**self._client.credentials(), **fields, "uuid": uuid}
        )
        answer = self._waiting[uuid] = asyncio.get_running_loop().create_future()
        try:
            mark_sent()
            await connection.send(frame)
            async with asyncio.timeout(self._patience):
                found = await answer
        except TimeoutError as error:
            raise TimedOut("the socket did not acknowledge the frame in time") from error
        finally:
            self._waiting.pop(uuid, None)
        insist_on_yes(found)
        return acknowledged(found)

    async def _run(self) -> None:
        problem = OFF
        refused = self.url is None
        try:
            while True:
                if not refused:
                    try:
                        await self._over_socket()
                    except AuthenticationFailed as error:
                        problem, refused = error.message, True
                    except ServiceError as error:
                        problem = error.message
                await self._news.put(FeedState(mode="polling", reason=problem))
                rounds = 0
                while refused or rounds < self._retry:
                    await self._poll(first=rounds == 0)
                    rounds += 1
        except ServiceError as error:
            await self._news.put(error)

    async def _poll(self, *, first: bool) -> None:
        if not first:
            wait = max(self.interval, min(self.interval * 2**self._failures, LONGEST))
            await self._sleep(max(wait, self._asked_wait))
        told = False
        try:
            async for happening in self._polling.news():
                await self._news.put(happening)
                told = True
        except (AuthenticationFailed, PermissionDenied):
            raise
        except ServiceError as error:
            self._failures = min(self._failures + 1, 16)
            self._asked_wait = min(error.wait or 0.0, LONGEST)
            await self._news.put(FeedState(mode="polling", reason=error.message))
        else:
            if self._failures and not told:
                # It works again, which nothing else tells.
                await self._news.put(FeedState(mode="polling"))
            self._failures, self._asked_wait = 0, 0.0

    async def _over_socket(self) -> None:
        """Read the socket until it ends. Raises what ended it."""
        # Whatever happens from here on is either in the first question or in a frame.
        await self._polling.begin()
        await self.attach()
        connection = self._connection
        assert connection is not None  # attach has just opened it
        await self._news.put(FeedState(mode="socket"))
        try:
            async for happening in self._polling.news():
                await self._news.put(happening)
            async for data in connection.frames():
                happening = await self.happening(data, self._numbers)
                waiting = self._waiting.get(str(happening.raw.get("uuid")))
                answers = waiting is not None and not waiting.done()
                if waiting is not None and answers:
                    waiting.set_result(happening.raw)
                # A message of one's own comes back as well: it is both answer and news.
                if isinstance(happening, MessageArrived) or not (
                    answers or isinstance(happening, Acknowledged)
                ):
                    for told in self._polling.untold([happening]):
                        await self._news.put(told)
        finally:
            await self._hang_up()

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionFailed("the socket closed before it answered"))
        if connection is not None:
            await connection.close()


def _guard(url: str, transport: Transport) -> None:
    """The session goes to the service's own host only, and never to be read on the way."""
    socket, base = urlsplit(url), urlsplit(transport.base_url)
    if socket.scheme not in ("ws", "wss") or socket.hostname != base.hostname:
        raise InvalidArgument(f"the socket's address must be on {base.hostname}, with wss")
    insist_on_encryption(url, transport.service, allow_plain=transport.allow_plain)
