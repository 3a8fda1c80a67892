"""`tockdeck invoices recurring`: what recurs, and what of it is due; `draft` after it drafts that.

Each invoice is shown as it would be, and made with --yes or where a person says so.
"""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from tui.cli import DONE, REFUSED, USAGE, fail
from tui.cli.asking import can_ask, says_yes
from tui.cli.narration import narrate
from tui.cli.output import print_json, write_data
from tui.cli.statuses import report
from tui.cli.tables import print_table
from tui.config.load import ConfigError
from tui.services.errors import Refused, ServiceError
from tui.words import counted
from tui.workspace.changes.errors import Waiting
from tui.workspace.csv_cells import csv_text
from tui.workspace.invoices.recurring import Period, rhythm
from tui.workspace.invoices.recurring_desk import Offer, Recurs
from tui.workspace.problems import one_line
from tui.workspace.text import clean, clean_block
from tui.workspace.workspace import Workspace

RECURRING = "recurring"
DRAFT = "draft"
COLUMNS = ("title", "client", "every", "due", "next", "until", "id")


def of_recurring(words: list[str]) -> bool:
    """Whether the words mean what recurs, and not invoices that hold them."""
    return words == [RECURRING] or words[:2] == [RECURRING, DRAFT]


async def run_recurring(options: argparse.Namespace, workspace: Workspace) -> int:
    """List or draft, and close what was opened."""
    try:
        if DRAFT in options.words[1:2]:
            return await _draft(options, workspace)
        return await _list(options, workspace)
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=options.json)
    finally:
        await workspace.close()


async def _list(options: argparse.Namespace, workspace: Workspace) -> int:
    """What recurs, as it is kept here: no service is asked."""
    found = await asyncio.to_thread(workspace.recurring.all)
    rows = [_row(one) for one in found]
    if options.json:
        print_json(rows)
        return DONE
    texts = [{**row, "due": " ".join(row["due"])} for row in rows]
    if options.csv:
        write_data(csv_text(COLUMNS, texts).encode("utf-8", "replace"))
    elif rows:
        due = counted(sum(len(one.due) for one in found), "invoice")
        print_table(COLUMNS, texts, f"{due} due; `invoices recurring draft` drafts them")
    else:
        narrate("nothing recurs: Recurring, on the deck's Invoices, sets it up")
    return DONE


def _row(one: Recurs) -> dict[str, Any]:
    recurring = one.recurring
    return {
        "id": recurring.id,
        "title": recurring.title,
        "client": recurring.client_name,
        "every": rhythm(recurring).removeprefix("every "),
        "due": [period.day.isoformat() for period in one.due],
        "next": one.next.isoformat() if one.next is not None else "",
        "until": recurring.last.isoformat() if recurring.last is not None else "",
    }


async def _draft(options: argparse.Namespace, workspace: Workspace) -> int:
    """All that is due of those that hold the words, the oldest first, each after its page."""
    if options.csv:
        return fail("what is drafted is told as text or with --json")
    desk = workspace.recurring
    words = options.words[2:]
    found = [one for one in await asyncio.to_thread(desk.all) if _is_meant(one, words)]
    if words and not found:
        return fail("nothing that recurs holds this", REFUSED)
    periods = sorted((each for one in found for each in one.due), key=lambda each: each.day)
    rows, status = [], DONE
    for period in periods:
        row, came = await _one(period, options, workspace)
        rows.append(row)
        status = status or came
        if row["state"] == "failed":
            narrate("what was due after it was left alone")
            break
    if options.json:
        print_json(rows)
    if not periods:
        narrate("nothing is due: nothing was drafted")
    elif any(row["state"] == "offered" for row in rows):
        status = status or (REFUSED if can_ask() else USAGE)
        narrate("not all of it was drafted: --yes drafts what is due")
    return status


def _is_meant(one: Recurs, words: list[str]) -> bool:
    kept = one.recurring
    text = f"{kept.title} {kept.client_name} {kept.id}".casefold()
    return all(word.casefold() in text for word in words)


async def _one(
    period: Period, options: argparse.Namespace, workspace: Workspace
) -> tuple[dict[str, Any], int]:
    """Show it and make it where that is wanted; what became of it, and the exit status of that.

    What is refused is told and leaves the others alone; any other failure would be theirs as well.
    """
    row: dict[str, Any] = {
        "title": period.recurring.title,
        "client": period.recurring.client_name,
        "due": period.day.isoformat(),
        "amount": "",
        "state": "failed",
        "id": None,
    }
    try:
        offer = await workspace.recurring.offer(period)
        row |= {"amount": offer.amount, "state": "offered"}
        if not options.json:
            print(f"{clean(offer.title)}\n{clean_block(offer.page)}\n")
        if not (options.yes or await _wants(offer)):
            return row, DONE
        number = await workspace.recurring.draft(offer.bill, period, offer.work)
    except Waiting as error:
        # It is kept and will be sent: that is no failure.
        narrate(one_line(error))
        return row | {"state": "waits"}, DONE
    except Refused as error:
        return row | {"state": "refused"}, report(error, as_json=False)
    except (ServiceError, ConfigError, OSError) as error:
        return row | {"state": "failed"}, report(error, as_json=False)
    narrate(f"made draft {number} of {offer.amount}; `changes undo` takes it back")
    return row | {"state": "drafted", "id": number}, DONE


async def _wants(offer: Offer) -> bool:
    return can_ask() and await asyncio.to_thread(says_yes, f"Draft it, {offer.amount}?")
