"""What runs, as far as it was last told: for the running clock and for `tockdeck status`.

It is kept in a small file, so that a status bar needs neither a client nor the deck. Nothing
heavy is imported here.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.store.files import write_atomically
from tui.workspace.times import clock, length_text, moment_text, start_of_day

if TYPE_CHECKING:
    from tui.services.trackmypeople import TimerState

LONG = timedelta(hours=10)
"""A timer that runs longer was most likely forgotten."""


class Running(NamedTuple):
    """What the service said at `as_of`. Times are seconds since the epoch, totals seconds."""

    as_of: float
    tracker: str = ""
    """Name of the tracker that runs; empty when nothing runs."""
    started_at: float | None = None
    day_total: int | None = None
    """What the service counted to today at `as_of`, all trackers: blocks that were started today.
    None when it does not tell.
    """
    carried: int | None = None
    """What of today's blocks, cut at midnight, is more than that (or less); None: not known."""
    offline: bool = False
    """Whether it began here, and the service does not know of it yet."""
    stopped_here: float | None = None
    """When it was stopped here, and went on at the service, which could not be reached."""
    description: str = ""
    """What was said of it while it runs; it is sent with the stop."""
    away_from: float | None = None
    away_until: float | None = None
    """When nobody was at the keyboard while it ran."""
    kept_at: float | None = None
    """When the person said that it is right as it is: what was odd until then is not said."""

    @property
    def runs(self) -> bool:
        """Whether a timer runs."""
        return self.started_at is not None

    def elapsed(self, now: datetime) -> float:
        """Seconds that the timer has run; 0 when nothing runs."""
        return 0.0 if self.started_at is None else max(0.0, now.timestamp() - self.started_at)

    def running_today(self, now: datetime, where: tzinfo) -> float:
        """Seconds of today that the timer has run; 0 when nothing runs."""
        if self.started_at is None:
            return 0.0
        return max(0.0, now.timestamp() - max(self.started_at, _midnight(now, where)))

    def today(self, now: datetime, where: tzinfo) -> int | None:
        """Today's total now: what was told, and what has passed since while a timer runs.

        It is cut at midnight, as in the reports and the goals. None when nothing of today is known.
        """
        begin, runs = _midnight(now, where), self.running_today(now, where)
        if self.as_of < begin:
            return round(runs)
        if self.day_total is None and self.carried is None:
            return round(runs) if self.runs else None
        total, carried = self.day_total or 0, self.carried or 0
        if self.started_at is None or self.started_at < begin or self.offline:
            # The service counts a block to the day on which it was started, and does not know of
            # one that began here.
            return round(total + carried + runs)
        # Whether the total holds the running block is not documented: one that is smaller than
        # the block cannot.
        at_that_time = self.as_of - self.started_at
        held = total if total >= at_that_time - 60 else at_that_time
        return round(held + carried + max(0.0, now.timestamp() - self.as_of))

    def counting(self, before: Running, now: datetime, where: tzinfo) -> Running:
        """With today's total as it was known before, where the service did not say it anew."""
        carried = before.carried_on(now, where, before.started_at != self.started_at)
        today = before.today(now, where)
        runs = (
            self.running_today(now, where) if self.offline or self._is_of_before(now, where) else 0
        )
        total = None if today is None else round(today - (carried or 0) - runs)
        return self._replace(day_total=total, carried=carried)

    def _is_of_before(self, now: datetime, where: tzinfo) -> bool:
        return self.started_at is not None and self.started_at < _midnight(now, where)

    def carried_on(self, now: datetime, where: tzinfo, ended: bool) -> int | None:
        """`carried` as it is now; where what ran has `ended`, with what of it was of today and the
        service counts to the day before.
        """
        carried = self.carried if self.as_of >= _midnight(now, where) else None
        if not (ended and self._is_of_before(now, where)):
            return carried
        return (carried or 0) + round(self.running_today(now, where))

    def warning(self, now: datetime, where: tzinfo, long: timedelta = LONG) -> str:
        """What is odd about the running timer, in words; empty when nothing is."""
        if self.started_at is None:
            return ""
        if self.stopped_here is not None:
            stopped = datetime.fromtimestamp(self.stopped_here, UTC).astimezone(where)
            return f"was stopped here at {clock(stopped, where)}, and goes on at the service"
        odd = self.odd(now, where, long)
        if odd:
            return odd
        return "began without the service, and is added later" if self.offline else ""

    def odd(self, now: datetime, where: tzinfo, long: timedelta = LONG) -> str:
        """Why its end may have been forgotten, in words; empty where it was not, or was kept."""
        if self.started_at is None:
            return ""
        began = datetime.fromtimestamp(self.started_at, UTC).astimezone(where)
        kept = self.kept_at or 0.0
        if self.away_from is not None and self.away_until is not None and self.away_until > kept:
            # Across midnight the clock alone would be another time.
            left, came = (
                datetime.fromtimestamp(one, UTC) for one in (self.away_from, self.away_until)
            )
            today = left.astimezone(where).date() == now.astimezone(where).date()
            begin = clock(left, where) if today else moment_text(left, where, now)
            return f"ran on while nobody was here, {begin} to {clock(came, where)}"
        midnight = _midnight(now, where)
        if self.started_at < midnight and midnight > kept:
            return f"runs past midnight, since {began:%a} {clock(began, where)}"
        ripe = self.long_at(long)
        if ripe is not None and now > ripe:
            return f"runs for more than {length_text(long.total_seconds())}"
        return ""

    def long_at(self, long: timedelta = LONG) -> datetime | None:
        """When it runs for so long, or did, that its end may have been forgotten; None where
        nothing runs, or the person has said since then that it is right.
        """
        if self.started_at is None:
            return None
        moment = self.started_at + long.total_seconds()
        return datetime.fromtimestamp(moment, UTC) if moment > (self.kept_at or 0.0) else None

    def age(self, now: datetime) -> timedelta:
        """How long ago the service said this."""
        return timedelta(seconds=max(0.0, now.timestamp() - self.as_of))

    def with_own(self, before: Running | None) -> Running:
        """With what was known before of the same block, and the service knows nothing of."""
        if before is None or before.started_at != self.started_at or not self.runs:
            return self
        return self._replace(
            description=self.description or before.description,
            away_from=before.away_from,
            away_until=before.away_until,
            kept_at=before.kept_at,
        )

    def after(self, now: datetime, where: tzinfo) -> Running:
        """What is known when the timer was stopped and the service told nothing more."""
        return Running(as_of=now.timestamp()).counting(self, now, where)

    def to_json(self) -> bytes:
        """For the file."""
        return json.dumps(self._asdict()).encode()

    def keep(self, file: Path) -> None:
        """Write the file; a status bar that lags is no reason for what was read to fail."""
        with suppress(OSError):
            write_atomically(file, self.to_json())

    @classmethod
    def read(cls, file: Path) -> Running | None:
        """What the file says; None when there is none or it is another program's."""
        try:
            found = json.loads(file.read_bytes())
        except (OSError, ValueError):
            return None
        if not isinstance(found, dict):
            return None
        known: dict[str, Any] = {
            name: found.get(name, cls._field_defaults.get(name)) for name in cls._fields
        }
        return cls(**known) if _is_sound(known) else None


