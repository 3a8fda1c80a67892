"""Clients, projects and invoices by what a person types of them, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tui.services.errors import NotFound, Refused
from tui.services.timesheets.records import Client, Invoice, Project
from tui.words import counted
from tui.workspace.invoices.book import Book

MOST_NAMED = 5
ID = "id:"
"""Before an id, where it is somebody else's number as well."""
T = TypeVar("T", Client, Project)
_WAYS: Sequence[Callable[[str, str], bool]] = (
    lambda wanted, name: wanted == name,
    lambda wanted, name: name.startswith(wanted),
    lambda wanted, name: wanted in name,
)
"""How a name may fit, the best first."""


def find_named(things: Sequence[T], typed: str, noun: str) -> T:
    """The one that is called so: by its id, its name, or a part of it that fits one alone.

    Raises NotFound and Refused, which name those that fit.
    """
    wanted = " ".join(typed.casefold().split())
    for one in things:
        if wanted == str(one.id):
            return one
    for fits in _WAYS:
        found = [one for one in things if wanted and fits(wanted, one.name.casefold())]
        if len(found) == 1:
            return found[0]
        if found:
            named = ", ".join(f"{one.name} ({one.id})" for one in found[:MOST_NAMED])
            more = f", and {len(found) - MOST_NAMED:,} more" if len(found) > MOST_NAMED else ""
            raise Refused(
                f"{counted(len(found), noun)} fit {typed!r}: {named}{more}.",
                advice="Write more of the one that is meant, or its id.",
            )
    raise NotFound(
        f"No {noun} is called {typed!r}", service="timesheets", advice="Nothing was done."
    )


def find_invoice(invoices: Sequence[Invoice], book: Book, typed: str) -> Invoice:
    """The one that has this number, or this id where no other has it as its number.

    Raises NotFound; Refused where it is the one's number and the other's id.
    """
    called = typed.strip()
    identity = called.removeprefix(ID)
    by_id = [one for one in invoices if str(one.id) == identity]
    if identity != called and by_id:
        return by_id[0]
    numbered = [one for one in invoices if book.number(one) == called]
    if numbered and by_id and by_id[0].id != numbered[0].id:
        raise Refused(
            f"{called} is the number of invoice {numbered[0].id}, and another has it as its id,"
            f" {book.number(by_id[0])}.",
            advice=f"Write {ID}{numbered[0].id} or {ID}{by_id[0].id}.",
        )
    for one in (*numbered, *by_id):
        return one
    if any(paper.number == called and paper.cancels is not None for paper in book.papers.values()):
        raise Refused(f"{called} is a credit note: nobody owes it.", advice="Nothing was done.")
    raise NotFound(
        f"No invoice has the number or the id {called}", service="timesheets",
        advice="`tockdeck invoices` lists them.",
    )  # fmt: skip
