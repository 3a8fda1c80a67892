"""Invoices, entries, tasks and projects in full, with their comments, to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from tui.screens.invoices.rows import entry_status, stands
from tui.spoken_keys import key_for
from tui.words import counted
from tui.workspace.invoices.amounts import money
from tui.workspace.invoices.due import meant_day_text
from tui.workspace.invoices.reminder import LEVELS
from tui.workspace.times import length_text, moment_text

if TYPE_CHECKING:
    from tui.workspace.invoices.book import Book
    from tui.workspace.invoices.invoices import Invoice
    from tui.workspace.invoices.work import Project, Remark, Task, TimeEntry, Work

WIDTH = 12


def _facts(facts: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{name:<{WIDTH}}{text}" for name, text in facts if text]


def _when(moment: datetime | None, zone: tzinfo) -> str:
    return moment_text(moment, zone) if moment is not None else ""


def _comments(remarks: Sequence[Remark], zone: tzinfo) -> list[str]:
    """Every comment under who wrote it and when."""
    if not remarks:
        return ["", f"No comment. {key_for('invoices.comment')} writes one."]
    lines = ["", counted(len(remarks), "comment")]
    for remark in remarks:
        author = remark.author or "somebody"
        lines += ["", f"{author} · {_when(remark.date, zone)}"]
        lines += [f"  {line}" for line in remark.text.splitlines() or [""]]
    return lines


def invoice_text(
    invoice: Invoice, book: Book, client: str, remarks: Sequence[Remark], zone: tzinfo, sign: str
) -> str:
    """An invoice with its lines, what was paid of it, and its comments."""
    currency, paper = book.currency(invoice, sign), book.papers.get(invoice.id)
    left, noted = book.open(invoice), book.payments.get(invoice.id)
    facts = [
        ("Client", client),
        ("Number", paper.number if paper is not None else ""),
        ("Issued", f"{paper.issued}" if paper is not None and paper.issued else ""),
        ("Amount", money(book.asked(invoice), currency)),
        ("Open", money(left, currency) if left else ""),
        ("Status", stands(invoice, book.state(invoice, zone)).text),
        ("Due", meant_day_text(invoice.due_date, zone)),
        ("Paid on", meant_day_text(invoice.payed_date, zone) if invoice.paid else ""),
    ]
    if book.state(invoice, zone) == "other":
        why = "its status is not known here: it counts neither as paid nor as unpaid"
        facts.append(("The service", why))
    if book.state(invoice, zone) == "cancelled":
        stays = "paid" if invoice.paid else "new"
        facts.append(("The service", f"keeps it as {stays}: it knows no credit notes"))
    told = money(invoice.amount, currency)
    if paper is not None and invoice.amount != book.asked(invoice):
        facts.insert(4, ("The service", f"{told}: it is told the amount without VAT, or another"))
    elif paper is None and (rate := book.on_top.get(invoice.client_id or 0)):
        facts.insert(4, ("The service", f"{told} without VAT, which is {rate:f} % on top of it"))
    document = book.documents.get(invoice.id)
    lines: list[str] = []
    for one in document.lines if document is not None else ():
        lines += ["", one.text, f"  {one.working}"]
    paid: list[str] = []
    if noted is not None:
        paid = [
            "",
            (
                f"{counted(len(noted.payments), 'payment')} noted here. "
                f"{key_for('invoices.payments')} takes one back."
            ),
        ]
        paid += [
            f"  {one.day}  {money(one.amount, currency)}  {one.text}".rstrip()
            for one in noted.payments
        ]
    reminded = [
        f"Reminded on {one.day}: {LEVELS[one.level]}, {money(one.amount, one.currency)} open"
        for one in book.reminded.get(invoice.id, ())
    ]
    paid += ["", *reminded] if reminded else []
    return "\n".join([*_facts(facts), *lines, *paid, *_comments(remarks, zone)])


def entry_text(
    entry: TimeEntry,
    work: Work,
    book: Book,
    price: str,
    remarks: Sequence[Remark],
    zone: tzinfo,
) -> str:
    """A time entry and its comments; `price` is how it is reckoned."""
    task, user = work.tasks.get(entry.task_id or 0), work.users.get(entry.user_id or 0)
    project = work.projects.get(task.project or 0) if task is not None else None
    facts = [
        ("Task", task.name if task else ""),
        ("Project", project.name if project else ""),
        ("Who", user.name if user else ""),
        ("From", _when(entry.start_time, zone)),
        ("To", _when(entry.end_time, zone) or "runs"),
        ("Time", length_text(entry.duration or 0)),
        ("Price", price or "no rate: it cannot be billed"),
        ("Breaks", str(entry.breaks or "")),
        ("Status", entry_status(entry, book).text),
        ("Approved", _when(entry.approve_date, zone)),
    ]
    return "\n".join([*_facts(facts), *_comments(remarks, zone)])


def task_text(task: Task, work: Work, remarks: Sequence[Remark], zone: tzinfo) -> str:
    """A task and its comments."""
    project = work.projects.get(task.project or 0)
    facts = [
        ("Task", task.name),
        ("Project", project.name if project else ""),
        ("Status", task.status),
        ("Worked", length_text(work.worked().get(task.id, 0))),
        ("Estimate", f"{task.estimate:f} {task.estimate_unit}" if task.estimate else ""),
    ]
    about = ["", task.description] if task.description else []
    return "\n".join([*_facts(facts), *about, *_comments(remarks, zone)])


def project_text(project: Project, client: str, zone: tzinfo) -> str:
    """A project."""
    facts = [
        ("Project", project.name),
        ("Client", client),
        ("Category", project.category or ""),
        ("Status", project.status),
        ("Planned", " to ".join(
            text for one in (project.planned_start_date, project.planned_end_date)
            if (text := meant_day_text(one, zone))
        )),
    ]  # fmt: skip
    about = ["", project.description] if project.description else []
    return "\n".join([*_facts(facts), *about])
