"""Files that a person asks for by name: answers, tables, drafts."""

from __future__ import annotations

import asyncio
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from tui.store.files import write_atomically

_UNSURE = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST = 80


def proposed_name(*parts: str, ending: str) -> str:
    """A file name made of parts that may come from a service; it names nothing but a file."""
    name = "-".join(filter(None, (_UNSURE.sub("_", part).strip("._-") for part in parts)))
    return f"{name[:LONGEST] or 'saved'}.{ending}"


async def save(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file as a whole, readable by its owner alone where no other `mode` is given. Raises
    OSError.
    """
    await asyncio.to_thread(put, path, content, mode=mode)


def put(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """The same at once. A symbolic link is followed, and a pipe or a device is written to as it is:
    a file in its place would be the end of `/dev/null` for whoever may write there.
    """
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        with path.open("wb") as out:
            out.write(content)
    else:
        write_atomically(Path(os.path.realpath(path)), content, mode=mode)


def shown(path: Path) -> str:
    """A path as short as a person would type it: below where the deck was started, or home."""
    for folder_of, mark in ((Path.cwd, ""), (Path.home, "~/")):
        # Not below it; the folder that it was started in is gone; not everybody has a home.
        with suppress(ValueError, OSError, RuntimeError):
            return mark + str(path.relative_to(folder_of()))
    return str(path)
