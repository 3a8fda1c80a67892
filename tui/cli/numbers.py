"""Numbers on the command line, with words for what is none. For `type=` of an argument."""

from __future__ import annotations

import argparse
from collections.abc import Callable

MOST_BOATS, MOST_HERTZ = 500, 50.0
"""Of the simulated fleet: so many boats, so many samples a second of each device."""
MOST_PORT = 65535
_MOST = 2**63 - 1


def number_within(text: str, least: float, most: float, *, least_too: bool = True) -> float:
    """A number in a range; `least_too` says whether its beginning is in it."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not least <= number <= most or (number == least and not least_too):
        start = "from" if least_too else "above"
        raise argparse.ArgumentTypeError(f"{text} is not {start} {least:g} to {most:.15g}")
    return number


def positive(most: float) -> Callable[[str], float]:
    """Reads a number above 0 and at most `most`."""
    return lambda text: number_within(text, 0, most, least_too=False)


def whole_number(least: int = 0, most: int = _MOST) -> Callable[[str], int]:
    """Reads a whole number in a range, both of its ends included."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            broken = number_within(text, least, most)
            if not broken.is_integer():
                raise argparse.ArgumentTypeError(f"{text} is no whole number") from None
            number = int(broken)
        if not least <= number <= most:
            to = "upwards" if most == _MOST else f"to {most}"
            raise argparse.ArgumentTypeError(f"{text} is not from {least} {to}")
        return number

    return read
