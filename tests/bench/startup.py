"""Start to first paint, to first data and to quiet, beside a bare Textual application.

    python -m tests.bench.startup [ROUNDS]

Each program runs in a pty of 120x40; the rounds take turns, so that a slow moment of the
machine hits both. Figures are medians with (lowest-highest); compare ratios, not milliseconds.
"""

from __future__ import annotations

import compileall
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello, painted")
Hello().run()
"""
ROOT = Path(__file__).resolve().parents[2]
QUIET_SECONDS = 0.5
ESCAPES = re.compile(rb"\x1b\[[0-9;?<>=:]*[a-zA-Z$]|\x1b[P\]_][^\x1b\x07]*(?:\x1b\\|\x07)")


@dataclass
class Program:
    """A command, the text that is its first frame, and the text that is its first data."""

    name: str
    command: list[str]
    painted: bytes
    data: bytes | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Run:
    """Seconds since exec; bytes written until quiet."""

    painted: float
    data: float | None
    kilobytes: float
    cpu: float
    painting: float
    """CPU seconds until the first frame was seen: what a busy machine adds less to."""


def run(program: Program) -> Run:
    """One start in a fresh pty, ended once nothing more is written."""
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.chdir(ROOT)
        os.execvpe(
            program.command[0],
            program.command,
            {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor",
             **program.environment},
        )  # fmt: skip
    began = last = time.perf_counter()
    painted = data = None
    painting = 0.0
    written = bytearray()
    while True:
        ready, _, _ = select.select([terminal], [], [], 0.02)
        now = time.perf_counter()
        if ready:
            try:
                chunk = os.read(terminal, 1 << 16)
            except OSError:
                break
            if b"\x1b[c" in chunk:
                os.write(terminal, b"\x1b[?62;22c")
            written += chunk
            last = now
            text = ESCAPES.sub(b"", bytes(written))
            if painted is None and program.painted in text:
                painted, painting = now - began, on_cpu(pid)
            if data is None and program.data is not None and program.data in text:
                data = now - began
        finished = painted is not None and (program.data is None or data is not None)
        if (finished and now - last > QUIET_SECONDS) or now - began > 20:
            break
    os.kill(pid, signal.SIGKILL)
    _, _, usage = os.wait4(pid, 0)
    os.close(terminal)
    if painted is None:
        raise SystemExit(f"{program.name} never painted:\n{ESCAPES.sub(b'', bytes(written))!r}")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(painted, data, len(written) / 1000, cpu, painting)


def on_cpu(pid: int) -> float:
    """Seconds that all threads of a process have been on a CPU so far, to the nanosecond."""
    spent = (path.read_text().split()[0] for path in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(map(int, spent)) / 1e9


def middle(values: list[float], scale: float = 1.0) -> str:
    """Median (lowest-highest)."""
    low, mid, high = min(values), statistics.median(values), max(values)
    return f"{mid * scale:7.0f} ({low * scale:.0f}-{high * scale:.0f})"


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    # As pip does when it installs: a person's start compiles nothing.
    compileall.compile_dir(ROOT / "tui", quiet=1)
    with tempfile.TemporaryDirectory() as home:
        hello = Path(home) / "hello.py"
        hello.write_text(HELLO)
        environment = {"TOCKDECK_HOME": home}
        deck = [sys.executable, "-m", "tui"]
        programs = [
            Program("bare Textual hello", [sys.executable, str(hello)], b"hello, painted"),
            Program("tockdeck", deck, b"Invoices", b"Running", environment),
            Program(
                "tockdeck --screen timers", [*deck, "--screen", "timers"], b"Invoices",
                b"Fairlead", environment,
            ),
        ]  # fmt: skip
        server = subprocess.Popen(
            [sys.executable, "-m", "tui.embedded", "--data", f"{home}/data/embedded"],
            stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        assert server.stdout is not None
        server.stdout.readline()
        results: dict[str, list[Run]] = {program.name: [] for program in programs}
        for program in programs:
            run(program)
        for _ in range(rounds):
            for program in programs:
                results[program.name].append(run(program))
        server.terminate()
        server.wait()
    base = statistics.median(one.painted for one in results[programs[0].name])
    least = min(one.painting for one in results[programs[0].name])
    print(
        f"{'':26}{'painted ms':>20}{'x hello':>9}{'its CPU ms':>18}{'x least':>9}"
        f"{'first data ms':>20}{'CPU ms':>18}{'kB':>7}"
    )
    for name, runs in results.items():
        painted = [one.painted for one in runs]
        data = [one.data for one in runs if one.data is not None]
        print(
            f"{name:26}{middle(painted, 1000):>20}{statistics.median(painted) / base:9.2f}"
            f"{middle([one.painting for one in runs], 1000):>18}"
            f"{min(one.painting for one in runs) / least:9.2f}"
            f"{middle(data, 1000) if data else '-':>20}"
            f"{middle([one.cpu for one in runs], 1000):>18}"
            f"{statistics.median(one.kilobytes for one in runs):7.0f}"
        )


if __name__ == "__main__":
    main()
