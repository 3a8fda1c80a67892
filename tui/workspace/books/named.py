"""Tables, views and columns by their names, as a person types them in a shell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import TypeVar

from tui.services.errors import PermissionDenied
from tui.services.timetonic import Field, View
from tui.store.folding import fold
from tui.words import counted
from tui.workspace.books.books import Book, BookDesk, Shelf, table_places
from tui.workspace.books.own_views import OwnView
from tui.workspace.books.places import Place

BETWEEN = "/"
T = TypeVar("T")


class TableNameError(Exception):
    """Raised where a name means nothing, or more than one thing; in a person's words."""


async def find_place(desk: BookDesk, named: str) -> Place:
    """The table of ``Book/Table``; a name that has a slash in it is found as well.

    Case and accents make no difference. Raises TableNameError, and what reading raises.
    """
    shelf = (await desk.shelf()).value
    found: list[Place] = []
    ways = [place for place, one in enumerate(named) if one == BETWEEN]
    if not ways:
        raise TableNameError(f"{named!r} names no table: write it as 'Book/Table'")
    books: list[Book] = []
    for way in ways:
        for book in _books(shelf, named[:way]):
            books.append(book)
            places = await places_of(desk, book)
            found += _called(named[way + 1 :], places, lambda place: place.table.name)
    if len(found) == 1:
        return found[0]
    if found:
        raise TableNameError(
            f"{counted(len(found), 'table')} are called {named!r}: rename one of them"
        )
    if not books:
        titles = [shelf.title(book) for book in shelf.open_books()]
        raise TableNameError(_unknown("book", named[: ways[0]], titles))
    names = [place.table.name for book in books for place in await places_of(desk, book)]
    raise TableNameError(_unknown("table", named[ways[0] + 1 :], names))


async def find_book(desk: BookDesk, named: str) -> Book | None:
    """The book of that name alone; None where the name is none of a book, but may be of a table.

    Raises TableNameError where it means several, or can be nothing else; and what reading raises.
    """
    shelf = (await desk.shelf()).value
    found = _books(shelf, named)
    if len(found) > 1:
        raise TableNameError(f"{counted(len(found), 'book')} are called {named!r}")
    if found or BETWEEN in named:
        return found[0] if found else None
    titles = [shelf.title(book) for book in shelf.open_books()]
    raise TableNameError(_unknown("book", named, titles))


def _books(shelf: Shelf, title: str) -> list[Book]:
    return _called(title, shelf.open_books(), shelf.title) or _called(
        title, shelf.archived_books(), shelf.title
    )


def _called(name: str, among: Iterable[T], called: Callable[[T], str]) -> list[T]:
    """Those of a name: as it is, else as one types it, without emoji and punctuation."""
    those = list(among)
    for way in (fold, _typed):
        wanted = way(name.strip())
        found = [one for one in those if wanted and way(called(one).strip()) == wanted]
        if found:
            return found
    return []


def _typed(name: str) -> str:
    return " ".join("".join(one if one.isalnum() else " " for one in fold(name)).split())


async def places_of(desk: BookDesk, book: Book) -> list[Place]:
    """The tables of a book; none where this session may not see them."""
    try:
        tables = (await desk.tables(book)).value
    except PermissionDenied:
        return []
    return table_places(book, tables)


def view_named(views: Sequence[View | OwnView], name: str) -> View | OwnView:
    """A view of a table, the service's or one's own. Raises TableNameError."""
    found = _called(name, views, lambda view: view.name)
    if len(found) == 1:
        return found[0]
    if found:
        raise TableNameError(f"{counted(len(found), 'view')} are called {name!r}")
    raise TableNameError(_unknown("view", name, [view.name for view in views]))


def fields_named(fields: Sequence[Field], names: Iterable[str]) -> list[Field]:
    """The fields of these columns, in this order. Raises TableNameError."""
    found: list[Field] = []
    for name in names:
        those = _called(name, fields, lambda field: field.name)
        if not those:
            raise TableNameError(_unknown("column", name, [field.name for field in fields]))
        found += those
    return found


def _unknown(what: str, name: str, there: Sequence[str]) -> str:
    near = get_close_matches(name.strip(), there, 1, 0.5)
    if near:
        return f"there is no {what} {name.strip()!r}: {near[0]!r}?"
    known = ", ".join(repr(one) for one in there[:12])
    more = f" and {len(there) - 12} more" if len(there) > 12 else ""
    return f"there is no {what} {name.strip()!r}; there are {known or 'none'}{more}"
