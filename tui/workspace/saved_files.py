"""Files that a person asks for by name: answers, tables, drafts."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from pathlib import Path

from tui.store.files import write_atomically

_UNSURE = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST = 80


def proposed_name(*parts: str, ending: str) -> str:
    """A file name made of parts that may come from a service; it names nothing but a file."""
    name = "-".join(filter(None, (_UNSURE.sub("_", part).strip("._-") for part in parts)))
    return f"{name[:LONGEST] or 'saved'}.{ending}"


async def save(path: Path, content: bytes) -> None:
    """Write a file as a whole, readable by its owner alone. Raises OSError."""
    await asyncio.to_thread(write_atomically, path, content)


def shown(path: Path) -> str:
    """A path as short as a person would type it: below where the deck was started, or home."""
    for folder_of, mark in ((Path.cwd, ""), (Path.home, "~/")):
        # Not below it; the folder that it was started in is gone; not everybody has a home.
        with suppress(ValueError, OSError, RuntimeError):
            return mark + str(path.relative_to(folder_of()))
    return str(path)
