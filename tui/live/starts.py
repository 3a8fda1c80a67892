"""A start: who is over the line, who was at the gun, and how the line lies to the wind. Pure.

Distances are those of the units, not of the bows, and a receiver errs by some metres: within
`NEAR` of the line nobody can say on which side a boat is.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor
from typing import Literal

from tui.live.course import Point, StartLine
from tui.live.derived.formulas import windward
from tui.live.units import turn

NEAR = 3.0
"""Metres within which the side of the line is not known (reference, anchors, Start)."""
MINUTE = 60_000

SOON = 2_000
"""Milliseconds after the gun within which it is still news: what is looked at later was missed."""

Standing = Literal["before", "close", "over", "ocs", "unsure", "back", "started", "unknown"]
"""Before the gun: `before` the line, `close` to it, `over` it. After it: `ocs`, over at the gun and
since; `unsure`, too close at the gun to say; `back`, over at the gun and behind the line since;
`started`, across since; `before`, not yet; `unknown`, nobody knows where it was at the gun."""


class Strike:
    """Tells once that a gun has gone, to whoever has waited for it."""

    def __init__(self) -> None:
        self._awaited: int | None = None

    def now(self, time: int, gun: int | None) -> bool:
        """Whether the gun went between the last look and this one, which is not much later."""
        if gun is None or time < gun:
            self._awaited = gun
            return False
        gone, self._awaited = gun == self._awaited and time - gun < SOON, None
        return gone


def pin_ahead(line: StartLine, wind_from: float) -> float:
    """Return the metres that the pin lies further to windward than the committee boat."""
    return windward(line.committee, line.pin, wind_from)


def between(before: tuple[int, Point], after: tuple[int, Point], time: int) -> Point:
    """Return where somebody was at a time between two fixes, sailing straight and evenly."""
    (start, here), (end, there) = before, after
    if end <= start:
        return here
    share = (time - start) / (end - start)
    longitude = here.longitude + share * turn(here.longitude, there.longitude)
    latitude = here.latitude + share * (there.latitude - here.latitude)
    return Point((longitude + 180) % 360 - 180, latitude)


def standing(
    now_metres: float, gun_metres: float | None, *, gone: bool, since: Iterable[float] = ()
) -> Standing:
    """Return how a boat stands to the line; metres before it, negative beyond it.

    `gone` says whether the gun is; `gun_metres` is where the boat was then, `since` where it was
    from then on up to now.
    """
    if not gone:
        return "close" if abs(now_metres) < NEAR else "over" if now_metres < 0 else "before"
    if gun_metres is None:
        return "unknown"
    if gun_metres <= -NEAR:
        if any(metres >= NEAR for metres in since) or now_metres >= NEAR:
            return "back" if now_metres > -NEAR else "started"
        return "ocs"
    if now_metres > -NEAR:
        return "before"
    return "unsure" if gun_metres < NEAR else "started"


def burn(left: float, seconds: float | None) -> float | None:
    """Return the seconds that a boat has too many: those to the gun minus those to the line."""
    return None if seconds is None else left - seconds


def synced(gun: int, now: int) -> int:
    """Return the gun moved so that whole minutes are left, the nearest; in ms. A gun that has gone
    stays gone by whole minutes.
    """
    left = gun - now
    whole = floor(left / MINUTE + 0.5)
    return now + whole * MINUTE


def countdown_text(gun: int, now: int) -> str:
    """Return `-3:24` before a gun and `+0:42` after it: seconds are whole until they are over."""
    left = gun - now
    seconds = ceil(left / 1000) if left > 0 else floor(-left / 1000)
    sign = "-" if left > 0 else "+"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02d}:{rest:02d}" if hours else f"{sign}{minutes}:{rest:02d}"
