"""What changes the timer or adds time: its questions, its forms and their refusals."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tui.screens.base import DeckScreen
from tui.widgets.dialogs import TextPrompt
from tui.widgets.form_values import FormField
from tui.workspace.times import moment_text, span_text

if TYPE_CHECKING:
    from tui.workspace.timers.timers import Block, Overview, Timers

MOST_CHARACTERS = 255
MOST_HOURS = 24
DRAFT = "timers.done"
DONE_LABEL = "What was done (may stay empty)"


async def start(
    screen: DeckScreen, cases: Timers, overview: Overview | None, chosen: int | None
) -> None:
    """Start a tracker; where another one runs, ask what was done and switch."""
    if overview is None or chosen is None:
        screen.flash("There is no tracker to start yet.", "warn")
        return
    name = overview.name(chosen)
    if overview.running == chosen:
        screen.flash(f"{name} runs already; x stops it.", "warn")
        return
    description: str | None = ""
    if overview.running is not None:
        description = await _ask_done(
            screen, f"Switch from {overview.name(overview.running)} to {name}"
        )
    if description is None:
        return
    try:
        await cases.start(overview, chosen, description)
        await _sent(screen)
        screen.flash(f"Started {name}.", "good")
    finally:
        # Refused or not: what runs may be something else than what is shown.
        screen.begin()


async def stop(screen: DeckScreen, cases: Timers, overview: Overview | None) -> None:
    """Stop what runs, with a description of what was done."""
    if overview is None or overview.running is None:
        screen.flash("Nothing is running.", "warn")
        return
    name = overview.name(overview.running)
    description = await _ask_done(screen, f"Stop {name}")
    if description is None:
        return
    try:
        await cases.stop(overview, description)
        await _sent(screen)
        screen.flash(f"Stopped {name}.", "good")
    finally:
        screen.begin()


async def _ask_done(screen: DeckScreen, title: str) -> str | None:
    """Ask what was done. It is kept until it was sent: a refusal loses nothing of it."""
    drafts = screen.workspace.drafts
    kept = await to_thread(drafts.load, DRAFT)
    proposed = str(kept.get("description") or "")
    description = await screen.ask(TextPrompt(title, label=DONE_LABEL, value=proposed))
    if description:
        # A full disk is no reason to let a timer run on.
        with suppress(OSError):
            await to_thread(drafts.save, DRAFT, {"description": description})
    return description


async def _sent(screen: DeckScreen) -> None:
    with suppress(OSError):
        await to_thread(screen.workspace.drafts.drop, DRAFT)


async def add(
    screen: DeckScreen, cases: Timers, overview: Overview | None, chosen: int | None
) -> None:
    """Add time that was worked; proposed is what of today was not tracked yet."""
    if overview is None:
        screen.flash("The trackers are not here yet.", "warn")
        return
    begin, end = await cases.gap(overview, datetime.now(UTC))
    fields = [
        tracker_field(overview, chosen),
        FormField("start", "From", "datetime", required=True, default=begin),
        FormField("stop", "To", "datetime", required=True, default=end),
        FormField("description", "What was done", limit=MOST_CHARACTERS),
    ]

    def check(values: dict[str, object]) -> dict[str, str]:
        begin, end = values["start"], values["stop"]
        if isinstance(begin, datetime) and isinstance(end, datetime) and end <= begin:
            return {"stop": "must be after the start"}
        return {}

    async def submit(values: Mapping[str, Any]) -> str:
        block = await cases.add(
            values["start"], values["stop"], int(values["tracker"]), values["description"] or ""
        )
        return _added(screen, overview, block)

    if await screen.ask_form(
        "timers.add", "Add time", fields, submit, save="Add time", check=check
    ):
        screen.begin()


async def add_free(
    screen: DeckScreen, cases: Timers, overview: Overview | None, chosen: int | None
) -> None:
    """Add free time on a day."""
    if overview is None:
        screen.flash("The trackers are not here yet.", "warn")
        return

    def positive(value: object) -> str | None:
        return None if isinstance(value, (int, Decimal)) and value > 0 else "More than none."

    fields = [
        FormField(
            "hours", "Hours", "number", required=True, default="8", maximum=MOST_HOURS,
            check=positive, help="7.5 is seven and a half",
        ),
        FormField("day", "Day", "date", required=True, default="today"),
        tracker_field(overview, chosen),
        FormField("description", "Why", limit=MOST_CHARACTERS),
    ]  # fmt: skip

    async def submit(values: Mapping[str, Any]) -> str:
        block = await cases.add_free(
            Decimal(values["hours"]),
            values["day"],
            int(values["tracker"]),
            values["description"] or "",
        )
        return f"Added {span_text(block.total or 0)} h of free time."

    if await screen.ask_form(
        "timers.add_free", "Add free time", fields, submit, save="Add free time"
    ):
        screen.begin()


def tracker_field(overview: Overview, chosen: int | None) -> FormField:
    """The choice of a tracker, with the one that the cursor is on."""
    return FormField(
        "tracker",
        "Tracker",
        "choice",
        required=True,
        choices=[(str(one.id), "  " * one.depth + one.name) for one in overview.trackers],
        default=str(chosen) if chosen is not None else None,
    )


def _added(screen: DeckScreen, overview: Overview, block: Block) -> str:
    when = moment_text(block.time_in, screen.workspace.zone) if block.time_in else ""
    return f"Added {span_text(block.total or 0)} h to {overview.name(block.tracker_id)} {when}."
