"""What a thin line carries and how soon: the deck beside visidata, a bare Textual application and
python itself, in one run.

    python -m tests.bench.link [--rounds 3] [--visidata PYTHON] [--only WORD]

Every program runs in a pty of 120x40 whose line carries 20 kB/s, and each byte and each key takes
half of 150 ms. PYTHON is an interpreter that can import visidata; without one a virtual environment
is made for the time of the run. Bytes of what the services sent first differ by a little; figures
are medians of the rounds. Compare ratios, not milliseconds: the machine is never alone.
"""

from __future__ import annotations

import argparse
import compileall
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pyte

from tests.bench.startup import HELLO, ROOT
from tests.bench.table_fetch import environment, serving
from tests.bench.tables import python_with_visidata
from tests.terminal import _NOT_FOR_PYTE as NOT_FOR_PYTE

RATE = 20_000.0
"""Bytes a second."""
DELAY = 0.075
"""Seconds that a byte, or a key, is on its way."""
REPEAT = 0.033
"""Seconds between two letters of a key that is held down."""
HELD = 5.0
QUIET = 0.6
LONGEST = 4.0
"""Seconds after which a screen that goes on is looked at as it is."""
PATIENCE = 40.0
TABLE = "Seabright Fleet/Fleet maintenance"
SWITCHED = {"there": 10.9, "back": 7.7}
"""kB that a switch of screens, and the way back, took before lines were thought of."""
LIVE = 3.7
"""kB a second of a wall of 32 series, before."""


