"""Hours of other programs in, and those of a period out to a file."""

from __future__ import annotations

from tui.screens.asking import Asking
from tui.screens.opening import ask_file
from tui.screens.saving import ask_path, tell_where
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.as_it_was import written_news
from tui.workspace.saved_files import proposed_name, save
from tui.workspace.timers.period_text import typed_period
from tui.workspace.timers.periods import Span

FORMS = (
    ("csv", "CSV", "hours as 2.25 and 2:15, names, zone; read back as it is"),
    ("json", "JSON", "the same as a list of objects; read back as it is"),
    ("md", "Markdown", "a table for people, day by day with sums"),
    ("timeclock", "timeclock", "for hledger and ledger"),
    ("ics", "ICS", "for calendars"),
)


async def import_hours(asker: Asking) -> None:
    """Ask for a log of another program, and look at it on the screen for that."""
    file = await ask_file(asker, "Import hours", "A log of hours, of any program")
    if file is not None:
        await asker.go("hours", str(file))


async def export_hours(asker: Asking, span: Span) -> None:
    """Ask for the format and the path, then write every block of the period."""
    nodes = [Node(form, title, detail=what) for form, title, what in FORMS]
    form = await asker.ask(Choice("Export hours as", nodes))
    if form is None:
        return
    proposed = proposed_name("hours", typed_period(span), ending=form)
    path = await ask_path(asker, "Export hours", proposed)
    if path is None:
        return
    made = await asker.workspace.hours.export(span, form)
    await save(path, made.text.encode("utf-8", "replace"))
    if made.lacks:
        await asker.read("Not all is in the file", "\n".join(made.lacks))
    good = made.entries and made.kept is None
    count = counted(made.entries, "entry")
    tell_where(
        asker, path, lambda where: written_news(count, where, made.kept), "good" if good else "warn"
    )
