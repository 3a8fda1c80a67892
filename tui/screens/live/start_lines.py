"""The start as lines of text: countdown, the line and its bias, a row for each boat. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from tui.live.starts import Standing, countdown_text
from tui.live.units import arrow, bearing
from tui.screens.live.numbers import LATE, NOTHING, age_text, clock_text
from tui.screens.live.runs import Runs
from tui.spoken_keys import key_for, letter_for
from tui.widgets.cells import clip_name, fit
from tui.widgets.palette import Role
from tui.widgets.track_camera import metres_text
from tui.words import counted
from tui.workspace.text import clean

if TYPE_CHECKING:
    from tui.workspace.live.course import Sailor
    from tui.workspace.live.start import Start, Starter

BIG_FROM = 24
"""Lines from which on the countdown is written in large digits."""
LANE_FROM = 108
"""Columns from which on each boat's way to the line is drawn, too."""
NAME, WIDE_NAME = 18, 26
SHORTEST_LANE = 60.0
"""Metres before the line that a lane reaches at least."""
PAST = 0.2
"""The share of a lane that lies beyond the line."""
WORDS: dict[Standing, tuple[str, Role]] = {
    "before": ("", "text"),
    "close": ("on it", "warn"),
    "over": ("OVER", "warn"),
    "ocs": ("OCS", "bad"),
    "unsure": ("OCS?", "warn"),
    "back": ("back", "good"),
    "started": ("started", "good"),
    "unknown": ("unknown", "muted"),
}
"""How each standing is said. What is unsure was within 3 m of the line at the gun."""
SQUARE = 0.5
"""Degrees of bias below which the line is square to the wind."""


class Manner(NamedTuple):
    """How things are said: names and speeds for people, the zone of clocks, which signs."""

    name: Callable[[str], str]
    speed: Callable[[float], str]
    zone: tzinfo
    ascii_only: bool


def start_lines(
    start: Start, width: int, height: int, top: int, manner: Manner, *, boats: bool = True
) -> list[Runs]:
    """All lines; `top` is the first boat that is shown. `boats`: whether any sends positions."""
    head = [*_clock_lines(start, height, manner), *_line_lines(start, width, manner)]
    if start.fleet.line is None:
        return head
    if not start.starters and not start.lost:
        said = "No boat has sent a position yet." if not boats else "No boat is on the water."
        return [*head, [(f"  {said}", "muted")]]
    room = height - len(head) - 1
    rows: list[Runs] = [_row(one, start, width, manner) for one in start.starters]
    rows += [
        [
            ("   ", "text"),
            (_called(one, width, manner), "muted"),
            (f"no position for {age_text(start.fleet.now - one.time)}", "warn"),
        ]
        for one in start.lost
    ]
    shown = rows[top : top + room]
    if len(rows) > room > 1:
        shown = rows[top : top + room - 1]
        last = top + len(shown)
        shown.append(
            [
                (
                    (
                        f"   {top + 1} to {last} of {counted(len(rows), 'boat')}; "
                        f"{letter_for('startline.down')} and {letter_for('startline.up')} move"
                    ),
                    "muted",
                )
            ]
        )
    return [*head, _header(start, width), *shown]


def rows_that_fit(start: Start, height: int, manner: Manner) -> int:
    """How many boats have room below what stands above them, with no line that says which."""
    return max(2, height - len(_clock_lines(start, height, manner)) - 3)


def _clock_lines(start: Start, height: int, manner: Manner) -> list[Runs]:
    now, gun = start.fleet.now, start.gun
    if gun is None:
        return [[(" No gun is set. ", "warn"), (f"{key_for('startline.gun')} sets it", "muted")]]
    said = countdown_text(gun, now)
    role: Role = "good" if start.gone else "bad" if gun - now <= 60_000 else "strong"
    when = f"gun {clock_text(gun, manner.zone)}"
    counts = _counts(start)
    if height < BIG_FROM or manner.ascii_only:
        return [[(" Start ", "muted"), (said, role), (f"  {when}", "text"), *counts]]
    one, two, three = digit_lines(said)
    return [
        [(f" {one}", role)],
        [(f" {two}", role), (f"   {when}", "text"), *counts],
        [(f" {three}", role)],
    ]


