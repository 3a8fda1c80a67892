"""Whether a database file is as it was left: its checksum, kept beside it while nobody uses it.

SQLite itself finds what breaks the structure of a file, and takes a flipped byte in a text for
the text. The seal is written at a clean end and taken away before the file is opened, so there is
none after a process was killed.
"""

from __future__ import annotations

import zlib
from enum import Enum
from pathlib import Path

from tui.embedded.files import read_object, write_private

_PIECE = 1 << 20


class State(Enum):
    """What the seal says."""

    WHOLE = "as it was left"
    CHANGED = "not as it was left"
    GONE = "not there any more"
    UNKNOWN = "not sealed"


def seal(path: Path) -> None:
    """Seal a file that nobody uses any more. Raises OSError."""
    write_private(_beside(path), f'{{"checksum": "{_checksum(path)}"}}\n')


def unseal(path: Path) -> None:
    """Take the seal away: what is in the file will change. Raises OSError."""
    _beside(path).unlink(missing_ok=True)


def state_of(path: Path) -> State:
    """What the seal says of the file. Raises OSError."""
    try:
        wanted = read_object(_beside(path)).get("checksum")
    except FileNotFoundError:
        return State.UNKNOWN
    except ValueError:
        # A seal that is broken itself says nothing about the file.
        return State.UNKNOWN
    try:
        return State.WHOLE if _checksum(path) == wanted else State.CHANGED
    except FileNotFoundError:
        return State.GONE


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".seal")


def _checksum(path: Path) -> str:
    """Size and CRC of the whole file: against accidents, not against people."""
    checksum = size = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            checksum, size = zlib.crc32(piece, checksum), size + len(piece)
    return f"{size}-{checksum:08x}"
