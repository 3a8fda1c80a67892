"""The list of operations, and what the one under its cursor takes."""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from tui.screens.pane import Pane
from tui.widgets.lines import Paragraph, ScrollingLines
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.palette import Role
from tui.workspace.problems import SERVICE_TITLES
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.operations.operations import Operation

EFFECT_MARKS: dict[str, tuple[str, Role]] = {
    "read": ("", "text"),
    "write": ("✎", "text"),
    "destructive": ("!", "bad"),
}


class OperationsPane(Pane):
    """Every operation by service; typing finds."""

    SCOPE = "console"

    class Chosen(Message):
        """The cursor is on an operation."""

        def __init__(self, operation: Operation) -> None:
            super().__init__()
            self.operation = operation

    class CallWanted(Message):
        """The operation under the cursor is to be called."""

    def __init__(self, workspace: Workspace) -> None:
        self.outline = Outline(id="list", empty="No operation.")
        super().__init__(workspace, self.outline, "Operations", id="operations")
        self._all: list[Operation] = []
        self._wanted = ""

    def begin(self) -> None:
        """Import the clients away from the keys, then list what they can do."""
        self.load("Reading the operations", self._list)

    def reveal(self, key: str) -> None:
        """Put the cursor on an operation, now or once they are listed."""
        self._wanted = key
        if self._all:
            self._put_cursor()

    async def _list(self) -> None:
        self._all = await asyncio.to_thread(lambda: self.workspace.operations.all())
        self.show_filtered("")
        self._put_cursor()

    def show_filtered(self, text: str) -> None:
        """The operations that hold every word of a text, by service."""
        found = self.workspace.operations.matching(text) if text.strip() else self._all
        services = groupby(found, key=lambda one: one.service)
        # Another key for a service while finding, so that its fold is not remembered.
        mark = "?" if text.strip() else ""
        nodes = [
            Node(f"{service}{mark}", SERVICE_TITLES[service], children=[_node(m) for m in members],
                 badge=str(len(members)), open=bool(mark))
            for service, grouped in services
            if (members := list(grouped))
        ]  # fmt: skip
        self.outline.set_nodes(nodes)
        if mark and found:
            # The first that was found, not its service and not what the cursor was on before;
            # one that is called like the last word stands over those that only hold it.
            last = f".{text.split()[-1].lower()}"
            named = next((one for one in found if one.id.lower().endswith(last)), found[0])
            self.outline.move_to_key(named.id)
        count, whole = len(found), len(self._all)
        self.show_note(f"{count} of {whole}" if mark else f"{whole}")

    def _put_cursor(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.outline.focus()
        if wanted and not self.outline.reveal(wanted):
            # A filter hides it.
            self.take_back_filter()
            self.show_filtered("")
            self.outline.reveal(wanted)

    @on(Outline.Highlighted)
    def _highlighted(self, message: Outline.Highlighted) -> None:
        message.stop()
        if "." in message.key:
            self.post_message(self.Chosen(self.workspace.operations.find(message.key)))

    @on(Outline.Selected)
    def _selected(self, message: Outline.Selected) -> None:
        message.stop()
        if "." in message.key:
            self.post_message(self.CallWanted())
        else:
            self.outline.action_toggle_fold()

    async def command_filter(self) -> None:
        """Find an operation by typing."""
        await self.open_filter()

    async def command_back(self) -> None:
        """All operations again; from there to the screen that the console was opened from."""
        if not self.take_back_filter():
            await self.go_back()


class AboutPane(Pane):
    """What an operation does, and what it takes."""

    SCOPE = "console"

    def __init__(self, workspace: Workspace) -> None:
        self.lines = ScrollingLines(id="about-lines", empty="Choose an operation.")
        super().__init__(workspace, self.lines, "Operation", id="about")

    def show_operation(self, operation: Operation) -> None:
        """Describe it as its document does."""
        from tui.workspace.operations.arguments import type_text

        lines = [Paragraph(f"{operation.title}."), Paragraph("")]
        if not operation.parameters:
            lines.append(Paragraph("It takes no parameters.", "muted"))
        for parameter in operation.parameters:
            mark = "*" if parameter.required else " "
            lines.append(
                Paragraph(
                    f"{mark} {parameter.documented_name}: {type_text(parameter.hint)}"
                    + (f". {parameter.help}" if parameter.help else ""),
                    "text" if parameter.required else "muted",
                )
            )
        if operation.description.partition("\n")[2].strip():
            lines += [Paragraph(""), Paragraph(operation.description.partition("\n")[2].strip(),
                                              "muted")]  # fmt: skip
        self.lines.show(lines)
        self.show_title(operation.id, operation.effect)


def _node(operation: Operation) -> Node:
    mark, role = EFFECT_MARKS[operation.effect]
    name = operation.id.partition(".")[2]
    return Node(operation.id, name, detail=operation.title, mark=mark, role=role)
