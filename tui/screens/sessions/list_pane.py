"""The list at the left: sessions, or devices, groups or access windows in their place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from textual import on
from textual.message import Message
from textual.timer import Timer

from tui.screens.marking import marked_rows
from tui.screens.sessions.looks import Looks, Place, ThingPane
from tui.screens.sessions.rows import VIEWS, Listing, View, listings
from tui.spoken_keys import key_for
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource
from tui.workspace.sessions.sessions import on_or_last
from tui.workspace.workspace import Workspace

FRESH = timedelta(seconds=30)
"""What is younger is not asked for again when the person comes back."""
SETTLED = 0.12
"""Seconds after which a cursor rests: what it only passes is not asked for."""
FOOTER: Mapping[View, Mapping[str, str]] = {
    "sessions": {"open": "", "create": "New", "annotate": "", "delete": "", "live": ""},
    "devices": {
        "open": "",
        "create": "Register",
        "change": "Rename",
        "delete": "Give up",
        "units": "",
    },
    "groups": {"open": "", "create": "New", "change": "Add member", "delete": ""},
    "access": {"create": "Give access"},
}


class ListPane(ThingPane):
    """One of the four lists."""

    ANYWHERE = frozenset({"list"})
    ON_ROW = ThingPane.ON_ROW | {"annotate", "live"}

    class Turned(Message):
        """Another list is shown."""

    class Narrowed(Message):
        """A filter leaves some of the list, or none: then fewer keys have a meaning."""

    class Rested(Message):
        """The cursor rests on one of the list, None on none; `again` asks anew."""

        def __init__(self, view: View, place: Place | None, one: Any, *, again: bool) -> None:
            super().__init__()
            self.view = view
            self.place = place
            self.one = one
            self.again = again

    class Unread(Message):
        """What the list has could not be read, and none of it was kept."""

        def __init__(self, view: View, title: str) -> None:
            super().__init__()
            self.view = view
            self.title = title

    class OpenWanted(Message):
        """A person wants to go into what the cursor is on."""

    def __init__(self, workspace: Workspace, looks: Looks) -> None:
        self._lists = listings()
        first = self._lists["sessions"]
        self.grid = Grid(first.columns, id="grid", empty="")
        super().__init__(workspace, looks, self.grid, first.title, id="all")
        self._filter = ""
        self._rows: list[Any] = []
        self._cursors: dict[View, str] = {}
        self._wanted: Place | None = None
        self._settling: Timer | None = None
        self._looked = False
        self._first: str | None = ""
        """The session on which the cursor was put; None once what the service lists is there too,
        or the person has gone elsewhere."""
        self._waiting: list[str] = []
        """Units that wait to be accepted."""

    @property
    def _list(self) -> Listing:
        return self._lists[self.view]

    @property
    def _next(self) -> View:
        return VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]

    def keys(self) -> Mapping[str, str]:
        """By list; the key of the lists says which one comes next."""
        shown = FOOTER[self.view]
        if self._filter and not self._rows:
            # Only what needs none of the list.
            shown = {name: title for name, title in shown.items() if name in ("create", "units")}
        return {**shown, "list": self._lists[self._next].title, "filter": ""}

    # -- loading and showing --------------------------------------------------------------------

    def begin(self) -> None:
        """The kept list at once, then the service's."""
        self.watch_changes("igtimi")
        self._load_list()

    def resume(self) -> None:
        """Another screen, pane or person may have changed something meanwhile."""
        told = self._list.as_of
        if self.take_changes():
            self.ask_again()
        elif told is not None and datetime.now(UTC) - told > FRESH:
            self._load_list()

    def load_failed(self, error: BaseException, stands: str) -> None:
        """Say it in place, and to who shows what is in one of the list."""
        super().load_failed(error, stands)
        if not stands:
            self.post_message(self.Unread(self.view, self._list.title))

    def ask_again(self, wanted: str = "") -> None:
        """Ask the service again, for what is looked into too; then put the cursor on a key."""
        if wanted:
            self._wanted = (self.view, wanted)
        self.looks.clear()
        self._load_list(look_again=True)

    def reveal(self, view: View, key: str) -> None:
        """Put the cursor on one of a list, now or once the list is there."""
        self._wanted = (view, key)
        if self.is_mounted:
            self._show_view(view)
            self._go_to_wanted()

    def _go_to_wanted(self, *, last: bool = False) -> None:
        if self._wanted is None or self._wanted[0] != self.view:
            return
        if self.grid.move_to_key(self._wanted[1]):
            self._wanted = None
            self.grid.focus()
        elif last:
            self._wanted = None
            self.flash("It is not in this list; perhaps the filter hides it.", "warn")

    def _load_list(self, *, look_again: bool = False) -> None:
        view, listing = self.view, self._list

        async def work() -> None:
            if listing.items is None:
                kept = await listing.kept(self.room)
                if kept is not None:
                    listing.items, listing.as_of = list(kept[0]), kept[1]
                    self._show_list(view, kept=True)
            listing.items, listing.as_of = await listing.fetch(self.room), datetime.now(UTC)
            if view == "devices":
                self._waiting = await self.workspace.live.units.waiting()
            self._show_list(view)
            if view == self.view:
                self._go_to_wanted(last=True)
                self._look(again=look_again)

        self.load(
            f"Loading {listing.title.lower()}",
            work,
            has_content=lambda: self.as_of(self._list.as_of),
        )

    def _show_list(self, view: View, *, kept: bool = False) -> None:
        if view != self.view:
            return
        self._show_rows()
        self._begin_at_what_is_on(kept=kept)
        self.show_content()
        self._go_to_wanted()
        if not self._looked:
            self._look()

    def _begin_at_what_is_on(self, *, kept: bool) -> None:
        """People come for the one that is on, or was last. Of what was kept another one may be
        that than of what the service lists: where nobody has moved it, the cursor goes there.
        """
        if self._first is None or self.view != "sessions" or not self._rows:
            return
        one = on_or_last(self._rows, datetime.now(UTC))
        if one is None or (self._first and self.grid.cursor_key != self._first):
            self._first = None
        else:
            self._first = self._list.key(one)
            self.grid.move_to_key(self._first)
        if not kept:
            self._first = None

    def _show_rows(self) -> None:
        listing = self._list
        self._rows = listing.matching(self._filter)
        self.grid.empty_text = listing.empty_text(self._filter)
        zone, still_open = self.workspace.zone, self.unsettled("igtimi")
        rows = ListSource(
            [listing.row(one, zone) for one in self._rows],
            [listing.key(one) for one in self._rows],
        )
        # Only once the list is there: before it nothing can stand behind it.
        new = still_open.new(listing.made_by) if listing.items is not None else []
        self.grid.set_source(
            marked_rows(rows, listing.columns, still_open, listing.record, at=listing.at, new=new)
        )
        shown, total = len(self._rows), len(listing.items or [])
        counts = f"{shown:,} of {total:,}" if shown < total else f"{total:,}" * bool(total)
        self.show_note(" · ".join(filter(None, (self._waits(), counts))))

    def _waits(self) -> str:
        if self.view != "devices" or not self._waiting:
            return ""
        from tui.workspace.live.units import waiting_text

        return waiting_text(self._waiting, key_for("sessions.units"))

    def show_standing(self) -> None:
        """Mark the rows anew."""
        self._show_rows()

    # -- what the cursor is on ------------------------------------------------------------------

    def subject(self) -> Any:
        """What the cursor is on."""
        key = self.grid.cursor_key
        return next((one for one in self._rows if self._list.key(one) == key), None)

    def found(self) -> Any:
        """The same, once it was looked into."""
        one = self.subject()
        return None if one is None else self.looks.get((self.view, self._list.key(one)))

    @on(Grid.Highlighted)
    def _highlighted(self) -> None:
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLED, self._look)

    def _look(self, *, again: bool = False) -> None:
        """Tell what the cursor is on."""
        one = self.subject()
        place = None if one is None else (self.view, self._list.key(one))
        self._looked = place is not None
        self.post_message(self.Rested(self.view, place, one, again=again))

    @on(Grid.Selected)
    async def _selected(self, message: Grid.Selected) -> None:
        message.stop()
        await self.perform("open")

    # -- commands -------------------------------------------------------------------------------

    def command_list(self) -> None:
        """The next of the four lists."""
        self._show_view(self._next)

    def _show_view(self, view: View) -> None:
        if view == self.view:
            return
        self._cursors[self.view] = self.grid.cursor_key
        self.view, self._looked = view, False
        self.show_title(self._list.title)
        self.post_message(self.Turned())
        self.grid.set_columns(self._list.columns)
        self._show_rows()
        self.grid.move_to_key(self._cursors.get(view, ""))
        self.grid.focus()
        self._load_list()

    def command_open(self) -> None:
        """From the list into it."""
        self.post_message(self.OpenWanted())

    async def command_delete(self) -> None:
        """Delete what the cursor is on."""
        from tui.screens.sessions.writes import delete

        one = self.subject()
        if one is None:
            self.flash("There is nothing to delete.", "warn")
        elif await delete(self, self.room, self.view, one):
            self.post_message(self.Stale())

    async def command_copy(self) -> None:
        """Copy the row under the cursor."""
        if self.grid.cursor_text:
            await self.copy(self.grid.cursor_text)
        else:
            self.flash("There is nothing to copy.", "warn")

    async def command_filter(self) -> None:
        """Narrow the list by typing."""
        await self.open_filter()

    def show_filtered(self, text: str) -> None:
        """Show what has the text."""
        self._filter = text
        self._show_rows()
        self.post_message(self.Narrowed())
