"""`tockdeck hours import FILE`: logs of other programs, looked at first; `export` writes ours,
`report` sums them up, `enter` has them in the timesheet.

An import says what it would add, and adds it with --yes or where a person says so.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui.cli import (
    DONE,
    REFUSED,
    UNREACHABLE,
    add_configuration_arguments,
    fail,
    hours_enter,
    hours_report,
)
from tui.cli.asking import can_ask, says_yes
from tui.cli.narration import narrate
from tui.cli.output import refuse_closed, write_data
from tui.cli.statuses import report
from tui.cli.tables import print_table
from tui.cli.timing import opened
from tui.config.load import ConfigError
from tui.services.errors import ServiceError
from tui.words import counted, were
from tui.workspace.hours.entries import SEPARATOR, HoursError, Reading
from tui.workspace.hours.hours import FORMS, Preview
from tui.workspace.hours.names import said_names
from tui.workspace.hours.plan import State, Step
from tui.workspace.hours.reading import FORMS as READ
from tui.workspace.hours.reading import problems_text, read, read_file
from tui.workspace.hours.walls import hms
from tui.workspace.saved_files import save
from tui.workspace.timers.finding import TrackerNameError
from tui.workspace.timers.periods import Span
from tui.workspace.times import (
    TimeTextError,
    read_clock,
    read_day,
    stretch_text,
    today_in,
    zone,
)
from tui.workspace.timesheet.targets import TaskNameError
from tui.workspace.workspace import Workspace

_COLUMNS = ("at", "becomes", "when", "name", "tracker", "what", "why")
_WHICH = ("first", "second")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """In or out, the file, and what it does not tell itself."""
    parser.add_argument(
        "way",
        choices=["import", "export", "report", "enter"],
        help="hours in, or out, or summed up, or into the timesheet",
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="what to import; - is standard input"
    )
    parser.add_argument(
        "--as",
        dest="form",
        choices=list(dict.fromkeys([*READ, *FORMS])),
        help="the format: of an import where it is not plain, of an export always",
    )
    own = parser.add_argument_group("of import")
    own.add_argument(
        "--map",
        metavar="NAME=TRACKER",
        action="append",
        default=[],
        help="which tracker a name of the file is, remembered; * is all others; may be repeated",
    )
    own.add_argument("--all", action="store_true", help="show what is already there as well")
    own.add_argument(
        "--place",
        metavar="TIME",
        help="put lengths without times into the gaps of their day, from this time on",
    )
    own.add_argument("--zone", metavar="ZONE", help="the zone of times without one")
    own.add_argument(
        "--dates", choices=["dmy", "mdy"], help="the order of dates, where none of them tells it"
    )
    own.add_argument(
        "--twice", choices=_WHICH, help="which one a time is that clocks show twice that night"
    )
    sent = parser.add_argument_group("of import and enter")
    sent.add_argument(
        "--yes", action="store_true", help="add or enter what is new, and ask nobody before"
    )
    days = parser.add_argument_group("of export, report and enter")
    days.add_argument(
        "--from", dest="first", metavar="DAY", help="the first day of an export or report"
    )
    days.add_argument(
        "--to", dest="last", metavar="DAY", help="the last day of it (default: today)"
    )
    days.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the file of an export or report (default: standard output, as -)",
    )
    hours_report.add_arguments(parser.add_argument_group("of report and enter"))
    hours_enter.add_arguments(parser.add_argument_group("of enter"))
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Import or export."""
    to_file = options.way != "import" and options.output not in (None, Path("-"))
    if not to_file:
        refuse_closed()
    wrong = _misused(options)
    if wrong:
        return fail(wrong)
    try:
        workspace = opened(options)
    except ConfigError as error:
        return fail(str(error))
    ways = {
        "import": _import,
        "export": _export,
        "report": hours_report.run_report,
        "enter": hours_enter.run_enter,
    }
    work = ways[options.way]
    return asyncio.run(_done(work(options, workspace), workspace, options.way))


def _misused(options: argparse.Namespace) -> str:
    """What is wrong with the options together; "" for nothing."""
    if options.way == "import":
        if options.file is None:
            return "name the file to import, or - for standard input"
        if options.form is not None and options.form not in READ:
            return f"--as {options.form}: an import reads {', '.join(READ)}"
        return ""
    if options.way == "enter":
        return hours_enter.misused(options)
    if options.file is not None:
        return f"what is {options.way}ed is written to -o FILE"
    if options.way == "report":
        return "--as is for import and export: --csv, --json, --markdown" if options.form else ""
    if options.form not in FORMS:
        return f"--as: an export is written as {', '.join(FORMS)}"
    return "" if options.first else "say the first day with --from"


async def _done(work: Coroutine[Any, Any, int], workspace: Workspace, way: str) -> int:
    try:
        return await work
    except (HoursError, TimeTextError, TrackerNameError, TaskNameError) as error:
        nothing = {"import": " Nothing was added.", "enter": " Nothing was entered."}.get(way, "")
        return fail(f"{str(error).rstrip('.')}.{nothing}")
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=False)
    finally:
        await workspace.close()


