"""The server of the pages, with something quicker than a deck behind it: who is let in, to what."""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, WSMsgType, WSServerHandshakeError

from tests.cli.conftest import PATIENCE
from tui.cli.browser.gate import Gate
from tui.cli.browser.server import Server

ECHO = """
import os, sys
from pathlib import Path
note = Path(sys.argv[1])
def said(text):
    os.write(1, b"D" + len(text).to_bytes(4, "big") + text)
with note.open("a") as file:
    file.write("begun ")
os.write(1, b"__GANGLION__\\n")
said(b"%s x %s" % (os.environb[b"COLUMNS"], os.environb[b"ROWS"]))
while head := sys.stdin.buffer.read(5):
    told = head[:1] + sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if told == b"Dfall":
        os._exit(1)
    said(told)
"""
"""Speaks as an application does that textual-serve runs, and says what it was told."""


class Served:
    """A server that runs, and the address that it printed."""

    def __init__(self, server: Server, gate: Gate, base: str, address: str) -> None:
        self.server, self.gate, self.base, self.address = server, gate, base, address


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    gate = Gate((), 1)
    words = [sys.executable, "-I", "-S", "-c", ECHO, str(tmp_path / "note")]
    server = Server(gate, f"exec {shlex.join(words)}")
    port = await server.start(0)
    (token,) = gate.tokens
    base = f"http://127.0.0.1:{port}"
    yield Served(server, gate, base, f"{base}/enter/{token}")
    await server.close()


async def status_of(session: ClientSession, url: str, **headers: str) -> tuple[int, str]:
    async with session.get(url, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_one_person_comes_in_once_from_here_alone(served: Served, tmp_path: Path) -> None:
    base, address = served.base, served.address
    async with (
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as person,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as other,
    ):
        assert (await status_of(person, address, Host="elsewhere.example"))[0] == 403
        assert (await status_of(person, address, Origin="http://elsewhere.example"))[0] == 403
        assert (await status_of(person, f"{base}/enter/wrong"))[0] == 403
        async with person.head(address) as looked:
            assert looked.status == 405, "what only looks uses nothing up"
        status, entered = await status_of(person, address)
        assert status == 200
        found = re.search(r"url=\.\.(/[\w-]+/)", entered)
        assert found is not None
        home = f"{base}{found[1]}"
        status, words = await status_of(other, address)
        assert (status, "one person" in words) == (403, True)
        assert (await status_of(other, home))[0] == 403, "the path alone will not do"
        (cookie,) = person.cookie_jar
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
            found[1], True, "Strict",
        )  # fmt: skip
        async with person.get(home) as answer:
            page = await answer.text()
            assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"
        assert page.count("<title>tockdeck</title>") == 1
        # The terminal of a page has the keys at once: a person had to click on it first.
        assert page.index('querySelector(".xterm-helper-textarea")') < page.index("</head>")
        assert ".focus()" in page
        assert f'data-session-websocket-url="{home.replace("http", "ws", 1)}ws"' in page
        async with person.get(home, headers={"X-Forwarded-Proto": "https"}) as answer:
            assert 'url="wss://' in await answer.text()
        assert (await status_of(person, f"{base}/static/js/textual.js"))[0] == 200
        assert (await status_of(person, f"{base}/static/%2e%2e/server.py"))[0] == 404
        assert (await status_of(person, f"{base}/"))[0] == 404
        for session, origin in (
            (other, base),
            (person, None),
            (person, "http://elsewhere.example"),
        ):
            with pytest.raises(WSServerHandshakeError):
                await session.ws_connect(f"{home}ws", origin=origin)
        assert not (tmp_path / "note").exists(), "nothing was begun for any of them"


