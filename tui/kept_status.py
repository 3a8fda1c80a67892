"""The lines of `tockdeck status` of the next minutes, for as long as they cannot be others.

A status bar calls it every second or two, and most of its time went into importing what reckons
it. All that time alone changes in the line is known beforehand: each minute of the timer and of the
day, a reminder that is due, the moment from which it counts as old. So the lines of the next
minutes are kept, with what they were made of, and while no file of that is another, the one of now
is printed with nothing imported. The file: what it was made of, in one line; then each line with
from when until when it is true.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from time import time

from tui import first_moment

NAME = "status-line"
LARGEST = 1 << 16
NAMES = ("TZ", "LANG", "LC_ALL", "LC_CTYPE", "PYTHONIOENCODING", "PYTHONUTF8")
"""Variables that say how it is reckoned and written."""
NOTED = "status.json"
"""What the deck noted of the timer."""
GOALS = "goals.json"
"""How the goals stood when that was reckoned last."""
REMINDERS = "reminders.json"
FILES = (
    (1, "connections.toml"), (1, "restoring/plan.json"), (1, REMINDERS), (2, NOTED), (2, GOALS),
)  # fmt: skip
"""What it is made of beside the configuration: which of the folders, and where in it."""
MINUTES = 15
"""For how long lines are kept."""
SHARP = 1 / 16
"""Seconds by which it is known when a line becomes another: around that none is kept."""
PLACE = "/etc/localtime"
"""What says in which zone this machine is."""
NOTHING = (
    "nothing is known yet; the deck notes it when it shows the timer, and so does "
    "`tockdeck call trackmypeople.status`"
)
"""Where there is no line."""


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
    files = [chosen, *_files(), PLACE]
    parts = [version, sys.executable, *(f"{name}={os.environ.get(name, '')}" for name in NAMES)]
    return repr([*parts, *first_moment.stamps(files)])


def _files() -> list[str]:
    folders = first_moment.folders()
    return [os.path.join(folders[number], name) for number, name in FILES]


def is_absent(path: str | os.PathLike[str]) -> bool:
    """Whether there surely is no such file: one that cannot be looked at may be there."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def refuse() -> bool:
    """Say that nothing is known where nothing is there that anything could be known from, nor that
    could be wrong: not even a configuration. Whether it was said."""
    chosen = first_moment.chosen_file()
    if chosen is None or sys.stdout is None or sys.stderr is None:
        return False
    if not all(map(is_absent, (chosen, *_files()))):
        return False
    try:
        sys.stderr.write(f"tockdeck: {NOTHING}\n")
        sys.stderr.flush()
    except OSError:
        return False  # whoever does all of it ends as where nobody reads any more
    return True


Span = tuple[float, float, str]
"""From when until when, in seconds of the epoch, and the line."""


def text_of(key: str, spans: Sequence[Span]) -> str:
    """The file, as `show` reads it."""
    return "\n".join([key, *(f"{begin!r} {end!r} {line}" for begin, end, line in spans)])


def show(version: str) -> bool:
    """Print the line where one is kept that is true now; whether it was printed. Not on a terminal,
    whose encoding may be another."""
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
    head, *spans = found.split("\n")
    if head != key:
        return None
    for span in spans:
        begin, end, line = span.split(" ", 2)
        if float(begin) <= now < float(end):
            return f"{line}\n".encode(sys.stdout.encoding, "strict")
    return None


def ahead(line_at: Callable[[float], str], now: float) -> list[Span]:
    """The lines of the next minutes, as far as they are sure.

    What is in a line but grows, so that where it is the same at two moments it was all the way. It
    grows by the minute: what changes within the next one changes so in each, at the same second.
    Where it is otherwise, as at midnight, it ends.
    """
    spans: list[Span] = []
    begin, line = now, line_at(now)
    turns = [*_turns(line_at, now, line, now + 60, line_at(now + 60)), (now + 60, now + 60)]
    for minute in range(MINUTES):
        for last, first in turns:
            end = last + 60 * minute
            if line_at(end) != line:
                return spans
            spans.append((begin, end, line))
            begin = first + 60 * minute
            line = line_at(begin)
    return spans


def _turns(
    line_at: Callable[[float], str], begin: float, line: str, end: float, later: str
) -> list[tuple[float, float]]:
    """When a line becomes another: until when it surely was, and from when it surely is."""
    if line == later:
        return []
    if end - begin < SHARP:
        return [(begin, end)]
    middle = (begin + end) / 2
    then = line_at(middle)
    return [*_turns(line_at, begin, line, middle, then), *_turns(line_at, middle, then, end, later)]
