"""A report whose blocks are all written just as the document does, read in one go.

Reports of years have many thousands of blocks. To read them so takes a tenth of the time that
tolerant reading does, and what is only summed up needs no `Block` at all.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec

from tui.services.digits import LONGEST
from tui.services.trackmypeople.records import Block

One = TypeVar("One")

Wall = Annotated[datetime, msgspec.Meta(tz=False)]
"""A time in UTC that does not say so: that is read and compared the fastest."""

Total = Annotated[int, msgspec.Meta(ge=-LONGEST, le=LONGEST)]
"""Seconds: a length that is none is read with more care."""


class Line(msgspec.Struct, rename="pascal", gc=False):
    """What sums need of a block, its values in JSON's own types."""

    id: int
    tracker_id: int
    time_in: Wall
    time_out: Wall | None
    """None while it is open."""
    total: Total
    free: bool


class _Written(Line, forbid_unknown_fields=True, rename="pascal", gc=False):
    """A block with all names of the document and no others."""

    profile_id: int
    description: str


_LINES = msgspec.json.Decoder(dict[str, Line])
_BLOCKS = msgspec.json.Decoder(dict[str, _Written])
_OPEN = b'"TimeOut": ""', b'"TimeOut":""'
"""How the document writes that there is no end. Inside of a text quotes have a stroke before."""
_NO_END = b'"TimeOut":null'
_ENDS = b'"9999-', b'"0001-'
"""How times at the ends of the calendar begin: what stands for never is read with more care."""


def lines_of(content: bytes) -> list[Line]:
    """What sums need of a report. Raises ValueError where a block is written otherwise."""
    return _named(_LINES.decode(_closed(content)))


def blocks_of(content: bytes) -> list[Block]:
    """The blocks of a report. Raises ValueError where one is written otherwise."""
    return [_block(one) for one in _named(_BLOCKS.decode(_closed(content)))]


def block_of(value: Any) -> Block:
    """One block of a report. Raises ValueError where it is written otherwise."""
    if isinstance(value, dict) and value.get("TimeOut") == "":
        value = {**value, "TimeOut": None}
    found = msgspec.convert(value, _Written)
    if any(one is not None and one.year in (1, 9999) for one in (found.time_in, found.time_out)):
        raise ValueError("at an end of the calendar")
    return _block(found)


def bare(line: Line) -> Block:
    """A block for sums: without its text."""
    return Block(
        id=line.id,
        tracker_id=line.tracker_id,
        time_in=line.time_in.replace(tzinfo=UTC),
        time_out=None if line.time_out is None else line.time_out.replace(tzinfo=UTC),
        total=line.total,
        free=line.free,
    )


def _block(written: _Written) -> Block:
    return msgspec.structs.replace(
        bare(written), profile_id=written.profile_id, description=written.description
    )


def _closed(content: bytes) -> bytes:
    """An answer that says of an open block that it has no end, written as its first one is.

    Raises ValueError where a time may be at an end of the calendar.
    """
    if any(one in content for one in _ENDS):
        raise ValueError("at an end of the calendar")
    spaced, close = _OPEN
    return content.replace(spaced if spaced[:-2] in content[:2000] else close, _NO_END)


def _named(found: dict[str, One]) -> list[One]:
    # The first and the last by the alphabet tell of all between them.
    if found and not (min(found) >= "block" and max(found) < "blocl"):
        raise ValueError("named otherwise")
    return list(found.values())
