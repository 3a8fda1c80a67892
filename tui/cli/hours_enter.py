"""`tockdeck hours enter`: blocks of a period into the timesheet, each once.

It says what would be entered, and enters it with --yes or where a person says so. With --dry-run
nothing is sent and nobody is asked.
"""

from __future__ import annotations

import argparse
import json
import sys
from asyncio import to_thread
from typing import Any

from tui.cli import DONE, REFUSED, UNKNOWN, UNREACHABLE, USAGE, fail
from tui.cli.asking import can_ask, says_yes
from tui.cli.hours_report import asked_rounding, asked_span
from tui.cli.narration import narrate
from tui.cli.tables import print_table
from tui.words import counted
from tui.workspace.hours.figures import h_mm
from tui.workspace.invoices.amounts import money
from tui.workspace.timers.finding import TrackerNameError, find_tracker
from tui.workspace.timers.reckoning.rounding import RoundingError
from tui.workspace.times import local_text, whole_text
from tui.workspace.timesheet.outcome import Outcome
from tui.workspace.timesheet.plan import Line, State
from tui.workspace.timesheet.sheet import Sheet, money_of
from tui.workspace.timesheet.targets import TaskNameError, find_target
from tui.workspace.timesheet.words import news_of, trouble_of
from tui.workspace.workspace import Workspace

MISTAKES = (TaskNameError,)
"""Told in their own words."""
_COLUMNS = ("becomes", "from", "time", "as", "tracker", "task", "amount", "what", "why")


async def run_enter(options: argparse.Namespace, workspace: Workspace) -> int:
    """Say it, and enter it. Raises TimeTextError, TrackerNameError, TaskNameError, OSError, and
    what reading raises."""
    try:
        rounding = await asked_rounding(options, workspace)
    except RoundingError as error:
        return fail(str(error))
    span = asked_span(options, workspace.zone)
    sheet = await workspace.timesheet.sheet(span, rounding)
    if options.task:
        for tracker, task in _said(options.task, sheet):
            await workspace.timesheet.say(tracker, task)
        sheet = await workspace.timesheet.sheet(span, rounding)
    lines = sheet.to_enter()
    as_json = options.told == "json"
    if not as_json:
        _print(sheet, workspace)
    _narrate(sheet, options)
    outcome, wanted = None, not options.dry_run
    if lines and wanted:
        wanted = options.yes or (can_ask() and await _wants(lines))
    if lines and wanted:
        outcome = await workspace.timesheet.enter(sheet, lines, _progress)
    if as_json:
        print(json.dumps(_as_json(sheet, outcome, workspace), ensure_ascii=False, indent=1))
    if options.dry_run:
        return DONE
    if not wanted:
        return fail(
            "nothing was entered: --yes enters what is new", REFUSED if can_ask() else USAGE
        )
    status = DONE if outcome is None else _status(outcome, workspace)
    return _left(sheet) if status == DONE else status


async def _wants(lines: list[Line]) -> bool:
    return await to_thread(says_yes, f"Enter {counted(len(lines), 'block')} into the timesheet?")


def _left(sheet: Sheet) -> int:
    """The status of what was not entered: of no task, or of what an earlier run has kept."""
    if any(line.state is State.UNMAPPED for line in sheet.lines):
        return REFUSED
    return UNREACHABLE if _kept(sheet) else DONE


def _kept(sheet: Sheet) -> int:
    """How many blocks were begun to be entered before, and have not been sent."""
    return sum(line.state is State.WAITS for line in sheet.lines)


def _said(words: list[str], sheet: Sheet) -> list[tuple[int, int]]:
    found = []
    for word in words:
        tracker, equals, task = word.partition("=")
        if not equals:
            raise TrackerNameError(f"--task {word}: write TRACKER=TASK")
        number = find_tracker(sheet.overview, tracker).id
        found.append((number, find_target(sheet.targets, task)))
    return found


