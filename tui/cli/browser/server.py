"""The server of the pages: textual-serve's page and script, behind a gate of our own.

Of textual-serve the page, the script and what runs an application are used; who may come in, by
which name and how many at a time is said here.
"""

from __future__ import annotations

import asyncio
from html import escape
from json import JSONDecodeError
from pathlib import Path

import aiohttp_jinja2
import jinja2
import textual_serve
from aiohttp import WSMsgType, web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.download_manager import DownloadManager

from tui.cli.browser.deck import Deck, cells
from tui.cli.browser.gate import COOKIE, UNKNOWN, USED, Gate

LOOPBACK = "127.0.0.1"
LARGEST = 1 << 20
"""Bytes of one message of a page: what is pasted at once."""
HEARTBEAT_SECONDS = 15.0
FONT_PIXELS = 16
FILES = Path(textual_serve.__file__).parent
HEAD = """<head>
    <title>tockdeck</title>
    <script>
      new MutationObserver((_, watch) => {
        const keys = document.querySelector(".xterm-helper-textarea");
        if (keys) { keys.focus(); watch.disconnect(); }
      }).observe(document, { childList: true, subtree: true });
    </script>"""
"""What our page begins with: without a title a tab is called by its address, which is the person's
secret, and textual-serve's script has the terminal take no keys before it was clicked on."""
HEADERS = {
    "Cache-Control": "no-store",
    # The page loads its own script and style alone, and nothing from elsewhere.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Server:
    """Serves one deck to each person who comes in."""

    def __init__(self, gate: Gate, command: str) -> None:
        self._gate = gate
        self._command = command
        self._downloads = DownloadManager()
        self._open: dict[str, tuple[web.WebSocketResponse, asyncio.Event]] = {}
        """The socket of each page, and what is set once its deck has ended."""
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> int:
        """Listen on the loopback address; the port. Raises OSError where it is taken."""
        app = web.Application(middlewares=[self._guard()])
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(FILES / "templates"))
        app.add_routes([
            web.get("/enter/{token}", self._enter),
            web.get("/{page}/", self._page),
            web.get("/{page}/ws", self._socket),
            web.get("/static/{name:.+}", self._static),
        ])  # fmt: skip
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=1.0
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, port).start()
        taken = int(self._runner.addresses[0][1])
        self._gate.listens(LOOPBACK, taken)
        return taken

    async def close(self) -> None:
        """End every deck, then listen no more."""
        for socket, ended in [*self._open.values()]:
            await socket.close()
            await ended.wait()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _end(self, page: str) -> None:
        """End the deck of a page as where a terminal is closed, and wait until it has."""
        if page in self._open:
            socket, ended = self._open[page]
            await socket.close(message=b"another browser has taken over")
            await ended.wait()

    def _guard(self) -> Middleware:
        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            why = self._gate.refuses(
                request.headers.getall("Host", []),
                request.headers.getall("Origin", []),
                is_socket="Upgrade" in request.headers,
            )
            if why:
                return _page("Not here", why, 403)
            try:
                answer = await handler(request)
            except web.HTTPException as refused:
                return _page("Not here", UNKNOWN, refused.status)
            if not answer.prepared:
                answer.headers.update(HEADERS)
            return answer

        return guard

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        if request.method != "GET":  # what only looks must not use an address up
            return _page("Not here", UNKNOWN, 405)
        seat = self._gate.enter(request.match_info["token"])
        if seat is None:
            return _page("One person", USED, 403)
        for page in self._gate.given_up():
            await self._end(page)
        # A page and not a redirect: with that the cookie would stay away where a link led here.
        answer = _page("The deck", "It opens.", 200, f"../{seat.page}/")
        answer.set_cookie(
            COOKIE, seat.cookie, path=f"/{seat.page}/", httponly=True, samesite="Strict"
        )
        return answer

    def _is_known(self, request: web.Request) -> bool:
        return self._gate.knows(request.match_info["page"], request.cookies.get(COOKIE, ""))

    async def _page(self, request: web.Request) -> web.StreamResponse:
        if not self._is_known(request):
            return _page("Not open", UNKNOWN, 403)
        # What a browser is sent over may end before us and speak in another scheme.
        secure = request.headers.get("X-Forwarded-Proto", request.scheme) == "https"
        address = f"{'wss' if secure else 'ws'}://{request.host}{request.path}ws"
        page = aiohttp_jinja2.render_string(
            "app_index.html",
            request,
            {
                "font_size": FONT_PIXELS,
                "app_websocket_url": address,
                "config": {"static": {"url": "../static/"}},
                "application": {"name": "tockdeck"},
            },
        )
        return web.Response(text=page.replace("<head>", HEAD, 1), content_type="text/html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        """What every copy of textual-serve has: nobody's secret."""
        folder = FILES / "static"
        file = (folder / request.match_info["name"]).resolve()
        if not file.is_relative_to(folder) or not file.is_file():
            return _page("Not here", UNKNOWN, 404)
        return web.FileResponse(file)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not self._is_known(request):
            return _page("Not open", UNKNOWN, 403)
        page = request.match_info["page"]
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=LARGEST)
        await socket.prepare(request)
        # Nothing is waited for between the last look and the entry: two may come at once.
        while page in self._open:
            # The same person anew: the page was loaded again, or stands in another window, too.
            older, ended = self._open[page]
            await older.close()
            await ended.wait()
        if not self._is_known(request):
            await socket.close()  # another browser has taken over meanwhile
            return socket
        self._open[page] = socket, asyncio.Event()
        deck = Deck(
            self._command,
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=socket.close,  # type: ignore[arg-type]
            download_manager=self._downloads,
        )
        try:
            await deck.start(_number(request, "width", 80), _number(request, "height", 24))
            await _listen(socket, deck)
        finally:
            await deck.stop()
            self._open.pop(page)[1].set()
        return socket


async def _listen(socket: web.WebSocketResponse, deck: Deck) -> None:
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            continue
        try:
            said = message.json()
        except (JSONDecodeError, RecursionError):
            continue
        answer = await deck.hear(said)
        if answer is not None:
            await socket.send_json(answer)


def _number(request: web.Request, name: str, default: int) -> int:
    said = request.query.get(name, "")
    return cells(int(said)) if said.isdecimal() and len(said) < 6 else default


def _page(title: str, words: str, status: int, leads_to: str = "") -> web.Response:
    """A page of words. `leads_to` is a path of our own."""
    meta = f'<meta http-equiv="refresh" content="0;url={escape(leads_to)}">' if leads_to else ""
    content = (
        f'<!doctype html><html lang="en"><meta charset="utf-8">{meta}<title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1><p>{escape(words)}</p></html>"
    )
    return web.Response(text=content, content_type="text/html", status=status, headers=HEADERS)
