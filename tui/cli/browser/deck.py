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

from tui.words import counted

ENDS_SECONDS = 5.0
"""How long a deck may take to end: it ends by itself in one."""
MOST_CELLS = 2000
"""Columns or rows that a page may claim to have."""
NOT_HERE = ("TMUX", "TMUX_PANE", "STY", "SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER",
            "NO_COLOR", "VTE_VERSION")  # fmt: skip
"""What is true of the terminal that serves, and not of the page."""


class Deck(AppService):
    """A process with the deck in it, which a page shows."""

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        kept = super()._build_environment(width, height)
        for name in NOT_HERE:
            kept.pop(name, None)
        return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}

    async def run(self) -> None:
        """Show what it draws until it ends; the page is told, whatever it ended by."""
        try:
            await super().run()
        finally:
            await self.remote_close()

    async def stop(self) -> None:
        """Have it keep what was typed and end, as where a terminal is closed."""
        process, task = self._process, self._task
        self._task = None
        if process is None or task is None:
            return
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGHUP)
        try:
            await asyncio.wait_for(process.wait(), ENDS_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
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
