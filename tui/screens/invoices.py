"""Invoices: clients, their invoices, their work; new invoices, payments, comments, exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.invoices_rows import (
    ENTRY_COLUMNS,
    INVOICE_COLUMNS,
    client_nodes,
    entry_rows,
    invoice_rows,
    money,
)
from tui.widgets.filterline import FilterLine
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource
from tui.widgets.outline import Outline
from tui.widgets.panel import Panel
from tui.workspace.times import moment_text, span_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.invoices import Clients, Invoice, InvoiceDesk, Invoices, Work

ALL = "all"


class InvoicesScreen(DeckScreen):
    """Clients at the left; invoices and the work that they bill at the right."""

    SCOPE = "invoices"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("invoices")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    DEFAULT_CSS = """
    InvoicesScreen #clients { width: 38; }
    InvoicesScreen.-narrow #clients { width: 26; }
    InvoicesScreen #right { width: 1fr; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._clients: Clients | None = None
        self._invoices: Invoices | None = None
        self._work: Work | None = None
        self._client_id: int | None = None
        self._ages: dict[str, str] = {}
        self._wanted = ""

    @property
    def _desk(self) -> InvoiceDesk:
        return self.workspace.invoices

    def compose_body(self) -> Iterable[Widget]:
        """Three panes."""
        with Horizontal(classes="body"):
            with Vertical(id="clients"):
                yield Panel(Outline(id="client-list", empty="No client."), "Clients", id="all")
                yield FilterLine(id="filter")
            with Vertical(id="right"):
                yield Panel(
                    Grid(INVOICE_COLUMNS, id="invoice-grid", empty="No invoice."),
                    "Invoices",
                    id="invoices",
                )
                yield Panel(
                    Grid(ENTRY_COLUMNS, id="entry-grid", empty="No work. Choose a client."),
                    "Work",
                    id="work",
                )

    # -- loading ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Clients first; the invoices follow the cursor."""
        self.query_one("#client-list", Outline).focus()
        self.command_refresh()

    def reveal(self, key: str) -> None:
        """Put the cursor on an invoice, among those of all clients."""
        self._wanted = key
        if self._clients is not None:
            self.query_one("#client-list", Outline).move_to_key(ALL)
            self._show_wanted()

    def command_refresh(self) -> None:
        """Ask the service again."""
        panel = self.query_one("#all", Panel)
        self.load(panel, "Loading clients", self._load_clients, has_content=self._age("clients"))
        if self._clients is not None:
            self._load_chosen()

    def _age(self, name: str) -> Callable[[], str]:
        return lambda: self._ages.get(name, "")

    async def _load_clients(self) -> None:
        if self._clients is None:
            kept = await self._desk.kept_clients()
            if kept is not None:
                self._show_clients(kept.value, kept.as_of)
        answer = await self._desk.clients()
        self._show_clients(answer.value, answer.as_of)

    def _show_clients(self, clients: Clients, as_of: datetime) -> None:
        first = self._clients is None
        self._clients = clients
        self._ages["clients"] = f"as of {moment_text(as_of, self.workspace.zone)}"
        self.query_one("#client-list", Outline).set_nodes(client_nodes(clients))
        panel = self.query_one("#all", Panel)
        panel.show_content()
        panel.show_note(f"{len(clients.clients):,}")
        if first:
            self._load_chosen()

    @on(Outline.Highlighted, "#client-list")
    def _client_highlighted(self, message: Outline.Highlighted) -> None:
        chosen = int(message.key) if message.key != ALL else None
        if chosen != self._client_id:
            self._client_id = chosen
            self._load_chosen()

    @on(Outline.Selected, "#client-list")
    def _client_selected(self) -> None:
        self.query_one("#invoice-grid", Grid).focus()

    def _load_chosen(self) -> None:
        self.load(self.query_one("#invoices", Panel), "Loading invoices", self._load_invoices)
        work = self.query_one("#work", Panel)
        if self._client_id is None:
            self._work = None
            self._show_work()
            work.show_empty("The work of one client is shown here.", "Choose a client.")
        else:
            self.load(work, "Loading the work", self._load_work)

    async def _load_invoices(self) -> None:
        clients = self._clients
        if clients is None:
            return
        one = self._client_id
        ids = [one] if one is not None else [client.id for client in clients.clients]
        answer = await self._desk.invoices(ids)
        self._invoices = answer.value
        rows = answer.value.invoices
        self.query_one("#invoice-grid", Grid).set_source(
            ListSource(
                invoice_rows(answer.value, clients, self.workspace.zone, self._sign),
                [str(row.id) for row in rows],
            )
        )
        unpaid = money(answer.value.unpaid, self._sign)
        name = clients.name(one) if one is not None else "all clients"
        self.query_one("#invoices", Panel).show_title(
            f"Invoices of {name}", f"{unpaid} unpaid · {len(rows):,}"
        )
        self._show_wanted()

    def _show_wanted(self) -> None:
        grid = self.query_one("#invoice-grid", Grid)
        if self._wanted and grid.move_to_key(self._wanted):
            self._wanted = ""
            grid.focus()

    @property
    def _sign(self) -> str:
        return self.workspace.settings.deck.currency

    async def _load_work(self) -> None:
        clients, one = self._clients, self._client_id
        if clients is None or one is None:
            return
        self._work = await self._desk.work(clients, one)
        self._show_work()

    def _show_work(self) -> None:
        work = self._work
        grid = self.query_one("#entry-grid", Grid)
        if work is None:
            grid.set_source(ListSource([], []))
            return
        grid.set_source(
            ListSource(entry_rows(work, self.workspace.zone), [str(one.id) for one in work.entries])
        )
        billable = sum(one.duration or 0 for one in work.billable())
        shown = len(work.entries)
        count = f"{shown:,} of {work.total:,}" if shown < work.total else f"{shown:,}"
        self.query_one("#work", Panel).show_title(
            "Work", f"{span_text(billable)} h approved, not paid · {count} entries"
        )

    # -- what the cursor is on ----------------------------------------------------------------

    def _chosen_invoice(self) -> Invoice | None:
        key = self.query_one("#invoice-grid", Grid).cursor_key
        found = self._invoices.invoices if self._invoices is not None else []
        chosen = next((one for one in found if str(one.id) == key), None)
        if chosen is None:
            self.flash("There is no invoice under the cursor.", "warn")
        return chosen

    def _entry_ids(self) -> list[int]:
        """The marked entries, or the one under the cursor."""
        grid = self.query_one("#entry-grid", Grid)
        return [int(key) for key in sorted(grid.marked) or [grid.cursor_key] if key]

    # -- commands -----------------------------------------------------------------------------

    @on(Grid.Selected, "#invoice-grid")
    async def _invoice_selected(self) -> None:
        await self.action_command("invoices.open")

    async def command_open(self) -> None:
        """The invoice with its comments."""
        invoice = self._chosen_invoice()
        if invoice is None or self._clients is None:
            return
        from tui.screens.invoices_dialogs import invoice_text
        from tui.widgets.dialogs import MessageBox

        remarks = await self._desk.remarks(invoice.id)
        text = invoice_text(invoice, remarks, self.workspace.zone, self._sign)
        await self.ask(MessageBox(f"Invoice {invoice.id}", text))

    async def command_create(self) -> None:
        """Make an invoice from approved work: choose tasks, see the price, set the date."""
        from tui.screens.invoices_dialogs import make_invoice

        if self._client_id is None or self._work is None or self._clients is None:
            self.flash("Choose one client first: an invoice is one client's.", "warn")
            return
        name = self._clients.name(self._client_id)
        unpaid = self._invoices.unpaid if self._invoices is not None else Decimal()
        if await make_invoice(self, self._desk, self._client_id, name, self._work, unpaid):
            self._load_chosen()

    async def command_pay(self) -> None:
        """Mark the invoice paid."""
        from tui.screens.invoices_dialogs import pay_invoice

        invoice = self._chosen_invoice()
        if invoice is not None and await pay_invoice(self, self._desk, invoice):
            self._load_chosen()

    async def command_change(self) -> None:
        """Change when the invoice is due, or what it comes to."""
        from tui.screens.invoices_dialogs import change_invoice

        invoice = self._chosen_invoice()
        if invoice is not None and await change_invoice(self, self._desk, invoice):
            self._load_chosen()

    async def command_comment(self) -> None:
        """Comment on the invoice."""
        from tui.screens.invoices_dialogs import comment_on

        invoice = self._chosen_invoice()
        if invoice is not None:
            await comment_on(self, self._desk, invoice)

    async def command_approve(self) -> None:
        """Approve the marked entries, or the one under the cursor."""
        from tui.widgets.dialogs import Confirm

        ids = self._entry_ids()
        if not ids:
            self.flash("There is no entry under the cursor.", "warn")
            return
        count = "1 entry" if len(ids) == 1 else f"{len(ids):,} entries"
        sure = await self.ask(
            Confirm("Approve", f"Approve {count}?", loses="Approving cannot be taken back here.")
        )
        if not sure:
            return
        approved = await self._desk.approve(ids)
        left = len(ids) - len(approved)
        rest = f" {left:,} were not: they still run, or were approved before." if left else ""
        self.flash(f"Approved {len(approved):,}.{rest}", "warn" if left else "good")
        self.query_one("#entry-grid", Grid).set_marked(frozenset())
        self._load_chosen()

    async def command_delete(self) -> None:
        """Delete the invoice."""
        from tui.widgets.dialogs import Confirm

        invoice = self._chosen_invoice()
        if invoice is None:
            return
        amount = money(invoice.amount, self._sign)
        sure = await self.ask(
            Confirm(
                "Delete invoice",
                f"Delete invoice {invoice.id} of {amount}?",
                loses="The service keeps no copy; its entries can be billed again.",
                yes="Delete",
            )
        )
        if sure:
            await self._desk.delete(invoice)
            self.flash(f"Deleted invoice {invoice.id}.", "good")
            self._load_chosen()

    async def command_export(self) -> None:
        """Write entries or clients to a CSV file."""
        from tui.screens.invoices_dialogs import export

        if self._clients is not None:
            ids = [one.id for one in self._work.entries] if self._work is not None else []
            marked = self.query_one("#entry-grid", Grid).marked
            chosen = [int(key) for key in marked] or ids
            await export(self, self._desk, self._clients, chosen)

    # -- filter -------------------------------------------------------------------------------

    def command_filter(self) -> None:
        """Narrow the clients by typing."""
        self.query_one("#filter", FilterLine).open()

    @on(FilterLine.Edited, "#filter")
    def _filter_edited(self, message: FilterLine.Edited) -> None:
        self.query_one("#client-list", Outline).set_filter(message.text)

    @on(FilterLine.Left, "#filter")
    def _filter_left(self) -> None:
        self.query_one("#client-list", Outline).focus()
