"""What waits, the most urgent first; what a line is made of can be opened below it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from tui.screens.today.reminding import ReminderPane
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.today.waits import Place, Wait

NOT_KNOWN = "Not everything could be read: why stands below."
ALL_DONE = "All done: nothing waits for you."


class WaitsPane(ReminderPane):
    """What waits for the person; enter goes there."""

    KEYS = {
        "open": "", "done": "", "snooze": "", "delete": "", "start": "", "stop": "", "resume": "",
        "remind": "",
    }  # fmt: skip

    class ReminderWanted(Message):
        """A reminder was chosen: it stands in the agenda."""

        def __init__(self, number: str) -> None:
            super().__init__()
            self.number = number

    class LinesWanted(Message):
        """It wants more lines or fewer."""

    def __init__(self, workspace: Workspace) -> None:
        self.list = Outline(id="waits-list")
        super().__init__(workspace, self.list, "Waits", id="waits")
        self._places: dict[str, Place] = {}
        self._found: list[Wait] = []
        self._room = 0
        self._moved = False

    def show(self, found: list[Wait], *, whole: bool) -> None:
        """Show these lines; `whole` says whether every source has told something."""
        self._found, self._places = found, {}
        self.list.set_nodes(self._shown())
        if not self._moved:
            # Sources answer in any order: nobody chose the line that came first.
            self.list.move_to_row(0)
        if found:
            self.show_content()
        else:
            self.show_empty(ALL_DONE if whole else NOT_KNOWN)
        self.show_note(f"{len(found)}" if found else "")
        self.post_message(self.LinesWanted())

    def spread(self, room: int) -> None:
        """What each line is made of is shown below it, as far as there is room for so many."""
        if room != self._room:
            self._room = room
            self.list.set_nodes(self._shown())

    def _shown(self) -> list[Node]:
        """All lines; the most urgent ones open that have room for what they are made of."""
        left = self._room - 1 - len(self._found)
        opened: list[bool] = []
        for one in self._found:
            opened.append(0 < len(one.parts) <= left)
            left -= len(one.parts) if opened[-1] else 0
        nodes = self._lines_of(self._found, "")
        return [node._replace(open=each) for node, each in zip(nodes, opened, strict=True)]

    def _lines_of(self, found: Iterable[Wait], above: str) -> list[Node]:
        nodes = []
        for place, one in enumerate(found):
            # Of a line: what it is about, which stays while its number changes.
            name = one.place.scope if not above else f"{place}"
            key = f"{above}/{name} {one.place.kind or one.mark} {one.place.key if above else ''}"
            self._places[key] = one.place
            nodes.append(
                Node(
                    key,
                    one.title,
                    one.badge,
                    one.detail,
                    badge_role=one.role,
                    mark=one.mark,
                    children=self._lines_of(one.parts, key),
                )
            )
        return nodes

    @property
    def lines(self) -> int:
        """How many lines it would fill, its title included."""
        return 1 + max(1, self.list.row_count)

    @property
    def place(self) -> Place | None:
        """Where the line under the cursor is opened."""
        return self._places.get(self.list.node.key) if self.list.node is not None else None

    def chosen_reminder(self) -> int | None:
        """The reminder under the cursor; of several that are due the earliest."""
        place = self.place
        return int(place.key) if place is not None and place.kind == "reminder" else None

    @on(Outline.Highlighted)
    def _highlighted(self, message: Outline.Highlighted) -> None:
        message.stop()
        self._moved = self._moved or (self.list.has_focus and self.list.cursor_row > 0)
        self.post_message(self.Moved())

    @on(Outline.Expanded)
    @on(Outline.Collapsed)
    def _folded(self) -> None:
        self.post_message(self.LinesWanted())

    @on(Outline.Selected)
    async def _chosen_line(self, message: Outline.Selected) -> None:
        message.stop()
        await self.perform("open")

    async def command_open(self) -> None:
        """Go to what the cursor is on."""
        place = self.place
        if place is None:
            self.flash("Nothing waits for you.", "good")
        elif place.scope == self.SCOPE:
            self.post_message(self.ReminderWanted(place.key))
        else:
            await self.go(place.scope, place.key, place.kind)
