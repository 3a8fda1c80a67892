"""Clients, invoices, time entries, tasks and projects as lines of outlines and grids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from tui.widgets.grid_layout import room_of
from tui.widgets.grid_model import Cell, CellValue, Column, ListSource
from tui.widgets.outline_model import Node
from tui.workspace.invoices.amounts import money, totals_text
from tui.workspace.invoices.due import days_late, meant_day_text
from tui.workspace.times import clock, column_text, day_text, length_text, today_in

if TYPE_CHECKING:
    from tui.workspace.changes.history import Change
    from tui.workspace.changes.unsettled import Unsettled
    from tui.workspace.invoices.book import Book, State
    from tui.workspace.invoices.invoices import Clients, Invoice, Invoices
    from tui.workspace.invoices.work import Project, TimeEntry, Work

ALL = "all"
Costs = Mapping[int, tuple[str, str]]
"""Rate and price of entries by their ids, as they are written."""
View = Literal["entries", "tasks", "projects"]
VIEWS: tuple[View, ...] = ("entries", "tasks", "projects")
TITLES: dict[View, str] = {"entries": "Work", "tasks": "Tasks", "projects": "Projects"}
EMPTY: dict[View, str] = {
    "entries": "No time entry. <invoices.add> makes one.",
    "tasks": "No task. <invoices.add> makes one.",
    "projects": "No project. <invoices.add> makes one.",
}
RECORDS: dict[View, tuple[str, str]] = {
    "entries": ("entry", "day"), "tasks": ("task", "task"), "projects": ("project", "project"),
}  # fmt: skip
"""What the changes call a line of each view, and the column in which it is marked."""
NUMBER = Column("id", "No", align="right", minimum=4, maximum=12)
AMOUNT = Column("amount", "Amount", kind="number", minimum=10, maximum=16)
OPEN = Column("open", "Open", kind="number", minimum=8, maximum=16)
STATUSES = {
    "new": Cell("new"),
    "in-progress": Cell("in progress", "accent"),
    "done": Cell("✓ done", "good"),
    "cancelled": Cell("✗ cancelled", "muted"),
}
"""Of projects and tasks."""
STANDS: dict[State, Cell] = {
    "due": Cell("due"),
    "draft": Cell("… draft", "muted"),
    "issued": Cell("issued", "accent"),
    "part": Cell("part paid", "accent"),
    "paid": Cell("✓ paid", "good"),
    "overdue": Cell("! overdue", "bad"),
    "cancelled": Cell("✗ cancelled", "muted"),
    "other": Cell("?", "warn"),
}
"""Of invoices; behind the last stands what the service says."""
ORDINALS = ("1st", "2nd", "final")
"""Of reminders, by their level."""


def invoice_columns(
    *, narrow: bool, whose: bool, left: bool = False, short: bool = False
) -> list[Column]:
    """Columns of the invoices; `whose` where those of several clients stand together. Where it is
    `narrow`, what is `left` of each to be paid has a column only where there is room for it, and
    what is not an amount may be `short`.
    """
    most = 8 if short else 12
    client = [Column("client", "Client", minimum=8, maximum=most, flexible=True)] if whose else []
    if narrow:
        most = 12 if short else 18
        state = Column("state", "State", minimum=12, maximum=most, flexible=not whose)
        return [NUMBER, *client, state, *([OPEN] if left else []), AMOUNT]
    return [
        NUMBER,
        *client,
        Column("state", "State", minimum=9, maximum=11),
        Column("due", "Due", minimum=10, maximum=15),
        Column("paid", "Paid, reminded", minimum=14, maximum=18, flexible=not whose),
        OPEN,
        AMOUNT,
    ]


def work_columns(view: View, *, narrow: bool, widest: bool = False) -> list[Column]:
    """Columns of the lower pane; in narrow windows those that matter most, and only in the
    `widest` when an entry began and ended.
    """
    status = Column("status", "Status", minimum=10, maximum=14)
    time = Column("time", "Hours", kind="number", minimum=5, maximum=8)
    task = Column("task", "Task", minimum=8, maximum=12, flexible=True)
    project = Column("project", "Project", minimum=8, maximum=18, flexible=view == "projects")
    if view == "tasks":
        return (
            [task, time, status]
            if narrow
            else [task, project, time, Column("estimate", "Estimate", minimum=8), status]
        )
    if view == "projects":
        about = Column("about", "Category", minimum=8, maximum=16)
        tasks = Column("tasks", "Tasks", kind="number", width=5)
        return [project, tasks, status] if narrow else [project, about, tasks, time, status]
    day = Column("day", "Day", minimum=10, maximum=11)
    start = Column("from", "From", width=5)
    time = Column("time", "Hours", kind="number", width=5)
    if narrow:
        return [day, start, time, task, status]
    times = [start, Column("to", "To", width=5)] if widest else []
    who = Column("who", "Who", minimum=8, maximum=12)
    rate = Column("rate", "Rate", kind="number", minimum=6, maximum=10)
    price = Column("price", "Price", kind="number", minimum=7, maximum=12)
    return [day, *times, time, who, task, rate, price, status]


def client_nodes(
    clients: Clients, invoices: Invoices | None, book: Book, zone: tzinfo, sign: str
) -> list[Node]:
    """All clients as one line, then each with what it has not paid."""
    unpaid: dict[int, list[tuple[str, Decimal]]] = {}
    late: set[int] = set()
    for one in invoices.invoices if invoices is not None else []:
        if one.client_id is not None and (left := book.open(one)):
            unpaid.setdefault(one.client_id, []).append((book.currency(one, sign), left))
            if book.state(one, zone) == "overdue":
                late.add(one.client_id)
    return [
        Node(ALL, "All clients", role="title", mark=" "),
        *(
            Node(
                str(one.id),
                one.name or f"client {one.id}",
                detail=one.city,
                badge=totals_text(unpaid.get(one.id, ())),
                badge_role="bad" if one.id in late else "number",
                role="muted" if one.active is False else "text",
                mark="!" if one.id in late else "∅" if one.active is False else " ",
            )
            for one in clients.clients
        ),
    ]


def invoice_rows(
    found: Sequence[Invoice], clients: Clients, book: Book, zone: tzinfo, sign: str, *,
    narrow: bool, whose: bool, room: int,
) -> tuple[list[Column], ListSource]:  # fmt: skip
    """The columns in which invoices stand whole in so many cells, and a row each: all columns, else
    fewer, else without what is left of each; where it is `narrow` those that are always seen. Names
    are cut before amounts are.
    """
    least = [(True, False, False), (True, False, True)]
    forms = least if narrow else [(False, False, False), (True, True, False), *least]
    for fewer, left, short in forms:
        columns = invoice_columns(narrow=fewer, whose=whose, left=left, short=short)
        source = invoice_source(
            found, clients, book, zone, sign, narrow=fewer, whose=whose, left=left
        )
        if room_of(columns, source) <= room:
            break
    return columns, source


def invoice_source(
    found: Sequence[Invoice], clients: Clients, book: Book, zone: tzinfo, sign: str, *,
    narrow: bool, whose: bool, left: bool = False,
) -> ListSource:  # fmt: skip
    """One row an invoice in the columns of the same; late ones say so in words."""
    rows: list[list[CellValue]] = []
    for one in found:
        state, currency = book.state(one, zone), book.currency(one, sign)
        rest = book.open(one)
        over = state in ("paid", "cancelled")
        row: list[CellValue] = [Cell(book.number(one), "number")]
        if whose:
            row.append(clients.name(one.client_id) if one.client_id is not None else "")
        if narrow:
            reminder = book.last_reminder(one)
            times = f", {ORDINALS[reminder.level]}" if reminder is not None else ""
            cell = _state_in_one(one, state, money(rest, currency), zone)
            row.append(cell._replace(text=f"{cell.text}{times}"))
            row += [money(rest, currency) if rest else ""] if left else []
        else:
            due = meant_day_text(one.due_date, zone)
            row += [
                stands(one, state),
                Cell(due, "bad" if state == "overdue" else "text"),
                meant_day_text(one.payed_date, zone) if one.paid else _reminded(one, book, zone),
                money(rest, currency) if rest else "",
            ]
        amount = money(book.asked(one), currency)
        rows.append([*row, Cell(amount, "muted" if over else "number")])
    return ListSource(rows, [str(one.id) for one in found])


def _reminded(one: Invoice, book: Book, zone: tzinfo) -> CellValue:
    """The firmest reminder of what is open, and its day."""
    found = book.last_reminder(one)
    if found is None:
        return ""
    return Cell(f"{ORDINALS[found.level]} {day_text(found.day, today_in(zone))}", "warn")


def _state_in_one(one: Invoice, state: State, left: str, zone: tzinfo) -> Cell:
    """How it stands, and when or how much, in one cell."""
    if state == "paid":
        return Cell(f"✓ {meant_day_text(one.payed_date, zone) or 'paid'}", "good")
    if state == "overdue":
        return Cell(f"! {days_late(one.due_date, zone)} d late", "bad")
    if state == "part":
        return Cell(f"part, {left}", "accent")
    if state in ("due", "issued"):
        day = meant_day_text(one.due_date, zone)
        # A day behind “issued” would be read as that of its issue.
        return Cell(f"due {day}" if day else state, STANDS[state].role)
    return stands(one, state)


def stands(one: Invoice, state: State) -> Cell:
    """How it stands; with a status that is not known here, in the service's word."""
    cell = STANDS[state]
    return cell._replace(text=f"{cell.text} {one.status}") if state == "other" else cell


