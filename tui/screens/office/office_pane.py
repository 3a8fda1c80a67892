"""The list of the office: what recurs, and whom and what the service keeps beside work."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.message import Message

from tui.screens.marking import marked_rows
from tui.screens.office.rows import (
    EMPTY,
    TITLES,
    VIEWS,
    View,
    columns_of,
    note_of,
    source_of,
)
from tui.screens.pane import Pane
from tui.spoken_keys import key_for, with_keys
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource, narrowed, nothing_holds
from tui.workspace.times import today_in
from tui.workspace.workspace import Workspace
from tui.workspace.zone_there import zone_there

if TYPE_CHECKING:
    from tui.workspace.invoices.recurring_desk import Recurs
    from tui.workspace.office.office import Office, Thing

NARROW = 100
"""Columns of the screen below which the list leaves out what matters least."""
BY_THE_CLOCK = ("schedules", "rates")
"""Views of what is meant by the clocks of the service."""
NOTHING = "There is nothing under the cursor."
THINGS: Mapping[View, Thing] = {
    "users": "user", "groups": "group", "schedules": "schedule", "rates": "rate",
}  # fmt: skip
"""What the service's records of a view are called."""


class OfficePane(Pane):
    """One line each, in one of six views."""

    SCOPE = "office"
    ON_ROW = Pane.ON_ROW | {"draft", "pass_over", "members", "move"}
    FOR_ALL: ClassVar[Mapping[str, str]] = {"filter": "", "back": ""}
    VIEW_KEYS: ClassVar[Mapping[View, Mapping[str, str]]] = {
        "recurring": {"draft": "", "open": "", "add": "New", "pass_over": "", "change": "",
                      "delete": ""},
        "users": {"open": "", "add": "New user", "change": "", "delete": ""},
        "groups": {"open": "", "add": "New group", "members": "", "change": "", "delete": ""},
        "schedules": {"open": "", "add": "New schedule", "change": "", "delete": ""},
        "rates": {"open": "", "add": "New rate", "change": "", "delete": ""},
        "links": {"open": "Grant access", "change": "Set up", "move": "", "delete": "Disconnect"},
    }  # fmt: skip

    class ViewChanged(Message):
        """Something else is shown: keys are called otherwise."""

    def __init__(self, workspace: Workspace) -> None:
        self.grid = Grid(columns_of("users", narrow=False), id="office-grid", empty="")
        super().__init__(workspace, self.grid, TITLES["users"], id="office")
        self.shows: View = "users"
        self.office: Office | None = None
        self.recurs: Sequence[Recurs] = ()
        self._told: datetime | None = None
        self._wanted = ""
        self._filter = ""
        self._zone_there = ""
        """The zone that schedules go by, where it is not the deck's."""
        self._written = False
        """Whether something was written or undone: a draft may be there, or be gone."""

    def keys(self) -> Mapping[str, str]:
        """By what is shown; the view is called what comes next."""
        following = TITLES[VIEWS[(VIEWS.index(self.shows) + 1) % len(VIEWS)]]
        return {**self.VIEW_KEYS[self.shows], "view": following, **self.FOR_ALL}

    # -- loading ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show what was kept, then what the service says now; what recurs is kept here alone."""
        self.watch_changes("timesheets")
        self._written |= self.take_changes()
        self.load("Reading the office", self._read, has_content=self._stands)

    def resume(self) -> None:
        """What recurs may have been undone, a draft been made or taken back meanwhile."""
        self.begin()

    def _stands(self) -> str:
        if self.shows in ("recurring", "links"):
            return "what is kept here" if self._told or self.recurs else ""
        return self.as_of(self._told) if self.office is not None else ""

    async def _read(self) -> None:
        workspace = self.workspace
        await to_thread(workspace.prepare, "recurring")
        self._zone_there = await to_thread(zone_there, workspace, "timesheets")
        self.recurs = await to_thread(workspace.recurring.all)
        if self._written and self.shows == "recurring":
            # What is kept here is true whether or not the service can be asked for its invoices.
            self.show_rows()
            await workspace.papers.seen(await workspace.invoices.ids())
            self.recurs = await to_thread(workspace.recurring.all)
        self._written = False
        if self.office is None and (kept := await workspace.office.kept()) is not None:
            self.office, self._told = kept.value, kept.as_of
        self.show_rows()
        if self.shows in ("recurring", "links"):
            self._show_wanted(last=True)
            return
        answer = await workspace.office.read()
        self.office, self._told = answer.value, answer.as_of
        self.show_rows()
        self._show_wanted(last=True)

    # -- showing ------------------------------------------------------------------------------

    def show_rows(self) -> None:
        """Show the view as far as it is known."""
        view, today = self.shows, today_in(self.workspace.zone)
        narrow = self.app.size.width < NARROW
        columns = columns_of(view, narrow=narrow)
        self.show_title(TITLES[view])
        if columns != list(self.grid.columns):
            self.grid.set_columns(columns)
        every = source_of(view, self.office, self.recurs, today, narrow=narrow)
        source = narrowed(every, self._filter)
        self.grid.empty_text = nothing_holds(
            self._filter if every.total else "", with_keys(EMPTY[view])
        )
        if (thing := THINGS.get(view)) is None:
            self.grid.set_source(source)
        elif self.office is None:
            return
        else:
            still_open = self.unsettled("timesheets")
            new = still_open.new(f"timesheets.{thing}.create")
            self.grid.set_source(
                marked_rows(source, columns, still_open, thing, at="name", new=new)
            )
        partly = self.office is not None and self.office.partly
        there = f"by {self._zone_there} · " if self._zone_there and view in BY_THE_CLOCK else ""
        self.show_note(there + note_of(view, source.total, every.total, self.recurs, partly))
        # What is old stays marked so when it is filtered or marked anew; news take that away.
        if self.state != "content" or not self.is_stale:
            self.show_content()
        self._show_wanted()

    def show_filtered(self, text: str) -> None:
        """Show what has the text."""
        self._filter = text
        self.show_rows()

    def show_standing(self) -> None:
        """Mark the lines anew."""
        if self.office is not None:
            self.show_rows()

    def on_resize(self) -> None:
        """Other columns where the width asks for them."""
        if self._told is not None:
            self.show_rows()

    def reveal(self, view: View, key: str) -> None:
        """Show a view; put the cursor on one of it, now or once it is here."""
        self._wanted = key
        self._turn(view)

    def _turn(self, view: View) -> None:
        if view != self.shows:
            self.shows = view
            self.take_back_filter()
            self._filter = ""
            # No key may act on a line of what was shown before.
            self.grid.set_source(ListSource())
            self.post_message(self.ViewChanged())
        self.begin()

    def _show_wanted(self, *, last: bool = False) -> None:
        if not self._wanted:
            return
        if self.grid.move_to_key(self._wanted):
            self._wanted = ""
            self.grid.focus()
        elif last and self._filter:
            self.take_back_filter()
            self.show_filtered("")
        elif last:
            self._wanted = ""
            self.flash(f"It is not among the {TITLES[self.shows].lower()} any more.", "warn")

    # -- commands -----------------------------------------------------------------------------

    @on(Grid.Selected)
    async def _selected(self, message: Grid.Selected) -> None:
        message.stop()
        await self.perform("open")

    def command_view(self) -> None:
        """The next view."""
        self._turn(VIEWS[(VIEWS.index(self.shows) + 1) % len(VIEWS)])

    async def command_filter(self) -> None:
        """Narrow the list by typing."""
        await self.open_filter()

    async def command_copy(self) -> None:
        """Copy the line under the cursor."""
        if self.grid.cursor_text:
            await self.copy(self.grid.cursor_text)
        else:
            self.flash(NOTHING, "warn")

    @property
    def _recurs(self) -> Recurs | None:
        key = self.grid.cursor_key
        return next((one for one in self.recurs if one.recurring.id == key), None)

    async def command_open(self) -> None:
        """Look into what the cursor is on; of a link, where access is granted."""
        from tui.screens.office import dialogs, recurring

        key = self.grid.cursor_key
        if self.shows == "recurring":
            if (recurs := self._recurs) is not None:
                await recurring.look(self, recurs)
            else:
                self.flash(NOTHING, "warn")
        elif self.shows == "links":
            await dialogs.grant(self, self.workspace.office, key)
        elif self.office is not None and key.isdecimal():
            await dialogs.look(self, self.workspace.office, self.office, self.shows, int(key))
        else:
            self.flash(NOTHING, "warn")

    async def command_add(self) -> None:
        """A new one of what is shown; the cursor stands on it then."""
        from tui.screens.office import dialogs, recurring

        if self.shows == "links":
            self.flash(f"A link is set up with {key_for('office.change')}.", "warn")
        elif self.shows == "recurring":
            self._made(await recurring.ask(self, None))
        elif self.office is None:
            self.flash("They are not here yet.", "warn")
        else:
            thing = THINGS[self.shows]
            self._made(await dialogs.ask(self, self.workspace.office, self.office, thing, None))

    async def command_change(self) -> None:
        """Change what the cursor is on."""
        from tui.screens.office import dialogs, recurring

        key = self.grid.cursor_key
        if self.shows == "links":
            await dialogs.set_up(self, self.workspace.office, key)
        elif self.shows == "recurring" and (recurs := self._recurs) is not None:
            self._made(await recurring.ask(self, recurs.recurring))
        elif self.office is not None and self.shows in THINGS and key.isdecimal():
            thing = THINGS[self.shows]
            self._made(await dialogs.ask(self, self.workspace.office, self.office, thing, int(key)))
        else:
            self.flash(NOTHING, "warn")

    async def command_delete(self) -> None:
        """Delete what the cursor is on, after a question."""
        from tui.screens.office import dialogs, recurring

        key = self.grid.cursor_key
        if self.shows == "links":
            await dialogs.disconnect(self, self.workspace.office, key)
        elif self.shows == "recurring" and (recurs := self._recurs) is not None:
            await self._done(recurring.delete(self, recurs.recurring))
        elif self.office is not None and self.shows in THINGS and key.isdecimal():
            thing = THINGS[self.shows]
            await self._done(
                dialogs.delete(self, self.workspace.office, self.office, thing, int(key))
            )
        else:
            self.flash(NOTHING, "warn")

    async def command_members(self) -> None:
        """Put somebody into the group under the cursor, or take them out."""
        from tui.screens.office.dialogs import members

        key = self.grid.cursor_key
        if self.shows != "groups" or self.office is None or not key.isdecimal():
            self.flash(f"Members are of a group: {key_for('office.view')} shows groups.", "warn")
            return
        await members(self, self.workspace.office, self.office, int(key))

    async def command_move(self) -> None:
        """Have the service bring something in or out over the link under the cursor."""
        from tui.screens.office.dialogs import move

        if self.shows != "links":
            self.flash(
                f"That is of a link to a bookkeeping service: {key_for('office.view')} shows them.",
                "warn",
            )
            return
        await self._done(move(self, self.workspace.office, self.grid.cursor_key))

    async def command_draft(self) -> None:
        """Draft the oldest invoice that is due of what the cursor is on."""
        from tui.screens.office.recurring import draft

        await self._with_recurs(draft)

    async def command_pass_over(self) -> None:
        """Make no invoice of what is due, or offer one again that was passed over."""
        from tui.screens.office.recurring import pass_over

        await self._with_recurs(pass_over)

    async def _with_recurs(self, work: Callable[[Pane, Recurs], Awaitable[object]]) -> None:
        recurs = self._recurs if self.shows == "recurring" else None
        if recurs is None:
            self.flash(
                f"That is of an invoice that recurs: {key_for('office.view')} shows them.", "warn"
            )
        else:
            await self._done(work(self, recurs))

    def _made(self, key: str) -> None:
        if key:
            self._wanted = key
            self.begin()

    async def _done(self, work: Awaitable[object]) -> None:
        if await work:
            self.begin()
