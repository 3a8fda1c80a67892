"""What TimeTonic answers about smart tables: tables, views, fields, rows and cells.

A table is called "category" on the wire. Source: reference page, section 5; a saved answer
of getTableValues of 2019.
"""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from tui.services.left_out import received
from tui.services.reading import Extra, Id, Record
from tui.services.timetonic.records import FromText

HIDDEN_TYPES = frozenset({"comments", "activity"})
"""Fields that clients do not show as columns."""


class Choice(Record, frozen=True, kw_only=True):
    """One value of a select field."""

    value: str
    color: str = ""


class Choices(Record, frozen=True, kw_only=True):
    """What makes a text field a select; with `strict` no other value may be written."""

    values: list[Choice] = msgspec.field(default_factory=list)
    strict: bool = False
    show_colors: bool = msgspec.field(name="displayColors", default=False)


class LinkTarget(Record, frozen=True, kw_only=True):
    """The table that a link field points into."""

    id: int | None = None
    name: str = ""


class FieldLink(Record, frozen=True, kw_only=True):
    """Where a link field leads."""

    category: LinkTarget | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class FieldLimits(Record, frozen=True, kw_only=True):
    """The most that the cells of a field take; None where the service does not tell it. No saved
    answer of the service itself tells any."""

    length: int | None = None
    """Characters of a text."""
    largest: int | None = None
    """A whole number, above or below nought."""
    rows: int | None = None
    """Rows that a cell links to."""


class Field(Record, frozen=True, kw_only=True):
    """A column. Its id is unique over all tables; `fixed_code` never changes, `code` and `name`
    may. Names need not be unique."""

    id: int
    name: str = ""
    type: str = ""
    code: str | None = None
    fixed_code: str = ""
    description: str | None = None
    order: int | None = None
    group_id: int | None = None
    read_only: bool = msgspec.field(name="readOnly", default=False)
    required: bool = False
    with_time: bool = msgspec.field(name="timeAndDate", default=False)
    """For dates: whether they have a time."""
    date_format: str | None = msgspec.field(name="dateFormat", default=None)
    number_format: str | None = msgspec.field(name="numformat", default=None)
    number_language: str | None = msgspec.field(name="numlang", default=None)
    width: int | None = msgspec.field(name="pixelWidth", default=None)
    choices: Choices | None = msgspec.field(name="enumColors", default=None)
    link: FieldLink | None = None
    limits: FieldLimits = msgspec.field(default_factory=FieldLimits)
    system: str | None = msgspec.field(name="sysFunc", default=None)
    changed: FromText | None = msgspec.field(name="lastModified", default=None)
    extra: Extra = msgspec.field(default_factory=dict)

    @property
    def shown(self) -> bool:
        """Whether it is a column for people."""
        return self.type not in HIDDEN_TYPES


class View(Record, frozen=True, kw_only=True):
    """A saved way to look at a table; `presentation` 1 is a grid."""

    id: int
    name: str = ""
    description: str | None = None
    presentation: int | None = None
    locked: bool = False
    filter: dict[str, Any] | None = msgspec.field(name="filterGroup", default=None)
    row_ids: list[int] = msgspec.field(name="rowIds", default_factory=list)
    extra: Extra = msgspec.field(default_factory=dict)


class Table(Record, frozen=True, kw_only=True):
    """A smart table without its values."""

    id: int
    name: str = ""
    code: str | None = None
    description: str | None = None
    order: int | None = None
    locked: bool = False
    pivot_id: int | None = None
    """Set for a summary of another table."""
    system: str | None = msgspec.field(name="sysFunc", default=None)
    row_count: int | None = msgspec.field(name="totalRowCount", default=None)
    """Rows of the whole table, whatever filter was asked for."""
    forbid_add: bool = msgspec.field(name="forbidAddRow", default=False)
    forbid_delete: bool = msgspec.field(name="forbidDeleteRow", default=False)
    fields: list[Field] = msgspec.field(default_factory=list)
    views: list[View] = msgspec.field(default_factory=list)
    selected_view_id: int | None = msgspec.field(name="selectedViewId", default=None)
    changed: FromText | None = msgspec.field(name="lastModified", default=None)
    sstamp: int | None = None
    """Unix seconds, other than every other stamp."""
    extra: Extra = msgspec.field(default_factory=dict)

    @property
    def ordinary(self) -> bool:
        """Whether it holds rows of its own: neither a summary nor the system's."""
        return self.pivot_id is None and not self.system

    @property
    def columns(self) -> list[Field]:
        """The fields that are columns for people, in their order."""
        return [field for field in sorted(self.fields, key=_by_order) if field.shown]


class Tab(Record, frozen=True, kw_only=True):
    """A tab of a book: it shows a table, or a view of one that may be another book's."""

    id: int
    table_id: int | None = msgspec.field(name="category_id", default=None)
    view_id: int | None = None
    order: int | None = None
    hidden: bool = False


