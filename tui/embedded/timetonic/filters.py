"""Which rows: the four forms of filterRowIds, and the filters of saved views.

Source: reference TimeTonic, 5.3. Only the predicate "is" is seen in public samples; the other
predicates are this program's assumption, and an unknown one is refused, not passed by.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence

from tui.embedded.timetonic.call import Call
from tui.embedded.timetonic.cells import Renderer
from tui.embedded.timetonic.definitions import NUMBERS, Field, field_named
from tui.embedded.timetonic.envelope import JsonObject, Refusal
from tui.embedded.timetonic.parameters import Parameters, decode, integer_list, to_integer

MAX_DEPTH = 8

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


def selected_rows(
    call: Call,
    table_id: int,
    fields: Sequence[Field],
    *,
    view: sqlite3.Row | None = None,
) -> list[sqlite3.Row]:
    """The rows that filterRowIds and the view ask for, in the table's order. Raises Refusal."""
    wanted, group = _read(call, call.parameters)
    rows = all_rows(call, table_id)
    if wanted is not None:
        ids = set(wanted)
        rows = [row for row in rows if row["id"] in ids]
    if view is not None and view["filter_group"] is not None:
        rows = matching(call, fields, rows, json.loads(view["filter_group"]))
    if group is not None:
        rows = matching(call, fields, rows, group)
    return rows


def all_rows(call: Call, table_id: int) -> list[sqlite3.Row]:
    """The rows of a table that are not deleted, in its order."""
    return call.read(
        "SELECT * FROM timetonic_row WHERE table_id = ? AND NOT deleted ORDER BY position, id",
        table_id,
    )


def is_filtered(call: Call) -> bool:
    """True when filterRowIds was sent."""
    return call.parameters.values.get("filterRowIds", "") != ""


def view_row_ids(
    call: Call, table_id: int, fields: Sequence[Field], view: sqlite3.Row
) -> list[int]:
    """The rows that a saved view shows."""
    rows = all_rows(call, table_id)
    if view["filter_group"] is not None:
        rows = matching(call, fields, rows, json.loads(view["filter_group"]))
    return [int(row["id"]) for row in rows]


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


def matching(
    call: Call, fields: Sequence[Field], rows: list[sqlite3.Row], group: JsonObject
) -> list[sqlite3.Row]:
    """The rows that a filter group lets through. Raises Refusal."""
    used = _fields_used(group, list(fields), MAX_DEPTH)
    renderer = Renderer(call, [fields[0], *used] if fields else used, rows)
    return [row for row in rows if _group(renderer, list(fields), row["id"], group)]


def _items(group: JsonObject) -> list[JsonObject]:
    found = group.get("filters", [])
    items = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Refusal("invalid_parameter", "filters must be an array of objects")
    return items


def _fields_used(group: JsonObject, fields: list[Field], depth: int) -> list[Field]:
    if depth == 0:
        raise Refusal("invalid_parameter", "filterGroup is nested too deeply")
    used: list[Field] = []
    for item in _items(group):
        if "filters" in item:
            used += _fields_used(item, fields, depth - 1)
        else:
            used.append(field_named(fields, to_integer(item.get("field_id"), "field_id")))
    return used


def _group(renderer: Renderer, fields: list[Field], row_id: int, group: JsonObject) -> bool:
    operator = group.get("operator", "and")
    if operator not in ("and", "or"):
        raise Refusal("invalid_parameter", "the operator of a filterGroup is and, or")
    items = _items(group)
    if not items:
        return True
    found = (
        _group(renderer, fields, row_id, item)
        if "filters" in item
        else _matches(renderer, fields, row_id, item)
        for item in items
    )
    return all(found) if operator == "and" else any(found)


def _matches(renderer: Renderer, fields: list[Field], row_id: int, item: JsonObject) -> bool:
    field = field_named(fields, to_integer(item.get("field_id"), "field_id"))
    test = item.get("json")
    if not isinstance(test, dict):
        raise Refusal("invalid_parameter", "a filter needs json with predicate and operand")
    predicate = str(test.get("predicate", ""))
    operand = test.get("operand", "")
    if field.type in NUMBERS and predicate in _ON_NUMBER:
        value = renderer.number(row_id, field)
        return value is not None and _ON_NUMBER[predicate](value, _number(operand))
    if predicate not in _ON_TEXT:
        raise Refusal("invalid_parameter", f"unknown predicate {predicate[:40]}")
    wanted = _operand_text(operand, field)
    text = renderer.text(row_id, field)
    if field.type == "link" and predicate in ("is", "isNot"):
        return (wanted in text.split(", ")) is (predicate == "is")
    if field.type == "boolean" and not text:
        # A check box that was never touched is not ticked.
        text = "false"
    return _ON_TEXT[predicate](text, wanted)


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
