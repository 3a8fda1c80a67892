"""How a report is reckoned and where it goes: its questions, and its forms as a file."""

from __future__ import annotations

from asyncio import to_thread
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.widgets.outline_model import Node
from tui.workspace.timers.finding import TrackerNameError, find_tracker
from tui.workspace.timers.goals import BETWEEN, GoalError, read_goals
from tui.workspace.timers.period_text import NAMED, period_words, read_period, typed_period
from tui.workspace.timers.periods import Span
from tui.workspace.times import TimeTextError, begins_month, today_in

if TYPE_CHECKING:
    from tui.screens.timers.report import Reading, View
    from tui.workspace.timers.overview import Overview
    from tui.workspace.timers.reckoning.sheet import By, Form

NOT_HERE = "The report is not here yet."
TYPED = "typed "
"""What the key of an entry begins with that is gone on with in a line, before what was typed."""
FORMS = {"csv": "CSV", "json": "JSON", "md": "Markdown"}
_BY: dict[View, By] = {"trackers": "tracker", "table": "table", "days": "day"}


async def ask_period(asker: Asking, span: Span) -> Span | None:
    """Which period, by its name, as one that was typed before, or typed now; None: given up."""
    from tui.widgets.dialogs import TextPrompt
    from tui.widgets.typed_choice import TypedChoice

    where, habits = asker.workspace.zone, asker.workspace.habits
    today = today_in(where)

    def node(typed: str) -> Node:
        found = read_period(typed, where)
        one_day = f"{found.first:%a} {found.first.day} {found.first:%b}"
        return Node(typed, typed, detail=one_day if found.days == 1 else period_words(found, today))

    def wrong(text: str) -> str | None:
        try:
            read_period(text, where)
        except TimeTextError as error:
            return str(error)
        return None

    names = [node(typed) for typed in NAMED]
    for own in await to_thread(habits.periods):
        with suppress(TimeTextError):
            names.append(node(own))

    def offers(text: str) -> list[Node]:
        typed = " ".join(text.split())
        fitting = [one for one in names if typed.casefold() in one.label]
        if wrong(typed) is None:
            return [node(typed), *(one for one in fitting if one.key != typed.casefold())]
        return [*fitting, Node(f"{TYPED}{text}", "From … to …", detail=typed)]

    choices = [*names, Node(TYPED, "From … to …", detail="typed, and remembered")]
    current = next((one.key for one in names if read_period(one.key, where) == span), "")
    chosen = await asker.ask(
        TypedChoice("Which period", choices, offers=offers, begins=begins_month, current=current)
    )
    if chosen is None:
        return None
    if chosen.startswith(TYPED):
        begun = chosen.removeprefix(TYPED)
        chosen = await asker.ask(
            TextPrompt(
                "Which period", label="1 to 15 Nov, October, 2026-03, 2026-W12, last month",
                value=begun or typed_period(span), check=wrong, enter="shows it",
                replaces=not begun,
            )
        )  # fmt: skip
        if chosen is None:
            return None
    found = read_period(chosen, where)
    if all(chosen.casefold() != one.key for one in names):
        # A full disk is no reason not to show it.
        with suppress(OSError):
            await to_thread(habits.keep_period, typed_period(found))
    return found


async def _form(asker: Asking, title: str) -> Form | None:
    from tui.widgets.dialogs import Choice

    chosen = await asker.ask(Choice(title, [Node(key, name) for key, name in FORMS.items()]))
    return "csv" if chosen == "csv" else "json" if chosen == "json" else "md" if chosen else None


async def copy_report(asker: Asking, reading: Reading | None, view: View) -> None:
    """Ask in which form, and copy it."""
    if reading is None or reading.overview is None:
        asker.flash(NOT_HERE, "warn")
        return
    form = await _form(asker, "Copy the report as")
    if form is not None:
        await asker.copy(await to_thread(_text, asker, reading, reading.overview, view, form))


async def save_report(asker: Asking, reading: Reading | None, view: View) -> None:
    """Ask in which form and where to, and write it. Raises OSError."""
    from tui.screens.saving import save_as
    from tui.workspace.saved_files import proposed_name

    if reading is None or reading.overview is None:
        asker.flash(NOT_HERE, "warn")
        return
    form = await _form(asker, "Write the report as")
    if form is None:
        return
    text = await to_thread(_text, asker, reading, reading.overview, view, form)
    span = reading.span
    name = proposed_name("hours", f"{span.first}", f"{span.last}", ending=form)
    await save_as(asker, "Write the report", name, lambda: text.encode("utf-8", "replace"))


def _text(asker: Asking, reading: Reading, overview: Overview, view: View, form: Form) -> str:
    from tui.workspace.timers.reckoning.sheet import sheet, written

    if view == "blocks":
        return asker.workspace.hours.blocks_as(reading.report, reading.blocks, overview, form)
    by, where = _BY[view], asker.workspace.zone
    found = sheet(by, reading.tally, overview.trackers, reading.span, reading.rounding, where)
    return written(found, form)


async def ask_goals(asker: Asking, overview: Overview) -> bool:
    """What is aimed at from now on; whether that was said. Raises OSError and TrackerNameError."""
    from tui.widgets.dialogs import TextPrompt

    habits = asker.workspace.habits
    try:
        now = await to_thread(habits.goals)
    except GoalError as error:
        # What stands in the settings is no goal: it is said, and can be said anew here.
        asker.flash(str(error), "warn")
        now = []

    def wrong(text: str) -> str | None:
        try:
            for goal in read_goals(text):
                if goal.of:
                    find_tracker(overview, goal.of)
        except (GoalError, TrackerNameError) as error:
            return str(error)
        return None

    label = f"8h day {BETWEEN} 38h week {BETWEEN} 10h month: Harbour Trust. Empty is none."
    typed = await asker.ask(
        TextPrompt(
            "Hours wanted", label=label, value=f"{BETWEEN} ".join(one.typed for one in now),
            check=wrong, enter="keeps them",
        )
    )  # fmt: skip
    if typed is None:
        return False
    await to_thread(habits.keep_goals, read_goals(typed))
    return True
