"""Small files in the data directory that are there as a whole or not at all."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

from tui.halves import half_of

LARGEST = 65_536
"""Bytes of a small file; what is larger is none of ours."""


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step; only its owner reads it. Raises OSError."""
    with half_of(path) as (half, descriptor):
        with os.fdopen(descriptor, "w", encoding="utf-8", closefd=False) as file:
            file.write(text)
        half.replace(path)


def read_object(path: Path) -> dict[str, object]:
    """The JSON object that a small file holds.

    Raises OSError when it cannot be read, ValueError when it holds anything else.
    """
    # Without waiting: somebody may have put a pipe there that nobody writes into.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError(f"{path} is no file")
    with os.fdopen(descriptor, "rb") as file:
        text = file.read(LARGEST + 1)
    try:
        content = json.loads(text)
    except RecursionError as error:
        raise ValueError(f"{path} is nested too deeply") from error
    if len(text) > LARGEST or not isinstance(content, dict):
        raise ValueError(f"{path} does not hold what it should")
    return content


def set_aside(path: Path) -> Path:
    """Rename a broken file so that nothing in it is lost; answers its new name."""
    aside = name_aside(path, "broken")
    path.rename(aside)
    return aside


def name_aside(path: Path, why: str) -> Path:
    """A name beside a file that nothing has, which says `why` it is there, and since when."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.{why}-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.{why}-{stamp}-{number}")
    return aside
