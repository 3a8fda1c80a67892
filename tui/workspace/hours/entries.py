"""What a log of hours holds, whichever program wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Literal

from tui.workspace.hours.figures import SEPARATOR

YEARS = range(1970, 2200)
"""What lies outside is a mistake, and no report could be asked for around it."""
OUTSIDE = f"it is outside of the years {YEARS[0]} to {YEARS[-1]}"


class HoursError(ValueError):
    """A file that cannot be read as hours at all; the message says why and what to do."""


class LineError(ValueError):
    """A line that cannot be read; the message says what is wrong. The others still are."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry: from one moment to another, or a length on a day where there are no times."""

    at: int
    """Its line in the file, from 1; its place in the list where the file has no lines."""
    start: datetime | None = None
    """When it began (UTC); None for a length without times."""
    stop: datetime | None = None
    """When it ended (UTC); None while it is open."""
    day: date | None = None
    """The day of a length without times; None where the file does not even tell that."""
    seconds: int = 0
    """The length, where there are no times; some programs subtract with negative ones."""
    names: tuple[str, ...] = ()
    """What it was for, from the outside in: client, project, task."""
    tags: tuple[str, ...] = ()
    text: str = ""
    person: str = ""
    key: str = ""
    """What its program knows it by, where that stays the same."""
    free: bool = False
    """Free time, such as a holiday: it is of a day and not on the clock."""
    wrote: str = ""
    """Its times as the file has them."""
    lost: tuple[str, ...] = ()
    """What could not be taken over as it was, in sentences."""

    @property
    def open(self) -> bool:
        """Whether it has begun and not ended: it never counts."""
        return self.start is not None and self.stop is None

    @property
    def length(self) -> int:
        """Its seconds; 0 while it is open."""
        if self.start is None:
            return self.seconds
        if self.stop is None:
            return 0
        return round((self.stop - self.start).total_seconds())

    @property
    def name(self) -> str:
        """What is mapped to a tracker: its path, else its first tag, else nothing."""
        return SEPARATOR.join(self.names) or (self.tags[0] if self.tags else "")

    @property
    def outside(self) -> bool:
        """Whether it is of no year in which somebody works."""
        days = (self.start, self.stop, self.day)
        return any(one is not None and one.year not in YEARS for one in days)

    def on(self, where: tzinfo) -> date | None:
        """The day that it counts to in a zone."""
        return self.day if self.start is None else self.start.astimezone(where).date()


@dataclass(frozen=True)
class Problem:
    """A line that could not be read, and why."""

    at: int
    words: str


@dataclass
class Log:
    """What was read of a file."""

    form: str
    """Which format it was."""
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What holds for the whole file: what of it could not be taken over."""
    unit: str = "line"
    """What `at` counts: lines, or the entries of a list."""

    @property
    def seconds(self) -> int:
        """The sum of what has ended."""
        return sum(entry.length for entry in self.entries)

    def refuse(self, at: int, why: object) -> None:
        """Note that a line could not be read."""
        words = OUTSIDE if isinstance(why, OverflowError) else str(why)
        self.problems.append(Problem(at, words))


@dataclass(frozen=True)
class Reading:
    """What a file may not tell itself."""

    where: tzinfo
    """The zone of times without one."""
    now: datetime
    """Where what repeats without an end is cut."""
    which: int | None = None
    """0 for the first and 1 for the second, where clocks show a time twice; None: refused."""
    dates: Literal["", "dmy", "mdy"] = ""
    """The order of dates that do not tell it; "": it must come out of the file."""
    person: str = ""
    """Whose entries are read, where the file has those of several people; "" for everybody's."""


def utc(moment: datetime) -> datetime:
    """A moment with its zone, in UTC and whole seconds."""
    return moment.astimezone(UTC).replace(microsecond=0)


def with_newlines(text: str) -> str:
    """Line breaks as one kind, whatever system wrote them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def lines_of(text: str) -> list[str]:
    """Its lines, parted by line breaks alone: other separators may stand in somebody's words."""
    return with_newlines(text).split("\n")
