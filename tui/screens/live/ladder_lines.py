"""The ladder as lines of text. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tui.screens.live.numbers import LATE, NOTHING, age_text
from tui.screens.live.runs import Runs
from tui.spoken_keys import key_for
from tui.widgets.cells import clip_name, fit
from tui.widgets.palette import Role
from tui.widgets.track_camera import metres_text
from tui.words import counted
from tui.workspace.text import clean

if TYPE_CHECKING:
    from tui.workspace.live.course import Fleet
    from tui.workspace.live.ladder import Ladder

WIDTH = 58
"""Cells of a ladder beside the map."""
SWATCH, ASCII_SWATCH = "━", "="
"""A piece of a boat's trail, in its colour."""
PLACE, METRES, SPEED = 4, 8, 10
"""Cells: a blank stands before 10 km/h and more, and before what is made good the other way."""


class Called(NamedTuple):
    """How boats and speeds are said."""

    name: Callable[[str], str]
    speed: Callable[[float], str]
    ink: Callable[[str], Role]
    """The colour that a boat has on the map."""


def ladder_lines(
    ladder: Ladder | None,
    fleet: Fleet,
    width: int,
    height: int,
    chosen: str,
    called: Called,
    *,
    plain: bool = False,
) -> list[Runs]:
    """The boats from the leader on, with the chosen one in view."""
    if ladder is None:
        return [[(fit(" No wind is known, so nobody leads.", width), "warn")]]
    if not ladder.rungs:
        return [[(fit(" No positions yet.", width), "muted")]]
    way = "windward" if ladder.upwind else "leeward"
    title: list[tuple[str, Role]] = [(f" Ladder to {way}", "title")]
    if fleet.wind_boats:
        title.append((f", by AWA of {counted(fleet.wind_boats, 'boat')}", "muted"))
    if fleet.wind_time is not None and fleet.now - fleet.wind_time > LATE:
        by = ", " if fleet.wind_boats else ", by a wind of "
        title.append((f"{by}{age_text(fleet.now - fleet.wind_time)} ago", "warn"))
    name = max(8, min(30, width - PLACE - 2 - 2 * METRES - 2 * SPEED - 2))
    texts = [("behind", METRES), ("to next", METRES), ("SOG", SPEED), ("VMG", SPEED + 1)]
    header = fit("", PLACE + 2) + fit("boat", name)
    header += "".join(fit(text, cells, "right") for text, cells in texts)
    rows: list[Runs] = []
    at = 0
    for place, rung in enumerate(ladder.rungs):
        one = rung.sailor
        late = fleet.now - one.since > LATE
        role: Role = "key" if one.serial == chosen else "muted" if late else "text"
        shown = clip_name(clean(called.name(one.serial)), name - 1 - 2 * (one.serial == chosen))
        if one.serial == chosen:
            at, shown = place, f"[{shown}]"
        numbers = (
            metres_text(round(rung.behind)),
            metres_text(round(rung.step)) if place else NOTHING,
            NOTHING if one.speed is None else called.speed(one.speed),
            NOTHING if rung.made_good is None else called.speed(rung.made_good),
        )
        line = fit(shown, name - 1) + " "
        line += "".join(
            fit(text, cells, "right") for text, (_, cells) in zip(numbers, texts, strict=True)
        )
        ink = called.ink(one.serial) if role == "text" else role
        mark = ASCII_SWATCH if plain else SWATCH
        number = fit(f"{place + 1}", PLACE - 1, "right") + " "
        rows.append([(number, role), (f"{mark} ", ink), (line, role)])
    room = max(1, height - 2)
    if len(rows) > room:
        room = max(1, room - 1)
        top = max(0, min(at - room // 2, len(rows) - room))
        said = (
            f"    {top + 1} to {top + room} of {counted(len(rows), 'boat')}; "
            f"{key_for('live.group')} chooses"
        )
        rows = [*rows[top : top + room], [(fit(said, width), "muted")]]
    return [title, [(header, "muted")], *rows]
