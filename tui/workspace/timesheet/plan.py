"""What would be entered, block by block: what is new, what was entered, and what is in the way."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import Enum

from tui.services.timesheets.records import TimeEntry
from tui.services.trackmypeople import Block
from tui.store.changes import State as Sent
from tui.workspace.timers.overview import Overview, Report
from tui.workspace.timers.reckoning.rounding import Rounding
from tui.workspace.times import span_text, stretch_text
from tui.workspace.timesheet.entered import Entered
from tui.workspace.timesheet.prices import Prices, cost
from tui.workspace.timesheet.shares import shares
from tui.workspace.timesheet.targets import NEVER, Said, Target, lineages, said_of

MINUTE = timedelta(minutes=1)
CHANGES = "Changes (tockdeck changes)"
"""Where it is looked at, by its name in the deck and in a shell."""


class State(Enum):
    """What becomes of a block; its value is the word for it."""

    NEW = "to enter"
    THERE = "entered"
    CHANGED = "changed since"
    GONE = "entry gone"
    ELSEWHERE = "other task"
    OVERLAPS = "overlaps"
    WAITS = "waits"
    UNKNOWN = "not known"
    UNMAPPED = "no task"
    NEVER = "never"
    RUNS = "runs"
    FREE = "free time"
    NOTHING = "no length"
    UNSENT = "not sent yet"
    AHEAD = "not over yet"


BY_WORD = frozenset((State.GONE, State.ELSEWHERE, State.OVERLAPS))
"""What is only entered where a person says so for that very block."""
COUNTED = frozenset((State.NEW, *BY_WORD))
"""What may be entered now."""
SHOWN_ROUNDED = frozenset((*COUNTED, State.UNMAPPED, State.UNSENT))
"""What is shown with the length that it would be entered with."""


@dataclass(frozen=True)
class Line:
    """One block with what becomes of it. Lengths are in seconds."""

    block: Block
    day: date | None
    state: State
    why: str = ""
    said: Said | None = None
    target: Target | None = None
    entry: TimeEntry | None = None
    exact: int = 0
    rounded: int = 0
    """As it would be entered, or as its entry is."""
    rate: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    """What the client of its task is billed in; of rate and amount."""

    @property
    def start(self) -> datetime:
        """When it began; only of a block with times."""
        assert self.block.time_in is not None
        return self.block.time_in

    @property
    def stop(self) -> datetime:
        """When it would end in the timesheet."""
        return self.start + timedelta(seconds=self.rounded)


@dataclass(frozen=True)
class Known:
    """What is known besides the blocks."""

    overview: Overview
    tasks: Mapping[str, int]
    """The task of each tracker of which it was said."""
    targets: Mapping[int, Target]
    entered: Mapping[str, Entered]
    sent: Mapping[str, Sent]
    """What became of the changes of `entered`, by their ids, where that is known."""
    entries: Sequence[TimeEntry]
    """The person's own, of these days and those beside."""
    rounding: Rounding = field(default_factory=Rounding)
    prices: Prices = field(default_factory=Prices)
    currencies: Mapping[int, str] = field(default_factory=dict)
    """What clients are billed in, by their ids."""
    rated_in: tzinfo = UTC
    """On whose clocks the hours of a schedule are looked up."""
    where: tzinfo = UTC
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


def lines_of(blocks: Sequence[Block], report: Report, known: Known) -> list[Line]:
    """What becomes of each of a report's blocks, in their order."""
    looking = _Looking(known, report)
    lines = [looking.line(block) for block in blocks]
    return [_priced(one, known) for one in _rounded(lines, known.rounding)]


