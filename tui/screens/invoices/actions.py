"""What the keys of the Invoices screen do, by the pane that has the focus."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tui.screens.invoices import work_dialogs
from tui.screens.invoices.dialogs import change_invoice, make_invoice
from tui.screens.invoices.texts import (
    entry_text,
    invoice_text,
    project_text,
    task_text,
)
from tui.widgets.dialogs import Confirm
from tui.widgets.grid import Grid
from tui.words import counted, were
from tui.workspace.invoices.amounts import money
from tui.workspace.times import moment_text

if TYPE_CHECKING:
    from tui.screens.invoices.panes import InvoicePanes
    from tui.workspace.invoices.work import Project, Task, TimeEntry, Work

CLIENT_FIRST = "Choose one client first."


def _entry(screen: InvoicePanes, work: Work) -> TimeEntry | None:
    number = screen.chosen_work
    return next((one for one in work.entries if one.id == number), None)


def _task(screen: InvoicePanes, work: Work) -> Task | None:
    return work.tasks.get(screen.chosen_work or 0)


def _project(screen: InvoicePanes, work: Work) -> Project | None:
    return work.projects.get(screen.chosen_work or 0)


def _work(screen: InvoicePanes) -> Work | None:
    """The work that the lower pane shows; without it that is said."""
    if screen.work is None:
        screen.flash(CLIENT_FIRST if screen.client is None else "The work is not here yet.", "warn")
    return screen.work


def _nothing(screen: InvoicePanes) -> None:
    screen.flash("There is nothing under the cursor.", "warn")


async def open_chosen(screen: InvoicePanes) -> None:
    """What the cursor is on, in full, with its comments."""
    zone = screen.workspace.zone
    if screen.pane == "invoices":
        invoice = screen.chosen_invoice()
        if invoice is None or screen.clients is None:
            return
        owner = invoice.client_id or (screen.client.id if screen.client is not None else None)
        name = screen.clients.name(owner) if owner is not None else ""
        remarks = await screen.desk.remarks(invoice.id)
        text = invoice_text(invoice, name, remarks, zone, screen.sign)
        await screen.read(f"Invoice {invoice.id}", text)
        return
    work = _work(screen)
    if work is None:
        return
    desk = screen.desk.work
    if screen.view == "entries" and (entry := _entry(screen, work)) is not None:
        remarks = await desk.entry_remarks(entry.id)
        await screen.read("Time entry", entry_text(entry, work, remarks, zone))
    elif screen.view == "tasks" and (task := _task(screen, work)) is not None:
        remarks = await desk.task_remarks(task.id)
        await screen.read("Task", task_text(task, work, remarks, zone))
    elif screen.view == "projects" and (project := _project(screen, work)) is not None:
        client = screen.client.name if screen.client is not None else ""
        await screen.read("Project", project_text(project, client, zone))
    else:
        _nothing(screen)


async def add(screen: InvoicePanes) -> None:
    """A new client, invoice, time entry, task or project, as the pane shows them."""
    desk = screen.desk.work
    if screen.pane in ("all", ""):
        await _saved(screen, work_dialogs.client_form(screen, desk, None))
        return
    if screen.pane == "invoices":
        await bill(screen)
        return
    work, client = _work(screen), screen.client
    if work is None or client is None:
        return
    if screen.view == "entries":
        entry = _entry(screen, work)
        task = entry.task_id if entry is not None else None
        await _saved(screen, work_dialogs.entry_form(screen, desk, work, None, task))
    elif screen.view == "tasks":
        await _saved(screen, work_dialogs.task_form(screen, desk, work, None))
    else:
        await _saved(screen, work_dialogs.project_form(screen, desk, client.id, None))


async def bill(screen: InvoicePanes) -> None:
    """A new invoice for the client that is chosen."""
    client = screen.client
    if client is None:
        screen.flash("Choose one client first: an invoice is one client's.", "warn")
        return
    work, invoices = _work(screen), screen.shown_invoices()
    if work is None:
        return
    unpaid = invoices.unpaid if invoices is not None else Decimal()
    if await make_invoice(screen, screen.desk, client.id, client.name, work, unpaid):
        screen.command_refresh()


async def change(screen: InvoicePanes) -> None:
    """Change what the cursor is on."""
    desk = screen.desk.work
    if screen.pane in ("all", ""):
        if screen.client is None:
            screen.flash(CLIENT_FIRST, "warn")
        else:
            await _saved(screen, work_dialogs.client_form(screen, desk, screen.client))
        return
    if screen.pane == "invoices":
        invoice = screen.chosen_invoice()
        if invoice is not None and await change_invoice(screen, screen.desk, invoice):
            screen.command_refresh()
        return
    work, client = _work(screen), screen.client
    if work is None or client is None:
        return
    if screen.view == "entries" and (entry := _entry(screen, work)) is not None:
        await _saved(screen, work_dialogs.entry_form(screen, desk, work, entry, None))
    elif screen.view == "tasks" and (task := _task(screen, work)) is not None:
        await _saved(screen, work_dialogs.task_form(screen, desk, work, task))
    elif screen.view == "projects" and (project := _project(screen, work)) is not None:
        await _saved(screen, work_dialogs.project_form(screen, desk, client.id, project))
    else:
        _nothing(screen)


async def _saved(screen: InvoicePanes, form: Awaitable[int | None]) -> None:
    if await form is not None:
        screen.command_refresh()


async def comment(screen: InvoicePanes) -> None:
    """Comment on what the cursor is on."""
    if screen.pane != "work":
        invoice = screen.chosen_invoice()
        if invoice is not None:
            number = invoice.id
            await work_dialogs.comment(
                screen, str(number), f"invoice {number}",
                lambda text: screen.desk.comment(number, text),
            )  # fmt: skip
        return
    work, desk = _work(screen), screen.desk.work
    if work is None:
        return
    if screen.view == "entries" and (entry := _entry(screen, work)) is not None:
        number = entry.id
        await work_dialogs.comment(
            screen, f"entry.{number}", work_dialogs.entry_name(entry, work, _when(screen)),
            lambda text: desk.comment_on_entry(number, text),
        )  # fmt: skip
    elif screen.view == "tasks" and (task := _task(screen, work)) is not None:
        chosen = task
        await work_dialogs.comment(
            screen, f"task.{task.id}", task.name, lambda text: desk.comment_on_task(chosen, text)
        )
    else:
        screen.flash("Invoices, time entries and tasks can be commented on.", "warn")


def _when(screen: InvoicePanes) -> Callable[[datetime], str]:
    """How a moment reads in the person's zone."""
    zone = screen.workspace.zone
    return lambda moment: moment_text(moment, zone)


