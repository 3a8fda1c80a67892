"""The one way to a service, by httpx: pooling, limits, tries, the origin guard.

httpx is imported and its client built when the first request is sent, never before: a deck
paints first. What ends soon asks a service of this machine without it (see `loopback`).
"""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from socket import socket
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode, urlsplit

from tui.hosts import is_loopback
from tui.services.addresses import insist_on_encryption, origin
from tui.services.broken import UNSENT, Broke, Broken, failure, kind_of
from tui.services.door import Door, OnStep, greets
from tui.services.early import listens
from tui.services.errors import BrokenOff, ConnectionFailed, ProtocolViolation, is_turned_away
from tui.services.going import counted, is_cut
from tui.services.limits import Allowance, Limits, retry_after, too_many_calls
from tui.services.missing import leave_out, settle_missing
from tui.services.operation import current_run, mark_answered, mark_doubted, mark_later, mark_sent
from tui.services.packing import ACCEPTED, BadPacking, Unpacker
from tui.services.preview import NotSent, hidden, preview_of
from tui.services.surplus import give_up_surplus
from tui.services.told_back import secrets_of
from tui.services.wire import Request, Response, headers_of, opened

if TYPE_CHECKING:
    import httpx

    from tui.services.loopback import Line, Reply

__all__ = ["Limits", "NotSent", "Transport"]

T = TypeVar("T")
A = TypeVar("A", bound="httpx.Response | Reply")
Take = Callable[[Response, AsyncIterator[bytes]], Awaitable[T]]
"""What is done with the head of an answer and its body in pieces."""

_OURS = {"User-Agent": "tockdeck", "Accept-Encoding": ACCEPTED}
RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})