class BookTables(Record, frozen=True, kw_only=True):
    """All tables of a book."""

    id: int | None = None
    name: str = ""
    tables: list[Table] = msgspec.field(name="categories", default_factory=list)
    tabs: list[Tab] = msgspec.field(default_factory=list)
    mirrored: list[Table] = msgspec.field(default_factory=list)
    """Tables of other books that tabs of this one show, where they were asked for."""
    rights: dict[str, Any] = msgspec.field(default_factory=dict)
    last_tab_id: int | None = msgspec.field(name="lastTabId", default=None)
    changed: FromText | None = msgspec.field(name="lastModified", default=None)
    sstamp: int | None = None
    extra: Extra = msgspec.field(default_factory=dict)

    def in_tab_order(self) -> list[Table]:
        """The ordinary tables that are not hidden, as their tabs stand; untabbed ones last."""
        places = {
            tab.table_id: (tab.order if tab.order is not None else index, tab.hidden)
            for index, tab in enumerate(self.tabs)
            if tab.view_id is None
        }
        shown = [
            table
            for table in self.tables
            if table.ordinary and not places.get(table.id, (0, False))[1]
        ]
        return sorted(shown, key=lambda table: places.get(table.id, (len(places) + 1e9, 0))[0])

    def mirrors(self) -> list[Tab]:
        """The tabs that show a table of another book, or a view of one, as they stand."""
        own = {table.id for table in self.tables}
        shown = [
            tab
            for tab in self.tabs
            if not tab.hidden and tab.table_id is not None and tab.table_id not in own
        ]
        return sorted(shown, key=lambda tab: (tab.order is None, tab.order or 0))


class Cell(Record, frozen=True, kw_only=True, gc=False):
    """The value of one field in one row; `text` only where it is shown as something else."""

    value: Any = None
    text: str | None = None


class TableRow(Record, frozen=True, kw_only=True, gc=False):
    """One row. `cells` by field id; `named` by field name where the server sends only names."""

    id: int
    order: int | None = None
    name: str = ""
    cells: dict[int, Cell] = msgspec.field(default_factory=dict)
    named: dict[str, Cell] = msgspec.field(default_factory=dict)
    changed: FromText | None = None
    sstamp: int | None = None


class TableValues(Record, frozen=True, kw_only=True):
    """A page of a table: its rows in the table's order."""

    table: Table
    rows: list[TableRow]
    sstamp: int | None = None

    @property
    def came(self) -> int:
        """How many rows the service sent, unreadable ones too."""
        return received(self.rows)

    @property
    def read(self) -> int:
        """How many of them could be read."""
        return len(self.rows)

    @property
    def fields(self) -> list[Field]:
        """The fields in their order."""
        return sorted(self.table.fields, key=_by_order)

    @property
    def columns(self) -> list[Field]:
        """The fields that are columns for people, in their order."""
        return self.table.columns


class RowList(Record, frozen=True, kw_only=True):
    """Rows by their ids. `deleted` those that the server says have gone since the stamp asked."""

    rows: list[TableRow]
    table: Table | None = None
    total: int | None = None
    deleted: list[int] = msgspec.field(default_factory=list)
    sstamp: int | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class WrittenRow(Record, frozen=True, kw_only=True):
    """A row after it was written: its real id."""

    id: Id
    temporary_id: str | None = msgspec.field(name="tmpId", default=None)
    extra: Extra = msgspec.field(default_factory=dict)


class Written(Record, frozen=True, kw_only=True):
    """The rows that were written. How several new ones are told apart is not documented."""

    rows: list[WrittenRow] = msgspec.field(default_factory=list)
    new_rows: list[WrittenRow] = msgspec.field(name="newRows", default_factory=list)
    read_only: list[Any] = msgspec.field(name="readOnlyRowsStatus", default_factory=list)
    form_changed: FromText | None = msgspec.field(name="formLastModified", default=None)
    transaction: str | None = msgspec.field(name="transactionId", default=None)

    @property
    def id(self) -> int | None:
        """The id of the only row, or of the first; None where the answer tells none, or where it
        may have been that of a row that could not be read.
        """
        rows = self.rows or self.new_rows
        return rows[0].id if rows and received(rows) == len(rows) else None


class Comment(Record, frozen=True, kw_only=True):
    """One comment of a cell's discussion. No public sample: several spellings are read."""

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "id": ("commentId",),
        "text": ("m", "comment", "msg"),
        "author": ("u_c", "user"),
        "created": ("c",),
        "sstamp": ("s",),
    }

    id: int | None = None
    text: str = ""
    author: Any = msgspec.field(name="u", default=None)
    created: FromText | None = None
    sstamp: int | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class Comments(Record, frozen=True, kw_only=True):
    """The discussion in one cell."""

    comments: list[Comment]
    row_id: int | None = None
    field_id: int | None = None
    sstamp: int | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class ReferenceValue(Record, frozen=True, kw_only=True):
    """A row of a linked table that a link field may take."""

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "row_id": ("id", "rowId"),
        "text": ("text", "name"),
    }

    row_id: int | None = None
    text: str = msgspec.field(name="value", default="")


class ReferenceValues(Record, frozen=True, kw_only=True):
    """What a link field may take."""

    values: list[ReferenceValue]
    sstamp: int | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class Subset(Record, frozen=True, kw_only=True):
    """Some cells of a table as arrays; whether an array is a row or a column is not told."""

    values: list[list[Any]] = msgspec.field(name="tableValues", default_factory=list)
    table_id: int | None = msgspec.field(name="catId", default=None)
    sstamp: int | None = None


class Computed(Record, frozen=True, kw_only=True):
    """The result of an operation on a table. The name of its key is not documented."""

    result: Any = None
    sstamp: int | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class Rendered(Record, frozen=True, kw_only=True):
    """A smart text with its values filled in; `html` is text to be shown as text."""

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {"html": ("value",)}

    text: str | None = None
    html: str | None = None
    sstamp: int | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class PivotValues(Record, frozen=True, kw_only=True):
    """A summary table. Its shape is not documented: the raw values are kept."""

    values: Any = msgspec.field(name="pivotValues", default=None)
    sstamp: int | None = None
    extra: Extra = msgspec.field(default_factory=dict)


def _by_order(field: Field) -> tuple[bool, int]:
    return field.order is None, field.order or 0
