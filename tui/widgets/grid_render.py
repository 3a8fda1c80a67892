"""How a grid's lines look: cells to segments, neighbours of one style joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from tui.widgets.cells import cell_text, fit, name_text
from tui.widgets.grid_layout import GAP, Place
from tui.widgets.grid_model import CellValue, Column
from tui.widgets.palette import Palette

PLACEHOLDER = "·"
ASCENDING = "▲"
DESCENDING = "▼"

_GAP_TEXT = " " * GAP
MORE_COLUMNS = "»"
FROZEN_EDGE = "│"
"""In the header, behind the last of several columns that do not scroll."""


def row_segments(
    columns: Sequence[Column],
    places: Sequence[Place],
    row: Sequence[CellValue],
    width: int,
    ground: Mapping[str, Style],
    cell: tuple[int, Style] | None,
) -> list[Segment]:
    """One row in exactly `width` cells; `cell` is the cell cursor's column and its style."""
    segments: list[Segment] = []
    text: list[str] = []
    base = ground["text"]
    style = base
    used = 0
    for index, x, cells in places:
        if x > used:
            # The gap belongs to what stands before it; underlines and reversals do not.
            if cell is not None and style is cell[1]:
                segments.append(Segment("".join(text), style))
                text, style = [], base
            text.append(_GAP_TEXT)
        column = columns[index]
        shown = column.cell(row[index] if index < len(row) else None)
        wanted = cell[1] if cell is not None and cell[0] == index else ground[shown.role]
        if wanted is not style:
            if text:
                segments.append(Segment("".join(text), style))
            text, style = [], wanted
        said = (name_text if column.is_name else cell_text)(shown.text, cells)
        text.append(fit(said, cells, column.alignment))
        used = x + cells
    if used < width:
        if cell is not None and style is cell[1]:
            segments.append(Segment("".join(text), style))
            text, style = [], base
        text.append(" " * (width - used))
    segments.append(Segment("".join(text), style))
    return segments


def placeholder_segments(
    places: Sequence[Place], width: int, ground: Mapping[str, Style]
) -> list[Segment]:
    """A row that has not arrived yet."""
    line = "".join(fit(PLACEHOLDER, place.width) + _GAP_TEXT for place in places)
    return [Segment(fit(line[:width], width), ground["line"])]


def header_segments(
    columns: Sequence[Column],
    places: Sequence[Place],
    width: int,
    palette: Palette,
    sorted_by: Mapping[str, bool],
    current: int | None,
    edge: int = 0,
    *,
    more: bool = False,
) -> list[Segment]:
    """The titles; `sorted_by` says which columns are sorted, the first of them first, and whether
    downwards, `edge` behind how many of them is marked that they do not scroll, `more` whether
    columns go on at the right.
    """
    order = {key: f"{nth}" for nth, key in enumerate(sorted_by, 1)} if len(sorted_by) > 1 else {}
    segments: list[Segment] = []
    used = 0
    for number, (index, x, cells) in enumerate(places):
        if x > used:
            gap = FROZEN_EDGE if edge and number == edge else ""
            segments.append(Segment(fit(gap, x - used), palette.plain["title"]))
        column = columns[index]
        title = name_text(column.title, cells)
        descending = sorted_by.get(column.key)
        if descending is None:
            shown = fit(title, cells, column.alignment)
        else:
            # Of several the order counts: ▲1 comes before ▼2. A column has room for its title and
            # two signs: the number takes the place of the space before it comes to that of letters.
            nth = order.get(column.key, "")
            mark = f"{DESCENDING if descending else ASCENDING}{nth}"
            space = "" if nth and cell_len(title) + len(mark) >= cells else " "
            room = cells - len(space + mark)
            title = name_text(column.title, room)
            shown = title + space + mark if room > 0 else mark[:cells]
            shown = fit(shown, cells, column.alignment)
        emphasised = index == current or descending is not None
        role = "primary" if emphasised else "title"
        segments.append(Segment(shown, palette.plain[role]))
        used = x + cells
    if used < width:
        mark = MORE_COLUMNS if more else " "
        segments.append(Segment(" " * (width - used - 1) + mark, palette.plain["title"]))
    return segments
