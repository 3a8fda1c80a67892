"""`tockdeck bring FILE --session ID`: a log of a boat's instruments into a session.

It says what is in the file, and keeps it with --yes or where a person says so.
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import date
from functools import partial
from pathlib import Path

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.asking import can_ask, says_yes
from tui.cli.narration import narrate
from tui.cli.numbers import whole_number
from tui.cli.statuses import report, to_its_end
from tui.cli.tables import print_table
from tui.cli.timing import opened
from tui.config.load import ConfigError
from tui.services.errors import ServiceError
from tui.services.igtimi.brought import BroughtFile
from tui.words import counted
from tui.workspace.sessions.bringing import (
    FORMS,
    HEADINGS,
    SIDES,
    Answers,
    bring,
    event_lines,
    instant_text,
    kept_news,
    lacks_day,
    lacks_heading,
    lacks_heel,
    lacks_leniency,
    reach_text,
    remarks,
    session_of,
    told,
)
from tui.workspace.text import clean
from tui.workspace.times import TimeTextError, read_day
from tui.workspace.workspace import Workspace

_COLUMNS = ("boat", "device", "what", "samples", "new", "a_second", "from", "to")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, the session, and what the file does not tell itself."""
    parser.add_argument("file", type=Path, metavar="FILE", help=FORMS)
    parser.add_argument(
        "--session",
        type=whole_number(),
        metavar="ID",
        required=True,
        help="the session that it belongs to",
    )
    parser.add_argument("--day", metavar="DAY", help="the day of a log that has only times")
    parser.add_argument(
        "--lenient",
        action="store_true",
        help="read sentences without a checksum, and with one of the address only",
    )
    parser.add_argument(
        "--heading",
        choices=HEADINGS,
        help="what the heading of Expedition's log is: a setting of who wrote it",
    )
    parser.add_argument(
        "--heel",
        choices=SIDES,
        help="the side to which a heel above 0 of Expedition's log is",
    )
    parser.add_argument(
        "--yes", action="store_true", help="keep what is new, and ask nobody before"
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Look at it, and keep it where that is wanted."""
    try:
        workspace = opened(options)
    except ConfigError as error:
        return fail(str(error))
    return to_its_end(_done(options, workspace))


async def _done(options: argparse.Namespace, workspace: Workspace) -> int:
    try:
        return await _bring(options, workspace)
    except TimeTextError as error:
        return fail(f"--day: {error}")
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=False)
    finally:
        await workspace.close()


async def _bring(options: argparse.Namespace, workspace: Workspace) -> int:
    day: date | None = read_day(options.day, workspace.zone) if options.day else None
    send = partial(
        bring,
        workspace.connections,
        options.session,
        options.file.expanduser(),
        Answers(day, options.lenient, options.heading or "", options.heel or ""),
    )
    found = await send()
    _show(found, workspace)
    session = await session_of(workspace.connections, options.session)
    if reach := reach_text(found, session, workspace.zone):
        narrate(reach)
    if found.nothing_new:
        if found.boats:
            narrate("all of it is there already: nothing was kept")
    elif options.yes or (can_ask() and await _wants(found.new)):
        found = await send(keep=True)
        narrate(kept_news(found, f"session {options.session}"))
    else:
        narrate("nothing was kept: --yes keeps what is new")
    return DONE if found.boats else REFUSED


async def _wants(new: int) -> bool:
    return await asyncio.to_thread(says_yes, f"Keep {counted(new, 'new sample')}?")


def _show(found: BroughtFile, workspace: Workspace) -> None:
    """One line a boat and type, and beside the answer what was left out and why."""
    rows = [
        {
            "boat": boat.name,
            "device": boat.serial_number or "new",
            "what": series.name,
            "samples": series.samples,
            "new": series.new,
            "a_second": series.hertz,
            "from": instant_text(boat.start_time, workspace.zone),
            "to": instant_text(boat.end_time, workspace.zone),
        }
        for boat in found.boats
        for series in boat.series
    ]
    if rows:
        print_table(_COLUMNS, rows, f"tockdeck: {told(found)}")
    else:
        narrate(told(found))
    for line in event_lines(found, workspace.zone):
        narrate(line)
    for remark in remarks(found):
        narrate(clean(remark))
    if lacks_heading(found):
        narrate("--heading true or magnetic reads its heading")
    if lacks_heel(found):
        narrate("--heel starboard or port, the side that is plus, reads its heel")
    if lacks_day(found):
        narrate("--day DAY says the day of times without a date")
    if lacks_leniency(found):
        narrate("--lenient reads lines whose checksum is missing or of the address only")
