"""Invoices: clients, their invoices, their work; new invoices, payments, comments, exports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.screens.absent import why_absent
from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.invoices.clients_pane import ClientsPane
from tui.screens.invoices.invoices_pane import InvoicesPane
from tui.screens.invoices.ledger import Ledger
from tui.screens.invoices.ledger_pane import LedgerPane
from tui.screens.invoices.rows import View
from tui.screens.invoices.work_pane import WorkPane
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.changes.plans import Plan

VIEW_OF_KIND: Mapping[str, View] = {"project": "projects", "task": "tasks", "entry": "entries"}


class InvoicesScreen(DeckScreen):
    """Clients at the left; invoices and, of one client, what they bill at the right."""

    SCOPE = "invoices"
    AUTO_FOCUS = "#client-list"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("invoices")

    DEFAULT_CSS = """
    InvoicesScreen #right { width: 5fr; margin-left: 1; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        ledger = Ledger()
        self.clients = ClientsPane(workspace, ledger)
        self.invoices = InvoicesPane(workspace, ledger)
        self.work = WorkPane(workspace, ledger)

    def compose_body(self) -> Iterable[Widget]:
        """Three panes; the lower one for a single client."""
        with Horizontal(classes="body"):
            yield self.clients
            with Vertical(id="right"):
                yield self.invoices
                yield self.work

    def reveal(self, key: str, kind: str = "") -> None:
        """Put the cursor on an invoice, among those of all clients; on a client; or on a project,
        a task or a time entry of one, whose key is `client#id`.
        """
        if kind == "client":
            self.clients.reveal(key, focus=True)
        elif kind in VIEW_OF_KIND:
            client, _, identity = key.partition("#")
            self.clients.reveal(client, focus=False)
            self.work.reveal(client, VIEW_OF_KIND[kind], identity)
        else:
            self.clients.choose_all()
            self.invoices.reveal(key)

    async def instead_of_undo(self, plan: Plan, passed: Sequence[Plan]) -> bool:
        """Of an invoice that is issued, a credit note: once, though both that it was issued and
        that it was made are passed over.
        """
        number = _invoice_of(plan)
        if number is None or number in map(_invoice_of, passed):
            return False
        return await self.invoices.offer_credit(self, number)

    @on(ClientsPane.Read)
    def _clients_read(self) -> None:
        self.invoices.ask_again()
        # After the clients: a project that was just made is one of theirs.
        self.work.ask_again()

    @on(ClientsPane.Failed)
    def _clients_failed(self) -> None:
        self.invoices.say_unasked()

    @on(ClientsPane.Chosen)
    def _client_chosen(self) -> None:
        self.invoices.show_client()
        self.work.show_client()
        self.refresh_hints()

    @on(LedgerPane.ClientWanted)
    def _client_wanted(self, message: LedgerPane.ClientWanted) -> None:
        self.clients.reveal(message.client, focus=False)
        self._client_chosen()

    @on(ClientsPane.InvoicesWanted)
    def _invoices_wanted(self) -> None:
        self.invoices.grid.focus()

    @on(InvoicesPane.Read)
    def _invoices_read(self) -> None:
        self.clients.show_lines()
        self.work.show_book()

    @on(WorkPane.ViewChanged)
    @on(InvoicesPane.KeysChanged)
    def _view_changed(self) -> None:
        self.refresh_hints()

    @on(LedgerPane.Written)
    def _written(self, message: LedgerPane.Written) -> None:
        if message.invoice:
            self.invoices.reveal(message.invoice)
        self.begin()

    def command_refresh(self) -> None:
        """Ask the service again."""
        self.begin()

    async def command_recurring(self) -> None:
        """Invoices that recur."""
        await self.go("office", "recurring", "recurring")

    async def command_office(self) -> None:
        """Users, groups, schedules, rates and links."""
        await self.go("office", "user", "user")

    async def command_bank(self) -> None:
        """Payments from a bank's statement, after a look at them."""
        from tui.screens.invoices.money_dialogs import bank

        if await bank(self):
            self.begin()

    async def command_owed(self) -> None:
        """What clients owe by how late it is, and the sums of the months."""
        from tui.screens.invoices.ledger_pane import NARROW
        from tui.screens.invoices.money_dialogs import owed_text

        ledger = self.invoices.ledger
        if ledger.invoices is None or ledger.clients is None:
            why = why_absent(self.workspace, "timesheets", "The invoices are not here yet.")
            self.flash(why, "warn")
            return
        text = owed_text(
            ledger.invoices.invoices, ledger.clients, ledger.kept, self.workspace.zone,
            self.workspace.settings.deck.currency, narrow=self.size.width < NARROW,
        )  # fmt: skip
        await self.read("What clients owe", text)


def _invoice_of(plan: Plan) -> int | None:
    """The invoice that a change issued or made."""
    from tui.workspace.invoices.kept_here import ISSUE

    change = plan.changes[0]
    found = change.arguments["invoice_id"] if change.operation == ISSUE else None
    if change.operation == "timesheets.invoice.create":
        found = change.answer.get("id")
    return None if found is None else int(found)
