"""Word to the outside: commands of the person's that are run when something has happened.

A thread runs them, one after the other, so that nothing waits for them but the end of the program.
What they are told is a document of one line (`FIELDS`); nothing in it is secret, since a change
keeps no secrets. What they print goes nowhere: the terminal is the deck's.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.config.hooks import Hooks as Settings
    from tui.store.changes import Change
    from tui.workspace.today.items import Item

EVENTS = ("start", "stop", "paid", "changed", "unknown", "due", "overdue")
FIELDS: Mapping[str, str] = {
    "version": "Of this form: 1.",
    "event": f"What has happened: {', '.join(EVENTS)}.",
    "time": "When it was told, ISO 8601 in UTC.",
    "title": "What it is, in words: of a change, of a reminder, or whom an overdue invoice is to.",
    "change": "The id of the change; empty where it is none.",
    "service": "The id of the service.",
    "operation": "The id of the operation, as `tockdeck ops` lists them.",
    "record": "What was changed, such as `timesheets/invoice/12`.",
    "state": "What became of the change: `done` or `unknown`.",
    "reason": "What to look at, in words, where that is not known.",
    "undoes": "The id of the change that this one takes back; else empty.",
    "arguments": "What the operation was called with, without secrets; left out where it is long.",
    "due": "When a reminder or an invoice was due, ISO 8601. A reminder has this in the place of "
    "all from `change` on; an overdue invoice beside `service`, `record` and what follows.",
    "days": "For how many days an invoice is overdue.",
    "amount": "What of an overdue invoice is still to be paid, in decimal digits.",
    "currency": "Of that amount; empty where nobody knows it, since the services keep none.",
}
"""What a command reads on its standard input."""
LONGEST_ARGUMENTS = 16_384
"""Characters of JSON: a pipe takes all of a document at once, whoever reads it."""
MOST_WAITING = 1000
"""Events that wait to be told; what comes while so many do is said to be lost, once."""
PASSED_ON = frozenset((
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "TMPDIR"),
    *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "TMUX", "TMUX_PANE"),
    *("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"),
    *("XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP"),
))  # fmt: skip
"""The variables that a command has, beside those of the locale: none of them holds a secret."""
_BY_OPERATION = {
    "trackmypeople.start": "start",
    "trackmypeople.stop": "stop",
    "timesheets.invoice.set_payed": "paid",
}


def events_of(change: Change) -> tuple[str, ...]:
    """What the settling of a change means: "unknown", or "changed" after what it is besides."""
    if change.state == "unknown":
        return ("unknown",)
    if change.state != "done":
        return ()
    named = _BY_OPERATION.get(change.operation)
    return (named, "changed") if named else ("changed",)


def told_of(change: Change) -> dict[str, Any]:
    """What is told of a change, but for event and time."""
    arguments = dict(change.arguments)
    told = {
        "title": change.title,
        "change": change.id,
        "service": change.service,
        "operation": change.operation,
        "record": change.record,
        "state": change.state,
        "reason": change.reason,
        "undoes": change.undoes,
    }
    long = len(json.dumps(arguments, default=str)) > LONGEST_ARGUMENTS
    return told if long else {**told, "arguments": arguments}


def environment(all_of_it: Mapping[str, str]) -> dict[str, str]:
    """What of the environment a command has."""
    return {
        name: value
        for name, value in all_of_it.items()
        if name in PASSED_ON or name.startswith("LC_")
    }


class Hooks:
    """Runs the person's commands."""

    def __init__(self, settings: Settings, told: Callable[[str], object]) -> None:
        """`told` is called, from another thread, with what a person should know."""
        self._commands = {name: str(getattr(settings, name)) for name in EVENTS}
        self._seconds = settings.seconds
        self._told = told
        self._waiting: Queue[tuple[str, dict[str, Any]] | None] = Queue()
        self._thread: Thread | None = None
        self._running: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._said: set[str] = set()
        self._is_closed = False

    @property
    def wanted(self) -> bool:
        """Whether there is any command at all."""
        return any(self._commands.values())

    def settled(self, change: Change) -> None:
        """A change was settled: run what is for that."""
        # What several are told of one change is told at one time.
        now = _now()
        for event in events_of(change):
            self.tell(event, lambda: {"time": now, **told_of(change)})

    def tell_due(self, title: str, when: datetime) -> None:
        """A reminder is due, and was rung for."""
        due = when.isoformat(timespec="seconds")
        self.tell("due", lambda: {"title": title, "due": due})

    def tell_overdue(self, item: Item, days: int) -> None:
        """An invoice has become overdue."""
        self.tell("overdue", lambda: {
            "title": item.title,
            "service": "timesheets",
            "record": f"timesheets/invoice/{item.key}",
            "due": "" if item.when is None else item.when.isoformat(timespec="seconds"),
            "days": days,
            "amount": "" if item.amount is None else f"{item.amount:f}",
            "currency": item.currency,
        })  # fmt: skip

    def tell(self, event: str, what: Callable[[], Mapping[str, Any]]) -> None:
        """Something has happened: have its command run soon, and return at once."""
        if not self._commands[event] or self._is_closed:
            return
        if self._waiting.qsize() >= MOST_WAITING:
            self._say("", "More happens than [hooks] can follow: some of it is not told.")
            return
        self._waiting.put((event, {"version": 1, "event": event, "time": _now(), **what()}))
        if self._thread is None:
            self._thread = Thread(target=self._work, name="hooks", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Return once all is told, at the latest when one command may take no longer."""
        if self._thread is None:
            return
        self._is_closed = True
        self._waiting.put(None)
        self._thread.join(self._seconds)
        if self._thread.is_alive():
            with self._lock:
                self._kill()
            left = sum(one is not None for one in self._waiting.queue)
            self._say("", f"[hooks] took too long: {left} of what happened was not told.")
        self._thread = None

    # -- in the thread ----------------------------------------------------------------------------

    def _work(self) -> None:
        while (one := self._waiting.get()) is not None:
            event, document = one
            trouble = self._run(self._commands[event], document)
            if trouble:
                self._say(event, f"The command of hooks.{event} {trouble}. This is said once.")

    def _run(self, command: str, document: Mapping[str, Any]) -> str:
        """Run one; what went wrong, in words."""
        content = json.dumps(document, ensure_ascii=False, default=str).encode() + b"\n"
        try:
            running = subprocess.Popen(
                shlex.split(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment(os.environ),
                cwd=Path.home(),
                start_new_session=True,
            )
        except (OSError, ValueError, IndexError) as error:
            return f"cannot be run ({getattr(error, 'strerror', None) or error})"
        with self._lock:
            self._running = running
        try:
            running.communicate(content, self._seconds)
        except subprocess.TimeoutExpired:
            with self._lock:
                self._kill()
            running.wait()
            return f"took longer than hooks.seconds ({self._seconds:g}) and was ended"
        finally:
            with self._lock:
                self._running = None
        return f"ended with the status {running.returncode}" if running.returncode else ""

    def _kill(self) -> None:
        if self._running is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._running.pid, signal.SIGKILL)

    def _say(self, what: str, text: str) -> None:
        if what not in self._said:
            self._said.add(what)
            self._told(text)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
