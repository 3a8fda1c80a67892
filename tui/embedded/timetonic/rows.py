"""Rows without the table around them: listTableRowsById, and the deprecated getTableRows.

Source: reference TimeTonic, 5.3 and 5.4.
"""

from __future__ import annotations

import sqlite3

from tui.embedded.timetonic import access
from tui.embedded.timetonic.call import Call, Operation, next_stamp
from tui.embedded.timetonic.cells import Renderer
from tui.embedded.timetonic.definitions import (
    Field,
    field_object,
    fields_of,
    finish_field,
    table_object,
)
from tui.embedded.timetonic.envelope import JsonObject, Refusal, paris_text
from tui.embedded.timetonic.filters import selected_rows
from tui.embedded.timetonic.row_pages import row_count, rows_from, rows_of
from tui.embedded.timetonic.values import DEFAULT_ROWS, MOST_ROWS, view_of

ROW_FORMATS = ("rows", "columns", "diff_ready_rows")


def _list_table_rows_by_id(call: Call) -> JsonObject:
    """Rows with id and name; lastModifiedAfter, a server stamp, is the one documented way to
    read rows incrementally. What it deleted since then is told in deletedRowIds (assumed)."""
    place = access.table(call, call.parameters.required_integer("catId"))
    fields = fields_of(call, place.table_id)
    form = call.parameters.text("format", default="rows")
    if form not in ROW_FORMATS:
        raise Refusal("invalid_parameter", f"format must be one of {', '.join(ROW_FORMATS)}")
    since = call.parameters.integer("lastModifiedAfter")
    rows = selected_rows(
        call, place.table_id, fields, view=view_of(call, place.table_id), since=since
    )[: call.parameters.count("maxRows", default=MOST_ROWS, most=MOST_ROWS)]
    answer: JsonObject = {
        "catId": place.table_id,
        "tableRows": _formatted(call, fields, rows, form),
        "sstamp": next_stamp(call.context),
    }
    if since:
        answer["deletedRowIds"] = [
            row["id"]
            for row in call.read(
                "SELECT id FROM timetonic_row WHERE table_id = ? AND deleted AND sstamp > ?",
                place.table_id,
                since,
            )
        ]
    return answer


def _formatted(
    call: Call, fields: list[Field], rows: list[sqlite3.Row], form: str
) -> JsonObject | list[JsonObject]:
    renderer = Renderer(call, fields if form != "rows" else fields[:1], rows)
    if form == "columns":
        return {
            "ids": [row["id"] for row in rows],
            "fields": [
                {"id": field.id, "name": field.name, "values": renderer.column(field)}
                for field in fields
            ],
        }
    if form == "diff_ready_rows":
        return {
            str(row["id"]): {field.key: renderer.text(row["id"], field) for field in fields}
            for row in rows
        }
    return [
        {
            "id": row["id"],
            "name": renderer.row_name(row["id"]),
            "order": row["position"],
            "sstamp": row["sstamp"],
            "lastModified": paris_text(row["modified"]),
        }
        for row in rows
    ]


def row_object(call: Call, fields: list[Field], row: sqlite3.Row) -> JsonObject:
    """One row with its cells by field id."""
    renderer = Renderer(call, fields, [row])
    return {
        "id": row["id"],
        "name": renderer.row_name(row["id"]),
        "fields": {field.key: renderer.cell(row["id"], field) for field in fields},
    }


def _get_table_rows(call: Call) -> JsonObject:
    """Deprecated since 6.47; the shape of the answer is this program's assumption."""
    place = access.table(call, call.parameters.required_integer("catId"))
    fields = fields_of(call, place.table_id)
    wanted = call.parameters.integers("rowIds")
    size = call.parameters.count("pageSize", default=DEFAULT_ROWS, most=MOST_ROWS)
    page = max(1, call.parameters.integer("page", default=1))
    offset = (page - 1) * size
    if wanted is None:
        shown = rows_from(call, place.table_id, offset, size)
    else:
        shown = rows_of(call, place.table_id, wanted)[offset : offset + size]
    renderer = Renderer(call, fields, shown)
    answer: JsonObject = {
        "catId": place.table_id,
        "page": page,
        "pageSize": size,
        "totalRowCount": row_count(call, place.table_id),
        "tableRows": [
            {
                "id": row["id"],
                "name": renderer.row_name(row["id"]),
                "fields": {field.key: renderer.cell(row["id"], field) for field in fields},
            }
            for row in shown
        ],
        "sstamp": next_stamp(call.context),
    }
    if call.parameters.flag("getTableInfo"):
        info = table_object(place.table, [], row_count(call, place.table_id))
        info["fields"] = [finish_field(field_object(call, field), field, []) for field in fields]
        answer["tableInfo"] = info
    return answer


OPERATIONS = {
    "listTableRowsById": Operation(_list_table_rows_by_id, room="tables"),
    "getTableRows": Operation(_get_table_rows, room="tables"),
}
