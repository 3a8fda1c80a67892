"""Table values: getTableValues, getNamedTableValues, getTableValueSubset, getReferenceFieldValues.

Source: reference TimeTonic, 5.3 and 5.4; data fetchTableValues.json.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from tui.embedded.timetonic import access
from tui.embedded.timetonic.access import Place
from tui.embedded.timetonic.call import Call, Operation, next_stamp
from tui.embedded.timetonic.cells import Renderer
from tui.embedded.timetonic.definitions import (
    Field,
    field_named,
    field_object,
    fields_of,
    finish_field,
    table_object,
    view_object,
    views_of,
)
from tui.embedded.timetonic.envelope import JsonObject, Refusal
from tui.embedded.timetonic.filters import page_of_rows
from tui.embedded.timetonic.row_pages import row_count

DEFAULT_ROWS = 100
MOST_ROWS = 10_000

TABLE_FORMATS = ("columns", "rows")


@dataclass(frozen=True)
class Page:
    """One page of a table."""

    place: Place
    fields: list[Field]
    shown: list[Field]
    """The fields that were asked for."""
    rows: list[sqlite3.Row]
    offset: int
    view: sqlite3.Row | None

    def renderer(self, call: Call) -> Renderer:
        """Cells of this page."""
        return Renderer(
            call,
            self.fields,
            self.rows,
            max_comments=call.parameters.count("maxComments", default=10, most=200),
            skip_file_check=call.parameters.flag("skipAuthorizationForFiles"),
        )


def _get_table_values(call: Call) -> JsonObject:
    place = _by_tab(call) or access.table(call, call.parameters.required_integer("catId"))
    fields = fields_of(call, place.table_id)
    wanted = call.parameters.integers("fieldIds")
    shown = fields if wanted is None else [field_named(fields, field) for field in wanted]
    return {
        "tableValues": table_values(call, read_page(call, place, fields, shown)),
        "sstamp": next_stamp(call.context),
    }


def _get_named_table_values(call: Call) -> JsonObject:
    """As getTableValues, by the sync codes of table and fields; b_c says in which book."""
    book = access.book(call)
    access.require_api_right(book)
    code = call.parameters.required("catCode")
    found = call.one(
        "SELECT id FROM timetonic_table WHERE book_id = ? AND code = ?", book["id"], code
    )
    if found is None:
        raise Refusal("not_found", f"the book {book['b_c']} has no table with the code {code}")
    place = access.table(call, found["id"])
    fields = fields_of(call, place.table_id)
    shown = _by_codes(fields, _codes(call)) or fields
    return {
        "tableValues": table_values(call, read_page(call, place, fields, shown)),
        "sstamp": next_stamp(call.context),
    }


def _codes(call: Call) -> list[str]:
    asked = call.parameters.values.get("fieldCodes", "")
    if isinstance(asked, str) and not asked.lstrip().startswith("["):
        return [code.strip() for code in asked.split(",") if code.strip()]
    listed = call.parameters.structure("fieldCodes")
    items = list(listed.values()) if isinstance(listed, dict) else listed
    if not isinstance(items, list):
        raise Refusal("invalid_parameter", "fieldCodes must be an array of codes")
    return [str(item) for item in items]


def _by_codes(fields: list[Field], codes: list[str]) -> list[Field]:
    found: list[Field] = []
    for code in codes:
        # The immutable code first, then the one that a person set.
        named = [field for field in fields if field.fixed_code == code] or [
            field for field in fields if field.code == code
        ]
        if not named:
            raise Refusal("not_found", f"the table has no field with the code {code[:80]}")
        found.append(named[0])
    return found


def _by_tab(call: Call) -> Place | None:
    """The table of a tab, when only the tab is named."""
    if call.parameters.has("catId"):
        return None
    tab = tab_of(call)
    return None if tab is None else access.table(call, tab["table_id"])


def tab_of(call: Call) -> sqlite3.Row | None:
    """The tab that tabId (older: tab_id) names. Raises Refusal when there is no such."""
    tab_id = call.parameters.integer("tabId", "tab_id")
    if not tab_id:
        return None
    tab = call.one("SELECT * FROM timetonic_tab WHERE id = ?", tab_id)
    if tab is None:
        raise Refusal("not_found", f"there is no tab {tab_id}")
    return tab


def view_of(call: Call, table_id: int) -> sqlite3.Row | None:
    """The saved view that viewId (older: view_id) or the tab names."""
    view_id = call.parameters.integer("viewId", "view_id")
    if not view_id:
        tab = tab_of(call)
        view_id = 0 if tab is None else int(tab["view_id"] or 0)
    if not view_id:
        return None
    view = call.one("SELECT * FROM timetonic_view WHERE id = ?", view_id)
    if view is None or view["table_id"] != table_id:
        raise Refusal("not_found", f"the table has no view {view_id}")
    return view


def read_page(call: Call, place: Place, fields: list[Field], shown: list[Field]) -> Page:
    """The rows from offset on, maxRows of them. Raises Refusal."""
    view = view_of(call, place.table_id)
    offset = call.parameters.count("offset", default=0, most=2**40)
    size = call.parameters.count("maxRows", default=DEFAULT_ROWS, most=MOST_ROWS)
    rows = page_of_rows(call, place.table_id, fields, view=view, offset=offset, size=size).rows
    return Page(place, fields, shown, rows, offset, view)


def table_values(call: Call, page: Page) -> JsonObject:
    """The category object with its values, in columns (the default) or rows."""
    form = call.parameters.text("format", default="columns")
    if form not in TABLE_FORMATS:
        raise Refusal("invalid_parameter", f"format must be one of {', '.join(TABLE_FORMATS)}")
    renderer = page.renderer(call)
    stored = views_of(call, page.place.table_id)
    if not call.parameters.flag("getAllViews", default=True):
        stored = [page.view] if page.view is not None else stored[:1]
    views = [view_object(view, page.fields) for view in stored]
    values = table_object(page.place.table, views, row_count(call, page.place.table_id))
    if page.view is not None:
        values["selectedViewId"] = page.view["id"]
    if form == "rows":
        values["fields"] = [
            finish_field(field_object(call, field), field, []) for field in page.shown
        ]
        values["rows"] = [
            {"id": row["id"], "fields": _by_name(renderer, row["id"], page.shown)}
            for row in page.rows
        ]
    else:
        values["fields"] = [
            finish_field(field_object(call, field), field, renderer.column(field))
            for field in page.shown
        ]
    values["rowInfos"] = _row_infos(page)
    # 0 is what the newest saved answer has, whatever the number of rows.
    values["rowInfosLength"] = 0
    values["hiddenFields"] = []
    if call.parameters.flag("getDependencies"):
        values["dependencies"] = _dependencies(call, page.shown)
    return values


def _by_name(renderer: Renderer, row_id: int, fields: list[Field]) -> JsonObject:
    """Keyed by field name, which is why the rows format loses one of two fields of one name."""
    return {field.name: renderer.cell(row_id, field) for field in fields}


def _row_infos(page: Page) -> JsonObject | list[object]:
    if not page.rows:
        return []
    infos: JsonObject = {}
    for index, row in enumerate(page.rows, page.offset):
        row_id, order, token = row["id"], row["position"], row["token"]
        info: JsonObject = {"order": order, "index": index}
        if token is not None:
            info["token"] = token
        infos[str(row_id)] = info
    return infos


def _dependencies(call: Call, fields: list[Field]) -> list[JsonObject]:
    """The tables that the shown link fields point to; the real shape is not public."""
    return [
        {
            "fieldId": field.id,
            "catId": field.link_table,
            "rowCount": row_count(call, field.link_table),
        }
        for field in fields
        if field.link_table
    ]


def _get_table_value_subset(call: Call) -> JsonObject:
    """One array of texts a row, in the order of rowIds and fieldIds (the documented answer does
    not say which way round)."""
    place = access.table(call, call.parameters.required_integer("catId"))
    fields = fields_of(call, place.table_id)
    wanted = call.parameters.integers("fieldIds")
    ids = call.parameters.integers("rowIds")
    if wanted is None or ids is None:
        missing = "fieldIds" if wanted is None else "rowIds"
        raise Refusal("missing_parameter", f"parameter {missing} is missing")
    shown = [field_named(fields, field) for field in wanted]
    rows = {row_id: access.row(call, row_id) for row_id in ids}
    for row_id, row in rows.items():
        if row["table_id"] != place.table_id:
            raise Refusal("not_found", f"the row {row_id} is in another table")
    renderer = Renderer(call, fields, list(rows.values()))
    return {
        "catId": place.table_id,
        "tableValues": [[renderer.text(row_id, field) for field in shown] for row_id in rows],
        "sstamp": next_stamp(call.context),
    }


def _get_reference_field_values(call: Call) -> JsonObject:
    """What may be chosen in a field: rows of the linked table, or the values of a select. The
    shape of the answer is this program's assumption."""
    field_id = call.parameters.required_integer("fieldId")
    place = access.table_of_field(call, field_id)
    field = field_named(fields_of(call, place.table_id), field_id)
    offset = call.parameters.count("offset", default=0, most=2**40)
    size = call.parameters.count("maxRows", default=DEFAULT_ROWS, most=MOST_ROWS)
    values: list[JsonObject]
    if field.link_table:
        linked = fields_of(call, field.link_table)
        view = view_of(call, field.link_table)
        found = page_of_rows(call, field.link_table, linked, view=view, offset=offset, size=size)
        total = found.total
        renderer = Renderer(call, linked[:1], found.rows)
        values = [
            {"row_id": row["id"], "value": renderer.row_name(row["id"])} for row in found.rows
        ]
    elif field.choices:
        total = len(field.choices)
        values = [{"value": value} for value in field.choices[offset : offset + size]]
    else:
        raise Refusal("invalid_parameter", f"the field {field.name} refers to nothing")
    return {
        "fieldId": field_id,
        "catId": field.link_table or place.table_id,
        "referenceValues": values,
        "totalRowCount": total,
        "sstamp": next_stamp(call.context),
    }


OPERATIONS = {
    "getTableValues": Operation(_get_table_values, room="tables"),
    "getNamedTableValues": Operation(_get_named_table_values, room="tables"),
    "getTableValueSubset": Operation(_get_table_value_subset, room="tables"),
    "getReferenceFieldValues": Operation(_get_reference_field_values, room="tables"),
}
