"""The blocks of a period with what becomes of them; entering what is new."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.message import Message

from tui.screens.pane import Pane
from tui.spoken_keys import key_for
from tui.widgets.grid import Grid
from tui.widgets.lines import Lines, Paragraph
from tui.workspace.timers.period_text import period_words
from tui.workspace.timers.periods import Period, Span
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.timers.reckoning.rounding import Rounding
    from tui.workspace.timesheet.outcome import Outcome
    from tui.workspace.timesheet.plan import Line
    from tui.workspace.timesheet.sheet import Sheet

NARROW = 110
"""Columns of the screen below which amounts and words are left to the lines below."""


class SheetPane(Pane):
    """One line a block, and below them all of the one under the cursor."""

    SCOPE = "timesheet"
    KEYS: ClassVar[Mapping[str, str]] = {
        "enter": "", "open": "", "task": "", "update": "", "invoices": "", "rounding": "",
        "previous": "", "next": "", "back": "",
    }  # fmt: skip

    class KeysChanged(Message):
        """Other keys are needed next than before."""

    DEFAULT_CSS = """
    SheetPane Vertical { height: 1fr; }
    SheetPane #below { height: auto; max-height: 9; margin-top: 1; padding: 0 1; }
    """

    def __init__(self, workspace: Workspace) -> None:
        self.grid = Grid(
            (),
            id="sheet-grid",
            frozen=0,
            empty=f"No time in this period. {key_for('timesheet.previous')} goes back.",
        )
        self.below = Lines(id="below")
        super().__init__(workspace, Vertical(self.grid, self.below), "Timesheet", id="sheet")
        self._zone = workspace.zone
        self._span = Span.of("week", self._today())
        self._period: Period = "week"
        self._sheet: Sheet | None = None
        self._told: datetime | None = None
        self._wanted: tuple[frozenset[str], str] | None = None
        self._told_keys: tuple[str, ...] = ()

    # -- loading and showing --------------------------------------------------------------------

    def reveal(self, key: str) -> None:
        """Show a period, with blocks marked and the cursor on one."""
        first, last, marked, cursor = key.split("/")
        span = Span(date.fromisoformat(first), date.fromisoformat(last))
        self._wanted = frozenset(filter(None, marked.split(","))), cursor
        self.content.focus()
        self._go_to(span, span.period)

    def begin(self) -> None:
        """Ask both services what there is."""
        self.watch_changes("timesheets")
        self.take_changes()
        self.load("Reading timers and timesheet", self._load, has_content=self._stands)

    def _stands(self) -> str:
        return self.as_of(self._told)

    def resume(self) -> None:
        """What is undone or sent elsewhere may be another by now."""
        if self._sheet is not None and self.take_changes():
            self.begin()

    async def _load(self) -> None:

        span = self._span
        sheet: Sheet = await self.workspace.timesheet.sheet(span, await self._rule())
        if span == self._span:
            self._sheet, self._told = sheet, datetime.now(UTC)
            self._show_rows()

    async def _rule(self) -> Rounding:
        return await to_thread(self.workspace.habits.rounding)

    def _show_rows(self) -> None:
        from tui.screens.timesheet.rows import columns_of, source_of

        sheet = self._sheet
        if sheet is None:
            return
        columns = columns_of(sheet.rounding, narrow=self._narrow)
        if [one.key for one in columns] != [one.key for one in self.grid.columns]:
            self.grid.set_columns(columns, frozen=0)
        self.grid.set_source(source_of(sheet, self._zone, narrow=self._narrow))
        self.show_content()
        if self._wanted is not None:
            (marked, cursor), self._wanted = self._wanted, None
            here = {str(one.block.id) for one in sheet.lines}
            self.grid.set_marked(marked & here)
            self.grid.move_to_key(cursor)
        self._tell()

    def _tell(self) -> None:
        """Title and the lines below, by what is marked and where the cursor is."""
        from tui.screens.timesheet.rows import becomes, legend, line_text, note_of

        sheet, line = self._sheet, self._line
        if sheet is None:
            return
        marked = self._marked
        rule = sheet.rounding.typed if self._narrow else sheet.rounding.rule
        rounded = f" · {rule}" if sheet.rounding.changes else ""
        self.show_title(
            f"Timesheet · {period_words(self._span, self._today())}{rounded}",
            note_of(sheet, marked, narrow=self._narrow),
        )
        said = [Paragraph(legend(sheet, marked), "warn")] if legend(sheet, marked) else []
        if line is not None:
            text = line_text(line, sheet, self._zone)
            if self.app.size.height < 30:
                text = becomes(line)
            said.append(Paragraph(text, "muted"))
        self.below.show(said)
        keys = tuple(self.keys())
        if keys != self._told_keys:
            self._told_keys = keys
            self.post_message(self.KeysChanged())

    def keys(self) -> Mapping[str, str]:
        """By what is next: what was entered is to be billed, what changed to be brought up."""
        from tui.workspace.timesheet.approving import to_approve
        from tui.workspace.timesheet.plan import State

        line, first = self._line, ["enter"]
        if line is not None and line.state is State.CHANGED:
            first.append("update")
        if to_approve(self._lines) or (line is not None and line.entry is not None):
            first.append("invoices")
        rest = [name for name in self.KEYS if name not in first]
        if "update" in rest and (line is None or line.entry is None):
            rest.remove("update")
        return {name: self.KEYS[name] for name in (*first, *rest)}

    @property
    def _narrow(self) -> bool:
        return self.app.size.width < NARROW

    def on_resize(self) -> None:
        """Other columns where the width asks for them."""
        self._show_rows()

    def _today(self) -> date:
        return datetime.now(self._zone).date()

    @property
    def _line(self) -> Line | None:
        key = self.grid.cursor_key
        return next((one for one in self._lines if str(one.block.id) == key), None)

    @property
    def _lines(self) -> Sequence[Line]:
        return self._sheet.lines if self._sheet is not None else ()

    @property
    def _marked(self) -> list[int]:
        return sorted(map(int, self.grid.marked))

    @on(Grid.Highlighted)
    @on(Grid.MarksChanged)
    def _moved(self, message: Grid.Highlighted | Grid.MarksChanged) -> None:
        message.stop()
        self._tell()

    @on(Grid.Selected)
    async def _selected(self, message: Grid.Selected) -> None:
        message.stop()
        await self.perform("open")

    # -- which period, and how it is rounded ------------------------------------------------------

    def _go_to(self, span: Span, period: Period) -> None:
        if span != self._span:
            self._sheet = self._told = None
            self.grid.set_marked(frozenset())
        self._span, self._period = span, period
        self.begin()

    def command_previous(self) -> None:
        """The period before."""
        self._go_to(self._span.beside(self._period, -1), self._period)

    def command_next(self) -> None:
        """The period after."""
        self._go_to(self._span.beside(self._period, 1), self._period)

    async def command_rounding(self) -> None:
        """Choose how lengths are rounded."""
        from tui.screens.rounding import ask_rounding

        if await ask_rounding(self, await self._rule()) is not None:
            self.begin()

    # -- the line under the cursor ----------------------------------------------------------------

    async def command_open(self) -> None:
        """Say its task where it has none, else all of it."""
        from tui.screens.timesheet.rows import line_text
        from tui.workspace.timesheet.plan import State

        line, sheet = self._line, self._sheet
        if line is None or sheet is None:
            self.flash("There is no block under the cursor.", "warn")
        elif line.state is State.UNMAPPED:
            await self.command_task()
        else:
            await self.read("Block", line_text(line, sheet, self._zone))

    async def command_copy(self) -> None:
        """Copy the line under the cursor."""
        if self.grid.cursor_text:
            await self.copy(self.grid.cursor_text)
        else:
            self.flash("There is nothing to copy in this period.", "warn")

    async def command_task(self) -> None:
        """Say which task the tracker of the block is."""
        line = self._line
        if line is None or line.block.tracker_id is None:
            self.flash("The cursor is on no tracker.", "warn")
            return
        await self._ask_task(line.block.tracker_id)

    async def command_task_above(self) -> None:
        """Say it for a tracker that this one stands under: it holds for all below."""
        from tui.widgets.dialogs import Choice
        from tui.widgets.outline_model import Node
        from tui.workspace.timesheet.targets import lineages

        line, sheet = self._line, self._sheet
        if line is None or sheet is None or line.block.tracker_id is None:
            self.flash("The cursor is on no tracker.", "warn")
            return
        above = lineages(sheet.overview).get(line.block.tracker_id, ())[1:]
        if not above:
            self.flash(
                f"It stands under no other tracker: {key_for('timesheet.task')} says its task.",
                "warn",
            )
            return
        chosen = await self.ask(
            Choice(
                "Which tracker, with all below it?",
                [Node(str(one), sheet.overview.path(one)) for one in above],
            )
        )
        if chosen is not None:
            await self._ask_task(int(chosen))

    async def _ask_task(self, tracker: int, left: int = 0) -> int | None:
        """What a person said, as `ask_task` has it; `left` trackers are asked for after it."""
        from tui.screens.timesheet.tasks import ALL_LATER, LATER, ask_task
        from tui.workspace.timesheet.targets import lineages, said_of

        sheet = self._sheet
        if sheet is None:
            return None
        said = said_of(tracker, sheet.tasks, lineages(sheet.overview))
        current = said.task_id if said is not None else None
        task = await ask_task(self, sheet, tracker, current, left)
        if task is not None and task not in (LATER, ALL_LATER):
            await self.workspace.timesheet.say(tracker, task)
            await self._load()
        return task

    async def command_update(self) -> None:
        """Let the entry be as its block is by now."""
        from tui.widgets.dialogs import Confirm
        from tui.workspace.timesheet.plan import State

        line = self._line
        if line is None or line.entry is None or line.state not in (State.CHANGED, State.THERE):
            self.flash("Update is for a block that changed since it was entered.", "warn")
            return
        if line.entry.status == "approved" and not await self.ask(
            Confirm(
                "Update",
                f"Change No {line.entry.id}, which is approved?",
                loses="It has to be approved again; one on an invoice is refused.",
                yes="change",
            )
        ):
            return
        await self.workspace.timesheet.bring_up(line, await self._rule())
        self.flash(f"No {line.entry.id} is as its block is now.", "good")
        await self._load()

    async def command_delete(self) -> None:
        """Delete an entry whose block is there no more."""
        from tui.screens.timesheet.gone import ask_gone

        gone = self._sheet.gone if self._sheet is not None else []
        if not gone:
            self.flash("Every entry of these days has its block: there is none to delete.", "warn")
            return
        one = await ask_gone(self, gone, self._zone)
        if one is None:
            return
        await self.workspace.timesheet.delete(one)
        self.flash(f"No {one.entry} is deleted.", "good")
        await self._load()

    async def command_invoices(self) -> None:
        """Go to the entry under the cursor, with all of its client that are to be approved."""
        from tui.workspace.timesheet.approving import looked_at

        looked = looked_at(self._line, self._lines)
        if looked is None:
            await self.go("invoices")
            return
        client, ids = looked
        await self.go("invoices", f"{client}#{','.join(map(str, ids))}", "entry")

    # -- entering ---------------------------------------------------------------------------------

    async def command_enter(self) -> None:
        """Ask for the tasks that are missing, then enter what is new, or what is marked."""
        from tui.screens.timesheet.tasks import ALL_LATER

        if self._sheet is None:
            self.flash("The blocks are not here yet.", "warn")
            return
        marked = self._marked
        for tracker, _ in self._sheet.unmapped(marked):
            still = {one for one, _ in self._sheet.unmapped(marked)}
            if tracker not in still:
                continue
            said = await self._ask_task(tracker, len(still) - 1)
            if said is None:
                self.flash("Nothing was entered.", "warn")
                return
            if said == ALL_LATER:
                break
        sheet = self._sheet
        lines = sheet.to_enter(marked)
        if not lines:
            from tui.screens.timesheet.rows import why_nothing

            self.flash(why_nothing(sheet, marked), "warn")
            return
        outcome = await self.workspace.timesheet.enter(sheet, lines, self._told_of)
        self.grid.set_marked(frozenset())
        await self._load()
        await self._say(outcome)

    def _told_of(self, done: int, of: int) -> None:
        if done and (done == of or done % 10 == 0):
            self.flash(f"{done:,} of {of:,} sent …")

    async def _say(self, outcome: Outcome) -> None:
        from tui.workspace.timesheet.words import news_of, trouble_of

        trouble = trouble_of(outcome, self._zone)
        if trouble:
            await self.read("Not all was entered", trouble)
        self.flash(news_of(outcome), "good" if outcome.whole else "warn")
