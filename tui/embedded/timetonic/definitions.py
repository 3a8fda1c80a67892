"""Fields, views and tables as the store has them and as the wire shows them.

Source: reference TimeTonic, 5.1 and 5.2; data fetchTableValues.json, whose key order and types
are kept (readOnly 0/1, notifActiv "0", forbidDeleteRow bool, table sstamp as a string).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from tui.embedded.timetonic.call import Call
from tui.embedded.timetonic.envelope import JsonObject, Refusal, paris_text

PLAIN_TEXT = frozenset({"shorttext", "mediumtext", "email", "phone", "url"})
NUMBERS = frozenset({"int", "double"})
SHORT_LIMIT = 255
TEXT_LIMIT = 65_535
LINK_LIMIT = 200
BIGGEST_INTEGER = 2**53
COMPUTED = frozenset({"comments", "activity", "file", "files", "smarttext"})
"""Types whose value is not written with the row. `smarttext` is an assumed name: the API's name
of that column type is not public."""


@dataclass(frozen=True)
class Field:
    """A column."""

    id: int
    table_id: int
    position: int
    name: str
    code: str | None
    fixed_code: str
    description: str | None
    type: str
    options: JsonObject
    read_only: bool
    last_increment: int | None
    modified: int

    @property
    def key(self) -> str:
        """The name of the cell inside a row's stored object."""
        return str(self.id)

    @property
    def with_time(self) -> bool:
        """A date that also has a time of day."""
        return bool(self.options.get("timeAndDate"))

    @property
    def choices(self) -> list[str]:
        """The values of a select, empty for other fields."""
        listed = self.options.get("choices")
        return [str(pair[0]) for pair in listed] if isinstance(listed, list) else []

    @property
    def link_table(self) -> int:
        """The table that a link field points to, 0 for other fields."""
        found = self.options.get("link", 0)
        return found if isinstance(found, int) else 0


def field_of(row: sqlite3.Row) -> Field:
    """A column from its stored row."""
    return Field(
        id=row["id"],
        table_id=row["table_id"],
        position=row["position"],
        name=row["name"],
        code=row["code"],
        fixed_code=row["fixed_code"],
        description=row["description"],
        type=row["type"],
        options=json.loads(row["options"]),
        read_only=bool(row["read_only"]),
        last_increment=row["last_increment"],
        modified=row["modified"],
    )


def fields_of(call: Call, table_id: int) -> list[Field]:
    """The columns of a table in their order; the first is the row's title."""
    rows = call.read(
        "SELECT * FROM timetonic_field WHERE table_id = ? ORDER BY position, id", table_id
    )
    return [field_of(row) for row in rows]


def field_named(fields: Sequence[Field], field_id: int) -> Field:
    """One of the fields. Raises Refusal when the table has no such."""
    for found in fields:
        if found.id == field_id:
            return found
    raise Refusal("not_found", f"the table has no field {field_id}")


def length_limit(field: Field) -> int:
    """Characters that a text of the field holds at most."""
    return TEXT_LIMIT if field.type == "mediumtext" else SHORT_LIMIT


def limits_of(field: Field) -> JsonObject:
    """What the cells of a field take at most; the limits are this program's assumption."""
    if field.type in PLAIN_TEXT:
        return {"length": length_limit(field)}
    if field.type == "int":
        return {"largest": BIGGEST_INTEGER}
    return {"rows": LINK_LIMIT} if field.type == "link" else {}


def field_object(call: Call, field: Field, *, enums: bool = True) -> JsonObject:
    """A field without its values."""
    select = bool(field.choices)
    shown: JsonObject = {
        "id": field.id,
        "group_id": None,
        "name": field.name,
        "code": field.code,
        "fixed_code": field.fixed_code,
        "description": field.description,
        "type": field.type,
        "ctype": "",
        "order": field.position,
        "defaultDay": False,
        "defaultValueConfig": 0,
        "notifActiv": "0",
        "timeAndDate": field.with_time,
        "textFormat": 0,
        "codeScan": False,
        "lastIncrement": field.last_increment,
        "pixelWidth": field.options.get("pixelWidth", 150),
        "mobTitle": field.position == 1,
        "mobLargeColNb": 1,
        "mobSmallColNb": 1,
        "numformat": field.options.get("numformat"),
        "numlang": field.options.get("numlang"),
    }
    if field.type == "date":
        shown["dateFormat"] = field.options.get("dateFormat", "YYYY-MM-DD")
    shown |= {
        "default_field_restriction": "0",
        "section": field.options.get("section"),
        "activePresentation": 1,
        "linkPresentation": 2,
        "addLinkViewId": None,
        "sysFunc": None,
        "tplUrl": None,
        "lastModified": paris_text(field.modified),
        "hasRestrictions": False,
    }
    if select and enums:
        shown["enumColors"] = {
            "values": _choice_colors(field),
            "strict": bool(field.options.get("strict")),
            "displayColors": True,
        }
        shown["masks"] = [{"value": value, "mask": None} for value in field.choices]
    if field.link_table:
        shown["link"] = _link_object(call, field)
    if field.options.get("required"):
        shown["required"] = True
    if limits := limits_of(field):
        # Real answers tell none: who brings in a file may know here before it is sent.
        shown["limits"] = limits
    if field.type in ("comments", "activity"):
        shown["notifSubscribe"] = _subscriptions() if field.type == "activity" else None
    return shown


