"""How answers about tables become records: columns turned into rows, both forms of bookTables.

Source: reference page, sections 5.1 to 5.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Annotated, Any, TypeVar

import msgspec

from tui.services.beside import beside
from tui.services.client import decode_json
from tui.services.digits import whole
from tui.services.errors import NotFound, ProtocolViolation
from tui.services.left_out import as_received, notes, received
from tui.services.operation import told
from tui.services.reading import (
    each,
    each_of,
    elements,
    is_nothing,
    read,
    read_all,
    unreadable,
)
from tui.services.timetonic.by_column import FieldColumn, SomeValues, TableColumns, is_even, rows_of
from tui.services.timetonic.table_columns import (
    NOT_JSON,
    Column,
    RowInfo,
    decode_table,
    decoded,
    plain_column,
    plain_infos,
)
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
    Written,
    WrittenRow,
)
from tui.services.wire import Response

Answer = Mapping[str, Any]
T = TypeVar("T")


def read_book_tables(answer: Answer) -> BookTables:
    """All tables of a book.

    By default `bookTables` is one object; with format=android it is an array and `tabs`
    stands beside it. A book without tables has nothing there.
    """
    at = "bookTables"
    found, tabs = answer.get(at), answer.get("tabs")
    if isinstance(found, list):
        inner = [item for item in found if isinstance(item, dict) and "categories" in item]
        if inner:
            merged = [pair for item in inner for pair in _tables(item["categories"])]
            found = {**inner[0], "categories": [item for _, item in merged]}
        else:
            found = {"categories": found}
    if is_nothing(found):
        found = {}
    if not isinstance(found, dict):
        raise unreadable(at, "the tables of a book", found)
    rest = {name: item for name, item in found.items() if name not in ("categories", "tabs")}
    book: BookTables = read(BookTables, rest, at)
    beside = found.get("tabs") if is_nothing(tabs) else tabs
    place = f"{at}.categories"
    return msgspec.structs.replace(
        book,
        tables=each_of(_tables(found.get("categories")), place, read_table, subject=True),
        tabs=read(list[Tab], beside, f"{at}.tabs"),
        sstamp=read(int | None, answer.get("sstamp"), "sstamp"),
    )


def _tables(value: Any) -> list[tuple[str, Any]]:
    """The tables of `categories`, an array or an object of them, each with its place."""
    at = "bookTables.categories"
    if isinstance(value, dict):
        return [(f"{at}.{name[:60]}", item) for name, item in value.items()]
    return elements(value, at)


def read_table(value: Any, at: str) -> Table:
    """A table without the values of its fields."""
    return _read_table(value, at)[0]


def _read_table(value: Any, at: str) -> tuple[Table, list[tuple[str, Field, Any]]]:
    """A table, and each of its fields with its place and its values as they came."""
    if not isinstance(value, dict) or not value:
        raise unreadable(at, "a table", value)
    plain = {
        name: item for name, item in value.items() if name not in ("fields", "rows", "rowInfos")
    }
    table: Table = read(Table, plain, at)
    columns = each(value.get("fields"), f"{at}.fields", _column)
    return msgspec.structs.replace(table, fields=[field for _, field, _ in columns]), columns


def _column(value: Any, at: str) -> tuple[str, Field, Any]:
    if not isinstance(value, dict):
        raise unreadable(at, "a field", value)
    plain = {name: item for name, item in value.items() if name != "values"}
    return at, read(Field, plain, at), value.get("values")


Accepted = Callable[[Callable[[Response], Any]], Answer]
"""Gives an answer that is no refusal, by a way to decode it."""


def read_page(accepted: Accepted) -> TableValues:
    """A page of a table. Raises as `accepted` does, and as `read_table_values` does."""
    found = _left_in_pieces(accepted, read_table_values)
    return read_table_values(accepted(decode_json)) if found is None else found


def read_columns(accepted: Accepted) -> SomeValues:
    """The same by columns, where they are even and as documented."""
    return _left_in_pieces(accepted, _even_columns) or read_page(accepted)


def _left_in_pieces(accepted: Accepted, take: Callable[[Answer], T]) -> T | None:
    """What `take` makes of an answer whose columns are still to be decoded.

    None where something in it cannot be read: what was left for later may be no JSON at all, which
    is for the usual way to say.
    """
    heard = notes()
    before = len(heard or ())
    with suppress(ProtocolViolation, *NOT_JSON):
        found = take(accepted(decode_table))
        if len(heard or ()) == before:
            return found
    if heard is not None:
        del heard[before:]
    return None


def _even_columns(answer: Answer) -> TableColumns | None:
    """A page by columns; None where its columns are not even, or not as documented."""
    raw = answer.get("tableValues")
    if not isinstance(raw, dict) or not raw or "rows" in raw:
        return None
    infos = plain_infos(raw.get("rowInfos"))
    if infos is None:
        return None
    table, columns = _read_table(raw, "tableValues")
    found: list[FieldColumn] = []
    for _, field, values in columns:
        column = plain_column(values)
        if column is None:
            return None
        found.append(FieldColumn(field, column))
    if not is_even(infos, found):
        return None
    stamp: int | None = read(int | None, answer.get("sstamp"), "sstamp")
    return TableColumns(table=table, infos=infos, columns=found, sstamp=stamp)


def read_table_values(answer: Answer) -> TableValues:
    """A page of a table, in columns (the default) or rows (format=rows).

    In columns the order of rows is `index` in rowInfos, and cells are found by the row's id:
    the lists of values need not be equally long. Raises NotFound where there is no such table.
    """
    at = "tableValues"
    raw = answer.get(at)
    if at in answer and is_nothing(raw):
        raise NotFound("there is no such table, or it is not for this account")
    table, columns = _read_table(raw, at)
    assert isinstance(raw, dict)  # _read_table has refused everything else
    stamp: int | None = read(int | None, answer.get("sstamp"), "sstamp")
    if "rows" in raw:
        rows = _read_rows(raw["rows"], table.fields, f"{at}.rows")
        return TableValues(table=table, rows=rows, sstamp=stamp)
    infos = _row_infos(raw.get("rowInfos"), f"{at}.rowInfos")
    sent = [_column_of(values, place) for place, _, values in columns]
    filled = [
        FieldColumn(field, one) for (_, field, _), (one, _) in zip(columns, sent, strict=True)
    ]
    rows = rows_of(infos, filled, table.fields[0] if table.fields else None)
    came = max([len(infos), *(count for _, count in sent)])
    return TableValues(table=table, rows=as_received(rows, came), sstamp=stamp)


def _row_infos(value: Any, at: str) -> dict[int, RowInfo]:
    infos = plain_infos(value)
    if infos is None:
        infos = read(dict[int, RowInfo], decoded(value), at)
    return infos


def _column_of(values: Any, place: str) -> tuple[Column, int]:
    """A column, and how many cells of it were sent."""
    plain = plain_column(values)
    if plain is not None:
        return plain, len(plain.ids)
    found = each(decoded(values), f"{place}.values", _identified)
    cells = [cell for _, cell in found]
    column = Column(
        [row_id for row_id, _ in found], [one.value for one in cells], [one.text for one in cells]
    )
    return column, received(found)


def _identified(value: Any, at: str) -> tuple[int, Cell]:
    """A cell and the id of its row."""
    if not isinstance(value, dict):
        raise unreadable(at, "a cell", value)
    row_id: int = read(int, value.get("id"), f"{at}.id")
    return row_id, _cell(value, at)


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
    elif isinstance(raw, dict) and not any(
        isinstance(item, dict) and "id" in item for item in raw.values()
    ):
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
        extra=told({name: item for name, item in answer.items() if name not in known}),
    )


def read_written(answer: Answer) -> Written:
    """What a write answers. Rows come as a list or as a map from the ids that were sent."""
    plain = {name: item for name, item in answer.items() if name not in ("rows", "newRows")}
    written: Written = read(Written, plain)
    return msgspec.structs.replace(
        written, rows=_rows_of(answer, "rows"), new_rows=_rows_of(answer, "newRows")
    )


def _rows_of(answer: Answer, name: str) -> list[WrittenRow]:
    none: list[WrittenRow] = []
    return beside(lambda: _written_rows(answer.get(name), name), name, none)


def _written_rows(value: Any, at: str) -> list[WrittenRow]:
    if isinstance(value, list):
        try:
            # As they mostly are; what is written otherwise is read as it is, one by one.
            return [
                WrittenRow(id=row.id, temporary_id=row.tmpId)
                for row in msgspec.convert(value, list[_Plain])
            ]
        except msgspec.ValidationError:
            pass
    found = (
        [(f"{at}.{key[:60]}", (key, item)) for key, item in value.items()]
        if isinstance(value, dict)
        else [(place, ("", item)) for place, item in elements(value, at)]
    )
    return each_of(found, at, _written_row)


class _Plain(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A row that was written, with nothing besides."""

    id: Annotated[int, msgspec.Meta(gt=0)]
    tmpId: str | None = None  # noqa: N815 - the wire's name


