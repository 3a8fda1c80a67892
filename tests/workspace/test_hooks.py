"""The person's own commands: what they are told, once, by whom, and what becomes of bad ones."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.config.hooks import Hooks as Settings
from tui.services.errors import OutcomeUnknown
from tui.store.changes import Change
from tui.workspace.hooks import EVENTS, FIELDS, LONGEST_ARGUMENTS, Hooks, environment, events_of

WRITES = (
    "import os,sys; open(sys.argv[1],'a').write(sys.stdin.read()+repr(sorted(os.environ))+'\\n')"
)
PATIENT = 300.0
"""Seconds that a command may take on a machine that is busy with something else."""


def writing(path: Path) -> str:
    """A command that writes what it is told, and its environment's names, to a file."""
    return shlex.join([sys.executable, "-I", "-S", "-c", WRITES, str(path)])


def told(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines[::2]]


def change(operation: str, **more: Any) -> Change:
    values: dict[str, Any] = {"state": "done", "title": "Start Booking form", **more}
    return Change(
        id="c1", sequence=1, time=datetime.now(UTC), owner="o", operation=operation, **values
    )


def test_what_a_change_means_and_what_is_told_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert events_of(change("trackmypeople.start")) == ("start", "changed")
    assert events_of(change("timesheets.invoice.set_payed")) == ("paid", "changed")
    assert events_of(change("timetonic.x", state="unknown")) == ("unknown",)
    assert {events_of(change("trackmypeople.stop", state=state)) for state in
            ("waiting", "sending", "refused", "dropped", "undone")} == {()}  # fmt: skip
    assert set(EVENTS) <= set(Settings.declared)
    monkeypatch.setenv("TOCKDECK_TIMETONIC_PASSWORD", "hush")
    monkeypatch.setenv("GITHUB_TOKEN", "hush")
    monkeypatch.setenv("LC_TIME", "C")
    assert {"PATH", "LC_TIME"} <= set(environment({"PATH": "", "LC_TIME": "C", "A": "b"}))
    # A second passes between any two looks at the clock.
    seconds = (datetime(2026, 11, 29, 9, 0, one, tzinfo=UTC).isoformat() for one in range(60))
    monkeypatch.setattr("tui.workspace.hooks._now", lambda: next(seconds))
    file, said = tmp_path / "told", list[str]()
    hooks = Hooks(
        Settings(start=writing(file), changed=writing(file), seconds=PATIENT), said.append
    )
    assert hooks.wanted
    hooks.settled(change("trackmypeople.start", arguments={"tracker_id": 3}, record="tracker/3"))
    hooks.settled(change("timetonic.y", arguments={"text": "x" * LONGEST_ARGUMENTS}))
    hooks.settled(change("timetonic.y", state="unknown"))
    hooks.tell_due("tea\x1b[31m", datetime(2026, 11, 29, 9, tzinfo=UTC))
    hooks.close()
    start, changed, long = told(file)
    assert (start["event"], changed["event"], long["event"]) == ("start", "changed", "changed")
    assert {**start, "event": ""} == {**changed, "event": ""}
    assert start["arguments"] == {"tracker_id": 3}
    assert (start["version"], start["record"], start["state"]) == (1, "tracker/3", "done")
    assert datetime.fromisoformat(start["time"]).tzinfo is not None
    assert "arguments" not in long
    assert set(start) <= set(FIELDS)
    names = file.read_text().splitlines()[1]
    assert "TOCKDECK" not in names
    assert "TOKEN" not in names
    assert "'LC_TIME'" in names
    assert said == []
    # Closed: nothing is begun any more, and closing again is nothing.
    hooks.settled(change("trackmypeople.start"))
    hooks.close()
    assert len(told(file)) == 3


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("/nowhere/at-all", "cannot be run (No such file or directory)"),
        ("'unclosed", "cannot be run (No closing quotation)"),
        (shlex.join([sys.executable, "-I", "-S", "-c", "raise SystemExit(3)"]),
         "ended with the status 3"),
    ],
)  # fmt: skip
def test_what_fails_is_said_once_and_the_next_is_run(
    tmp_path: Path, command: str, why: str
) -> None:
    file, said = tmp_path / "told", list[str]()
    hooks = Hooks(Settings(start=command, changed=writing(file), seconds=PATIENT), said.append)
    hooks.settled(change("trackmypeople.start"))
    hooks.settled(change("trackmypeople.start"))
    hooks.close()
    assert said == [f"The command of hooks.start {why}. This is said once."]
    assert len(told(file)) == 2


def test_one_that_never_ends_is_ended_and_nobody_waits_to_tell_it() -> None:
    said = list[str]()
    waits = shlex.join([sys.executable, "-I", "-S", "-c", "import signal; signal.pause()"])
    hooks = Hooks(Settings(start=waits, seconds=0.2), said.append)
    hooks.settled(change("trackmypeople.start"))
    assert hooks._thread is not None
    hooks._thread.join(0.0)
    assert hooks._thread.is_alive() or said, "it was not waited for"
    hooks._waiting.put(None)
    hooks._thread.join()
    assert said == [
        "The command of hooks.start took longer than hooks.seconds (0.2) and was ended. This is "
        "said once."
    ]


def test_none_wanted_is_none_run() -> None:
    hooks = Hooks(Settings(), lambda _text: None)
    hooks.settled(change("trackmypeople.start"))
    assert not hooks.wanted
    assert hooks._thread is None
    hooks.close()


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


async def test_a_change_is_told_once_when_it_is_settled_and_so_is_its_undo(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    file = tmp_path / "told"
    workspace = workspace_of(
        server,
        tmp_path,
        hooks__changed=writing(file),
        hooks__unknown=writing(file),
        hooks__seconds=f"{PATIENT}",
    )
    service = await workspace.connections.timesheets()
    history = workspace.history
    made = await history.write("New Petrel", partial(service.client.create, "Petrel"))
    seen = await service.client.info(made.id)
    await history.write(
        "Change Petrel",
        partial(service.client.update, made.id, name="Fulmar"),
        seen={"name": seen.name},
    )
    await history.undo()

    async def lost(*_arguments: object, **_named: object) -> None:
        raise OutcomeUnknown("The answer was lost.", service="timesheets")

    begun = (await history.sender.begin([change_of(history, made.id)]))[0]
    with pytest.raises(OutcomeUnknown):
        await history.sender.send(begun, lost)
    await workspace.close()
    events = [(one["event"], one["title"], one["state"], bool(one["undoes"])) for one in told(file)]
    assert events[:2] == [
        ("changed", "New Petrel", "done", False),
        ("changed", "Change Petrel", "done", False),
    ]
    assert (events[2][0], events[2][2:]) == ("changed", ("done", True))
    assert events[3] == ("unknown", "Change it again", "unknown", False)
    assert len(events) == 4


def change_of(history: Any, number: int) -> Change:
    """One that is about to be sent."""
    (latest, *_) = history.changes.newest(1)
    return Change(
        id="unsent",
        sequence=0,
        time=datetime.now(UTC),
        owner=latest.owner,
        operation="timesheets.client.update",
        title="Change it again",
        arguments={"client_id": number, "name": "Auk"},
        record=f"client/{number}",
        before={"name": "Petrel"},
        wanted={"name": "Auk"},
    )
