"""What the desks stand on that are about invoices as documents that count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from tui.config.invoicing import Invoices as Settings
from tui.config.load import ConfigError
from tui.services.left_out import LeftOut, notes
from tui.services.timesheets.records import Client
from tui.store.papers import Papers
from tui.workspace.changes.history import Change, History, Wanted
from tui.workspace.connections.connections import Connections
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.noted import undone, without

if TYPE_CHECKING:
    from tui.workspace.invoices.document_desk import DocumentDesk

LOOKED_BACK = 500
"""So many of the newest changes that make invoices, or tell of them, are looked at."""

BILLED_IN = "What clients are billed in"


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
        owner, papers = self.owner, self._papers
        book = Book(
            {one.invoice: one for one in papers.all_of(owner)},
            papers.billed(owner),
            papers.left_open(owner),
            without(papers.payments(owner), self._taken_back()),
            papers.periodic.reminded(owner),
            self._billed_in(clients),
        )
        # Reckoned here, in a thread: lists and sums ask for them with every row.
        assert len(book.sums) == len(book.papers)
        return book

    def _billed_in(self, clients: Iterable[Client]) -> dict[int, str]:
        try:
            return self._documents.billed_in(clients)
        except ConfigError as error:
            found = notes()
            if found is None:
                raise
            found.append(LeftOut(name=BILLED_IN, total=0, places=(BILLED_IN,), reason=f"{error}"))
            return {}
