"""The one module that knows httpx: pooling, timeouts, size limits, retries, the origin guard.

httpx is imported and its client built when the first request is sent, never before: a deck
paints first.
"""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from tui.services.errors import ConnectionFailed, ProtocolViolation, RateLimited, TimedOut
from tui.services.operation import aside, current_operation
from tui.services.wire import HIDDEN, Request, Response, redacted

if TYPE_CHECKING:
    import httpx

RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Limits:
    """What one service's calls may cost. Times in seconds, sizes in bytes."""

    connect: float = 10.0
    read: float = 60.0
    answer: int = 64 * 1024 * 1024
    retries: int = 2
    backoff: float = 0.5
    backoff_limit: float = 8.0
    wait_limit: float = 20.0
    """A longer Retry-After is not waited for: it is raised as RateLimited."""
    connections: int = 10


class NotSent(Exception):
    """Raised by a dry run instead of sending; `preview` is the request with secrets hidden."""

    def __init__(self, preview: dict[str, Any]) -> None:
        super().__init__("nothing was sent")
        self.preview = preview


class Transport:
    """Sends requests of one service to its one origin.

    `base_url` may carry a path. `locate` is asked before what failed is repeated, for a service
    of our own that may listen elsewhere by then. `adapter` is an httpx transport for tests;
    `sleep` and `jitter` make retries testable.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        limits: Limits | None = None,
        dry_run: bool = False,
        locate: Callable[[], Awaitable[str]] | None = None,
        adapter: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.service = service
        self.limits = limits or Limits()
        self.dry_run = dry_run
        self._locate = locate
        self._adapter = adapter
        self._sleep = sleep
        self._jitter = jitter
        self._client: httpx.AsyncClient | None = None
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
        self._origin = origin(self.base_url)
        self._host = parts.hostname

    def url(self, request: Request) -> str:
        """The whole URL of a request. Raises ProtocolViolation for another origin's."""
        target = request.path
        if "://" not in target:
            target = f"{self.base_url}/{target.lstrip('/')}" if target else self.base_url
        if origin(target) != self._origin:
            raise ProtocolViolation(
                f"refused to send credentials to another server ({urlsplit(target).hostname})",
                service=self.service,
                advice="Open the link yourself if you trust it.",
            )
        if request.query:
            target += ("&" if "?" in target else "?") + urlencode(request.query)
        return target

    def preview(self, request: Request) -> dict[str, Any]:
        """The request as JSON-ready values, secrets hidden."""
        hidden = Request(
            request.method, request.path, tuple((k, redacted(v, k)) for k, v in request.query)
        )
        shown: dict[str, Any] = {
            "method": request.method,
            "url": self.url(hidden).replace(quote(HIDDEN), HIDDEN),
            "headers": redacted(self._headers(request)),
        }
        if request.form is not None:
            shown["form"] = [[name, redacted(value, name)] for name, value in request.form]
        elif request.body is not None:
            shown["body"] = request.body.decode("utf-8", errors="replace")
        elif (encoded := request.encoded_body()[0]) is not None:
            # As it is written on the wire: an amount is a number there.
            shown["json"] = redacted(msgspec.json.decode(encoded))
        if request.files:
            shown["files"] = [
                {"field": part.field, "filename": part.filename, "type": part.content_type}
                for part in request.files
            ]
        return shown

    async def send(self, request: Request) -> Response:
        """Send and read the whole answer; any HTTP status is an answer.

        Raises ConnectionFailed, TimedOut, RateLimited (429 when waiting is no use) and
        ProtocolViolation (too large, another origin). Under a dry run raises NotSent.
        """
        async with self.stream(request) as (response, chunks):
            content = bytearray()
            async for chunk in chunks:
                content += chunk
                if len(content) > self.limits.answer:
                    raise ProtocolViolation(
                        f"the answer is larger than {self.limits.answer:,} bytes",
                        service=self.service,
                        advice="Ask for less at a time.",
                    )
        whole = Response(response.status, response.headers, bytes(content), response.url)
        if self._recorded is not None and not aside.get():
            self._recorded.append(whole)
        return whole

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

    @asynccontextmanager
    async def stream(
        self, request: Request
    ) -> AsyncIterator[tuple[Response, AsyncIterator[bytes]]]:
        """Send and hand out the head of the answer and its body in pieces (for large files).

        Breaking off a body raises ConnectionFailed; what came until then stays with the caller.
        """
        if self.dry_run:
            raise NotSent(self.preview(request))
        import httpx

        answer = await self._begin(request)
        head = Response(
            answer.status_code,
            {name.lower(): value for name, value in answer.headers.items()},
            b"",
            str(answer.url),
        )
        try:
            yield head, self._pieces(answer)
        except httpx.HTTPError as error:
            raise self._failure(error) from error
        finally:
            await answer.aclose()

    async def close(self) -> None:
        """Close the pooled connections."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {"Accept": request.accept, **request.headers}
        content_type = request.encoded_body()[1]
        if content_type:
            headers["Content-Type"] = content_type
        return headers

    async def _begin(self, request: Request) -> httpx.Response:
        import httpx

        running = current_operation.get()
        idempotent = running is not None and running.idempotent
        self.last_operation = running.id if running is not None else ""
        attempt = 0
        while True:
            wait: float | None = None
            failed = False
            try:
                answer = await self._once(request)
            except httpx.HTTPError as error:
                failed = True
                unsent = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
                if attempt >= self.limits.retries or not (idempotent or unsent):
                    raise self._failure(error) from error
            except httpx.InvalidURL as error:
                raise ConnectionFailed(f"the address is not valid: {error}") from error
            else:
                if answer.status_code not in RETRIED_STATUSES:
                    return answer
                wait = retry_after(answer.headers.get("retry-after"))
                if (
                    attempt >= self.limits.retries
                    or not idempotent
                    or (wait or 0) > self.limits.wait_limit
                ):
                    if answer.status_code == 429:
                        await answer.aclose()
                        raise RateLimited(
                            "the service answers that there were too many calls",
                            service=self.service,
                            status=429,
                            wait=wait,
                        )
                    return answer
                await answer.aclose()
            if wait is None:
                step = self.limits.backoff * 2**attempt
                wait = min(step, self.limits.backoff_limit) * (1 - 0.25 * self._jitter())
            attempt += 1
            await self._sleep(wait)
            if failed and self._locate is not None:
                self._stand_at(await self._locate())

    async def _once(self, request: Request) -> httpx.Response:
        client = await self._open()
        method, target = request.method, self.url(request)
        body, _ = request.encoded_body()
        with ExitStack() as files:
            built = client.build_request(
                method,
                target,
                headers=self._headers(request),
                content=body,
                data=_form_of(request) if request.files else None,
                files=[
                    (
                        part.field,
                        (
                            part.filename,
                            files.enter_context(part.content.open("rb"))
                            if isinstance(part.content, Path)
                            else part.content,
                            part.content_type,
                        ),
                    )
                    for part in request.files
                ]
                or None,
            )
            for _ in range(6):
                answer = await client.send(built, stream=True)
                follow = answer.next_request
                if follow is None:
                    return answer
                if method != "GET" or origin(str(follow.url)) != self._origin:
                    return answer
                await answer.aclose()
                built = follow
        raise ProtocolViolation("the service redirects in a circle", service=self.service)

    async def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            async with self._building:
                if self._client is None:
                    self._client = await asyncio.to_thread(self._build)
        return self._client

    def _build(self) -> httpx.AsyncClient:
        import httpx

        secure = self.base_url.startswith("https:")
        limits = self.limits
        return httpx.AsyncClient(
            # A plain http base URL never speaks TLS: loading certificates for it is wasted.
            verify=True if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            limits=httpx.Limits(
                max_connections=limits.connections, max_keepalive_connections=limits.connections
            ),
            transport=self._adapter,
            trust_env=self._host not in LOOPBACK,
            headers={"User-Agent": "tockdeck"},
        )

    async def _pieces(self, answer: httpx.Response) -> AsyncIterator[bytes]:
        async for chunk in answer.aiter_bytes():
            yield chunk

    def _failure(self, error: Exception) -> ConnectionFailed | ProtocolViolation:
        import httpx

        if isinstance(error, httpx.TimeoutException):
            phase = "connect" if isinstance(error, httpx.ConnectTimeout) else "answer"
            return TimedOut(f"{self._host} did not {phase} in time", service=self.service)
        if isinstance(error, httpx.ConnectError):
            return ConnectionFailed(
                f"{self._host} could not be reached ({_reason(error)})", service=self.service
            )
        if isinstance(error, (httpx.DecodingError, httpx.RemoteProtocolError)):
            return ProtocolViolation(
                f"{self._host} broke off or garbled its answer", service=self.service
            )
        return ConnectionFailed(
            f"the connection to {self._host} broke ({_reason(error)})", service=self.service
        )


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL; the port is the scheme's own when none is given."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    default = {"https": 443, "wss": 443}.get(parts.scheme, 80)
    return parts.scheme, (parts.hostname or "").lower(), default if port is None else port


def retry_after(value: str | None) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date; None when it is neither."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (TypeError, ValueError):
        return None


def _form_of(request: Request) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in request.form or ():
        fields.setdefault(name, []).append(value)
    return fields


def _reason(error: Exception) -> str:
    words = str(error).strip() or type(error).__name__
    return words if len(words) <= 120 else words[:117] + "..."
