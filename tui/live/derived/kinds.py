"""What is derived: numbers, names, units, formulas. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tui.live.derived import (
    APPARENT_TWD,
    APPARENT_TWS,
    BIAS,
    DRIFT,
    GAP,
    GUN,
    HEEL,
    LEADER,
    LINE,
    LOSS,
    MEAN_TWD,
    MEAN_TWS,
    MEDIAN,
    PHASE,
    PITCH,
    POLAR,
    SET,
    SHIFT5,
    SHIFT15,
    TARGET_ANGLE,
    TARGET_SPEED,
    TWA,
    VMC,
    VMG,
)


@dataclass(frozen=True, slots=True)
class Derived:
    """One derived series. `kind` and `unit` are as a data type has them; speeds are km/h."""

    id: int
    name: str
    short: str
    kind: Literal["bearing", "relative", "speed", "quantity", "position"]
    unit: str
    formula: str
    sources: str
    """What it is made of, in words."""

    @property
    def fleet(self) -> bool:
        """Whether it is of the whole fleet, not of each boat."""
        return self.id >= MEAN_TWD

    @property
    def axes(self) -> tuple[str, ...]:
        """What its numbers are, as a data type has it."""
        return ("longitude", "latitude") if self.kind == "position" else ("value",)


KINDS: dict[int, Derived] = {
    one.id: one
    for one in (
        Derived(
            TWA, "True wind angle", "TWA", "relative", "°",
            "mean TWD - heading, as -180..180: the wind over ground, starboard positive",
            "heading (HDG; else HDGM + declination; else COG), mean TWD",
        ),
        Derived(
            VMG, "Speed made good to the wind", "VMG", "speed", "km/h",
            "SOG × cos(mean TWD - COG): over ground, negative downwind",
            "SOG, COG, mean TWD",
        ),
        Derived(
            VMC, "Speed made good to the mark", "VMC", "speed", "km/h",
            "SOG × cos(bearing of the mark - COG)",
            "SOG, COG, position, the mark of [live] mark, else the windward one",
        ),
        Derived(
            HEEL, "Heel", "HEEL", "quantity", "°",
            "ORI: atan2(2(wx + yz), 1 - 2(x² + y²)); ACC: atan2(±y, |z|); positive to starboard",
            "orientation, else acceleration",
        ),
        Derived(
            PITCH, "Pitch", "PITCH", "quantity", "°",
            "ORI: asin(2(wy - zx)); ACC: atan2(x, √(y² + z²)); positive with the bow up",
            "orientation, else acceleration",
        ),
        Derived(
            SET, "Set of the current", "SET", "bearing", "°",
            "direction of SOG along COG - STW along the heading: where the water goes to",
            "SOG, COG, STW, heading (HDG; else HDGM + declination); leeway counts as current",
        ),
        Derived(
            DRIFT, "Drift of the current", "DRIFT", "speed", "km/h",
            "length of SOG along COG - STW along the heading",
            "SOG, COG, STW, heading (HDG; else HDGM + declination); leeway counts as current",
        ),
        Derived(
            LINE, "Distance to the line", "LINE", "quantity", "m",
            "square to the line, beyond its ends to the nearer one; negative once crossed",
            "position of the unit (not of the bow), pin and committee boat",
        ),
        Derived(
            GUN, "Time to the line", "TTL", "quantity", "s",
            "metres before the line / speed over ground square to it; none where it goes away",
            "position, COG, SOG, pin and committee boat",
        ),
        Derived(
            LOSS, "Loss of the last tack or gybe", "LOSS", "quantity", "m",
            "the entry's speed kept along the bisector of both courses - what was sailed along it; "
            "a turn of 30° and more in which COG passes the wind, up to the highest SOG of 8 s",
            "SOG, COG, mean TWD; known 8 s after it",
        ),
        Derived(
            GAP, "Gap to the leader along the wind", "GAP", "quantity", "m",
            "metres that the leader is further to windward, each second; 0 for the leader",
            "position, the leader's position (LEAD), mean TWD",
        ),
        Derived(
            TARGET_SPEED, "Target speed", "TGTS", "speed", "km/h",
            "speed of the polar where most is made good to the wind, or away from it beyond 90°",
            "heading (as TWA), mean TWD, mean TWS, the polar of [live] polar",
        ),
        Derived(
            TARGET_ANGLE, "Target wind angle", "TGTA", "relative", "°",
            "angle of the polar where most is made good to the wind, or away from it beyond 90°",
            "heading (as TWA), mean TWD, mean TWS, the polar of [live] polar",
        ),
        Derived(
            POLAR, "Percent of the polar", "POL%", "quantity", "%",
            "SOG / the polar's speed at TWA and mean TWS × 100; none where that is below 0.5 kn",
            "SOG, heading (as TWA), mean TWD, mean TWS, the polar of [live] polar",
        ),
        Derived(
            MEAN_TWD, "Mean true wind direction", "MTWD", "bearing", "°",
            "atan2(Σ sin TWD, Σ cos TWD) of the newest of each unit; + declination where magnetic",
            "TWD of the session's wind units, else of all; none that is 60 s behind the newest; "
            "where none was heard for 10 minutes and no wind is entered, ATWD",
        ),
        Derived(
            MEAN_TWS, "Mean true wind speed", "MTWS", "speed", "km/h",
            "Σ TWS / n of the newest of each unit",
            "TWS of the session's wind units, else of all; none that is 60 s behind the newest; "
            "where no TWD was heard for 10 minutes and no wind is entered, ATWS",
        ),
        Derived(
            SHIFT5, "Wind shift, 5 minutes", "SH5", "quantity", "°",
            "mean TWD - its circular mean over the last 5 minutes; positive is veered",
            "mean TWD",
        ),
        Derived(
            SHIFT15, "Wind shift, 15 minutes", "SH15", "quantity", "°",
            "mean TWD - its circular mean over the last 15 minutes; positive is veered",
            "mean TWD",
        ),
        Derived(
            PHASE, "Phase of the wind", "PHASE", "quantity", "°",
            "10 s mean of mean TWD - middle of its extremes over 15 minutes; positive is right",
            "mean TWD",
        ),
        Derived(
            BIAS, "Bias of the line", "BIAS", "quantity", "°",
            "direction square to the line - mean TWD; positive favours the pin",
            "pin and committee boat, mean TWD",
        ),
        Derived(
            MEDIAN, "Median speed of the fleet", "MEDSOG", "speed", "km/h",
            "median of the newest SOG of each boat, each second; none that is 10 s old",
            "SOG of all boats",
        ),
        Derived(
            LEADER, "Position of the leader", "LEAD", "position", "°",
            "the newest position that lies furthest to where mean TWD comes from, each second; no "
            "row of its own: GAP is made of it",
            "position of all boats, mean TWD; none that is 10 s old",
        ),
        Derived(
            APPARENT_TWD, "True wind direction of apparent winds", "ATWD", "bearing", "°",
            "where AWS along heading + AWA, less SOG along COG, comes from: over ground; the mean "
            "of all boats, each second in which one says anything",
            "AWA, AWS, heading (HDG; else HDGM + declination), SOG and COG, else STW along the "
            "heading, of boats; while no TWD was heard for 10 minutes",
        ),
        Derived(
            APPARENT_TWS, "True wind speed of apparent winds", "ATWS", "speed", "km/h",
            "length of AWS along heading + AWA, less SOG along COG: over ground; the mean of all "
            "boats, each second in which one says anything",
            "as ATWD",
        ),
    )
}  # fmt: skip
ANGLES = frozenset(one.id for one in KINDS.values() if one.kind in ("bearing", "relative"))
"""Those that are angles on a circle."""
NAMES = {one.short: one.id for one in KINDS.values() if len(one.axes) == 1}
"""Numbers by the names that a person writes, of those that have a row."""
