"""What the server works out: computeTableOperation, getTablePivotValues, renderSmartTextField.

Source: reference TimeTonic, 5.4: the operations are named, their answers are not public. The
keys `result`, `pivotValues` and `html` are this program's assumption.
"""

from __future__ import annotations

from collections import defaultdict
from html import escape

from tui.embedded.timetonic import access
from tui.embedded.timetonic.call import Call, Operation, next_stamp
from tui.embedded.timetonic.cells import Renderer
from tui.embedded.timetonic.definitions import NUMBERS, field_named, fields_of, pivot_of
from tui.embedded.timetonic.envelope import JsonObject, Refusal
from tui.embedded.timetonic.filters import selected_rows
from tui.embedded.timetonic.row_pages import all_rows
from tui.embedded.timetonic.values import view_of

COUNT = "count"
NUMERIC = ("sum", "average", "min", "max")


def _compute(call: Call) -> JsonObject:
    """count counts rows, or with fieldId the cells that are not empty; the others need a number
    field in fieldId. The result over no values is null, except for count and sum."""
    place = access.table(call, call.parameters.required_integer("catId"))
    operation = call.parameters.required("operation")
    if operation not in (COUNT, *NUMERIC):
        raise Refusal(
            "invalid_parameter", f"operation must be one of {', '.join((COUNT, *NUMERIC))}"
        )
    fields = fields_of(call, place.table_id)
    rows = selected_rows(call, place.table_id, fields, view=view_of(call, place.table_id))
    field_id = call.parameters.integer("fieldId", "field_id")
    answer: JsonObject = {"catId": place.table_id, "operation": operation}
    result: float | None
    if not field_id:
        if operation != COUNT:
            raise Refusal("missing_parameter", f"{operation} needs the parameter fieldId")
        result = len(rows)
    else:
        field = field_named(fields, field_id)
        renderer = Renderer(call, fields, rows)
        answer["fieldId"] = field_id
        if operation == COUNT:
            result = sum(bool(renderer.text(row["id"], field)) for row in rows)
        else:
            if field.type not in NUMBERS:
                raise Refusal("invalid_parameter", f"the field {field.name} holds no numbers")
            found = [renderer.number(row["id"], field) for row in rows]
            result = _numeric(operation, [value for value in found if value is not None])
    answer["result"] = str(result) if call.context.quirks and result is not None else result
    return answer | {"sstamp": next_stamp(call.context)}


def _numeric(operation: str, values: list[float]) -> float | None:
    if operation == "sum":
        return _tidy(sum(values))
    if not values:
        return None
    if operation == "average":
        return _tidy(sum(values) / len(values))
    return _tidy(min(values) if operation == "min" else max(values))


def _tidy(value: float) -> float:
    """Without the dust of binary fractions; whole numbers as such."""
    rounded = round(float(value), 6)
    return int(rounded) if rounded.is_integer() else rounded


def _pivot_values(call: Call) -> JsonObject:
    """A summary table, named by its catId: a row for each value of the vertical field, a column
    for each value of the horizontal one."""
    place = access.table(call, call.parameters.required_integer("catId", "pivotId"))
    pivot = pivot_of(place.table)
    if pivot is None:
        raise Refusal("invalid_parameter", f"the table {place.table['name']} is no pivot table")
    fields = fields_of(call, pivot.source)
    across, down = field_named(fields, pivot.horizontal), field_named(fields, pivot.vertical)
    summed = None if pivot.value is None else field_named(fields, pivot.value)
    rows = all_rows(call, pivot.source)
    renderer = Renderer(call, fields, rows)
    cells: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        place_of = renderer.text(row["id"], down), renderer.text(row["id"], across)
        cells[place_of] += 1 if summed is None else renderer.number(row["id"], summed) or 0.0
    columns = sorted({column for _, column in cells})
    names = sorted({name for name, _ in cells})
    lines: list[JsonObject] = [
        {
            "name": name,
            "values": [_tidy(cells.get((name, column), 0.0)) for column in columns],
            "total": _tidy(sum(cells.get((name, column), 0.0) for column in columns)),
        }
        for name in names
    ]
    return {
        "catId": place.table_id,
        "pivotValues": {
            "pivot_id": pivot.id,
            "p_catid": pivot.source,
            "columns": columns,
            "rows": lines,
            "totals": [
                _tidy(sum(cells.get((name, column), 0.0) for name in names)) for column in columns
            ],
        },
        "sstamp": next_stamp(call.context),
    }


def _render_smart_text(call: Call) -> JsonObject:
    """The template of a smart text field with the row's values; HTML, with the values escaped."""
    row_id = call.parameters.required_integer("rowId")
    field_id = call.parameters.required_integer("fieldId")
    place = access.cell(call, row_id, field_id)
    fields = fields_of(call, place.table_id)
    field = field_named(fields, field_id)
    if field.type != "smarttext":
        raise Refusal("invalid_parameter", f"the field {field.name} is no smart text")
    text = Renderer(call, fields, [access.row(call, row_id)]).smart_text(row_id, field)
    lines = "<br>".join(escape(line) for line in text.splitlines())
    return {
        "rowId": row_id,
        "fieldId": field_id,
        "text": text,
        "html": f"<p>{lines}</p>",
        "sstamp": next_stamp(call.context),
    }


OPERATIONS = {
    "computeTableOperation": Operation(_compute, room="tables"),
    "getTablePivotValues": Operation(_pivot_values, room="tables"),
    "renderSmartTextField": Operation(_render_smart_text, room="tables"),
}
