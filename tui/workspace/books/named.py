"""Tables, views and columns by their names, as a person types them in a shell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Protocol, TypeVar

from tui.services.errors import PermissionDenied
from tui.services.timetonic import Field, View
from tui.store.folding import fold
from tui.words import counted
from tui.workspace.books.books import Book, BookDesk, Shelf, table_places
from tui.workspace.books.own_views import OwnView
from tui.workspace.books.places import Place

BETWEEN = "/"
MOST_NAMED = 12
"""Names that are told where one fits several, or none."""
T = TypeVar("T")


class Called(Protocol):
    """Those of a name, among some, each called as a function says."""

    def __call__(self, name: str, among: Iterable[T], called: Callable[[T], str]) -> list[T]: ...


class TableNameError(Exception):
    """Raised where a name means nothing, or more than one thing; in a person's words."""


async def find_place(desk: BookDesk, named: str) -> Place:
    """The table of ``Book/Table``; a name that has a slash in it is found as well.

    Case and accents make no difference, and parts of the names do where they fit one table alone.
    Raises TableNameError, and what reading raises.
    """
    shelf = (await desk.shelf()).value
    found: list[Place] = []
    ways = [place for place, one in enumerate(named) if one == BETWEEN]
    if not ways:
        raise TableNameError(f"{named!r} names no table: write it as 'Book/Table'")
    books: list[Book] = []
    for called in (_called, _called_in_part):
        for way in ways:
            for book in _books(shelf, named[:way], called):
                if book not in books:
                    books.append(book)
                places = await places_of(desk, book)
                found += called(named[way + 1 :], places, lambda place: place.table.name)
        if found:
            break
    if len(found) == 1:
        return found[0]
    if found:
        raise TableNameError(_several("table", named, [_path(shelf, place) for place in found]))
    if not books:
        titles = [shelf.title(book) for book in shelf.open_books()]
        raise TableNameError(_unknown("book", named[: ways[0]], titles))
    names = [place.table.name for book in books for place in await places_of(desk, book)]
    raise TableNameError(_unknown("table", named[ways[0] + 1 :], names))


def _path(shelf: Shelf, place: Place) -> str:
    return f"{shelf.title(place.book)}{BETWEEN}{place.table.name}"


async def find_book(desk: BookDesk, named: str) -> Book | None:
    """The book of that name or part of it alone; None where it is none, but may be of a table.

    Raises TableNameError where it means several, or can be nothing else; and what reading raises.
    """
    shelf = (await desk.shelf()).value
    # With a slash it may be a table as well, and that is not for a part of a title to decide.
    found = _books(shelf, named, _called if BETWEEN in named else _called_in_part)
    if len(found) > 1:
        raise TableNameError(_several("book", named, [shelf.title(book) for book in found]))
    if found or BETWEEN in named:
        return found[0] if found else None
    titles = [shelf.title(book) for book in shelf.open_books()]
    raise TableNameError(_unknown("book", named, titles))


def _books(shelf: Shelf, title: str, called: Called) -> list[Book]:
    return called(title, shelf.open_books(), shelf.title) or called(
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


def _called_in_part(name: str, among: Iterable[T], called: Callable[[T], str]) -> list[T]:
    """Those of a name; where there are none, those that begin with it, else that hold it."""
    those = list(among)
    wanted = _typed(name)
    found = _called(name, those, called)
    if found or not wanted:
        return found
    return [one for one in those if _typed(called(one)).startswith(wanted)] or [
        one for one in those if wanted in _typed(called(one))
    ]


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


def _several(what: str, name: str, those: Sequence[str]) -> str:
    named = ", ".join(repr(one) for one in those[:MOST_NAMED])
    more = f" and {len(those) - MOST_NAMED} more" if len(those) > MOST_NAMED else ""
    return f"{counted(len(those), what)} fit {name.strip()!r}: {named}{more}"


def _unknown(what: str, name: str, there: Sequence[str]) -> str:
    near = get_close_matches(name.strip(), there, 1, 0.5)
    if near:
        return f"there is no {what} {name.strip()!r}: {near[0]!r}?"
    known = ", ".join(repr(one) for one in there[:MOST_NAMED])
    more = f" and {len(there) - MOST_NAMED} more" if len(there) > MOST_NAMED else ""
    return f"there is no {what} {name.strip()!r}; there are {known or 'none'}{more}"
