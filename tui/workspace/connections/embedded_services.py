"""Finding or starting the embedded services, and staying with them while the deck is open.

They are a process of their own, reached only over HTTP: this module knows a few of their
addresses, nothing of their code. What their files say stands in embedded_files.py, how both sides
prove themselves in door.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlsplit

from tui.config.settings import Embedded
from tui.services.door import NotOurs, Silent, Stream
from tui.services.errors import ConnectionFailed, ProtocolViolation
from tui.spoken_keys import key_for
from tui.workspace.connections.door import (
    LONGEST,
    NAMES,
    PATIENCE,
    Endpoint,
    dialled,
    greeted,
)
from tui.workspace.connections.embedded_files import EmbeddedFiles
from tui.workspace.connections.embedded_process import LOCAL, command, environment

if TYPE_CHECKING:
    from tui.services.wire import Response

START_SECONDS = 30.0
RESTARTS = 3
"""How often it is tried to be the first to start them again, where decks are open."""

_log = logging.getLogger("tockdeck.connections")


class EmbeddedServices:
    """The embedded services of one data directory, shared by every deck that uses it."""

    def __init__(self, directory: Path, options: Embedded, time_zone: str = LOCAL) -> None:
        self.directory = directory
        self.files = EmbeddedFiles(directory)
        self.options = options
        self.time_zone = time_zone
        self.lost: Callable[[], None] | None = None
        """Called when the server ends while the deck is open."""
        self.told: Callable[[str], None] | None = None
        """Called with what the server has to tell a person, such as that a damaged database
        was set aside."""
        self._endpoint: Endpoint | None = None
        self._starting = asyncio.Lock()
        self._tries = 0
        """How often a start came to an end."""
        self._failed: ConnectionFailed | None = None
        """Why the last one failed."""
        self._presence: asyncio.Task[None] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = 0  # how often: what starts meanwhile belongs to nobody

    async def ensure(self) -> Endpoint:
        """The running server's endpoint, started when there is none.

        Raises ConnectionFailed with the server's own words when it cannot be started. Those who
        waited for that meanwhile are told the same: one start after the other would take long.
        """
        tries = self._tries
        async with self._starting:
            if self._endpoint is not None:
                return self._endpoint
            if self._failed is not None and tries != self._tries:
                raise self._unavailable(self._failed.message, self._failed.advice)
            self._failed = None
            try:
                self._endpoint = await self._find() or await self._start()
            except ConnectionFailed as error:
                self._failed = error
                raise
            finally:
                self._tries += 1
            return self._endpoint

    async def change_sample(self, action: Literal["clear", "reset"]) -> None:
        """Remove all data of the embedded services, or begin again with their sample; they live in
        the zone that is set up then.

        Raises what a transport raises, Refused when they do not do it.
        """
        named = quote(self.time_zone)
        await self._control(await self.ensure(), f"_deck/sample/{action}?zone={named}")

    async def restart(self, boats: int, hertz: float) -> Endpoint:
        """End the running server, if there is one, and start one with another fleet.

        Raises ConnectionFailed when another program is quicker to start one of its own, and
        what a transport raises.
        """
        fleet = {"boats": boats, "hertz": hertz, "replay": []}
        self.options = Embedded(**{**vars(self.options), **fleet})
        for _ in range(RESTARTS):
            async with self._starting:
                running = self._endpoint or await self._find()
                if running is not None:
                    await self._end(running)
                self._endpoint = await self._start()
            if await asyncio.to_thread(self._is_ours):
                return self._endpoint
        raise self._unavailable("an open deck starts them first each time; leave it, then repeat")

    async def _end(self, running: Endpoint) -> None:
        presence, self._presence = self._presence, None
        await self._control(running, "_deck/stop")
        if presence is not None:
            # The stream ends with the server: then its lock is free, or will be in a moment.
            await asyncio.wait({presence})

    async def page(self, target: str) -> str:
        """The address by which a person's browser opens a page (path and query) once.

        Raises what a transport raises, Refused for what is no page.
        """
        answer = await self._control(
            await self.ensure(), "_deck/page", json.dumps({"target": target}).encode()
        )
        try:
            return str(json.loads(answer.content)["address"])
        except (ValueError, KeyError, TypeError) as error:
            raise ProtocolViolation("no address came back", service="embedded") from error

    async def _control(self, endpoint: Endpoint, path: str, body: bytes | None = None) -> Response:
        from tui.services.errors import error_of_status
        from tui.services.transport import Transport
        from tui.services.wire import Request

        transport = Transport("embedded", endpoint.base_url, door=ServiceDoor(self, "", endpoint))
        try:
            answer = await transport.send(Request("POST", path, body=body))
        finally:
            await transport.close()
        if answer.status >= 300:
            raise error_of_status(answer.status)
        return answer

    def _is_ours(self) -> bool:
        """Whether the server that runs is the process that was started here."""
        return self._process is not None and self._process.pid == self.files.number("pid")

    async def close(self) -> None:
        """Let go of the server; it ends by itself once nobody uses it."""
        if self._presence is not None:
            presence, self._presence = self._presence, None
            presence.cancel()
            await asyncio.wait({presence})
        self._endpoint = None
        self._closed += 1
        self._disown()

    def _disown(self) -> None:
        """It outlives the deck on purpose: no warning that nobody waited for it."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.returncode = 0

    async def _find(self) -> Endpoint | None:
        port = await asyncio.to_thread(self.files.number, "port")
        if port is None or port > 65_535:
            return None
        return await self._attach(port)

    async def _attach(self, port: int) -> Endpoint | None:
        """Hold one quiet connection open: it keeps the server alive and costs nothing.

        None when there is no server of this directory there. Raises ConnectionFailed for one
        that hangs.
        """
        try:
            credentials = await asyncio.to_thread(self.files.credentials)
            bare, greeting = await dialled(port, credentials.get("deck_token", ""))
        except Silent:
            if await asyncio.to_thread(self.files.is_held):
                raise self._hangs() from None
            return None
        except (NotOurs, OSError, ValueError):
            return None
        reader, writer = await asyncio.open_connection(sock=bare, limit=LONGEST)
        lines = [
            "GET /_deck/presence HTTP/1.1",
            f"Host: {greeting.address}",
            *(f"{name}: {value}" for name, value in greeting.headers().items()),
        ]
        with contextlib.ExitStack() as opened:
            opened.callback(writer.close)  # given up meanwhile, too
            try:
                async with asyncio.timeout(PATIENCE):
                    writer.write("\r\n".join((*lines, "", "")).encode())
                    await writer.drain()
                    head = await reader.readuntil(b"\r\n\r\n")
                    await reader.readline()  # the length of the one chunk
                    said = json.loads(await reader.readline())
                session, notices = str(said["session"]), [str(one) for one in said["notices"]]
            except (OSError, EOFError, asyncio.LimitOverrunError, ValueError, TypeError, KeyError):
                return None
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                return None
            opened.pop_all()
        for notice in notices:
            if self.told is not None:
                self.told(notice)
        self._presence = asyncio.create_task(self._stay(reader, writer))
        self._presence.add_done_callback(self._stayed)
        return Endpoint(port, credentials, session)

    async def _stay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.read(4096):
                pass
        except OSError:
            pass
        finally:
            writer.close()
        self._endpoint = None
        if self.lost is not None:
            self.lost()

    def _stayed(self, task: asyncio.Task[None]) -> None:
        """A defect is told: nobody waits for the task, and what it left undone would be missed."""
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        self._endpoint = None
        words = f"The embedded services are looked for anew: {type(error).__name__}, {error}"
        if self.told is not None:
            self.told(words)
        else:
            _log.error("%s", words, exc_info=error)

    async def _start(self) -> Endpoint:
        port = await asyncio.to_thread(self._launch)
        endpoint = await self._attach(port)
        if endpoint is None:
            raise self._unavailable("they started, but do not answer")
        return endpoint

    def _launch(self) -> int:
        closed = self._closed
        process = subprocess.Popen(
            command(self.directory, self.options, self.time_zone),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment(),
        )
        self._disown()
        self._process = process
        assert process.stdout is not None
        with process.stdout as printed:
            line = printed.readline()
        if closed != self._closed:
            self._disown()
        try:
            said = json.loads(line)
            if "port" in said:
                return int(said["port"])
        except (ValueError, TypeError):
            said = {}
        process.wait(START_SECONDS)
        raise self._unavailable(
            str(said.get("message") or self.files.start_error()), said.get("advice")
        )

    def _hangs(self) -> ConnectionFailed:
        return self._unavailable(
            f"they run as process {self.files.number('pid')}, which does not answer",
            "End that process, then try again.",
        )

    def _unavailable(self, message: str, advice: object = None) -> ConnectionFailed:
        return ConnectionFailed(
            message,
            service="embedded",
            advice=str(
                advice
                or f"Look at {self.directory}, then try again: {key_for('pane.retry')} in the deck."
            ),
        )


