"""What the desks stand on that are about invoices as documents that count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from tui.config.invoicing import Invoices as Settings
from tui.config.load import ConfigError
from tui.services.left_out import LeftOut, notes
from tui.services.timesheets.records import Client
from tui.store.papers import Papers, Payments
from tui.workspace.changes.history import Change, History, Wanted
from tui.workspace.connections.connections import Connections
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.kept_here import PAYMENT, payments_in
from tui.workspace.invoices.noted import SET_PAYED, undone, without

if TYPE_CHECKING:
    from tui.workspace.invoices.document_desk import DocumentDesk

LOOKED_BACK = 500
"""So many of the newest changes that make invoices, or tell of them, are looked at."""

BILLED_IN = "What clients are billed in"


class OfClients(NamedTuple):
    """What is set up of clients for their invoices from elsewhere, by their ids."""

    billed_in: Mapping[int, str] = {}
    """As `Book.billed_in`."""
    on_top: Mapping[int, Decimal] = {}
    """As `Book.on_top`."""


@dataclass(frozen=True)
class Ground:
    """Where they read, write, keep and reckon."""

    connections: Connections
    history: History
    papers: Papers
    documents: DocumentDesk
    settings: Settings
    zone: tzinfo


class OnPapers:
    """A desk that stands on it."""

    def __init__(self, ground: Ground) -> None:
        self._connections = ground.connections
        self._history = ground.history
        self._papers = ground.papers
        self._documents = ground.documents
        self._settings = ground.settings
        self._zone = ground.zone
        self._known = "", OfClients()

    @property
    def owner(self) -> str:
        """The account that papers belong to."""
        return self._connections.account("timesheets")

    @property
    def usual(self) -> str:
        """The currency of an invoice from elsewhere whose client has none of its own."""
        return self._documents.usual

    def _taken_back(self) -> dict[str, Change]:
        """Payments whose mark at the service was undone: a redo brings them back with it."""
        wanted = Wanted(owner=self.owner, service="timesheets", states=("undone",))
        return undone(self._history.changes.newest(LOOKED_BACK, wanted))

    def read(self, clients: Iterable[Client] = ()) -> Book:
        """What is kept, from the disk, and what these clients are billed in: where that cannot be
        read it is left out and noted. Raises OSError, and ProfileError where nobody collects that.
        """
        owner, papers, payments = self.owner, self._papers, self.payments()
        book = Book(
            {one.invoice: one for one in papers.all_of(owner)},
            papers.billed(owner),
            papers.left_open(owner),
            payments,
            papers.periodic.reminded(owner),
            *self._of_clients(list(clients)),
            self._marked_elsewhere(payments),
            self.usual,
        )
        # Reckoned here, in a thread: lists and sums ask for them with every row.
        assert len(book.sums) == len(book.papers)
        return book

    def payments(self) -> dict[int, Payments]:
        """What counts as paid, by the ids of the invoices, from the disk."""
        return without(self._papers.payments(self.owner), self._taken_back())

    def _marked_elsewhere(self, payments: Mapping[int, Payments]) -> frozenset[int]:
        """As `Book.marked_elsewhere`: the latest part is in the notes, and no mark of ours is."""
        if not payments:
            return frozenset()
        wanted = Wanted(owner=self.owner, service="timesheets", states=("done",), text="paid")
        changes = self._history.changes.newest(LOOKED_BACK, wanted)
        # What took back a mark that never left names no invoice.
        marked = {one.arguments.get("invoice_id") for one in changes if one.operation == SET_PAYED}
        parts = [one for change in changes if change.operation == PAYMENT
                 for one in payments_in(change)]  # fmt: skip
        noted = {one.id for one in parts}
        return frozenset(
            invoice
            for invoice, each in payments.items()
            if invoice not in marked and each.payments[-1].id in noted
        )

    def _of_clients(self, clients: list[Client]) -> OfClients:
        """What is set up of these clients; where none are named, of those that were last."""
        if not clients:
            whose, known = self._known
            return known if whose == self.owner else OfClients()
        found, desk = OfClients(), self._documents
        try:
            found = OfClients(desk.billed_in(clients), desk.on_top(clients))
        except ConfigError as error:
            noted = notes()
            if noted is None:
                raise
            noted.append(LeftOut(name=BILLED_IN, total=0, places=(BILLED_IN,), reason=f"{error}"))
        self._known = self.owner, found
        return found
