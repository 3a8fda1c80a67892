"""One deck that runs for a page, as textual-serve runs an application."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from textual_serve.app_service import AppService

from tui.children import tell
from tui.cli.narration import narrate
from tui.words import counted
from tui.workspace.text import clean_block

ENDS_SECONDS = 5.0
"""How long a deck may take to end: it ends by itself in one."""
BEGINS = b"__GANGLION__\n"
"""The line that an application writes before all that it draws."""
SAID_SECONDS = 1.0
"""How long the rest of what an ended deck complained of is waited for."""
MOST_SAID = 1 << 14
"""Bytes of what a deck complained of last that are kept."""
MOST_CELLS = 2000
"""Columns or rows that a page may claim to have."""
NOT_HERE = ("TMUX", "TMUX_PANE", "STY", "SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER",
            "NO_COLOR", "VTE_VERSION")  # fmt: skip
"""What is true of the terminal that serves, and not of the page."""


class Deck(AppService):
    """A process with the deck in it, which a page shows."""

    _is_left = False
    """Whether the page went first: then nothing that comes of it is a failure."""

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        kept = super()._build_environment(width, height)
        for name in NOT_HERE:
            kept.pop(name, None)
        return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}

    async def run(self) -> None:
        """Show what it draws until it ends; the page is told, whatever it ended by.

        Not textual-serve's own, which takes a page that was left before its deck began for one that
        failed, and mixes what a deck complains of into the addresses that are printed.
        """
        process = self._process
        assert process is not None
        assert process.stdout is not None
        assert process.stderr is not None
        said = bytearray()
        complaints = asyncio.create_task(_keep(process.stderr, said))
        begun = False
        try:
            with suppress(
                asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionResetError
            ):
                while await process.stdout.readuntil() != BEGINS:
                    pass
                begun = True
                while True:
                    await self._show(process.stdout)
        finally:
            # What it began may hold that open for longer than it lives.
            await asyncio.wait({complaints}, timeout=SAID_SECONDS)
            complaints.cancel()
            if not self._is_left:
                await self._tell(said.decode(errors="replace").strip(), begun=begun)
            await self.remote_close()

    async def _show(self, drawn: asyncio.StreamReader) -> None:
        """One packet. Raises IncompleteReadError at the end."""
        head = await drawn.readexactly(5)
        content = await drawn.readexactly(int.from_bytes(head[1:], "big"))
        take = {b"D": self.on_data, b"M": self.on_meta, b"P": self.on_packed}.get(head[:1])
        if take is not None:
            await take(content)

    async def _tell(self, said: str, *, begun: bool) -> None:
        """What a deck complained of, where it is served; where there is no deck, on the page."""
        for line in said.splitlines():
            narrate(f"a deck said: {line}")
        if not begun:
            words = clean_block(said) or "The deck ended before it began."
            with suppress(ConnectionResetError):
                await self.remote_write_bytes(words.replace("\n", "\r\n").encode())
            if not said:
                narrate("a deck ended before it began")

    async def stop(self) -> None:
        """Have it keep what was typed and end, as where a terminal is closed."""
        self._is_left = True
        process, task = self._process, self._task
        self._task = None
        if process is None or task is None:
            return
        tell(process, signal.SIGHUP)
        try:
            await asyncio.wait_for(process.wait(), ENDS_SECONDS)
        except TimeoutError:
            tell(process, signal.SIGKILL)
        await task

    async def hear(self, said: Any) -> list[Any] | None:
        """Do what a page says; what it is answered, None where it is not. What is none of its
        words is passed over.
        """
        match said:
            case ["stdin", str(typed)]:
                await self.send_bytes(typed.encode(errors="replace"))
            case ["resize", {"width": int(width), "height": int(height)}]:
                await self.set_terminal_size(cells(width), cells(height))
            case ["ping", str(sent) | int(sent) | float(sent)]:
                return ["pong", sent]
            case ["focus", *_]:
                await self.focus()
            case ["blur", *_]:
                await self.blur()
        return None


async def _keep(stream: asyncio.StreamReader, said: bytearray) -> None:
    """Keep the end of what is said there."""
    while more := await stream.read(4096):
        said += more
        del said[:-MOST_SAID]


def cells(number: int) -> int:
    """How many columns or rows there are, of what a page says."""
    return min(MOST_CELLS, max(1, number))


def command_of(options: Sequence[str]) -> str:
    """What runs a deck with such options, in the shell that textual-serve starts.

    The shell becomes the deck, so that a signal is for it.
    """
    return f"exec {shlex.join([sys.executable, '-m', 'tui', 'open', *options])}"


def title_of(persons: int, *, typed: bool) -> str:
    """What is said beside the addresses; where it is `typed` enter is heard."""
    each = "in one browser" if persons == 1 else f"in one of {counted(persons, 'browser')} each"
    key = "enter here or " if typed else ""
    return (
        f"opens the deck once, {each}; {key}kill -USR1 {os.getpid()} prints an address by which "
        "another takes over; ctrl+c ends it, and every deck in it"
    )
