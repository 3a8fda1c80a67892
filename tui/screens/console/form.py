"""The console's form, and its view of a request before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from functools import partial
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.widgets.dialogs import Dialog
from tui.widgets.form_values import FieldKind, FormField
from tui.widgets.lines import Paragraph, ScrollingLines
from tui.workspace.operations.arguments import REQUIRED_ANYWAY, Kind, choices_of, kind_of, type_text
from tui.workspace.operations.console import is_secret, problem_with
from tui.workspace.operations.operations import Operation, Parameter, to_json

LONGEST_LABEL = 18
_WAYS: dict[Kind, str] = {
    "time": "today 14:00, 2026-08-21 14:00, +30m",
    "date": "today, 2026-08-21, +3d",
    "file": "path of a file",
    "map": "name:value, name:value or JSON",
    "json": "JSON",
}


def form_fields(operation: Operation, texts: Mapping[str, str], where: tzinfo) -> list[FormField]:
    """One field a parameter. What is typed is what `tockdeck call` takes as `name=value`."""
    return [_field(operation, parameter, texts, where) for parameter in operation.parameters]


def _field(
    operation: Operation, parameter: Parameter, texts: Mapping[str, str], where: tzinfo
) -> FormField:
    name, kind = parameter.documented_name, kind_of(parameter.hint)
    choices = ("true", "false") if kind == "boolean" else choices_of(parameter.hint)
    words = [parameter.help]
    if not parameter.required and parameter.default not in (None, "", (), []):
        words.append(f"Default {parameter.default}.")
    picked: FieldKind = "text"
    if is_secret(name):
        picked = "secret"
    elif choices:
        picked = "choices" if kind == "list" else "choice"
    return FormField(
        name,
        name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…",
        picked,
        required=parameter.required or REQUIRED_ANYWAY.get(operation.id) == parameter.name,
        help=" ".join(filter(None, words)) or type_text(parameter.hint),
        default=texts.get(name, ""),
        choices=[(one, one) for one in choices],
        placeholder=_placeholder(parameter),
        check=None if choices else partial(_problem, operation, name, where),
    )


def _placeholder(parameter: Parameter) -> str:
    kind, words = kind_of(parameter.hint), type_text(parameter.hint)
    return f"{words}, with commas between" if kind == "list" else _WAYS.get(kind, words)


def _problem(operation: Operation, name: str, where: tzinfo, value: object) -> str | None:
    return problem_with(operation, name, str(value), where)


def texts_of(values: Mapping[str, Any]) -> dict[str, str]:
    """A form's values as they would be typed; what was left empty is left out."""
    texts = {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in values.items()
        if value is not None
    }
    return {name: text for name, text in texts.items() if text}


class RequestPreview(Dialog[bool]):
    """The request as it will be sent, secrets hidden; a destructive one needs another key."""

    DEFAULT_CSS = """
    RequestPreview > #box { width: 100; height: 80%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "send", "Send", show=False),
        Binding("y", "sure", "Send", show=False),
    ]

    def __init__(self, operation: Operation, request: Mapping[str, Any], line: str) -> None:
        self._destructive = operation.effect == "destructive"
        key = "y" if self._destructive else "s"
        super().__init__(f"Request of {operation.id}", f"{key} sends it · esc keeps it here")
        self._request = request
        self._line = line

    def body(self) -> Iterable[Widget]:
        """Method, address, headers, body; and the same as a command line."""
        lines = [Paragraph(f"{self._request['method']} {self._request['url']}", "title")]
        for name, value in self._request["headers"].items():
            lines.append(Paragraph(f"{name}: {value}", "muted"))
        for part in ("form", "json", "body", "files"):
            if part in self._request:
                content = self._request[part]
                text = content if isinstance(content, str) else to_json(content, indent=2).decode()
                lines += [Paragraph(""), Paragraph(part, "muted")]
                lines += [
                    Paragraph(line.lstrip(), indent=len(line) - len(line.lstrip()))
                    for line in text.splitlines()
                ]
        if self._destructive:
            lines += [Paragraph(""), Paragraph("! This destroys something.", "warn")]
        lines += [Paragraph(""), Paragraph(self._line, "accent")]
        yield ScrollingLines(lines)

    def on_mount(self) -> None:
        """Keys scroll at once."""
        self.query_one(ScrollingLines).focus()

    def action_send(self) -> None:
        """Send, unless it destroys something."""
        if not self._destructive:
            self.dismiss(True)

    def action_sure(self) -> None:
        """Send what destroys something."""
        if self._destructive:
            self.dismiss(True)
