"""Files that a person asks for by name: answers, tables, drafts."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tui.store.files import write_atomically

_UNSURE = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST = 80


def proposed_name(*parts: str, ending: str) -> str:
    """A file name made of parts that may come from a service; it names nothing but a file."""
    name = "-".join(filter(None, (_UNSURE.sub("_", part).strip("._-") for part in parts)))
    return f"{name[:LONGEST] or 'saved'}.{ending}"


async def exists(name: str) -> Path | None:
    """The path that a name means where something is there already, else None."""
    path = await asyncio.to_thread(lambda: Path(name).expanduser())
    return path if await asyncio.to_thread(path.exists) else None


async def save(name: str, content: bytes) -> Path:
    """Write a file as a whole, readable by its owner alone. Raises OSError."""

    def write() -> Path:
        path = Path(name).expanduser()
        if path.is_dir():
            raise IsADirectoryError(21, f"{path} is a directory, not a file")
        write_atomically(path, content)
        return path

    return await asyncio.to_thread(write)
