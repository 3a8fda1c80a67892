"""Opening the address of a page, or a file: in the person's browser, which may need this terminal.

`$BROWSER` comes first (commands with `:` between them, `%s` for the address), then what opens
addresses on this desktop. A browser for terminals is given this one until it is left.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from textual.app import App, SuspendNotSupported

from tui.widgets.outside import run_in_terminal, status_text

FOR_TERMINALS = ("w3m", "lynx", "elinks", "links2", "links", "chawan", "cha", "browsh", "carbonyl")
"""Programs that draw in the terminal that they are started in."""
STARTS_SECONDS = 2.0
"""How long a program that opens an address is waited for, to say that it could not."""


class Browser(NamedTuple):
    """A command that opens an address, which is put where `%s` stands, or at its end."""

    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the program is called."""
        return Path(self.words[0]).name

    @property
    def in_terminal(self) -> bool:
        """Whether it needs this terminal."""
        return self.name in FOR_TERMINALS

    def command(self, address: str) -> list[str]:
        """The words to run."""
        # Pages of the embedded services are kept apart by a cookie, which w3m leaves out unasked.
        words = [*self.words, *(["-cookie"] if self.name == "w3m" else [])]
        if any("%s" in word for word in words):
            return [word.replace("%s", address) for word in words]
        return [*words, address]


def chosen_browser() -> Browser | None:
    """The person's browser; None where nobody said, and there is no desktop to ask."""
    for one in os.environ.get("BROWSER", "").split(os.pathsep):
        try:
            words = shlex.split(one)
        except ValueError:
            continue
        if words and shutil.which(words[0]):
            return Browser(tuple(words))
    return file_opener()


def file_opener() -> Browser | None:
    """What opens files and addresses on this desktop; None where there is no desktop."""
    if sys.platform == "darwin":
        return Browser(("open",))
    desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if desktop and shutil.which("xdg-open"):
        return Browser(("xdg-open",))
    return None


def terminal_browsers() -> Sequence[Browser]:
    """The browsers for terminals that are installed here."""
    return [Browser((name,)) for name in FOR_TERMINALS if shutil.which(name)]


def is_page(address: str) -> bool:
    """Whether it is the address of a page, and nothing that a program could take otherwise."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and " " not in address
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain


async def open_page(app: App[object], browser: Browser, address: str) -> str:
    """Open it; why it could not be, in a person's words, or "".

    A browser for terminals has been left again when this returns.
    """
    command = browser.command(address)
    try:
        if browser.in_terminal:
            status: int | None = run_in_terminal(app, command)
        else:
            status = await _started(command)
    except SuspendNotSupported:
        return f"{browser.name} needs a terminal of its own here."
    except OSError as error:
        return f"{browser.name} could not be started: {error.strerror or error}."
    return f"{browser.name} ended with {status_text(status)}." if status else ""


async def _started(command: Sequence[str]) -> int | None:
    """Start a program that lives on without us; its status where it ended at once."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return await asyncio.wait_for(process.wait(), STARTS_SECONDS)
    except TimeoutError:
        return None
