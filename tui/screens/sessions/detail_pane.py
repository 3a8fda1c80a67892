"""What the cursor of the list is on, looked into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual import on
from textual.message import Message

from tui.commands import Command
from tui.screens.sessions.detail import (
    access_nodes,
    device_nodes,
    entry_text,
    group_nodes,
    not_shown,
    opened_nodes,
)
from tui.screens.sessions.looks import Looks, Place, ThingPane
from tui.screens.sessions.rows import View, name_of
from tui.widgets.outline import Outline
from tui.words import counted
from tui.workspace.problems import EXPECTED
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.sessions.sessions import Opened

NOUNS: Mapping[View, str] = {
    "sessions": "Session", "devices": "Device", "groups": "Group", "access": "Access",
}  # fmt: skip
FOOTER: Mapping[View, Mapping[str, str]] = {
    "sessions": {"open": "Read, plot", "annotate": "", "delete": "Take back", "copy": "",
                 "live": ""},
    "devices": {"change": "Rename", "units": "", "copy": ""},
    "groups": {"change": "Add member", "delete": "Take out", "copy": ""},
    "access": {"create": "Give access", "copy": ""},
}  # fmt: skip


class DetailPane(ThingPane):
    """One session, device, group or window, a line a fact."""

    ON_ROW = ThingPane.ON_ROW - {"change"}

    class Shown(Message):
        """A session is shown, with whose data can be plotted; None where nothing is shown."""

        def __init__(self, session: Opened | None) -> None:
            super().__init__()
            self.session = session

    class PlotWanted(Message):
        """A person chose a device of the session."""

        def __init__(self, serial: str) -> None:
            super().__init__()
            self.serial = serial

    def __init__(self, workspace: Workspace, looks: Looks) -> None:
        self.outline = Outline(id="tree", empty="")
        super().__init__(workspace, looks, self.outline, NOUNS["sessions"], id="one")
        self._place: Place | None = None
        self._one: Any = None
        self._wanted: tuple[Place, str] | None = None
        self._drawn: Place | None = None

    def keys(self) -> Mapping[str, str]:
        """By what is shown."""
        return FOOTER[self.view]

    def offer(self, command: Command) -> Command | None:
        """Only a log and a group have lines that can be taken out."""
        if command.name == "delete" and "delete" not in FOOTER[self.view]:
            return None
        return super().offer(command)

    def subject(self) -> Any:
        """What is shown, wherever the list's cursor has gone since."""
        return self._one

    def found(self) -> Any:
        """The same, looked into."""
        return self.looks.get(self._place)

    # -- looking into ---------------------------------------------------------------------------

    def turn(self, view: View) -> None:
        """Another list is shown: whatever of it the cursor is on is looked into."""
        self.view, self._place, self._one = view, None, None

    def look(self, place: Place | None, one: Any, *, again: bool = False) -> None:
        """Show what the cursor is on, None for nothing; `again` asks for the same anew."""
        if place is None:
            self._place = self._one = None
            self.show_title(NOUNS[self.view])
            self.show_empty("Nothing is chosen.")
            self.post_message(self.Shown(None))
            return
        if place == self._place and not again:
            self._one = one
            return
        self._place, self._one = place, one
        if self.looks.is_fresh(place):
            self._show_looked(place)
            self._tell_session()
            if not self._wants(place):
                return

        async def work() -> None:
            try:
                self._keep(place, await self._look_into(one, place))
                if self._wanted is not None and self._wants(place):
                    line, self._wanted = self._wanted[1], None
                    self.flash(not_shown(self.looks.get(place), line), "warn")
            except EXPECTED:
                if place == self._place and place not in self.looks:
                    self.show_title(name_of(place[0], one))
                    self.post_message(self.Shown(None))
                raise
            finally:
                if place == self._place:
                    self._tell_session()

        self.load_beside("Loading", work, has_content=lambda: self._stands(place))

    def _stands(self, place: Place) -> str:
        from tui.workspace.sessions.sessions import Opened

        found = self.looks.get(place)
        if isinstance(found, Opened):
            return self.as_of(found.as_of)
        return "as it was read" if place in self.looks else ""

    def _tell_session(self) -> None:
        found = self.found()
        if self.view == "sessions" and found is not None:
            self.post_message(self.Shown(found))

    async def _look_into(self, one: Any, place: Place) -> object:
        view, room = place[0], self.room
        if view == "devices":
            return await room.fleet.look_at_device(one)
        if view == "groups":
            return await room.fleet.look_at_group(one)
        if view == "access":
            return one
        kept = self.looks.get(place) or await room.kept_open(one)
        if kept is not None:
            self._keep(place, kept, old=True)
        return await room.open(one)

    def _keep(self, place: Place, found: object, *, old: bool = False) -> None:
        self.looks.keep(place, found, old=old)
        if place == self._place:
            self._show_looked(place)

    def reveal(self, place: Place, line: str) -> None:
        """Put the cursor on a line of what the list's cursor goes to, now or once it is shown."""
        self._wanted = (place, line)
        if place == self._place and place in self.looks:
            self._show_wanted(place)
            if self._wants(place):
                # Written since it was looked into, or gone.
                self.look(place, self._one, again=True)

    def _wants(self, place: Place) -> bool:
        return self._wanted is not None and self._wanted[0] == place

    def _show_wanted(self, place: Place) -> None:
        if self._wanted is not None and self._wants(place):
            line = self._wanted[1]
            if self.outline.reveal(line):
                self._wanted = None
                self.outline.focus()

    def _show_looked(self, place: Place) -> None:
        view, found, zone = place[0], self.looks.get(place), self.workspace.zone
        if view == "sessions":
            nodes = opened_nodes(found, zone)
            count = len(found.state.serial_numbers)
            name = found.state.name or name_of(view, found.session)
            self.show_title(name, counted(count, "device") if count else "")
        elif view == "devices":
            nodes = device_nodes(found, zone)
            self.show_title(name_of(view, found.device))
        elif view == "groups":
            nodes = group_nodes(found)
            self.show_title(name_of(view, found.group), f"{len(nodes)}")
        else:
            nodes = access_nodes(found, zone)
            self.show_title(name_of(view, found))
        self.outline.empty_text = "Nobody is in it."
        self.outline.set_nodes(nodes, same=place == self._drawn)
        self._drawn = place
        self.show_content()
        self._show_wanted(place)

    # -- commands -------------------------------------------------------------------------------

    @on(Outline.Selected)
    async def _selected(self, message: Outline.Selected) -> None:
        message.stop()
        await self.perform("open")

    async def command_open(self) -> None:
        """Read an entry, plot a device, or open what can be."""
        node, found = self.outline.node, self.found()
        if node is None or found is None:
            return
        kind, _, value = node.key.partition(":")
        if kind == "device" and self.view == "sessions":
            self.post_message(self.PlotWanted(value))
        elif kind == "entry":
            await self.read("Log entry", entry_text(found, node.key, self.workspace.zone))
        elif node.can_open:
            self.outline.action_toggle_fold()

    async def command_delete(self) -> None:
        """Take an entry of the log back, or a member out of the group."""
        from tui.screens.sessions.writes import take_out

        found, node = self.found(), self.outline.node
        line = "" if node is None else node.key
        if found is not None and await take_out(self, self.room, self.view, found, line):
            self.post_message(self.Stale())

    async def command_copy(self) -> None:
        """Copy the line under the cursor."""
        node = self.outline.node
        if node is None:
            self.flash("There is nothing to copy.", "warn")
        else:
            await self.copy(" ".join(part for part in (node.label, node.detail) if part))
