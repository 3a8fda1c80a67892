"""What tests of changes share: a way to the service that a test closes and opens."""

from __future__ import annotations

import httpx
import pytest


class Way:
    """The way to every service; what goes over it is counted."""

    def __init__(self) -> None:
        self.open = True
        self.lose_answers_to = ""
        """Of requests to an address that ends like this the answer is cut off."""
        self.methods: tuple[str, ...] = ("GET", "POST", "PUT", "DELETE")
        """The methods of which answers are cut off."""
        self.sent: list[str] = []
        """The paths of what reached a service."""


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Way:
    """The way to the services, open at first."""
    found = Way()
    handle = httpx.AsyncHTTPTransport.handle_async_request

    async def guarded(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        if not found.open:
            raise httpx.ConnectError("no route", request=request)
        found.sent.append(request.url.path)
        answer = await handle(self, request)
        lost = found.lose_answers_to and request.url.path.endswith(found.lose_answers_to)
        if lost and request.method in found.methods:
            await answer.aclose()
            raise httpx.ReadError("cut off", request=request)
        return answer

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", guarded)
    return found
