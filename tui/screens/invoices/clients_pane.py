"""The clients, with what each has not paid; the cursor says whose invoices and work are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.message import Message

from tui.screens.invoices.ledger import Ledger
from tui.screens.invoices.ledger_pane import CLIENT_FIRST, LedgerPane
from tui.screens.invoices.rows import ALL, client_nodes
from tui.screens.marking import marked_nodes
from tui.spoken_keys import key_for
from tui.widgets.grid_model import nothing_holds
from tui.widgets.outline import Outline
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.invoices.invoices import Clients
    from tui.workspace.invoices.work import Client

FRESH = timedelta(seconds=30)
"""What is younger is not asked for again when the person comes back."""


class ClientsPane(LedgerPane):
    """All clients as one line, then each."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "open": "", "add": "New client", "invoice": "", "change": "", "delete": "", "filter": "",
    }  # fmt: skip

    ON_ROW = LedgerPane.ON_ROW | {"invoice"}

    DEFAULT_CSS = """
    ClientsPane { width: 2fr; min-width: 26; max-width: 52; }
    """

    class Read(Message):
        """The clients were read, or cannot be now and those that were kept are shown."""

    class Failed(Message):
        """The clients cannot be read, and none were kept."""

    class Chosen(Message):
        """The cursor came to another client, or to all of them."""

    class InvoicesWanted(Message):
        """The keys are to go to the invoices."""

    def __init__(self, workspace: Workspace, ledger: Ledger) -> None:
        self.outline = Outline(id="client-list", empty="")
        super().__init__(workspace, ledger, self.outline, "Clients", id="clients")
        self._told: datetime | None = None
        self._wanted = ""
        self._filter = ""
        self._made = ""
        """A client that was just made: the cursor goes there once it is read."""

    # -- loading and showing ------------------------------------------------------------------

    def begin(self) -> None:
        """Show the clients that were kept, then what the service says now."""
        self.watch_changes("timesheets")
        self.load("Loading clients", self._read, has_content=lambda: self.as_of(self._told))

    def resume(self) -> None:
        """Another screen, pane or person may have changed something meanwhile."""
        old = self._told is not None and datetime.now(UTC) - self._told > FRESH
        if self.take_changes() or old:
            self.begin()

    async def _read(self) -> None:
        if self.ledger.clients is None:
            kept = await self.desk.kept_clients()
            if kept is not None:
                self._show_clients(kept.value, kept.as_of)
        answer = await self.desk.clients()
        self._show_clients(answer.value, answer.as_of)
        if self._made and self.outline.move_to_key(self._made):
            self._made = ""
            self._follow()
        self.post_message(self.Read())

    def load_failed(self, error: BaseException, stands: str) -> None:
        """Say it; invoices and work of the clients that were kept are shown all the same."""
        super().load_failed(error, stands)
        self.post_message(self.Read() if self.ledger.clients is not None else self.Failed())

    def _show_clients(self, clients: Clients, as_of: datetime) -> None:
        self.ledger.clients, self._told = clients, as_of
        self.show_lines()
        self.show_content()
        self.show_note(f"{len(clients.clients):,}")

    def show_lines(self) -> None:
        """The clients and what is unpaid, as far as both are known."""
        clients = self.ledger.clients
        if clients is not None:
            self._say_empty()
            zone, sign = self.workspace.zone, self.sign
            ledger = self.ledger
            nodes = client_nodes(clients, ledger.invoices, ledger.kept, zone, sign)
            still_open = self.unsettled("timesheets")
            new = still_open.new("timesheets.client.create")
            self.outline.set_nodes(marked_nodes(nodes, still_open, "client", new))
            self._show_wanted()

    def show_standing(self) -> None:
        """Mark the clients anew."""
        self.show_lines()

    def show_filtered(self, text: str) -> None:
        """Show the clients that have the text."""
        self._filter = text
        self._say_empty()
        self.outline.set_filter(text)

    def _say_empty(self) -> None:
        clients = self.ledger.clients
        if clients is not None:
            text = self._filter if clients.clients else ""
            self.outline.empty_text = nothing_holds(
                text, f"No client. {key_for('invoices.add')} makes one."
            )

    # -- what the cursor is on ----------------------------------------------------------------

    def reveal(self, client: str, *, focus: bool) -> None:
        """Choose a client by its id, now or once they are here; `focus` gives the keys to it."""
        self._wanted = client
        if focus:
            self.outline.focus()
        if self.ledger.clients is not None:
            self._show_wanted()

    def _show_wanted(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted and not self.outline.move_to_key(wanted):
            self.take_back_filter()
            self.show_filtered("")
            if not self.outline.move_to_key(wanted):
                self.flash("This client is not there any more.", "warn")
        if wanted:
            self._follow()

    def choose_all(self) -> None:
        """Put the cursor on the line of all clients."""
        self.outline.move_to_key(ALL)

    async def _chosen_client(self, title: str) -> Client | None:
        """The client under the cursor; on the line of all of them it is asked for by the `title`,
        and without one that is said.
        """
        self._follow()
        node = self.outline.node
        if node is not None and node.key == ALL:
            return await self._client_or_asked(title)
        if node is None or self.ledger.client is None:
            self.flash(f"{CLIENT_FIRST}.", "warn")
            return None
        return self.ledger.client

    @on(Outline.Highlighted)
    def _highlighted(self, message: Outline.Highlighted) -> None:
        message.stop()
        self._follow()

    def _follow(self) -> None:
        """Choose what the cursor is on, at once: a key may come before the outline's news."""
        node = self.outline.node
        # One that is to be made has no id yet, and nothing that could be shown.
        if node is not None and self.ledger.choose(int(node.key) if node.key.isdecimal() else None):
            self.post_message(self.Chosen())

    # -- commands -----------------------------------------------------------------------------

    def keys(self) -> Mapping[str, str]:
        """On the line of all clients without those that are for one."""
        one = self.ledger.client_id is not None
        return self.KEYS if one else {name: self.KEYS[name] for name in ("open", "add", "filter")}

    @on(Outline.Selected)
    async def _selected(self, message: Outline.Selected) -> None:
        message.stop()
        await self.perform("open")

    def command_open(self) -> None:
        """To the invoices of the client."""
        self.post_message(self.InvoicesWanted())

    async def command_add(self) -> None:
        """A new client."""
        from tui.screens.invoices.work_dialogs import client_form

        made = await client_form(self, self.desk.work, None)
        if made is not None:
            self._made = str(made)
            self.post_message(self.Written())

    async def command_invoice(self) -> None:
        """Make an invoice from approved work of the client under the cursor."""
        self._follow()
        await super().command_invoice()

    async def command_change(self) -> None:
        """Change the client."""
        from tui.screens.invoices.work_dialogs import client_form

        client = await self._chosen_client("Change which client")
        if client is not None:
            await self.saved(client_form(self, self.desk.work, client))

    async def command_delete(self) -> None:
        """Delete the client; one with projects goes only by its name."""
        from tui.screens.invoices.work_dialogs import delete

        client, clients = await self._chosen_client("Delete which client"), self.ledger.clients
        if client is None or clients is None:
            return
        await self.saved(
            delete(
                self, self.desk.work, "client", client.id, client.name,
                work=bool(clients.projects_of(client.id)),
            )
        )  # fmt: skip

    async def command_copy(self) -> None:
        """Copy the client's name."""
        client = await self._chosen_client("Copy the name of which client")
        if client is not None:
            await self.copy(client.name)
