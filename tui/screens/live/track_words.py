"""What is said below the map: the line and the laylines as one boat has them; and the boats'
colours. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.screens.live.numbers import LATE, age_text
from tui.screens.live.status import Piece
from tui.widgets.palette import INKS, Role
from tui.widgets.track_camera import metres_text
from tui.workspace.text import clean

if TYPE_CHECKING:
    from tui.live.course import LineView
    from tui.workspace.live.course import Fleet
    from tui.workspace.live.laylines import Approach

STARTING = 3.0
"""How many lengths of the line away a boat may be and still be told how far it has to it."""


class Inks:
    """Of each boat a colour that it keeps: as far as there are colours, those that are first seen
    together have different ones.
    """

    def __init__(self) -> None:
        self._of: dict[str, Role] = {}

    def __call__(self, serial: str) -> Role:
        """The colour of a boat."""
        return self._of.setdefault(serial, INKS[len(self._of) % len(INKS)])


def ago_text(now: int, *times: int | None) -> str:
    """How old the oldest of what something comes from is, where that is worth to be said."""
    age = now - min((time for time in times if time is not None), default=now)
    return f", {age_text(age)} ago" if age > LATE else ""


def wind_text(fleet: Fleet, speed_text: Callable[[float], str]) -> str:
    """How strong the wind is, what it comes from where nobody measures it, and how old that is."""
    wind = fleet.wind
    if wind is None:
        return ""
    strength = speed_text(wind.speed) if wind.speed else ""
    if fleet.wind_time is None:
        return f"{strength} by hand".strip()
    reckoned = " of AWA" if fleet.wind_boats else ""
    return f"{strength}{reckoned}{ago_text(fleet.now, fleet.wind_time)}".strip()


def line_pieces(view: LineView, aged: str = "") -> list[Piece]:
    """The start line as one boat has it: how far, how long, on which side, and how old that is."""
    if not view.length or abs(view.metres) > STARTING * view.length:
        return []
    return [*_line_pieces(view), *([Piece(aged, "warn")] if aged else [])]


def approach_pieces(one: Approach, aged: str = "") -> list[Piece]:
    """What a boat has yet to sail on each tack to the mark, how long that takes, and how old what
    it comes from is.
    """
    way = one.way
    if way is None:
        return []
    name = Piece(f" {clean(one.mark)}: ", "accent")
    if not way.inside:
        tack = "port" if way.on_starboard < 0 else "starboard"
        spare = metres_text(-min(way.on_starboard, way.on_port))
        return [name, Piece(f"laid on {tack}, {spare} to spare", "good"), Piece(aged, "warn")]
    parts = [metres_text(metres) for metres in (way.on_starboard, way.on_port)]
    if one.seconds is not None:
        parts = [f"{part} in {_span(took)}" for part, took in zip(parts, one.seconds, strict=True)]
    said = Piece(f"{parts[0]} on starboard, {parts[1]} on port", "text")
    return [name, said, Piece(aged, "warn")]


def _line_pieces(view: LineView) -> list[Piece]:
    if view.metres < 0:
        # Not an alarm: without a time of the start nobody knows who may be there already.
        beyond = f" · {metres_text(-view.metres)} beyond the line"
        back = "" if view.seconds is None else f", back in {_span(view.seconds)}"
        return [Piece(beyond, "text"), Piece(back, "muted")]
    far = f" · line {metres_text(view.metres)}"
    if view.seconds is None:
        return [Piece(far, "text"), Piece(", not closing", "muted")]
    if not view.between:
        return [Piece(far, "text"), Piece(f", past its end in {_span(view.seconds)}", "warn")]
    return [Piece(far, "text"), Piece(f" in {_span(view.seconds)}", "good")]


def _span(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 100 else f"{whole // 60}:{whole % 60:02d} min"
