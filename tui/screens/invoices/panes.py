"""The three panes of the Invoices screen: what they show, how it loads, what the cursor is on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.screens.invoices.keys import keys_of_pane
from tui.screens.invoices.rows import (
    ALL,
    EMPTY,
    TITLES,
    VIEWS,
    View,
    client_nodes,
    invoice_columns,
    invoice_source,
    work_columns,
    work_note,
    work_source,
)
from tui.screens.panes import PaneScreen
from tui.widgets.cells import clip
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline
from tui.widgets.panel import Panel
from tui.workspace.invoices.amounts import total
from tui.workspace.text import clean
from tui.workspace.times import moment_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.widgets.filterline import FilterLine
    from tui.workspace.invoices.invoices import Clients, Invoice, InvoiceDesk, Invoices
    from tui.workspace.invoices.work import Client, Work

NARROW = 110
"""Columns below which the grids leave out what matters least."""
LONGEST_NAME = 32
"""Cells of a client's name in a title."""
FRESH = timedelta(seconds=30)
"""What is younger is not asked for again when the person comes back."""


class InvoicePanes(PaneScreen):
    """Clients at the left; invoices and, of one client, what they bill at the right."""

    DEFAULT_CSS = """
    InvoicePanes #clients { width: 2fr; min-width: 26; max-width: 52; }
    InvoicePanes #right { width: 5fr; margin-left: 1; }
    InvoicePanes #invoices { height: 2fr; }
    InvoicePanes #work { height: 3fr; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._zone = workspace.zone
        self._clients: Clients | None = None
        self._invoices: Invoices | None = None
        self._invoices_alone: Invoices | None = None
        self._work: dict[int, Work] = {}
        self._told: dict[str, datetime] = {}
        self._client_id: int | None = None
        self._view: View = "entries"
        self._narrow: bool | None = None
        self._wanted = ""

    @property
    def desk(self) -> InvoiceDesk:
        """The use cases."""
        return self.workspace.invoices

    @property
    def sign(self) -> str:
        """What stands before an amount."""
        return self.workspace.settings.deck.currency

    def compose_body(self) -> Iterable[Widget]:
        """Three panes; the lower one for a single client."""
        work = Panel(
            Grid(work_columns("entries", narrow=False), id="work-grid", empty=""),
            TITLES["entries"],
            id="work",
        )
        work.display = False
        with Horizontal(classes="body"):
            with Vertical(id="clients"):
                yield Panel(Outline(id="client-list", empty=""), "Clients", id="all")
            with Vertical(id="right"):
                yield Panel(
                    Grid(invoice_columns(narrow=False, whose=True), id="invoice-grid", empty=""),
                    "Invoices",
                    id="invoices",
                )
                yield work

    def pane_keys(self) -> Mapping[str, str]:
        """By pane, and by what stands in the lower one."""
        following = VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]
        return keys_of_pane(self.pane, self._view, TITLES[following])

    # -- loading ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Clients and invoices; the work follows the cursor."""
        self.watch_changes("timesheets")
        self.command_refresh()

    def resume(self) -> None:
        """Another screen, pane or person may have changed something meanwhile."""
        told = self._told.get("clients")
        if self.take_changes() or (told is not None and datetime.now(UTC) - told > FRESH):
            self.command_refresh()

    def reveal(self, key: str) -> None:
        """Put the cursor on an invoice, among those of all clients."""
        self._wanted = key
        if self.is_mounted:
            self.query_one("#client-list", Outline).move_to_key(ALL)
            self._show_wanted()

    def command_refresh(self) -> None:
        """Ask the service again."""
        panel = self.query_one("#all", Panel)
        self.load(
            panel, "Loading clients", self._load_clients, has_content=lambda: self._age("clients")
        )

    def _age(self, name: str) -> str:
        told = self._told.get(name)
        return f"as of {moment_text(told, self._zone)}" if told is not None else ""

    async def _load_clients(self) -> None:
        if self._clients is None:
            kept = await self.desk.kept_clients()
            if kept is not None:
                self._show_clients(kept.value, kept.as_of)
        answer = await self.desk.clients()
        self._show_clients(answer.value, answer.as_of)
        self._load_invoices()
        # After the clients: a project that was just made is one of theirs.
        self._load_work()

    def _load_invoices(self) -> None:
        async def work() -> None:
            clients = self._clients
            if clients is None:
                return
            if self._invoices is None:
                kept = await self.desk.kept_invoices()
                if kept is not None:
                    self._show_invoices(kept.value, kept.as_of)
            answer = await self.desk.invoices([one.id for one in clients.clients])
            self._show_invoices(answer.value, answer.as_of)
            self._show_wanted(last=True)

        self.load(
            self.query_one("#invoices", Panel), "Loading invoices", work,
            has_content=lambda: self._age("invoices"),
        )  # fmt: skip

    def _load_work(self) -> None:
        client_id, clients = self._client_id, self._clients
        if client_id is None or clients is None:
            return
        panel, name = self.query_one("#work", Panel), f"work/{client_id}"

        async def work() -> None:
            if client_id not in self._work:
                kept = await self.desk.work.kept(client_id)
                if kept is not None:
                    self._work[client_id], self._told[name] = kept.value, kept.as_of
                    self._show_work()
            if self._invoices is not None and not self._invoices.owned:
                self._invoices_alone = await self.desk.invoices_of(client_id)
                self._show_invoice_rows()
            answer = await self.desk.work.of_client(client_id, clients.projects_of(client_id))
            self._work[client_id], self._told[name] = answer.value, answer.as_of
            self._show_work()

        self.load_beside(panel, "Loading the work", work, has_content=lambda: self._age(name))

    # -- showing ------------------------------------------------------------------------------

    def _show_clients(self, clients: Clients, as_of: datetime) -> None:
        self._clients, self._told["clients"] = clients, as_of
        self._show_client_lines()
        panel = self.query_one("#all", Panel)
        panel.show_content()
        panel.show_note(f"{len(clients.clients):,}")

    def _show_client_lines(self) -> None:
        if self._clients is not None:
            tree = self.query_one("#client-list", Outline)
            tree.empty_text = "No client. a makes one."
            zone = self.workspace.zone
            tree.set_nodes(client_nodes(self._clients, self._invoices, zone, self.sign))

    def _show_invoices(self, invoices: Invoices, as_of: datetime) -> None:
        self._invoices, self._told["invoices"] = invoices, as_of
        self._show_client_lines()
        self._show_invoice_rows()
        self.query_one("#invoices", Panel).show_content()
        self._show_wanted()

    def shown_invoices(self) -> Invoices | None:
        """The invoices of the chosen client, or of all.

        Where those of all do not tell whose they are, the client's were asked for alone.
        """
        if self._invoices is None or self._client_id is None:
            return self._invoices
        if self._invoices.owned:
            return self._invoices.of(self._client_id)
        return self._invoices_alone

    def _show_invoice_rows(self) -> None:
        found, clients, one = self.shown_invoices(), self._clients, self._client_id
        grid = self.query_one("#invoice-grid", Grid)
        if found is None or clients is None:
            return
        narrow, whose = self.is_narrow, one is None
        columns = invoice_columns(narrow=narrow, whose=whose)
        if [column.key for column in columns] != [column.key for column in grid.columns]:
            grid.set_columns(columns)
        grid.empty_text = "No invoice. i makes one from approved work."
        grid.set_source(
            invoice_source(
                found.invoices, clients, self._zone, self.sign, narrow=narrow, whose=whose
            )
        )
        name = clients.name(one) if one is not None else "all clients"
        unpaid = f"{total(found.still_to_come, self.sign)} unpaid · " if found.unpaid else ""
        # What is unpaid beside it is what the person came for.
        self.query_one("#invoices", Panel).show_title(
            f"Invoices of {clip(clean(name), LONGEST_NAME)}", f"{unpaid}{len(found.invoices):,}"
        )

    def _show_wanted(self, *, last: bool = False) -> None:
        grid = self.query_one("#invoice-grid", Grid)
        if self._wanted and grid.move_to_key(self._wanted):
            self._wanted = ""
            grid.focus()
        elif self._wanted and last:
            self.flash(f"Invoice {self._wanted} is not there any more.", "warn")
            self._wanted = ""

    def _show_work(self) -> None:
        work = self.work
        if work is None:
            return
        grid, panel = self.query_one("#work-grid", Grid), self.query_one("#work", Panel)
        columns = work_columns(self._view, narrow=self.is_narrow)
        if [column.key for column in columns] != [column.key for column in grid.columns]:
            grid.set_columns(columns)
        grid.empty_text = EMPTY[self._view]
        grid.set_source(work_source(work, self._view, self._zone, narrow=self.is_narrow))
        panel.show_content()
        panel.show_title(TITLES[self._view], work_note(work, self._view))

    @property
    def is_narrow(self) -> bool:
        """Whether the grids leave columns out."""
        return self.size.width < NARROW

    def on_resize(self) -> None:
        """Other columns where the width asks for them."""
        if self._narrow != self.is_narrow:
            self._narrow = self.is_narrow
            self._show_invoice_rows()
            self._show_work()

    # -- what the cursor is on ----------------------------------------------------------------

    @property
    def clients(self) -> Clients | None:
        """Every client, once they were read."""
        return self._clients

    @property
    def client(self) -> Client | None:
        """The client that is chosen."""
        found = self._clients.clients if self._clients is not None else []
        return next((one for one in found if one.id == self._client_id), None)

    @property
    def work(self) -> Work | None:
        """The work of the client that is chosen, once it was read."""
        return self._work.get(self._client_id) if self._client_id is not None else None

    @property
    def view(self) -> View:
        """What the lower pane shows."""
        return self._view

    def chosen_invoice(self) -> Invoice | None:
        """The invoice under the cursor; without one that is said."""
        key = self.query_one("#invoice-grid", Grid).cursor_key
        shown = self.shown_invoices()
        found = shown.invoices if shown is not None else []
        chosen = next((one for one in found if str(one.id) == key), None)
        if chosen is None:
            self.flash("There is no invoice under the cursor.", "warn")
        return chosen

    @property
    def chosen_work(self) -> int | None:
        """The id of the entry, task or project under the cursor."""
        key = self.query_one("#work-grid", Grid).cursor_key
        return int(key) if key else None

    def marked_entries(self) -> list[int]:
        """The marked entries, else the one under the cursor; none in another view."""
        grid = self.query_one("#work-grid", Grid)
        if self._view != "entries" or self.work is None:
            return []
        return sorted(int(key) for key in grid.marked or {grid.cursor_key} if key)

    @on(Outline.Highlighted, "#client-list")
    def _client_highlighted(self, message: Outline.Highlighted) -> None:
        chosen = int(message.key) if message.key != ALL else None
        if chosen != self._client_id:
            self._client_id, self._invoices_alone = chosen, None
            self.query_one("#work", Panel).display = chosen is not None
            self.query_one("#work-grid", Grid).set_marked(frozenset())
            self._show_invoice_rows()
            self._show_work()
            self._load_work()

    def show_next_view(self) -> None:
        """Time entries, then tasks, then projects."""
        self._view = VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]
        self.query_one("#work-grid", Grid).set_marked(frozenset())
        self._show_work()
        self.refresh_hints()

    # -- filter -------------------------------------------------------------------------------

    async def command_filter(self) -> None:
        """Narrow the clients by typing."""
        from tui.widgets.filterline import FilterLine

        if not self.query("#filter"):
            await self.query_one("#clients").mount(FilterLine(id="filter"))
        self.query_one("#filter", FilterLine).open()

    def on_filter_line_edited(self, message: FilterLine.Edited) -> None:
        """Show what has the text."""
        self.query_one("#client-list", Outline).set_filter(message.text)

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        """Back to the clients."""
        del message
        self.query_one("#client-list", Outline).focus()
