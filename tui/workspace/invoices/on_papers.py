"""What the desks stand on that are about invoices as documents that count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from tui.config.invoicing import Invoices as Settings
from tui.store.papers import Papers
from tui.workspace.changes.history import Change, History, Wanted
from tui.workspace.connections.connections import Connections
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.noted import undone, without

if TYPE_CHECKING:
    from tui.workspace.invoices.document_desk import DocumentDesk

LOOKED_BACK = 500
"""So many of the newest changes that make invoices, or tell of them, are looked at."""


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

    def _taken_back(self) -> dict[str, Change]:
        """Payments whose mark at the service was undone: a redo brings them back with it."""
        wanted = Wanted(owner=self.owner, service="timesheets", states=("undone",))
        return undone(self._history.changes.newest(LOOKED_BACK, wanted))

    def read(self) -> Book:
        """What is kept, from the disk. Raises OSError."""
        owner, papers = self.owner, self._papers
        book = Book(
            {one.invoice: one for one in papers.all_of(owner)},
            papers.billed(owner),
            papers.left_open(owner),
            without(papers.payments(owner), self._taken_back()),
            papers.periodic.reminded(owner),
        )
        # Reckoned here, in a thread: lists and sums ask for them with every row.
        assert len(book.sums) == len(book.papers)
        return book
