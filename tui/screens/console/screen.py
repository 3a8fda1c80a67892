"""The console: any documented operation, from a form, with its request and its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.console.answer import AnswerView, answer_bytes, answer_text, prepared
from tui.widgets.filterline import FilterLine
from tui.widgets.lines import Paragraph, ScrollingLines
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.palette import Role
from tui.widgets.panel import Panel
from tui.workspace.problems import SERVICE_TITLES
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.operations.operations import Operation

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
    ConsoleScreen #operations { width: 42; margin-right: 1; }
    ConsoleScreen.-narrow #operations { width: 28; }
    ConsoleScreen #right { width: 1fr; }
    ConsoleScreen #about { height: 2fr; max-height: 16; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._all: list[Operation] = []
        self._operation: Operation | None = None
        self._texts: dict[str, str] = {}
        self._called: tuple[Operation, dict[str, str]] | None = None
        self._wanted = ""

    def compose_body(self) -> Iterable[Widget]:
        """The list, and beside it the operation and its answer."""
        with Horizontal(classes="body"):
            with Vertical(id="operations"):
                yield Panel(Outline(id="list", empty="No operation."), "Operations", id="all")
                yield FilterLine(id="filter")
            with Vertical(id="right"):
                about = ScrollingLines(id="about-lines", empty="Choose an operation.")
                yield Panel(about, "Operation", id="about")
                yield AnswerView(id="answers")

    def begin(self) -> None:
        """Import the clients away from the keys, then list what they can do."""
        self.query_one("#list", Outline).focus()
        self.load(self.query_one("#all", Panel), "Reading the operations", self._list)

    def reveal(self, key: str) -> None:
        """Put the cursor on an operation."""
        self._wanted = key
        if self._all:
            self._put_cursor()

    async def _list(self) -> None:
        self._all = await asyncio.to_thread(lambda: self.workspace.operations.all())
        self._show_operations("")
        self._put_cursor()

    def _show_operations(self, pattern: str) -> None:
        """The operations that hold every word of the pattern, by service."""
        found = self.workspace.operations.matching(pattern) if pattern.strip() else self._all
        services = groupby(found, key=lambda one: one.service)
        # Another key for a service while finding, so that its fold is not remembered.
        mark = "?" if pattern.strip() else ""
        nodes = [
            Node(f"{service}{mark}", SERVICE_TITLES[service], children=[_node(m) for m in members],
                 badge=str(len(members)), open=bool(mark))
            for service, grouped in services
            if (members := list(grouped))
        ]  # fmt: skip
        outline = self.query_one("#list", Outline)
        outline.set_nodes(nodes)
        if mark and found:
            # The first that was found, not its service and not what the cursor was on before;
            # one that is called like the last word stands over those that only hold it.
            last = f".{pattern.split()[-1].lower()}"
            named = next((one for one in found if one.id.lower().endswith(last)), found[0])
            outline.move_to_key(named.id)
        count = len(found)
        whole = len(self._all)
        self.query_one("#all", Panel).show_note(f"{count} of {whole}" if mark else f"{whole}")

    def _put_cursor(self) -> None:
        outline = self.query_one("#list", Outline)
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.set_focus(outline)
        if wanted and not outline.reveal(wanted):
            # A filter hides it.
            self.query_one("#filter", FilterLine).value = ""
            self.query_one("#filter", FilterLine).display = False
            self._show_operations("")
            outline.reveal(wanted)

    # -- choosing -----------------------------------------------------------------------------

    @on(Outline.Highlighted, "#list")
    def _highlighted(self, message: Outline.Highlighted) -> None:
        if "." in message.key:
            self._choose(self.workspace.operations.find(message.key))

    def _choose(self, operation: Operation) -> None:
        from tui.workspace.operations.arguments import type_text

        if self._operation is not None and operation.id == self._operation.id:
            return
        self._operation = operation
        self._texts = {}
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
        self.query_one("#about-lines", ScrollingLines).show(lines)
        self.query_one("#about", Panel).show_title(operation.id, operation.effect)

    @on(Outline.Selected, "#list")
    async def _selected(self, message: Outline.Selected) -> None:
        message.stop()
        if "." in message.key:
            await self.action_command("console.call")
        else:
            self.query_one("#list", Outline).action_toggle_fold()

    @on(Outline.Selected, "#nodes")
    async def _value_selected(self, message: Outline.Selected) -> None:
        message.stop()
        outline = self.query_one("#nodes", Outline)
        if message.node.can_open:
            outline.action_toggle_fold()
        else:
            from tui.widgets.viewer import Viewer

            self.app.push_screen(Viewer(message.node.label, message.node.detail))

    # -- calling ------------------------------------------------------------------------------

    async def command_call(self) -> None:
        """Fill the form that the signature gives, see the request, send it."""
        if self._operation is not None:
            await self._fill(self._operation, self._texts)

    async def _fill(self, operation: Operation, texts: Mapping[str, str]) -> None:
        from tui.screens.console.form import form_fields, texts_of
        from tui.workspace.operations.console import arguments_of

        if not operation.parameters:
            await self._send(operation, {})
            return

        async def submit(values: Mapping[str, Any]) -> str:
            typed = texts_of(values)
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
        from tui.screens.console.form import RequestPreview
        from tui.workspace.operations.console import arguments_of, call_line

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
        self._called = operation, texts
        view = self.query_one(AnswerView)

        async def work() -> None:
            result = await operations.call(operation, arguments)
            # A large answer takes a while to be laid out: keys must not wait for it.
            view.show(await asyncio.to_thread(prepared, result))
            self.call_after_refresh(view.focus_answer)

        view.forget(f"Answer of {operation.id.partition('.')[2]}")
        self.load(view.panel, f"Calling {operation.id}", work)

    def _refused(self, operation: Operation) -> str:
        if operation.effect != "read" and self.workspace.settings.deck.read_only:
            return f"{operation.id} changes something: the deck is read-only."
        return ""

    async def command_again(self) -> None:
        """The latest call once more, its form filled as it was."""
        if self._called is None:
            self.flash("Nothing was called yet.", "warn")
            return
        operation, texts = self._called
        self.reveal(operation.id)
        self._choose(operation)
        await self._fill(operation, texts)

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

    def command_view(self) -> None:
        """The answer as a tree or as a table."""
        view = self.query_one(AnswerView)
        if view.is_table or view.has_table:
            view.show_table(not view.is_table)
            view.focus_answer()
        else:
            self.flash("There are no rows to make a table of.", "warn")

    async def command_copy(self) -> None:
        """Copy the answer as JSON."""
        answer = self.query_one(AnswerView).answer
        if answer is None:
            self.flash("There is no answer to copy yet.", "warn")
            return
        from tui.screens import clipboard

        text = await asyncio.to_thread(answer_text, answer.result)
        self.flash(await clipboard.copy(self.app, text))

    async def command_copy_call(self) -> None:
        """Copy the `tockdeck call` line that does the same."""
        if self._operation is None:
            self.flash("Choose an operation first.", "warn")
            return
        from tui.screens import clipboard
        from tui.workspace.operations.console import call_line

        line = call_line(self._operation, self._texts)
        self.flash(f"{await clipboard.copy(self.app, line)} {line}")

    async def command_save(self) -> None:
        """Write the answer to a file; one that is there is not overwritten unasked."""
        answer = self.query_one(AnswerView).answer
        if answer is None:
            self.flash("There is no answer to save yet.", "warn")
            return
        from tui.screens.saving import save_as
        from tui.workspace.saved_files import proposed_name

        result = answer.result
        kind = "bin" if isinstance(result, bytes) else "txt" if isinstance(result, str) else "json"
        name = self._called[0].id if self._called else "answer"
        await save_as(self, "Save the answer", proposed_name(name, ending=kind),
                      lambda: answer_bytes(result))  # fmt: skip

    # -- finding and going back ---------------------------------------------------------------

    def command_filter(self) -> None:
        """Narrow the operations, or the answer, by typing."""
        view = self.query_one(AnswerView)
        if view.has_focus_within and view.answer is not None:
            view.open_filter()
        else:
            self.query_one("#filter", FilterLine).open()

    @on(FilterLine.Edited, "#filter")
    def _filter_edited(self, message: FilterLine.Edited) -> None:
        self._show_operations(message.text)

    @on(FilterLine.Left, "#filter")
    def _filter_left(self) -> None:
        self.set_focus(self.query_one("#list", Outline))

    async def command_back(self) -> None:
        """To the operations; from there to the screen that the console was opened from."""
        line = self.query_one("#filter", FilterLine)
        if not self.query_one("#operations", Vertical).has_focus_within:
            self.set_focus(self.query_one("#list", Outline))
        elif line.value:
            line.action_take_back()
        else:
            await self.go_back()


def _node(operation: Operation) -> Node:
    mark, role = EFFECT_MARKS[operation.effect]
    name = operation.id.partition(".")[2]
    return Node(operation.id, name, detail=operation.title, mark=mark, role=role)
