"""Which rows: the four forms of filterRowIds, and the filters of saved views.

Source: reference TimeTonic, 5.3. Only the predicate "is" is seen in public samples; the other
predicates are this program's assumption, and an unknown one is refused, not passed by.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.embedded.timetonic.call import Call
from tui.embedded.timetonic.cells import Renderer
from tui.embedded.timetonic.definitions import NUMBERS, Field, field_named
from tui.embedded.timetonic.envelope import JsonObject, Refusal
from tui.embedded.timetonic.parameters import Parameters, decode, integer_list, to_integer
from tui.embedded.timetonic.row_pages import (
    all_rows,
    row_count,
    rows_from,
    rows_in_parts,
    rows_of,
    rows_since,
    version_of,
)

MAX_DEPTH = 8
SELECTIONS = 4
"""What so many filters let through is kept; of a million rows each takes eight megabytes."""

Test = Callable[[int], bool]
"""Whether the row of an id is let through."""

Predicate = Callable[[str, str], bool]

_ON_TEXT: dict[str, Predicate] = {
    "is": lambda text, operand: text == operand,
    "isNot": lambda text, operand: text != operand,
    "contains": lambda text, operand: operand.casefold() in text.casefold(),
    "doesNotContain": lambda text, operand: operand.casefold() not in text.casefold(),
    "isEmpty": lambda text, _operand: not text,
    "isNotEmpty": lambda text, _operand: bool(text),
    "isBefore": lambda text, operand: bool(text) and text < operand,
    "isAfter": lambda text, operand: bool(text) and text > operand,
}

_ON_NUMBER: dict[str, Callable[[float, float], bool]] = {
    "is": lambda value, operand: value == operand,
    "isNot": lambda value, operand: value != operand,
    "greaterThan": lambda value, operand: value > operand,
    "lessThan": lambda value, operand: value < operand,
}


@dataclass(frozen=True)
class Found:
    """A page of the rows that were asked for, and how many there are in all."""

    rows: list[sqlite3.Row]
    total: int


def page_of_rows(
    call: Call,
    table_id: int,
    fields: Sequence[Field],
    *,
    view: sqlite3.Row | None,
    offset: int,
    size: int,
) -> Found:
    """The rows from `offset` on of those that `selected_rows` gives. Raises Refusal."""
    asked = _asked(call, view)
    if asked.nothing:
        return Found(rows_from(call, table_id, offset, size), row_count(call, table_id))
    ids = _selected_ids(call, table_id, fields, asked)
    return Found(rows_of(call, table_id, ids[offset : offset + size]), len(ids))


def selected_rows(
    call: Call,
    table_id: int,
    fields: Sequence[Field],
    *,
    view: sqlite3.Row | None = None,
    since: int = 0,
) -> list[sqlite3.Row]:
    """The rows that filterRowIds and the view ask for, in the table's order; `since` a server
    stamp only those that changed after it. Raises Refusal."""
    asked = _asked(call, view)
    if since:
        ids = None if asked.ids is None else set(asked.ids)
        rows = rows_since(call, table_id, since)
        rows = [row for row in rows if ids is None or row["id"] in ids]
        return _through(call, fields, rows, asked.groups)
    if asked.nothing:
        return all_rows(call, table_id)
    return rows_of(call, table_id, _selected_ids(call, table_id, fields, asked))


def view_row_ids(
    call: Call, table_id: int, fields: Sequence[Field], view: sqlite3.Row
) -> list[int]:
    """The rows that a saved view shows."""
    return list(_selected_ids(call, table_id, fields, Asked(None, _filters_of(view))))


@dataclass(frozen=True)
class Asked:
    """Which rows a request asks for: those of `ids` (None: all) that all groups let through."""

    ids: list[int] | None
    groups: list[JsonObject]

    @property
    def nothing(self) -> bool:
        """Whether every row is asked for."""
        return self.ids is None and not self.groups


def _asked(call: Call, view: sqlite3.Row | None) -> Asked:
    ids, group = _read(call, call.parameters)
    groups = [] if view is None else _filters_of(view)
    return Asked(ids, groups if group is None else [*groups, group])


def _filters_of(view: sqlite3.Row) -> list[JsonObject]:
    return [] if view["filter_group"] is None else [json.loads(view["filter_group"])]


def _selected_ids(
    call: Call, table_id: int, fields: Sequence[Field], asked: Asked
) -> Sequence[int]:
    """Which rows are asked for, in the table's order. Raises Refusal.

    What a filter lets through is kept until a row that it looks at changes: the pages of a table
    are asked for one after the other.
    """
    if asked.ids is not None:
        rows = rows_of(call, table_id, asked.ids)
        return [row["id"] for row in _through(call, fields, rows, asked.groups)]
    used = [field for group in asked.groups for field in _fields_used(group, fields, MAX_DEPTH)]
    looked_at = sorted({table_id, *(field.link_table for field in (*fields[:1], *used))})
    versions = tuple(version_of(call, one) for one in looked_at)
    key = (table_id, repr(asked.groups), repr((fields[:1], used)))
    kept = call.state.selections
    found = kept.pop(key, None)
    if found is None or found[0] != versions:
        ids = array("q")
        for part in rows_in_parts(call, table_id):
            ids.extend(row["id"] for row in _through(call, fields, part, asked.groups))
        found = versions, ids
    kept[key] = found
    while len(kept) > SELECTIONS:
        del kept[next(iter(kept))]
    return found[1]


def _read(call: Call, parameters: Parameters) -> tuple[list[int] | None, JsonObject | None]:
    """filterRowIds as (row ids, filter group); both None when it was not sent."""
    asked = parameters.values.get("filterRowIds")
    if asked is None or asked == "":
        return None, None
    if isinstance(asked, str):
        text = asked.strip()
        if not text.startswith("{"):
            return integer_list(text, "filterRowIds"), None
        asked = decode(text, "filterRowIds")
    if not isinstance(asked, dict):
        raise Refusal("invalid_parameter", "filterRowIds must be ids or a JSON object")
    if "row_ids" in asked:
        ids = asked["row_ids"]
        items = list(ids.values()) if isinstance(ids, dict) else ids
        if isinstance(items, str):
            return integer_list(items, "row_ids"), None
        if not isinstance(items, list):
            raise Refusal("invalid_parameter", "row_ids must be an array of ids")
        return [to_integer(item, "row_ids") for item in items], None
    if "applyViewFilters" in asked:
        return None, _view_filters(call, asked["applyViewFilters"])
    if all(str(key).isdigit() for key in asked):
        # filterRowIds[]=1&filterRowIds[]=2
        return [to_integer(item, "filterRowIds") for item in asked.values()], None
    raise Refusal("invalid_parameter", "filterRowIds holds neither row_ids nor applyViewFilters")


def _view_filters(call: Call, asked: object) -> JsonObject | None:
    if isinstance(asked, dict):
        group = asked.get("filterGroup")
        if group is None or group == []:
            return None
        if not isinstance(group, dict):
            raise Refusal("invalid_parameter", "filterGroup must be an object")
        return group
    view_id = to_integer(asked, "applyViewFilters")
    view = call.one("SELECT * FROM timetonic_view WHERE id = ?", view_id)
    if view is None:
        raise Refusal("not_found", f"there is no view {view_id}")
    return None if view["filter_group"] is None else dict(json.loads(view["filter_group"]))


def _through(
    call: Call, fields: Sequence[Field], rows: list[sqlite3.Row], groups: Sequence[JsonObject]
) -> list[sqlite3.Row]:
    """The rows that all filter groups let through. Raises Refusal."""
    for group in groups:
        used = _fields_used(group, fields, MAX_DEPTH)
        renderer = Renderer(call, [*fields[:1], *used], rows)
        test = _group(renderer, fields, group)
        rows = [row for row in rows if test(row["id"])]
    return rows


def _items(group: JsonObject) -> list[JsonObject]:
    found = group.get("filters", [])
    items = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Refusal("invalid_parameter", "filters must be an array of objects")
    return items


def _fields_used(group: JsonObject, fields: Sequence[Field], depth: int) -> list[Field]:
    if depth == 0:
        raise Refusal("invalid_parameter", "filterGroup is nested too deeply")
    used: list[Field] = []
    for item in _items(group):
        if "filters" in item:
            used += _fields_used(item, fields, depth - 1)
        else:
            used.append(field_named(fields, to_integer(item.get("field_id"), "field_id")))
    return used


def _group(renderer: Renderer, fields: Sequence[Field], group: JsonObject) -> Test:
    operator = group.get("operator", "and")
    if operator not in ("and", "or"):
        raise Refusal("invalid_parameter", "the operator of a filterGroup is and, or")
    tests = [
        _group(renderer, fields, item) if "filters" in item else _rule(renderer, fields, item)
        for item in _items(group)
    ]
    if len(tests) == 1:
        return tests[0]
    if operator == "or" and tests:
        return lambda row_id: any(test(row_id) for test in tests)
    return lambda row_id: all(test(row_id) for test in tests)


def _rule(renderer: Renderer, fields: Sequence[Field], item: JsonObject) -> Test:
    field = field_named(fields, to_integer(item.get("field_id"), "field_id"))
    asked = item.get("json")
    if not isinstance(asked, dict):
        raise Refusal("invalid_parameter", "a filter needs json with predicate and operand")
    predicate = str(asked.get("predicate", ""))
    operand = asked.get("operand", "")
    if field.type in NUMBERS and predicate in _ON_NUMBER:
        return _on_number(renderer, field, _ON_NUMBER[predicate], _number(operand))
    if predicate not in _ON_TEXT:
        raise Refusal("invalid_parameter", f"unknown predicate {predicate[:40]}")
    wanted = _operand_text(operand, field)
    if field.type == "link" and predicate in ("is", "isNot"):
        expected = predicate == "is"
        return lambda row_id: (wanted in renderer.text(row_id, field).split(", ")) is expected
    # A check box that was never touched is not ticked.
    blank = "false" if field.type == "boolean" else ""
    compare = _ON_TEXT[predicate]
    return lambda row_id: compare(renderer.text(row_id, field) or blank, wanted)


def _on_number(
    renderer: Renderer, field: Field, compare: Callable[[float, float], bool], operand: float
) -> Test:
    def test(row_id: int) -> bool:
        value = renderer.number(row_id, field)
        return value is not None and compare(value, operand)

    return test


def _operand_text(operand: object, field: Field) -> str:
    if isinstance(operand, dict | list):
        raise Refusal("invalid_parameter", "operand must be one value")
    if field.type == "boolean":
        return "true" if str(operand).lower() in ("1", "true") else "false"
    return "" if operand is None else str(operand)


def _number(operand: object) -> float:
    try:
        return float(str(operand).replace(",", "."))
    except ValueError:
        raise Refusal("invalid_parameter", f"{str(operand)[:40]} is not a number") from None