def _day(moment: datetime | None, zone: tzinfo) -> str:
    if moment is None:
        return ""
    return day_text(moment.astimezone(zone).date(), today_in(zone))


def work_source(
    work: Work, view: View, book: Book, zone: tzinfo, costs: Costs, *, narrow: bool, widest: bool
) -> ListSource:
    """The rows of the lower pane; `costs` are the rates and prices of entries, as far as known."""
    if view == "tasks":
        return _task_source(work, narrow=narrow)
    if view == "projects":
        return _project_source(work, narrow=narrow)
    rows = [
        _entry_row(one, work, book, zone, costs, narrow=narrow, widest=widest)
        for one in work.entries
    ]
    return ListSource(rows, [str(one.id) for one in work.entries])


def entry_status(one: TimeEntry, book: Book) -> Cell:
    """What became of an entry: open, approved, rejected, on which invoice it is, paid."""
    if (holder := book.holder(one)) is not None:
        # Below nothing: the service was asked for the invoice and has not answered.
        named = book.called(holder) if holder > 0 else "waits"
        return Cell(f"{'✓' if one.paid else '='} {named}", "muted")
    if one.paid and one.id in book.left_open:
        return Cell("✓ to bill", "good")
    if one.paid:
        return Cell("✓ paid", "muted")
    return {
        "approved": Cell("✓ approved", "good"),
        "rejected": Cell("✗ rejected", "bad"),
        "in-progress": Cell("… open"),
    }.get(one.status, Cell(one.status))


