"""A widget document from a file or an address: a form, a list of entries, or a tree of JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from tui.commands import Command
from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.widget.document_panes import DocumentPane, EntriesPane, FindingsPane, TreePane
from tui.screens.widget.reading import Reading
from tui.spoken_keys import key_for
from tui.workspace.workspace import Workspace


class WidgetScreen(DeckScreen):
    """One document, and below it what is odd about it."""

    SCOPE = "widget"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("widget")

    DEFAULT_CSS = """
    WidgetScreen #findings { height: auto; max-height: 30%; }
    WidgetScreen #oddities { height: auto; max-height: 8; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.nodes_pane = TreePane(workspace)
        self.entries = EntriesPane(workspace)
        self.findings = FindingsPane(workspace)
        self._source = ""
        self._begun = False
        self._reading: Reading | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The document as a list or as a tree, and its oddities."""
        with Vertical(classes="body"):
            yield self.nodes_pane
            self.entries.display = False
            yield self.entries
            yield self.findings

    def begin(self) -> None:
        """Read what the screen was opened for."""
        self._begun = True
        self.nodes_pane.outline.focus()
        if self._source:
            self._load()
        else:
            self.nodes_pane.show_empty(
                "No document yet.",
                f"{key_for('widget.other')} reads one from a file or an address.",
            )

    def reveal(self, key: str, kind: str = "") -> None:
        """Read another document: a path or an address."""
        del kind
        self._source = key
        if self._begun:
            self._load()

    def offer(self, command: Command) -> Command | None:
        """In the footer only what this document can do; the others say why not."""
        offered, reading = super().offer(command), self._reading
        able = {
            "fill": reading is not None and bool(reading.questions),
            "draft": reading is not None and bool(reading.questions),
            "choose": reading is not None and reading.document.type == "catalogbooks",
        }
        if offered is None or able.get(command.name, True):
            return offered
        return offered._replace(rank=0)

    # -- reading ------------------------------------------------------------------------------

    def _load(self) -> None:
        self._show_reading(None)
        self.findings.show_findings(None)
        self.nodes_pane.load(f"Reading {self._source}", self._read)

    async def _read(self) -> None:
        from tui.workspace.widget.documents import load

        document = await load(self._source, self.workspace.settings.network)
        self._show_reading(Reading(document))
        self.findings.show_findings(document)

    def _show_reading(self, reading: Reading | None) -> None:
        self._reading = reading
        self._show_again()
        self._place_focus()

    def _show_again(self) -> None:
        for pane in (self.nodes_pane, self.entries):
            pane.show_reading(self._reading)
        self.refresh_hints()

    def _place_focus(self) -> None:
        table = self._reading is not None and self._reading.is_table
        shown: DocumentPane = self.entries if table else self.nodes_pane
        other: DocumentPane = self.nodes_pane if table else self.entries
        # The one that takes the focus is shown first: a hidden widget cannot have it.
        shown.display = True
        self.set_focus(shown.content)
        other.display = False

    # -- commands about the document ----------------------------------------------------------

    async def command_other(self) -> None:
        """Read another document."""
        from tui.widgets.dialogs import TextPrompt

        typed = await self.ask(
            TextPrompt("Widget document", value=self._source, label="File, or http(s) address")
        )
        if typed and typed.strip():
            self.reveal(typed.strip())

    def command_reload(self) -> None:
        """Read the same document again."""
        if self._source:
            self._load()

    @on(TreePane.FillWanted)
    async def _fill_wanted(self) -> None:
        await self.action_command("widget.fill")

    async def command_fill(self) -> None:
        """Fill the form in; what is typed is kept as a draft."""
        from tui.screens.widget.rows import form_fields, texts_of
        from tui.workspace.widget.answers import read_answers

        reading = self._reading
        if reading is None or not reading.questions:
            self.flash("Only a CustomForm widget is filled in.", "warn")
            return
        zone = self.workspace.zone

        async def submit(values: Mapping[str, Any]) -> str:
            reading.answers, _ = read_answers(reading.document, texts_of(values), zone)
            return (
                f"Filled in; nothing was sent. {key_for('widget.save')} saves the "
                f"answers, {key_for('widget.draft')} writes a mail draft."
            )

        filled = await self.ask_form(
            f"widget.{sha256(self._source.encode('utf-8', 'replace')).hexdigest()[:12]}",
            reading.document.title,
            form_fields(reading.questions, reading.answers, zone),
            submit,
            save="Keep the answers",
        )
        if filled:
            self._show_again()

    async def command_save(self) -> None:
        """Write the answers, or the document as it was read, as JSON."""
        from tui.screens.saving import save_as
        from tui.workspace.operations.operations import to_json
        from tui.workspace.saved_files import proposed_name
        from tui.workspace.widget.answers import as_json

        reading = self._reading
        if reading is None:
            self.flash("There is no document to save.", "warn")
            return
        document, answers = reading.document, reading.answers
        if reading.questions:
            name = proposed_name(document.title, "answers", ending="json")
            await save_as(self, "Save the answers", name, lambda: as_json(document, answers))
        else:
            name = proposed_name(document.type, document.id, ending="json")
            await save_as(
                self, "Save the document", name, lambda: to_json(document.raw, indent=2) + b"\n"
            )

    async def command_draft(self) -> None:
        """Write the answers as a mail that is not sent."""
        from tui.screens.saving import save_as
        from tui.workspace.saved_files import proposed_name
        from tui.workspace.widget.answers import mail_draft

        reading = self._reading
        if reading is None or not reading.questions:
            self.flash("Only a CustomForm widget becomes a mail.", "warn")
            return
        document, answers = reading.document, reading.answers
        name = proposed_name(document.title, ending="eml")
        await save_as(self, "Mail draft", name, lambda: mail_draft(document, answers))

    async def command_choose(self) -> None:
        """Only the books that a choice of the menu finds."""
        from tui.widgets.dialogs import Choice
        from tui.widgets.outline_model import Node
        from tui.workspace.widget.documents import menu_of

        reading = self._reading
        menu = menu_of(reading.document) if reading is not None else []
        if reading is None or not menu:
            self.flash("Only a bookstore has a menu.", "warn")
            return
        nodes = [Node("", "All books"), *(
            Node(one.key, one.title, badge=f"{one.books:,}", role="text" if one.books else "muted")
            for one in menu
        )]  # fmt: skip
        chosen = await self.ask(Choice("Books", nodes, current=reading.choice))
        if chosen is not None:
            reading.choice = chosen
            self._show_again()

    def command_view(self) -> None:
        """The entries or the questions, or all of the document as JSON."""
        if self._reading is None:
            return
        self._reading.as_json = not self._reading.as_json
        self._show_again()
        self._place_focus()

    async def command_back(self) -> None:
        """To the screen that this one was opened from."""
        await self.go_back()
