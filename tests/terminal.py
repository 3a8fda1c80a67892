"""A program in a real pty, and the screen that it draws: for journeys as a person makes them."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import pyte
from rich.cells import cell_len

ROOT = Path(__file__).resolve().parents[1]
MOST_SECONDS = 60.0
KEYS = {
    "enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "f2": "\x1bOQ",
    **{f"ctrl+{letter}": chr(ord(letter) & 0x1F) for letter in "abcdefghijklmnopqrstuvwxyz"},
}  # fmt: skip
MODES = {
    b"1049": "alternate screen", b"1000": "mouse", b"1002": "mouse drag", b"1003": "mouse motion",
    b"1006": "mouse sgr", b"2004": "bracketed paste", b"1004": "focus events",
}  # fmt: skip
_NOT_FOR_PYTE = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\[[0-9;]*t|\x1b[P_^][^\x1b]*\x1b\\"
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)


def for_pyte(data: bytes) -> bytes:
    """What a program wrote, without what pyte would show as text."""
    return _NOT_FOR_PYTE.sub(b"", data)


def printed(program: str) -> str:
    """What lines of Python print in a process of their own: curses knows one terminal a process,
    the first that it is asked about."""
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def wakes(pid: int) -> int:
    """How often the threads of a process have gone to sleep so far."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


def held_up(pid: int) -> float:
    """Seconds that a process and those that it has begun were ready to run so far and got no
    processor: what another program took from them is no slowness of theirs. 0 where the system
    does not count it.
    """
    seconds = 0.0
    # One that has just ended waits for nothing.
    with suppress(OSError, ValueError, IndexError):
        seconds = int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        seconds += sum(held_up(int(child)) for child in children)
    return seconds


def given_time() -> float:
    """A clock (seconds) that stands while other programs keep this one from the processor."""
    return time.monotonic() - held_up(os.getpid())


def _at_work(pid: int, home: str) -> bool:
    """Whether a process, or the server of its home, runs or waits for its turn to run."""
    pids = [pid]
    with suppress(OSError, ValueError):
        endpoint = Path(home) / "data" / "embedded" / "endpoint.json"
        pids.append(int(json.loads(endpoint.read_bytes())["pid"]))
    for stat in (file for one in pids for file in Path(f"/proc/{one}/task").glob("*/stat")):
        with suppress(OSError):
            if stat.read_text().rpartition(")")[2].split()[0] in "RD":
                return True
    return False


class Glass(pyte.Screen):
    """A screen that can be read at any moment: pyte's breaks off at a wide letter of which one half
    was written over, as between a change of the size and what is drawn for it.
    """

    @property
    def display(self) -> list[str]:
        """Its lines; half a letter is a blank, as on every terminal."""
        try:
            return list(super().display)
        except IndexError:
            for y in range(self.lines):
                row = self.buffer[y]
                for x in range(self.columns):
                    if not row[x].data and (x == 0 or cell_len(row[x - 1].data) != 2):
                        row[x] = row[x]._replace(data=" ")
            return list(super().display)