def _progress(done: int, of: int) -> None:
    if done and done < of and done % 100 == 0:
        narrate(f"{done:,} of {counted(of, 'block')} sent")


def _print(sheet: Sheet, workspace: Workspace) -> None:
    rows = [_row(one, sheet, workspace) for one in sheet.lines]
    lines = sheet.to_enter()
    exact, rounded = (sum(getattr(one, name) for one in lines) for name in ("exact", "rounded"))
    note = f"{sheet.span.first} to {sheet.span.last}, {sheet.rounding.rule}: "
    note += f"{counted(len(lines), 'block')} to enter, {h_mm(exact)} h"
    if sheet.rounding.changes:
        note += f" as {h_mm(rounded)} h"
    if amount := money_of(lines):
        note += f", {amount}"
    if rows:
        print_table(_COLUMNS, rows, note)
    else:
        print(note, file=sys.stderr)


def _row(line: Line, sheet: Sheet, workspace: Workspace) -> dict[str, str]:
    block = line.block
    start = "" if block.time_in is None else whole_text(block.time_in, workspace.zone)
    return {
        "becomes": line.state.value,
        "from": start,
        "time": h_mm(line.exact),
        "as": h_mm(line.rounded) if line.rounded else "",
        "tracker": sheet.overview.name(block.tracker_id),
        "task": line.target.short if line.target is not None else "",
        "amount": money(line.amount, line.currency),
        "what": block.description,
        "why": line.why,
    }


def _narrate(sheet: Sheet, options: argparse.Namespace) -> None:
    for tracker, count in sheet.unmapped():
        name = sheet.overview.path(tracker)
        narrate(f"{name}, {counted(count, 'block')}: --task '{name}=TASK' says which task it is")
    kept = _kept(sheet)
    if kept:
        narrate(f"{counted(kept, 'block')} not sent yet: `tockdeck changes send` sends them")
    if options.dry_run:
        narrate("nothing was entered: it was only asked for")
    for one in sheet.gone:
        narrate(
            f"No {one.entry} was entered, but its block is not of these days any more:"
            f" tockdeck call timesheets.ts.delete time_entry_id={one.entry}"
        )


def _status(outcome: Outcome, workspace: Workspace) -> int:
    narrate(news_of(outcome))
    for line in filter(None, trouble_of(outcome, workspace.zone).split("\n")):
        narrate(line)
    if outcome.unknown:
        return UNKNOWN
    if outcome.waiting:
        return UNREACHABLE
    return DONE if outcome.whole else REFUSED


def _as_json(sheet: Sheet, outcome: Outcome | None, workspace: Workspace) -> dict[str, Any]:
    where, rule = workspace.zone, sheet.rounding
    made = {line.block.id: number for line, number in (outcome.entered if outcome else [])}
    return {
        "first": sheet.span.first.isoformat(),
        "last": sheet.span.last.isoformat(),
        "zone": str(where),
        "rounding": rule.typed,
        "entered": outcome is not None,
        "blocks": [
            {
                "block": one.block.id,
                "state": "entered now" if one.block.id in made else one.state.value,
                "why": one.why,
                "entry": made.get(one.block.id, one.entry.id if one.entry is not None else None),
                "start": _moment(one, where, "time_in"),
                "stop": _moment(one, where, "time_out"),
                "seconds": one.exact,
                "rounded_seconds": one.rounded,
                "tracker": sheet.overview.name(one.block.tracker_id),
                "task_id": one.target.task_id if one.target is not None else None,
                "task": one.target.path if one.target is not None else "",
                "rate": None if one.rate is None else str(one.rate),
                "amount": None if one.amount is None else str(one.amount),
                "currency": one.currency,
                "description": one.block.description,
            }
            for one in sheet.lines
            if one.state is not State.FREE
        ],
    }


def _moment(line: Line, where: Any, name: str) -> str | None:
    at = getattr(line.block, name)
    return None if at is None else local_text(at, where).replace(" ", "T")
