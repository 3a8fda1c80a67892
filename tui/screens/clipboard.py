"""Copying that says which way it went: tmux's buffer, a local helper, or the terminal itself.

Over SSH and in tmux there is no clipboard to write to; the ways are tried in the order in
which they can be trusted.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator

from textual.app import App

from tui.words import counted

TERMINAL_LIMIT = 74_000
"""Characters; many terminals drop a longer OSC 52 without a word."""
HELPER_SECONDS = 2.0


async def copy(app: App[object], text: str) -> str:
    """Copy text and return what happened, in a person's words."""
    for command, way in _helpers():
        if await _ran(command, text):
            return f"Copied {counted(len(text), 'character')} to {way}."
    if len(text) > TERMINAL_LIMIT:
        return f"Not copied: {counted(len(text), 'character')} are more than terminals take."
    app.copy_to_clipboard(text)
    return "Copied through the terminal, if it allows that."


def _helpers() -> Iterator[tuple[list[str], str]]:
    if os.environ.get("TMUX"):
        yield ["tmux", "load-buffer", "-w", "-"], "tmux's buffer and the clipboard"
    if os.environ.get("SSH_CONNECTION"):
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        yield ["wl-copy"], "the clipboard"
    if os.environ.get("DISPLAY"):
        yield ["xclip", "-selection", "clipboard"], "the clipboard"
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
        process.kill()
        await process.wait()
        return False
    return process.returncode == 0
