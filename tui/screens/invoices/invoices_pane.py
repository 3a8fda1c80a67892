"""The invoices of the chosen client, or of all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.message import Message

from tui.screens.absent import why_absent
from tui.screens.invoices.ledger import Ledger
from tui.screens.invoices.ledger_pane import LedgerPane
from tui.screens.invoices.rows import invoice_columns, invoice_rows
from tui.screens.marking import marked_rows
from tui.spoken_keys import key_for
from tui.widgets.cells import clip
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource, narrowed, nothing_holds
from tui.widgets.rows import BESIDE_ROWS
from tui.workspace.invoices.amounts import totals_text
from tui.workspace.text import clean
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.screens.asking import Asking
    from tui.workspace.invoices.invoices import Invoice, Invoices

WITHOUT_INVOICE = ("add", "filter")
"""What can be done where the cursor is on none."""
LONGEST_NAME = 32
"""Cells of a client's name in a title."""


class InvoicesPane(LedgerPane):
    """One invoice a row; unpaid ones first."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "open": "", "add": "New invoice", "issue": "", "pay": "", "document": "", "payments": "",
        "remind": "", "credit": "", "filter": "", "comment": "", "change": "",
        "delete": "", "copy": "",
    }  # fmt: skip

    DEFAULT_CSS = """
    InvoicesPane { height: 2fr; }
    """

    class Read(Message):
        """The invoices of all clients are known, or known anew."""

    class KeysChanged(Message):
        """A key means something else for the invoice under the cursor."""

    def __init__(self, workspace: Workspace, ledger: Ledger) -> None:
        self.grid = Grid(invoice_columns(narrow=False, whose=True), id="invoice-grid", empty="")
        super().__init__(workspace, ledger, self.grid, "Invoices", id="invoices")
        self._told: datetime | None = None
        self._outdated = True
        self._wanted = ""
        self._width = 0
        self._rows_of: int | None = None
        self._filter = ""
        self._told_keys: Mapping[str, str] = {}

    # -- loading ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Before the clients are there it loads too: what is not known yet is not none."""
        self.load_after_clients("Loading invoices")

    def ask_again(self) -> None:
        """Show the invoices that were kept, then what the service says now."""
        self._outdated = True
        self.load("Loading invoices", self._read, has_content=self._stands)

    def say_unasked(self) -> None:
        """Without the clients no invoice can be asked for, which is another thing than none."""
        unread = "Not asked for: the clients could not be read."
        self.grid.empty_text = why_absent(self.workspace, "timesheets", unread)
        self.clients_known.set()

    def show_client(self) -> None:
        """Another client is chosen, or all are."""
        self._show_rows()
        self._show_wanted()
        if self.ledger.shown is None and self.ledger.needs_alone:
            self.load_beside("Loading invoices", self._read, has_content=self._stands)
        elif self.ledger.shown is not None and self.state != "content":
            self.show_content()

    def _stands(self) -> str:
        return self.as_of(self._told) if self.ledger.shown is not None else ""

    async def _read(self) -> None:
        ledger, desk = self.ledger, self.desk
        if ledger.clients is None:
            return
        if ledger.invoices is None:
            kept = await desk.kept_invoices()
            if kept is not None:
                ledger.book = await self.workspace.papers.book(ledger.clients.clients)
                self._show_invoices(kept.value, kept.as_of)
        if self._outdated:
            answer = await desk.invoices([one.id for one in ledger.clients.clients])
            ids = [one.id for one in answer.value.invoices]
            ledger.book = await self.workspace.papers.seen(ids, ledger.clients.clients)
            self._show_invoices(answer.value, answer.as_of)
            # Only now: one that was broken off is made up for by the next.
            self._outdated = False
        chosen = ledger.client_id
        if chosen is not None and ledger.needs_alone:
            ledger.keep_alone(chosen, await desk.invoices_of(chosen))
            self._show_rows()
        self._show_wanted(last=True)

    # -- showing ------------------------------------------------------------------------------

    def _show_invoices(self, invoices: Invoices, as_of: datetime) -> None:
        self.ledger.invoices, self._told = invoices, as_of
        self._show_rows()
        if self.ledger.shown is not None:
            self.show_content()
        self._show_wanted()
        self.post_message(self.Read())

    def _show_rows(self) -> None:
        ledger, clients, one = self.ledger, self.ledger.clients, self.ledger.client_id
        if ledger.invoices is None or clients is None:
            return
        self._width = self.content_size.width
        whose, found = one is None, ledger.shown
        # Another client's list begins at its top: what is most late.
        same, self._rows_of = self._rows_of == one, one
        zone, sign, book = self.workspace.zone, self.sign, ledger.kept
        columns, every = invoice_rows(
            found.invoices if found is not None else [], clients, book, zone, sign,
            narrow=self.is_narrow, whose=whose, room=self._width - BESIDE_ROWS,
        )  # fmt: skip
        if [column.key for column in columns] != [column.key for column in self.grid.columns]:
            self.grid.set_columns(columns)
        name = clients.name(one) if one is not None else "all clients"
        title = f"Invoices of {clip(clean(name), LONGEST_NAME)}"
        if found is None:
            # No key may act on an invoice of the client that was chosen before.
            self.grid.empty_text = ""
            self.grid.set_source(ListSource())
            self.show_title(title)
            self._moved()
            return
        self.grid.empty_text = nothing_holds(
            self._filter if found.invoices else "",
            f"No invoice. {key_for('invoices.invoice')} makes one from approved work.",
        )
        source = narrowed(every, self._filter)
        still_open = self.unsettled("timesheets")
        new = still_open.new("timesheets.invoice.create")
        self.grid.set_source(
            marked_rows(
                source, columns, still_open, "invoice", at="id",
                new=[i for i in new if one in (None, i.arguments.get("client_id"))],
            ),
            keep_cursor=same,
        )  # fmt: skip
        owed = totals_text(
            (book.currency(one, sign), left) for one in found.invoices if (left := book.open(one))
        )
        unpaid = f"{owed} unpaid · " if owed else ""
        count = f"{source.total:,} of " if source is not every else ""
        # What is unpaid beside it is what the person came for.
        self.show_title(title, f"{unpaid}{count}{len(found.invoices):,}")
        self._moved()

    def show_filtered(self, text: str) -> None:
        """Show what has the text."""
        self._filter = text
        self._show_rows()

    def show_standing(self) -> None:
        """Mark the invoices anew."""
        self._show_rows()

    def on_resize(self) -> None:
        """Other columns where the width asks for them."""
        if self._width != self.content_size.width:
            self._show_rows()

    # -- what the cursor is on ----------------------------------------------------------------

    def reveal(self, key: str) -> None:
        """Put the cursor on an invoice, now or once it is shown."""
        self._wanted = key
        self._show_wanted()
        if self._wanted and self.ledger.invoices is not None:
            # Hidden by the filter, made since these were read, or gone.
            self.ask_again()

    def _show_wanted(self, *, last: bool = False) -> None:
        if self._wanted and self.grid.move_to_key(self._wanted):
            self._wanted = ""
            self.grid.focus()
        elif self._wanted and last and self._filter:
            self.take_back_filter()
            self.show_filtered("")
            self._show_wanted(last=True)
        elif self._wanted and last:
            self.flash(f"Invoice {self._wanted} is not there any more.", "warn")
            self._wanted = ""

    def _under_cursor(self) -> Invoice | None:
        shown = self.ledger.shown
        found = shown.invoices if shown is not None else []
        return next((one for one in found if str(one.id) == self.grid.cursor_key), None)

    @on(Grid.Highlighted)
    def _highlighted(self, message: Grid.Highlighted) -> None:
        message.stop()
        self._moved()

    def _moved(self) -> None:
        keys = self.keys()
        if keys != self._told_keys:
            self._told_keys = keys
            self.post_message(self.KeysChanged())

    def keys(self) -> Mapping[str, str]:
        """By the invoice under the cursor: what is paid is marked not paid by the key that marks it
        paid, and what has its number gets none. Without one there is nothing to do it to.
        """
        under = self._under_cursor()
        if under is None:
            return {name: self.KEYS[name] for name in WITHOUT_INVOICE}
        keys = {**self.KEYS, "pay": "Not paid"} if under.paid else {**self.KEYS}
        paper = self.ledger.kept.papers.get(under.id)
        state = paper.state if paper is not None else "draft"
        left_out = {"draft": ("credit",), "issued": ("issue",)}.get(state, ("issue", "credit"))
        return {name: title for name, title in keys.items() if name not in left_out}

    def _chosen_invoice(self) -> Invoice | None:
        """The invoice under the cursor; without one that is said."""
        chosen = self._under_cursor()
        if chosen is None:
            self.flash("There is no invoice under the cursor.", "warn")
        return chosen

    async def _meant_invoice(self) -> Invoice | None:
        """The same, for what is done to one alone: where others are marked that is said first, and
        asked by a key that says yes to no other question and opens none here. No number and no
        payment is ever given to several by marks.
        """
        chosen, shown = self._chosen_invoice(), self.ledger.shown
        if chosen is None or shown is None:
            return chosen
        marked = {one.id for one in shown.invoices if str(one.id) in self.grid.marked}
        if marked <= {chosen.id}:
            return chosen
        from tui.widgets.dialogs import Confirm
        from tui.words import are

        name = self.ledger.kept.called(chosen.id)
        sure = await self.ask(
            Confirm(
                "One alone",
                f"This acts on invoice {name} alone, which the cursor is on. Go on?",
                loses=f"{len(marked):,} {are(len(marked))} marked; every other stays as it is.",
                yes=f"only {name}",
                no="nothing is done",
                key="o",
            )
        )
        return chosen if sure else None

    # -- commands -----------------------------------------------------------------------------

    @on(Grid.Selected)
    async def _selected(self, message: Grid.Selected) -> None:
        message.stop()
        await self.perform("open")

    async def command_open(self) -> None:
        """The invoice in full, with its comments."""
        from tui.screens.invoices.texts import invoice_text

        invoice, clients = self._chosen_invoice(), self.ledger.clients
        if invoice is None or clients is None:
            return
        owner = invoice.client_id or self.ledger.client_id
        name = clients.name(owner) if owner is not None else ""
        remarks = await self.desk.remarks(invoice.id)
        book = self.ledger.kept
        text = invoice_text(invoice, book, name, remarks, self.workspace.zone, self.sign)
        await self.read(f"Invoice {book.number(invoice)}", text)

    async def command_add(self) -> None:
        """A new invoice for the chosen client."""
        await self.command_invoice()

    async def command_issue(self) -> None:
        """Give the draft its number."""
        from tui.screens.invoices.standing import issue

        invoice = await self._meant_invoice()
        if invoice is not None:
            await self.saved(issue(self, invoice, self.ledger.kept))

    async def command_pay(self) -> None:
        """Note what was paid, or mark one that is paid not paid."""
        from tui.screens.invoices.standing import pay

        invoice = await self._meant_invoice()
        if invoice is not None:
            await self.saved(pay(self, invoice, self.ledger.kept))

    async def command_payments(self) -> None:
        """The payments of the invoice; one is taken back."""
        from tui.screens.invoices.standing import payments

        invoice = await self._meant_invoice()
        if invoice is not None:
            await self.saved(payments(self, invoice, self.ledger.kept))

    async def command_credit(self) -> None:
        """A credit note over the invoice."""
        from tui.screens.invoices.standing import credit

        invoice = await self._meant_invoice()
        if invoice is not None:
            await self.saved(credit(self, invoice, self.ledger.kept))

    async def offer_credit(self, asker: Asking, invoice_id: int) -> bool:
        """A credit note in place of deleting one that is issued; whether one was written. Who
        carries out the command asks: keys wait for its question.
        """
        from tui.screens.invoices.standing import credit

        found = self.ledger.invoices.invoices if self.ledger.invoices is not None else []
        invoice = next((one for one in found if one.id == invoice_id), None)
        if invoice is None or self.ledger.kept.issued(invoice_id) is None:
            return False
        done = await credit(asker, invoice, self.ledger.kept)
        if done:
            self.post_message(self.Written(str(invoice_id)))
        return done

    async def command_document(self) -> None:
        """The invoice as a document: look at it, check it, write it to a file."""
        from tui.screens.invoices.documents import take_out

        invoice = await self._meant_invoice()
        if invoice is not None:
            await self.saved(take_out(self, self.workspace.documents, invoice, self.ledger.kept))

    async def command_remind(self) -> None:
        """The text of a reminder, and that it was sent."""
        from tui.screens.invoices.reminding import remind

        invoice = await self._meant_invoice()
        if invoice is not None:
            await self.saved(remind(self, invoice, self.ledger.kept))

    async def command_change(self) -> None:
        """Change when the invoice is due or what it comes to."""
        from tui.screens.invoices.dialogs import change_invoice

        invoice = await self._meant_invoice()
        if invoice is not None:
            await self.saved(change_invoice(self, self.desk, invoice, self.ledger.kept))

    async def command_comment(self) -> None:
        """Comment on the invoice."""
        from tui.screens.invoices.work_dialogs import comment

        invoice = await self._meant_invoice()
        if invoice is not None:
            number = invoice.id
            await comment(
                self, str(number), f"invoice {number}",
                lambda text: self.desk.comment(number, text),
            )  # fmt: skip

    async def command_delete(self) -> None:
        """Delete the invoice, after a question; of one that is issued, offer a credit note."""
        from tui.screens.invoices.dialogs import delete_invoice

        invoice = await self._meant_invoice()
        if invoice is not None and self.ledger.kept.issued(invoice.id) is not None:
            await self.offer_credit(self, invoice.id)
        elif invoice is not None and self.ledger.kept.is_cancelled(invoice.id):
            number = self.ledger.kept.called(invoice.id)
            self.flash(f"{number} was taken back: it stands, as its credit note does.", "warn")
        elif invoice is not None:
            await self.saved(delete_invoice(self, self.desk, invoice, self.ledger.kept))

    async def command_copy(self) -> None:
        """Copy the line under the cursor."""
        await self.copy_line(self.grid)