async def approve(screen: InvoicePanes) -> None:
    """Approve the marked entries, or the one under the cursor."""
    ids = screen.marked_entries()
    if not ids:
        screen.flash("Choose time entries of one client to approve them.", "warn")
        return
    count = counted(len(ids), "entry")
    sure = await screen.ask(
        Confirm("Approve", f"Approve {count}?", loses="Approving cannot be taken back here.")
    )
    if not sure:
        return
    approved = await screen.desk.work.approve(ids)
    left = len(ids) - len(approved)
    rest = f" {left:,} {were(left)} not: still running, or approved before." if left else ""
    screen.flash(f"Approved {len(approved):,}.{rest}", "warn" if left else "good")
    screen.query_one("#work-grid", Grid).set_marked(frozenset())
    screen.command_refresh()


async def delete(screen: InvoicePanes) -> None:
    """Delete what the cursor is on; what other things hang on wants its name typed."""
    desk = screen.desk.work
    if screen.pane == "invoices":
        await _delete_invoice(screen)
        return
    if screen.pane in ("all", ""):
        client = screen.client
        if client is None:
            screen.flash(CLIENT_FIRST, "warn")
        elif await work_dialogs.delete(
            screen, desk, "client", client.id, client.name,
            work=bool(screen.clients and screen.clients.projects_of(client.id)),
        ):  # fmt: skip
            screen.command_refresh()
        return
    work = _work(screen)
    if work is None:
        return
    done = False
    if screen.view == "entries" and (entry := _entry(screen, work)) is not None:
        name = work_dialogs.entry_name(entry, work, _when(screen))
        done = await work_dialogs.delete(screen, desk, "entry", entry.id, name, work=False)
    elif screen.view == "tasks" and (task := _task(screen, work)) is not None:
        hangs = task.id in work.worked()
        done = await work_dialogs.delete(screen, desk, "task", task.id, task.name, work=hangs)
    elif screen.view == "projects" and (project := _project(screen, work)) is not None:
        hangs = any(one.project == project.id for one in work.tasks.values())
        done = await work_dialogs.delete(
            screen, desk, "project", project.id, project.name, work=hangs
        )
    else:
        _nothing(screen)
    if done:
        screen.command_refresh()


async def _delete_invoice(screen: InvoicePanes) -> None:
    invoice = screen.chosen_invoice()
    if invoice is None:
        return
    amount = money(invoice.amount, screen.sign)
    sure = await screen.ask(
        Confirm(
            "Delete invoice",
            f"Delete invoice {invoice.id} of {amount}?",
            loses="The service keeps no copy; its entries can be billed again.",
            yes="Delete",
        )
    )
    if sure:
        await screen.desk.delete(invoice)
        screen.flash(f"Deleted invoice {invoice.id}.", "good")
        screen.command_refresh()
