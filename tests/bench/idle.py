"""What every screen costs while nobody does anything, beside a bare Textual application.

    python -m tests.bench.idle [SECONDS]

Each program runs in a pty of 120x40 until it has been silent for a while; then are counted, over
SECONDS: bytes written, CPU of all threads, and wake-ups (how often a thread went to sleep again,
`voluntary_ctxt_switches`). Today and Timers are counted twice, since a timer that runs has a
clock that goes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.startup import HELLO, ROOT
from tests.terminal import Terminal, wakes

SIZE = (120, 40)
SILENCE = 2.0
LONGEST = 30.0
SCREENS = ("today", "books", "tocks", "sessions", "timers", "invoices")


@dataclass
class Idle:
    """What was counted over `seconds`."""

    seconds: float
    written: int
    cpu: float
    wakes: int


def counted(pid: int) -> tuple[float, int]:
    """CPU seconds and wake-ups of a process so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / ticks, wakes(pid)


def silent(terminal: Terminal) -> None:
    """Wait until nothing has been written for a while; a clock writes for ever."""
    end = time.monotonic() + LONGEST
    last = time.monotonic()
    while time.monotonic() < end and time.monotonic() - last < SILENCE:
        if terminal.read(0.1):
            last = time.monotonic()


def idle(command: list[str], environment: dict[str, str], painted: str, seconds: float) -> Idle:
    """Start it, wait until it is silent, and count."""
    with Terminal(command, size=SIZE, environment=environment) as terminal:
        terminal.until(painted)
        silent(terminal)
        cpu, wakes = counted(terminal.pid)
        began = time.monotonic()
        written = 0
        while (left := began + seconds - time.monotonic()) > 0:
            written += terminal.read(left)
        after, woken = counted(terminal.pid)
        return Idle(time.monotonic() - began, written, after - cpu, woken - wakes)


def show(name: str, found: Idle) -> None:
    """One line of the table."""
    minute = 60 / found.seconds
    print(
        f"{name:34}{found.written * minute:12,.0f}{found.cpu / found.seconds * 100:11.2f}"
        f"{found.wakes * minute:12,.0f}"
    )


def main() -> None:
    """Print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    print(f"{'':34}{'bytes/min':>12}{'% of core':>11}{'wakes/min':>12}")
    with tempfile.TemporaryDirectory() as home:
        hello = Path(home) / "hello.py"
        hello.write_text(HELLO)
        show("bare Textual hello", idle([sys.executable, str(hello)], {}, "hello,", seconds))
        environment = {"TOCKDECK_HOME": home, "PYTHONPATH": str(ROOT)}
        server = subprocess.Popen(
            [sys.executable, "-m", "tui.embedded", "--data", f"{home}/data/embedded"],
            stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        assert server.stdout is not None
        server.stdout.readline()
        try:
            for note, screens in ((", a timer runs", ("today", "timers")), ("", SCREENS)):
                for screen in screens:
                    command = [sys.executable, "-m", "tui", "--screen", screen]
                    show(f"{screen}{note}", idle(command, environment, "7 Live", seconds))
                if note:
                    stop = [sys.executable, "-m", "tui", "call", "trackmypeople.stop", "--yes"]
                    subprocess.run(
                        stop, env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
                        check=True,
                    )  # fmt: skip
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
