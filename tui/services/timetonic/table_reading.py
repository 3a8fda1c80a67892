"""How answers about tables become records: columns turned into rows, both forms of bookTables.

Source: reference page, sections 5.1 to 5.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from tui.services.digits import whole
from tui.services.errors import ProtocolViolation
from tui.services.reading import Record, read, unreadable
from tui.services.timetonic.records import Attachment, FromText
from tui.services.timetonic.table_records import (
    BookTables,
    Cell,
    Comment,
    Comments,
    Field,
    ReferenceValue,
    ReferenceValues,
    RowList,
    Tab,
    Table,
    TableRow,
    TableValues,
)

Answer = Mapping[str, Any]


class LinkedRow(Record, frozen=True, kw_only=True):
    """One row that a link cell points to."""

    row_id: int
    value: str = ""


def read_book_tables(answer: Answer) -> BookTables:
    """All tables of a book.

    By default `bookTables` is one object; with format=android it is an array and `tabs`
    stands beside it.
    """
    found, tabs = answer.get("bookTables"), answer.get("tabs")
    if isinstance(found, list):
        forms = [item for item in found if isinstance(item, dict)]
        inner = [item for item in forms if "categories" in item]
        merged: dict[str, Any] = dict(inner[0]) if inner else {"categories": forms}
        merged["categories"] = [
            table for item in inner for table in _tables(item["categories"])
        ] or merged["categories"]
        found = merged
    if not isinstance(found, dict):
        raise unreadable("bookTables", "the tables of a book", found)
    if isinstance(tabs, (list, dict)):
        found = {**found, "tabs": list(tabs.values()) if isinstance(tabs, dict) else tabs}
    tables = _tables(found.get("categories"))
    at = "bookTables"
    rest = {name: item for name, item in found.items() if name not in ("categories", "tabs")}
    book: BookTables = read(BookTables, rest, at)
    read_tabs: list[Tab] = read(list[Tab], found.get("tabs"), f"{at}.tabs")
    return msgspec.structs.replace(
        book,
        tables=[read_table(item, f"{at}.categories[{n}]") for n, item in enumerate(tables)],
        tabs=read_tabs,
        sstamp=read(int | None, answer.get("sstamp"), "sstamp"),
    )


def _tables(value: Any) -> list[Any]:
    """The tables of `categories`, an array or an object of them; none if there is nothing."""
    tables = list(value.values()) if isinstance(value, dict) else value or []
    if not isinstance(tables, list):
        raise unreadable("bookTables.categories", "a list", tables)
    return tables


def read_table(value: Any, at: str) -> Table:
    """A table without the values of its fields."""
    if not isinstance(value, dict):
        raise unreadable(at, "a table", value)
    plain = {
        name: item for name, item in value.items() if name not in ("fields", "rows", "rowInfos")
    }
    fields = value.get("fields") or []
    if not isinstance(fields, list):
        raise unreadable(f"{at}.fields", "a list", fields)
    plain["fields"] = [
        {name: item for name, item in field.items() if name != "values"}
        if isinstance(field, dict)
        else field
        for field in fields
    ]
    table: Table = read(Table, plain, at)
    return table


def read_table_values(answer: Answer) -> TableValues:
    """A page of a table, in columns (the default) or rows (format=rows).

    In columns the order of rows is `index` in rowInfos, and cells are found by the row's id:
    the lists of values need not be equally long.
    """
    at = "tableValues"
    raw = answer.get(at)
    table = read_table(raw, at)
    assert isinstance(raw, dict)  # read_table has refused everything else
    stamp: int | None = read(int | None, answer.get("sstamp"), "sstamp")
    if "rows" in raw:
        rows = _read_rows(raw["rows"], table.fields, f"{at}.rows")
        return TableValues(table=table, rows=rows, sstamp=stamp)
    infos: dict[int, _RowInfo] = read(dict[int, _RowInfo], raw.get("rowInfos"), f"{at}.rowInfos")
    cells: dict[int, dict[int, Cell]] = {row_id: {} for row_id in infos}
    for position, field in enumerate(raw.get("fields") or []):
        place = f"{at}.fields[{position}].values"
        values = field.get("values") or []
        if not isinstance(values, list):
            raise unreadable(place, "a list", values)
        for index, value in enumerate(values):
            if not isinstance(value, dict):
                raise unreadable(f"{place}[{index}]", "a cell", value)
            row_id: int = read(int, value.get("id"), f"{place}[{index}].id")
            row_cells = cells.setdefault(row_id, {})
            row_cells[table.fields[position].id] = _cell(value, f"{place}[{index}]")
    unplaced = _RowInfo(index=len(cells))
    ordered = sorted(cells, key=lambda row_id: infos.get(row_id, unplaced).place(unplaced))
    title = table.fields[0].id if table.fields else 0
    rows = [
        TableRow(
            id=row_id,
            order=infos.get(row_id, unplaced).order,
            name=display(cells[row_id].get(title)),
            cells=cells[row_id],
        )
        for row_id in ordered
    ]
    return TableValues(table=table, rows=rows, sstamp=stamp)


def read_row_list(answer: Answer) -> RowList:
    """The answer to listTableRowsById, getTableRows and getTableRowByToken.

    Three formats are named (columns, rows, diff_ready_rows); only `id` and `name` of rows are
    public, everything else is read where it can be.
    """
    info = answer.get("tableInfo")
    table = None if info in (None, [], "") else read_table(info, "tableInfo")
    raw = answer.get("tableRows", answer.get("rows"))
    single = answer.get("tableRow")
    if raw is None and isinstance(single, dict):
        raw = [single]
    fields = table.fields if table else []
    if isinstance(raw, dict) and isinstance(raw.get("fields"), list):
        values = read_table_values({"tableValues": {"id": 0, **raw, "rowInfos": []}})
        rows = values.rows
    elif isinstance(raw, dict):
        rows = _read_rows(
            [{"id": key, "fields": item} for key, item in raw.items()], fields, "rows"
        )
    else:
        rows = _read_rows(raw, fields, "tableRows")
    known = {"tableRows", "rows", "tableRow", "tableInfo", "deletedRowIds", "sstamp", "status",
             "req", "createdVNB"}  # fmt: skip
    return RowList(
        rows=rows,
        table=table,
        total=read(int | None, answer.get("totalRowCount"), "totalRowCount"),
        deleted=read(list[int], answer.get("deletedRowIds"), "deletedRowIds"),
        sstamp=read(int | None, answer.get("sstamp"), "sstamp"),
        extra={name: item for name, item in answer.items() if name not in known},
    )


def read_comments(answer: Answer) -> Comments:
    """The discussion in a cell: a list, or a map with the list in it, or nothing at all."""
    data = answer.get("data")
    extra = data if isinstance(data, dict) else {}
    items = extra.get("comments", data)
    if isinstance(items, dict):
        items = [item for item in items.values() if isinstance(item, dict)]
    return Comments(
        comments=read(list[Comment], items, "data.comments"),
        row_id=read(int | None, answer.get("rowId"), "rowId"),
        field_id=read(int | None, answer.get("fieldId"), "fieldId"),
        sstamp=read(int | None, answer.get("sstamp"), "sstamp"),
        extra={name: item for name, item in extra.items() if name != "comments"},
    )


def read_references(answer: Answer) -> ReferenceValues:
    """What a link field may take; the key that holds it is not documented."""
    keys = ("referenceValues", "referenceFieldValues", "fieldValues", "values", "rows", "data")
    key = next((name for name in keys if name in answer), None)
    if key is None:
        raise ProtocolViolation("the answer holds no values")
    return ReferenceValues(
        values=read(list[ReferenceValue], answer[key], key),
        sstamp=read(int | None, answer.get("sstamp"), "sstamp"),
        extra={name: item for name, item in answer.items() if name not in (key, "sstamp")},
    )


def value_of(field: Field, cell: Cell | None) -> Any:
    """A cell's value in the form that its field's type promises; None for an empty one.

    int and double as int and Decimal, boolean as bool, date as date or aware datetime, link as
    a list of LinkedRow, file and files as a list of Attachment, everything else as text.
    Raises ProtocolViolation when the value is not of its field's type.
    """
    if cell is None or cell.value is None or cell.value in ("", []):
        return None
    at, value = f"field {field.name!r}", cell.value
    match field.type:
        case "int":
            return read(int, value, at)
        case "double":
            return read(Decimal, value, at)
        case "boolean":
            return read(bool, value, at)
        case "date":
            hint: Any = FromText if field.with_time else date
            found: date | datetime = read(hint, value, at)
            return found
        case "link":
            return read(list[LinkedRow], value if isinstance(value, list) else [value], at)
        case "file" | "files":
            return read(list[Attachment], value if isinstance(value, list) else [value], at)
    return display(cell)


def display(cell: Cell | None) -> str:
    """A cell as text: its own text where it has one, else its value, structures as JSON."""
    if cell is None or (cell.value is None and cell.text is None):
        return ""
    if cell.text is not None:
        return cell.text
    value = cell.value
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        names = [item.get("value", item.get("originName")) for item in value]
        if all(isinstance(name, str) for name in names):
            return ", ".join(names)
    return msgspec.json.encode(value).decode()


class _RowInfo(Record, frozen=True, kw_only=True):
    order: int | None = None
    index: int | None = None

    def place(self, last: _RowInfo) -> int:
        return self.index if self.index is not None else last.index or 0


def _cell(value: Any, at: str) -> Cell:
    if not isinstance(value, dict):
        return Cell(value=value)
    text = value.get("text")
    return Cell(value=value.get("value"), text=None if text is None else read(str, text, at))


def _read_rows(value: Any, fields: list[Field], at: str) -> list[TableRow]:
    if isinstance(value, dict):
        value = list(value.values())
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        raise unreadable(at, "a list of rows", value)
    # Two fields of one name cannot be told apart here: such cells stay under the name alone.
    ids: dict[str, int | None] = {}
    for field in fields:
        ids[field.name] = None if field.name in ids else field.id
    rows = []
    for index, item in enumerate(value):
        place = f"{at}[{index}]"
        if not isinstance(item, dict):
            raise unreadable(place, "a row", item)
        cells: dict[int, Cell] = {}
        named: dict[str, Cell] = {}
        found: dict[str, Any] = read(dict[str, Any], item.get("fields"), f"{place}.fields")
        for key, content in found.items():
            cell = _cell(content, f"{place}.fields.{key[:60]}")
            number = whole(key)
            if number is not None:
                cells[number] = cell
                continue
            named[key] = cell
            field_id = ids.get(key)
            if field_id is not None:
                cells[field_id] = cell
        plain: TableRow = read(
            TableRow,
            {
                "id": item.get("id"),
                "order": item.get("order"),
                "name": item.get("name") or "",
                "changed": item.get("lastModified"),
                "sstamp": item.get("sstamp"),
            },
            place,
        )
        rows.append(msgspec.structs.replace(plain, cells=cells, named=named))
    return rows