def _written_row(pair: tuple[str, Any], at: str) -> WrittenRow:
    key, item = pair
    fields: dict[str, Any] = dict(item) if isinstance(item, dict) else {"id": item}
    if key.isdecimal():
        fields.setdefault("id", key)
    elif key:
        fields.setdefault("tmpId", key)
    row: WrittenRow = read(WrittenRow, fields, at)
    return row


def read_comments(answer: Answer) -> Comments:
    """The discussion in a cell: a list, or a map with the list in it, or nothing at all."""
    data = answer.get("data")
    extra = data if isinstance(data, dict) else {}
    items = extra.get("comments", data)
    if isinstance(items, dict):
        # Beside the comments stand plain values: how many there are, whose they are.
        items = [item for key, item in items.items() if key.isdecimal() or isinstance(item, dict)]
    return Comments(
        comments=read_all(Comment, items, "data.comments"),
        row_id=read(int | None, answer.get("rowId"), "rowId"),
        field_id=read(int | None, answer.get("fieldId"), "fieldId"),
        sstamp=read(int | None, answer.get("sstamp"), "sstamp"),
        extra=told({name: item for name, item in extra.items() if name != "comments"}),
    )


def read_references(answer: Answer) -> ReferenceValues:
    """What a link field may take; the key that holds it is not documented."""
    keys = ("referenceValues", "referenceFieldValues", "fieldValues", "values", "rows", "data")
    key = next((name for name in keys if name in answer), None)
    if key is None:
        raise ProtocolViolation("the answer holds no values")
    return ReferenceValues(
        values=read_all(ReferenceValue, answer[key], key),
        sstamp=read(int | None, answer.get("sstamp"), "sstamp"),
        extra=told({name: item for name, item in answer.items() if name not in (key, "sstamp")}),
    )


def _cell(value: Any, at: str) -> Cell:
    if not isinstance(value, dict):
        return Cell(value=value)
    text = value.get("text")
    return Cell(value=value.get("value"), text=None if text is None else read(str, text, at))


def _read_rows(value: Any, fields: list[Field], at: str) -> list[TableRow]:
    if isinstance(value, dict):
        value = list(value.values())
    # Two fields of one name cannot be told apart here: such cells stay under the name alone.
    ids: dict[str, int | None] = {}
    for field in fields:
        ids[field.name] = None if field.name in ids else field.id

    def row(item: Any, place: str) -> TableRow:
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
        return msgspec.structs.replace(plain, cells=cells, named=named)

    return each(value, at, row, subject=True)
