"""Clients, invoices and time entries as lines of outlines and grids."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

from tui.widgets.grid_model import Cell, CellValue, Column
from tui.widgets.outline_model import Node
from tui.workspace.times import clock, day_text, span_text

if TYPE_CHECKING:
    from tui.workspace.invoices import Clients, Invoices, Work

INVOICE_COLUMNS = [
    Column("id", "No", kind="number"),
    Column("state", "State", minimum=9),
    Column("due", "Due", minimum=10),
    Column("paid", "Paid on", minimum=10),
    Column("amount", "Amount", kind="number", minimum=12),
]
ENTRY_COLUMNS = [
    Column("day", "Day", minimum=10),
    Column("from", "From", minimum=5),
    Column("to", "To", minimum=5),
    Column("time", "Time", kind="number", minimum=5),
    Column("who", "Who", maximum=22),
    Column("task", "Task", flexible=True),
    Column("status", "Status", minimum=11),
    Column("paid", "Paid", minimum=4),
]


def money(amount: Decimal | None, sign: str) -> str:
    """An amount with two decimals, and the sign that the person set."""
    if amount is None:
        return ""
    return f"{sign}{' ' if sign else ''}{amount:,.2f}"


def client_nodes(clients: Clients) -> list[Node]:
    """All clients as one line, then each."""
    return [
        Node("all", "All clients", role="title"),
        *(
            Node(
                str(one.id),
                one.name,
                detail=one.city,
                role="muted" if one.active is False else "text",
                mark="∅" if one.active is False else "",
            )
            for one in clients.clients
        ),
    ]


def invoice_rows(
    found: Invoices, clients: Clients, zone: tzinfo, sign: str
) -> list[list[CellValue]]:
    """One row an invoice; late ones say so in words."""
    del clients
    now = datetime.now(UTC)
    today = now.astimezone(zone).date()

    def day(moment: datetime | None) -> str:
        return day_text(moment.astimezone(zone).date(), today) if moment else ""

    rows: list[list[CellValue]] = []
    for one in found.invoices:
        late = not one.paid and one.due_date is not None and one.due_date < now
        state = Cell("✓ paid", "good") if one.paid else Cell("due", "text")
        rows.append(
            [
                one.id,
                Cell("! overdue", "bad") if late else state,
                Cell(day(one.due_date), "bad" if late else "text"),
                day(one.payed_date) if one.paid else "",
                Cell(money(one.amount, sign), "muted" if one.paid else "number"),
            ]
        )
    return rows


def entry_rows(work: Work, zone: tzinfo) -> list[list[CellValue]]:
    """One row a time entry."""
    today = datetime.now(zone).date()
    statuses = {
        "approved": Cell("✓ approved", "good"),
        "rejected": Cell("✗ rejected", "bad"),
        "in-progress": Cell("… open", "text"),
    }
    rows: list[list[CellValue]] = []
    for one in work.entries:
        task = work.tasks.get(one.task_id or 0)
        user = work.users.get(one.user_id or 0)
        start, stop = one.start_time, one.end_time
        rows.append(
            [
                day_text(start.astimezone(zone).date(), today) if start else "",
                clock(start, zone) if start else "",
                clock(stop, zone) if stop else Cell("runs", "good"),
                span_text(one.duration or 0),
                user.name if user else "",
                task.name if task else "",
                statuses.get(one.status, Cell(one.status)),
                Cell("✓", "good") if one.paid else Cell("·", "muted"),
            ]
        )
    return rows
