"""Cells from the store to the wire.

Source: reference TimeTonic, 5.2 (table of types). Where it says that an encoding is not public,
the plain form here is: date "YYYY-MM-DD", with time "YYYY-MM-DD HH:MM:SS" (local, Paris),
boolean true/false, numbers as JSON numbers; quirks turn them into unix seconds, 0/1 and digits.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from tui.embedded.timetonic.call import Call
from tui.embedded.timetonic.definitions import NUMBERS, PLAIN_TEXT, Field
from tui.embedded.timetonic.envelope import JsonObject, from_paris
from tui.embedded.timetonic.files import FILE_COLUMNS, cell_file
from tui.embedded.timetonic.history import activities
from tui.embedded.timetonic.row_pages import marks, parts

_OBJECT = msgspec.json.Decoder(dict[str, object])


AS_STORED = PLAIN_TEXT | {"boolean", "date"}
"""Types whose cells are read as they are stored: they have no text beside their value."""


def number_text(value: float, field: Field) -> str:
    """A number in the field's numformat and numlang: 1234.5 with "0.00" and "fr" is 1 234,50."""
    return _number_writer(field)(value)


def _number_writer(field: Field) -> Callable[[float], str]:
    numformat = str(field.options.get("numformat") or "")
    if not numformat:
        return _plain
    form = f",.{len(numformat.partition('.')[2])}f"
    if field.options.get("numlang") == "fr":
        return lambda value: format(value, form).translate(_FRENCH)
    return lambda value: format(value, form)


_FRENCH = str.maketrans({",": "\u202f", ".": ","})


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def stored(text: str) -> JsonObject:
    """The cells of a row as it keeps them, by the ids of their fields."""
    try:
        return _OBJECT.decode(text)
    except msgspec.DecodeError:
        # Python writes numbers that JSON has none for, and reads them again.
        return dict(json.loads(text))


_NAMED = re.compile(r"\{\{([^{}]*)\}\}")
"""A name in a template, for which the value of that field stands."""

FEW = 3
"""So many fields of a row are had sooner without making the others."""


@lru_cache(maxsize=32)
def _reader_of(keys: tuple[str, ...]) -> Callable[[str], JsonObject]:
    """As `stored`, with no more than the cells under some keys where those are few."""
    if len(keys) > FEW:
        return stored
    names = [(f"cell_{place}", object, msgspec.field(name=key, default=None))
             for place, key in enumerate(keys)]  # fmt: skip
    decoder = msgspec.json.Decoder(msgspec.defstruct("Cells", names, gc=False))

    def read(text: str) -> JsonObject:
        try:
            return dict(zip(keys, msgspec.structs.astuple(decoder.decode(text)), strict=True))
        except msgspec.DecodeError:
            return stored(text)

    return read


