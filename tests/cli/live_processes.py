"""Verbs of the live feed as processes: how long they run, and what is read of them."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import Any

from tests.cli.conftest import PATIENCE, Outcome, Shell
from tui.live.recording import Recording


@contextmanager
def ended_at_last(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that runs until it is told to end, and never longer than the test."""
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


@contextmanager
def running(shell: Shell, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A verb that runs until it is told to end, and never longer than the test."""
    with ended_at_last(shell.start(*words)) as process:
        yield process


def lines_of(process: subprocess.Popen[str], count: int) -> list[str]:
    """The next lines of standard output, whatever is in them."""
    assert process.stdout is not None
    return [process.stdout.readline() for _ in range(count)]


def lines_until(process: subprocess.Popen[str], seen: Callable[[Sequence[str]], bool]) -> list[str]:
    """Lines of standard output until what they are read for was among them.

    Who sends first, and how much of it, is for the fleet's hour and a busy machine to say: all but
    its first two boats are out of reach for up to 90 s of a race.
    """
    assert process.stdout is not None
    lines: list[str] = []
    patience = Timer(PATIENCE, process.kill)
    patience.start()
    try:
        while not seen(lines):
            line = process.stdout.readline()
            assert line, f"never came, after {len(lines)} lines that end in {lines[-3:]}"
            lines.append(line)
    finally:
        patience.cancel()
    return lines


def rows_until(
    process: subprocess.Popen[str], seen: Callable[[Sequence[dict[str, Any]]], bool]
) -> list[dict[str, Any]]:
    """The same of `--json`, read."""
    rows: list[dict[str, Any]] = []

    def read(lines: Sequence[str]) -> bool:
        rows.extend(json.loads(line) for line in lines[len(rows) :])
        return seen(rows)

    lines_until(process, read)
    return rows


def of_all(name: str, *values: str) -> Callable[[Sequence[dict[str, Any]]], bool]:
    """Whether rows have each of these values of a field."""
    return lambda rows: set(values) <= {row[name] for row in rows}


def until_recorded(process: subprocess.Popen[str], path: Path, frames: int) -> None:
    """Until a recording holds so many frames: how many a busy machine hears in a while is its."""
    end = monotonic() + PATIENCE
    while not path.exists() or Recording(path).frames < frames:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
        assert process.poll() is None, "it ended before"
        assert monotonic() < end, "never heard"


def interrupted(process: subprocess.Popen[str]) -> Outcome:
    """What is left after ctrl+c."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    return Outcome(process.returncode, out, err)


def session_named(shell: Shell, name: str) -> int:
    sessions = json.loads(shell.run("call", "igtimi.sessions.list").out)
    return next(int(one["id"]) for one in sessions if one["name"] == name)


# live
