"""How a feed reads as a list: columns, and rows made when they are drawn. No widgets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from tui.widgets.grid_model import Cell, CellValue, Column
from tui.widgets.palette import Role
from tui.workspace.times import day_text
from tui.workspace.times.when import when_text

if TYPE_CHECKING:
    from tui.workspace.tocks.tocks import Stream, Tock

MARKS = "PRWF"
"""Private, repeated, watched, author followed: letters at fixed places, under the same title."""

WHEN = 16
NARROW_WHEN = 12


def columns_of(*, narrow: bool) -> list[Column]:
    """The columns; where it is narrow without comments and votes against."""
    if narrow:
        return [
            Column("when", "When", width=NARROW_WHEN),
            Column("title", "Title", width=16, flexible=True),
            Column("author", "Author", width=10),
            Column("upvotes", "▲", kind="number", width=3),
            Column("marks", MARKS, width=len(MARKS)),
        ]
    return [
        Column("when", "When", width=WHEN),
        Column("title", "Title", width=20, flexible=True),
        Column("author", "Author", maximum=20),
        Column("upvotes", "▲", kind="number", width=4),
        Column("dnvotes", "▼", kind="number", width=4),
        Column("comments", "Said", kind="number", width=4),
        Column("marks", MARKS, width=len(MARKS)),
    ]


class StreamSource:
    """The tocks of a stream that were read, and one row more that stands for those that were not.

    Rows are made when they are drawn, so that what is told relative to now is never old.
    """

    def __init__(self, stream: Stream, where: tzinfo, *, narrow: bool, loading: bool) -> None:
        self._stream = stream
        self._zone = where
        self._narrow = narrow
        self._loading = loading

    @property
    def total(self) -> int:
        """Rows: the tocks, and the one for more of them."""
        return len(self._stream.tocks) + (0 if self._stream.ended else 1)

    @property
    def known(self) -> int:
        """The same as `total`."""
        return self.total

    def loaded(self, index: int) -> bool:
        """True for every row."""
        return 0 <= index < self.total

    def is_more(self, index: int) -> bool:
        """Whether the row stands for what was not read yet."""
        return index == len(self._stream.tocks) and not self._stream.ended

    def tock(self, index: int) -> Tock | None:
        """The tock of a row; None for the row that stands for more."""
        tocks = self._stream.tocks
        return tocks[index] if 0 <= index < len(tocks) else None

    def key(self, index: int) -> str:
        """The tock's short_url; the row for more is another one after each page."""
        tock = self.tock(index)
        if tock is not None:
            return tock.short_url
        return f" more {self._stream.pages}" if self.is_more(index) else ""

    def author(self, key: str) -> str:
        """What the changes call the author of a row's tock; "" for the row that stands for more."""
        tock = self.tock(self.index_of(key) or 0) if key else None
        return f"user/{tock.author_url}" if tock is not None and tock.short_url == key else ""

    def index_of(self, key: str) -> int | None:
        """Where a row is now."""
        return next((i for i in range(self.total) if self.key(i) == key), None)

    def row(self, index: int) -> Sequence[CellValue] | None:
        """The values of a row."""
        tock = self.tock(index)
        if tock is None:
            text = "… the next page is on its way" if self._loading else "… more, if there are any"
            return [Cell("", "muted"), Cell(text, "muted"), *[""] * (3 if self._narrow else 5)]
        now = datetime.now(UTC)
        when = self._when(tock, now)
        over = tock.event_end is not None and tock.event_end <= now
        role: Role = "muted" if over else "text"
        return [
            Cell(when, "good" if when == "now" else role),
            Cell(tock.title or "(no title)", role),
            Cell(tock.author or tock.author_url, "muted" if over else "text"),
            tock.upvotes,
            *([] if self._narrow else [tock.dnvotes or None, tock.num_comments]),
            marks_of(tock),
        ]

    def _when(self, tock: Tock, now: datetime) -> str:
        """As a person says it; where there is no room for the time of day, the day alone."""
        when = when_text(tock.event_start, tock.event_end, self._zone, now)
        room = NARROW_WHEN if self._narrow else WHEN
        if tock.event_start is None or len(when) <= room:
            return when
        day = tock.event_start.astimezone(self._zone).date()
        text = day_text(day, now.astimezone(self._zone).date())
        return text if len(text) <= room else f"{day.day} {day:%b %Y}"


def marks_of(tock: Tock) -> str:
    """`P  F` for a private tock of a followed author; each letter at its own place."""
    held = (tock.private, tock.repeat not in ("", "no"), tock.watched, tock.author_followed)
    return "".join(mark if one else "·" for mark, one in zip(MARKS, held, strict=True))
