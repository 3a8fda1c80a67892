"""How a widget document reads: its form as questions, its entries as rows, its findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from functools import partial

from rich.cells import cell_len

from tui.widgets.cells import clip, fit
from tui.widgets.form_values import FormField
from tui.widgets.grid_model import Cell, CellValue, Column
from tui.widgets.outline_model import Node
from tui.workspace.text import clean
from tui.workspace.widget.answers import (
    Answers,
    Question,
    problem_with,
    shown_answer,
    typed_answer,
)
from tui.workspace.widget.documents import Entry, Finding

WIDEST_LABEL = 32
LONGEST_HELP = 48
_FLEXIBLE = ("description", "address", "stream", "opens")
_HINTS = {"date": "2026-08-21 or today", "photos": "file names, with commas between them"}


def question_nodes(questions: Sequence[Question], answers: Answers) -> list[Node]:
    """The questions under their groups, each with its answer."""
    groups: dict[str, tuple[str, list[Node]]] = {}
    labels = {one.key: clean(one.label) or f"({clean(one.type)})" for one in questions}
    width = min(WIDEST_LABEL, max(map(cell_len, labels.values()), default=0))
    for one in questions:
        answer = shown_answer(one, answers.get(one.key, one.default))
        hint = f"({one.hint})" if one.hint and not answer else ""
        node = Node(one.key, fit(clip(labels[one.key], width), width), detail=answer or hint)
        number = one.key.partition(".")[0]
        groups.setdefault(number, (one.group, []))[1].append(node)
    return [
        Node(f"group {number}", title or "(no title)", role="strong", children=nodes, open=True)
        for number, (title, nodes) in groups.items()
    ]


def form_fields(questions: Iterable[Question], answers: Answers, where: tzinfo) -> list[FormField]:
    """One field a question, with what was answered before."""
    fields = []
    for one in questions:
        words = " · ".join(
            part if len(part) <= LONGEST_HELP else f"{part[: LONGEST_HELP - 1]}…"
            for part in (one.group, one.label, one.hint)
            if part
        )
        if one.kind == "photos" and one.most:
            words += f" · at most {one.most}"
        fields.append(
            FormField(
                one.key,
                one.label or one.type,
                "boolean" if one.kind == "yes" else "choice" if one.kind == "one" else
                "lines" if one.kind == "lines" else "text",
                help=words,
                default=typed_answer(one, answers.get(one.key, one.default)),
                choices=[(choice, choice) for choice in dict.fromkeys(one.choices)],
                placeholder=_HINTS.get(one.kind, one.hint),
                check=None if one.kind in ("yes", "one") else partial(_problem, one, where),
            )
        )  # fmt: skip
    return fields


def _problem(question: Question, where: tzinfo, value: object) -> str | None:
    return problem_with(question, str(value), where)


def texts_of(values: Mapping[str, object]) -> dict[str, str]:
    """A form's values as they would be typed."""
    return {
        name: ("yes" if value else "") if isinstance(value, bool) else str(value or "")
        for name, value in values.items()
    }


def columns_of(names: Sequence[str]) -> list[Column]:
    """The columns of a listing."""
    return [
        Column(
            name, name.capitalize(), flexible=name in _FLEXIBLE,
            width=16 if name in _FLEXIBLE else None, maximum=36,
            align="right" if name in ("price", "length") else None,
        )
        for name in names
    ]  # fmt: skip


def entry_rows(names: Sequence[str], entries: Iterable[Entry]) -> list[list[CellValue]]:
    """The entries of a listing; addresses are quiet, they are for copying."""
    quiet = {place for place, name in enumerate(names) if name in ("address", "stream", "place")}
    return [
        [
            Cell(value, "muted") if place in quiet else value
            for place, value in enumerate(entry.values)
        ]
        for entry in entries
    ]


def finding_nodes(findings: Iterable[Finding]) -> list[Node]:
    """What is odd or wrong; the mark says which, not only the colour."""
    return [
        Node(
            f"{number} {one.at}", one.at, detail=one.text,
            mark="✗" if one.weight == "wrong" else "~",
            badge_role="bad" if one.weight == "wrong" else "muted",
        )
        for number, one in enumerate(findings)
    ]  # fmt: skip
