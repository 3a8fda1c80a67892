"""Every way out of the deck, on every screen, at rest, while it paints and while one types.

    python -m tests.journeys.ways_out --runs 200 --seed 1

plays that many of them and counts: the process is gone within a second, with the status that
belongs to the way; the terminal, where there still is one, is as it was; what was typed is kept;
nobody reads a traceback; and the embedded services end once nobody uses them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.journeys.conftest import endpoint_of
from tests.terminal import ROOT, Terminal

GONE_SECONDS = 1.0
IDLE_SECONDS = 6.0
"""After so much time without use the embedded services of these journeys end."""
MOST_SECONDS = 30.0
TYPED = "a quiet afternoon on the quay"
STANDS = {
    "today": "to be paid", "books": "Messages", "tocks": "Community", "sessions": "Hours",
    "timers": "Sail wardrobe", "invoices": "All clients", "live": "devices",
}  # fmt: skip
"""What each screen shows once it has something to show."""
FORMS = {"tocks": "a", "sessions": "a", "timers": "f", "invoices": "a"}
"""The key of a form whose first field takes a text."""
SAVES = "ctrl+o saves"
"""Stands below a form and nowhere else: names of its fields may be those of columns beside it."""
REPAINTS = 40
"""More than a terminal holds that nobody reads."""


@dataclass(frozen=True)
class Plan:
    """One run: how it ends, where, and in the middle of what."""

    way: str
    screen: str
    state: str
    """`rest`, `painting` or `typing`."""


@dataclass
class Outcome:
    """What came of a run."""

    plan: Plan
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Way:
    """A way out, in a terminal that is ours."""

    leave: Callable[[Terminal], None]
    status: int
    or_else: int = 0
    """Another status that is as right, where the system chooses which signal is first."""
    reads: bool = True
    """Whether somebody reads what the deck writes until it has left."""


def _sent(*numbers: signal.Signals) -> Callable[[Terminal], None]:
    def leave(terminal: Terminal) -> None:
        for number in numbers:
            terminal.signal(number)

    return leave


def _stopped_then(leave: Callable[[Terminal], None]) -> Callable[[Terminal], None]:
    def both(terminal: Terminal) -> None:
        terminal.press("ctrl+z")
        terminal.until_stopped()
        leave(terminal)

    return both


def _stalled_then(leave: Callable[[Terminal], None]) -> Callable[[Terminal], None]:
    def both(terminal: Terminal) -> None:
        _paint(terminal)
        leave(terminal)

    return both


HANG_UP = 128 + signal.SIGHUP
WAYS = {
    "TERM": Way(_sent(signal.SIGTERM), 128 + signal.SIGTERM),
    "HUP": Way(_sent(signal.SIGHUP), HANG_UP),
    "INT": Way(_sent(signal.SIGINT), 128 + signal.SIGINT),
    "QUIT": Way(_sent(signal.SIGQUIT), 128 + signal.SIGQUIT),
    "HUP, CONT": Way(_sent(signal.SIGHUP, signal.SIGCONT), HANG_UP),
    "CONT, TERM": Way(_sent(signal.SIGCONT, signal.SIGTERM), 128 + signal.SIGTERM),
    "TERM twice, HUP": Way(
        _sent(signal.SIGTERM, signal.SIGTERM, signal.SIGHUP), 128 + signal.SIGTERM, HANG_UP
    ),
    "closed": Way(Terminal.hang_up, HANG_UP),
    "closed while it takes nothing": Way(_stalled_then(Terminal.hang_up), HANG_UP),
    "TERM while it takes nothing": Way(
        _stalled_then(_sent(signal.SIGTERM)), 128 + signal.SIGTERM, reads=False
    ),
    "stopped, closed": Way(_stopped_then(Terminal.hang_up), HANG_UP),
    "stopped, TERM, CONT": Way(
        _stopped_then(_sent(signal.SIGTERM, signal.SIGCONT)), 128 + signal.SIGTERM
    ),
    "STOP, CONT, HUP": Way(_sent(signal.SIGSTOP, signal.SIGCONT, signal.SIGHUP), HANG_UP),
}
TMUX = {"kill-pane": HANG_UP, "kill-session": HANG_UP, "kill-server": HANG_UP}
SHELL = {"closed below a shell": HANG_UP}


def all_plans(with_tmux: bool) -> list[Plan]:
    """Every way, on every screen, in every state."""
    ways = [*WAYS, *SHELL, *(TMUX if with_tmux else ())]
    return [
        Plan(way, screen, state)
        for way in ways
        for screen in STANDS
        for state in ("rest", "painting", *(("typing",) if screen in FORMS else ()))
    ]


def environment_of(home: Path) -> dict[str, str]:
    """What the deck is told beside its command."""
    return {
        "TOCKDECK_HOME": str(home),
        "TOCKDECK_EMBEDDED_IDLE_MINUTES": str(IDLE_SECONDS / 60),
    }


def run(plan: Plan, home: Path) -> Outcome:
    """Play one run."""
    shutil.rmtree(home / "state" / "drafts", ignore_errors=True)
    outcome = Outcome(plan)
    try:
        if plan.way in WAYS:
            _in_terminal(plan, home, outcome)
        elif plan.way in SHELL:
            _below_a_shell(plan, home, outcome)
        else:
            _in_tmux(plan, home, outcome)
    except AssertionError as error:
        outcome.faults.append(str(error))
    if plan.state == "typing" and TYPED not in _drafts(home):
        outcome.faults.append("what was typed is not kept")
    return outcome


def _in_terminal(plan: Plan, home: Path, outcome: Outcome) -> None:
    way, errors = WAYS[plan.way], home / "errors"
    command = ["sh", "-c", 'exec "$@" 2>"$0"', str(errors), *_command(plan)]
    with Terminal(command, environment=environment_of(home)) as terminal:
        line = terminal.line()
        _until_state(terminal, plan)
        way.leave(terminal)
        outcome.seconds = terminal.until_left(MOST_SECONDS, reading=way.reads)
        _judge(outcome, terminal.status, way.status, way.or_else)
        if terminal.is_open:
            if left_on := terminal.modes_left_on():
                outcome.faults.append(f"left on: {', '.join(left_on)}")
            if terminal.line() != line:
                outcome.faults.append("the line is not set as it was")
        if b"Traceback" in terminal.output or errors.read_bytes():
            outcome.faults.append(f"said: {errors.read_text()}")


def _below_a_shell(plan: Plan, home: Path, outcome: Outcome) -> None:
    """Where the shell leads the session, the deck hears of the end from the system and from it."""
    status = home / "status"
    status.unlink(missing_ok=True)
    script = 'trap "" HUP; "$@"; echo $? >"$0"'
    words = ["sh", "-c", script, str(status), *_command(plan)]
    with Terminal(["bash", "-i"], environment=environment_of(home)) as terminal:
        terminal.press(" ".join(f"'{word}'" for word in words) + "\r")
        _until_state(terminal, plan)
        deck = _child(_child(terminal.pid))
        with _awaited(deck, outcome):
            terminal.hang_up()
    _judge(outcome, _written(status), SHELL[plan.way])


def _in_tmux(plan: Plan, home: Path, outcome: Outcome) -> None:
    """In a tmux of its own."""
    status, server = home / "status", f"ways-out-{os.getpid()}"
    status.unlink(missing_ok=True)
    tmux = ["tmux", "-L", server, "-f", os.devnull]
    names = {name: value for name, value in os.environ.items() if name != "TMUX"}
    script = 'trap "" HUP; "$@"; echo $? >"$0"'
    subprocess.run(
        [*tmux, "new-session", "-d", "-x", "120", "-y", "40", "sh", "-c", script, str(status),
         *_command(plan)],
        check=True, cwd=ROOT, env={**names, **environment_of(home)},
    )  # fmt: skip
    try:
        pane = Pane(tmux)
        _until_state(pane, plan)
        deck = _child(int(pane.tell("display-message", "-p", "#{pane_pid}")))
        with _awaited(deck, outcome):
            pane.tell(plan.way)
        _judge(outcome, _written(status), TMUX[plan.way])
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


class Pane:
    """A pane of a tmux, as far as these journeys use one."""

    def __init__(self, tmux: list[str]) -> None:
        self._tmux = tmux

    def tell(self, *words: str) -> str:
        """Let tmux do something; what it says."""
        done = subprocess.run([*self._tmux, *words], check=True, capture_output=True, text=True)
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys by name; anything else is typed as it is."""
        for key in keys:
            self.tell(
                "send-keys", *([key.replace("ctrl+", "C-")] if "ctrl+" in key else ["-l", key])
            )

    def until(self, *texts: str) -> None:
        """Look until all texts are there."""
        end = time.monotonic() + MOST_SECONDS
        while not all(text in (shown := self.tell("capture-pane", "-p")) for text in texts):
            if time.monotonic() > end:
                raise AssertionError(f"never seen: {texts}\n{shown}")


