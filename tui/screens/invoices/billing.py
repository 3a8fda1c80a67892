"""Questions for a new invoice: which work, how it is grouped, then a page of what it comes to."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tui.screens.asking import Asking
from tui.spoken_keys import key_for
from tui.widgets.form_values import FormField
from tui.words import in_brief
from tui.workspace.changes.history import Waiting
from tui.workspace.invoices.amounts import money
from tui.workspace.invoices.billing_terms import (
    LINE_EXAMPLE,
    OFF_EXAMPLE,
    VAT_EXAMPLE,
    TermError,
    read_off,
    read_terms,
    read_vat,
)
from tui.workspace.invoices.drafting import GROUPINGS, Chosen, billable
from tui.workspace.invoices.extras import EXAMPLE, ExtraError, read_extras
from tui.workspace.times import column_text, today_in

if TYPE_CHECKING:
    from tui.workspace.invoices.book import Bill, Book
    from tui.workspace.invoices.invoices import Invoice
    from tui.workspace.invoices.work import Client, Work

ALL = "all"
TERMS = ("vat", "discount", "terms")
MOST_WORDS = 255
WAITS = 0
"""In place of an id: the invoice was asked for, and the service has not answered."""


async def make_invoice(
    asker: Asking, client: Client, work: Work, book: Book, invoices: list[Invoice]
) -> int | None:
    """Choose, look at the page, make it; its id, `WAITS`, or None where none was made.

    `invoices` are the client's: of those that are not paid and not ours it is said that nobody
    knows what they bill.
    """
    from tui.widgets.viewer import Review
    from tui.workspace.invoices.bill_text import bill_text
    from tui.workspace.invoices.billing import something_to_bill

    desk, zone = asker.workspace.papers.bills, asker.workspace.zone
    sums: dict[int, int] = {}
    for entry in billable(work, book):
        if entry.task_id is not None:
            sums[entry.task_id] = sums.get(entry.task_id, 0) + (entry.duration or 0)
    if not sums:
        held = await desk.held(work, book)
        named = in_brief(client.name)
        # What to do stands before the name: of a long one the end is what has no room.
        advice = f"{key_for('invoices.approve')} approves entries of {named}."
        why = f"of {named} to bill. {held}" if held else f"to bill: {advice}"
        asker.flash(f"No approved work {why}", "warn")
        return None
    profile = await to_thread(asker.workspace.documents.profile)
    typed: dict[str, Any] = {
        "project": ALL, "tasks": [str(one) for one in _by_time(sums)], "first": None, "last": None,
        "grouping": asker.workspace.settings.invoices.grouping, "vat": "", "discount": "",
        "terms": "", "extras": "",
        "due": profile.due(client, today_in(zone)),
    }  # fmt: skip
    bills: list[Bill] = []

    async def reckon(values: Mapping[str, Any]) -> str:
        typed.update(values)
        bill = await desk.bill(
            client, work, _chosen(values), values["grouping"],
            terms=read_terms(*(values[name] or "" for name in TERMS)),
            extras=read_extras(values["extras"] or ""),
            book=book,
        )  # fmt: skip
        bills.append(something_to_bill(bill, held=await desk.held(work, book)))
        return ""

    title = f"New invoice for {client.name}"
    unknown = book.from_elsewhere(invoices, work.entries)
    while await asker.ask_form(
        f"invoices.bill.{client.id}", title, _fields(work, sums, typed), reckon,
        save="Show the lines", check=_in_order,
    ):  # fmt: skip
        bill = bills[-1]
        told = desk.told_amount(bill.document)
        page = bill_text(bill, work, typed["due"], told, unknown, zone)
        if not await asker.ask(Review(title, page, "makes the invoice")):
            continue
        try:
            number = await desk.make(bill, typed["due"])
        except Waiting as error:
            asker.flash_error(error)
            return WAITS
        amount = money(bill.totals.gross, bill.document.currency)
        asker.flash(
            (
                f"Made draft {number} of {amount}. {key_for('invoices.issue')} issues "
                f"it, {key_for('deck.undo')} deletes it again."
            ),
            "good",
        )
        return number
    return None


def _by_time(sums: Mapping[int, int]) -> list[int]:
    return sorted(sums, key=lambda task: (-sums[task], task))


def _fields(work: Work, sums: Mapping[int, int], typed: Mapping[str, Any]) -> list[FormField]:
    projects: dict[int, int] = {}
    for task, seconds in sums.items():
        known = work.tasks.get(task)
        if known is not None and known.project is not None:
            projects[known.project] = projects.get(known.project, 0) + seconds

    def project_name(number: int) -> str:
        found = work.projects.get(number)
        return f"{found.name if found else number} · {column_text(projects[number])}"

    def task_name(number: int) -> str:
        found = work.tasks.get(number)
        return f"{found.name if found else number} · {column_text(sums[number])}"

    return [
        FormField(
            "project", "Project", "choice", required=True, default=typed["project"],
            choices=[(ALL, "all"), *((str(one), project_name(one)) for one in projects)],
        ),
        FormField(
            "tasks", "Tasks", "choices", required=True, default=typed["tasks"],
            choices=[(str(one), task_name(one)) for one in _by_time(sums)],
            help="Their approved entries that no invoice bills are billed.",
        ),
        FormField(
            "first", "From", "date", default=typed["first"], help="The first day; or empty.",
            placeholder="from the first entry on; or 2026-08-21, -7d",
        ),
        FormField(
            "last", "To", "date", default=typed["last"], help="The last day; or empty.",
            placeholder="to the last entry; or 2026-08-31, yesterday",
        ),
        FormField(
            "grouping", "Lines", "choice", required=True, default=typed["grouping"],
            choices=list(GROUPINGS.items()),
        ),
        FormField(
            "vat", "VAT", default=typed["vat"], check=_trouble_of(read_vat), limit=MOST_WORDS,
            help=f"Empty: as set up for the client; else {VAT_EXAMPLE}.",
            placeholder="as set up for the client",
        ),
        FormField(
            "discount", "Discount", default=typed["discount"], check=_trouble_of(read_off),
            limit=MOST_WORDS, help=f"Off all of the work: {OFF_EXAMPLE}; or empty.",
            placeholder="none",
        ),
        FormField(
            "terms", "By line", "lines", default=typed["terms"],
            check=_trouble_of(lambda text: read_terms(lines=text)), help=f"{LINE_EXAMPLE}.",
            placeholder="VAT or a discount of one line",
        ),
        FormField(
            "extras", "Expenses", "lines", default=typed["extras"], check=_trouble_of(read_extras),
            help=f"{EXAMPLE}; without VAT.", placeholder="what was paid for the client",
        ),
        FormField("due", "Due", "date", required=True, default=typed["due"]),
    ]  # fmt: skip


def _trouble_of(read: Callable[[str], object]) -> Callable[[object], str | None]:
    """What is wrong with a text that is read so; what is empty is right."""

    def trouble(typed: object) -> str | None:
        text = str(typed or "").strip()
        try:
            if text:
                read(text)
        except (ExtraError, TermError) as error:
            return str(error)
        return None

    return trouble


def _chosen(values: Mapping[str, Any]) -> Chosen:
    return Chosen(
        project=None if values["project"] == ALL else int(values["project"]),
        tasks=frozenset(int(one) for one in values["tasks"]),
        first=values["first"],
        last=values["last"],
    )


def _in_order(values: dict[str, object]) -> dict[str, str]:
    first, last = values.get("first"), values.get("last")
    wrong = first is not None and last is not None and first > last  # type: ignore[operator]
    return {"last": "This is before the first day."} if wrong else {}
