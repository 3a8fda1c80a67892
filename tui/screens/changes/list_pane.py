"""The list of changes, newest first, page by page from the disk."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

from msgspec.structs import replace
from textual import on
from textual.message import Message

from tui.screens.changes.texts import ROLES
from tui.screens.changes.writes import ChangeCommands, Shown
from tui.spoken_keys import key_for
from tui.widgets.cells import clip
from tui.widgets.dialogs import Choice
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Cell, CellValue, Column, PagedSource
from tui.widgets.outline_model import Node
from tui.widgets.work import begin_work
from tui.workspace.changes.folded import Line, count, lines
from tui.workspace.changes.history import State, Wanted
from tui.workspace.changes.words import STATES, sign_of
from tui.workspace.problems import EXPECTED, SERVICE_TITLES
from tui.workspace.text import clean
from tui.workspace.times import moment_text
from tui.workspace.workspace import Workspace

PAGE = 200
LONGEST_FILTER = 30
"""Cells of a filter in the title."""
ALL_OF_THEM = "all"
OPEN_ONES: tuple[State, ...] = ("waiting", "sending", "unknown")
CHOICES: dict[str, tuple[str, tuple[State, ...]]] = {
    ALL_OF_THEM: ("all", ()),
    "open": ("open", OPEN_ONES),
    **{state: (words, (state,)) for state, words in STATES.items()},
}
"""What the state is narrowed to, by its key in the question: in words, and the states."""


def columns_of(*, narrow: bool) -> list[Column]:
    """The columns; where it is narrow without the service."""
    columns = [
        Column("state", "State", width=13),
        Column("when", "When", width=12),
        Column("title", "Change", width=20, flexible=True),
    ]
    return columns if narrow else [*columns, Column("service", "Service", width=14)]


class ListPane(ChangeCommands):
    """One change a row; the parts of one piece of work, such as an import, are one."""

    DEFAULT_CSS = """
    ListPane { width: 3fr; }
    """

    ANYWHERE = frozenset(("state", "service", "filter"))

    class Moved(Message):
        """The cursor is on another change, or more is known of the same."""

    def __init__(self, workspace: Workspace, shown: Shown) -> None:
        self.grid = Grid(columns_of(narrow=False), id="change-grid", empty="")
        super().__init__(workspace, shown, self.grid, "Changes", id="changes")
        self.wanted = Wanted()
        self._was_narrow = False
        self._source = PagedSource(0, PAGE)
        self._has_read = False
        self._reading = threading.Lock()

    # -- loading ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Read the list."""
        self.reread()

    def resume(self) -> None:
        """Other decks and commands write there too."""
        if self._has_read:
            self.reread()

    def reread(self, *, from_top: bool = False) -> None:
        """Read what is seen anew; the cursor stays on its change."""
        top = 0 if from_top else self.grid.cursor_row // PAGE * PAGE

        async def read() -> None:
            wanted = self.wanted
            found = await asyncio.to_thread(self._found, wanted, top)
            if found is not None and wanted == self.wanted:
                self._show_page(found[0], top, found[1], keep_cursor=not from_top)

        # The disk is quick: that it reads is said only where it is not.
        self.load_beside("Reading the changes", read, has_content=self._stands)

    def _stands(self) -> str:
        return "what was read before" if self._has_read else ""

    def _found(self, wanted: Wanted, first: int) -> tuple[int, list[Line]] | None:
        """How many there are, and a page of them; None where others are wanted by now.

        One at a time: a text is looked for in every change, and each letter of it asks anew.
        """
        with self._reading:
            if wanted != self.wanted:
                return None
            rows = self._page(wanted, first)
            if len(rows) < PAGE and (rows or not first):
                return first + len(rows), rows
            return count(self.workspace.history.changes, wanted), rows

    def _page(self, wanted: Wanted, first: int) -> list[Line]:
        return lines(self.workspace.history.changes, PAGE, wanted, past=first)

    @on(Grid.PageWanted)
    def _page_wanted(self, message: Grid.PageWanted) -> None:
        message.stop()
        source, wanted = self._source, self.wanted
        pages = {source.page_of(row)[0] for row in (message.first, message.last)}

        async def fetch() -> None:
            for first in sorted(pages):
                try:
                    rows = await asyncio.to_thread(self._page, wanted, first)
                except EXPECTED as error:
                    self.load_failed(error, self._stands())
                    return
                if source is self._source:
                    source.put(first, *self._rows(rows))
                    self.grid.rows_changed()

        begin_work(self, fetch, group="changes-pages")

    # -- showing ------------------------------------------------------------------------------

    def _show_page(self, total: int, first: int, rows: list[Line], *, keep_cursor: bool) -> None:
        self._has_read = True
        self._was_narrow = narrow = self.is_narrow
        columns = columns_of(narrow=narrow)
        if len(columns) != len(self.grid.columns):
            self.grid.set_columns(columns)
        self._source = source = PagedSource(total, PAGE)
        source.put(first, *self._rows(rows))
        self.grid.empty_text = (
            f"No change like this. {key_for('changes.back')} takes the filters away."
            if self.is_filtered
            else "Nothing was changed yet. What you change stands here, with what takes it back."
        )
        self.grid.set_source(source, keep_cursor=keep_cursor)
        self._show_title()
        # The same row may be another change, or say something else.
        self._moved()

    def _rows(self, found: Sequence[Line]) -> tuple[list[list[CellValue]], list[str]]:
        zone = self.workspace.zone
        rows: list[list[CellValue]] = [
            [
                Cell(f"! {line.state}", "warn")
                if line.is_partly_done
                else Cell(f"{sign_of(one)} {line.state}", ROLES[one.state]),
                Cell(moment_text(one.time, zone), "muted"),
                line.title,
                SERVICE_TITLES.get(one.service, one.service),
            ]
            for line in found
            for one in (line.change,)
        ]
        if self._was_narrow:
            rows = [row[:3] for row in rows]
        return rows, [line.change.id for line in found]

    @property
    def is_narrow(self) -> bool:
        """Whether there is room for a few columns only."""
        return 0 < self.size.width < 70

    @property
    def is_filtered(self) -> bool:
        """Whether something is left out."""
        return self.wanted != Wanted()

    def _show_title(self) -> None:
        wanted = self.wanted
        parts = [
            next((words for words, states in CHOICES.values() if states == wanted.states), ""),
            SERVICE_TITLES.get(wanted.service, ""),
            wanted.record,
            f"“{wanted.text}”" if wanted.text else "",
        ]
        said = ", ".join(clip(clean(one), LONGEST_FILTER) for one in parts if one and one != "all")
        title = f"Changes: {said}" if said else "Changes"
        self.show_title(title, self.grid.position_text)

    def on_resize(self) -> None:
        """Other columns where the width asks for them."""
        if self._has_read and self._was_narrow != self.is_narrow:
            self.reread()

    @on(Grid.Highlighted)
    def _highlighted(self, message: Grid.Highlighted) -> None:
        message.stop()
        self._moved()

    def _moved(self) -> None:
        self.shown.id = self.grid.cursor_key if self.grid.row_count else ""
        self.show_title(self.title, self.grid.position_text)
        self.post_message(self.Moved())

    @on(Grid.Selected)
    async def _selected(self, message: Grid.Selected) -> None:
        message.stop()
        await self.perform("open")

    # -- filters ------------------------------------------------------------------------------

    def narrow(self, wanted: Wanted) -> None:
        """Show only these, from the newest on."""
        if wanted != self.wanted:
            self.wanted = wanted
            self.reread(from_top=True)

    async def command_state(self) -> None:
        """Choose a state."""
        nodes = [Node(key, words.capitalize()) for key, (words, _) in CHOICES.items()]
        now = next(key for key, (_, states) in CHOICES.items() if states == self.wanted.states)
        chosen = await self.ask(Choice("Only changes that are", nodes, current=now))
        if chosen is not None:
            self.narrow(replace(self.wanted, states=CHOICES[chosen][1]))

    async def command_service(self) -> None:
        """Choose a service."""
        services = self.workspace.connections.services
        nodes = [Node(ALL_OF_THEM, "All"), *(Node(one, SERVICE_TITLES[one]) for one in services)]
        current = self.wanted.service or ALL_OF_THEM
        chosen = await self.ask(Choice("Only changes of", nodes, current=current))
        if chosen is not None:
            self.narrow(replace(self.wanted, service="" if chosen == ALL_OF_THEM else chosen))

    async def command_only(self) -> None:
        """Only the record of the change under the cursor, or all again."""
        if self.wanted.record:
            self.narrow(replace(self.wanted, record=""))
            return
        change = await self.chosen()
        if change is None:
            return
        if change.record:
            self.narrow(replace(self.wanted, record=change.record))
        else:
            self.flash("It names no record.", "warn")

    async def command_filter(self) -> None:
        """Only what holds a text."""
        await self.open_filter()

    def show_filtered(self, text: str) -> None:
        """Show only what holds a text."""
        self.narrow(replace(self.wanted, text=text.strip()))

    def take_filters_back(self) -> bool:
        """Show everything again; False where everything was shown."""
        if not self.is_filtered:
            return False
        self.take_back_filter()
        self.narrow(Wanted())
        return True
