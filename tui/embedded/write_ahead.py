"""Whether SQLite's write-ahead log beside a database can be read to its end.

SQLite takes a log up to its first frame that is not as it was written, and says nothing: one
flipped byte, and every change after it is gone. All that was written since the server started may
stand there, where it was killed. Source: SQLite's "Database File Format", section 4.
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER, _FRAME = struct.Struct(">8I"), struct.Struct(">6I")
_WORDS = {0x377F0682: "<", 0x377F0683: ">"}
"""How the words that are summed are ordered, by the number at the log's beginning."""
_PAGES = frozenset(1 << power for power in range(9, 17))


def is_damaged(log: Path) -> bool:
    """Whether frames that were written stand behind one that is damaged.

    A last frame that is not whole is none: it was being written when the process ended. Raises
    OSError.
    """
    try:
        content = memoryview(log.read_bytes())
    except FileNotFoundError:
        return False
    if len(content) <= _HEADER.size:
        return False
    magic, _, page, _, *salts, first, second = _HEADER.unpack_from(content)
    order = _WORDS.get(magic)
    if order is None or page not in _PAGES:
        return True
    sums = _summed(content[: _HEADER.size - 8], order, (0, 0))
    if sums != (first, second):
        return True
    sound = True
    for start in range(_HEADER.size, len(content) - _FRAME.size - page + 1, _FRAME.size + page):
        _, _, *marks, first, second = _FRAME.unpack_from(content, start)
        if marks != salts:
            # Left over from before the log was begun anew, or damaged: what follows tells.
            sound = False
            continue
        if not sound:
            return True
        body = start + _FRAME.size
        sums = _summed(content[start : start + 8], order, sums)
        sums = _summed(content[body : body + page], order, sums)
        sound = sums == (first, second)
    return False


def _summed(content: memoryview, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    one, two = sums
    for index in range(0, len(words), 2):
        one = (one + words[index] + two) & 0xFFFFFFFF
        two = (two + words[index + 1] + one) & 0xFFFFFFFF
    return one, two
