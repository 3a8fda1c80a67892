"""What the panes of Invoices show: clients, invoices, work as far as read; who is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.invoices.rows import Costs
    from tui.workspace.invoices.book import Book
    from tui.workspace.invoices.invoices import Clients, Invoices
    from tui.workspace.invoices.pricing import Price
    from tui.workspace.invoices.work import Client, Work


class Ledger:
    """One for all panes, so that client, invoices and work always belong together."""

    def __init__(self) -> None:
        self.clients: Clients | None = None
        self.invoices: Invoices | None = None
        """Of all clients."""
        self.book: Book | None = None
        """What is kept of them here."""
        self.works: dict[int, Work] = {}
        """By client."""
        self.costs: dict[int, Costs] = {}
        """What the entries of a client cost, where that was read."""
        self.prices: dict[int, dict[int, Price | None]] = {}
        """By client, and by entry, what an hour of it costs, where that was read."""
        self._client_id: int | None = None
        self._alone: Invoices | None = None

    @property
    def kept(self) -> Book:
        """What is kept of them here, or nothing before it was read."""
        if self.book is not None:
            return self.book
        # Only now: it brings documents with it, which the first paint does not need.
        from tui.workspace.invoices.book import EMPTY

        return EMPTY

    @property
    def client_id(self) -> int | None:
        """The client that is chosen; None where all are."""
        return self._client_id

    @property
    def client(self) -> Client | None:
        """The client that is chosen, where it is known."""
        found = self.clients.clients if self.clients is not None else []
        return next((one for one in found if one.id == self._client_id), None)

    @property
    def work(self) -> Work | None:
        """The work of the client that is chosen, once it was read."""
        return self.works.get(self._client_id) if self._client_id is not None else None

    @property
    def shown(self) -> Invoices | None:
        """The invoices of the client that is chosen, or of all, once they were read."""
        if self.invoices is None or self._client_id is None:
            return self.invoices
        return self._alone if self.needs_alone else self.invoices.of(self._client_id)

    @property
    def needs_alone(self) -> bool:
        """Whether the chosen client's invoices have to be asked for alone: those of all do not
        tell whose they are.
        """
        found = self.invoices
        return self._client_id is not None and found is not None and not found.owned

    def choose(self, client_id: int | None) -> bool:
        """Choose a client, or all; whether that is another one."""
        if client_id == self._client_id:
            return False
        self._client_id, self._alone = client_id, None
        return True

    def keep_alone(self, client_id: int, invoices: Invoices) -> None:
        """The invoices of a client, asked for alone; of use while it is the chosen one."""
        if client_id == self._client_id:
            self._alone = invoices