class Transport:
    """Sends requests of one service to its one origin.

    `base_url` may carry a path. `door` is that of a service of our own, which may listen
    elsewhere by the next request. `allow_plain` lets a base URL be plain http
    elsewhere than on this machine. `brief` is for a process that asks once or twice and ends: on
    this machine it does without httpx. `adapter` is an httpx transport for tests; `sleep` and
    `jitter` make retries testable.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        limits: Limits | None = None,
        dry_run: bool = False,
        allow_plain: bool = False,
        door: Door | None = None,
        brief: bool = False,
        adapter: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.service = service
        self.limits = limits or Limits()
        self.dry_run = dry_run
        self.allow_plain = allow_plain
        self._door = door
        self._brief = brief and adapter is None
        self._adapter = adapter
        self._sleep = sleep
        self._jitter = jitter
        self._client: httpx.AsyncClient | None = None
        self._line: Line | None = None
        self._building = asyncio.Lock()
        self._recorded: list[Response] | None = None
        self.last_operation = ""
        """The id of the operation that sent the latest request."""
        self._stand_at(base_url)

    def _stand_at(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        parts = urlsplit(self.base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConnectionFailed(
                f"the base URL {base_url!r} is no http or https address",
                service=self.service,
                advice=f"Correct base_url of [{self.service}] in the configuration.",
            )
        insist_on_encryption(self.base_url, self.service, allow_plain=self.allow_plain)
        self._origin = origin(self.base_url)
        self._host = parts.hostname

    def url(self, request: Request) -> str:
        """The whole URL of a request. Raises ProtocolViolation for another origin's."""
        target = request.path
        if "://" not in target:
            # Behind the base URL and a slash nothing can name another server.
            target = f"{self.base_url}/{target.lstrip('/')}" if target else self.base_url
        elif origin(target) != self._origin:
            raise ProtocolViolation(
                f"refused to send credentials to another server ({_where(target)})",
                service=self.service,
                advice="Open the link yourself if you trust it.",
            )
        if request.query:
            target += ("&" if "?" in target else "?") + urlencode(request.query)
        return target

    def preview(self, request: Request) -> dict[str, Any]:
        """The request as JSON-ready values, secrets hidden."""
        _, content_type = request.encoded_body()
        return preview_of(request, self.url(hidden(request)), headers_of(request, content_type))

    async def send(self, request: Request) -> Response:
        """Send and read the whole answer; any HTTP status is an answer.

        Raises ConnectionFailed, TimedOut, RateLimited (429 when waiting is no use) and
        ProtocolViolation (too large, garbled, another origin). Under a dry run raises NotSent.
        """

        async def whole(head: Response, pieces: AsyncIterator[bytes]) -> Response:
            content, size = [], 0
            async for piece in pieces:
                content.append(piece)
                size += len(piece)
                if size > self.limits.answer:
                    raise self._too_large()
            return Response(head.status, head.headers, b"".join(content), head.url)

        answer = await self.receive(request, whole, self.limits.answer)
        mark_answered(answer.content)
        run = current_run.get()
        if self._recorded is not None and not (run is not None and run.beside):
            self._recorded.append(answer)
        return answer

    @contextmanager
    def recording(self) -> Iterator[list[Response]]:
        """While it lasts, every whole answer is also put into the list that it gives.

        As it came, before anything is read in it; answers to log-ins are not among them.
        """
        self._recorded = []
        try:
            yield self._recorded
        finally:
            self._recorded = None

    async def receive(
        self,
        request: Request,
        take: Take[T],
        largest: int | None = None,
        *,
        harmless: bool = False,
    ) -> T:
        """Send, and let `take` have the answer's head and its body in pieces (for large files).

        What breaks off on the way is tried again where that does no harm: `take` is called anew
        then, and begins from nothing. That is for the running operation to say, unless asking
        again is `harmless` in itself. More than `largest` bytes on the wire are not read.
        Raises as `send` does.
        """
        if self.dry_run:
            raise NotSent(self.preview(request))
        run = current_run.get()
        idempotent = harmless or (run is not None and run.idempotent)
        if run is not None:
            run.secrets.update(secrets_of(request))
        self.last_operation = run.operation.id if run is not None and run.operation else ""
        allowance = Allowance(self.limits)
        attempt = 0
        while True:
            may_repeat = attempt < self.limits.retries
            pause = self._pause(attempt)
            wait: float | None = None
            try:
                answer = await allowance.within(self._once(request, allowance))
                try:
                    if may_repeat and idempotent:
                        wait = self._wait_of(answer, pause, allowance)
                    if wait is not None and is_turned_away(answer.status_code):
                        mark_sent(False)
                    elif wait is None:
                        if answer.status_code >= 400:
                            mark_later(answer.status_code, answer.headers.get("retry-after"))
                        self._insist_on_calls_left(answer)
                        head = _head_of(answer)
                        return await take(head, self._pieces(answer, allowance, largest))
                finally:
                    await answer.aclose()
            except Exception as error:
                kind = kind_of(error)
                if kind is None:
                    raise
                wait = pause
                repeatable = (idempotent or kind in UNSENT) and kind is not Broken.ADDRESS
                # A service of our own that says nothing hangs: asking again takes longer.
                repeatable &= self._door is None or kind is not Broken.SILENT
                if not (may_repeat and repeatable) or pause > allowance.left:
                    raise failure(
                        kind, error, self.service, self._host, idempotent=idempotent
                    ) from error
            attempt += 1
            mark_doubted()
            await self._sleep(wait)

    async def close(self) -> None:
        """Close the pooled connections."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()
        if self._line is not None:
            line, self._line = self._line, None
            await line.aclose()

    def _pause(self, attempt: int) -> float:
        """Seconds before the next try, where the service does not say."""
        step = min(self.limits.backoff * float(2**attempt), self.limits.backoff_limit)
        return step * (1 - 0.25 * self._jitter())

    def _wait_of(
        self, answer: httpx.Response | Reply, pause: float, allowance: Allowance
    ) -> float | None:
        """Seconds after which an answer that only says "not now" is asked for again, or None."""
        asked = retry_after(answer.headers.get("retry-after"))
        told = asked is not None and is_turned_away(answer.status_code)
        if answer.status_code not in RETRIED_STATUSES and not told:
            return None
        wait = pause if asked is None else asked
        return wait if wait <= min(self.limits.wait_limit, allowance.left) else None

    def _insist_on_calls_left(self, answer: httpx.Response | Reply) -> None:
        if answer.status_code == 429:
            raise too_many_calls(self.service, answer.headers.get("retry-after"))

    async def _once(self, request: Request, allowance: Allowance) -> httpx.Response | Reply:
        body, content_type = request.encoded_body()
        headers = headers_of(request, content_type)
        steps: OnStep = listens
        if self._door is not None:
            self._stand_at(await self._door.address())
            headers |= self._door.headers()
            steps = greets(self._door, steps)
        method, target = request.method, self.url(request)
        if self._is_brief(request):
            line = self._line = self._line or self._drawn()
            allowance.add(len(body or b""))
            return await self._followed(line.send, line.request(method, target, headers, body))
        client = await self._open()
        with ExitStack() as files:
            parts = await asyncio.to_thread(opened, request.files, files) if request.files else []
            built = client.build_request(
                method,
                target,
                headers=headers,
                extensions={"trace": steps},
                content=body,
                data=request.fields if request.files else None,
                files=parts or None,
            )
            if body or request.files:
                built.stream = counted()(built.stream, allowance)
            return await self._followed(partial(client.send, stream=True), built)

    async def _followed(self, send: Callable[[Any], Awaitable[A]], built: Any) -> A:
        """The answer, or that of what a read is redirected to on the same server.

        Some services take writes as GET, too: a redirection of one is its answer.
        """
        run = current_run.get()
        is_read = built.method == "GET" and not (run is not None and run.is_write)
        for _ in range(6):
            answer = await self._sent(send, built)
            follow = answer.next_request
            if follow is None:
                return answer
            if not is_read or origin(str(follow.url)) != self._origin:
                return answer
            await answer.aclose()
            built = follow
        raise ProtocolViolation("the service redirects in a circle", service=self.service)

    async def _sent(self, send: Callable[[Any], Awaitable[A]], built: Any) -> A:
        run = current_run.get()
        before = run is not None and run.sent
        mark_sent()
        try:
            answer = await send(built)
            if is_cut(built):
                mark_sent(before)
                if answer.status_code < 300:
                    # Nobody has done what they have not heard to the end.
                    await answer.aclose()
                    raise Broke(Broken.CUT, "it answered before it had heard all")
            return answer
        except BaseException as error:
            kind = kind_of(error)
            if kind is Broken.ADDRESS and not isinstance(error, Broke):  # where an answer leads to
                raise Broke(Broken.GARBLED) from error
            # Given up, too: a request without its end is no request.
            if kind in UNSENT or is_cut(built):
                mark_sent(before)
            raise

    async def dial(self, url: str) -> tuple[socket, Mapping[str, str]] | None:
        """For a websocket: a connection that has been made, and its headers; None: as usual."""
        return None if self._door is None else await self._door.dial(url)

    async def page(self, request: Request) -> str:
        """The address by which a person's browser opens what the request is for."""
        return self.url(request) if not self._door else await self._door.page(self.url(request))

    def _is_brief(self, request: Request) -> bool:
        """Whether it is asked without httpx: plainly, on this machine, without a file."""
        plain = self._brief and not request.files and self.base_url.startswith("http:")
        return plain and "@" not in self.base_url and is_loopback(self._host)

    def _drawn(self) -> Line:
        from tui.services.loopback import Line

        return Line(self.limits, self._door, dict(_OURS))

    async def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            async with self._building:
                if self._client is None:
                    self._client = await asyncio.to_thread(self._build)
        return self._client

    def _build(self) -> httpx.AsyncClient:
        leave_out("httpx._main")
        import httpx

        settle_missing("sniffio")
        secure = self.base_url.startswith("https:")
        limits = self.limits
        return httpx.AsyncClient(
            # A plain http base URL never speaks TLS: loading certificates for it is wasted.
            verify=True if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            limits=httpx.Limits(
                max_connections=limits.connections,
                max_keepalive_connections=limits.connections,
                keepalive_expiry=limits.idle,
            ),
            transport=self._adapter,
            trust_env=not is_loopback(self._host),
            headers=_OURS,
        )

    async def _pieces(
        self, answer: httpx.Response | Reply, allowance: Allowance, largest: int | None
    ) -> AsyncIterator[bytes]:
        """The body, unpacked. What comes over the wire is bounded as well: it may hold nothing."""
        size = 0
        try:
            unpacker = Unpacker(answer.headers.get("content-encoding", ""))
            # Not httpx's `aiter_raw`, which gives the connection back before one can look at it.
            body: Any = answer.stream
            raw = aiter(body)
            while (packed := await allowance.within(anext(raw, None))) is not None:
                allowance.add(len(packed))
                size += len(packed)
                if largest is not None and size > largest:
                    raise self._too_large()
                for piece in unpacker.feed(packed):
                    yield piece
            await give_up_surplus(body, answer.extensions)
            unpacker.finish()
        except BadPacking as error:
            raise BrokenOff(f"the answer of {self._host} {error}", service=self.service) from error

    def _too_large(self) -> ProtocolViolation:
        return ProtocolViolation(
            f"the answer is larger than {self.limits.answer:,} bytes",
            service=self.service,
            advice="Ask for less at a time.",
        )


def _where(url: str) -> str:
    return origin(url)[1] or f"{url[:60]!r} is no address"


def _head_of(answer: httpx.Response | Reply) -> Response:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Response(answer.status_code, headers, b"", str(answer.url))
