"""The console: any documented operation, from a form, with its request and its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.widgets.filterline import FilterLine
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Column, ListSource
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.palette import Role
from tui.widgets.panel import Panel
from tui.workspace.problems import SERVICE_TITLES
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.operations import Operation

EFFECT_MARKS: dict[str, tuple[str, Role]] = {
    "read": ("", "text"),
    "write": ("✎", "text"),
    "destructive": ("!", "bad"),
}


class ConsoleScreen(DeckScreen):
    """Operations at the left; what one takes, its request and its answer at the right."""

    SCOPE = "console"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("console")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    DEFAULT_CSS = """
    ConsoleScreen #operations { width: 42; }
    ConsoleScreen.-narrow #operations { width: 30; }
    ConsoleScreen #right { width: 1fr; }
    ConsoleScreen #about { height: 2fr; max-height: 14; }
    ConsoleScreen #answer { height: 3fr; }
    ConsoleScreen #rows { display: none; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._operation: Operation | None = None
        self._texts: dict[str, str] = {}
        self._result: Any = None
        self._wanted = ""
        self._as_table = False

    def compose_body(self) -> Iterable[Widget]:
        """The list, and beside it the operation and its answer."""
        with Horizontal(classes="body"):
            with Vertical(id="operations"):
                yield Panel(Outline(id="list", empty="No operation."), "Operations", id="all")
                yield FilterLine(id="filter")
            with Vertical(id="right"):
                yield Panel(Lines(id="about-lines"), "Operation", id="about")
                with Vertical(id="answers"):
                    yield Panel(Outline(id="nodes", empty="No answer yet."), "Answer", id="answer")
                    yield Panel(Grid(id="rows-grid", empty="No rows."), "Answer", id="rows")

    def begin(self) -> None:
        """Import the clients away from the keys, then list what they can do."""
        self.query_one("#list", Outline).focus()
        self.load(self.query_one("#all", Panel), "Reading the operations", self._list)

    def reveal(self, key: str) -> None:
        """Put the cursor on an operation."""
        self._wanted = key
        if self.query_one("#list", Outline).row_count:
            self._put_cursor()

    async def _list(self) -> None:
        operations = await asyncio.to_thread(lambda: self.workspace.operations.all())
        services = groupby(operations, key=lambda one: one.service)
        nodes = [
            Node(service, SERVICE_TITLES[service], children=[_node(one) for one in members],
                 badge=str(len(members)), open=False)
            for service, grouped in services
            if (members := list(grouped))
        ]  # fmt: skip
        self.query_one("#list", Outline).set_nodes(nodes)
        self.query_one("#all", Panel).show_note(f"{len(operations)}")
        self._put_cursor()

    def _put_cursor(self) -> None:
        outline = self.query_one("#list", Outline)
        wanted, self._wanted = self._wanted, ""
        if wanted and not outline.move_to_key(wanted):
            # Its service is folded: open that first.
            outline.move_to_key(wanted.partition(".")[0])
            outline.action_unfold()
            outline.move_to_key(wanted)

    # -- choosing -----------------------------------------------------------------------------

    @on(Outline.Highlighted, "#list")
    def _highlighted(self, message: Outline.Highlighted) -> None:
        if "." in message.key:
            self._choose(self.workspace.operations.find(message.key))

    def _choose(self, operation: Operation) -> None:
        from tui.workspace.arguments import type_text

        if self._operation is not None and operation.id == self._operation.id:
            return
        self._operation = operation
        self._texts = {}
        head = f"{operation.id}  ·  {operation.effect}"
        lines = [Paragraph(head, "title"), Paragraph(f"{operation.title}.")]
        for parameter in operation.parameters:
            mark = "*" if parameter.required else " "
            lines.append(
                Paragraph(
                    f"{mark} {parameter.documented_name}: {type_text(parameter.hint)}"
                    + (f". {parameter.help}" if parameter.help else ""),
                    "text" if parameter.required else "muted",
                )
            )
        self.query_one("#about-lines", Lines).show(lines)

    @on(Outline.Selected, "#list")
    async def _selected(self, message: Outline.Selected) -> None:
        message.stop()
        if "." in message.key:
            await self.action_command("console.call")
        else:
            self.query_one("#list", Outline).action_toggle_fold()

    # -- calling ------------------------------------------------------------------------------

    async def command_call(self) -> None:
        """Fill the form that the signature gives, see the request, send it."""
        if self._operation is not None:
            await self._fill(self._operation, {})

    async def _fill(self, operation: Operation, texts: Mapping[str, str]) -> None:
        from tui.screens.console_form import form_fields
        from tui.workspace.console import arguments_of

        if not operation.parameters:
            await self._send(operation, {})
            return

        async def submit(values: Mapping[str, Any]) -> str:
            typed = {name: str(value) for name, value in values.items() if value not in (None, "")}
            # What the client itself refuses is said in the form, before anything is sent.
            await self.workspace.operations.preview(
                operation, arguments_of(operation, typed, self.workspace.zone)
            )
            self._texts = typed
            return ""

        filled = await self.ask_form(
            f"console.{operation.id}",
            operation.title,
            form_fields(operation, texts, self.workspace.zone),
            submit,
            save="See the request",
        )
        if filled:
            await self._send(operation, self._texts)

    async def _send(self, operation: Operation, texts: dict[str, str]) -> None:
        from tui.screens.console_form import RequestPreview
        from tui.workspace.console import arguments_of, call_line

        arguments = arguments_of(operation, texts, self.workspace.zone)
        operations = self.workspace.operations
        request = await operations.preview(operation, arguments)
        sure = await self.ask(RequestPreview(operation, request, call_line(operation, texts)))
        if not sure:
            self.flash("Nothing was sent.")
            return
        why_not = self._refused(operation)
        if why_not:
            self.flash(why_not, "warn")
            return
        await self.workspace.console_history.add(operation, texts)

        async def work() -> None:
            self._result = await operations.call(operation, arguments)
            self._show_answer(operation)

        self._show_table(False)
        self.load(self.query_one("#answer", Panel), f"Calling {operation.id}", work)

    def _refused(self, operation: Operation) -> str:
        if operation.effect != "read" and self.workspace.settings.deck.read_only:
            return f"{operation.id} changes something: the deck is read-only."
        return ""

    async def command_again(self) -> None:
        """Call the same operation with the same arguments again."""
        if self._operation is not None:
            await self._fill(self._operation, self._texts)

    async def command_history(self) -> None:
        """Choose an earlier call and fill its form again."""
        from tui.widgets.dialogs import Choice
        from tui.workspace.times import moment_text

        calls = await self.workspace.console_history.calls()
        nodes = [
            Node(
                str(place),
                one.id,
                detail=" ".join(f"{name}={text}" for name, text in one.texts.items()),
                badge=moment_text(one.time, self.workspace.zone),
            )
            for place, one in reversed(list(enumerate(calls)))
        ]
        chosen = await self.ask(Choice("Earlier calls", nodes, empty="No call was made yet."))
        if chosen is None:
            return
        past = calls[int(chosen)]
        operation = self.workspace.operations.find(past.id)
        self.reveal(past.id)
        self._choose(operation)
        await self._fill(operation, past.texts)

    # -- the answer ---------------------------------------------------------------------------

    def _show_answer(self, operation: Operation) -> None:
        from tui.screens.console_form import answer_nodes, answer_rows

        nodes = answer_nodes(self._result)
        self.query_one("#nodes", Outline).set_nodes(nodes)
        panel = self.query_one("#answer", Panel)
        panel.show_title(f"Answer of {operation.id}")
        names, rows = answer_rows(self._result)
        grid = self.query_one("#rows-grid", Grid)
        grid.set_columns([Column(name, name) for name in names])
        grid.set_source(ListSource(rows))
        panel.show_note(f"{len(rows):,} rows · t table" if len(rows) > 1 else "")
        self.query_one("#rows", Panel).show_title(
            f"Answer of {operation.id}", f"{len(rows):,} rows · t tree"
        )
        self.query_one("#nodes", Outline).focus()

    def command_view(self) -> None:
        """The answer as a tree or as a table."""
        self._show_table(not self._as_table)

    def _show_table(self, table: bool) -> None:
        self._as_table = table
        self.query_one("#answer", Panel).display = not table
        self.query_one("#rows", Panel).display = table
        if self._result is not None:
            self.query_one("#rows-grid" if table else "#nodes", Widget).focus()

    async def command_copy(self) -> None:
        """Copy the answer as JSON."""
        if self._result is None:
            self.flash("There is no answer to copy yet.", "warn")
            return
        from tui.screens.clipboard import copy
        from tui.screens.console_form import answer_text

        self.flash(await copy(self.app, answer_text(self._result)))

    async def command_copy_call(self) -> None:
        """Copy the `tockdeck call` line that does the same."""
        if self._operation is None:
            return
        from tui.screens.clipboard import copy
        from tui.workspace.console import call_line

        line = call_line(self._operation, self._texts)
        self.flash(f"{await copy(self.app, line)} {line}")

    async def command_save(self) -> None:
        """Write the answer to a file; one that is there is not overwritten unasked."""
        if self._result is None:
            self.flash("There is no answer to save yet.", "warn")
            return
        from tui.screens.console_form import answer_bytes
        from tui.widgets.dialogs import Confirm, TextPrompt

        ending = "bin" if isinstance(self._result, bytes) else "json"
        name = f"{self._operation.id if self._operation else 'answer'}.{ending}"
        typed = await self.ask(TextPrompt("Save the answer", value=name, label="File"))
        if not typed:
            return
        path = await asyncio.to_thread(lambda: Path(typed).expanduser())
        if await asyncio.to_thread(path.exists) and not await self.ask(
            Confirm("Save the answer", f"Overwrite {path}?", loses="What is in it now goes.")
        ):
            return
        await asyncio.to_thread(path.write_bytes, answer_bytes(self._result))
        self.flash(f"Saved {path}.", "good")

    # -- filter -------------------------------------------------------------------------------

    def command_filter(self) -> None:
        """Narrow the operations, or the answer, by typing."""
        self.query_one("#filter", FilterLine).open()

    @on(FilterLine.Edited, "#filter")
    def _filter_edited(self, message: FilterLine.Edited) -> None:
        target = "#nodes" if self._result is not None and self._answer_has_focus else "#list"
        self.query_one(target, Outline).set_filter(message.text)

    @property
    def _answer_has_focus(self) -> bool:
        return self.query_one("#answer", Panel).has_focus_within

    @on(FilterLine.Left, "#filter")
    def _filter_left(self) -> None:
        self.query_one("#list", Outline).focus()


def _node(operation: Operation) -> Node:
    mark, role = EFFECT_MARKS[operation.effect]
    name = operation.id.partition(".")[2]
    return Node(operation.id, name, detail=operation.title, mark=mark, role=role)
