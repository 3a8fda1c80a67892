"""The way out, in a process of its own: in order where that is possible in time, else at once."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.terminal import ROOT
from tui.way_out import ENDING, LEAVE_SECONDS, QUIT_SECONDS

PATIENCE = 20.0
BEGIN = """
import os, signal, sys, threading
from tui.way_out import WayOut
way_out = WayOut()
def say(word):
    os.write(1, word.encode() + b"\\n")
"""
READY = """
say("ready")
"""
REST = "while True: signal.pause()"


@contextmanager
def process(*parts: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program that has a way out."""
    program = subprocess.Popen(
        [sys.executable, "-c", BEGIN + "".join(parts)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield program
    finally:
        program.kill()
        program.communicate()


def ended(program: subprocess.Popen[bytes]) -> tuple[int, list[str]]:
    """Its status and what it said, when nothing was said against it."""
    program.wait(PATIENCE)
    assert program.stdout is not None
    assert program.stderr is not None
    assert program.stderr.read() == b""
    return program.returncode, program.stdout.read().decode().split()


def until_ready(program: subprocess.Popen[bytes]) -> None:
    assert program.stdout is not None
    assert select.select([program.stdout], [], [], PATIENCE)[0]
    assert program.stdout.readline() == b"ready\n"


@pytest.mark.parametrize("number", ENDING)
def test_before_anything_is_opened_a_signal_ends_at_once(number: signal.Signals) -> None:
    with process(READY, REST) as program:
        until_ready(program)
        program.send_signal(number)
        assert ended(program) == (128 + number, [])


def test_in_order_it_leaves_then_gives_back_and_the_first_signal_counts() -> None:
    order = (
        "go = threading.Event()\n"
        "def leave():\n    say('leave')\n    go.set()\n"
        "way_out.arm(leave, lambda: say('given-back'), int)\n"
    )
    with process(order, READY, "go.wait()\nsys.stdin.read(1)\nway_out.finish()") as program:
        until_ready(program)
        program.send_signal(signal.SIGTERM)
        assert program.stdout is not None
        assert program.stdout.readline() == b"leave\n"
        program.send_signal(signal.SIGHUP)
        assert program.stdin is not None
        program.stdin.write(b"!")
        program.stdin.flush()
        assert ended(program) == (143, ["given-back"])


@pytest.mark.parametrize(
    "stuck",
    [
        "threading.Lock().acquire(); lock = threading.Lock(); lock.acquire(); lock.acquire()",
        "while True: pass",
        "threading.Thread(target=threading.Event().wait).start()",
        "sys.stdin.readline()",
    ],
    ids=["waits", "busy", "thread", "reads"],
)
def test_who_cannot_leave_is_ended_in_time(stuck: str) -> None:
    armed = "way_out.arm(lambda: say('leave'), lambda: say('given-back'), int)\n"
    with process(armed, READY, stuck) as program:
        until_ready(program)
        began = time.monotonic()
        program.send_signal(signal.SIGTERM)
        assert ended(program) == (143, ["leave", "given-back"])
        assert time.monotonic() - began >= LEAVE_SECONDS / 2, "it had its time"


def test_a_person_who_leaves_is_not_held_by_a_thread_that_never_ends() -> None:
    with process(
        "threading.Thread(target=threading.Event().wait).start()\n",
        "way_out.arm(lambda: say('leave'), lambda: say('given-back'), int)\n",
        READY,
        "way_out.quit()",
    ) as program:
        until_ready(program)
        began = time.monotonic()
        assert ended(program) == (0, ["given-back"])
        assert time.monotonic() - began >= QUIT_SECONDS / 2


def test_a_signal_after_the_loop_has_ended_ends_at_once() -> None:
    closed = (
        "import asyncio\nloop = asyncio.new_event_loop()\nloop.close()\n"
        "way_out.arm(lambda: loop.call_soon_threadsafe(print), lambda: say('given-back'), int)\n"
    )
    with process(closed, READY, REST) as program:
        until_ready(program)
        program.send_signal(signal.SIGHUP)
        assert ended(program) == (129, ["given-back"])


def test_the_process_ends_though_giving_back_hangs() -> None:
    armed = "way_out.arm(lambda: way_out.finish(), threading.Event().wait, int)\n"
    with process(armed, READY, REST) as program:
        until_ready(program)
        program.send_signal(signal.SIGTERM)
        assert ended(program) == (143, [])


def test_a_signal_that_another_thread_was_given_is_acted_upon_while_the_loop_sleeps() -> None:
    """As ctrl+z, fg and another size of the window are: the system chooses the thread."""
    program = (
        "import asyncio\nloop = asyncio.new_event_loop()\n"
        "way_out.arm(print, print, lambda: loop.call_soon_threadsafe(int))\n"
        "signal.signal(signal.SIGCONT, lambda *_: (say('heard'), loop.stop()))\n"
        # So that it is never the main thread.
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCONT])\n"
        "loop.call_soon(lambda: say('ready'))\n"
    )
    with process(program, "loop.run_forever()\nway_out.finish()") as running:
        until_ready(running)
        running.send_signal(signal.SIGCONT)
        assert ended(running) == (0, ["heard"])
