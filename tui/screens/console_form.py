"""The console's form, its view of a request, and an answer as tree, table, text and bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from functools import partial
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.widgets.dialogs import Dialog
from tui.widgets.form_values import FormField
from tui.widgets.grid_model import CellValue
from tui.widgets.lines import Paragraph, ScrollingLines
from tui.widgets.outline_model import Node
from tui.workspace.arguments import choices_of, kind_of, type_text
from tui.workspace.console import problem_with
from tui.workspace.operations import Operation, plain_result, rows_of, to_json

LONGEST_LABEL = 20
MOST_CHILDREN = 500


def form_fields(operation: Operation, texts: Mapping[str, str], where: tzinfo) -> list[FormField]:
    """One field a parameter. What is typed is what `tockdeck call` takes as `name=value`."""
    fields = []
    for parameter in operation.parameters:
        name = parameter.documented_name
        kind = kind_of(parameter.hint)
        choices = choices_of(parameter.hint)
        if kind == "boolean":
            choices = ("true", "false")
        hint = type_text(parameter.hint)
        words = [parameter.help or hint]
        if not parameter.required and parameter.default is not None:
            words.append(f"Default {parameter.default}.")
        fields.append(
            FormField(
                name,
                name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…",
                "choice" if choices and kind != "list" else "text",
                required=parameter.required,
                help=" ".join(words),
                default=texts.get(name, ""),
                choices=[
                    *([] if parameter.required else [("", "(left out)")]),
                    *((one, one) for one in choices),
                ],
                placeholder=hint,
                check=partial(_problem, operation, name, where),
            )
        )
    return fields


def _problem(operation: Operation, name: str, where: tzinfo, value: object) -> str | None:
    return problem_with(operation, name, str(value), where)


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


def answer_nodes(result: Any) -> list[Node]:
    """The answer as a tree; long lists say how much of them is shown."""
    if isinstance(result, bytes):
        return [Node("bytes", f"{len(result):,} bytes", detail="w saves them")]
    if isinstance(result, str):
        return [Node(str(n), line) for n, line in enumerate(result.splitlines()[:MOST_CHILDREN])]
    return _children(plain_result(result), "")


def _children(value: Any, at: str) -> list[Node]:
    if isinstance(value, dict):
        items = [(str(name), inner) for name, inner in value.items()]
    elif isinstance(value, list):
        items = [(str(place), inner) for place, inner in enumerate(value)]
    else:
        return [Node(at or "value", _leaf(value))]
    nodes = [_named(name, inner, f"{at}/{name}") for name, inner in items[:MOST_CHILDREN]]
    if len(items) > MOST_CHILDREN:
        nodes.append(Node(f"{at}/…", f"{MOST_CHILDREN} of {len(items):,}", role="warn"))
    return nodes


def _named(name: str, value: Any, at: str) -> Node:
    if isinstance(value, (dict, list)):
        sign = f"{len(value):,}"
        return Node(at, name, badge=sign, children=_children(value, at), open=at.count("/") < 2)
    return Node(at, name, detail=_leaf(value))


def _leaf(value: Any) -> str:
    return "—" if value is None else str(value)


def answer_rows(result: Any) -> tuple[list[str], list[list[CellValue]]]:
    """The answer's rows as a table: column names, then values."""
    if isinstance(result, (bytes, str)):
        return ["value"], []
    rows = list(rows_of(result))
    names = list(dict.fromkeys(name for row in rows for name in row))
    return names, [[row.get(name) for name in names] for row in rows]


def answer_bytes(result: Any) -> bytes:
    """The answer as a file."""
    if isinstance(result, bytes):
        return result
    return result.encode() if isinstance(result, str) else to_json(result, indent=2) + b"\n"


def answer_text(result: Any) -> str:
    """The answer as text."""
    return answer_bytes(result).decode("utf-8", errors="replace")
