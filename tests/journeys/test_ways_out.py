"""A few of every way out; `python -m tests.journeys.ways_out --runs 200` plays many."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import endpoint_of
from tests.journeys.ways_out import (
    TYPED,
    Plan,
    all_plans,
    environment_of,
    run,
    until_server_ended,
)
from tests.terminal import ROOT, Terminal, deck

SEED = 8


def some_plans() -> list[Plan]:
    """One run of each way, of another screen and state each time."""
    chooser = random.Random(SEED)
    plans = all_plans(shutil.which("tmux") is not None)
    ways = dict.fromkeys(plan.way for plan in plans)
    return [chooser.choice([plan for plan in plans if plan.way == way]) for way in ways]


@pytest.mark.parametrize("plan", some_plans(), ids=lambda plan: f"{plan.way}-{plan.screen}")
def test_a_way_out(shared_home: Path, plan: Plan) -> None:
    assert run(plan, shared_home).faults == []


def test_then_nobody_keeps_the_embedded_services(home: Path) -> None:
    assert run(Plan("closed while it takes nothing", "live", "rest"), home).faults == []
    assert endpoint_of(home)
    until_server_ended(home)


WAITS_LONG = """
import sys
from tui.widgets import turns
turns.BREAK_OFF_SECONDS = 60.0
from tui.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""A deck that takes all that was typed before ctrl+c, however busy the machine is."""


def test_leaving_by_ctrl_c_keeps_what_was_typed_and_the_line(shared_home: Path) -> None:
    words = [sys.executable, "-c", WAITS_LONG, "--screen", "timers"]
    with Terminal(words, environment=environment_of(shared_home)) as terminal:
        line = terminal.line()
        terminal.until("Sail wardrobe")
        terminal.press("f")
        terminal.until("Why")
        terminal.press(f"{TYPED}\x03")  # in one breath
        assert terminal.until_ended() == 0
        assert terminal.modes_left_on() == []
        assert terminal.line() == line
    drafts = (shared_home / "state" / "drafts").glob("*.json")
    assert any(TYPED in draft.read_text() for draft in drafts)


def test_a_mouse_that_moves_is_no_way_out(shared_home: Path) -> None:
    with deck(shared_home, "--screen", "timers") as terminal:
        terminal.until("Sail wardrobe")
        for row in range(2, 39):
            terminal.press(f"\x1b[<35;{row * 3};{row}M")
        terminal.press("?")
        terminal.until("Timers: keys")
        assert terminal.status is None


def test_standard_error_may_be_a_file(shared_home: Path) -> None:
    errors = shared_home / "errors"
    words = ["sh", "-c", 'exec "$@" 2>"$0"', str(errors), sys.executable, "-m", "tui"]
    with Terminal(words, environment=environment_of(shared_home)) as terminal:
        terminal.until("7 Live", "to be paid")
        terminal.press("q")
        assert terminal.until_ended() == 0
        assert terminal.modes_left_on() == []
    assert errors.read_bytes() == b""


def test_or_it_may_be_closed(shared_home: Path) -> None:
    words = ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-m", "tui"]
    with Terminal(words, environment=environment_of(shared_home)) as terminal:
        terminal.until("7 Live", "to be paid")
        terminal.press("q")
        assert terminal.until_ended() == 0


@pytest.mark.parametrize("redirected", ["| cat", "</dev/null", ">/dev/null", "<&-", ">&-"])
def test_without_a_terminal_it_says_so_in_one_line(home: Path, redirected: str) -> None:
    errors = home / "errors"
    script = f'set -o pipefail; "$@" 2>"$0" {redirected}'
    words = ["bash", "-c", script, str(errors), sys.executable, "-m", "tui"]
    with Terminal(words, environment=environment_of(home)) as terminal:
        assert terminal.until_ended() == 2
        assert terminal.output == b""
    (said,) = errors.read_text().splitlines()
    assert "needs a terminal" in said
    assert not (home / "data").exists()


def hanging(home: Path, *, seconds: int) -> Terminal:
    """A deck on Timers whose password comes from a command that takes its time, in a thread."""
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(
        '[trackmypeople]\nbase_url = "http://127.0.0.1:9/api"\nuser = "demo"\n'
        f'password_command = "sleep {seconds}"\n'
    )
    return deck(home, "--screen", "timers")


def test_a_thread_that_does_not_end_holds_up_nobody_who_leaves(home: Path) -> None:
    with hanging(home, seconds=9) as terminal:
        terminal.until("Loading")
        terminal.press("q")
        assert terminal.until_left(10.0) < 5.0
        assert terminal.status == 0
        assert terminal.modes_left_on() == []
    assert b"Traceback" not in terminal.output


def test_a_deck_that_is_not_on_the_screen_yet_ends_too(home: Path) -> None:
    words = [sys.executable, "-c", STARTING, "tui"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (129, b"")


STARTING = """
import os, pty, signal, sys
from tui.cli import open as opening
from tui.config.load import ConfigError

master, slave = pty.openpty()
os.dup2(slave, 0)
os.dup2(slave, 1)

class Late:
    def __init__(self, *_):
        os.kill(os.getpid(), signal.SIGHUP)
        while True:
            signal.pause()

import tui.workspace.workspace
tui.workspace.workspace.Workspace = Late
opening.open_deck()
"""
