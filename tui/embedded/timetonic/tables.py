"""getBookTables: the tables, tabs, views and fields of a book.

Source: reference TimeTonic, 5.1.
"""

from __future__ import annotations

import sqlite3

from tui.embedded.timetonic import access
from tui.embedded.timetonic.call import Call, Operation, next_stamp
from tui.embedded.timetonic.definitions import (
    field_object,
    fields_of,
    finish_field,
    table_object,
    view_object,
    views_of,
)
from tui.embedded.timetonic.envelope import JsonObject
from tui.embedded.timetonic.filters import view_row_ids
from tui.embedded.timetonic.row_pages import row_count


def _get_book_tables(call: Call) -> JsonObject:
    book = access.book(call)
    access.require_api_right(book)
    parameters = call.parameters
    android = parameters.text("format") == "android"
    with_fields = parameters.flag("includeFields")
    with_rows = android and with_fields and parameters.flag("getRowIds")
    tabs = call.read(
        "SELECT t.*, c.book_id AS home FROM timetonic_tab t"
        " JOIN timetonic_table c ON c.id = t.table_id WHERE t.book_id = ? ORDER BY t.position",
        book["id"],
    )
    if not parameters.flag("externViews"):
        tabs = [tab for tab in tabs if tab["home"] == book["id"]]
    tables = call.read("SELECT * FROM timetonic_table WHERE book_id = ? ORDER BY id", book["id"])
    categories = [
        _category(call, table, with_fields=with_fields, with_rows=with_rows) for table in tables
    ]
    shown_tabs: list[JsonObject] = [
        {
            "id": tab["id"],
            "category_id": tab["table_id"],
            "view_id": tab["view_id"],
            "order": tab["position"],
            "hidden": bool(tab["hidden"]),
        }
        for tab in tabs
    ]
    form: JsonObject = {
        "id": book["form_id"],
        "name": f"{book['b_c']}.{book['b_o']}",
        "description": None,
        "creator": book["b_o"],
        "timetonic": False,
        "system": False,
        "public": False,
        "lastModified": book["form_modified"],
        "rights": {"modify": book["level"] >= access.CHANGE, "select": 1},
        "right": book["level"],
        "categories": categories,
        "lastTabId": tabs[0]["id"] if tabs else None,
    }
    answer: JsonObject = {"sstamp": next_stamp(call.context)}
    if android:
        return answer | {"bookTables": [form], "tabs": shown_tabs}
    return answer | {"bookTables": form | {"tabs": shown_tabs}}


def _category(call: Call, table: sqlite3.Row, *, with_fields: bool, with_rows: bool) -> JsonObject:
    fields = fields_of(call, table["id"])
    enums = call.parameters.flag("includeEnums", default=True)
    views: list[JsonObject] = []
    for view in views_of(call, table["id"]):
        shown = view_object(view, fields)
        if with_rows:
            shown["rowIds"] = view_row_ids(call, table["id"], fields, view)
        views.append(shown)
    category = table_object(table, views, row_count(call, table["id"]))
    category["fields"] = (
        [finish_field(field_object(call, field, enums=enums), field, []) for field in fields]
        if with_fields
        else []
    )
    return category | {"rowInfos": [], "rowInfosLength": 0, "hiddenFields": []}


OPERATIONS = {"getBookTables": Operation(_get_book_tables, room="tables")}
