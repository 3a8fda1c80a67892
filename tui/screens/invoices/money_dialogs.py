"""Commands about all invoices: a bank's statement, and what clients owe."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.screens.asking import Asking
from tui.widgets.cells import clip, fit
from tui.workspace.invoices.amounts import money
from tui.workspace.text import clean

if TYPE_CHECKING:
    from datetime import tzinfo

    from tui.workspace.invoices.book import Book
    from tui.workspace.invoices.invoices import Clients, Invoice

DAY_FIRST, MONTH_FIRST = "day", "month"


async def bank(asker: Asking) -> bool:
    """Ask for the file, show what its payments seem to be for, note what the person leaves."""
    from tui.screens.invoices.bank_preview import BankPreview
    from tui.screens.opening import ask_file
    from tui.screens.saving import shown
    from tui.widgets.dialogs import Choice
    from tui.widgets.outline_model import Node
    from tui.workspace.invoices.bank.statement import BankError
    from tui.workspace.invoices.bank_desk import read_statement

    file = await ask_file(asker, "Bank statement", "CAMT.053, MT940 or CSV")
    if file is None:
        return False
    content = await to_thread(file.read_bytes)
    try:
        statement = await to_thread(read_statement, content)
    except BankError as error:
        if "two ways" not in str(error):
            await asker.read("Bank statement", f"{shown(file)}: {error}")
            return False
        ways = [Node(DAY_FIRST, "The day is first"), Node(MONTH_FIRST, "The month is first")]
        way = await asker.ask(Choice("How its days are written", ways, note=str(error)))
        if way is None:
            return False
        statement = await to_thread(read_statement, content, day_first=way == DAY_FIRST)
    look = await asker.workspace.bank.look(statement)
    chosen = await asker.ask(BankPreview(f"Payments of {shown(file)}", look))
    if chosen is None:
        return False
    if not chosen:
        asker.flash("Nothing was marked: nothing was noted.", "warn")
        return False
    asker.flash(await asker.workspace.bank.note(look, chosen), "good")
    return True


LONGEST = 24
"""Cells of a client's name in the table."""


def owed_text(
    invoices: Sequence[Invoice], clients: Clients, book: Book, zone: tzinfo, sign: str, *,
    narrow: bool,
) -> str:  # fmt: skip
    """What clients owe by how late it is, then months, as text to read."""
    from tui.workspace.invoices.owed import AGES, months, owed, sums_of

    rows = owed(invoices, clients, book, zone, sign)
    whole = sums_of(rows)
    table = [["Client", *AGES, "Owed", "Drafts"]]
    for row in [*rows, *whole.values()]:
        parts = [money(one, row.currency) if one else "" for one in (*row.ages, row.total)]
        table.append([row.client, *parts, money(row.drafts, row.currency) if row.drafts else ""])
    lines = ["Nobody owes anything."]
    if rows:
        lines = ["By days after the due day.", "", *(_listed if narrow else _aligned)(table)]
    by_month = months(invoices, book, zone, sign)
    if by_month:
        table = [["Month", "Issued", "Credited", "Paid"]]
        for one in by_month:
            sums = (one.issued, one.credited, one.paid)
            table.append([one.month, *(money(each, one.currency) if each else "" for each in sums)])
        lines += ["", *_aligned(table), "", "Issued is what has a number here, by its day."]
    return "\n".join(lines)


def _listed(table: Sequence[Sequence[str]]) -> Iterator[str]:
    """Each row as two lines: a table of so many columns has no room in 80."""
    head = table[0]
    for row in table[1:]:
        *ages, owes, drafts = row[1:]
        yield f"{clip(clean(row[0]), LONGEST)}  {owes}".rstrip()
        titles = [head[1], *(f"{age} d late" for age in head[2:-2])]
        named = [f"{title} {one}" for title, one in zip(titles, ages, strict=True) if one]
        named += [f"drafts {drafts}"] if drafts else []
        yield f"  {' · '.join(named)}"


def _aligned(table: Sequence[Sequence[str]]) -> Iterator[str]:
    rows = [[clip(clean(row[0]), LONGEST), *row[1:]] for row in table]
    widths = [max(cell_len(one) for one in column) for column in zip(*rows, strict=True)]
    for row in rows:
        rest = (fit(one, width, "right") for one, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join([fit(row[0], widths[0]), *rest]).rstrip()