def _entry_row(
    one: TimeEntry, work: Work, book: Book, zone: tzinfo, costs: Costs, *, narrow: bool,
    widest: bool,
) -> list[CellValue]:  # fmt: skip
    task, user = work.tasks.get(one.task_id or 0), work.users.get(one.user_id or 0)
    start, stop = one.start_time, one.end_time
    day, begin = _day(start, zone), clock(start, zone) if start else ""
    name, time = task.name if task else "", column_text(one.duration or 0)
    if narrow:
        return [day, begin, time, name, entry_status(one, book)]
    runs = Cell("runs", "good")
    times = [begin, clock(stop, zone) if stop else runs] if widest else []
    rate, price = costs.get(one.id, ("", ""))
    return [
        day, *times, time if stop or widest else runs, user.name if user else "", name, rate,
        price, entry_status(one, book),
    ]  # fmt: skip


def _task_source(work: Work, *, narrow: bool) -> ListSource:
    worked = work.worked()
    tasks = sorted(work.tasks.values(), key=lambda one: one.name.casefold())
    rows: list[list[CellValue]] = []
    for one in tasks:
        time = column_text(worked.get(one.id, 0))
        status = STATUSES.get(one.status, Cell(one.status))
        project = work.projects.get(one.project or 0)
        estimate = f"{one.estimate:f} {one.estimate_unit}" if one.estimate else ""
        rows.append(
            [one.name, time, status]
            if narrow
            else [one.name, project.name if project else "", time, estimate, status]
        )
    return ListSource(rows, [str(one.id) for one in tasks])


def in_order(work: Work) -> list[Project]:
    """The projects of a client by name."""
    return sorted(work.projects.values(), key=lambda one: one.name.casefold())


def _project_source(work: Work, *, narrow: bool) -> ListSource:
    worked = work.worked()
    rows: list[list[CellValue]] = []
    for one in in_order(work):
        tasks = [task.id for task in work.tasks.values() if task.project == one.id]
        status = STATUSES.get(one.status, Cell(one.status))
        time = column_text(sum(worked.get(task, 0) for task in tasks))
        rows.append(
            [one.name, len(tasks), status]
            if narrow
            else [one.name, one.category, len(tasks), time, status]
        )
    return ListSource(rows, [str(one.id) for one in in_order(work)])


def new_work(work: Work, view: View, unsettled: Unsettled) -> list[Change]:
    """What of a view of this client's is to be made."""
    operation, argument, ours = {
        "entries": ("timesheets.ts.create", "task_id", [*work.tasks]),
        "tasks": ("timesheets.task.create", "project_id", [*work.projects]),
        "projects": ("timesheets.project.create", "client_id", [work.client_id]),
    }[view]
    return [one for one in unsettled.new(operation) if one.arguments.get(argument) in ours]


def work_note(work: Work, view: View, book: Book) -> str:
    """What the lower pane comes to, and of how many lines how many are shown."""
    if view == "tasks":
        return f"{len(work.tasks):,}"
    if view == "projects":
        return f"{len(work.projects):,}"
    shown = len(work.entries)
    count = f"{shown:,} of {work.total:,}" if shown < work.total else f"{shown:,}"
    # Only now: it brings documents with it, which the first paint does not need.
    from tui.workspace.invoices.drafting import billable

    rest = sum(one.duration or 0 for one in billable(work, book))
    return f"{length_text(rest)} approved, to bill · {count}"
