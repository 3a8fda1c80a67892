"""Hours against a goal: how it stands, kept for the status bar, which asks nobody.

For Timers, Today and `tockdeck status`. Nothing heavy is imported here; `goal_desk` reckons.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from tui.kept_status import GOALS
from tui.store.files import write_atomically
from tui.workspace.timers.periods import ONE_DAY, Period, Span
from tui.workspace.timers.running import Running
from tui.workspace.times import TimeTextError, length_text, read_span, span_text, start_of_day

_GOAL = (
    r"(?is)(?P<length>.+?)\s*(?:/|\b(?:a|per|each|in a|this)\b)?"
    r"\s*\b(?P<period>day|week|month)\b\s*(?::\s*(?P<of>.*))?"
)
"""Compiled only where a goal is read: each verb of the timer imports this."""
_WRITE = "Write a goal as 8h day, 38h week, or 10h month: Harbour Trust"
BETWEEN = ";"
"""Between goals where several are typed in one line."""
HOURS = {"day": 24, "week": 168, "month": 744}
"""More than that of one tracker is no goal."""


class GoalError(ValueError):
    """Text that is no goal; the message says what would be one."""


class Goal(NamedTuple):
    """So many hours in each day, week or month, in all or of one tracker with what is under it."""

    period: Period
    seconds: int
    of: str = ""
    """The tracker as it was typed; empty for all of them."""

    @property
    def typed(self) -> str:
        """As it would be typed."""
        minutes = self.seconds // 60
        length = f"{minutes // 60}h{minutes % 60:02}" if minutes % 60 else f"{minutes // 60}h"
        return f"{length} {self.period}" + (f": {self.of}" if self.of else "")


def read_goal(text: str) -> Goal:
    """A goal as typed. Raises GoalError."""
    found = re.fullmatch(_GOAL, text.strip())
    if found is None:
        raise GoalError(f"{_WRITE}.")
    period = found["period"].lower()
    try:
        seconds = int(read_span(found["length"]).total_seconds())
    except TimeTextError as error:
        raise GoalError(f"{_WRITE}. {error}") from None
    if not 60 <= seconds <= HOURS[period] * 3600:
        raise GoalError(f"{text.strip()!r}: a {period} has no such hours. {_WRITE}.")
    kind: Period = "day" if period == "day" else "week" if period == "week" else "month"
    return Goal(kind, seconds, (found["of"] or "").strip())


def read_goals(text: str) -> list[Goal]:
    """Goals of one line; none of an empty one. Raises GoalError."""
    return [read_goal(one) for one in text.split(BETWEEN) if one.strip()]


class Progress(NamedTuple):
    """How a goal stood at `as_of`; times are seconds of the epoch, lengths are seconds."""

    period: Period
    wanted: int
    of: str
    """What it is of: a tracker's name, or empty for all."""
    names: tuple[str, ...]
    """The trackers that count; empty for all of them."""
    begins: float
    ends: float
    """Of the day, week or month that it is about."""
    done: float
    """Without the block that runs."""
    as_of: float
    since: float | None
    """When the block began that ran at that time and counts; None where none did."""

    def done_at(self, now: datetime, running: Running | None = None) -> int:
        """Seconds by now; `running` is what runs, where that was told later."""
        at, one = now.timestamp(), self if running is None else self.as_told(running)
        done = one.done
        if one.since is not None:
            done += one._within(one.since, at)
        return int(done)

    def as_told(self, running: Running) -> Progress:
        """How it stands by what was told later of what runs; itself where that was not later.

        What ran and does so no more has ended when the next began, or when that was told at the
        latest: nobody says when.
        """
        if running.as_of <= self.as_of:
            return self
        counts = running.runs and (not self.names or running.tracker in self.names)
        done, later = self.done, running.started_at if counts else None
        if self.since is not None and later != self.since:
            done += self._within(self.since, running.started_at or running.as_of)
        return self._replace(done=done, since=later, as_of=running.as_of)

    def _within(self, begin: float, end: float) -> float:
        """Seconds of a stretch that are of its day, week or month."""
        return max(0.0, min(end, self.ends) - max(begin, self.begins))

    def over(self, now: datetime) -> bool:
        """Whether its day, week or month is over: how the next one stands is not known here."""
        return now.timestamp() >= self.ends

    def told(self, now: datetime, running: Running | None = None) -> dict[str, object]:
        """For a program that reads it: seconds, and which day, week or month."""
        done = self.done_at(now, running)
        return {
            "period": self.period,
            "of": self.of or None,
            "wanted": self.wanted,
            "done": done,
            "left": self.wanted - done,
        }

    def share(self, now: datetime, running: Running | None = None) -> float:
        """How much of it is done: 1 is all of it, and it may be more."""
        return self.done_at(now, running) / self.wanted

    @property
    def name(self) -> str:
        """`week`, or `week, Harbour Trust`."""
        return f"{self.period}, {self.of}" if self.of else self.period

    def words(self, now: datetime, running: Running | None = None) -> str:
        """`week 21:30 of 38:00 h, 16:30 h left`; what is more than wanted is said as that."""
        done = self.done_at(now, running)
        left = self.wanted - done
        rest = f"{length_text(left)} left" if left > 0 else f"{length_text(-left)} over"
        if not left:
            rest = "reached"
        return f"{self.name} {span_text(done)} of {length_text(self.wanted)}, {rest}"

    def short(self, now: datetime, running: Running | None = None) -> str:
        """`week 21:30/38:00`, for a status bar."""
        return f"{self.name} {span_text(self.done_at(now, running))}/{span_text(self.wanted)}"


