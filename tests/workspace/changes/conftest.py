"""A workspace on the server of whichever service it is about."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tui.workspace.workspace import Workspace


@pytest.fixture
async def workspace(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    async with at_work(server, tmp_path) as found:
        yield found


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Whether the answers to changes come back; the requests arrive all the same."""
    handle = httpx.AsyncHTTPTransport.handle_async_request
    state = {"come": True}

    async def guarded(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        response = await handle(self, request)
        if state["come"] or not request.url.path.endswith(("/create", "/update", "/delete")):
            return response
        await response.aread()
        raise httpx.ReadError("cut off", request=request)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", guarded)
    return lambda come: state.update(come=come)