class Terminal:
    """A terminal with one program in it. Reads only when asked: a slow link is easy to play."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (120, 40),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        columns, rows = size
        self.screen = Glass(columns, rows)
        self._lines: list[str] = []
        """What stood in each when it was read last."""
        self._stream = pyte.ByteStream(self.screen)
        self.output = bytearray()
        self._home = (environment or {}).get("TOCKDECK_HOME", "")
        self.status: int | None = None
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            # What looks at the size first of all must not be quicker than we are.
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            # A suite that runs in the background or under nohup hands ignored signals on.
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
                signal.signal(number, signal.SIG_DFL)
            os.chdir(ROOT)
            names = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            # With a display, what a test gives word of would reach the person at this machine.
            displays = ("DISPLAY", "WAYLAND_DISPLAY")
            for name in ("TMUX", "SSH_CONNECTION", "COLUMNS", "LINES", *displays):
                names.pop(name, None)
            os.execvpe(command[0], list(command), {**names, **(environment or {})})
        self.resize(columns, rows)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self._file != -1:
            os.close(self._file)

    @property
    def text(self) -> str:
        """What a person reads now."""
        # Not pyte's `display`: it stumbles over a wide character that is half written over. Who
        # waits reads it again and again, and mostly a few lines are other ones, or none: a mark
        # that belongs to the last letter of a line comes once the cursor is below it.
        screen, columns = self.screen, range(self.screen.columns)
        changed = {*screen.dirty, *(row - 1 for row in screen.dirty)}
        screen.dirty.clear()
        if len(self._lines) != screen.lines:
            self._lines = [""] * screen.lines
            changed = {*range(screen.lines)}
        for row in changed & {*range(screen.lines)}:
            line = screen.buffer[row]
            self._lines[row] = "".join([line[one].data for one in columns]).rstrip()
        return "\n".join(self._lines)

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size, as a person drags it."""
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)
        if self.status is None:
            os.kill(self.pid, signal.SIGWINCH)

    def press(self, *keys: str) -> None:
        """Press keys by name; anything else is typed as it is."""
        for key in keys:
            os.write(self._file, KEYS.get(key, key).encode())

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def read(self, seconds: float, most: int = 1 << 18) -> int:
        """Take what the program has written, waiting at most so long; how many bytes."""
        ready, _, _ = select.select([self._file], [], [], seconds)
        if not ready or self.status is not None:
            return 0
        try:
            data = os.read(self._file, most)
        except OSError:
            data = b""
        if not data:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            return 0
        self._take(data)
        return len(data)

    def _take(self, data: bytes) -> None:
        """Show what the program wrote, and answer what it asked."""
        self.output += data
        if b"\x1b[c" in data:
            os.write(self._file, b"\x1b[?62;22c")
        if b"\x1b[?2026$p" in data:
            os.write(self._file, b"\x1b[?2026;2$y")
        self._stream.feed(for_pyte(data))

    def until(self, *texts: str, seconds: float = MOST_SECONDS) -> None:
        """Read until all texts are on the screen; fails with the screen when they never are."""
        end = time.monotonic() + seconds
        while not all(text in self.text for text in texts):
            left = end - time.monotonic()
            if left <= 0 or (self.read(min(left, 0.2)) == 0 and self.status is not None):
                raise AssertionError(f"never seen: {texts} (exit {self.status})\n{self.text}")

    def hang_up(self) -> None:
        """Close the window, as a person does or a line that drops."""
        os.close(self._file)
        self._file = -1

    @property
    def is_open(self) -> bool:
        """Whether it was not hung up."""
        return self._file != -1

    def wait_for_output(self, seconds: float = MOST_SECONDS) -> None:
        """Wait until the program has written something, and leave it there."""
        if not select.select([self._file], [], [], seconds)[0]:
            raise AssertionError(f"nothing was written in {seconds} s\n{self.text}")

    def line(self) -> list[object]:
        """How the line is set: speeds, echo, which keys are signals."""
        return list(termios.tcgetattr(self._file))

    def until_left(self, seconds: float = MOST_SECONDS, *, reading: bool = True) -> float:
        """Wait until the process itself is no more; how many seconds that took.

        Where it is not `reading`, the terminal takes nothing meanwhile.
        """
        began = time.monotonic()
        process = os.pidfd_open(self.pid)
        try:
            while not select.select([process], [], [], 0)[0]:
                passed = time.monotonic() - began
                if passed > seconds:
                    raise AssertionError(f"did not end in {seconds} s\n{self.text}")
                file = self._file if reading else -1
                files = [process] if file == -1 else [process, file]
                if file in select.select(files, [], [], seconds - passed)[0]:
                    try:
                        self._take(os.read(file, 1 << 16))
                    except OSError:
                        reading = False  # its end is closed, its process still there
            took = time.monotonic() - began
        finally:
            os.close(process)
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self._read_rest()
        return took

    def _read_rest(self) -> None:
        while self._file != -1 and select.select([self._file], [], [], 0)[0]:
            try:
                data = os.read(self._file, 1 << 16)
            except OSError:
                data = b""
            if not data:
                return
            self.output += data

    def until_gone(self, text: str, seconds: float = MOST_SECONDS) -> None:
        """Read until a text is no longer on the screen."""
        end = time.monotonic() + seconds
        while text in self.text:
            if time.monotonic() > end:
                raise AssertionError(f"still seen: {text}\n{self.text}")
            self.read(0.2)

    def until_written(self, wanted: bytes, since: int, seconds: float = MOST_SECONDS) -> None:
        """Read until the program has written this, after so much of its output."""
        end = time.monotonic() + seconds
        while wanted not in self.output[since:]:
            if time.monotonic() > end:
                raise AssertionError(f"never written: {wanted!r}\n{self.text}")
            self.read(0.2)

    def until_stopped(self, pid: int = 0, seconds: float = MOST_SECONDS) -> None:
        """Read until the program, or another process, has been stopped, as by ctrl+z."""
        end = time.monotonic() + seconds
        stat = Path(f"/proc/{pid or self.pid}/stat")
        while stat.read_text().rpartition(")")[2].split()[0] != "T":
            if time.monotonic() > end:
                raise AssertionError(f"did not stop\n{self.text}")
            self.read(0.05)

    def until_ended(self, seconds: float = MOST_SECONDS) -> int:
        """Read until the program has ended; its exit status."""
        end = time.monotonic() + seconds
        while self.status is None:
            if time.monotonic() > end:
                raise AssertionError(f"did not end\n{self.text}")
            self.read(0.2)
        return self.status

    def settle(self) -> None:
        """Read until the program has nothing more to say for a moment, and waits for nothing.

        On a busy machine it may be silent only because it, or the server that it asked, has had
        no turn yet.
        """
        while self.read(0.3) or _at_work(self.pid, self._home):
            continue

    def quiet_bytes(self, seconds: float) -> int:
        """How many bytes the program writes in so much time."""
        end = time.monotonic() + seconds
        count = 0
        while (left := end - time.monotonic()) > 0:
            count += self.read(left)
        return count

    def wakes(self) -> int:
        """How often the program's threads have gone to sleep so far."""
        return wakes(self.pid)

    def modes_left_on(self) -> list[str]:
        """Terminal modes that were switched on and not off again."""
        state: dict[bytes, bool] = {}
        for numbers, action in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", bytes(self.output)):
            for number in numbers.split(b";"):
                state[number] = action == b"h"
        return sorted(name for number, name in MODES.items() if state.get(number))


def deck(
    home: Path, *arguments: str, size: tuple[int, int] = (120, 40), **environment: str
) -> Terminal:
    """The deck in a terminal, with its home in a test's folder."""
    return Terminal(
        [sys.executable, "-m", "tui", *arguments],
        size=size,
        environment={"TOCKDECK_HOME": str(home), **environment},
    )