TOLD_BY = frozenset(f"trackmypeople.{name}" for name in ("status", "start", "switch", "stop"))
"""The operations whose answers tell what runs."""


def note_told(file: Path, state: TimerState, now: datetime, where: tzinfo) -> None:
    """Keep what an answer of one of `TOLD_BY` tells, as the deck does when it shows the timer.

    What began here runs on where the service has nothing running: it does not know of it.
    """
    block, before = state.last_block, Running.read(file)
    began = block.started_at.timestamp() if block is not None and block.started_at else None
    carried = None
    if before is not None:
        carried = before.carried_on(now, where, before.started_at != began)
    if before is not None and before.offline and before.runs and not state.running:
        return
    if block is not None and began is not None:
        told = Running(
            as_of=now.timestamp(),
            tracker=block.tracker.name if block.tracker is not None else "",
            started_at=began,
            day_total=state.day_total,
            carried=carried,
        )
        told.with_own(before).keep(file)
    elif state.day_total is not None:
        Running(as_of=now.timestamp(), day_total=state.day_total, carried=carried).keep(file)
    else:
        (before or Running(now.timestamp())).after(now, where).keep(file)


def note_own(file: Path, since: datetime, **values: Any) -> None:
    """Keep what is known here of the block that began then, where the file is about that."""
    known = Running.read(file)
    if known is not None and known.started_at == since.timestamp():
        known._replace(**values).keep(file)


def note_added(file: Path, start: datetime, stop: datetime, now: datetime, where: tzinfo) -> None:
    """Count what of a block that was added was worked today, until the service is asked again."""
    known, begin = Running.read(file), _midnight(now, where)
    seconds = min(stop, now).timestamp() - max(start.timestamp(), begin)
    if known is None or known.as_of < begin or seconds <= 0:
        return
    if start.timestamp() < begin:
        known = known._replace(carried=(known.carried or 0) + round(seconds))
    else:
        known = known._replace(day_total=(known.day_total or 0) + round(seconds))
    known.keep(file)


def _midnight(now: datetime, where: tzinfo) -> float:
    """When today began, in seconds of the epoch."""
    return start_of_day(now.astimezone(where).date(), where).timestamp()


def _is_sound(values: dict[str, object]) -> bool:
    def number(value: object) -> bool:
        return isinstance(value, (int, float)) and not isinstance(value, bool)

    return (
        number(values["as_of"])
        and isinstance(values["tracker"], str)
        and (values["started_at"] is None or number(values["started_at"]))
        and isinstance(values["offline"], bool)
        and isinstance(values["description"], str)
        and all(
            values[name] is None or number(values[name])
            for name in ("day_total", "carried", "away_from", "away_until", "kept_at")
        )
        and (values["stopped_here"] is None or number(values["stopped_here"]))
    )