def on_terminal(names: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program on a terminal of its own. What it compiles is kept: one that
    compiles all of itself at each start, as this machine may be set to, starts three times later.
    """
    known = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    left = ("TMUX", "STY", "SSH_CONNECTION", "COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE")
    return {**{name: one for name, one in known.items() if name not in left}, **names}


class Line:
    """A program at the far end of a thin line."""

    def __init__(self, command: Sequence[str], names: Mapping[str, str], *, thin: bool = True):
        self.carried = 0
        """Bytes that have arrived here."""
        self.last = self.began = time.monotonic()
        """When the last one did."""
        self._thin = thin
        self._room = 0.0
        self._then = self.began
        self._coming: deque[tuple[float, bytes]] = deque()
        self._going: deque[tuple[float, bytes]] = deque()
        self.screen = pyte.Screen(120, 40)
        self._stream = pyte.ByteStream(self.screen)
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
            os.chdir(ROOT)
            os.execvpe(command[0], list(command), on_terminal(names))

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._file)

    @property
    def text(self) -> str:
        """What a person reads now."""
        # Not pyte's `display`, which stumbles over what is left of a wide character.
        return "\n".join(
            "".join(line[column].data for column in range(self.screen.columns))
            for line in (self.screen.buffer[row] for row in range(self.screen.lines))
        )

    def press(self, keys: str) -> None:
        """Type; the letters are on their way from now on."""
        self._going.append((time.monotonic() + DELAY, keys.encode()))

    def turn(self) -> None:
        """Carry what there is to carry for a few milliseconds."""
        now = time.monotonic()
        while self._going and self._going[0][0] <= now:
            os.write(self._file, self._going.popleft()[1])
        self._room = min(self._room + (now - self._then) * RATE, RATE * 0.02)
        self._then = now
        most = int(self._room) if self._thin else 1 << 16
        if most > 0 and select.select([self._file], [], [], 0.004)[0]:
            try:
                data = os.read(self._file, most)
            except OSError:  # it has ended
                time.sleep(0.004)
                return
            self._room -= len(data)
            self._coming.append((now + DELAY, data))
            if b"\x1b[c" in data:
                os.write(self._file, b"\x1b[?62;22c")
            if b"\x1b[?2026$p" in data:
                os.write(self._file, b"\x1b[?2026;0$y")
        elif most <= 0:
            time.sleep(0.002)
        while self._coming and self._coming[0][0] <= now:
            data = self._coming.popleft()[1]
            self.carried += len(data)
            self.last = now
            self._stream.feed(NOT_FOR_PYTE.sub(b"", data))

    def until(self, *texts: str) -> float:
        """Carry until all texts are on the screen; seconds since the start."""
        end = time.monotonic() + PATIENCE
        while not all(one in self.text for one in texts):
            if time.monotonic() > end:
                raise SystemExit(f"never seen: {texts}\n{self.text}")
            self.turn()
        return time.monotonic() - self.began

    def quiet(self, seconds: float = QUIET) -> int:
        """Carry until nothing has come for so long; bytes that did since the call.

        A clock that runs on the screen is not waited for.
        """
        before, begun = self.carried, time.monotonic()
        while time.monotonic() - max(self.last, begun) < seconds:
            if time.monotonic() - begun > LONGEST:
                break
            self.turn()
        return self.carried - before

    def for_seconds(self, seconds: float, each: Callable[[], None] = lambda: None) -> int:
        """Carry for so long; bytes that came."""
        before, end = self.carried, time.monotonic() + seconds
        while time.monotonic() < end:
            each()
            self.turn()
        return self.carried - before


Figures = dict[str, float]


def held(line: Line) -> tuple[float, float]:
    """Hold j: bytes, and seconds from the release to the last of them."""
    due = time.monotonic()

    def repeat() -> None:
        nonlocal due
        if time.monotonic() >= due:
            line.press("j")
            due += REPEAT

    before = line.carried
    line.for_seconds(HELD, repeat)
    released = time.monotonic()
    while time.monotonic() - max(line.last, released) < QUIET:
        line.turn()
    return line.carried - before, max(0.0, line.last - released)


def at_edge(line: Line, key: str) -> float:
    """Bytes that one key costs, pressed again and again where the view ends."""
    line.quiet()
    spent = []
    for _ in range(8):
        before = line.carried
        line.press(key)
        line.for_seconds(DELAY * 3)
        line.quiet(0.4)
        spent.append(line.carried - before)
    return float(median(spent))


def deck(home: Path, *words: str) -> Line:
    """The deck on the services of a home."""
    return Line([sys.executable, "-m", "tui", *words], environment(ROOT, home))


def table(home: Path) -> Figures:
    """A table of 420 rows, held and stepped through, and another screen and back."""
    found: Figures = {}
    with deck(home, "--screen", "books") as line:
        line.until("Seamarks")
        line.quiet()
        line.press("jj\r")
        line.until("Task", "420 rows")
        line.quiet()
        found["held"], found["still"] = held(line)
        found["row"] = at_edge(line, "j")
        wheel = "\x1b[<65;60;20M"
        found["wheel"] = at_edge(line, wheel)
        line.press("5")
        line.until("Fairlead")
        line.quiet(0.8)
        line.press("2")
        line.until("Task")
        line.quiet(0.8)
        for name, key, seen in (("there", "5", "Fairlead"), ("back", "2", "Task")):
            before = line.carried
            line.press(key)
            line.until(seen)
            line.quiet(0.8)
            found[name] = line.carried - before
    return found


def opening(home: Path) -> Figures:
    """Bytes of a start, and when something and the true frame are readable, on a free line."""
    found: Figures = {}
    with deck(home) as line:
        line.until(TRUE, "Running", "to be paid")
        line.quiet(0.8)
        found["start"] = line.carried
        line.press("q")
        line.for_seconds(0.2)
        line.quiet()
    return found


def readable(
    command: Sequence[str], names: Mapping[str, str], seen: str
) -> tuple[float, float, float]:
    """Seconds from exec to the first letters on the screen, to a text, and until nothing is there
    beside it that was kept; no line between."""
    pid, file = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.chdir(ROOT)
        os.execvpe(command[0], list(command), on_terminal(names))
    screen = pyte.Screen(120, 40)
    stream = pyte.ByteStream(screen)
    began, first, painted, text = time.perf_counter(), 0.0, 0.0, ""
    while seen not in text or KEPT in text:
        if not select.select([file], [], [], PATIENCE)[0]:
            raise SystemExit(f"{command} showed nothing")
        data = os.read(file, 1 << 16)
        now = time.perf_counter() - began
        stream.feed(NOT_FOR_PYTE.sub(b"", data))
        text = "\n".join(screen.display)
        if not first and text.strip():
            first = now
        if not painted and seen in text:
            painted = now
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + 3
    while time.monotonic() < end and select.select([file], [], [], 1)[0]:
        try:
            os.read(file, 1 << 16)
        except OSError:
            break
    os.waitpid(pid, 0)
    os.close(file)
    return first, painted, now


KEPT = "as it was"
"""What marks the frame that was kept."""
TRUE = "? more"
"""What stands in the last line, which is never kept."""


def live(home: Path) -> Figures:
    """Bytes a second of the wall."""
    with deck(home, "--screen", "live") as line:
        line.until("● live")
        line.for_seconds(8.0)
        return {"live": line.for_seconds(10.0) / 10}


def visidata(python: str, file: Path) -> Figures:
    """The same table in visidata."""
    with Line([python, "-m", "visidata", str(file)], {}) as line:
        line.until("420 rows")
        line.quiet(0.8)
        found: Figures = {"start": line.carried}
        found["held"], found["still"] = held(line)
        found["row"] = at_edge(line, "j")
    return found


def wall(command: Sequence[str], names: Mapping[str, str]) -> float:
    """Seconds of a process."""
    began = time.perf_counter()
    subprocess.run(
        list(command), env={**os.environ, **names}, cwd=ROOT, capture_output=True, check=False
    )
    return time.perf_counter() - began


def said(name: str, ours: float, theirs: float | None, most: float, unit: str) -> None:
    """One line of the table."""
    if theirs is None:
        print(f"{name:34}{ours:10,.3g} {unit:5}{'-':>10}")
        return
    ratio = ours / theirs if theirs else float("inf")
    good = "ok" if ratio <= most else "over"
    print(f"{name:34}{ours:10,.4g} {unit:5}{theirs:10,.4g}{ratio:8.2f}{most:8.2f}  {good}")


@contextmanager
def prepared() -> Iterator[Path]:
    """A home whose services stand, with what the first start reads read."""
    compileall.compile_dir(ROOT / "tui", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with serving(ROOT, home):
            yield home


def middle(found: list[Figures], name: str) -> float | None:
    """The median of a figure; None where nobody has it."""
    values = [one[name] for one in found if name in one]
    return median(values) if values else None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--visidata", metavar="PYTHON")
    parser.add_argument("--only", default="", help="table, start, first, live or status")
    options = parser.parse_args()

    def wanted(word: str) -> bool:
        return options.only in ("", word)

    ours: list[Figures] = []
    theirs: list[Figures] = []
    with prepared() as home, python_with_visidata(options.visidata) as python:
        file, hello = home / "table.csv", home / "hello.py"
        hello.write_text(HELLO)
        names = environment(ROOT, home)
        run = [sys.executable, "-m", "tui"]
        subprocess.run(
            [*run, "table", TABLE, "-o", str(file)], env=names, cwd=ROOT, check=True,
            capture_output=True,
        )  # fmt: skip
        opening(home)
        for _ in range(options.rounds):
            found: Figures = {}
            peer: Figures = {}
            if python is not None and (wanted("table") or wanted("start")):
                peer |= visidata(python, file)
            if wanted("table"):
                found |= table(home)
            if wanted("start"):
                found |= opening(home)
            if wanted("live"):
                found |= live(home)
            if wanted("first"):
                _, peer["hello"], _ = readable([sys.executable, str(hello)], {}, "hello, painted")
                found["readable"], found["painted"], found["whole"] = readable(run, names, TRUE)
            if wanted("status"):
                peer["pass"] = min(wall([sys.executable, "-c", "pass"], {}) for _ in range(7))
                found["status"] = min(wall([*run, "status"], names) for _ in range(7))
            ours.append(found)
            theirs.append(peer)
    print(f"{'':34}{'ours':>10} {'':5}{'peer':>10}{'ratio':>8}{'goal':>8}")
    before = {"there": SWITCHED["there"] * 1000, "back": SWITCHED["back"] * 1000}
    for name, key, peer_key, most, unit in (
        ("j held for 5 s", "held", "held", 0.5, "B"),
        ("quiet after the release (0.4 s)", "still", "", 0.0, "s"),
        ("row down at the edge", "row", "row", 0.5, "B"),
        ("mouse wheel, three rows", "wheel", "", 0.0, "B"),
        ("start to quiet", "start", "start", 0.9, "B"),
        ("another screen", "there", "=", 0.5, "B"),
        ("and back", "back", "=", 0.5, "B"),
        ("Live, a second", "live", "=", 0.4, "B"),
        ("something readable after exec", "readable", "hello", 0.15, "s"),
        ("first true paint", "painted", "hello", 1.15, "s"),
        ("nothing kept is left", "whole", "", 0.0, "s"),
        ("status", "status", "pass", 2.5, "s"),
    ):
        value = middle(ours, key)
        if value is None:
            continue
        other = middle(theirs, peer_key) if peer_key not in ("", "=") else None
        if peer_key == "=":
            other = {**before, "live": LIVE * 1000}[key]
        said(name, value, other, most, unit)
    if (still := middle(theirs, "still")) is not None:
        print(f"visidata was quiet {still:.2f} s after the release")


if __name__ == "__main__":
    main()
