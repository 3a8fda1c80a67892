"""`tockdeck hours import` and `export`: what an import would add is shown before."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from tui.cli import (
    DONE,
    REFUSED,
    UNREACHABLE,
    fail,
)
from tui.cli.asking import can_ask, says_yes
from tui.cli.hours_arguments import WHICH
from tui.cli.narration import narrate
from tui.cli.output import write_data
from tui.cli.tables import print_table
from tui.words import counted, were
from tui.workspace.hours.entries import HoursError, Reading
from tui.workspace.hours.figures import SEPARATOR, hms
from tui.workspace.hours.hours import Preview
from tui.workspace.hours.names import said_names
from tui.workspace.hours.plan import State, Step
from tui.workspace.hours.reading import problems_text, read, read_file
from tui.workspace.saved_files import save
from tui.workspace.timers.periods import Span
from tui.workspace.times import (
    read_clock,
    read_day,
    stretch_text,
    today_in,
    zone,
)
from tui.workspace.workspace import Workspace

_COLUMNS = ("at", "becomes", "when", "name", "tracker", "what", "why")
MISTAKES = (HoursError,)
"""Told in their own words."""


# -- in -------------------------------------------------------------------------------------------


async def run_import(options: argparse.Namespace, workspace: Workspace) -> int:
    where = zone(options.zone) if options.zone else workspace.zone
    which = WHICH.index(options.twice) if options.twice else None
    reading = Reading(where, datetime.now(UTC), which, options.dates or "", options.person)
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
    ahead = preview.ahead(datetime.now(UTC), workspace.zone)
    planned = f", {hms(ahead)} h of it not over yet" if ahead else ""
    note += f"; {hms(log.seconds)} h in the file{planned}, {hms(new)} h to be added"
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
        "why": step.said,
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


async def run_export(options: argparse.Namespace, workspace: Workspace) -> int:
    where = workspace.zone
    first = read_day(options.first, where)
    last = read_day(options.last, where) if options.last else today_in(where)
    if last < first:
        return fail(f"--to {last} is before --from {first}")
    made = await workspace.hours.export(Span(first, last), options.form)
    content = made.text.encode("utf-8", "replace")
    if options.output in (None, Path("-")):
        write_data(content)
    else:
        await save(options.output.expanduser(), content)
    for remark in made.lacks:
        narrate(remark)
    if made.kept is not None:
        narrate(made.kept.sentence)
    narrate(counted(made.entries, "entry"))
    return DONE if made.entries else REFUSED
