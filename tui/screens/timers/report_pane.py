"""The report of a period: whose it is, how it is read, and what of it is copied."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from tui.screens.timers.blocks import BlocksPane
from tui.screens.timers.place import Place
from tui.screens.timers.report import (
    VIEW_TITLES,
    VIEWS,
    Chosen,
    Reading,
    View,
    block_columns,
    person_name,
)
from tui.screens.timers.trackers import FRESH
from tui.spoken_keys import key_for
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Column
from tui.words import counted
from tui.workspace.problems import ServiceError
from tui.workspace.timers.period_text import period_words
from tui.workspace.timers.periods import Period, Span, longer
from tui.workspace.timers.reckoning.rounding import EXACT
from tui.workspace.times import column_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.timers.timers import Block, Overview, Profile, Report

TABLE_ALONE = 140
"""Columns of the screen below which a table has it for itself."""


class ReportPane(BlocksPane):
    """Blocks of time, or their sums, of one person in one period."""

    KEYS = {
        "start": "", "stop": "", "describe": "", "edit": "", "add": "", "add_free": "",
        "previous": "", "next": "", "period": "", "view": "", "rounding": "", "timesheet": "",
        "copy": "",
    }  # fmt: skip
    ANYWHERE = frozenset(
        {"previous", "next", "today", "period", "periods", "view", "person", "rounding"}
        | {"copy_report", "save_report", "timesheet", "export_hours", "back"}
    )

    DEFAULT_CSS = """
    ReportPane { width: 3fr; }
    """

    class Widened(Message):
        """The report wants the room of the trackers too, or no longer."""

        def __init__(self, *, wide: bool) -> None:
            super().__init__()
            self.wide = wide

    class Turned(Message):
        """A cell of the table is looked at, or no longer: other keys count."""

    def __init__(self, workspace: Workspace) -> None:
        columns = block_columns([], narrow=False)
        self.grid = Grid(
            columns,
            id="blocks",
            empty=(
                f"No time in this period. {key_for('timers.add')} adds some, "
                f"{key_for('timers.previous')} goes back."
            ),
        )
        super().__init__(workspace, self.grid, "Report")
        self._zone = workspace.zone
        self._period: Period = "week"
        self.span = Span.of(self._period, self._today())
        self._goes_on = True
        """Whether it is the period of today, which becomes the next one with the day."""
        self._person: Profile | None = None
        self._report: Report | None = None
        self._told: datetime | None = None
        self._way: View = "blocks"
        self._columns: list[Column] = columns
        self._rounding = EXACT
        self._chosen: Chosen | None = None
        self._wide = False
        self._wanted = ""

    def keys(self) -> Mapping[str, str]:
        """The way back comes first where one cell is looked at."""
        keys = super().keys()
        return keys if self._chosen is None else {"back": "Table", **keys}

    # -- loading and showing --------------------------------------------------------------------

    def begin(self) -> None:
        """Show what was kept of the period, then what the service says now."""
        self.watch_changes("trackmypeople")
        self.take_changes()
        if self._goes_on and not self._holds_today and not (self._chosen or self.grid.marked):
            self.span, self._report, self._told = Span.of(self._period, self._today()), None, None
        self.load(
            "Loading the report", self._load_report, has_content=lambda: self.as_of(self._told)
        )

    def resume(self) -> None:
        """Another screen or pane, or an undo, may have started or stopped a timer."""
        old = self._told is not None and datetime.now(UTC) - self._told > FRESH
        over = self._goes_on and not self._holds_today
        # The page of a block may have been left just now.
        if self.take_changes() or old or over or self.has_pages:
            self.begin()

    async def _load_report(self) -> None:
        cases, span, person = self.workspace.timers, self.span, self._person
        profile = person.id if person is not None else None
        self._rounding = await to_thread(self.workspace.habits.rounding)
        if self._report is None:
            kept = await cases.kept_report(span, profile_id=profile)
            if kept is not None:
                self._show_report(kept.value, kept.as_of)
        try:
            answer = await cases.report(span, profile_id=profile)
        except ServiceError:
            # Time may wait to be added that was not there when it was shown.
            kept = await cases.kept_report(span, profile_id=profile)
            if kept is not None:
                self._show_report(kept.value, kept.as_of)
            raise
        self._show_report(answer.value, answer.as_of)
        self._show_wanted(last=True)
        await self.say_what_became()

    def _show_report(self, report: Report, as_of: datetime) -> None:
        self._report, self._told = report, as_of
        self.show_content()
        self._show_rows()
        self._show_wanted()

    def show_names(self, overview: Overview) -> None:
        """The trackers are known now, or have other names."""
        before, self.overview = self.overview, overview
        if before is None or before.trackers != overview.trackers:
            self._show_rows()

    def _show_rows(self) -> None:
        reading = self.reading
        if reading is None:
            return
        columns = reading.columns(self._way)
        self.grid.cursor_mode = "cell" if self._way == "table" else "row"
        if columns != self._columns:
            self._columns = columns
            self.grid.set_columns(columns)
        self.grid.set_source(reading.source(self._way))
        report = reading.report
        whose = f" · {person_name(self._person)}" if self._person is not None else ""
        of = f" · {self._chosen.name}" if self._chosen is not None else ""
        free = f" · free {column_text(report.free)}" if report.free and not of else ""
        if reading.planned and not of:
            free += f" · planned {column_text(reading.planned)}"
        period = self._period if self._chosen is None else reading.span.period
        kind = "Period" if period == "own" else period.title()
        self.show_title(
            f"{kind} {period_words(reading.span, self._today())}{of}{whose}",
            f"{reading.total(self._way)}{free} · {counted(len(reading.blocks), 'block')}",
        )
        self._ask_for_room()

    @property
    def reading(self) -> Reading | None:
        """The report as it is read now; None where there is none yet."""
        if self._report is None:
            return None
        return Reading(
            self._report, self.overview, self._zone, self._today(), width=self.app.size.width,
            span=self.span, rounding=self._rounding, now=datetime.now(UTC), chosen=self._chosen,
        )  # fmt: skip

    def _ask_for_room(self) -> None:
        table = self._way == "table" or self._chosen is not None
        wide = table and self.app.size.width < TABLE_ALONE
        if wide != self._wide:
            self._wide = wide
            self.post_message(self.Widened(wide=wide))

    def on_resize(self) -> None:
        """Other columns where the width asks for them."""
        self._show_rows()

    def _today(self) -> date:
        return datetime.now(self._zone).date()

    # -- what the cursor is on ------------------------------------------------------------------

    @property
    def _under_cursor(self) -> Place:
        return Place(self.reading, self._way, self.grid.cursor_key, self.grid.cursor_column)

    def chosen_tracker(self) -> int | None:
        """The tracker of the block under the cursor, or of the sum; days have none."""
        return self._under_cursor.tracker

    def chosen_day(self) -> date:
        """The day that the cursor is on; today, or else the first one, where it is on none."""
        day = self._under_cursor.day if self.has_focus_within else None
        if day is not None:
            return day
        return self._today() if self._holds_today else self.span.first

    def reveal(self, block: str, day: str, whose: str) -> None:
        """Put the cursor on a block of a day, in the report of the person by id, or `own`."""
        self._wanted, self._way, self._chosen = block, "blocks", None
        self.content.focus()
        span = Span.of(self._period, date.fromisoformat(day))
        self.carry_out(partial(self._go_to_block, span, whose), "timers.reveal")

    async def _go_to_block(self, span: Span, whose: str) -> None:
        now = "own" if self._person is None else str(self._person.id)
        if whose != now:
            people = [] if whose == "own" else await self.workspace.timers.people()
            self._person = next((one for one in people if str(one.id) == whose), None)
            self._report = self._told = None
        self._go_to(span)

    def _show_wanted(self, *, last: bool = False) -> None:
        if self._wanted and self._way == "blocks" and self.grid.move_to_key(self._wanted):
            self._wanted = ""
            self.grid.focus()
        elif self._wanted and last:
            self._wanted = ""
            self.flash("This block is not in the report any more.", "warn")

    @on(Grid.Selected)
    def _row_chosen(self, message: Grid.Selected) -> None:
        message.stop()
        reading = self.reading
        block = reading.report.block(message.key) if reading is not None else None
        if reading is None or self._way != "blocks" or block is None:
            return
        from tui.widgets.dialogs import MessageBox

        text = reading.block_text(block)
        self.app.push_screen(MessageBox("Block", f"{text}\n\n{self.hints_of(block)}"))

    @on(Grid.EditWanted)
    def _cell_chosen(self, message: Grid.EditWanted) -> None:
        """Enter on a cell of the table: the blocks that it is made of."""
        message.stop()
        reading = self.reading
        chosen = reading.cell(message.key, message.column) if reading is not None else None
        if chosen is None:
            return
        self._chosen, self._way = chosen, "blocks"
        looked = self.reading
        if looked is None or not looked.blocks:
            self._chosen, self._way = None, "table"
            self.flash("There is nothing in this cell.", "warn")
            return
        self._show_rows()
        self.post_message(self.Turned())
        self.grid.move_to_row(0)
        self.flash(f"The blocks of this cell; {key_for('timers.back')} goes back to the table.")

    def command_back(self) -> None:
        """From the blocks of a cell to the table."""
        if self._chosen is not None:
            self._chosen, self._way = None, "table"
            self._show_rows()
            self.post_message(self.Turned())

    async def command_copy(self) -> None:
        """Copy what the cursor is on as a line of text."""
        if self.grid.cursor_text:
            await self.copy(self.grid.cursor_text)
        else:
            self.flash("There is nothing to copy in this period.", "warn")

    async def command_timesheet(self) -> None:
        """What of the marked blocks, the cell's, the day's or the period's hours is entered."""
        if self._person is not None:
            self.flash(
                (
                    "The timesheet is filled from your own time: "
                    f"{key_for('timers.person')} goes back to it."
                ),
                "warn",
            )
            return
        await self.go("timesheet", self._under_cursor.hours(self.span, self.grid.marked))

    async def command_export_hours(self) -> None:
        """Write the hours of the period to a file, block by block."""
        from tui.screens.timers.in_and_out import export_hours

        if self._person is not None:
            self.flash(
                f"Only your own hours are exported: {key_for('timers.person')} goes back to them.",
                "warn",
            )
            return
        await export_hours(self, self.span)

    def chosen_block(self) -> Block | None:
        """The block under the cursor; sums are none."""
        report = self._report if self._way == "blocks" else None
        return report.block(self.grid.cursor_key) if report is not None else None

    def whose(self) -> str:
        """Whose time it is, where it is another person's."""
        return "" if self._person is None else person_name(self._person)

    # -- which report it is, and how it is read ---------------------------------------------------

    def command_previous(self) -> None:
        """The period before."""
        self._go_to(self.span.beside(self._period, -1))

    def command_next(self) -> None:
        """The period after."""
        self._go_to(self.span.beside(self._period, 1))

    def command_today(self) -> None:
        """Back to the period that holds today."""
        self._go_to(Span.of(self._period, self._today()))

    def command_period(self) -> None:
        """The next longer period, and after the longest the shortest."""
        inside = self._goes_on or self._holds_today
        self._period = longer(self._period)
        self._go_to(Span.of(self._period, self._today() if inside else self.span.first))

    async def command_periods(self) -> None:
        """Choose a period by its name, or type one from to."""
        from tui.screens.timers.reckoned import ask_period

        span = await ask_period(self, self.span)
        if span is not None:
            self._period = span.period
            self._go_to(span)

    async def command_rounding(self) -> None:
        """Choose how lengths are rounded, beside the exact ones."""
        from tui.screens.rounding import ask_rounding

        rounding = await ask_rounding(self, self._rounding)
        if rounding is not None:
            self._rounding = rounding
            self._show_rows()
            self.flash(f"Rounded: {rounding.rule}." if rounding.changes else "Nothing is rounded.")

    async def command_copy_report(self) -> None:
        """Copy all that the report shows."""
        from tui.screens.timers.reckoned import copy_report

        await copy_report(self, self.reading, self._way)

    async def command_save_report(self) -> None:
        """Write what the report shows to a file."""
        from tui.screens.timers.reckoned import save_report

        await save_report(self, self.reading, self._way)

    def command_view(self) -> None:
        """The next way to read the same report."""
        self._chosen = None
        self._way = VIEWS[(VIEWS.index(self._way) + 1) % len(VIEWS)]
        self._show_rows()
        self.flash(f"The report {VIEW_TITLES[self._way]}.")

    def _go_to(self, span: Span) -> None:
        if span != self.span or self._report is None:
            self._report = self._told = None
        self.span, self._chosen = span, None
        self._goes_on = self._holds_today and self._period != "own"
        self.begin()

    @property
    def _holds_today(self) -> bool:
        return self.span.first <= self._today() <= self.span.last

    async def command_person(self) -> None:
        """Choose whose time the report shows."""
        from tui.screens.timers.person import ask_person

        chosen = await ask_person(self, self._person)
        if chosen is not None:
            self._person = chosen.person
            self._report = self._told = None
            self.begin()
