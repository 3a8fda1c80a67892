"""The console's view of a request before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui.spoken_keys import key_for
from tui.widget_keys import REQUEST
from tui.widgets.bindings import bindings_from
from tui.widgets.dialog import Dialog
from tui.widgets.lines import Paragraph, ScrollingLines
from tui.workspace.operations.operations import Operation, to_json


class RequestPreview(Dialog[bool]):
    """The request as it will be sent, secrets hidden; a destructive one needs another key."""

    DEFAULT_CSS = """
    RequestPreview > #box { width: 100; height: 80%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(REQUEST)

    def __init__(self, operation: Operation, request: Mapping[str, Any], line: str) -> None:
        self._destructive = operation.effect == "destructive"
        key = key_for("request.sure" if self._destructive else "request.send")
        super().__init__(
            f"Request of {operation.id}",
            f"{key} sends it · {key_for('dialog.cancel')} keeps it here",
        )
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
