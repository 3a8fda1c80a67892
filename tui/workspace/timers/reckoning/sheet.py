"""A report as rows that are written as CSV, JSON or Markdown: exact hours, rounded ones beside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from tui.workspace.hours.figures import SEPARATOR, decimal, h_mm, hms, markdown_cell
from tui.workspace.timers.periods import Period, Span
from tui.workspace.timers.reckoning.rounding import Rounding
from tui.workspace.timers.reckoning.tally import (
    NOTHING,
    Sum,
    Tally,
    by_day,
    columns_of,
    table,
    total,
    whole,
)

if TYPE_CHECKING:
    from tui.services.trackmypeople import Tracker

By = Literal["tracker", "day", "week", "month", "table"]
BYS: tuple[By, ...] = get_args(By)
Form = Literal["csv", "json", "md"]
FORMS: tuple[Form, ...] = get_args(Form)
_LABELS: dict[By, tuple[str, ...]] = {
    "tracker": ("path", "tracker", "counts"),
    "table": ("path", "tracker", "counts"),
    "day": ("date",),
    "week": ("first", "last"),
    "month": ("first", "last"),
}
OWN, WITH_UNDER = "itself", "with what is under it"
"""What a row of a tracker counts; those of `itself` come to the sum."""


class Row(NamedTuple):
    """One line of a report."""

    labels: tuple[str, ...]
    cells: tuple[Sum, ...]
    sum: Sum
    depth: int = 0
    itself: bool = False
    """Of a tracker whose line with all that is under it stands above."""


class Sheet(NamedTuple):
    """A report that is written."""

    by: By
    span: Span
    zone: str
    rounding: Rounding
    columns: tuple[Span, ...]
    """Of a table; none of the others."""
    rows: list[Row]
    sums: tuple[Sum, ...]
    total: Sum
    as_of: str = ""
    """When the service told it, where it is not as it is now."""


def sheet(
    by: By,
    tallied: Tally,
    trackers: Sequence[Tracker],
    span: Span,
    rounding: Rounding,
    where: tzinfo,
) -> Sheet:
    """What was tallied of a period, read in one of the ways."""
    zone = str(getattr(where, "key", None) or where)
    columns: tuple[Span, ...] = ()
    if by in ("tracker", "table"):
        columns = tuple(columns_of(span)) if by == "table" else (span,)
        found = table(tallied, trackers, columns)
        rows = [
            Row(
                (SEPARATOR.join(line.path), line.path[-1], OWN if line.counts else WITH_UNDER),
                line.cells, line.sum, line.depth, line.own,
            )
            for line in found.lines
        ]  # fmt: skip
        if by == "table":
            return Sheet(by, span, zone, rounding, columns, rows, found.sums, found.total)
        rows = [row._replace(cells=()) for row in rows]
    else:
        kind: Period = "day" if by == "day" else "week" if by == "week" else "month"
        rows = _by_time(by_day(tallied), span, kind)
    return Sheet(by, span, zone, rounding, (), rows, (), whole(tallied))


def parts_of(by: By, span: Span, rounding: Rounding) -> list[Span]:
    """The parts of a period that a report tells apart: days where they are rounded."""
    if rounding.changes and rounding.per == "day":
        return span.parts("day")
    if by == "tracker":
        return [span]
    return columns_of(span) if by == "table" else span.parts(by)


def _by_time(days: dict[date, Sum], span: Span, kind: Period) -> list[Row]:
    rows = []
    for part in span.parts(kind):
        those = [one for day, one in days.items() if part.first <= day <= part.last]
        if those:
            ends = (part.first,) if kind == "day" else (part.first, part.last)
            rows.append(Row(tuple(day.isoformat() for day in ends), (), total(those)))
    return rows


def written(found: Sheet, form: Form) -> str:
    """A report as text."""
    return {"csv": _csv, "json": _json, "md": _markdown}[form](found)


def column_key(column: Span) -> str:
    """What a column is called in a file: its day, or its first and last one."""
    first, last = column.first.isoformat(), column.last.isoformat()
    return first if first == last else f"{first}/{last}"


def _csv(found: Sheet) -> str:
    from tui.workspace.csv_cells import csv_text  # not before the first frame

    labels = _LABELS[found.by]
    keys = [column_key(one) for one in found.columns]
    figures = ["hours", "h:mm", "seconds"]
    if found.rounding.changes:
        figures += [f"rounded {name}" for name in figures]
    last = Row(("sum", *[""] * (len(labels) - 1)), found.sums, found.total)
    rows = []
    for row in [*found.rows, last]:
        line: dict[str, object] = dict(zip(labels, row.labels, strict=True))
        line.update(
            (key, hms(cell.exact) if cell.exact else "")
            for key, cell in zip(keys, row.cells, strict=True)
        )
        line.update(_figures("", row.sum.exact))
        line.update(_figures("rounded ", row.sum.rounded))
        rows.append(line)
    return csv_text([*labels, *keys, *figures], rows)


def _figures(before: str, seconds: int) -> dict[str, object]:
    return {
        f"{before}hours": decimal(seconds),
        f"{before}h:mm": h_mm(seconds),
        f"{before}seconds": seconds,
    }


def _json(found: Sheet) -> str:
    keys = [column_key(one) for one in found.columns]

    def told(cells: Sequence[Sum], one: Sum) -> dict[str, Any]:
        line: dict[str, Any] = {"seconds": one.exact}
        if found.rounding.changes:
            line["rounded"] = one.rounded
        if keys:
            line["cells"] = {
                key: cell.exact for key, cell in zip(keys, cells, strict=True) if cell != NOTHING
            }
        return line

    labels = _LABELS[found.by]
    content = {
        "first": found.span.first.isoformat(),
        "last": found.span.last.isoformat(),
        "zone": found.zone,
        "by": found.by,
        "rounding": found.rounding.rule,
        "rows": [
            {
                name: label.split(SEPARATOR) if name == "path" else label
                for name, label in zip(labels, row.labels, strict=True)
            }
            | told(row.cells, row.sum)
            for row in found.rows
        ],
        "sum": told(found.sums, found.total),
    }
    if found.as_of:
        content["as_of"] = found.as_of
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _markdown(found: Sheet) -> str:
    rounds = found.rounding.changes
    labels = ["tracker"] if "path" in _LABELS[found.by] else list(_LABELS[found.by])
    heads = [*labels, *map(column_key, found.columns), "hours", *(["rounded"] if rounds else [])]
    lines = [_line(heads), _line(["---"] * len(labels) + ["---:"] * (len(heads) - len(labels)))]
    for row in found.rows:
        names = list(row.labels)
        if "path" in _LABELS[found.by]:
            name = markdown_cell(row.labels[1]) + (" (itself)" if row.itself else "")
            names = ["&nbsp;" * 2 * row.depth + name]
        lines.append(_line([*names, *_shown(row.cells, row.sum, rounds=rounds)]))
    bold = [f"**{one}**" if one else "" for one in _shown(found.sums, found.total, rounds=rounds)]
    lines.append(_line(["**sum**", *[""] * (len(labels) - 1), *bold]))
    span = column_key(found.span).replace("/", " to ")
    rule = f"; rounded: {found.rounding.rule}" if rounds else ""
    age = f"; as of {found.as_of}" if found.as_of else ""
    return "\n".join([*lines, "", f"{span}, {found.zone}{rule}{age}."]) + "\n"


def _shown(cells: Sequence[Sum], one: Sum, *, rounds: bool) -> list[str]:
    found = [h_mm(cell.exact) if cell.exact else "" for cell in cells]
    return [*found, h_mm(one.exact), *([h_mm(one.rounded)] if rounds else [])]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
