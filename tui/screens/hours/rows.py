"""What an import would add, as lines of a grid, in full, and by tracker. No widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Literal

from tui.spoken_keys import key_for
from tui.widgets.grid_model import Cell, CellValue, Column, ListSource
from tui.widgets.palette import Role
from tui.words import are, counted
from tui.workspace.hours.figures import SEPARATOR
from tui.workspace.hours.plan import State, Step
from tui.workspace.times import clock, column_text, length_text

if TYPE_CHECKING:
    from tui.workspace.hours.hours import Preview

View = Literal["entries", "trackers", "problems"]
VIEWS: tuple[View, ...] = ("entries", "trackers", "problems")
VIEW_TITLES: Mapping[View, str] = {
    "entries": "Entries", "trackers": "By tracker", "problems": "Not read",
}  # fmt: skip
SIGNS: Mapping[State, tuple[str, Role]] = {
    State.NEW: ("+", "accent"),
    State.THERE: ("✓", "good"),
    State.CHANGED: ("≠", "warn"),
    State.OVERLAPS: ("!", "warn"),
    State.UNMAPPED: ("?", "warn"),
    State.UNTIMED: ("?", "warn"),
    State.OPEN: ("●", "muted"),
    State.ZERO: ("·", "muted"),
    State.AHEAD: ("·", "muted"),
}


def columns_of(view: View, *, narrow: bool) -> list[Column]:
    """The columns of a view."""
    if view == "problems":
        return [
            Column("at", "At", kind="number", minimum=4, maximum=8),
            Column("why", "Why it could not be read", width=20, flexible=True),
        ]
    if view == "trackers":
        return [
            Column("tracker", "Tracker", width=14, flexible=True),
            Column("count", "Entries", kind="number", width=8),
            Column("new", "To add", kind="number", width=8),
            Column("there", "There", kind="number", width=8),
            Column("rest", "Left out", kind="number", width=9),
        ]
    state = Column("state", "", width=1) if narrow else Column("state", "Becomes", width=15)
    columns = [
        state,
        Column("day", "Day", width=10),
        Column("start", "From", width=5),
        Column("stop", "To", width=5),
        Column("length", "Time", kind="number", width=6),
        Column("name", "Name in the file", width=10, flexible=True),
        Column("tracker", "Tracker", width=10, flexible=True),
    ]
    return columns if narrow else [*columns, Column("text", "What", width=12, flexible=True)]


def source_of(preview: Preview, view: View, where: tzinfo, *, narrow: bool) -> ListSource:
    """The rows of a view, in the order of the file; sums of the most first."""
    if view == "problems":
        bad = preview.log.problems
        return ListSource([[one.at, one.words] for one in bad])
    if view == "trackers":
        rows = by_tracker(preview)
        return ListSource(rows, [str(place) for place in range(len(rows))])
    found = [_row(one, preview, where, narrow=narrow) for one in preview.steps]
    return ListSource(found, [str(place) for place in range(len(found))])


def _row(step: Step, preview: Preview, where: tzinfo, *, narrow: bool) -> list[CellValue]:
    entry, (sign, role) = step.entry, SIGNS[step.state]
    start, stop = step.start or entry.start, step.stop or entry.stop
    day = entry.on(where)
    tracker: CellValue = "" if step.tracker is None else _short(preview, step.tracker.id)
    if step.state is State.UNMAPPED:
        tracker = Cell("which? m", "warn")
    row: list[CellValue] = [
        Cell(sign if narrow else f"{sign} {step.state.value}", role),
        "" if day is None else day.isoformat(),
        clock(start, where) if start else "",
        clock(stop, where) if stop else "",
        column_text(entry.length) if entry.length >= 0 else f"-{column_text(-entry.length)}",
        entry.name or Cell("(no name)", "muted"),
        tracker,
    ]
    return row if narrow else [*row, entry.text]


def _short(preview: Preview, tracker: int) -> str:
    # Whose child it is tells two of one name apart; the rest of the path would push it out.
    overview = preview.overview
    return SEPARATOR.join([*overview.above(tracker)[-1:], overview.name(tracker)])


def by_tracker(preview: Preview) -> list[list[CellValue]]:
    """Sums by tracker, and by name where there is none: all, to be added, there, left out."""
    sums: dict[str, list[int]] = {}
    for step in preview.steps:
        if step.tracker is not None:
            name = preview.overview.path(step.tracker.id)
        else:
            name = f"? {step.entry.name or '(no name)'}"
        held = sums.setdefault(name, [0, 0, 0, 0])
        held[0] += 1
        place = {State.NEW: 1, State.THERE: 2}.get(step.state, 3)
        held[place] += max(0, step.entry.length)
    ordered = sorted(sums.items(), key=lambda pair: -sum(pair[1][1:]))
    return [
        [name, Cell(f"{count:,}"), *(column_text(one) if one else "" for one in lengths)]
        for name, (count, *lengths) in ordered
    ]


def note_of(preview: Preview) -> str:
    """What would be added, and how much of the file is otherwise."""
    new = preview.new
    counts = preview.counts()
    parts = [f"{len(new):,} to add, {length_text(sum(one.entry.length for one in new))}"]
    parts += [
        f"{counts[state]:,} {state.value}" for state in State if state is not State.NEW and
        counts[state]
    ]  # fmt: skip
    if preview.log.problems:
        parts.append(f"{len(preview.log.problems):,} not read")
    return " · ".join(parts)


def question_of(preview: Preview) -> str:
    """What is about to be added, and how much is not."""
    new, counts = preview.new, preview.counts()
    hours = length_text(sum(one.entry.length for one in new))
    rest = len(preview.steps) - len(new) - counts[State.THERE] + len(preview.log.problems)
    left = f" {counted(rest, 'entry')} {are(rest)} left out." if rest else ""
    return f"Add {counted(len(new), 'block')}, {hours}?{left}"


def remarks_of(preview: Preview, most: int) -> list[str]:
    """What holds for the whole file, the first so many."""
    said = [*preview.log.notes, *preview.left_behind()]
    unmapped = preview.unmapped()
    if unmapped:
        names = counted(len(unmapped), "name")
        count = sum(many for _, many in unmapped)
        said.insert(
            0,
            (
                f"{names} of {counted(count, 'entry')} without a tracker: "
                f"{key_for('hours.map')} says which."
            ),
        )
    untimed = preview.counts()[State.UNTIMED]
    if untimed:
        said.append(
            f"{counted(untimed, 'length')} without times: {key_for('hours.place')} "
            "puts them into gaps."
        )
    more = len(said) - most
    return [
        *said[:most],
        *([f"and {counted(more, 'remark')} more: {key_for('hours.open')}"] if more > 0 else []),
    ]


def step_text(step: Step, preview: Preview) -> str:
    """One entry in full, to read."""
    entry = step.entry
    lines = [
        f"{preview.log.unit} {entry.at:,} of {preview.log.form}",
        f"{entry.wrote or entry.day or ''} · {length_text(max(0, entry.length))}",
        f"Name: {entry.name or '(none)'}",
    ]
    if entry.tags:
        lines.append(f"Tags: {', '.join(entry.tags)}")
    if step.tracker is not None:
        lines.append(f"Tracker: {preview.overview.path(step.tracker.id)}")
    lines.append(becomes(step))
    return "\n".join([*lines, "", entry.text or "Nothing is written of it."])


def becomes(step: Step) -> str:
    """What becomes of it, and why."""
    words = "; ".join(filter(None, [step.state.value, step.said]))
    return f"{words[:1].upper()}{words[1:]}."


def whole_text(preview: Preview, problems: Sequence[str]) -> str:
    """Everything that is said of the file."""
    return "\n".join([note_of(preview), "", *remarks_of(preview, 100), *problems])