# -- in -------------------------------------------------------------------------------------------


async def _import(options: argparse.Namespace, workspace: Workspace) -> int:
    where = zone(options.zone) if options.zone else workspace.zone
    which = _WHICH.index(options.twice) if options.twice else None
    reading = Reading(where, datetime.now(UTC), which, options.dates or "")
    form = options.form or ""
    if options.file == Path("-"):
        content = await asyncio.to_thread(sys.stdin.buffer.read)
        log = await asyncio.to_thread(read, content, reading, form)
    else:
        log = await asyncio.to_thread(read_file, options.file.expanduser(), reading, form)
    preview = await workspace.hours.preview(
        log,
        lambda overview: said_names(options.map, overview),
        place_from=read_clock(options.place) if options.place else None,
    )
    _show(preview, workspace, everything=options.all)
    if options.yes or (preview.new and can_ask() and await _wants(preview)):
        return await _add(preview, workspace)
    if preview.new:
        narrate("nothing was added: --yes adds what is new")
    return DONE if log.entries else REFUSED


async def _wants(preview: Preview) -> bool:
    return await asyncio.to_thread(says_yes, f"Add {counted(len(preview.new), 'block')}?")


def _show(preview: Preview, workspace: Workspace, *, everything: bool) -> None:
    log, counts = preview.log, preview.counts()
    shown = [step for step in preview.steps if everything or step.state is not State.THERE]
    parts = [f"{counted(count, 'entry')} {_said(state, count)}" for state, count in counts.items()]
    note = f"{log.form}: {', '.join(parts) or 'no entries'}"
    new = sum(step.entry.length for step in preview.new)
    note += f"; {hms(log.seconds)} h in the file, {hms(new)} h to be added"
    if shown:
        rows = [_row(step, preview, workspace) for step in shown]
        print_table(_COLUMNS, rows, note, whole=("when", "tracker", "why"))
    else:
        print(note, file=sys.stderr)
    unread = problems_text(log)
    remarks = [*([unread] if unread else []), *log.notes, *preview.left_behind()]
    for name, count in preview.unmapped():
        called = repr(name) if name else "what has no name"
        remarks.append(f"{called}, {counted(count, 'entry')}: --map '{name}=TRACKER'")
    for remark in remarks:
        narrate(remark)


def _said(state: State, count: int) -> str:
    return "overlap" if state is State.OVERLAPS and count != 1 else state.value


def _row(step: Step, preview: Preview, workspace: Workspace) -> dict[str, str]:
    entry, where = step.entry, workspace.zone
    if entry.start is not None and entry.stop is not None:
        when = stretch_text(entry.start, entry.stop, where)
    elif entry.start is not None:
        when = f"{entry.wrote}, open"
    else:
        when = f"{entry.day or 'no day'}, {hms(entry.seconds)} h"
    tracker = ""
    if step.tracker is not None:
        # Whose child it is tells two of one name apart; the rest of the path would push it out.
        above = preview.overview.above(step.tracker.id)
        tracker = SEPARATOR.join([*above[-1:], step.tracker.name])
    return {
        "at": str(entry.at),
        "becomes": step.state.value,
        "when": when,
        "name": entry.name,
        "tracker": tracker,
        "what": entry.text,
        "why": "; ".join(filter(None, [step.why, *entry.lost])),
    }


async def _add(preview: Preview, workspace: Workspace) -> int:
    def told(done: int, of: int) -> None:
        if done and done % 100 == 0:
            narrate(f"{done:,} of {counted(of, 'block')} sent")

    result = await workspace.hours.add(preview, told)
    for step, words in result.refused:
        narrate(f"{preview.log.unit} {step.entry.at} was refused: {words}")
    narrate(f"{counted(result.added, 'block')} {were(result.added)} added")
    if result.waiting:
        narrate(
            f"{counted(result.waiting, 'block')} kept, to be sent when the way is open:"
            " do not import them again before"
        )
    left = preview.left_over()
    if left:
        why = ", ".join(f"{count} {_said(state, count)}" for state, count in left.items())
        narrate(f"{counted(sum(left.values()), 'entry')} left over: {why}")
    if result.refused or left or preview.log.problems:
        return REFUSED
    return UNREACHABLE if result.waiting else DONE


# -- out ------------------------------------------------------------------------------------------


async def _export(options: argparse.Namespace, workspace: Workspace) -> int:
    where = workspace.zone
    first = read_day(options.first, where)
    last = read_day(options.last, where) if options.last else today_in(where)
    if last < first:
        return fail(f"--to {last} is before --from {first}")
    text, count, said = await workspace.hours.export(Span(first, last), options.form)
    content = text.encode("utf-8", "replace")
    if options.output in (None, Path("-")):
        write_data(content)
    else:
        await save(options.output.expanduser(), content)
    for remark in said:
        narrate(remark)
    narrate(counted(count, "entry"))
    return DONE if count else REFUSED
