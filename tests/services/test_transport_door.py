"""A transport before a service of our own: where it is now, its session, its pages."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping

import httpx
import pytest

from tests.services.capture import Capture, Sample
from tui.services.door import Stream
from tui.services.errors import ConnectionFailed, ProtocolViolation
from tui.services.wire import Request


class MovingDoor:
    """A door of a service that is somewhere else each time; it never has to greet anybody."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)

    async def address(self) -> str:
        if not self.addresses:
            raise ConnectionFailed("they could not be started: the disk is full")
        return self.addresses.pop(0)

    def headers(self) -> Mapping[str, str]:
        return {"Tockdeck-Session": f"s{len(self.addresses)}"}

    async def greet(self, stream: Stream) -> None:
        raise AssertionError("no connection is made here")

    async def dial(self, url: str) -> tuple[socket.socket, Mapping[str, str]] | None:
        return None

    async def page(self, url: str) -> str:
        return url + "?once=1"


async def test_each_attempt_goes_to_where_the_service_is_now_with_its_session() -> None:
    capture = Capture(httpx.ConnectError("x"), {})
    door = MovingDoor("http://127.0.0.1:1/api", "http://127.0.0.1:2/api")
    await Sample(capture.transport(base_url="http://127.0.0.1:9/api", door=door)).look()
    sent = [(one.url.port, one.headers["tockdeck-session"]) for one in capture.requests]
    assert sent == [(1, "s1"), (2, "s0")]


async def test_a_session_is_not_sent_to_another_address_nor_shown() -> None:
    capture = Capture({})
    transport = capture.transport(door=MovingDoor("http://127.0.0.1:1/api"))
    with pytest.raises(ProtocolViolation, match="another server"):
        await transport.send(Request("GET", "http://127.0.0.1:2/api/thing"))
    assert not capture.requests
    assert "tockdeck" not in json.dumps(transport.preview(Request("GET", "thing"))).lower()


async def test_a_service_that_cannot_be_found_again_says_why() -> None:
    capture = Capture(httpx.ConnectError("x"), {})
    with pytest.raises(ConnectionFailed, match="disk is full"):
        await Sample(capture.transport(door=MovingDoor("http://127.0.0.1:1/api"))).look()
    assert len(capture.requests) == 1


async def test_a_page_is_opened_by_its_own_address() -> None:
    assert await Capture().transport().page(Request("GET", "p")) == "https://service.example/p"
    there = Capture().transport(door=MovingDoor())
    assert await there.page(Request("GET", "p")) == "https://service.example/p?once=1"
