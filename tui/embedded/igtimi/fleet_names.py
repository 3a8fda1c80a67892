"""Which units the simulated fleet has: serial numbers, names, and what they say of themselves.

Prefixes are those of real units (reference/igtimi.md section 7, 20).
"""

from __future__ import annotations

from tui.embedded.context import Options
from tui.embedded.igtimi.fleet_course import WAITEMATA
from tui.embedded.igtimi.fleet_heat import Plan

WIND_BOTS = ("DD-EE-AAHA", "DD-EE-AAHB")
MARKS = ("HA-JF-ADEA", "HA-JF-ADEB", "HA-JF-ADEC", "HA-JF-ADED")
SAMPLE_BOATS = 8
"""Boats in the sample workspace, whatever the number that sails."""

MARK_NAMES = ("Windward mark", "Leeward mark", "Pin end", "Committee boat")
BOAT_NAMES = (
    "Kōtare",
    "Petrel",
    "Northerly",
    "Tōrea",
    "Blue Duck",
    "Gannet",
    "Second Wind",
    "Kittiwake",
)

LIVE_SEED = 2013
"""Seed of the fleet that sails now; recorded races have others."""


def boat_serial(number: int) -> str:
    """`GA-EN-AAAA`, `GA-EN-AAAB`, ..."""
    letters = ""
    for _ in range(4):
        letters = chr(ord("A") + number % 26) + letters
        number //= 26
    return f"GA-EN-{letters}"


def boat_name(number: int) -> str:
    """A name for the first few, a number for the rest of a big fleet."""
    return BOAT_NAMES[number] if number < len(BOAT_NAMES) else f"Boat {number + 1:02}"


def live_plan(options: Options) -> Plan:
    """The fleet that sails while somebody watches."""
    boats = tuple(boat_serial(number) for number in range(max(0, options.boats)))
    return Plan(WAITEMATA, boats, WIND_BOTS, MARKS, max(0.1, options.hertz), LIVE_SEED)


def unit_name(serial: str) -> str:
    """What its owner calls a unit."""
    if serial in WIND_BOTS:
        return f"WindBot {WIND_BOTS.index(serial) + 1}"
    if serial in MARKS:
        return MARK_NAMES[MARKS.index(serial)]
    number = 0
    for letter in serial.removeprefix("GA-EN-"):
        number = number * 26 + ord(letter) - ord("A")
    return boat_name(number)


def unit_info(serial: str) -> dict[str, str]:
    """The answer of the device information call, in the document's five fields."""
    if serial in WIND_BOTS:
        target, build = "WindBot", "511"
    elif serial in MARKS:
        target, build = "YachtBot Mini", "322"
    else:
        target, build = "YachtBot", "504"
    return {
        "stage": "production",
        "target": target,
        "build": build,
        "build_date": "2017-12-11T03:40Z",
        "cell_module": "H910 (fw: 12.00.004)",
    }