def progress_of(
    goal: Goal,
    span: Span,
    done: int,
    names: Iterable[str],
    since: datetime | None,
    as_of: datetime,
    where: tzinfo,
) -> Progress:
    """How a goal stands in a period; `done` is without what runs, `since` when that began."""
    return Progress(
        period=goal.period, wanted=goal.seconds, of=goal.of, names=tuple(names),
        begins=start_of_day(span.first, where).timestamp(),
        ends=start_of_day(span.last + ONE_DAY, where).timestamp(),
        done=done, as_of=as_of.timestamp(), since=None if since is None else since.timestamp(),
    )  # fmt: skip


def keep(file: Path, progress: Sequence[Progress]) -> None:
    """Write them down; a status bar that lags is no reason for what was read to fail."""
    with suppress(OSError):
        write_atomically(file, json.dumps([one._asdict() for one in progress]).encode())


def note_running(status_file: Path) -> None:
    """Have the goals that are kept beside the file of what runs know of that.

    For whoever has written that file: the next one who does tells nothing of what ran before.
    """
    file, running = status_file.with_name(GOALS), Running.read(status_file)
    found = kept(file)
    if found and running is not None:
        told = [one.as_told(running) for one in found]
        if told != found:
            keep(file, told)


def note_added(file: Path, tracker: str, start: datetime, stop: datetime, now: datetime) -> None:
    """Count a block of a tracker that was added, until the goals are reckoned again."""
    found = kept(file)
    if found:
        begin, end = start.timestamp(), min(stop, now).timestamp()
        keep(
            file,
            [
                one._replace(done=one.done + one._within(begin, end))
                if not one.names or tracker in one.names
                else one
                for one in found
            ],
        )


def kept(file: Path) -> list[Progress]:
    """What the file says; nothing where there is none or it is another program's."""
    try:
        found = json.loads(file.read_bytes())
        return [Progress(**{**one, "names": tuple(one["names"])}) for one in found if _sound(one)]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _sound(one: object) -> bool:
    if not isinstance(one, dict) or one.get("period") not in HOURS:
        return False
    numbers = (*(one.get(name) for name in ("wanted", "begins", "ends", "done", "as_of")),)
    since, names = one.get("since"), one.get("names")
    return (
        all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in numbers)
        and one["wanted"] > 0
        and (since is None or isinstance(since, (int, float)))
        and isinstance(one.get("of"), str)
        and isinstance(names, list)
        and all(isinstance(name, str) for name in names)
    )
