"""A file into the table that is open: looked at first, then sent."""

from __future__ import annotations

import secrets
from asyncio import to_thread
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import get_args

from tui.screens.asking import Asking, Saying
from tui.screens.books.agreeing import agreed
from tui.screens.books.opened import OpenTable
from tui.screens.opening import ask_file
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.outline_model import Node
from tui.widgets.palette import Role
from tui.words import counted, in_brief, were
from tui.workspace.books.brought import bring_up
from tui.workspace.books.bulk import looked_again
from tui.workspace.books.into.bring import (
    OrderUnknown,
    PercentsUnknown,
    Wanted,
    failures,
    news_of,
    plan_file,
    send,
)
from tui.workspace.books.into.earlier import Earlier, earlier_of
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.into.sending import Sent, Written, made_by, written_of
from tui.workspace.books.into.sheets import SheetError, read_sheet
from tui.workspace.books.into.values import PERCENT, Percents
from tui.workspace.books.out.columns import ROW_ID, titles_of
from tui.workspace.books.out.needs import FormMissing
from tui.workspace.hours.tables import Order
from tui.workspace.problems import EXPECTED, GivenUp, describe
from tui.workspace.times import moment_text

NOTHING_DONE = "Given up: nothing was changed"
NOT_ALL = "Given up: not all of it was written"


async def import_file(asker: Asking, table: OpenTable) -> bool:
    """Ask for a file, show what it would change, and send it; whether anything was sent."""
    path = await ask_file(
        asker, f"Import into {in_brief(table.place.table.name)}", "CSV, TSV, XLSX, ODS or JSON"
    )
    if path is None:
        return False

    stamp = ""

    async def planned(wanted: Wanted) -> tuple[Plan, str]:
        nonlocal stamp
        # What others wrote since it was read would be gone, and an undo would not bring it back.
        await bring_up(table.desk, table.kept, table.kept.view_id, lambda _read, _of: None)
        stamp = "" if table.kept.state is None else table.kept.state.stamp
        return await plan_file(table.desk, table.kept, path, wanted, table.zone)

    try:
        titles = (await to_thread(read_sheet, path)).titles
        key = await _key(asker, table, titles)
        if key is None:
            return False
        found = await planned_so(asker, "Import", Wanted(key=key, asks=True), planned)
    except (SheetError, FormMissing) as error:
        asker.flash(f"{str(error).rstrip('.')}. Nothing was changed.", "bad")
        return False
    return found is not None and await _sent(asker, table, *found, stamp, by_key=bool(key))


async def planned_so(
    asker: Asking,
    title: str,
    wanted: Wanted,
    planned: Callable[[Wanted], Awaitable[tuple[Plan, str]]],
) -> tuple[Plan, str] | None:
    """A plan, once it is known how dates are written: where they do not tell it is asked. None
    where that is given up. Raises SheetError, FormMissing, and what reading raises.
    """
    while True:
        work = planned(wanted)
        try:
            with asker.workspace.feed.resting():
                return await asker.wait_for(
                    title, "Comparing with the table …", work, GivenUp(NOTHING_DONE)
                )
        except OrderUnknown as error:
            order = await _order(asker, error)
            if order is None:
                return None
            told: Order = "dmy" if order == "dmy" else "mdy"
            wanted = replace(wanted, dates_of={**wanted.dates_of, error.column: told})
        except PercentsUnknown as error:
            percents = await _percents(asker, error)
            if percents is None:
                return None
            wanted = replace(wanted, percents=percents)


async def _key(asker: Asking, table: OpenTable, titles: list[str]) -> str | None:
    """How rows are known that are there already; "" by their ids or not at all, None: given up."""
    fields = [one for one in titles_of(table.kept.fields) if one in titles]
    by_id = ROW_ID in titles
    nodes = [
        Node("id", "By their row ids", detail="rows without one are added")
        if by_id
        else Node("id", "Add every row", detail="nothing that is there changes")
    ]
    nodes += [
        Node(f"={title}", f"By {title}", detail="rows that have it change, others are added")
        for title in fields
    ]
    chosen = await asker.ask(Choice("Which rows are there already?", nodes))
    return None if chosen is None else chosen.removeprefix("=") if chosen != "id" else ""


async def _order(asker: Asking, asked: OrderUnknown) -> str | None:
    nodes = [Node("dmy", "The day first", detail="31/12"), Node("mdy", "The month first")]
    title = f"How are dates in {asked.column} written, such as {asked.example}?"
    return await asker.ask(Choice(title, nodes))


async def _percents(asker: Asking, asked: PercentsUnknown) -> Percents | None:
    plain = asked.example.removesuffix(PERCENT).strip()
    nodes = [
        Node("number", "As the number that stands there", detail=plain),
        Node("fraction", "As the fraction", detail=f"{plain} / 100"),
        Node("refused", "Not at all", detail="these rows stay out"),
    ]
    title = f"{asked.column} is a plain number: how is {asked.example} taken?"
    chosen = await asker.ask(Choice(title, nodes))
    kinds: dict[str, Percents] = {one: one for one in get_args(Percents)}
    return None if chosen is None else kinds[chosen]


