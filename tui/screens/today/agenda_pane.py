"""The agenda: one list by day over tocks, events, sessions, due invoices and reminders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.widget import Widget

from tui.screens.today.reminding import ReminderPane
from tui.spoken_keys import with_keys
from tui.widgets.cells import cell_text, clip, clip_figures, fit
from tui.widgets.outline import FOLDED, UNFOLDED, Outline
from tui.widgets.outline_model import Node
from tui.widgets.palette import Palette, Role
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.today.agenda import Day, Entry

TIME, KIND = 12, 10
"""Cells of the columns, each with a blank behind it."""
MARK = 2
"""Cells of what is before them."""
LEAST_TITLE = 8
"""Cells that a title keeps where there is little room: the kind gives way to it, then the time."""
FEW_LATE, MANY_LATE = 3, 8
"""So many that are overdue stand open, where there is little room or much; of more only their
heading does, until it is opened."""
LITTLE_ROOM = 20
NOT_KNOWN = "Nothing was kept, and not everything could be read: why stands below."
NOTHING = "Nothing ahead."
HINT = (
    "<today.remind> reminds you of something. Tocks, events, sessions and due invoices "
    "come by themselves."
)


class AgendaList(Outline):
    """Days, and under each its lines in columns: time, kind, title, where; money at the end."""

    def __init__(self) -> None:
        super().__init__(id="agenda-list", empty="Nothing has this text.")
        self._entries: dict[str, Entry] = {}
        self._days: list[Day] = []
        self._few = MANY_LATE
        """So many that are overdue stood open when they were shown last."""

    def show(self, days: list[Day]) -> None:
        """Show these days."""
        self._days, self._entries = days, {}
        few = self._few = self._room_for_late()
        self.set_nodes(
            Node(
                day.key,
                day.title,
                day.note,
                role="bad" if day.key == "overdue" else "strong",
                children=tuple(map(self._node, day.entries)),
                open=day.key != "overdue" or len(day.entries) <= few,
            )
            for day in days
        )

    def on_resize(self) -> None:
        """How much is open goes by the height."""
        if self._few != self._room_for_late():
            first = self.cursor_row == self._first_entry()
            self.show(self._days)
            if first:
                self.to_first_entry()

    def _room_for_late(self) -> int:
        height = self.size.height
        if not height and isinstance(self.parent, Widget):
            # It is not laid out while it gives way to what is said in its place: it will be given
            # all of its pane, and else stood folded for a frame.
            height = self.parent.size.height
        return FEW_LATE if height <= LITTLE_ROOM else MANY_LATE

    def _node(self, entry: Entry) -> Node:
        """A line; its detail is what the filter looks in, beside the title."""
        key = f"{entry.kind} {entry.key}"
        while key in self._entries:
            # Something that takes place more than once.
            key += "+"
        self._entries[key] = entry
        return Node(key, entry.title, detail=f"{entry.kind} {entry.where} {entry.time}")

    @property
    def entry(self) -> Entry | None:
        """The line that the cursor is on; None on a heading."""
        return self._entries.get(self.node.key) if self.node is not None else None

    @property
    def day(self) -> str:
        """The heading that the cursor's line stands under."""
        above = self._model.parent_index(self.cursor_row)
        return "" if above is None else self._model.lines[above].node.label

    @property
    def entries(self) -> int:
        """How many lines there are beside headings, folded or not."""
        return len(self._entries)

    def to_first_entry(self) -> None:
        """Put the cursor on the first line that is no open heading."""
        self.move_to_row(self._first_entry())

    def _first_entry(self) -> int:
        lines = self._model.lines
        return 1 if len(lines) > 1 and lines[0].open else 0

    def render_row(
        self, index: int, width: int, ground: Mapping[str, Style], palette: Palette
    ) -> list[Segment]:
        """A heading with its count, or a line in its columns."""
        del palette
        line = self._model.lines[index]
        entry = self._entries.get(line.node.key)
        if entry is None:
            note = cell_text(line.node.badge, width // 2)
            note = clip_figures(note, width // 2)
            before = UNFOLDED if line.open else FOLDED
            title = fit(f"{before}{line.node.label}", max(0, width - cell_len(note) - 1))
            return [Segment(title, ground[line.node.role]), Segment(f" {note}", ground["muted"])]
        role: Role = "bad" if entry.late else "good" if entry.goes_on else "text"
        mark = "! " if entry.late else "● " if entry.goes_on else "  "
        kind = KIND if width >= MARK + TIME + KIND + LEAST_TITLE else 0
        time = max(0, min(TIME, width - MARK - kind - LEAST_TITLE))
        left = max(0, width - MARK - time - kind)
        amount = cell_text(entry.amount, left // 2)
        amount = clip_figures(amount, left // 2)
        left = max(0, left - (cell_len(amount) + 1 if amount else 0))
        title = clip(cell_text(entry.title, left), left)
        rest = left - cell_len(title)
        where = ""
        if entry.where and rest > 4:
            where = f"  {clip(cell_text(entry.where, rest), rest - 2)}"
        segments = [
            Segment(fit(mark, min(MARK, width)), ground[role]),
            Segment(fit(clip_figures(entry.time, time - 1), time), ground[role]),
            Segment(fit(entry.kind, kind), ground["muted"]),
            Segment(title, ground["text"]),
            Segment(fit(where, rest), ground["muted"]),
        ]
        if amount:
            segments.append(Segment(f" {amount}", ground["bad" if entry.late else "number"]))
        return segments


class AgendaPane(ReminderPane):
    """What is when; enter goes there."""

    KEYS = {
        "open": "", "done": "", "snooze": "", "delete": "", "start": "", "stop": "", "resume": "",
        "remind": "", "filter": "",
    }  # fmt: skip
    ANYWHERE = frozenset({"remind"})

    def __init__(self, workspace: Workspace) -> None:
        self.list = AgendaList()
        super().__init__(workspace, self.list, "Agenda", id="agenda")
        self._wanted = ""
        self._moved = False

    def show(self, days: list[Day], *, whole: bool) -> None:
        """Show these days; before a person has moved the cursor is on the first line.

        `whole` says whether every source has told something.
        """
        self.list.show(days)
        if not days:
            hint = with_keys(HINT)
            self.show_empty(NOTHING if whole else NOT_KNOWN, hint)
            self.show_note("")
            return
        if not self._moved:
            self.list.to_first_entry()
        if self._wanted and self.list.reveal(self._wanted):
            self._wanted = ""
        self.show_content()
        self.show_note(f"{self.list.entries:,}" if self.list.entries else "")

    def reveal(self, reminder: str) -> None:
        """Put the cursor on a reminder, now or once it is loaded."""
        self._wanted = f"reminder {reminder}"
        self.list.focus()
        if self.list.reveal(self._wanted):
            self._wanted = ""

    def chosen_reminder(self) -> int | None:
        """The reminder under the cursor."""
        entry = self.list.entry
        return int(entry.key) if entry is not None and entry.kind == "reminder" else None

    @on(Outline.Highlighted)
    def _highlighted(self, message: Outline.Highlighted) -> None:
        message.stop()
        self._moved = self._moved or (self.list.has_focus and self.list.cursor_row > 1)
        self.post_message(self.Moved())

    @on(Outline.Selected)
    async def _chosen_line(self, message: Outline.Selected) -> None:
        message.stop()
        await self.perform("open")

    async def command_open(self) -> None:
        """Go to what the cursor is on; a heading opens or closes, a reminder is read."""
        from tui.workspace.today.agenda import SCREEN_OF

        entry = self.list.entry
        if entry is None:
            self.list.action_toggle_fold()
        elif entry.kind == "reminder":
            await self.read("Reminder", f"{self.list.day} {entry.time}\n\n{entry.title}")
        else:
            kind = "event" if entry.kind == "event" else ""
            await self.go(SCREEN_OF[entry.kind], entry.key, kind)

    async def command_filter(self) -> None:
        """Narrow the agenda by typing."""
        await self.open_filter()

    def show_filtered(self, text: str) -> None:
        """Show only lines that have the text, and the days that they are of."""
        self.list.set_filter(text)
