"""The line of `tockdeck status` as it was printed last, for as long as it cannot be another.

A status bar calls it every second or two, and most of its time went into importing what reckons
it. The line is kept with what it was made of and with when it may be another: the next minute, a
new day, a reminder that is due, the moment from which it counts as old. Before that, and while no
file it was made of is another, it is printed with nothing imported. The file: what it was made of,
in one line; from when until when; then the line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from time import time

from tui import first_moment

NAME = "status-line"
LARGEST = 1 << 16
NAMES = ("TZ", "LANG", "LC_ALL", "LC_CTYPE", "PYTHONIOENCODING", "PYTHONUTF8")
"""Variables that say how it is reckoned and written."""
FILES = (
    (1, "connections.toml"), (1, "restoring/plan.json"), (1, "reminders.json"),
    (2, "status.json"), (2, "goals.json"),
)  # fmt: skip
"""What it is made of beside the configuration: which of the folders, and where in it."""
STEPS = (60.0, 30.0, 15.0, 8.0, 4.0, 2.0)
"""Seconds for which it may be kept."""
PLACE = "/etc/localtime"
"""What says in which zone this machine is."""


def path() -> str:
    """Where it is kept."""
    return os.path.join(first_moment.folders()[3], NAME)


def made_of(version: str) -> str | None:
    """All that it depends on but the time, in one line; None where that is not to be written down.
    To be asked before any of it is read.
    """
    chosen = first_moment.chosen_file()
    if chosen is None:
        return None
    folders = first_moment.folders()
    files = [chosen, *(os.path.join(folders[number], name) for number, name in FILES), PLACE]
    parts = [version, sys.executable, *(f"{name}={os.environ.get(name, '')}" for name in NAMES)]
    return repr([*parts, *first_moment.stamps(files)])


def text_of(key: str, begin: float, end: float, line: str) -> str:
    """The file, as `show` reads it."""
    return f"{key}\n{begin!r} {end!r}\n{line}"


def show(version: str) -> bool:
    """Print the line where it is still true; whether it was printed. Not on a terminal, whose
    encoding may be another."""
    try:
        out = sys.stdout.fileno()
        if os.isatty(out):
            return False
        content = _kept(made_of(version), time())
        if content is None:
            return False
        while content:
            content = content[os.write(out, content) :]
    except (AttributeError, OSError, ValueError):
        # Whoever does all of it says what is wrong.
        return False
    return True


def _kept(key: str | None, now: float) -> bytes | None:
    """Raises OSError, ValueError."""
    if key is None or (found := first_moment.own_text(path(), LARGEST)) is None:
        return None
    head, times, line = found.split("\n", 2)
    begin, end = times.split()
    if head != key or not float(begin) <= now < float(end):
        return None
    return line.encode(sys.stdout.encoding, "strict")


def until(line_at: Callable[[float], str], line: str, now: float) -> float:
    """Until when a line that is true now surely is, in seconds of the epoch.

    What is in it but grows, so that where it is the same at the end it was all the way.
    """
    return next((now + step for step in STEPS if line_at(now + step) == line), now)