class _Looking:
    """Looks for each block's entry; every entry answers for one block at most."""

    def __init__(self, known: Known, report: Report) -> None:
        self._known = known
        self._report = report
        self._lines = lineages(known.overview)
        self._by_id = {one.id: one for one in known.entries}
        self._by_start: dict[datetime, list[TimeEntry]] = {}
        for one in known.entries:
            if one.start_time is not None:
                self._by_start.setdefault(one.start_time, []).append(one)
        # What is a block's entry is in the way of no other: rounding may let them touch.
        starts = {block.time_in for block in report.blocks}
        own = {one.entry for one in known.entered.values()}
        self._others = [
            (one.start_time, one)
            for one in known.entries
            if one.start_time is not None and one.start_time not in starts and one.id not in own
        ]

    def line(self, block: Block) -> Line:
        known, said = self._known, said_of(block.tracker_id, self._known.tasks, self._lines)
        target = known.targets.get(said.task_id) if said is not None else None
        exact = 0
        if block.time_in is not None and block.time_out is not None:
            exact = round((block.time_out - block.time_in).total_seconds())
        day = self._report.day(block, known.where)
        line = Line(block, day, State.NEW, "", said, target, exact=exact, rounded=exact)
        if block.id <= 0 or self._report.waits(block) is not None:
            return replace(line, state=State.UNSENT, why="the timer's service has no block yet")
        if block.free or block.time_in is None:
            return replace(line, state=State.FREE, exact=block.total or 0, rounded=0)
        if block.time_out is None:
            seconds = max(0, round((known.now - block.time_in).total_seconds()))
            return replace(line, state=State.RUNS, why="stop it first", exact=seconds, rounded=0)
        entered = known.entered.get(str(block.id))
        if entered is not None:
            return self._entered(line, entered)
        if block.time_out > known.now:
            why = "what is planned is not worked yet"
            return replace(line, state=State.AHEAD, why=why, rounded=0)
        return self._new(line, block.time_in, block.time_out)

    def _entered(self, line: Line, entered: Entered) -> Line:
        """A block of which it is known that it was entered here."""
        known = self._known
        sent = known.sent.get(entered.change)
        if sent in ("waiting", "sending"):
            # A table in a shell has room for no more of it.
            return replace(line, state=State.WAITS, why=f"not sent: see {CHANGES}")
        if sent == "unknown":
            return replace(line, state=State.UNKNOWN, why=f"unclear: see {CHANGES}")
        entry = self._by_id.get(entered.entry or 0)
        if entry is None:
            why = f"No {entered.entry} is not there any more"
            return replace(line, state=State.GONE, why=why)
        line = replace(line, entry=entry, rounded=_length(entry, known.now))
        differs = []
        if (line.block.time_in, line.block.time_out) != (entered.start, entered.stop):
            differs.append(f"it was {stretch_text(entered.start, entered.stop, known.where)}")
        if line.block.description.split() != entered.text.split():
            differs.append(f"it said {entered.text or 'nothing'!r}")
        if line.target is not None and line.target.task_id != entered.task:
            before = known.targets.get(entered.task)
            differs.append(f"it was {before.short if before else f'task {entered.task}'}")
        if differs:
            return replace(line, state=State.CHANGED, why="; ".join(differs))
        return replace(line, state=State.THERE, why=_how(entry))

    def _new(self, line: Line, start: datetime, stop: datetime) -> Line:
        """A block of which nothing is known here: its entry may be there from another machine."""
        known, said, target = self._known, line.said, line.target
        there = self._by_start.get(start, [])
        same = next((one for one in there if target and one.task_id == target.task_id), None)
        if same is not None:
            rounded = _length(same, known.now)
            apart = rounded - line.exact
            why = f"{span_text(abs(apart))} {'longer' if apart > 0 else 'shorter'} there"
            why = f"{_how(same)}; {why}" if abs(apart) >= MINUTE.seconds else _how(same)
            return replace(line, state=State.THERE, why=why, entry=same, rounded=rounded)
        if said is not None and said.task_id == NEVER:
            return replace(line, state=State.NEVER, rounded=0)
        if there:
            of = known.targets.get(there[0].task_id or 0)
            why = f"No {there[0].id} begins then, in {of.short if of else 'no task'}"
            return replace(line, state=State.ELSEWHERE, why=why, entry=there[0])
        if target is None:
            gone = said is not None
            why = f"task {said.task_id} is not there any more" if gone and said else ""
            return replace(line, state=State.UNMAPPED, why=why)
        over = [
            one
            for begin, one in self._others
            if self._is_over((begin, one.end_time or known.now), start, stop)
        ]
        same_task = [one for one in over if one.task_id == target.task_id]
        if same_task:
            # Most likely the same work, written down by hand.
            return replace(line, state=State.OVERLAPS, why=self._over(same_task[0]))
        return replace(line, why=f"overlaps {self._over(over[0])}") if over else line

    def _over(self, entry: TimeEntry) -> str:
        known, of = self._known, self._known.targets.get(entry.task_id or 0)
        start = entry.start_time or known.now
        when = stretch_text(start, entry.end_time or known.now, known.where)
        return f"No {entry.id}, {when}, in {of.short if of else 'no task'}"

    def _is_over(self, other: tuple[datetime, datetime], start: datetime, stop: datetime) -> bool:
        """Whether they have more in common than what rounding may have made of it."""
        common = min(stop, other[1]) - max(start, other[0])
        step = timedelta(minutes=self._known.rounding.minutes)
        most = step if self._known.rounding.changes else MINUTE
        return common > min(most, (stop - start) / 2)


def _length(entry: TimeEntry, now: datetime) -> int:
    """Seconds from its beginning to its end; breaks are not taken off."""
    if entry.start_time is None:
        return 0
    return round(((entry.end_time or now) - entry.start_time).total_seconds())


def _how(entry: TimeEntry) -> str:
    paid = ", paid" if entry.paid else ""
    return f"No {entry.id}{', approved' if entry.status == 'approved' else ''}{paid}"


def _rounded(lines: Sequence[Line], rule: Rounding) -> list[Line]:
    """The lines with the lengths that would be entered; what has been entered counts to its day
    as it was.
    """
    of: list[tuple[Hashable, int]] = []
    already: dict[Hashable, tuple[int, int]] = {}
    for one in lines:
        name = _sum_of(one)
        if _is_rounded(one):
            of.append((name, one.exact))
        elif one.entry is not None:
            exact, counted = already.get(name, (0, 0))
            already[name] = (exact + one.exact, counted + one.rounded)
    lengths = iter(shares(rule, of, already))
    found = []
    for one in lines:
        if not _is_rounded(one):
            found.append(one)
            continue
        rounded = next(lengths)
        if rounded > 0 or one.state not in COUNTED:
            found.append(replace(one, rounded=rounded))
        else:
            why = "rounded to nothing" if one.exact else "it has no length"
            found.append(replace(one, state=State.NOTHING, why=why, rounded=0))
    return found


def _is_rounded(line: Line) -> bool:
    return line.state in SHOWN_ROUNDED and not line.block.free and line.block.time_out is not None


def _sum_of(line: Line) -> Hashable:
    """What is rounded together by the day: a task's blocks, and a tracker's that has none yet."""
    if line.target is not None:
        return line.day, line.target.task_id
    return line.day, None, line.block.tracker_id


def _priced(line: Line, known: Known) -> Line:
    if line.target is None or line.block.time_in is None or not line.rounded:
        return line
    if line.entry is not None and known.prices.told:
        rate = known.prices.rate_of(line.entry)
    else:
        rate = known.prices.rate(line.block.time_in, known.rated_in)
    if rate is None:
        return line
    currency = known.currencies.get(line.target.client_id or 0, "")
    amount = cost(rate, line.rounded, currency)
    return replace(line, rate=rate, amount=amount, currency=currency)
