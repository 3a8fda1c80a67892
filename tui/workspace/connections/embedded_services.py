"""Finding or starting the embedded services, and staying with them while the deck is open.

They are a process of their own, reached only over HTTP: this module knows their files
(endpoint.json, credentials.json, start-error.json in their data directory) and two of their
addresses, nothing of their code.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tui.config.settings import Embedded
from tui.services.errors import ConnectionFailed

START_SECONDS = 30.0
RESTARTS = 3
"""How often it is tried to be the first to start them again, where decks are open."""


@dataclass(frozen=True, repr=False)
class Endpoint:
    """Where the embedded services listen, and what they accept."""

    port: int
    credentials: dict[str, str]

    @property
    def base_url(self) -> str:
        """The address that every service's prefix is added to."""
        return f"http://127.0.0.1:{self.port}"


class EmbeddedServices:
    """The embedded services of one data directory, shared by every deck that uses it."""

    def __init__(self, directory: Path, options: Embedded) -> None:
        self.directory = directory
        self.options = options
        self.lost: Callable[[], None] | None = None
        """Called when the server ends while the deck is open."""
        self.told: Callable[[str], None] | None = None
        """Called with what the server has to tell a person, such as that a damaged database
        was set aside."""
        self._endpoint: Endpoint | None = None
        self._starting = asyncio.Lock()
        self._presence: asyncio.Task[None] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    async def ensure(self) -> Endpoint:
        """The running server's endpoint, started when there is none.

        Raises ConnectionFailed with the server's own words when it cannot be started.
        """
        async with self._starting:
            if self._endpoint is not None:
                return self._endpoint
            endpoint = await self._find() or await self._start()
            self._endpoint = endpoint
            return endpoint

    async def change_sample(self, action: Literal["clear", "reset"]) -> None:
        """Remove all data of the embedded services, or begin again with their sample.

        Raises what a transport raises, Refused when they do not do it.
        """
        await self._control(await self.ensure(), f"_deck/sample/{action}")

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
            await presence

    async def _control(self, endpoint: Endpoint, path: str) -> None:
        from tui.services.errors import error_of_status
        from tui.services.transport import Transport
        from tui.services.wire import Request

        transport = Transport("embedded", endpoint.base_url)
        token = endpoint.credentials.get("deck_token", "")
        try:
            answer = await transport.send(
                Request("POST", path, headers={"Authorization": f"Bearer {token}"})
            )
        finally:
            await transport.close()
        if answer.status >= 300:
            raise error_of_status(answer.status)

    def _is_ours(self) -> bool:
        """Whether the server that runs is the process that was started here."""
        return self._process is not None and self._process.pid == self._read_number("pid")

    async def close(self) -> None:
        """Let go of the server; it ends by itself once nobody uses it."""
        if self._presence is not None:
            self._presence.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._presence
            self._presence = None
        self._endpoint = None
        if self._process is not None and self._process.poll() is None:
            # It outlives the deck on purpose: no warning that nobody waited for it.
            self._process.returncode = 0
            self._process = None

    async def _find(self) -> Endpoint | None:
        port = await asyncio.to_thread(self._read_number, "port")
        if port is None:
            return None
        return await self._attach(port)

    async def _attach(self, port: int) -> Endpoint | None:
        """Hold one quiet connection open: it keeps the server alive and costs nothing."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return None
        writer.write(b"GET /_deck/presence HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        try:
            await writer.drain()
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5.0)
            await reader.readline()  # the length of the one chunk
            said = json.loads(await asyncio.wait_for(reader.readline(), 5.0))
        except (OSError, EOFError, asyncio.IncompleteReadError, asyncio.LimitOverrunError,
                ValueError, TimeoutError):  # fmt: skip
            writer.close()
            return None
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            writer.close()
            return None
        for notice in said.get("notices", []):
            if self.told is not None:
                self.told(str(notice))
        self._presence = asyncio.create_task(self._stay(reader, writer))
        return Endpoint(port, await asyncio.to_thread(self._read_credentials))

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

    async def _start(self) -> Endpoint:
        port = await asyncio.to_thread(self._launch)
        endpoint = await self._attach(port)
        if endpoint is None:
            raise self._unavailable("they started, but do not answer")
        return endpoint

    def _launch(self) -> int:
        options = self.options
        command = [
            sys.executable, "-m", "tui.embedded", "--data", str(self.directory),
            "--port", str(options.port), "--idle", str(options.idle_minutes * 60),
            "--boats", str(options.boats), "--hz", str(options.hertz),
        ]  # fmt: skip
        for recording in options.replay:
            command += ["--replay", recording]
        if options.quirks:
            command.append("--quirks")
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if self._process is not None:
            self._process.poll()
        self._process = process
        assert process.stdout is not None
        with process.stdout as printed:
            line = printed.readline()
        try:
            said = json.loads(line)
            if "port" in said:
                return int(said["port"])
        except (ValueError, TypeError):
            said = {}
        process.wait(START_SECONDS)
        raise self._unavailable(str(said.get("message") or self._start_error()), said.get("advice"))

    def _read_number(self, name: str) -> int | None:
        try:
            return int(json.loads((self.directory / "endpoint.json").read_bytes())[name])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _read_credentials(self) -> dict[str, str]:
        try:
            content = json.loads((self.directory / "credentials.json").read_bytes())
        except (OSError, ValueError) as error:
            raise self._unavailable("their credentials cannot be read") from error
        return {str(name): str(value) for name, value in content.items()}

    def _start_error(self) -> str:
        try:
            content = json.loads((self.directory / "start-error.json").read_bytes())
            return str(content.get("message") or content.get("error"))
        except (OSError, ValueError, AttributeError):
            return "they could not be started; run `tockdeck embedded` to see why"

    def _unavailable(self, message: str, advice: object = None) -> ConnectionFailed:
        return ConnectionFailed(
            message,
            service="embedded",
            advice=str(advice or f"Look at {self.directory}, then press r to try again."),
        )
