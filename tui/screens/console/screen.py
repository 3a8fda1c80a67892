"""The console: any documented operation, from a form, with its request and its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.commands import Command
from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.console.answer import AnswerView, answer_bytes, answer_text, prepared
from tui.screens.console.operations_pane import AboutPane, OperationsPane
from tui.widgets.outline_model import Node
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.operations.operations import Operation


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
        self.operations = OperationsPane(workspace)
        self.about = AboutPane(workspace)
        self.answers = AnswerView(workspace, id="answers")
        self._operation: Operation | None = None
        self._texts: dict[str, str] = {}
        self._record: dict[str, str] = {}
        self._called: tuple[Operation, dict[str, str]] | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The list, and beside it the operation and its answer."""
        with Horizontal(classes="body"):
            yield self.operations
            with Vertical(id="right"):
                yield self.about
                yield self.answers

    def begin(self) -> None:
        """List the operations, with the keys in them."""
        self.operations.outline.focus()
        super().begin()

    def reveal(self, key: str, kind: str = "") -> None:
        """Put the cursor on an operation. `kind` is what names a record, as `service=…&name=value`
        in the form of a URL: the operations of that service are filled from it.
        """
        self._record = dict(parse_qsl(kind))
        if self._operation is not None:
            self._texts = self._known(self._operation)
        self.operations.reveal(key)

    def _known(self, operation: Operation) -> dict[str, str]:
        """What of the record that the console was opened from an operation takes."""
        if self._record.get("service") != operation.service:
            return {}
        return {
            parameter.documented_name: self._record[parameter.name]
            for parameter in operation.parameters
            if parameter.name in self._record
        }

    def offer(self, command: Command) -> Command | None:
        """Enter does not call in an answer: there it opens what the cursor is on."""
        offered = super().offer(command)
        if offered is not None and command.name == "call" and self.answers.has_focus_within:
            return offered._replace(rank=0)
        return offered

    # -- choosing -----------------------------------------------------------------------------

    @on(OperationsPane.Chosen)
    def _chosen(self, message: OperationsPane.Chosen) -> None:
        self._choose(message.operation)

    def _choose(self, operation: Operation) -> None:
        if self._operation is not None and operation.id == self._operation.id:
            return
        self._operation = operation
        self._texts = self._known(operation)
        self.about.show_operation(operation)

    @on(OperationsPane.CallWanted)
    async def _call_wanted(self) -> None:
        await self.action_command("console.call")

    # -- calling ------------------------------------------------------------------------------

    async def command_call(self) -> None:
        """Fill the form that the signature gives, see the request, send it."""
        if self._operation is not None:
            await self._fill(self._operation, self._texts)

    async def _fill(self, operation: Operation, texts: Mapping[str, str]) -> None:
        from tui.screens.parameters import form_fields, texts_of
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

        # A call that is filled again has a draft of its own.
        again = sha256(repr(sorted(texts.items())).encode()).hexdigest()[:12] if texts else ""
        filled = await self.ask_form(
            f"console.{operation.id}{again and '.'}{again}",
            operation.title,
            form_fields(operation, texts, self.workspace.zone),
            submit,
            save="See the request",
        )
        if filled:
            await self._send(operation, self._texts)

    async def _send(self, operation: Operation, texts: dict[str, str]) -> None:
        from tui.screens.console.preview import RequestPreview
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
        view = self.answers

        async def work() -> None:
            result = await operations.call(operation, arguments)
            # A large answer takes a while to be laid out: keys must not wait for it.
            view.show(await asyncio.to_thread(prepared, result, self.workspace.zone))
            self.call_after_refresh(view.focus_answer)

        view.forget(f"Answer of {operation.id.partition('.')[2]}")
        view.nodes_pane.load(f"Calling {operation.id}", work)

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
        view = self.answers
        if view.is_table or view.has_table:
            view.show_table(not view.is_table)
            view.focus_answer()
        else:
            self.flash("There are no rows to make a table of.", "warn")

    async def command_copy(self) -> None:
        """Copy the answer as JSON."""
        answer = self.answers.answer
        if answer is None:
            self.flash("There is no answer to copy yet.", "warn")
            return
        await self.copy(await asyncio.to_thread(answer_text, answer.result))

    async def command_copy_call(self) -> None:
        """Copy the `tockdeck call` line that does the same."""
        if self._operation is None:
            self.flash("Choose an operation first.", "warn")
            return
        from tui.screens import clipboard
        from tui.workspace.operations.console import call_line

        line = call_line(self._operation, self._texts)
        said = await clipboard.copy(self.app, line, self.workspace.locations.state)
        self.flash(f"{said} {line}")

    async def command_save(self) -> None:
        """Write the answer to a file; one that is there is not overwritten unasked."""
        answer = self.answers.answer
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

    def command_back(self) -> None:
        """To the operations."""
        self.operations.outline.focus()
