"""The console's answer: as a tree and as a table, filtered, copied, saved."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any, NamedTuple

from textual import on
from textual.containers import Vertical
from textual.widget import Widget

from tui.widgets.filterline import FilterLine
from tui.widgets.grid import Grid
from tui.widgets.grid_model import CellValue, Column, ListSource
from tui.widgets.json_nodes import json_nodes
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.panel import Panel
from tui.workspace.operations.operations import plain_result, rows_of, to_json

MOST_LINES = 2_000
MOST_COLUMNS = 60


class Answer(NamedTuple):
    """An answer in all its forms."""

    result: Any
    nodes: list[Node]
    names: list[str]
    rows: list[list[CellValue]]


def prepared(result: Any) -> Answer:
    """An answer made ready to be shown; takes a while for a large one."""
    names, rows = answer_rows(result)
    return Answer(result, answer_nodes(result), names, rows)


def answer_nodes(result: Any) -> list[Node]:
    """The answer as a tree; what is too much says how much of it is shown."""
    if result is None:
        return [Node("done", "Done.", detail="The service answers nothing to this.")]
    if isinstance(result, bytes):
        return [Node("bytes", f"{len(result):,} bytes", detail="w saves them")]
    if isinstance(result, str):
        lines = result.splitlines()
        nodes = [Node(str(n), line) for n, line in enumerate(lines[:MOST_LINES])]
        if len(lines) > MOST_LINES:
            nodes.append(Node("…", f"{MOST_LINES:,} of {len(lines):,} lines", role="warn"))
        return nodes
    return json_nodes(plain_result(result))


def answer_rows(result: Any) -> tuple[list[str], list[list[CellValue]]]:
    """The answer's rows as a table: column names, then values. CSV is one, too."""
    if result is None or isinstance(result, bytes):
        return [], []
    if isinstance(result, str):
        # A field may be as long as the answer is.
        lines = list(csv.reader(io.StringIO(result))) if _is_csv(result) else []
        if not lines:
            return [], []
        names = lines[0][:MOST_COLUMNS]
        wide = len(names)
        return names, [[*line[:wide], *[""] * (wide - len(line))] for line in lines[1:] if line]
    rows = list(rows_of(result))
    names = list(dict.fromkeys(name for row in rows for name in row))[:MOST_COLUMNS]
    return names, [[row.get(name) for name in names] for row in rows]


def _is_csv(text: str) -> bool:
    try:
        return max(map(len, csv.reader(io.StringIO(text))), default=0) > 1
    except csv.Error:
        return False


def answer_bytes(result: Any) -> bytes:
    """The answer as a file."""
    if isinstance(result, bytes):
        return result
    return result.encode() if isinstance(result, str) else to_json(result, indent=2) + b"\n"


def answer_text(result: Any) -> str:
    """The answer as text."""
    return answer_bytes(result).decode("utf-8", errors="replace")


class AnswerView(Vertical):
    """The latest answer."""

    DEFAULT_CSS = """
    AnswerView { height: 3fr; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.panel = Panel(Outline(id="nodes", empty="No answer yet."), "Answer", id="answer")
        """Where loading and failing are said, and the tree stands."""
        self._table = Panel(Grid(id="rows-grid", empty="No rows."), "Answer", id="rows")
        self._table.display = False
        self._answer: Answer | None = None
        self._title = "Answer"

    def compose(self) -> Iterable[Widget]:
        """Tree, table, and the line that narrows both."""
        yield self.panel
        yield self._table
        yield FilterLine(id="answer-filter")

    @property
    def answer(self) -> Answer | None:
        """What is shown; None before the first answer."""
        return self._answer

    @property
    def has_table(self) -> bool:
        """Whether the answer has rows."""
        return self._answer is not None and bool(self._answer.rows)

    @property
    def is_table(self) -> bool:
        """Whether the table is shown."""
        return self._table.display

    def forget(self, title: str) -> None:
        """Another answer is being waited for: the tree's place says so."""
        self._title = title
        self._answer = None
        self.query_one(FilterLine).value = ""
        self.query_one(FilterLine).display = False
        self.panel.show_title(title)
        self.show_table(False)

    def show(self, answer: Answer) -> None:
        """Show an answer as a tree; `show_table` makes a table of it."""
        self._answer = answer
        self.query_one("#nodes", Outline).set_nodes(answer.nodes)
        grid = self.query_one("#rows-grid", Grid)
        numeric = {
            place
            for place in range(len(answer.names))
            if all(isinstance(row[place], (int, float, type(None))) for row in answer.rows[:50])
        }
        grid.set_columns(
            [
                Column(str(place), name, kind="number" if place in numeric else "text")
                for place, name in enumerate(answer.names)
            ]
        )
        self._narrow("")

    def show_table(self, table: bool) -> None:
        """The answer as a table or as a tree."""
        shown, other = (self._table, self.panel) if table else (self.panel, self._table)
        had_focus = other.has_focus_within
        # The one that takes the focus is shown first: a hidden widget cannot have it.
        shown.display = True
        if had_focus:
            self.screen.set_focus(shown.content)
        other.display = False

    def focus_answer(self) -> None:
        """Put the focus on what is shown."""
        self.screen.set_focus((self._table if self.is_table else self.panel).content)

    def open_filter(self) -> None:
        """Type to narrow the answer."""
        self.query_one(FilterLine).open()

    def _narrow(self, text: str) -> None:
        if self._answer is None:
            return
        self.query_one("#nodes", Outline).set_filter(text)
        wanted = text.casefold()
        rows = [
            row
            for row in self._answer.rows
            if any(wanted in str(value).casefold() for value in row)
        ]
        self.query_one("#rows-grid", Grid).set_source(ListSource(rows))
        whole = len(self._answer.rows)
        count = f"{len(rows):,} of {whole:,}" if len(rows) != whole else f"{whole:,}"
        noun = "row" if whole == 1 else "rows"
        for panel in (self._table, self.panel):
            panel.show_title(self._title, f"{count} {noun}" if whole else "")

    @on(FilterLine.Edited)
    def _edited(self, message: FilterLine.Edited) -> None:
        message.stop()
        self._narrow(message.text)

    @on(FilterLine.Left)
    def _left(self) -> None:
        self.focus_answer()
