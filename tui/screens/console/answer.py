"""The console's answer: as a tree and as a table, filtered, copied, saved."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, tzinfo
from functools import partial
from typing import Any, NamedTuple

from textual import on
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from tui.screens.pane import Pane
from tui.spoken_keys import key_for
from tui.widgets.filterline import FilterLine
from tui.widgets.grid import Grid
from tui.widgets.grid_model import CellValue, Column, ListSource
from tui.widgets.json_nodes import json_nodes
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.words import counted, noun
from tui.workspace.csv_cells import guarded_text
from tui.workspace.operations.operations import plain_result, to_json
from tui.workspace.operations.rows import rows_of
from tui.workspace.worded import holds
from tui.workspace.workspace import Workspace

TITLE = "Answer"
MOST_LINES = 2_000
MOST_COLUMNS = 60


class Answer(NamedTuple):
    """An answer in all its forms."""

    result: Any
    nodes: list[Node]
    names: list[str]
    rows: list[list[CellValue]]


def prepared(result: Any, where: tzinfo) -> Answer:
    """An answer made ready to be shown, times in a zone; takes a while for a large one."""
    names, rows = answer_rows(result, where)
    return Answer(result, answer_nodes(result), names, rows)


def answer_nodes(result: Any) -> list[Node]:
    """The answer as a tree; what is too much says how much of it is shown."""
    if result is None:
        return [Node("done", "Done.", detail="The service answers nothing to this.")]
    if isinstance(result, bytes):
        return [
            Node(
                "bytes",
                counted(len(result), "byte"),
                detail=f"{key_for('console.save')} saves them",
            )
        ]
    if isinstance(result, str):
        lines = result.splitlines()
        nodes = [Node(str(n), line) for n, line in enumerate(lines[:MOST_LINES])]
        if len(lines) > MOST_LINES:
            nodes.append(Node("…", f"{MOST_LINES:,} of {counted(len(lines), 'line')}", role="warn"))
        return nodes
    return json_nodes(plain_result(result))


def answer_rows(result: Any, where: tzinfo = UTC) -> tuple[list[str], list[list[CellValue]]]:
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
    rows = list(rows_of(result, where))
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
    if isinstance(result, str):
        return guarded_text(result).encode()
    return to_json(result, indent=2) + b"\n"


def answer_text(result: Any) -> str:
    """The answer as text."""
    return answer_bytes(result).decode("utf-8", errors="replace")


class AnswerPane(Pane):
    """The answer in one form."""

    SCOPE = "console"

    class FilterWanted(Message):
        """The answer is to be narrowed, in whatever form it is shown."""

    typed = ""
    """What narrows it; its line is that of all forms."""

    @property
    def narrowed_by(self) -> str:
        """What was typed that its rows have to hold."""
        return self.typed.strip()

    def command_filter(self) -> None:
        """Narrow the answer by typing."""
        self.post_message(self.FilterWanted())


class TreePane(AnswerPane):
    """The answer as a tree; here loading and failing are said."""

    def __init__(self, workspace: Workspace) -> None:
        self.outline = Outline((), id="nodes", empty="No answer yet.")
        super().__init__(workspace, self.outline, TITLE, id="answer")

    @on(Outline.Selected)
    async def _value_selected(self, message: Outline.Selected) -> None:
        """What holds more is opened or closed; a value is read whole."""
        message.stop()
        if message.node.can_open:
            self.outline.action_toggle_fold()
        else:
            self.carry_out(
                partial(self.read, message.node.label, message.node.detail), "console.value"
            )


class TablePane(AnswerPane):
    """The rows of an answer that has some."""

    def __init__(self, workspace: Workspace) -> None:
        self.grid = Grid(id="rows-grid", empty="No rows.")
        super().__init__(workspace, self.grid, TITLE, id="rows")

    def show_rows(self, answer: Answer) -> None:
        """Other columns; the rows follow with what is typed."""
        numeric = {
            place
            for place in range(len(answer.names))
            if all(isinstance(row[place], (int, float, type(None))) for row in answer.rows[:50])
        }
        self.grid.set_columns(
            [
                Column(str(place), name, kind="number" if place in numeric else "text")
                for place, name in enumerate(answer.names)
            ]
        )


class AnswerView(Vertical):
    """The latest answer, as a tree or as a table, and the line that narrows both."""

    DEFAULT_CSS = """
    AnswerView { height: 3fr; }
    """

    def __init__(self, workspace: Workspace, *, id: str) -> None:
        super().__init__(id=id)
        self.nodes_pane = TreePane(workspace)
        self.table = TablePane(workspace)
        self.table.display = False
        self._line = FilterLine(id="answer-filter")
        self._answer: Answer | None = None
        self._title = TITLE

    def compose(self) -> Iterable[Widget]:
        """Tree, table, and the line."""
        yield self.nodes_pane
        yield self.table
        yield self._line

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
        return self.table.display

    def forget(self, title: str) -> None:
        """Another answer is being waited for: the tree's place says so."""
        self._title = title
        self._answer = None
        self._line.value = ""
        self._line.display = False
        self.nodes_pane.show_title(title)
        self.show_table(False)

    def show(self, answer: Answer) -> None:
        """Show an answer as a tree; `show_table` makes a table of it."""
        self._answer = answer
        self.nodes_pane.outline.set_nodes(answer.nodes)
        self.table.show_rows(answer)
        self._narrow("")

    def show_table(self, table: bool) -> None:
        """The answer as a table or as a tree."""
        shown, other = self._in_order(table)
        had_focus = other.has_focus_within
        # The one that takes the focus is shown first: a hidden widget cannot have it.
        shown.display = True
        if had_focus:
            self.screen.set_focus(shown.content)
        other.display = False

    def focus_answer(self) -> None:
        """Put the focus on what is shown."""
        self.screen.set_focus(self._in_order(self.is_table)[0].content)

    def _in_order(self, table: bool) -> tuple[AnswerPane, AnswerPane]:
        return (self.table, self.nodes_pane) if table else (self.nodes_pane, self.table)

    def _narrow(self, text: str) -> None:
        if self._answer is None:
            return
        self.nodes_pane.outline.set_filter(text)
        rows = [row for row in self._answer.rows if holds("\n".join(map(str, row)), text)]
        self.table.grid.set_source(ListSource(rows))
        whole = len(self._answer.rows)
        count = f"{len(rows):,} of {whole:,}" if len(rows) != whole else f"{whole:,}"
        for pane in (self.table, self.nodes_pane):
            pane.typed = text
            pane.show_title(self._title, f"{count} {noun(whole, 'row')}" if whole else "")

    @on(AnswerPane.FilterWanted)
    def _filter_wanted(self, message: AnswerPane.FilterWanted) -> None:
        message.stop()
        if self._answer is not None:
            self._line.open()

    @on(FilterLine.Edited)
    def _edited(self, message: FilterLine.Edited) -> None:
        message.stop()
        self._narrow(message.text)

    @on(FilterLine.Left)
    def _left(self) -> None:
        self.focus_answer()
