"""A widget document as a tree, as a table of entries, and what is odd about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.message import Message

from tui.screens.pane import Pane
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource
from tui.widgets.outline import Outline
from tui.widgets.viewer import Viewer
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.screens.widget.reading import Reading
    from tui.workspace.widget.documents import Entry, WidgetDocument

TITLE = "Widget document"


class DocumentPane(Pane):
    """Shows a document in one way; `reading` is None until there is one."""

    SCOPE = "widget"
    KEYS: ClassVar[Mapping[str, str]] = {"open": "", "copy": "", "filter": ""}

    reading: Reading | None = None

    def show_reading(self, reading: Reading | None) -> None:
        """Show another document, or the same one after an answer or a choice."""
        self.reading = reading
        if reading is not None:
            self.show_title(reading.document.title, reading.note)

    async def command_filter(self) -> None:
        """Only what holds a text."""
        await self.open_filter()

    async def copy_or_say(self, text: str) -> None:
        """Copy a text, or say that there is none."""
        if text:
            await self.copy(text)
        else:
            self.flash("It has nothing to copy.", "warn")


class TreePane(DocumentPane):
    """The questions of a form with their answers, or the whole document as a tree of JSON."""

    class FillWanted(Message):
        """The form is to be filled in."""

    def __init__(self, workspace: Workspace) -> None:
        self.outline = Outline(id="tree", empty="Nothing in it.")
        super().__init__(workspace, self.outline, TITLE, id="one")

    def show_reading(self, reading: Reading | None) -> None:
        """Show its questions, or all of it."""
        from tui.screens.widget.rows import question_nodes
        from tui.widgets.json_nodes import json_nodes

        super().show_reading(reading)
        if reading is None:
            return
        document = reading.document
        if reading.is_form:
            nodes = question_nodes(reading.questions, reading.answers)
        else:
            typed = document.data is not None and isinstance(document.raw, dict)
            nodes = json_nodes(document.raw["data"] if typed else document.raw)
        self.outline.set_nodes(nodes)

    def show_filtered(self, text: str) -> None:
        """Show the lines that have the text."""
        self.outline.set_filter(text)

    @on(Outline.Selected)
    async def _selected(self, message: Outline.Selected) -> None:
        message.stop()
        await self.perform("open")

    async def command_open(self) -> None:
        """The form, or the value; what holds more is opened or closed."""
        node = self.outline.node
        if self.reading is not None and self.reading.is_form:
            self.post_message(self.FillWanted())
        elif node is not None and node.can_open:
            self.outline.action_toggle_fold()
        elif node is not None:
            await self.ask(Viewer(node.label, node.detail or node.label))

    async def command_copy(self) -> None:
        """Copy a form's mailto: link, or the value."""
        from tui.workspace.widget.answers import mailto_link

        node, reading = self.outline.node, self.reading
        if reading is not None and reading.is_form:
            await self.copy_or_say(mailto_link(reading.document, reading.answers))
        else:
            await self.copy_or_say("" if node is None else node.detail or node.label)


class EntriesPane(DocumentPane):
    """The entries of a list, one a row."""

    def __init__(self, workspace: Workspace) -> None:
        self.grid = Grid(id="grid", empty="No entry.")
        super().__init__(workspace, self.grid, TITLE, id="entries")
        self._shown: list[Entry] = []
        self._text = ""

    def show_reading(self, reading: Reading | None) -> None:
        """Show its entries in the columns that they have."""
        from tui.screens.widget.rows import columns_of

        new = reading is not self.reading
        super().show_reading(reading)
        if new and reading is not None and reading.listing is not None:
            self.grid.set_columns(columns_of(reading.listing.columns))
        self._show_entries()

    def show_filtered(self, text: str) -> None:
        """Show the entries that have the text."""
        self._text = text
        self._show_entries()

    def _show_entries(self) -> None:
        from tui.screens.widget.rows import entry_rows

        reading = self.reading
        if reading is None or reading.listing is None:
            self._shown = []
            return
        listing = reading.listing
        self._shown = reading.entries(self._text)
        rows = entry_rows(listing.columns, self._shown)
        keys = [str(listing.entries.index(one)) for one in self._shown]
        self.grid.set_source(ListSource(rows, keys))
        count, whole = len(self._shown), len(listing.entries)
        shown = f"{count:,} of {whole:,}" if count != whole else f"{whole:,}"
        note = f"{reading.choice} · {shown}" if reading.choice else shown
        self.show_title(reading.document.title, note)

    @property
    def _entry(self) -> Entry | None:
        return self._shown[self.grid.cursor_row] if self._shown else None

    @on(Grid.Selected)
    async def _selected(self, message: Grid.Selected) -> None:
        message.stop()
        await self.perform("open")

    async def command_open(self) -> None:
        """The whole entry."""
        from tui.workspace.operations.operations import plain_result

        entry = self._entry
        if entry is not None:
            await self.ask(Viewer(entry.values[0] or "Entry", plain_result(entry.record)))

    async def command_copy(self) -> None:
        """Copy the entry's address."""
        await self.copy_or_say(self._entry.link if self._entry is not None else "")


class FindingsPane(Pane):
    """What is odd about the document; hidden where nothing is."""

    SCOPE = "widget"
    KEYS: ClassVar[Mapping[str, str]] = {"open": "Read", "copy": ""}

    def __init__(self, workspace: Workspace) -> None:
        self.outline = Outline(id="oddities")
        super().__init__(workspace, self.outline, "Odd about it", id="findings")
        self.display = False

    def show_findings(self, document: WidgetDocument | None) -> None:
        """List what was found, as high as it is."""
        from tui.screens.widget.rows import finding_nodes
        from tui.workspace.widget.documents import check

        findings = check(document) if document is not None else []
        self.display = bool(findings)
        self.outline.set_nodes(finding_nodes(findings))
        self.outline.styles.height = max(1, min(len(findings), 8))
        wrong = sum(one.weight == "wrong" for one in findings)
        self.show_note(f"{wrong} wrong, {len(findings) - wrong} odd")

    @on(Outline.Selected)
    async def _selected(self, message: Outline.Selected) -> None:
        message.stop()
        await self.perform("open")

    async def command_open(self) -> None:
        """The whole finding."""
        node = self.outline.node
        if node is not None:
            await self.ask(Viewer(node.label, node.detail))

    async def command_copy(self) -> None:
        """Copy the finding."""
        node = self.outline.node
        if node is not None:
            await self.copy(f"{node.label}: {node.detail}")