class ServiceDoor:
    """What a transport asks about one of the embedded services, at `path` below their address."""

    def __init__(
        self, services: EmbeddedServices, path: str, endpoint: Endpoint | None = None
    ) -> None:
        self._services = services
        self._path = path
        self._fixed = endpoint
        self._endpoint = endpoint

    async def address(self) -> str:
        """Where they listen now: they may get another port when they are started again."""
        self._endpoint = self._fixed or await self._services.ensure()
        return f"{self._endpoint.base_url}/{self._path}".rstrip("/")

    def headers(self) -> Mapping[str, str]:
        """The session."""
        return {"Tockdeck-Session": self._endpoint.session} if self._endpoint else {}

    async def greet(self, stream: Stream) -> None:
        """Have them prove themselves. Raises NotOurs."""
        if self._endpoint is not None:
            await greeted(stream, self._endpoint.port, self._endpoint.secret)

    async def dial(self, url: str) -> tuple[socket.socket, Mapping[str, str]] | None:
        """A greeted connection for a websocket of theirs; None for another address."""
        await self.address()
        parts = urlsplit(url)
        endpoint = self._endpoint
        if endpoint is None or parts.hostname not in NAMES or parts.port != endpoint.port:
            return None
        try:
            bare, _ = await dialled(endpoint.port, endpoint.secret)
        except NotOurs as error:
            raise ConnectionFailed(str(error), service="embedded") from error
        return bare, self.headers()

    async def page(self, url: str) -> str:
        """The address by which a page of theirs opens once."""
        parts = urlsplit(url)
        return await self._services.page(parts.path + (f"?{parts.query}" if parts.query else ""))
