"""A file of SQLite that was emptied or taken away while its log was not.

To SQLite it is a new file, and the log that of another one, which it takes away. All that was
written since the log was last put into the file stands there: of a file that was never closed in
order, as where a deck was killed, that may be everything.
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER = struct.Struct(">4I")
"""How a log begins: what it is, its version, the size of a page, a number."""
_MARKS = (0x377F0682, 0x377F0683)
_SIZES = frozenset(1 << power for power in range(9, 17))


def has_log_alone(path: Path) -> bool:
    """Whether there is a log and nothing in the file, or no file. Raises OSError."""
    # Looked at first: who begins a file writes its first page before there is a log.
    return _page_size(path) > 0 and _has_nothing(path)


def show_log(path: Path) -> None:
    """Have SQLite look into the log of a file that has nothing in it, or is not there: for that
    it needs one page, whatever is in it. Raises OSError.
    """
    page = _page_size(path)
    if page and _has_nothing(path):
        path.write_bytes(bytes(page))


def has_nothing(size: int) -> bool:
    """Whether SQLite takes a file of so many bytes for an empty one: it makes some with one byte
    itself, where a system asks for that.
    """
    return size <= 1


def _has_nothing(path: Path) -> bool:
    """The same of a file, or where there is none."""
    try:
        return has_nothing(path.stat().st_size)
    except FileNotFoundError:
        return True


def _page_size(path: Path) -> int:
    """Of the pages in the log of a file, in bytes; 0 where it has none."""
    try:
        with path.with_name(f"{path.name}-wal").open("rb") as log:
            begin = log.read(_HEADER.size)
    except FileNotFoundError:
        return 0
    if len(begin) < _HEADER.size:
        return 0
    mark, _, size, _ = _HEADER.unpack(begin)
    return size if mark in _MARKS and size in _SIZES else 0
