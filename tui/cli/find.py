"""`tockdeck find WORDS`: what was read of the five services, found by words; asks nobody."""

from __future__ import annotations

import argparse
import asyncio
from datetime import tzinfo
from time import monotonic

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate, narrated
from tui.cli.output import print_json
from tui.cli.settings import read_settings
from tui.cli.tables import print_table
from tui.commands import SCREENS
from tui.config.load import ConfigError
from tui.words import counted, were
from tui.workspace.search.making import filling
from tui.workspace.search.rooms import KINDS
from tui.workspace.search.search import Record, Results
from tui.workspace.search.unread import unread_words
from tui.workspace.search.wanted import wanted
from tui.workspace.workspace import Workspace

LOOK_SECONDS = 10.0
"""How long it is looked through what was kept and is not in the index yet."""
COLUMNS = ("kind", "title", "where", "when")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is looked for, and JSON."""
    parser.add_argument(
        "words",
        nargs="+",
        metavar="WORD",
        help="all of them have to be found, in any order; `books: WORD` looks in one screen only",
    )
    parser.add_argument("--json", action="store_true", help="an array of objects instead of lines")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Print what is found, the best first."""
    what = wanted(" ".join(options.words), list(SCREENS))
    if what.between:
        return fail(f"before the colon: {' or '.join(what.between)}?")
    if not what.words.strip():
        return fail("what is to be found?")
    try:
        loaded, locations = read_settings(options)
        workspace = narrated(loaded, locations)
        zone = workspace.zone
        workspace.connections.told = narrate
        late = not _looked_through(workspace)
        results = workspace.search.look(what) or Results(problem="it was broken off")
    except ConfigError as error:
        return fail(str(error))
    asyncio.run(workspace.close())
    if results.problem:
        return fail(f"the index cannot be used: {results.problem}. Nothing was found.", REFUSED)
    if options.json:
        print_json([_object(one) for one in results.records])
    elif results.records:
        rows = [_row(one, zone) for one in results.records]
        print_table(COLUMNS, rows, _count(results))
    for words in _rest(results, late=late):
        narrate(words)
    return DONE if results.records else REFUSED


def _looked_through(workspace: Workspace) -> bool:
    """Put in what was kept since; whether that was done in time."""
    filler = filling(workspace)
    end, in_time = monotonic() + LOOK_SECONDS, True

    def go_on() -> bool:
        nonlocal in_time
        in_time = monotonic() < end
        return in_time

    filler.look_through(go_on)
    filler.close()
    return in_time


def _count(results: Results) -> str:
    count = len(results.records)
    return f"the best {count:,} of many" if results.more else f"{count:,} found"


def _rest(results: Results, *, late: bool) -> list[str]:
    """What of everything was not looked at."""
    said = []
    if not results.records:
        said.append("nothing of what was read holds this; the deck reads what it shows")
    if late:
        said.append("not all that is kept was looked through; the same once more goes on with it")
    if results.partial:
        said.append(f"{counted(results.partial, 'list')} {were(results.partial)} read only in part")
    if unread := unread_words(results.unread, SCREENS):
        said.append(unread)
    return said


def _row(record: Record, zone: tzinfo) -> dict[str, str]:
    when = record.when
    return {
        "kind": KINDS.get(record.kind, record.kind),
        "title": record.title,
        "where": record.where or SCREENS[record.room],
        "when": "" if when is None else f"{when.astimezone(zone):%Y-%m-%d %H:%M}",
    }


def _object(record: Record) -> dict[str, str | None]:
    return {
        "screen": record.room,
        "kind": record.kind,
        "key": record.key,
        "title": record.title,
        "where": record.where,
        "when": None if record.when is None else record.when.isoformat(),
    }
