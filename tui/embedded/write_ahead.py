"""Whether SQLite's write-ahead log beside a database can be read to its end.

SQLite takes a log up to its first frame that is not as it was written, and says nothing: one
flipped byte, and every change after it is gone. All that was written since the server started may
stand there, where it was killed. Source: SQLite's "Database File Format", section 4, and "WAL-mode
File Format", section 2.

How a frame that was damaged is told from one that was being written when the process ended:

- The index of the log (``-shm``) is left behind by a process that was killed. It says how many
  frames were committed: those were acknowledged, and one of them that cannot be read is damage;
  what stands behind them was never acknowledged, whatever it looks like.
- Without the index, or with that of another log: frames are written one after another, so that one
  which is not whole and has others of the same log behind it is damaged. Of the **last** frame it
  cannot be told: a flipped byte looks as a write that was broken off does. It is unclear where it
  ends a transaction; otherwise that was not committed. A log that was cut short, or a last frame
  whose salt was changed, looks as if it had never been longer.
- After the machine itself went down the index may be older than the log, as far as it was written
  to the disk at all. Frames that it does not know are then taken for not acknowledged.
"""

from __future__ import annotations

import struct
import sys
from enum import Enum
from pathlib import Path
from typing import NamedTuple

_HEADER, _FRAME = struct.Struct(">8I"), struct.Struct(">6I")
_WORDS = {0x377F0682: "<", 0x377F0683: ">"}
"""How the words that are summed are ordered, by the number at the log's beginning."""
_PAGES = frozenset(1 << power for power in range(9, 17))
_NATIVE = "<" if sys.byteorder == "little" else ">"
_INDEX, _FOLDED = struct.Struct("=5I12x8s2I"), struct.Struct("=I")
_COPY, _CHECKED, _INDEX_VERSION = 48, 40, 3007000


class Log(Enum):
    """What a log is like."""

    SOUND = "sound"
    UNCLEAR = "unclear"
    """Its last change was being written, or is damaged: nobody can tell."""
    DAMAGED = "damaged"


class _Committed(NamedTuple):
    """What the index of a log knows."""

    salts: bytes
    frames: int
    """How many frames were committed."""
    folded: int
    """How many of them stand in the database as well."""


def state_of_log(log: Path, index: Path) -> Log:
    """What the log of a database that nobody uses is like. Raises OSError."""
    committed = _committed(index)
    try:
        content = memoryview(log.read_bytes())
    except FileNotFoundError:
        content = memoryview(b"")
    if len(content) <= _HEADER.size:
        lost = committed is not None and committed.frames > committed.folded
        return Log.DAMAGED if lost else Log.SOUND
    magic, _, page, _, *salts, first, second = _HEADER.unpack_from(content)
    order = _WORDS.get(magic)
    if order is None or page not in _PAGES:
        return Log.DAMAGED
    sums = _summed(content[: _HEADER.size - 8], order, (0, 0))
    if sums != (first, second):
        return Log.DAMAGED
    whole = 0
    broken = is_followed = ends_transaction = False
    for start in range(_HEADER.size, len(content) - _FRAME.size - page + 1, _FRAME.size + page):
        _, pages_after, *marks, first, second = _FRAME.unpack_from(content, start)
        if marks != salts:
            # Left over from before the log was begun anew, or damaged: what follows tells.
            broken = True
            continue
        if broken:
            is_followed = True
            break
        body = start + _FRAME.size
        sums = _summed(content[start : start + 8], order, sums)
        sums = _summed(content[body : body + page], order, sums)
        if sums == (first, second):
            whole += 1
        else:
            broken, ends_transaction = True, pages_after > 0
    if committed is not None and committed.salts == content[16:24]:
        return Log.DAMAGED if whole < committed.frames else Log.SOUND
    if is_followed:
        return Log.DAMAGED
    return Log.UNCLEAR if ends_transaction else Log.SOUND


def _committed(index: Path) -> _Committed | None:
    """What the index says; None where there is none that can be relied on. Raises OSError."""
    try:
        with index.open("rb") as file:
            head = file.read(2 * _COPY + _FOLDED.size)
    except FileNotFoundError:
        return None
    if len(head) < 2 * _COPY + _FOLDED.size or head[:_COPY] != head[_COPY : 2 * _COPY]:
        return None
    version, _, _, _, frames, salts, *sums = _INDEX.unpack_from(head)
    if version != _INDEX_VERSION:
        return None
    if _summed(memoryview(head)[:_CHECKED], _NATIVE, (0, 0)) != tuple(sums):
        return None
    return _Committed(salts, frames, _FOLDED.unpack_from(head, 2 * _COPY)[0])


def _summed(content: memoryview, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    one, two = sums
    for index in range(0, len(words), 2):
        one = (one + words[index] + two) & 0xFFFFFFFF
        two = (two + words[index + 1] + one) & 0xFFFFFFFF
    return one, two
