"""What was not read yet, so that nothing of it is found: screens, books, tables, the devices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tui.store.index.documents import Document
from tui.words import counted

DESCRIBED_BY = {"books": ("shelf", "tables/")}
"""The lists of a room that tell what there is to be read."""


@dataclass(frozen=True)
class Unread:
    """Known, or known to be there, and never read by this deck."""

    tables: int = 0
    """Tables of which no row was read."""
    books: int = 0
    """Books of which neither tables nor talk nor events were read."""
    devices: bool = False
    """Whether the sessions were read and the boats' devices were not."""
    rooms: tuple[str, ...] = ()
    """Rooms of which nothing was read."""


def unread_in(room: str, places: Collection[str], documents: Iterable[Document]) -> Unread:
    """What of a room was not read: by the places that it has in the index; of Books by its
    documents of books and tables, too.
    """
    if not places:
        return Unread(rooms=(room,))
    if room == "sessions":
        return Unread(devices="devices" not in places)
    if room != "books":
        return Unread()
    from tui.workspace.books.places import ROWS

    opened = {name.partition("/")[2] for name in places}
    with_rows = {
        name.removeprefix(ROWS).partition("/")[0] for name in places if name.startswith(ROWS)
    }
    tables = books = 0
    for one in documents:
        if one.kind == "table":
            tables += one.key.rpartition("#")[2] not in with_rows
        elif one.kind == "book":
            books += one.key not in opened
    return Unread(tables, books)


def together(parts: Iterable[Unread]) -> Unread:
    """What was not read of several rooms."""
    every = list(parts)
    return Unread(
        sum(one.tables for one in every),
        sum(one.books for one in every),
        any(one.devices for one in every),
        tuple(room for one in every for room in one.rooms),
    )


def unread_words(unread: Unread, titles: Mapping[str, str]) -> str:
    """`3 tables, 2 books not read yet: open them once`; empty where all was. `titles` of rooms."""
    said = [
        counted(number, what)
        for number, what in ((unread.tables, "table"), (unread.books, "book"))
        if number
    ]
    said += ["the devices"] if unread.devices else []
    said += [titles[room] for room in unread.rooms]
    if not said:
        return ""
    alone = len(said) == 1 and not unread.devices and unread.tables + unread.books <= 1
    return f"{', '.join(said)} not read yet: open {'it' if alone else 'them'} once"
