"""`tockdeck remind "tomorrow 9:00 call the sailmaker"`: reminders of one's own.

Alone it lists what is due, and its exit status says whether anything is: nothing is asked of any
service, so that a line of cron may call it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.output import print_json
from tui.cli.settings import read_settings
from tui.cli.statuses import report
from tui.cli.tables import print_table
from tui.config.hooks import Hooks as Settings
from tui.config.load import ConfigError
from tui.words import counted
from tui.workspace.reminders import (
    FILE,
    Reminder,
    Reminders,
    TimeTextError,
    due_text,
    read_later,
    read_line,
)
from tui.workspace.text import clean
from tui.workspace.times import whole_text, zone

WORDS = ("list", "done", "snooze", "delete", "undo")


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
        help="list only what is due and was not rung for, which then counts as rung for, and run "
        "hooks.due for each: for cron, where no deck is open",
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
            return _ring(reminders, where, loaded.settings.hooks, as_json=options.json)
        if words[:1] in ([], ["list"]) and len(words) < 2:
            return _list(reminders, where, only_due=not words, as_json=options.json)
        if words[0] in WORDS:
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


def _ring(reminders: Reminders, where: tzinfo, settings: Settings, *, as_json: bool) -> int:
    """Print what was not rung for, and run the person's command for each. Raises OSError."""
    now = datetime.now(UTC)
    found = reminders.ring(now)
    if found and settings.due:
        # Only here: it is no part of what a status bar asks for.
        from tui.cli.narration import narrate
        from tui.workspace.hooks import Hooks

        hooks = Hooks(settings, narrate)
        for one in found:
            hooks.tell_due(one.text, one.moment)
        hooks.close()
    return _print(found, where, now, as_json=as_json)


def _print(found: Sequence[Reminder], where: tzinfo, now: datetime, *, as_json: bool) -> int:
    if as_json:
        print_json([
            {"number": one.id, "when": one.moment.isoformat(), "text": one.text,
             "due": one.is_due(now)}
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
    number, again = int(rest[0]), ""
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
