"""`tockdeck hours report`: what a period comes to, by tracker, day, week or as a table of both."""

from __future__ import annotations

import argparse
from asyncio import to_thread
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from tui.cli import DONE, REFUSED, fail
from tui.cli.narration import narrate
from tui.cli.output import write_data
from tui.cli.tables import print_table
from tui.services.errors import BrokenOff, ConnectionFailed, NotNow, RateLimited
from tui.services.trackmypeople.lines import Line
from tui.words import counted
from tui.workspace.hours.figures import h_mm
from tui.workspace.problems import one_line
from tui.workspace.reads import Answer
from tui.workspace.saved_files import save
from tui.workspace.timers.finding import find_tracker
from tui.workspace.timers.overview import Overview, Report
from tui.workspace.timers.period_text import column_words, read_period
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.lines import tally_lines
from tui.workspace.timers.reckoning.pieces import cut, planned, seconds_ahead, until
from tui.workspace.timers.reckoning.rounding import Rounding, RoundingError, read_rounding
from tui.workspace.timers.reckoning.sheet import (
    FORMS,
    By,
    Form,
    Row,
    Sheet,
    parts_of,
    sheet,
    written,
)
from tui.workspace.timers.reckoning.tally import Sum, tally, under
from tui.workspace.times import TimeTextError, local_text, moment_text, read_day, today_in
from tui.workspace.uncollected import uncollected
from tui.workspace.workspace import Workspace

MISTAKES: tuple[type[ValueError], ...] = ()
"""Errors of its own that are told in their own words."""


async def asked_rounding(options: argparse.Namespace, workspace: Workspace) -> Rounding:
    """How lengths are rounded: as asked for, else as in the deck. Raises RoundingError."""
    rounding = await to_thread(workspace.habits.rounding)
    try:
        return read_rounding(options.round, rounding) if options.round else rounding
    except RoundingError as error:
        raise RoundingError(f"--round: {error}") from None


def asked_span(options: argparse.Namespace, where: tzinfo) -> Span:
    """Which days are asked for; this week where nobody says. Raises TimeTextError."""
    if options.period and (options.first or options.last):
        raise TimeTextError("--period and --from or --to say it twice")
    if not options.first and not options.last:
        return read_period(options.period or "this week", where)
    last = read_day(options.last, where) if options.last else today_in(where)
    first = read_day(options.first, where) if options.first else last
    if last < first:
        raise TimeTextError(f"--to {last} is before --from {first}")
    return Span(first, last)


async def run_report(options: argparse.Namespace, workspace: Workspace) -> int:
    """Print or write it. Raises TimeTextError, TrackerNameError, OSError, and what reading does."""
    try:
        rounding = await asked_rounding(options, workspace)
    except RoundingError as error:
        return fail(str(error))
    span = asked_span(options, workspace.zone)
    # Of years there are a hundred thousand blocks, and none of them is dropped on the way.
    with uncollected():
        found = await _sheet(workspace, span, rounding, options.by, options.tracker)
    form: Form | None = next((one for one in FORMS if one == options.told), None)
    if options.output not in (None, Path("-")):
        await save(options.output.expanduser(), written(found, form or "csv").encode())
    elif form is not None:
        write_data(written(found, form).encode("utf-8", "replace"))
    else:
        _print(found)
    return DONE if found.rows else REFUSED


async def _sheet(
    workspace: Workspace, span: Span, rounding: Rounding, by: By, tracker: str | None
) -> Sheet:
    where, now = workspace.zone, datetime.now(UTC)
    overview, answer, lines = await _read(workspace, span, now)
    those = (
        None if tracker is None else under(overview.trackers, find_tracker(overview, tracker).id)
    )
    report = answer.value
    pieces = cut(until(report.blocks, now), where, span)
    if those is not None:
        pieces = (one for one in pieces if one[1] in those)
        lines = [one for one in lines if one.tracker_id in those]
    if report.free and those is None:
        narrate(f"{h_mm(report.free)} h of free time are not counted")
    ahead = seconds_ahead(planned(report.blocks, now), now)
    if ahead:
        narrate(f"{h_mm(ahead)} h that are planned are not counted")
    if report.to_add:
        narrate(f"{counted(len(report.to_add), 'block')} among them wait to be sent")
    tallied = tally(pieces, rounding)
    if lines:
        tallied = tally_lines(lines, where, parts_of(by, span, rounding), rounding, tallied)
    found = sheet(by, tallied, overview.trackers, span, rounding, where)
    return found._replace(as_of=local_text(answer.as_of, where)) if answer.kept else found


async def _read(
    workspace: Workspace, span: Span, now: datetime
) -> tuple[Overview, Answer[Report], list[Line]]:
    """The trackers and the report as they are now (see `Reports.for_sums`); without the service
    as they were, and then that is said. Raises what reading raises where nothing is known of
    these days.
    """
    timers = workspace.timers
    try:
        return await timers.trackers(), *await timers.reports.for_sums(span, now)
    except (BrokenOff, ConnectionFailed, NotNow, RateLimited) as error:
        overview, known = await timers.kept(), await timers.reports.known(span)
        if overview is None or known is None:
            raise
        narrate(f"{one_line(error)} This is as of {moment_text(known.as_of, workspace.zone)}.")
        return overview.value, known, []


def _print(found: Sheet) -> None:
    """Aligned for a person: the names, one column for each part of a table, and the sums."""
    named = found.by in ("tracker", "table")
    columns = [column_words(one, found.span) for one in found.columns]
    names = ["tracker" if named else found.by, *columns, "hours"]
    if found.rounding.changes:
        names.append("rounded")
    rows = [_line(names, _name(row, named=named), row.cells, row.sum) for row in found.rows]
    rows.append(_line(names, "sum", found.sums, found.total))
    first, last = found.span.first, found.span.last
    rule = f"; rounded: {found.rounding.rule}" if found.rounding.changes else ""
    days = f"{first}" if first == last else f"{first} to {last}"
    told = f"; as of {found.as_of}" if found.as_of else ""
    print_table(names, rows, f"{days}, {found.zone}{rule}{told}")


def _name(row: Row, *, named: bool) -> str:
    if not named:
        return " to ".join(row.labels)
    return "  " * row.depth + (f"({row.labels[1]} itself)" if row.itself else row.labels[1])


def _line(names: list[str], name: str, cells: tuple[Sum, ...], one: Sum) -> dict[str, str]:
    figures = [h_mm(cell.exact) if cell.exact else "" for cell in cells]
    figures += [h_mm(one.exact), h_mm(one.rounded)]
    widths = (max(6, len(column)) for column in names[1:])
    shown = (figure.rjust(width) for figure, width in zip(figures, widths, strict=False))
    return dict(zip(names, [name, *shown], strict=False))