async def test_what_a_page_says_reaches_what_runs_and_a_page_anew_takes_its_place(
    served: Served, tmp_path: Path
) -> None:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as person:
        _, entered = await status_of(person, served.address)
        found = re.search(r"url=\.\.(/[\w-]+/)", entered)
        assert found is not None
        address = f"{served.base}{found[1]}ws"
        async with (
            asyncio.timeout(PATIENCE),
            person.ws_connect(f"{address}?width=100&height=x", origin=served.base) as page,
        ):
            assert await page.receive_bytes() == b"100 x 24"
            await page.send_str("no JSON")
            await page.send_json(["ping", 7])
            assert await page.receive_json() == ["pong", 7]
            await page.send_json(["stdin", "jé"])
            assert await page.receive_bytes() == "Djé".encode()
            await page.send_json(["resize", {"width": 120, "height": 36}])
            assert await page.receive_bytes() == (
                b'M{"type": "resize", "width": 120, "height": 36}'
            )
            async with person.ws_connect(address, origin=served.base) as anew:
                assert (await page.receive()).type is WSMsgType.CLOSE
                assert await anew.receive_bytes() == b"80 x 24"
                # What ends without a word leaves no page that stands still.
                await anew.send_json(["stdin", "fall"])
                assert (await anew.receive()).type is WSMsgType.CLOSE
            async with person.ws_connect(address, origin=served.base) as last:
                assert await last.receive_bytes() == b"80 x 24"
                # The server ends: so does what runs, before it is closed.
                closing = asyncio.create_task(served.server.close())
                assert (await last.receive()).type is WSMsgType.CLOSE
                await closing
    assert (tmp_path / "note").read_text() == "begun " * 3


async def test_by_a_further_address_another_browser_takes_over(
    served: Served, tmp_path: Path
) -> None:
    async with (
        asyncio.timeout(PATIENCE),
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as person,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as other,
    ):
        _, entered = await status_of(person, served.address)
        found = re.search(r"url=\.\.(/[\w-]+/)", entered)
        assert found is not None
        home = f"{served.base}{found[1]}"
        async with person.ws_connect(f"{home}ws", origin=served.base) as page:
            assert await page.receive_bytes() == b"80 x 24"
            address = f"{served.base}/enter/{served.gate.invite()}"
            assert (await status_of(person, home))[0] == 200, "until somebody comes by it"
            # The page before is closed, and its deck has ended, before the other may begin one.
            entering = asyncio.create_task(status_of(other, address))
            assert (await page.receive()).type is WSMsgType.CLOSE
            status, entered = await entering
        assert status == 200
        assert (await status_of(person, home))[0] == 403
        with pytest.raises(WSServerHandshakeError):
            await person.ws_connect(f"{home}ws", origin=served.base)
        assert (await status_of(person, address))[0] == 403, "it was used"
        found = re.search(r"url=\.\.(/[\w-]+/)", entered)
        assert found is not None
        theirs = f"{served.base}{found[1]}ws"
        async with other.ws_connect(theirs, origin=served.base) as page:
            assert await page.receive_bytes() == b"80 x 24"
    assert (tmp_path / "note").read_text() == "begun " * 2


FAILS = """
import sys
print("not yet")
sys.exit("no \\x1b[2Jtheme\\nof that name")
"""
WAITS = "import signal; signal.pause()"


async def test_a_deck_that_does_not_begin_says_why_and_a_page_that_was_left_says_nothing(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for program in (FAILS, WAITS):
        gate = Gate((), 1)
        words = [sys.executable, "-I", "-S", "-c", program]
        server = Server(gate, f"exec {shlex.join(words)}")
        base = f"http://127.0.0.1:{await server.start(0)}"
        async with (
            asyncio.timeout(PATIENCE),
            ClientSession(cookie_jar=CookieJar(unsafe=True)) as person,
        ):
            _, entered = await status_of(person, f"{base}/enter/{gate.tokens[0]}")
            found = re.search(r"url=\.\.(/[\w-]+/)", entered)
            assert found is not None
            async with person.ws_connect(f"{base}{found[1]}ws", origin=base) as page:
                if program == FAILS:
                    assert await page.receive_bytes() == "no ␛[2Jtheme\r\nof that name".encode()
                    assert (await page.receive()).type is WSMsgType.CLOSE
        await server.close()
        said = capfd.readouterr()
        assert said.out == ""
        assert said.err.splitlines() == [
            f"tockdeck: a deck said: {line}"
            for line in (("no ␛[2Jtheme", "of that name") if program == FAILS else ())
        ]
    assert caplog.text == ""
