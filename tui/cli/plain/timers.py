"""Timers: what runs, the blocks of today, the trackers; start, switch, stop, add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tui.cli.plain.page import Line, Page, Verb, joined
from tui.cli.plain.seat import Seat
from tui.cli.timing import refuse_standing, running_words
from tui.services.digits import whole
from tui.services.trackmypeople import Block
from tui.workspace.timers.finding import find_tracker
from tui.workspace.timers.one_line import HOW, TimeLine, parted, read_line
from tui.workspace.timers.overview import Overview
from tui.workspace.timers.periods import Span
from tui.workspace.times import Stretch, clock, length_text, today_in


class TimersPage(Page):
    """The timer of today."""

    title = "Timers"
    service = "trackmypeople"
    empty = "There is no tracker."

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self._overview: Overview | None = None

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """Starting, stopping, adding."""
        return {
            "s": Verb("starts a tracker, or switches to it: s and its number or name", self._start),
            "x": Verb("stops what runs: x, and what was done where it is to be said", self._stop),
            "a": Verb("adds time: a 9:00-11:15 TRACKER: what; its number will do, too", self._add),
        }

    async def read(self) -> Sequence[Line]:
        """What runs is said above; blocks of today, then every tracker by its whole path."""
        timers, where = self.workspace.timers, self.workspace.zone
        self._overview = None
        overview = await self.answer(timers.overview(), timers.kept)
        self._overview = overview
        runs = running_words(overview, where)
        self.head.append(f"Runs: {joined(runs, overview.description)}" if runs else "Nothing runs.")
        today = today_in(where)
        span = Span(today, today)
        report = await self.answer(timers.report(span), lambda: timers.kept_report(span))
        lines = [
            Line(self._block(block, overview), thing=block.tracker_id)
            for block in report.blocks
            if not block.free
        ]
        lines += [
            Line(f"Tracker {overview.path(one.id)}", thing=one.id) for one in overview.trackers
        ]
        return lines

    def _block(self, block: Block, overview: Overview) -> str:
        where = self.workspace.zone
        begin = clock(block.time_in, where) if block.time_in is not None else "?"
        end = clock(block.time_out, where) if block.time_out is not None else "now"
        length = length_text(block.total) if block.total else ""
        path = "no tracker" if block.tracker_id is None else overview.path(block.tracker_id)
        return joined(f"Today {begin} to {end}", length, path, block.description)

    def _known(self) -> Overview | None:
        if self._overview is None:
            self.seat.say("What runs could not be read: r reads it again. Nothing was done.")
        return self._overview

    def _start(self, typed: str) -> bool:
        overview = self._known()
        if overview is None:
            return False
        typed = typed or self.seat.ask("Which tracker, by its number or name?")
        chosen = None
        if typed.isdecimal():
            line = self.chosen(typed, "")
            if line is None:
                return False
            chosen = line.thing

        async def work() -> str:
            tracker = find_tracker(overview, typed).id if chosen is None else chosen
            ends = running_words(overview, self.workspace.zone)
            besides = await self.workspace.timers.start(overview, tracker)
            stopped = f"Stopped: {ends}. " if ends else ""
            return f"{stopped}Started: {overview.path(tracker)}. {besides}".strip()

        return self.seat.do(work())

    def _stop(self, typed: str) -> bool:
        overview = self._known()
        if overview is None:
            return False

        async def work() -> str:
            ended = refuse_standing(overview, self.workspace.zone)
            besides = await self.workspace.timers.stop(overview, typed or None)
            return f"Stopped: {ended}. {besides}".strip()

        return self.seat.do(work())

    def _add(self, typed: str) -> bool:
        overview = self._known()
        if overview is None:
            return False
        typed = typed or self.seat.ask(f"When, which tracker, what? {HOW}")
        where = self.workspace.zone
        numbered = None
        parts = parted(typed, overview, where, datetime.now(UTC))
        number, _, what = parts.rest.partition(":")
        if isinstance(parts.found, Stretch) and whole(number.strip()) is not None:
            chosen = self.chosen(number.strip(), "")
            if chosen is None:
                return False
            tracker = next((one for one in overview.trackers if one.id == chosen.thing), None)
            if tracker is None:
                self.seat.say("That line has no tracker. Nothing was done.")
                return False
            numbered = TimeLine(*parts.found, tracker, what.strip(), False)

        async def work() -> str:
            line = numbered or read_line(typed, overview, where)
            await self.workspace.timers.add(
                line.start, line.stop, line.tracker.id, line.description
            )
            return f"Added: {line.told(overview, where)}."

        return self.seat.do(work())
