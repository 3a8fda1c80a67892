"""Invoices: clients, their invoices, their work; new invoices, payments, comments, exports."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import BindingType

from tui.screens.bindings import bindings_of
from tui.screens.invoices.panes import InvoicePanes
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline


class InvoicesScreen(InvoicePanes):
    """What the keys do; most of it depends on the pane that has the focus."""

    SCOPE = "invoices"
    AUTO_FOCUS = "#client-list"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("invoices")

    @on(Outline.Selected, "#client-list")
    @on(Grid.Selected)
    async def _selected(self) -> None:
        await self.action_command("invoices.open")

    async def command_open(self) -> None:
        """From a client to its invoices; else what the cursor is on, in full."""
        from tui.screens.invoices.actions import open_chosen

        if self.pane in ("all", ""):
            self.query_one("#invoice-grid", Grid).focus()
        else:
            await open_chosen(self)

    async def command_add(self) -> None:
        """A new one of what the pane shows."""
        from tui.screens.invoices.actions import add

        await add(self)

    async def command_invoice(self) -> None:
        """Make an invoice from approved work: choose tasks, see the price, set the date."""
        from tui.screens.invoices.actions import bill

        await bill(self)

    async def command_pay(self) -> None:
        """Mark the invoice paid."""
        from tui.screens.invoices.dialogs import pay_invoice

        invoice = self.chosen_invoice()
        if invoice is not None and await pay_invoice(self, self.desk, invoice):
            self.command_refresh()

    async def command_change(self) -> None:
        """Change what the cursor is on."""
        from tui.screens.invoices.actions import change

        await change(self)

    async def command_comment(self) -> None:
        """Comment on what the cursor is on."""
        from tui.screens.invoices.actions import comment

        await comment(self)

    async def command_approve(self) -> None:
        """Approve the marked entries, or the one under the cursor."""
        from tui.screens.invoices.actions import approve

        await approve(self)

    async def command_delete(self) -> None:
        """Delete what the cursor is on."""
        from tui.screens.invoices.actions import delete

        await delete(self)

    async def command_export(self) -> None:
        """Write entries or clients to a CSV file."""
        from tui.screens.invoices.dialogs import export

        if self.clients is None:
            self.flash("There is nothing to export yet.", "warn")
            return
        grid, work = self.query_one("#work-grid", Grid), self.work
        marked = grid.marked if self.view == "entries" else frozenset()
        shown = [one.id for one in work.entries] if work is not None else []
        await export(self, self.desk, self.clients, sorted(map(int, marked)) or shown)

    def command_view(self) -> None:
        """Time entries, then tasks, then projects."""
        if self.client is None:
            self.flash("Choose one client first: work, tasks and projects are a client's.", "warn")
        else:
            self.show_next_view()

    async def command_copy(self) -> None:
        """Copy the line under the cursor."""
        if self.pane == "all":
            await self.copy(self.client.name if self.client is not None else "")
            return
        grid = self.query_one("#work-grid" if self.pane == "work" else "#invoice-grid", Grid)
        row = grid.source.row(grid.cursor_row)
        if row is not None:
            cells = zip(grid.columns, row, strict=True)
            await self.copy("\t".join(column.cell(value).text for column, value in cells))