def _choice_colors(field: Field) -> list[JsonObject]:
    listed = field.options.get("choices")
    pairs = listed if isinstance(listed, list) else []
    return [{"value": pair[0], "color": pair[1]} for pair in pairs]


def _link_object(call: Call, field: Field) -> JsonObject:
    row = call.one("SELECT name FROM timetonic_table WHERE id = ?", field.link_table)
    return {
        "category": {"id": field.link_table, "name": "" if row is None else row["name"]},
        "multiple": bool(field.options.get("multiple")),
    }


def _subscriptions() -> JsonObject:
    return {
        "notif": {"type": 0},
        "message": {"type": 0, "activityFieldSelection": []},
        "mail": {"type": 0},
    }


def finish_field(shown: JsonObject, field: Field, values: list[JsonObject]) -> JsonObject:
    """Values and what stands behind them in the real answer."""
    shown["values"] = values
    if field.type in ("comments", "activity"):
        shown["unread"] = 0
    shown["readOnly"] = int(field.read_only)
    return shown


def views_of(call: Call, table_id: int) -> list[sqlite3.Row]:
    """The saved views; the first is the default one."""
    return call.read("SELECT * FROM timetonic_view WHERE table_id = ? ORDER BY id", table_id)


def view_object(view: sqlite3.Row, fields: list[Field]) -> JsonObject:
    """A saved view. `token` is there only when the view is shared by link: where the real
    service tells the token is not public."""
    title = fields[0].id if fields else None
    shown: JsonObject = {
        "id": view["id"],
        "default_row_id": None,
        "name": view["name"],
        "description": view["description"],
        "presentation": view["presentation"],
        "locked": False,
        "restrictions": [],
        "calendar": {
            "display_field_id": title,
            "start_field_id": view["calendar_start"],
            "end_field_id": view["calendar_end"],
            "co_field_id": None,
        },
        "gantt": {
            "text_field_id": None,
            "dateConfig": {"type": 1, "start_date_field_id": None, "duration_field_id": None},
            "projectConfig": {"type": 0},
            "parentConfig": {"type": 0},
            "userConfig": {"field_id": None},
            "scale": 1,
        },
        "scheduler": {
            "display_field_id": None,
            "group_by_field_id": None,
            "start_field_id": None,
            "end_field_id": None,
            "color_field_id": None,
            "startDate": "3",
            "scale": "1",
        },
        "map": {"location_field_id": None, "display_field_id": None, "color_field_id": None},
        "grid": {"rowDisplay": None},
        "card": {
            "hz_field_id": title,
            "layout": 1,
            "title_field_id": None,
            "co_field_id": None,
            "free_order": 0,
        },
        "filterGroup": None if view["filter_group"] is None else json.loads(view["filter_group"]),
        "applyHiddenFieldsInRowEdit": True,
        "linkViewIds": [],
    }
    if view["token"] is not None:
        shown["token"] = view["token"]
    return shown


@dataclass(frozen=True)
class Pivot:
    """A summary table: which table it is made of, and its two directions."""

    id: int
    source: int
    horizontal: int
    vertical: int
    value: int | None
    """The field that is summed; None counts rows."""


def pivot_of(table: sqlite3.Row) -> Pivot | None:
    """The settings of a summary table, None for an ordinary one."""
    return None if table["pivot"] is None else Pivot(**json.loads(table["pivot"]))


def table_object(table: sqlite3.Row, views: list[JsonObject], count: int) -> JsonObject:
    """A category up to its fields."""
    pivot = pivot_of(table)
    return {
        "id": table["id"],
        "name": table["name"],
        "code": table["code"],
        "description": table["description"],
        "order": None,
        "fpAutoExport": True,
        "mobLargeColNb": 4,
        "mobSmallColNb": 3,
        "pivot_id": None if pivot is None else pivot.id,
        "p_catid": None if pivot is None else pivot.source,
        "locked": table["locked"],
        "default_row_id": None,
        "tplUrl": None,
        "cssUrl": None,
        "cssStamp": 0,
        "sysFunc": None,
        "triggerUpdateUrl": None,
        "customCss": None,
        "lastModified": paris_text(table["modified"]),
        "sstamp": str(table["modified"]),
        "pivot_catid": None if pivot is None else pivot.source,
        "p_field_hz": None if pivot is None else pivot.horizontal,
        "p_field_vt": None if pivot is None else pivot.vertical,
        "p_field_va": None if pivot is None else pivot.value,
        "p_field_co": None,
        "p_des": None,
        "p_dee": None,
        "p_src_tab_id": None,
        "rowDisplay": None,
        "isAverageCalculation": None if pivot is None else False,
        "columnPixelWidth": None,
        "firstColumnWidth": None,
        "groups": [],
        "prefs": {"link_presentation": 2},
        "views": views,
        "selectedViewId": views[0]["id"] if views else None,
        "totalRowCount": count,
        "forbidAddRow": table["forbid_add"],
        "forbidDeleteRow": bool(table["forbid_delete"]),
    }
