"""A report whose blocks are all written just as the document does, read in one go.

Reports of years have many thousands of blocks. To read them so takes a tenth of the time that
tolerant reading does, and what is only summed up needs no `Block` at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from tui.services.trackmypeople.records import Block

_WRITTEN = len("2026-11-29 14:00:00")


class Line(msgspec.Struct, forbid_unknown_fields=True, rename="pascal", gc=False):
    """A block with all names of the document and no others, its values in JSON's own types.

    Its times are in UTC, an end that is "" stands for none.
    """

    id: int
    profile_id: int
    tracker_id: int
    description: str
    time_in: str
    time_out: str
    total: int
    free: bool


_REPORT = msgspec.json.Decoder(dict[str, Line])


class Lines(NamedTuple):
    """Blocks in columns. Times are UTC without saying so: that is read and compared the fastest."""

    lines: list[Line]
    begins: list[datetime]
    ends: list[datetime | None]
    """None while a block is open."""

    def blocks(self) -> list[Block]:
        """All of them as blocks."""
        return [
            _block(line, begin, end)
            for line, begin, end in zip(self.lines, self.begins, self.ends, strict=True)
        ]

    def some(self, places: Iterable[int]) -> Lines:
        """Those at some places."""
        at = list(places)
        return Lines(
            [self.lines[place] for place in at],
            [self.begins[place] for place in at],
            [self.ends[place] for place in at],
        )

    @classmethod
    def of_answer(cls, content: bytes) -> Lines:
        """The blocks of a report. Raises ValueError where one is written otherwise."""
        found = _REPORT.decode(content)
        if not all(key.startswith("block") for key in found):
            raise ValueError("named otherwise")
        return cls.of(list(found.values()))

    @classmethod
    def of_value(cls, value: Any) -> Lines:
        """One block of a report. Raises ValueError where it is written otherwise."""
        return cls.of([msgspec.convert(value, Line)])

    @classmethod
    def of(cls, lines: list[Line]) -> Lines:
        """Lines with their times read. Raises ValueError where one is none."""
        read = datetime.fromisoformat
        if not all(
            len(one.time_in) == _WRITTEN and len(one.time_out) in (0, _WRITTEN) for one in lines
        ):
            raise ValueError("times are written otherwise")
        begins = [read(one.time_in) for one in lines]
        ends = [read(one.time_out) if one.time_out else None for one in lines]
        zone = attrgetter("tzinfo")
        if any(map(zone, begins)) or any(map(zone, filter(None, ends))):
            raise ValueError("times are of a zone")
        return cls(lines, begins, ends)


def _block(line: Line, begin: datetime, end: datetime | None) -> Block:
    return Block(
        id=line.id,
        profile_id=line.profile_id,
        tracker_id=line.tracker_id,
        description=line.description,
        time_in=begin.replace(tzinfo=UTC),
        time_out=None if end is None else end.replace(tzinfo=UTC),
        total=line.total,
        free=line.free,
    )
