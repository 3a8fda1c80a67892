"""A widget document from a file or an address: a form, a list of entries, or a tree of JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.widgets.filterline import FilterLine
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource
from tui.widgets.keybar import KeyHint
from tui.widgets.outline import Outline
from tui.widgets.panel import Panel
from tui.widgets.viewer import Viewer
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.widget.answers import Answers, Question
    from tui.workspace.widget.documents import Entry, Listing, WidgetDocument


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
        self._source = ""
        self._begun = False
        self._document: WidgetDocument | None = None
        self._listing: Listing | None = None
        self._shown: list[Entry] = []
        self._questions: list[Question] = []
        self._answers: Answers = {}
        self._choice = ""
        self._as_json = False

    def compose_body(self) -> Iterable[Widget]:
        """The document as a list or as a tree, and its oddities."""
        with Vertical(classes="body"):
            yield Panel(Outline(id="tree", empty="Nothing in it."), "Widget document", id="one")
            entries = Panel(Grid(id="grid", empty="No entry."), "Widget document", id="entries")
            entries.display = False
            yield entries
            yield FilterLine(id="filter")
            findings = Panel(Outline(id="oddities"), "Odd about it", id="findings")
            findings.display = False
            yield findings

    def hints(self) -> list[KeyHint]:
        """Only what this document can do."""
        absent = set() if self._questions else {"widget.fill", "widget.draft"}
        if self._document is None or self._document.type != "catalogbooks":
            absent.add("widget.choose")
        return [hint for hint in super().hints() if hint.id not in absent]

    def begin(self) -> None:
        """Read what the screen was opened for."""
        self._begun = True
        self.query_one("#tree", Outline).focus()
        if self._source:
            self._load()
        else:
            self.query_one("#one", Panel).show_empty(
                "No document yet.", "o reads one from a file or an address."
            )

    def reveal(self, key: str) -> None:
        """Read another document: a path or an address."""
        self._source = key
        if self._begun:
            self._load()

    # -- reading ------------------------------------------------------------------------------

    def _load(self) -> None:
        self._document, self._listing, self._questions = None, None, []
        self._as_json = False
        self._place_focus()
        self.query_one("#findings", Panel).display = False
        self.load(self.query_one("#one", Panel), f"Reading {self._source}", self._read)

    async def _read(self) -> None:
        from tui.workspace.widget.documents import listing_of, load

        document = await load(self._source, self.workspace.settings.network)
        self._document, self._listing = document, listing_of(document)
        self._answers, self._choice = {}, ""
        self._show_document(document)
        self._show_findings(document)
        self.refresh_hints()

    def _show_document(self, document: WidgetDocument) -> None:
        from tui.screens.widget.rows import columns_of
        from tui.workspace.widget.answers import questions
        from tui.workspace.widget.documents import CustomForm

        note = document.kind.heading if document.kind else "kept as JSON"
        if isinstance(document.data, CustomForm):
            self._questions = questions(document)
            note = f"goes to {document.data.email.address or 'nobody'}"
        note = " · ".join(filter(None, (document.type or "no type", document.id, note)))
        for name in ("#one", "#entries"):
            self.query_one(name, Panel).show_title(document.title, note)
        self._show_nodes()
        if self._listing is not None:
            grid = self.query_one("#grid", Grid)
            grid.set_columns(columns_of(self._listing.columns))
            self._show_entries()
        # After the panel has said that it is loaded, and given the focus back.
        self.call_after_refresh(self._place_focus)

    def _show_nodes(self) -> None:
        from tui.screens.widget.rows import question_nodes
        from tui.widgets.json_nodes import json_nodes

        document = self._document
        if document is None:
            return
        if self._is_form:
            nodes = question_nodes(self._questions, self._answers)
        else:
            typed = document.data is not None and isinstance(document.raw, dict)
            nodes = json_nodes(document.raw["data"] if typed else document.raw)
        self.query_one("#tree", Outline).set_nodes(nodes)

    @property
    def _is_form(self) -> bool:
        """Whether the questions of a form are shown."""
        return bool(self._questions) and not self._as_json

    @property
    def _is_table(self) -> bool:
        """Whether entries are shown."""
        return self._listing is not None and not self._as_json

    def _show_entries(self) -> None:
        from tui.screens.widget.rows import entry_rows

        listing = self._listing
        if listing is None:
            return
        text = self.query_one("#filter", FilterLine).value
        self._shown = listing.matching(text, self._choice)
        rows = entry_rows(listing.columns, self._shown)
        keys = [str(listing.entries.index(one)) for one in self._shown]
        self.query_one("#grid", Grid).set_source(ListSource(rows, keys))
        count, whole = len(self._shown), len(listing.entries)
        title = self._document.title if self._document else ""
        shown = f"{count:,} of {whole:,}" if count != whole else f"{whole:,}"
        note = f"{self._choice} · {shown}" if self._choice else shown
        self.query_one("#entries", Panel).show_title(title, note)

    def _show_findings(self, document: WidgetDocument) -> None:
        from tui.screens.widget.rows import finding_nodes
        from tui.workspace.widget.documents import check

        findings = check(document)
        panel = self.query_one("#findings", Panel)
        panel.display = bool(findings)
        outline = self.query_one("#oddities", Outline)
        outline.set_nodes(finding_nodes(findings))
        outline.styles.height = max(1, min(len(findings), 8))
        wrong = sum(one.weight == "wrong" for one in findings)
        panel.show_note(f"{wrong} wrong, {len(findings) - wrong} odd")

    def _place_focus(self) -> None:
        shown = self.query_one("#entries" if self._is_table else "#one", Panel)
        other = self.query_one("#one" if self._is_table else "#entries", Panel)
        # The one that takes the focus is shown first: a hidden widget cannot have it.
        shown.display = True
        self.set_focus(shown.content)
        other.display = False

    # -- commands -----------------------------------------------------------------------------

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

    async def command_open(self) -> None:
        """The whole entry, or the form."""
        if self._is_form:
            await self.command_fill()
            return
        entry = self._entry()
        if entry is not None:
            from tui.workspace.operations.operations import plain_result

            await self.ask(Viewer(entry.values[0] or "Entry", plain_result(entry.record)))
            return
        outline = self.query_one("#tree", Outline)
        node = outline.node
        if node is not None and node.can_open:
            outline.action_toggle_fold()
        elif node is not None:
            await self.ask(Viewer(node.label, node.detail or node.label))

    @on(Outline.Selected, "#tree")
    @on(Grid.Selected, "#grid")
    async def _selected(self, message: Outline.Selected | Grid.Selected) -> None:
        message.stop()
        await self.action_command("widget.open")

    @on(Outline.Selected, "#oddities")
    def _finding_selected(self, message: Outline.Selected) -> None:
        message.stop()
        self.app.push_screen(Viewer(message.node.label, message.node.detail))

    def _entry(self) -> Entry | None:
        if not self._is_table or not self._shown:
            return None
        return self._shown[self.query_one("#grid", Grid).cursor_row]

    async def command_fill(self) -> None:
        """Fill the form in; what is typed is kept as a draft."""
        from tui.screens.widget.rows import form_fields, texts_of
        from tui.workspace.widget.answers import read_answers

        document = self._document
        if document is None or not self._questions:
            self.flash("Only a CustomForm widget is filled in.", "warn")
            return
        zone = self.workspace.zone

        async def submit(values: Mapping[str, Any]) -> str:
            self._answers, _ = read_answers(document, texts_of(values), zone)
            return "Filled in; nothing was sent. w saves the answers, m writes a mail draft."

        filled = await self.ask_form(
            f"widget.{sha256(self._source.encode('utf-8', 'replace')).hexdigest()[:12]}",
            document.title,
            form_fields(self._questions, self._answers, zone),
            submit,
            save="Keep the answers",
        )
        if filled:
            self._show_nodes()

    async def command_save(self) -> None:
        """Write the answers, or the document as it was read, as JSON."""
        from tui.screens.saving import save_as
        from tui.workspace.operations.operations import to_json
        from tui.workspace.saved_files import proposed_name
        from tui.workspace.widget.answers import as_json

        document = self._document
        if document is None:
            self.flash("There is no document to save.", "warn")
        elif self._questions:
            name = proposed_name(document.title, "answers", ending="json")
            await save_as(self, "Save the answers", name, lambda: as_json(document, self._answers))
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

        document = self._document
        if document is None or not self._questions:
            self.flash("Only a CustomForm widget becomes a mail.", "warn")
            return
        name = proposed_name(document.title, ending="eml")
        await save_as(self, "Mail draft", name, lambda: mail_draft(document, self._answers))

    async def command_copy(self) -> None:
        """Copy an entry's address, a form's mailto: link, or a value."""
        from tui.screens.clipboard import copy
        from tui.workspace.widget.answers import mailto_link

        entry, node = self._entry(), self.query_one("#tree", Outline).node
        if entry is not None:
            text = entry.link
        elif self._document is not None and self._is_form:
            text = mailto_link(self._document, self._answers)
        else:
            text = "" if node is None else node.detail or node.label
        if not text:
            self.flash("It has nothing to copy.", "warn")
            return
        self.flash(await copy(self.app, text))

    @on(Viewer.CopyWanted)
    async def _copy_wanted(self, message: Viewer.CopyWanted) -> None:
        from tui.screens.clipboard import copy

        self.flash(await copy(self.app, message.text))

    async def command_choose(self) -> None:
        """Only the books that a choice of the menu finds."""
        from tui.widgets.dialogs import Choice
        from tui.widgets.outline_model import Node
        from tui.workspace.widget.documents import menu_of

        menu = menu_of(self._document) if self._document is not None else []
        if not menu:
            self.flash("Only a bookstore has a menu.", "warn")
            return
        nodes = [Node("", "All books"), *(
            Node(one.key, one.title, badge=f"{one.books:,}", role="text" if one.books else "muted")
            for one in menu
        )]  # fmt: skip
        chosen = await self.ask(Choice("Books", nodes, current=self._choice))
        if chosen is not None:
            self._choice = chosen
            self._show_entries()

    def command_view(self) -> None:
        """The entries or the questions, or all of the document as JSON."""
        if self._document is None:
            return
        self._as_json = not self._as_json
        self._show_nodes()
        self._place_focus()

    async def command_back(self) -> None:
        """To the screen that this one was opened from."""
        await self.go_back()

    # -- filter -------------------------------------------------------------------------------

    def command_filter(self) -> None:
        """Only what holds a text."""
        self.query_one("#filter", FilterLine).open()

    @on(FilterLine.Edited, "#filter")
    def _filter_edited(self, message: FilterLine.Edited) -> None:
        self.query_one("#tree", Outline).set_filter(message.text)
        self._show_entries()

    @on(FilterLine.Left, "#filter")
    def _filter_left(self) -> None:
        self.query_one("#grid" if self._is_table else "#tree", Widget).focus()