def _counts(start: Start) -> list[tuple[str, Role]]:
    """How many are over, or were at the gun."""
    words: list[tuple[Standing, str, Role]] = [
        ("over", "over", "warn"), ("ocs", "OCS", "bad"), ("unsure", "perhaps OCS", "warn"),
    ]  # fmt: skip
    found = []
    for standing, word, role in words:
        count = sum(one.standing == standing for one in start.starters)
        if count:
            found.append((f" · {count} {word}", role))
    return found


def digit_lines(text: str) -> tuple[str, str, str]:
    """A time in digits of three lines."""
    from textual.renderables.digits import DIGITS, DIGITS3X3

    lines = ["", "", ""]
    for sign in text:
        first = DIGITS.index(sign) * 3
        for place, part in enumerate(DIGITS3X3[first : first + 3]):
            lines[place] += part.ljust(3)
    return lines[0], lines[1], lines[2]


def _line_lines(start: Start, width: int, manner: Manner) -> list[Runs]:
    """What is said of the line, and a line below it: empty, or the wind that had no room above."""
    line, wind = _line_runs(start), _wind_runs(start, manner)
    beside: Runs = [(" ·", "muted"), *wind] if wind else ()
    if sum(cell_len(text) for text, _ in (*line, *beside)) <= width:
        return [[*line, *beside], []]
    return [line, wind]


def _line_runs(start: Start) -> Runs:
    """The line: how long, which way, which end is favoured, how old what that comes from is."""
    fleet = start.fleet
    line = fleet.line
    if line is None and not start.apart:
        said = " Both ends of the line lie in one place, so it is none: "
        return [(said, "warn"), (f"{key_for('deck.sessions')} lays them anew.", "text")]
    if line is None and start.named:
        said = " The ends of the line have sent no position yet: "
        return [(said, "warn"), (f"{key_for('live.devices')} has theirs watched.", "text")]
    if line is None:
        return [
            (" No start line: its session has no pin and boat end. ", "warn"),
            (f"{key_for('deck.sessions')}, then {key_for('sessions.annotate')} lays them", "text"),
        ]
    said = f" Line {metres_text(line.length)}, square {bearing(round(line.across)):03.0f}°"
    runs: list[tuple[str, Role]] = [(said, "text")]
    if fleet.line_time is not None and fleet.now - fleet.line_time > LATE:
        runs.append((f", {age_text(fleet.now - fleet.line_time)} ago", "warn"))
    if start.bias is None or start.ahead is None:
        return [*runs, (" · no wind, so no bias", "warn")]
    if abs(start.bias) < SQUARE:
        runs.append((" · square to the wind", "text"))
    else:
        end = "pin end" if start.bias > 0 else "boat end"
        runs.append((f" · {end} favoured {abs(start.bias):.0f}°", "strong"))
        runs.append((f", {metres_text(round(abs(start.ahead)))} ahead", "text"))
    return runs


def _wind_runs(start: Start, manner: Manner) -> Runs:
    """The wind that its bias is reckoned from, and how old that is; nothing where there is none."""
    fleet, wind = start.fleet, start.fleet.wind
    if fleet.line is None or start.bias is None or wind is None:
        return []
    strength = f" {manner.speed(wind.speed)}" if wind.speed else ""
    reckoned = " of AWA" if fleet.wind_boats else ""
    said = f" wind {bearing(round(wind.comes_from)):03.0f}°{strength}{reckoned}"
    runs: list[tuple[str, Role]] = [(said, "muted")]
    if fleet.wind_time is not None and fleet.now - fleet.wind_time > LATE:
        runs.append((f", {age_text(fleet.now - fleet.wind_time)} ago", "warn"))
    return runs


def _name_width(width: int) -> int:
    return WIDE_NAME if width >= LANE_FROM else NAME


def _called(one: Sailor, width: int, manner: Manner) -> str:
    """A boat's name in the cells of its column."""
    cells = _name_width(width)
    return fit(clip_name(clean(manner.name(one.serial)), cells - 1), cells)


def _header(start: Start, width: int) -> Runs:
    names = ("at gun", "then") if start.gone else ("in", "burn")
    text = "   " + fit("boat", _name_width(width)) + fit("", 9)
    for name, cells in zip(("to line", *names, "SOG", "COG", "from pin"), _CELLS, strict=True):
        text += fit(name, cells, "right")
    lane = _lane_width(width)
    if lane:
        reach = _reach(start)
        far = f"{metres_text(reach)} before"
        text += "  " + fit(far, max(0, _zero(lane) - 2)) + "line"
    return [(fit(text, width), "muted")]