def _command(plan: Plan) -> list[str]:
    return [sys.executable, "-m", "tui", "--screen", plan.screen]


def _until_state(terminal: Terminal | Pane, plan: Plan) -> None:
    terminal.until("7 Live", STANDS[plan.screen])
    if plan.state == "typing":
        terminal.press(FORMS[plan.screen])
        terminal.until(SAVES)
        terminal.press(TYPED)
        terminal.until(TYPED)
    elif plan.state == "painting":
        _paint(terminal)


def _paint(terminal: Terminal | Pane) -> None:
    """Ask for the whole screen again and again; the first of it has come."""
    if isinstance(terminal, Pane):
        terminal.tell("send-keys", "-N", str(REPAINTS), "C-l")
        return
    terminal.settle()
    terminal.press("\x0c" * REPAINTS)
    terminal.wait_for_output()


@contextmanager
def _awaited(pid: int, outcome: Outcome) -> Iterator[None]:
    """What is done here ends a process; how long that takes."""
    process = os.pidfd_open(pid)
    try:
        began = time.monotonic()
        yield
        if not select.select([process], [], [], MOST_SECONDS)[0]:
            os.kill(pid, signal.SIGKILL)
            raise AssertionError("did not end")
        outcome.seconds = time.monotonic() - began
    finally:
        os.close(process)


