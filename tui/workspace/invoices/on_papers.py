"""What the desks stand on that are about invoices as documents that count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from tui.config.settings import Invoices as Settings
from tui.store.papers import Papers
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections

if TYPE_CHECKING:
    from tui.workspace.invoices.document_desk import DocumentDesk


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
