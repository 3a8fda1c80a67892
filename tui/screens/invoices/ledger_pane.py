"""What the panes of Invoices share: the ledger, and an invoice from the chosen client's work."""

from __future__ import annotations

from asyncio import Event
from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

from tui.screens.absent import why_absent
from tui.screens.invoices.ledger import Ledger
from tui.screens.pane import Pane
from tui.workspace.times import moment_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.widgets.grid import Grid
    from tui.workspace.invoices.invoices import InvoiceDesk
    from tui.workspace.invoices.work import Client, Work

NARROW = 110
"""Columns of the screen below which the grids leave out what matters least."""
CLIENT_FIRST = "Choose one client first"
NOTHING = "There is nothing under the cursor."


class LedgerPane(Pane):
    """A pane that shows a part of the ledger."""

    SCOPE = "invoices"

    class Written(Message):
        """Something was written: what any pane shows may be something else now."""

        def __init__(self, invoice: str = "") -> None:
            """The cursor is to stand on this invoice, where one is named."""
            super().__init__()
            self.invoice = invoice

    class ClientWanted(Message):
        """A client was chosen elsewhere than in their list: the cursor is to go there."""

        def __init__(self, client: str) -> None:
            super().__init__()
            self.client = client

    def __init__(
        self, workspace: Workspace, ledger: Ledger, content: Widget, title: str, *, id: str
    ) -> None:
        super().__init__(workspace, content, title, id=id)
        self.ledger = ledger
        self.clients_known = Event()
        """Set once it is known that the clients are there, or that they cannot be read."""

    def load_after_clients(self, what: str) -> None:
        """Before the clients are there, load as they do: keys wait, and nothing is said not to be
        there; once they are, a load of this pane's own replaces that."""

        async def wait() -> None:
            await self.clients_known.wait()

        if self.ledger.clients is None:
            self.clients_known.clear()
            self.load(what, wait)

    @property
    def desk(self) -> InvoiceDesk:
        """The use cases."""
        return self.workspace.invoices

    @property
    def sign(self) -> str:
        """What stands before an amount."""
        return self.workspace.settings.deck.currency

    @property
    def is_narrow(self) -> bool:
        """Whether a grid leaves columns out."""
        return self.app.size.width < NARROW

    def moment(self, moment: datetime) -> str:
        """How a moment reads in the person's zone."""
        return moment_text(moment, self.workspace.zone)

    def work_or_say(self) -> Work | None:
        """The work of the chosen client; without it that is said."""
        if self.ledger.work is None:
            waits = self.ledger.client is not None
            self.flash("The work is not here yet." if waits else f"{CLIENT_FIRST}.", "warn")
        return self.ledger.work

    async def _client_or_asked(self, title: str) -> Client | None:
        """The chosen client; where none is, the one that is chosen from a list now, below the
        `title`. None where there is none.
        """
        ledger, clients = self.ledger, self.ledger.clients
        if ledger.client is not None:
            return ledger.client
        if ledger.client_id is not None or clients is None or not clients.clients:
            # None was read yet, there is none, or it is one that is gone.
            self.flash(f"{CLIENT_FIRST}.", "warn")
            return None
        from tui.screens.invoices.rows import client_nodes
        from tui.widgets.dialogs import Choice

        every = client_nodes(clients, ledger.invoices, ledger.kept, self.workspace.zone, self.sign)
        chosen = await self.ask(Choice(title, every[1:]))
        if chosen is None:
            return None
        ledger.choose(int(chosen))
        self.post_message(self.ClientWanted(chosen))
        return ledger.client

    async def _read_of(self, client: Client) -> None:
        """Read what an invoice of a client needs, where it is not here yet."""
        ledger, clients = self.ledger, self.ledger.clients
        if ledger.work is None and clients is not None:
            found = await self.desk.work.of_client(client.id, clients.projects_of(client.id))
            ledger.works[client.id] = found.value
        if ledger.shown is None and ledger.needs_alone:
            ledger.keep_alone(client.id, await self.desk.invoices_of(client.id))

    async def saved(self, done: Awaitable[object]) -> None:
        """Wait for a form or a question; what is neither None nor False was written."""
        if await done:
            self.post_message(self.Written())

    async def command_filter(self) -> None:
        """Narrow the list by typing."""
        await self.open_filter()

    async def copy_line(self, grid: Grid) -> None:
        """Copy the line under the cursor."""
        if grid.cursor_text:
            await self.copy(grid.cursor_text)
        else:
            self.flash(NOTHING, "warn")

    async def command_invoice(self) -> None:
        """Make an invoice from approved work: choose it, look at the page, make it."""
        from tui.screens.invoices.billing import make_invoice

        ledger, was_chosen = self.ledger, self.ledger.client_id is not None
        client = await self._client_or_asked("Invoice of which client")
        if client is None:
            return
        if not was_chosen:
            await self._read_of(client)
        work, shown = self.work_or_say(), self.ledger.shown
        if work is None:
            return
        if ledger.book is None or shown is None:
            # Without them the same work would be offered twice.
            why = why_absent(self.workspace, "timesheets", "The invoices are not here yet.")
            self.flash(why, "warn")
            return
        made = await make_invoice(self, client, work, ledger.book, shown.invoices)
        if made is not None:
            self.post_message(self.Written(str(made) if made else ""))