_CELLS = (8, 8, 10, 10, 5, 9)
"""With room for a blank before each speed in km/h, the longest."""


def _row(one: Starter, start: Start, width: int, manner: Manner) -> Runs:
    sailor = one.sailor
    word, role = WORDS[one.standing]
    late = start.fleet.now - sailor.since > LATE
    if late and not word:
        word, role = f"{age_text(start.fleet.now - sailor.since)} ago", "warn"
    plain: Role = "muted" if late else "text"
    gun = one.at_gun
    if start.gone:
        middle = (
            NOTHING if gun is None else _metres(gun.metres),
            NOTHING if gun is None or gun.speed is None else manner.speed(gun.speed),
        )
    else:
        middle = (
            NOTHING if one.seconds is None or one.metres < 0 else _seconds(one.seconds),
            NOTHING if one.burn is None else _signed(one.burn),
        )
    share = one.share if gun is None else gun.share
    texts = (
        _metres(one.metres),
        *middle,
        NOTHING if sailor.speed is None else manner.speed(sailor.speed),
        NOTHING if sailor.course is None else f"{bearing(round(sailor.course)):03.0f}°",
        f"{share:.0%}" if -1 <= share <= 2 else "off",
    )
    mark = "!" if one.standing in ("over", "ocs", "unsure") else " "
    burning: Role = "bad" if one.burn is not None and one.burn < 0 else plain
    roles: tuple[Role, ...] = ("muted" if late else "strong", plain, burning, plain, plain, plain)
    runs: list[tuple[str, Role]] = [
        (f" {mark} ", role),
        (_called(sailor, width, manner), plain),
        (fit(word, 9), role),
    ]
    runs += [
        (fit(text, cells, "right"), shade)
        for text, cells, shade in zip(texts, _CELLS, roles, strict=True)
    ]
    lane = _lane_width(width)
    if lane:
        runs += [("  ", "text"), *_lane(one, _reach(start), lane, manner, role)]
    return runs


def _metres(metres: float) -> str:
    return f"{metres:+.0f} m" if round(metres) else "0 m"


def _seconds(seconds: float) -> str:
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    return f"{whole // 60}:{whole % 60:02d}" if whole < 6000 else "long"


def _signed(seconds: float) -> str:
    return f"{seconds:+.0f} s" if abs(seconds) < 1000 else f"{seconds / 60:+.0f} min"


# -- the lane -------------------------------------------------------------------------------------


def _lane_width(width: int) -> int:
    used = 3 + WIDE_NAME + 9 + sum(_CELLS) + 3
    return max(0, width - used) if width >= LANE_FROM else 0


def _zero(lane: int) -> int:
    """The cell of a lane that the line stands in."""
    return min(lane - 1, round(lane * (1 - PAST)))


def _reach(start: Start) -> float:
    """Metres before the line that the lanes show: the fleet's, where it is within two lengths."""
    line = start.fleet.line
    most = 0.0 if line is None else 2 * line.length
    near = [one.metres for one in start.starters if 0 < one.metres <= most]
    wanted = max([SHORTEST_LANE, *near])
    return next(step for step in _STEPS if step >= wanted) if wanted <= _STEPS[-1] else wanted


_STEPS: Sequence[float] = (60, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000)
"""Reaches to choose from: a lane that changes its scale all the time cannot be read."""


def _lane(one: Starter, reach: float, lane: int, manner: Manner, role: Role) -> Runs:
    """A boat on its way to the line, from the left to the right."""
    zero = _zero(lane)
    bar = "|" if manner.ascii_only else "│"
    cells = [" "] * lane
    cells[zero] = bar
    place = zero - round(one.metres / reach * zero)
    if place < 0:
        place, sign = 0, "<"
    elif place >= lane:
        place, sign = lane - 1, ">"
    elif manner.ascii_only:
        sign = "o"
    else:
        sign = "●" if one.seconds is None and one.metres >= 0 else arrow(90)
    cells[place] = sign
    text = "".join(cells)
    first, last = sorted((zero, place))
    shade: Role = "primary" if role == "text" else role
    if first == last:
        return [(text[:first], "muted"), (text[first], shade), (text[first + 1 :], "muted")]
    boat_first = place < zero
    return [
        (text[:first], "text"),
        (text[first], shade if boat_first else "muted"),
        (text[first + 1 : last], "text"),
        (text[last], "muted" if boat_first else shade),
        (text[last + 1 :], "text"),
    ]