def _judge(outcome: Outcome, status: int | None, wanted: int, or_else: int = 0) -> None:
    if status not in (wanted, or_else or wanted):
        outcome.faults.append(f"status {status}, not {wanted}")
    if outcome.seconds > GONE_SECONDS:
        outcome.faults.append(f"gone after {outcome.seconds:.2f} s")


def _child(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return int(children.read_text().split()[0])


def _written(file: Path) -> int:
    """The status that the shell around a deck wrote, as soon as it has."""
    end = time.monotonic() + MOST_SECONDS
    while not (file.exists() and file.read_text().strip()):
        if time.monotonic() > end:
            return -1
    return int(file.read_text())


def _drafts(home: Path) -> str:
    files = (home / "state" / "drafts").glob("*.json")
    return " ".join(
        text
        for file in files
        for text in map(str, json.loads(file.read_bytes())["values"].values())
    )


def until_server_ended(home: Path, seconds: float = MOST_SECONDS) -> float:
    """Wait until the embedded services have ended; how long that took."""
    began = time.monotonic()
    pid = endpoint_of(home).get("pid")
    if pid is None:
        return 0.0
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return 0.0
    try:
        if not select.select([process], [], [], seconds)[0]:
            raise AssertionError(f"the embedded services are still there after {seconds} s")
    finally:
        os.close(process)
    return time.monotonic() - began


def main() -> int:
    """Play many runs and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--way", choices=[*WAYS, *SHELL, *TMUX], help="this one only")
    given = parser.parse_args()
    with_tmux = shutil.which("tmux") is not None
    if not with_tmux:
        print("tmux is not there: its ways are left out")
    plans = [plan for plan in all_plans(with_tmux) if given.way in (None, plan.way)]
    chooser = random.Random(given.seed)
    chooser.shuffle(plans)
    chosen = [plans[number % len(plans)] for number in range(given.runs)]
    print(f"{len(chosen)} of {len(plans)} plans, seed {given.seed}")
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="ways-out-") as folder:
        home = Path(folder)
        for plan in chosen:
            outcome = run(plan, home)
            outcomes.append(outcome)
            if outcome.faults:
                print(plan, *outcome.faults, sep="\n  ", flush=True)
        ended = until_server_ended(home)
    runs = Counter(outcome.plan.way for outcome in outcomes)
    for way, count in sorted(runs.items()):
        of_way = [outcome for outcome in outcomes if outcome.plan.way == way]
        faulty = sum(bool(outcome.faults) for outcome in of_way)
        longest = max(outcome.seconds for outcome in of_way)
        print(f"{way:32}{count:5} runs {faulty:4} faulty  longest {longest:.2f} s")
    faulty = sum(bool(outcome.faults) for outcome in outcomes)
    print(f"{len(outcomes)} runs, {faulty} faulty; the embedded services ended {ended:.1f} s later")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
