"""How the use cases of invoices and of the office are made, each when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tui.config.load import Loaded
    from tui.config.locations import Locations
    from tui.config.settings import Settings
    from tui.store.papers import Papers
    from tui.workspace.changes.history import History
    from tui.workspace.changes.keeping import Keeping
    from tui.workspace.connections.connections import Connections
    from tui.workspace.invoices.bank_desk import BankDesk
    from tui.workspace.invoices.document_desk import DocumentDesk
    from tui.workspace.invoices.invoices import InvoiceDesk
    from tui.workspace.invoices.paper_desk import PaperDesk
    from tui.workspace.invoices.recurring_desk import RecurringDesk
    from tui.workspace.invoices.settling import Settling
    from tui.workspace.office.office import OfficeDesk
    from tui.workspace.reads import Reads


class Parts(Protocol):
    """What they are made of: the workspace has it."""

    loaded: Loaded
    settings: Settings
    locations: Locations
    connections: Connections
    reads: Reads
    history: History
    zone: tzinfo
    invoices: InvoiceDesk
    documents: DocumentDesk
    paper_file: Papers
    papers: PaperDesk


FILE = "invoices.db"


def paper_file(parts: Parts) -> Papers:
    """What is kept of invoices, as it stands on disk."""
    from tui.store.papers import Papers

    def tell(text: str) -> None:
        # Asked for late: which face shows it is known only once there is one.
        if (told := parts.connections.embedded.told) is not None:
            told(text)

    made = Papers(parts.locations.data / FILE)
    made.database.told = tell
    return made


def has_kept_papers(locations: Locations) -> bool:
    """Whether anything was ever kept of invoices; to look imports nothing of them."""
    return (locations.data / FILE).exists()


def documents(parts: Parts) -> DocumentDesk:
    """Invoices as documents."""
    from tui.workspace.invoices.document_desk import DocumentDesk

    return DocumentDesk(
        parts.connections,
        parts.loaded,
        parts.paper_file,
        parts.zone,
        lambda: parts.papers.read(),
    )


def papers(parts: Parts) -> PaperDesk:
    """Invoices that count: what they bill, their numbers, what was paid of them."""
    from tui.workspace.invoices.on_papers import Ground
    from tui.workspace.invoices.paper_desk import PaperDesk

    return PaperDesk(
        Ground(
            parts.connections,
            parts.history,
            parts.paper_file,
            parts.documents,
            parts.settings.invoices,
            parts.zone,
        )
    )


def keepings(papers: Papers) -> Mapping[str, Keeping]:
    """The ways of what is kept of invoices on this machine alone."""
    from tui.workspace.invoices.kept_here import keepings

    return keepings(papers)


def recurring(parts: Parts) -> RecurringDesk:
    """Invoices that recur."""
    from tui.workspace.invoices.recurring_desk import RecurringDesk

    return RecurringDesk(
        parts.connections,
        parts.paper_file,
        lambda: parts.papers,
        lambda: parts.invoices,
        lambda: parts.history,
        parts.zone,
    )


def office(parts: Parts) -> OfficeDesk:
    """People, groups, schedules, rates, links (Timesheets)."""
    from tui.workspace.office.office import OfficeDesk

    return OfficeDesk(parts.connections, parts.reads, parts.history)


def settling(parts: Parts) -> Settling:
    """What was paid of invoices."""
    from tui.workspace.invoices.settling import Settling

    return Settling(parts.invoices, parts.papers)


def bank(parts: Parts) -> BankDesk:
    """Payments from a bank's statement."""
    from tui.workspace.invoices.bank_desk import BankDesk

    return BankDesk(parts.invoices, parts.papers)
