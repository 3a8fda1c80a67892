"""What the panes of Invoices share: the ledger, and an invoice from the chosen client's work."""

from __future__ import annotations

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
    from tui.workspace.invoices.work import Work

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

    def __init__(
        self, workspace: Workspace, ledger: Ledger, content: Widget, title: str, *, id: str
    ) -> None:
        super().__init__(workspace, content, title, id=id)
        self.ledger = ledger

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

    async def saved(self, done: Awaitable[object]) -> None:
        """Wait for a form or a question; what is neither None nor False was written."""
        if await done:
            self.post_message(self.Written())

    async def copy_line(self, grid: Grid) -> None:
        """Copy the line under the cursor."""
        if grid.cursor_text:
            await self.copy(grid.cursor_text)
        else:
            self.flash(NOTHING, "warn")

    async def command_invoice(self) -> None:
        """Make an invoice from approved work: choose it, look at the page, make it."""
        from tui.screens.invoices.billing import make_invoice

        ledger, client = self.ledger, self.ledger.client
        if client is None:
            self.flash(f"{CLIENT_FIRST}: an invoice is one client's.", "warn")
            return
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
