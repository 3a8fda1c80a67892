"""Copying that says which way it went: tmux's buffer, a local helper, or the terminal itself.

Over SSH and in tmux there is no clipboard to write to; the ways are tried in the order in
which they can be trusted. What was only sent is not called copied: no terminal answers.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

from textual.app import App

from tui.children import tell
from tui.terminal import in_screen
from tui.words import counted
from tui.workspace.saved_files import save, shown

TERMINAL_LIMIT = 74_000
"""Characters; many terminals drop a longer OSC 52 without a word."""
HELPER_SECONDS = 2.0
SCREEN_BYTES = 555
"""Of text: GNU screen 4.9 hands on what is 763 bytes in all, and writes what is longer on the
display."""
FILE = "copied.txt"


async def copy(app: App[object], text: str, folder: Path) -> str:
    """Copy text and return what happened, in a person's words.

    What no terminal takes is kept in `folder`, as a file to take instead.
    """
    count = counted(len(text), "character")
    for command, way in _helpers():
        if await _ran(command, text):
            return f"Copied {count} to {way}."
    if in_screen():
        if len(text.encode()) > SCREEN_BYTES:
            return await _kept(text, folder, f"{count} are more than GNU screen hands on")
        _send_through_screen(app, text)
        return f"Sent {count} through GNU screen to the terminal, which may take them."
    if len(text) > TERMINAL_LIMIT:
        return await _kept(text, folder, f"{count} are more than terminals take")
    app.copy_to_clipboard(text)
    return f"Sent {count} to the terminal's clipboard; it may not allow that."


async def _kept(text: str, folder: Path, why: str) -> str:
    """Write what cannot be copied into a file of the person's alone, and say so."""
    file = folder / FILE
    try:
        await save(file, text.encode())
    except OSError as error:
        return f"Not copied: {why}, and no file could be written ({error.strerror or error})."
    return f"Not copied: {why}. The text is in {shown(file)}."


def _send_through_screen(app: App[object], text: str) -> None:
    """Screen hands on what stands in a device control string, and nothing else of the kind."""
    if app._driver is not None:
        content = base64.b64encode(text.encode()).decode()
        app._driver.write(f"\x1bP\x1b]52;c;{content}\a\x1b\\")


def _helpers() -> Iterator[tuple[list[str], str]]:
    if os.environ.get("TMUX"):
        yield ["tmux", "load-buffer", "-w", "-"], "tmux's buffer, and sent them to the terminal"
    if os.environ.get("SSH_CONNECTION"):
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        yield ["wl-copy"], "the clipboard"
    if os.environ.get("DISPLAY"):
        yield ["xclip", "-selection", "clipboard"], "the clipboard"
        yield ["xsel", "--clipboard", "--input"], "the clipboard"
    yield ["pbcopy"], "the clipboard"


async def _ran(command: list[str], text: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await asyncio.wait_for(process.communicate(text.encode()), HELPER_SECONDS)
    except TimeoutError:
        tell(process, signal.SIGKILL)
        await process.wait()
        return False
    return process.returncode == 0
