"""`tockdeck remind "tomorrow 9:00 call the sailmaker"`: reminders of one's own.

Alone it lists what is due, and its exit status says whether anything is. With `--ring` it gives
word of each thing once, as the deck does. Nothing is asked of any service, so that a line of cron
may call it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.output import print_json
from tui.cli.settings import read_settings
from tui.cli.statuses import report, to_its_end
from tui.cli.tables import print_table
from tui.config.load import ConfigError, Loaded
from tui.config.locations import Locations
from tui.store.reminders import FILE
from tui.words import counted
from tui.workspace.reminders import (
    Reminder,
    Reminders,
    TimeTextError,
    due_text,
    read_later,
    read_line,
)
from tui.workspace.text import clean
from tui.workspace.times import moment_text, whole_text, zone

if TYPE_CHECKING:
    from tui.workspace.notices.notices import Notice

WORDS = ("list", "done", "snooze", "delete", "undo")
MOST_DIGITS = 18
"""Of the number of a reminder."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The line, or a word and a number."""
    parser.add_argument(
        "line",
        nargs="*",
        metavar="LINE",
        help="when and what; or `list`, `done NUMBER`, `snooze NUMBER WHEN`, `delete NUMBER`,"
        " `undo`; nothing lists what is due, and the exit status is 1 where nothing is",
    )
    parser.add_argument("--dry-run", action="store_true", help="say how it is read, keep nothing")
    parser.add_argument(
        "--ring",
        action="store_true",
        help="for cron, where no deck is open: give word once of each reminder that is due, a "
        "timer that was forgotten, a change whose outcome is not known and an overdue invoice, by "
        "deck.notices and by hooks.due and hooks.overdue; the exit status is 1 where there is none",
    )
    parser.add_argument("--json", action="store_true", help="a list as JSON")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    try:
        loaded, locations = read_settings(options)
    except ConfigError as error:
        return fail(str(error))
    reminders, where = Reminders(locations.data / FILE), zone(loaded.settings.deck.time_zone)
    words = " ".join(options.line).split()
    if options.ring and (words or options.dry_run):
        return fail("--ring stands alone: it rings for what is due")
    try:
        if options.ring:
            return _ring(loaded, locations, where, as_json=options.json)
        if not options.line or words == ["list"]:
            return _list(reminders, where, only_due=not words, as_json=options.json)
        # An empty text, as of a variable that is not set, is no question what is due.
        if words and words[0] in WORDS:
            return _change(reminders, where, words)
        line = read_line(" ".join(words), where)
        if not options.dry_run:
            made = reminders.add(line.when, line.text)
            print(f"{made.id}: {clean(line.told(where))}")
        else:
            print(clean(line.told(where)))
    except TimeTextError as error:
        return fail(f"{str(error).rstrip('.')}. Nothing was kept.")
    except OSError as error:
        return report(error, as_json=False)
    return DONE


def _list(reminders: Reminders, where: tzinfo, *, only_due: bool, as_json: bool) -> int:
    now = datetime.now(UTC)
    found = reminders.due(now) if only_due else reminders.all()
    return _print(found, where, now, as_json=as_json)


def _ring(loaded: Loaded, locations: Locations, where: tzinfo, *, as_json: bool) -> int:
    """Give word of what was not spoken of yet. Raises OSError."""
    # Only here: it is no part of what a status bar asks for.

    from tui.cli.narration import narrated
    from tui.workspace.notices.sending import Sending

    now = datetime.now(UTC)

    async def ring() -> list[Notice]:
        workspace = narrated(loaded, locations)
        try:
            return await workspace.notices.ring(now)
        finally:
            await workspace.close()

    found = to_its_end(ring())
    sending = Sending(loaded.settings.deck.notices, _terminal())
    for one in found:
        sending.send(one.title, one.text)
    rows = [
        {
            "number": None if one.reminder is None else one.reminder.id,
            "when": one.when.isoformat(),
            "text": one.text,
            "due": True,
            "kind": one.kind,
        }
        for one in found
    ]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(
            ["what", "when", "text"],
            [
                {"what": one.title, "when": _when(one, where, now), "text": one.text}
                for one in found
            ],
            counted(len(found), "notice"),
            widest=None,
        )
    return DONE if found else REFUSED


def _when(one: Notice, where: tzinfo, now: datetime) -> str:
    """What it is of: a bill is due on a day, and has no hour."""
    if one.kind == "invoice":
        from tui.workspace.invoices.due import meant_day_text

        return meant_day_text(one.when, where, now)
    return moment_text(one.when, where, now)


def _terminal() -> Callable[[str], object] | None:
    """Writes a sequence to the terminal beside the data; None where there is none."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None

    def write(sequence: str) -> None:
        print(sequence, end="", file=sys.stderr, flush=True)

    return write


def _print(found: Sequence[Reminder], where: tzinfo, now: datetime, *, as_json: bool) -> int:
    if as_json:
        print_json([
            {"number": one.id, "when": one.moment.isoformat(), "text": one.text,
             "due": one.is_due(now), "kind": "reminder"}
            for one in found
        ])  # fmt: skip
    elif found:
        _table(found, where, now)
    return DONE if found else REFUSED


def _table(found: Sequence[Reminder], where: tzinfo, now: datetime) -> None:
    rows = [
        {
            "number": one.id,
            "when": due_text(one, where, now),
            "what": one.text,
        }
        for one in found
    ]
    note = counted(len(found), "reminder")
    print_table(["number", "when", "what"], rows, note, widest=None)


def _change(reminders: Reminders, where: tzinfo, words: Sequence[str]) -> int:
    """Do one of `WORDS`. Raises TimeTextError, OSError."""
    word, rest = words[0], words[1:]
    if word == "undo" and not rest:
        step = reminders.undo()
        if step is None:
            return fail("there is nothing to undo: no reminder was changed yet", REFUSED)
        print(f"Undone: {clean(step.title)}")
        return DONE
    takes = 1 if word in ("done", "delete") else 2
    if word in ("list", "undo") or len(rest) < takes or not rest[0].isdecimal():
        return fail(f"write {'NUMBER' if takes == 1 else 'NUMBER and WHEN'} behind {word}; "
                    "`tockdeck remind list` tells the numbers")  # fmt: skip
    if takes == 1 and len(rest) > 1:
        return fail(f"{word} takes one number and nothing else")
    # Python refuses to read very many digits, and SQLite numbers of more than so many.
    number, again = int(rest[0][:MOST_DIGITS]), ""
    if word == "snooze":
        when = read_later(" ".join(rest[1:]), where)
        found = reminders.snooze(number, when)
        again = f", again {whole_text(when, where)}"
    else:
        found = reminders.done(number) if word == "done" else reminders.delete(number)
    if found is None:
        return fail(f"there is no reminder {number}; `tockdeck remind list` tells them", REFUSED)
    said = {"done": "Done", "delete": "Deleted", "snooze": "Later"}[word]
    print(f"{said}: {clean(found.text)}{again}")
    return DONE