class Renderer:
    """Shows cells of some rows; what it needs from other tables it fetches once."""

    def __init__(
        self,
        call: Call,
        fields: Sequence[Field],
        rows: Sequence[sqlite3.Row],
        *,
        max_comments: int | None = None,
        skip_file_check: bool = False,
    ) -> None:
        self._call = call
        self._fields = fields
        self._quirks = call.context.quirks
        self._skip_file_check = skip_file_check
        self._max_comments = max_comments
        read = _reader_of(tuple(dict.fromkeys(field.key for field in fields)))
        self.cells: dict[int, JsonObject] = {row["id"]: read(row["cells"]) for row in rows}
        ids = list(self.cells)
        types = {field.type for field in fields}
        self._names = self._linked_names() if "link" in types else {}
        self._files = self._cell_files(ids) if types & {"file", "files"} else {}
        self._templates: dict[int, list[str | Field]] = {}
        self._comments = self._cell_comments(ids) if "comments" in types else {}
        self._activities = activities(call, ids) if "activity" in types else {}

    def text(self, row_id: int, field: Field) -> str:
        """What a person reads in the cell."""
        raw = self.cells[row_id].get(field.key)
        if field.type == "link":
            return ", ".join(name for _, name in self._links(raw))
        if field.type in NUMBERS and isinstance(raw, int | float):
            return number_text(raw, field)
        if field.type == "boolean":
            return "" if raw is None else str(bool(raw)).lower()
        if field.type == "smarttext":
            return self.smart_text(row_id, field)
        if field.type in ("file", "files"):
            return ", ".join(file["name"] for file in self._files.get((row_id, field.id), []))
        if field.type == "activity":
            return str(self._activities.get(row_id, {}).get("text", ""))
        if field.type == "comments":
            found = self._comments.get((row_id, field.id), [])
            return str(found[-1]["text"]) if found else ""
        return "" if raw is None else str(raw)

    def number(self, row_id: int, field: Field) -> float | None:
        """The cell as a number, None when it holds none."""
        raw = self.cells[row_id].get(field.key)
        return float(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else None

    def row_name(self, row_id: int) -> str:
        """The title of a row: its first column."""
        return self.text(row_id, self._fields[0]) if self._fields else ""

    def cell(self, row_id: int, field: Field) -> JsonObject:
        """{value, text?}: `text` only where what is read differs from the value."""
        value = self._value(row_id, field)
        shown: JsonObject = {"value": value}
        if value is None:
            return shown
        text = self.text(row_id, field)
        if text != value and not (field.type == "boolean" or text == str(value)):
            shown["text"] = text
        return shown

    def column(self, field: Field) -> list[JsonObject]:
        """The cells of a field, each with the id of its row; as `cell` shows them, at once."""
        key, stored = field.key, self.cells.items()
        if field.type == "smarttext":
            # Its text is its value.
            return [{"id": row, "value": self.smart_text(row, field)} for row in self.cells]
        if self._quirks and field.type not in PLAIN_TEXT:
            return [{"id": row_id, **self.cell(row_id, field)} for row_id in self.cells]
        if field.type in AS_STORED:
            return [{"id": row_id, "value": cells.get(key)} for row_id, cells in stored]
        if field.type in NUMBERS:
            return self._numbers(field)
        if field.type == "link":
            return [self._link_cell(row_id, cells.get(key)) for row_id, cells in stored]
        return [{"id": row_id, **self.cell(row_id, field)} for row_id in self.cells]

    def _numbers(self, field: Field) -> list[JsonObject]:
        written, key = _number_writer(field), field.key
        column: list[JsonObject] = []
        for row_id, cells in self.cells.items():
            value = cells.get(key)
            cell: JsonObject = {"id": row_id, "value": value}
            if isinstance(value, int | float):
                text = written(value)
                if text != str(value):
                    cell["text"] = text
            column.append(cell)
        return column

    def _link_cell(self, row_id: int, raw: object) -> JsonObject:
        links = self._links(raw) if raw else None
        if not links:
            return {"id": row_id, "value": None}
        value = [{"row_id": found, "value": name} for found, name in links]
        return {"id": row_id, "value": value, "text": ", ".join([name for _, name in links])}

    def smart_text(self, row_id: int, field: Field) -> str:
        """The field's template with the row's own values in place of {{names}}."""
        parts = self._templates.get(field.id)
        if parts is None:
            parts = self._templates[field.id] = self._parts_of(field)
        return "".join([
            part if isinstance(part, str) else self.text(row_id, part) for part in parts
        ])  # fmt: skip

    def _parts_of(self, field: Field) -> list[str | Field]:
        """What stands in a template as it is, and the fields whose values stand between."""
        others = {other.name: other for other in self._fields if other.type != "smarttext"}
        pieces = _NAMED.split(str(field.options.get("template", "")))
        return [
            piece if place % 2 == 0 else others.get(piece.strip(), "")
            for place, piece in enumerate(pieces)
        ]

    def _value(self, row_id: int, field: Field) -> object:
        raw = self.cells[row_id].get(field.key)
        if field.type == "link":
            return [{"row_id": found, "value": name} for found, name in self._links(raw)] or None
        if field.type in ("file", "files"):
            found = self._files.get((row_id, field.id), [])
            return [self._file(file) for file in found] or None
        if field.type == "comments":
            return self._comment_value(row_id, field)
        if field.type == "activity":
            return self._activities.get(row_id, {}).get("value")
        if field.type == "smarttext":
            return self.smart_text(row_id, field)
        if raw is None:
            return None
        return self._quirky(raw, field, row_id) if self._quirks else raw

    def _quirky(self, raw: object, field: Field, row_id: int) -> object:
        """The encodings of which no public sample says which one is real."""
        if field.type == "boolean":
            return ("1" if raw else "0") if row_id % 2 else int(bool(raw))
        if field.type in NUMBERS:
            return str(raw)
        if field.type == "date" and field.with_time:
            return from_paris(str(raw))
        return raw

    def _links(self, raw: object) -> list[tuple[int, str]]:
        if not isinstance(raw, list):
            return []
        # A row that was deleted is no longer linked to.
        return [(found, self._names[found]) for found in raw if found in self._names]

    def _linked_names(self) -> dict[int, str]:
        keys = [field.key for field in self._fields if field.type == "link"]
        wanted: set[int] = set()
        for cells in self.cells.values():
            for key in keys:
                linked = cells.get(key)
                if isinstance(linked, list):
                    wanted.update(linked)
        return row_names(self._call, sorted(wanted))

    def _cell_files(self, ids: list[int]) -> dict[tuple[int, int], list[sqlite3.Row]]:
        found: dict[tuple[int, int], list[sqlite3.Row]] = defaultdict(list)
        for part in parts(ids):
            for row in self._call.read(
                f"SELECT {FILE_COLUMNS} FROM timetonic_file"
                f" WHERE row_id IN ({marks(part)}) ORDER BY id",
                *part,
            ):
                found[row["row_id"], row["field_id"]].append(row)
        return found

    def _file(self, row: sqlite3.Row) -> JsonObject:
        return cell_file(self._call, row, readable=self._skip_file_check)

    def _cell_comments(self, ids: list[int]) -> dict[tuple[int, int], list[sqlite3.Row]]:
        found: dict[tuple[int, int], list[sqlite3.Row]] = defaultdict(list)
        for part in parts(ids):
            for row in self._call.read(
                f"SELECT * FROM timetonic_comment WHERE row_id IN ({marks(part)})"
                " AND NOT deleted ORDER BY id",
                *part,
            ):
                found[row["row_id"], row["field_id"]].append(row)
        return found

    def _comment_value(self, row_id: int, field: Field) -> JsonObject | None:
        """Not in public samples: {last, total, comments}, by analogy with the activity field."""
        found = self._comments.get((row_id, field.id), [])
        if not found:
            return None
        shown = [comment_object(row) for row in found]
        value: JsonObject = {"last": shown[-1], "total": len(shown)}
        if self._max_comments:
            value["comments"] = shown[-self._max_comments :]
        return value


def comment_object(row: sqlite3.Row) -> JsonObject:
    """One comment of a cell, in the short keys of the activity sample."""
    return {
        "id": row["id"],
        "m": row["text"],
        "c": row["created"],
        "lastModified": row["modified"],
        "s": row["sstamp"],
        "u": {"c": row["user"], "n": row["user"], "s": row["sstamp"]},
    }


def row_names(call: Call, ids: Sequence[int]) -> dict[int, str]:
    """Titles of rows of any tables: the text of each one's first column."""
    names: dict[int, str] = {}
    for part in parts(ids):
        for row in call.read(
            "SELECT r.id, r.cells, (SELECT f.id FROM timetonic_field f"
            " WHERE f.table_id = r.table_id ORDER BY f.position, f.id LIMIT 1) AS title"
            f" FROM timetonic_row r WHERE r.id IN ({marks(part)}) AND NOT r.deleted",
            *part,
        ):
            value = stored(row["cells"]).get(str(row["title"]))
            names[row["id"]] = "" if value is None else str(value)
    return names
