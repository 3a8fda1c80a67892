"""Questions about invoices that recur: a definition, drafting what is due, passing it over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from tui.screens.asking import Asking
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.workspace.changes.history import Waiting
from tui.workspace.invoices.extras import EXAMPLE, ExtraError, read_extras
from tui.workspace.invoices.recurring import period_text, rhythm
from tui.workspace.times import day_text, today_in

if TYPE_CHECKING:
    from tui.workspace.invoices.recurring import Recurring
    from tui.workspace.invoices.recurring_desk import Recurs

MOST_CHARACTERS = 120
MOST_TIMES = 120
UNITS = [("months", "months"), ("weeks", "weeks")]


async def ask(asker: Asking, one: Recurring | None) -> str:
    """A new definition, or changes to one; its id, "" where nothing was saved."""
    clients = (await asker.workspace.invoices.clients()).value.clients
    if not clients:
        asker.flash("There is no client yet: make one on Invoices.", "warn")
        return ""
    names = {str(client.id): client.name or f"client {client.id}" for client in clients}
    made: list[str] = []

    async def save(values: Filled) -> str:
        sent = dict(values) | {
            "client": int(values["client"]),
            "client_name": names[values["client"]],
            "lines": values["lines"] or "",
            "every": int(values["every"]),
            "work": bool(values["work"]),
        }
        saved = await asker.workspace.recurring.save(one, sent)
        made.append(saved.id)
        verb = "Kept" if one is None else "Changed"
        return f"{verb}: {saved.title}, {rhythm(saved)}. {key_for('deck.undo')} takes it back."

    def of(name: str, otherwise: object) -> Any:
        return getattr(one, name) if one is not None else otherwise

    today = today_in(asker.workspace.zone)
    fields = [
        FormField("title", "What", required=True, limit=MOST_CHARACTERS, default=of("title", None)),
        FormField("client", "Client", "choice", required=True, choices=list(names.items()),
                  default=str(of("client", clients[0].id))),
        FormField("work", "Bill work", "boolean", default=of("work", True),
                  help="What is approved and not billed, from one due day to the day before the"
                       " next."),
        FormField("lines", "Lines", "lines", default=of("lines", None), check=_lines_trouble,
                  help=f"On each of them: {EXAMPLE}; without VAT."),
        FormField("every", "Every", "number", required=True, default=of("every", 1), minimum=1,
                  maximum=MOST_TIMES, check=_whole),
        FormField("unit", "of", "choice", required=True, choices=UNITS,
                  default=of("unit", "months")),
        FormField("first", "First due", "date", required=True, default=of("first", today),
                  help="The 31st is the last day of a shorter month."),
        FormField("last", "Until", "date", default=of("last", None), help="Or empty: no end."),
    ]  # fmt: skip
    title = "New recurring invoice" if one is None else f"Recurring invoice {one.title}"
    form = f"office.recurring.{one.id if one is not None else 'new'}"
    intro = (
        "Nothing is made by itself: what is due is shown here and on Today, and "
        f"{key_for('office.draft')} drafts it."
    )
    done = await asker.ask_form(form, title, fields, save, intro=intro, check=_something)
    return made[-1] if done and made else ""


def _lines_trouble(typed: object) -> str | None:
    try:
        read_extras(str(typed or ""))
    except ExtraError as error:
        return str(error)
    return None


def _whole(value: object) -> str | None:
    return None if isinstance(value, int) else "It has to be a whole number."


def _something(values: dict[str, object]) -> Mapping[str, str]:
    first, last = values.get("first"), values.get("last")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        return {"last": "This is before the first day."}
    if not values.get("work") and not values.get("lines"):
        return {"lines": "Without work it needs lines."}
    return {}


async def look(asker: Asking, recurs: Recurs) -> None:
    """All that is known of one: its days, what was made of them."""
    one, today = recurs.recurring, today_in(asker.workspace.zone)
    end = f" until {one.last}" if one.last is not None else ""
    lines = [
        f"{one.title}, for {one.client_name or f'client {one.client}'}",
        f"{rhythm(one).capitalize()} from {one.first}{end}.",
        "It bills the work of its period that is not billed yet." if one.work else "",
        *one.lines.splitlines(),
        "",
        f"Next due: {day_text(recurs.next, today) if recurs.next is not None else 'it has ended'}",
    ]
    lines += [f"! due {period_text(period)}" for period in recurs.due]
    for day, invoice in sorted(recurs.settled.items(), reverse=True):
        what = f"invoice {invoice}" if invoice > 0 else "passed over" if not invoice else "waits"
        lines.append(f"  {day}: {what}")
    await asker.read("Recurring invoice", "\n".join(lines))


async def draft(asker: Asking, recurs: Recurs) -> bool:
    """Show what the oldest due invoice would be, and have the service make the draft."""
    from tui.widgets.viewer import Review

    if not recurs.due:
        when = f" The next is due on {recurs.next}." if recurs.next is not None else ""
        asker.flash(f"Nothing of {recurs.recurring.title} is due.{when}", "warn")
        return False
    desk = asker.workspace.recurring
    offer = await desk.offer(recurs.due[0])
    if not await asker.ask(Review(offer.title, offer.page, "makes the draft")):
        return False
    try:
        number = await desk.draft(offer.bill, offer.period, offer.work)
    except Waiting as error:
        asker.flash_error(error)
        return True
    more = len(recurs.due) - 1
    left = f" {more:,} more of it due." if more else ""
    asker.flash(
        f"Made draft {number} of {offer.amount}; {key_for('deck.undo')} takes it back.{left}",
        "good",
    )
    return True


async def pass_over(asker: Asking, recurs: Recurs) -> bool:
    """Choose a due day of which none is made, or one that is offered again."""
    due = {period.day.isoformat(): period for period in recurs.due}
    passed = sorted((day for day, invoice in recurs.settled.items() if not invoice), reverse=True)
    nodes = [
        *(Node(key, f"Pass over {period_text(one)}") for key, one in due.items()),
        *(Node(day.isoformat(), f"Offer {day} again") for day in passed),
    ]
    title = f"{recurs.recurring.title}: make none"
    chosen = await asker.ask(Choice(title, nodes, empty="Nothing of it is due."))
    if chosen is None:
        return False
    desk = asker.workspace.recurring
    if chosen in due:
        await desk.pass_over(due[chosen])
        asker.flash(
            f"{chosen} is passed over. {key_for('deck.undo')} takes it back, "
            f"{key_for('office.pass_over')} offers it again later.",
            "good",
        )
    else:
        await desk.offer_again(recurs.recurring, date.fromisoformat(chosen))
        asker.flash(f"{chosen} is due again.", "good")
    return True


async def delete(asker: Asking, one: Recurring) -> bool:
    """Delete a definition, after a question; undo brings it back."""
    sure = await asker.ask(
        Confirm(
            "Delete recurring invoice",
            f"Delete {one.title}, {rhythm(one)}?",
            loses=f"Invoices that were made of it stay. {key_for('deck.undo')} brings it back.",
            yes="Delete",
        )
    )
    if sure:
        await asker.workspace.recurring.delete(one)
        asker.flash(f"Deleted {one.title}. {key_for('deck.undo')} brings it back.", "good")
    return bool(sure)
