"""An httpx transport that keeps what was sent and answers what it was told: no network."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tui.services.client import ServiceClient
from tui.services.operation import operation
from tui.services.transport import Limits, Transport
from tui.services.wire import Request, Response

Answer = httpx.Response | Exception | dict[str, Any] | list[Any] | bytes | str


class _Wire(httpx.AsyncByteStream):
    """The bytes of an answer as they would come over the wire."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            yield piece


def unread(answer: httpx.Response) -> httpx.Response:
    """The same answer, its body not read yet: httpx reads what is given to it whole at once."""
    return httpx.Response(answer.status_code, headers=answer.headers, stream=_Wire(answer.stream))


class Capture:
    """Gives the answers in turn (the last one again and again) and records every request.

    A dict or list is answered as JSON, text and bytes as they are, an exception is raised.
    """

    def __init__(self, *answers: Answer | Callable[[httpx.Request], Answer]) -> None:
        self.answers = list(answers) or [{}]
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []

    async def handle(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        answer: Any = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer) and not isinstance(answer, httpx.Response):
            answer = answer(request)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return unread(answer)
        if isinstance(answer, (bytes, str)):
            return unread(httpx.Response(200, content=answer))
        return unread(httpx.Response(200, json=answer))

    def transport(
        self,
        service: str = "sample",
        base_url: str = "https://service.example",
        *,
        limits: Limits | None = None,
        dry_run: bool = False,
        locate: Callable[[], Awaitable[str]] | None = None,
    ) -> Transport:
        """A Transport that speaks to this; its waits are recorded, not slept."""

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        return Transport(
            service,
            base_url,
            limits=limits,
            dry_run=dry_run,
            locate=locate,
            adapter=httpx.MockTransport(self.handle),
            sleep=sleep,
            jitter=lambda: 0.0,
        )

    @property
    def request(self) -> httpx.Request:
        """The request that came last."""
        return self.requests[-1]

    @property
    def form(self) -> dict[str, str]:
        """The fields of the last request's form; every name stands once."""
        assert self.request.headers["content-type"] == "application/x-www-form-urlencoded"
        fields = parse_qsl(self.request.content.decode(), keep_blank_values=True)
        assert len(dict(fields)) == len(fields), fields
        return dict(fields)

    @property
    def query(self) -> dict[str, str]:
        """The query of the last request."""
        return dict(self.request.url.params)

    @property
    def json(self) -> Any:
        """The JSON body of the last request."""
        return json.loads(self.request.content)


GET = Request("GET", "things", query=(("q", "a b"),))
POST = Request("POST", "things", form=(("name", "x"),))


class Sample(ServiceClient):
    """A client with one operation of every kind."""

    service = "sample"

    @operation("sample.look", "read")
    async def look(self) -> Response:
        """Look."""
        return await self.send(GET)

    @operation("sample.make", "write")
    async def make(self) -> Response:
        """Make."""
        return await self.send(POST)

    @operation("sample.put", "write", idempotent=True)
    async def put(self) -> Response:
        """Put."""
        return await self.send(POST)