async def _sent(
    asker: Asking, table: OpenTable, plan: Plan, told: str, stamp: str, *, by_key: bool
) -> bool:
    """Show what a plan changes, ask, and send it; whether anything was sent. What it was compared
    with is not older than the service's `stamp`.
    """
    lines = [f"{told}: {news_of(plan)}.", *(f"{one}." for one in plan.remarks), *failures(plan)]
    if plan.failed or plan.nothing:
        await asker.read("What the file would change", "\n".join(lines))
    if plan.nothing:
        asker.flash("The file changes nothing.")
        return False
    earlier = await earlier_of(asker.workspace.history, table.kept.place, plan, by_key=by_key)
    if earlier is not None:
        rest = await _rest(asker, table, plan, earlier)
        if rest is None:
            return False
        if rest:
            earlier.rest(plan)
        else:
            earlier = None
    if earlier is not None and not earlier.open and not plan.new and not plan.changed:
        asker.flash("All rows of the file were written before: nothing was sent.")
        return False
    stay = "stays" if len(plan.failed) == 1 else "stay"
    left = f" {counted(len(plan.failed), 'row')} {stay} out." if plan.failed else ""
    goes_on = (
        f" {counted(earlier.open, 'row')} of the import that {earlier.state} {were(earlier.open)}"
        " still to be sent."
        if earlier is not None and earlier.open
        else ""
    )
    sure = Confirm(
        f"Import into {in_brief(table.place.table.name)}",
        f"{told}: {news_of(plan)}.{left}{goes_on}",
        loses=" ".join(
            [*(f"{one}." for one in plan.remarks), f"{key_for('deck.undo')} takes all of it back."]
        ),
        yes="import",
    )
    goes_on_too = earlier is not None and earlier.open > 0
    if not await asker.ask(sure):
        return False
    if not await _agreed(asker, table, plan, stamp) and not goes_on_too:
        return False
    count, group, saying = len(plan.new) + len(plan.changed), secrets.token_hex(6), Saying()
    if earlier is not None:
        made = await made_by(asker.workspace.history, earlier.group)
        count, group = count + made.rows + made.open, earlier.group

    def written(rows: int) -> None:
        saying.say(f"{rows:,} of {counted(count, 'row')} written …")

    sending = send(
        asker.workspace.history,
        table.desk,
        table.kept,
        plan,
        written,
        rows_a_call=asker.workspace.connections.rows_a_call,
        group=group,
        earlier=earlier,
    )
    try:
        # The search takes in what was read here and waits; a person waits for this.
        with asker.workspace.feed.resting():
            sent = await asker.wait_for(
                "Import", f"Sending {counted(count, 'row')} …", sending, GivenUp(NOT_ALL), saying
            )
    except GivenUp:
        found = await written_of(asker.workspace.history, group)
        asker.flash(given_up_news(found, count, plan), "warn")
        return True
    news, role = sent_news(sent, plan)
    asker.flash(news, role)
    return True


async def _agreed(asker: Asking, table: OpenTable, plan: Plan, stamp: str) -> bool:
    """Look at the rows once more: the question may have stood for long. Whether there is something
    to send.
    """
    if not plan.changed:
        return True
    look = looked_again(table.desk, table.kept, [*plan.changed], stamp)
    try:
        rows, gone = await asker.wait_for(
            "Import", "Looking at the rows once more …", look, GivenUp(NOTHING_DONE)
        )
    except EXPECTED as error:
        if not describe(error).is_away:
            raise
        # It is kept, and compared when the way is open.
        return True
    await table.kept.change(rows, gone)
    return await agreed(asker, plan, rows, gone, table.kept.fields)


async def _rest(asker: Asking, table: OpenTable, plan: Plan, earlier: Earlier) -> bool | None:
    """Whether only that is to be sent which an earlier import has not; None: given up."""
    rest = "Go on with it" if earlier.open else "Only those that did not"
    nodes = [
        Node("rest", rest, detail="nothing is there twice"),
        Node("again", "All of them once more", detail="what was written is there twice"),
    ]
    what = f"An import {earlier.state}" if earlier.open else "Written before"
    came, count = len(earlier.places), len(plan.new)
    share = f"{'all' if came == count else f'{came:,}'} of {counted(count, 'row')}"
    when = moment_text(earlier.begun, table.zone)
    chosen = await asker.ask(Choice(f"{what}, {when}: {share}", nodes))
    return None if chosen is None else chosen == "rest"


def given_up_news(found: Written, count: int, plan: Plan) -> str:
    """What was written of a plan's so many rows by who gave up then."""
    news = f"Given up: {found.rows:,} of {counted(count, 'row')} were {plan.verb}."
    if found.unknown:
        return f"{news} Of the last ones nobody knows: Changes shows them."
    if not found.rows:
        return news
    if found.is_next:
        return f"{news} {key_for('deck.undo')} takes them back."
    return f"{news} Changes shows them, and takes them back."


def sent_news(sent: Sent, plan: Plan) -> tuple[str, Role]:
    """What came of a plan's rows that were sent."""
    verb = plan.verb
    news = [f"{counted(sent.rows, 'row')} {were(sent.rows)} {verb}"]
    news += [f"{counted(count, 'row')} {were(count)} refused: {why}" for count, why in sent.refused]
    if sent.unknown:
        told = f"whether {counted(sent.unknown, 'row')} {were(sent.unknown)} {verb} is not known"
        news.append(f"{told}: Changes shows them")
    if waiting := sent.waiting - sent.unknown:
        why = f" ({sent.why})" if sent.why else ""
        kept = f"{counted(waiting, 'row')} kept, to be sent when the way is open"
        news.append(f"{kept}{why}: do not write them again before")
    return "; ".join(news) + ".", "good" if len(news) == 1 else "warn"
