"""Finding books, tables, fields and rows, with the rights of who asks.

Levels of a membership: 1 reads, 2 also adds, 3 also changes, 4 everything. Only 4 is seen in
public samples; the lower ones are this program's assumption.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from tui.embedded.timetonic.call import Call
from tui.embedded.timetonic.envelope import Refusal
from tui.embedded.timetonic.row_pages import marks, parts

READ, ADD, CHANGE = 1, 2, 3

_BOOK = (
    "SELECT b.*, m.level, m.api_right, m.archived, m.favorite, m.position, m.last_read"
    " FROM timetonic_book b JOIN timetonic_member m ON m.book_id = b.id AND m.user = ?"
)


@dataclass(frozen=True)
class Place:
    """A table, or something in it, together with its book."""

    book: sqlite3.Row
    table: sqlite3.Row

    @property
    def table_id(self) -> int:
        """catId."""
        return int(self.table["id"])

    @property
    def book_id(self) -> int:
        """The book's internal id (sbid)."""
        return int(self.book["id"])


def books(call: Call) -> list[sqlite3.Row]:
    """The books of the user, deleted ones too, as far as the session may see them."""
    found = call.read(f"{_BOOK} ORDER BY m.position, b.id", call.user)
    limits = call.session.restrictions
    if limits.carnet_code is None:
        return found
    return [
        book
        for book in found
        if book["b_c"] == limits.carnet_code and limits.carnet_owner in (None, book["b_o"])
    ]


def book(call: Call, *, level: int = READ, code: str = "b_c", owner: str = "b_o") -> sqlite3.Row:
    """The book that b_c and b_o name; b_o defaults to the user."""
    b_c = call.parameters.required(code)
    b_o = call.parameters.text(owner, default=call.user)
    for found in books(call):
        if found["b_c"] == b_c and found["b_o"] == b_o and not found["deleted"]:
            require(found, level)
            return found
    raise Refusal("not_found", f"there is no book {b_c} of {b_o}, or you are not a member of it")


def book_by_id(call: Call, book_id: int, *, level: int = READ) -> sqlite3.Row:
    """A book that something else belongs to."""
    for found in books(call):
        if found["id"] == book_id and not found["deleted"]:
            require(found, level)
            return found
    raise Refusal("not_found", "there is no such thing in your books")


def require(found: sqlite3.Row, level: int) -> None:
    """Raises Refusal when the member's level is lower."""
    if found["level"] < level:
        raise Refusal("forbidden", f"you may only read in the book {found['b_c']}")


def table(call: Call, table_id: int, *, level: int = READ) -> Place:
    """A table of the user's books. Raises Refusal for no table, no member, no API right."""
    found = call.one("SELECT * FROM timetonic_table WHERE id = ?", table_id)
    if found is None:
        raise Refusal("not_found", f"there is no table {table_id}")
    owner = book_by_id(call, found["book_id"], level=level)
    require_api_right(owner)
    b_o = call.parameters.text("b_o")
    if b_o and b_o != owner["b_o"]:
        raise Refusal("not_found", f"{b_o} has no table {table_id}")
    if level > READ:
        require_unlocked(found)
    return Place(owner, found)


def require_unlocked(found: sqlite3.Row) -> None:
    """Raises Refusal for a locked table, which nobody writes."""
    if found["locked"]:
        raise Refusal("locked", f"the table {found['name']} is locked")


def require_api_right(found: sqlite3.Row) -> None:
    """Members whose apiRight is "0" cannot use the tables of a book through the API."""
    if not found["api_right"]:
        raise Refusal("forbidden", f"the API is not enabled for you in the book {found['b_c']}")


def table_of_field(call: Call, field_id: int, *, level: int = READ) -> Place:
    """Field ids are unique over all tables."""
    found = call.one("SELECT table_id FROM timetonic_field WHERE id = ?", field_id)
    if found is None:
        raise Refusal("not_found", f"there is no field {field_id}")
    return table(call, found["table_id"], level=level)


def row(call: Call, row_id: int, *, deleted: bool = False) -> sqlite3.Row:
    """A row by its id; without rights, which its table has."""
    found = call.one("SELECT * FROM timetonic_row WHERE id = ?", row_id)
    if found is None or (found["deleted"] and not deleted):
        raise no_row(row_id)
    return found


def rows(call: Call, ids: Sequence[int]) -> dict[int, sqlite3.Row]:
    """Those of the rows that are there, by their ids."""
    return {
        int(found["id"]): found
        for part in parts(ids)
        for found in call.read(
            f"SELECT * FROM timetonic_row WHERE id IN ({marks(part)}) AND NOT deleted", *part
        )
    }


def no_row(row_id: int) -> Refusal:
    """What is said of a row that is not there."""
    return Refusal("not_found", f"there is no row {row_id}")


def table_of_row(call: Call, row_id: int, *, level: int = READ) -> Place:
    """Row ids are unique over all tables."""
    return table(call, row(call, row_id)["table_id"], level=level)


def cell(call: Call, row_id: int, field_id: int, *, level: int = READ) -> Place:
    """The table of a cell. Raises Refusal when row and field are of two tables."""
    place = table_of_row(call, row_id, level=level)
    if table_of_field(call, field_id).table_id != place.table_id:
        raise Refusal("not_found", f"the row {row_id} has no field {field_id}")
    return place
