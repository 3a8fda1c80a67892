"""A listener on 127.0.0.1 that waits for the browser to come back from a log-in (RFC 8252)."""

from __future__ import annotations

import asyncio
import hmac
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit, urlunsplit

from tui.services.errors import AuthenticationFailed, ConnectionFailed

HOSTS = frozenset({"127.0.0.1", "localhost"})
LONGEST_HEAD = 16_384
SLOWEST_HEAD = 10.0
"""Seconds that a browser may take to say what it wants."""

_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>tockdeck</title></head>
<body><p>{words}</p></body></html>"""


def is_loopback(redirect_uri: str) -> bool:
    """Whether a redirect address leads to a listener on this machine."""
    try:
        parts = urlsplit(redirect_uri)
        # Reading the port raises for one that is no number.
        return parts.scheme == "http" and parts.hostname in HOSTS and (parts.port or 0) >= 0
    except ValueError:
        return False


class LoopbackListener:
    """Takes one code, from a request that knows the state; everything else it turns away.

    It shows nothing of what a request holds, and keeps only the code.
    """

    def __init__(self, state: str, redirect_uri: str = "http://127.0.0.1/callback") -> None:
        self._state = state
        self._parts = urlsplit(redirect_uri)
        self._server: asyncio.Server | None = None
        self._code: asyncio.Future[str] | None = None
        self._silent: dict[asyncio.Task[None] | None, asyncio.StreamWriter] = {}
        """Who has connected and not said what they want, as browsers do to be quicker later."""

    async def start(self) -> str:
        """Listen, and return the redirect address with the port that it got.

        Raises ConnectionFailed when the port is taken.
        """
        self._code = asyncio.get_running_loop().create_future()
        port = self._parts.port or 0
        try:
            self._server = await asyncio.start_server(
                self._serve, "127.0.0.1", port, limit=LONGEST_HEAD
            )
        except OSError as error:
            raise ConnectionFailed(
                f"port {port} on 127.0.0.1 is taken",
                advice="Choose another port in redirect_uri, or paste the code instead.",
            ) from error
        taken = self._server.sockets[0].getsockname()[1]
        path = self._parts.path or "/"
        return urlunsplit(("http", f"{self._parts.hostname}:{taken}", path, "", ""))

    async def code(self) -> str:
        """The code, once the browser has brought it. Raises AuthenticationFailed for a refusal."""
        if self._code is None:
            raise RuntimeError("start comes first")
        return await asyncio.shield(self._code)

    async def close(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()
            # From Python 3.12 on the server waits for them, too.
            waited = [task for task in self._silent if task is not None]
            for writer in self._silent.values():
                writer.close()
            if waited:
                await asyncio.wait(waited)
            await self._server.wait_closed()
        if self._code and not self._code.cancel():
            # Nobody may be left to ask; an error that nobody asked for is no accident.
            self._code.exception()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.current_task()
        self._silent[visit] = writer
        try:
            async with asyncio.timeout(SLOWEST_HEAD):
                head = await reader.readuntil(b"\r\n\r\n")
            del self._silent[visit]
            status, words = self._answer(head)
            body = _PAGE.format(words=words).encode()
            lines = (
                f"HTTP/1.1 {status}",
                "Content-Type: text/html; charset=utf-8",
                f"Content-Length: {len(body)}",
                "Cache-Control: no-store",
                "Referrer-Policy: no-referrer",
                "Connection: close",
            )
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            # A visitor that says nothing sensible is nobody's business.
            pass
        finally:
            self._silent.pop(visit, None)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _answer(self, head: bytes) -> tuple[str, str]:
        method, _, rest = head.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")
        try:
            target = urlsplit(rest.partition(" ")[0])
        except ValueError:
            return "400 Bad Request", "That is no address."
        if method != "GET":
            return "405 Method Not Allowed", "Only the browser's way back is answered here."
        if target.path != (self._parts.path or "/"):
            return "404 Not Found", "There is nothing here."
        found = {name: values[0] for name, values in parse_qs(target.query).items()}
        if not hmac.compare_digest(found.get("state", "").encode(), self._state.encode()):
            return "400 Bad Request", "This belongs to another log-in."
        if self._code is None or self._code.done():
            return "200 OK", "This log-in is already done."
        if "error" in found:
            words = found.get("error_description") or found["error"]
            self._code.set_exception(AuthenticationFailed(words[:500], code=found["error"][:100]))
            return "200 OK", "The log-in was refused. Back in the terminal it says why."
        if "code" not in found:
            return "400 Bad Request", "The code is missing."
        self._code.set_result(found["code"])
        return "200 OK", "Done. Close this page and go back to the terminal."
