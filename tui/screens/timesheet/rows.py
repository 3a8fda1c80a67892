"""Blocks with what becomes of them, as lines of a grid and in full. Rows and texts, no widgets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from tui.spoken_keys import key_for, with_keys
from tui.widgets.grid_model import Cell, CellValue, Column, ListSource
from tui.widgets.palette import Role
from tui.words import counted
from tui.workspace.invoices.amounts import money, plain
from tui.workspace.timers.reckoning.rounding import Rounding
from tui.workspace.times import clock, column_text, length_text, moment_text, stretch_text
from tui.workspace.timesheet.plan import BY_WORD, Line, State
from tui.workspace.timesheet.sheet import money_of

if TYPE_CHECKING:
    from tui.workspace.timesheet.sheet import Sheet

SIGNS: Mapping[State, tuple[str, Role]] = {
    State.NEW: ("+", "accent"),
    State.THERE: ("✓", "good"),
    State.CHANGED: ("≠", "warn"),
    State.GONE: ("✗", "warn"),
    State.ELSEWHERE: ("!", "warn"),
    State.OVERLAPS: ("!", "warn"),
    State.WAITS: ("…", "warn"),
    State.UNKNOWN: ("?", "bad"),
    State.UNMAPPED: ("?", "warn"),
    State.NEVER: ("·", "muted"),
    State.RUNS: ("●", "muted"),
    State.FREE: ("·", "muted"),
    State.NOTHING: ("·", "muted"),
    State.UNSENT: ("…", "muted"),
    State.AHEAD: ("◷", "muted"),
}
WHAT_TO_DO: Mapping[State, str] = {
    State.NEW: "<timesheet.enter> enters it",
    State.THERE: "it is not entered again; <timesheet.invoices> goes there",
    State.CHANGED: (
        "<timesheet.update> lets the entry be as the block is now; <timesheet.invoices> goes there"
    ),
    State.GONE: "<table.mark> and <timesheet.enter> enter it anew",
    State.ELSEWHERE: "<table.mark> and <timesheet.enter> enter it all the same",
    State.OVERLAPS: "<table.mark> and <timesheet.enter> enter it all the same",
    State.UNMAPPED: "<timesheet.task> says which task its tracker is",
    State.NEVER: "<timesheet.task> says another task for its tracker",
}


def columns_of(rounding: Rounding, *, narrow: bool) -> list[Column]:
    """The columns; the rounded lengths only where there is a rule."""
    state = Column("state", "", width=1) if narrow else Column("state", "State", width=15)
    rounded = [Column("rounded", "As", kind="number", width=6)] if rounding.changes else []
    columns = [
        state,
        Column("day", "Day", width=6),
        Column("start", "From", width=5),
        Column("stop", "To", width=5),
        Column("exact", "Time", kind="number", width=6),
        *rounded,
        Column("tracker", "Tracker", width=10, flexible=True),
        Column("task", "Task", width=10, flexible=True),
    ]
    if narrow:
        return columns
    return [
        *columns,
        Column("amount", "Amount", kind="number", minimum=9, maximum=12),
        Column("description", "What was done", width=12, flexible=True),
    ]


def source_of(sheet: Sheet, where: tzinfo, *, narrow: bool) -> ListSource:
    """One line a block, oldest first."""
    rows = [_row(one, sheet, where, narrow=narrow) for one in sheet.lines]
    return ListSource(rows, [str(one.block.id) for one in sheet.lines])


def _row(line: Line, sheet: Sheet, where: tzinfo, *, narrow: bool) -> list[CellValue]:
    block, (sign, role) = line.block, SIGNS[line.state]
    if line.state is State.NEW and line.why:
        role = "warn"
    start, stop = block.time_in, block.time_out
    if block.free:
        start = stop = None
    rounded = [column_text(line.rounded) if line.rounded else ""] if sheet.rounding.changes else []
    task: CellValue = line.target.short if line.target is not None else ""
    if line.state is State.UNMAPPED:
        task = Cell("which? m", "warn")
    row: list[CellValue] = [
        Cell(sign if narrow else f"{sign} {line.state.value}", role),
        "" if line.day is None else f"{line.day:%a} {line.day.day}",
        clock(start, where) if start else "",
        clock(stop, where) if stop else "",
        column_text(line.exact),
        *rounded,
        sheet.overview.name(block.tracker_id),
        task,
    ]
    return row if narrow else [*row, money(line.amount, line.currency), block.description]


def note_of(sheet: Sheet, only: Collection[int], *, narrow: bool) -> str:
    """How much would be entered, and how many blocks have no task yet."""
    lines = sheet.to_enter(only)
    exact = sum(one.exact for one in lines)
    unmapped = sum(count for _, count in sheet.unmapped(only))
    parts = []
    if lines:
        rounded = sum(one.rounded for one in lines)
        more = f" as {length_text(rounded)}" if sheet.rounding.changes else ""
        parts.append(f"{len(lines):,} to enter, {length_text(exact)}{more}")
    if amount := money_of(lines):
        parts.append(amount)
    if unmapped:
        parts.append(f"{unmapped:,} {'no' if narrow and lines else 'without a'} task")
    return " · ".join(parts) or "nothing to enter"


def line_text(line: Line, sheet: Sheet, where: tzinfo) -> str:
    """All of one block, its task and what becomes of it, to read."""
    block = line.block
    path = "no tracker" if block.tracker_id is None else sheet.overview.path(block.tracker_id)
    facts = [path, _times(line, where)]
    if line.target is not None:
        facts.append(f"Task: {line.target.path}{_by_whom(line, sheet)}")
    if line.amount is not None and line.rate is not None:
        facts.append(
            f"{money(line.amount, line.currency)} at"
            f" {f'{line.currency} {plain(line.rate, line.currency)}'.strip()} an hour, before the"
            " service reckons it"
        )
    return "\n".join([*facts, becomes(line), "", block.description or "Nothing is written of it."])


def becomes(line: Line) -> str:
    """What becomes of it, why, and what can be done."""
    words = [line.state.value, line.why, with_keys(WHAT_TO_DO.get(line.state, ""))]
    text = "; ".join(filter(None, words))
    return f"{text[:1].upper()}{text[1:]}."


def _times(line: Line, where: tzinfo) -> str:
    block = line.block
    if block.time_in is None or block.free:
        return f"{line.day or 'no day'}, {length_text(line.exact)}"
    end = block.time_out
    if end is None:
        return f"since {moment_text(block.time_in, where)}, {length_text(line.exact)}"
    times = stretch_text(block.time_in, end, where)
    if not line.rounded or line.rounded == line.exact:
        return times
    return f"{times}; in the timesheet {length_text(line.rounded)}"


def _by_whom(line: Line, sheet: Sheet) -> str:
    said = line.said
    if said is None or said.tracker_id == line.block.tracker_id:
        return ""
    return f" (as {sheet.overview.name(said.tracker_id)})"


def legend(sheet: Sheet, marked: Sequence[int]) -> str:
    """What a word is needed for, and what was entered of blocks that are there no more."""
    parts = []
    if marked:
        parts.append(f"{counted(len(marked), 'block')} marked: only those are entered.")
    by_word = sum(1 for one in sheet.lines if one.state in BY_WORD)
    if by_word and not marked:
        parts.append(
            f"{counted(by_word, 'block')} only by your word: {key_for('table.mark')} marks."
        )
    over = sum(1 for one in sheet.lines if one.state is State.NEW and one.why)
    if over and not marked:
        parts.append(f"{counted(over, 'block')} of it at times that other tasks have, too.")
    for one in sheet.gone[:1]:
        more = f" and {len(sheet.gone) - 1:,} more" if len(sheet.gone) > 1 else ""
        why = (
            "entered, but its block is not of these days any more. "
            f"{key_for('timesheet.delete')} deletes."
        )
        parts.append(f"No {one.entry}{more}: {why}")
    return " ".join(parts)


def why_nothing(sheet: Sheet, marked: Collection[int]) -> str:
    """Why nothing would be entered, in a person's words."""
    if marked:
        return "None of the marked blocks can be entered: see the lines below for why."
    if sheet.unmapped():
        return "Nothing is entered: the blocks that are new have no task."
    return "There is nothing new to enter in this period."
