"""`tockdeck serve`: the very program, spoken to as a browser does."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import re
import signal
from typing import Any

import pyte
import pytest
from aiohttp import ClientSession, CookieJar, WSMsgType

from tests.cli.conftest import PATIENCE, Shell
from tests.terminal import Glass
from tui.cli import DONE, REFUSED


class Page:
    """The screen of a page."""

    def __init__(self, socket: Any, columns: int, rows: int) -> None:
        self._socket = socket
        self._screen = Glass(columns, rows)
        self._stream = pyte.ByteStream(self._screen)

    async def says(self, *said: object) -> None:
        await self._socket.send_json(list(said))

    async def resize(self, columns: int, rows: int) -> None:
        self._screen.resize(rows, columns)
        await self.says("resize", {"width": columns, "height": rows})

    async def until(self, text: str, *, at_end: bool = False) -> None:
        """Wait until it shows a text, somewhere or at the end of a line of all columns."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not any(
                    line.rstrip().endswith(text) and len(line.rstrip()) >= self._screen.columns - 1
                    if at_end
                    else text in line
                    for line in self._screen.display
                ):
                    message = await self._socket.receive()
                    assert message.type is WSMsgType.BINARY, message
                    self._stream.feed(message.data)
        except TimeoutError:
            raise AssertionError("\n".join((text, *self._screen.display))) from None

    async def until_closed(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while (await self._socket.receive()).type is WSMsgType.BINARY:
                pass


async def test_the_deck_in_a_page_has_keys_mouse_and_size_and_ends(
    connected: Shell,
) -> None:
    process = connected.start("serve")
    assert process.stdout is not None
    address = (await asyncio.to_thread(process.stdout.readline)).strip()
    try:
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as person:
            await visit(person, address)
    finally:
        process.send_signal(signal.SIGINT)
        _, said = await asyncio.to_thread(process.communicate)
    assert process.returncode == DONE
    assert said == (
        f"tockdeck: opens the deck once, in one browser; kill -USR1 {process.pid} prints "
        "an address by which another takes over; ctrl+c ends it, and every deck in it\n"
    )


async def visit(person: ClientSession, address: str) -> None:
    base = address.partition("/enter/")[0]
    async with person.get(address) as entered:
        found = re.search(r"url=\.\.(/[\w-]+/)", await entered.text())
    assert found is not None
    socket = person.ws_connect(f"{base}{found[1]}ws?width=100&height=30", origin=base)
    async with socket as connected:
        deck = Page(connected, 100, 30)
        await deck.until("? more")
        await deck.says("stdin", "2")
        await deck.until("Parts inventory")
        await deck.resize(120, 36)
        await deck.until("? more", at_end=True)
        await deck.says("stdin", "\x1b[<0;58;1M\x1b[<0;58;1m")
        await deck.until("Invoices of all clients")
        await deck.says("stdin", "q")
        await deck.until_closed()


def test_where_the_extra_is_missing_one_line_names_it(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.cli.serve.find_spec", lambda _name: None)
    said = shell.run("serve")
    assert (said.status, said.out) == (REFUSED, "")
    assert said.err.endswith("pip install 'tockdeck[serve]'\n")
    assert importlib.util.find_spec("textual_serve") is not None
    assert json.dumps(said.err).count("\\n") == 1
