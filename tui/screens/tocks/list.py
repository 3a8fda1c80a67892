"""How a feed reads as a list: columns, and rows made when they are drawn. No widgets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from tui.spoken_keys import key_for
from tui.widgets.grid_model import Cell, CellValue, Column
from tui.widgets.palette import Role
from tui.workspace.times import day_text
from tui.workspace.times.when import when_text

if TYPE_CHECKING:
    from tui.workspace.tocks.tocks import Stream, Tock

MARKS = "PRWF"
"""Private, repeated, watched, author followed: letters at fixed places, under the same title."""

LEGEND = (
    ("P", "Private", "Only who was invited sees it."),
    ("R", "Repeated", "It takes place again and again; the whole tock says how often."),
    ("W", "Watched", "You watch it."),
    ("F", "Followed", "You follow its author."),
    ("▲ ▼", "Votes", "For it and against it."),
    ("Said", "Comments", "How many there are, where the list tells it."),
    ("+2h -3d", "When", "In 2 hours, 3 days ago, beside the day where there is little room."),
)
"""What the list's marks mean: each with what it is called."""

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

    def __init__(
        self, stream: Stream, where: tzinfo, *, narrow: bool, loading: bool, wanted: str = ""
    ) -> None:
        """`wanted` narrows them to those that hold it."""
        self._stream = stream
        self._tocks: Sequence[Tock] = stream.tocks
        if wanted:
            from tui.workspace.tocks.narrowed import narrowed

            self._tocks = narrowed(stream.tocks, wanted)
        self._narrowed = bool(wanted)
        self._zone = where
        self._narrow = narrow
        self._loading = loading

    @property
    def total(self) -> int:
        """Rows: the tocks, and the one for more of them."""
        return len(self._tocks) + (0 if self._stream.ended else 1)

    @property
    def tocks(self) -> Sequence[Tock]:
        """Those that are shown."""
        return self._tocks

    @property
    def known(self) -> int:
        """The same as `total`."""
        return self.total

    def loaded(self, index: int) -> bool:
        """True for every row."""
        return 0 <= index < self.total

    def is_more(self, index: int) -> bool:
        """Whether the row stands for what was not read yet."""
        return index == len(self._tocks) and not self._stream.ended

    def tock(self, index: int) -> Tock | None:
        """The tock of a row; None for the row that stands for more."""
        return self._tocks[index] if 0 <= index < len(self._tocks) else None

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
            text = (
                f"… {key_for('tocks.open')} reads more"
                if self._narrowed
                else "… more, if there are any"
            )
            text = "… the next page is on its way" if self._loading else text
            return [Cell("", "muted"), Cell(text, "muted"), *[""] * (3 if self._narrow else 5)]
        now = datetime.now(UTC)
        when = self._when(tock, now)
        over = tock.event_end is not None and tock.event_end <= now
        role: Role = "muted" if over else "text"
        return [
            Cell(when, "good" if when.endswith("now") else role),
            Cell(tock.title or "(no title)", role),
            Cell(tock.author or tock.author_url, "muted" if over else "text"),
            tock.upvotes,
            *([] if self._narrow else [tock.dnvotes or None, tock.num_comments]),
            marks_of(tock),
        ]

    def _when(self, tock: Tock, now: datetime) -> str:
        """As a person says it; where there is little room, the day and how far it is."""
        if self._narrow:
            return short_when(tock.event_start, tock.event_end, self._zone, now)
        when = when_text(tock.event_start, tock.event_end, self._zone, now)
        if tock.event_start is None or len(when) <= WHEN:
            return when
        day = tock.event_start.astimezone(self._zone).date()
        text = day_text(day, now.astimezone(self._zone).date())
        return text if len(text) <= WHEN else f"{day.day} {day:%b %Y}"


def short_when(start: datetime | None, end: datetime | None, where: tzinfo, now: datetime) -> str:
    """`29 Nov +2h`, `29 Nov now`, `12 Mar -104d`; of another year `12 Mar 2027`. Never wider than
    NARROW_WHEN; empty where it is not told.
    """
    if start is None:
        return ""
    day, today = start.astimezone(where).date(), now.astimezone(where).date()
    if day.year != today.year:
        return f"{day.day} {day:%b} {day.year}"
    if start <= now and end is not None and now < end:
        return f"{day.day} {day:%b} now"
    seconds = (start - now).total_seconds()
    sign, minutes = "+" if seconds > 0 else "-", int(abs(seconds) // 60)
    hours, days = minutes // 60, minutes // (24 * 60)
    far = f"{minutes}m" if hours < 1 else f"{hours}h" if days < 2 else f"{days}d"
    return f"{day.day} {day:%b} {sign}{far}" if minutes else f"{day.day} {day:%b} now"


def marks_of(tock: Tock) -> str:
    """`P  F` for a private tock of a followed author; each letter at its own place."""
    held = (tock.private, tock.repeat not in ("", "no"), tock.watched, tock.author_followed)
    return "".join(mark if one else "·" for mark, one in zip(MARKS, held, strict=True))
