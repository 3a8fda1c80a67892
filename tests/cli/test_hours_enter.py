"""`tockdeck hours enter`: said first, then entered once."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

import pytest

from tests.cli.conftest import Shell, Terminal
from tests.harness import EmbeddedServer
from tests.workspace.timesheet import booked, entries_of
from tui.cli import DONE, REFUSED, UNREACHABLE, USAGE

WEEK = ("--from", "2026-11-16", "--to", "2026-11-22")
TASKS = ("--task", "berth bookings=guest berths", "--task", "cutting list=shop front/sketches")


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with booked() as started:
        yield started


def test_what_would_be_entered_is_said_and_then_entered_once(
    connected: Shell, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected.set({"TOCKDECK_DECK_TIME_ZONE": "UTC"})
    said = connected.run("hours", "enter", *WEEK, "--dry-run")
    assert said.status == DONE
    assert said.out.splitlines()[0].split()[:3] == ["becomes", "from", "time"]
    assert "Berth bookings › Booking form=TASK' says which task it is" in said.err
    said = connected.run("hours", "enter", *WEEK, *TASKS, "--round", "up 15", "--dry-run")
    assert "each block up to 15 min: 3 blocks to enter, 3:33 h as 3:45 h, EUR 234.38" in said.err
    clients = connected.home / "config" / "clients.toml"
    clients.parent.mkdir(parents=True, exist_ok=True)
    clients.write_text("".join(f'[{number}]\ncurrency = "JPY"\n' for number in range(1, 100)))
    yen = connected.run("hours", "enter", *WEEK, *TASKS, "--round", "up 15", "--dry-run")
    assert "3:33 h as 3:45 h, JPY 235" in yen.err, "78 + 63 + 94, each block to a yen"
    clients.unlink()
    assert "nothing was entered" in said.err
    assert entries_of(server) == []
    said = connected.run("hours", "enter", *WEEK, "--round", "up 15")
    assert (said.status, "--yes enters what is new" in said.err) == (USAGE, True)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(Terminal(b"no\n")))
    said = connected.run("hours", "enter", *WEEK, "--round", "up 15")
    assert "Enter 3 blocks into the timesheet? [y/N]" in said.err
    assert (said.status, entries_of(server)) == (REFUSED, [])
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(Terminal(b"y\n")))
    said = connected.run("hours", "enter", *WEEK, "--round", "up 15", "--json")
    told = json.loads(said.out)
    assert [one["state"] for one in told["blocks"]] == ["entered now"] * 3 + ["runs"]
    first = told["blocks"][0]
    assert (first["seconds"], first["rounded_seconds"], first["amount"]) == (4260, 4500, "78.13")
    assert first["task"] == "Pinehaven Marina › Berth planner › Guest berths"
    assert "3 blocks were entered, 3:45 h." in said.err
    assert len(entries_of(server)) == 3
    monkeypatch.setattr("sys.stdin", io.StringIO())
    said = connected.run("hours", "enter", "--period", "2026-W47", "--round", "none", "--json")
    again = json.loads(said.out)
    assert (said.status, again["entered"]) == (DONE, False)
    assert [one["entry"] for one in again["blocks"][:3]] == [
        one["entry"] for one in told["blocks"][:3]
    ]
    assert len(entries_of(server)) == 3
    # By whose clock a schedule holds is the service's to say: what it has is priced as it says.
    with server.context.database.write() as connection:
        schedule, amount = connection.execute(
            "SELECT schedule_id, amount FROM timesheets_rates"
            " WHERE user_id = 1 AND duration_unit = 'hours' ORDER BY id LIMIT 1"
        ).fetchone()
        connection.execute(
            "UPDATE timesheets_entries SET schedule_id = ? WHERE id = ?", (schedule, first["entry"])
        )
    priced = json.loads(connected.run("hours", "enter", *WEEK, "--round", "up 15", "--json").out)
    assert Decimal(priced["blocks"][0]["rate"]) == Decimal(amount)
    assert priced["blocks"][1]["rate"] == first["rate"], "the others by the hourly rate"


def test_what_was_not_entered_is_said_and_not_taken_for_done(
    connected: Shell, server: EmbeddedServer
) -> None:
    connected.set({"TOCKDECK_DECK_TIME_ZONE": "UTC"})
    said = connected.run("hours", "enter", *WEEK, *TASKS[:2], "--yes")
    assert (said.status, len(entries_of(server))) == (REFUSED, 2), "one block has no task"
    file = next(connected.home.rglob("changes.db"))
    with closing(sqlite3.connect(file)) as changes, changes:
        # As a run that was killed leaves them: begun, and never sent.
        bodies = changes.execute("SELECT sequence, body FROM changes").fetchall()
        for sequence, body in bodies:
            assert b'"done"' in body
            changes.execute(
                "UPDATE changes SET state = 'waiting', body = ? WHERE sequence = ?",
                (body.replace(b'"done"', b'"waiting"'), sequence),
            )
    said = connected.run("hours", "enter", *WEEK, *TASKS, "--dry-run")
    assert "2 blocks not sent yet: `tockdeck changes send` sends them" in said.err
    assert "not sent: see Changes (tockdeck changes)" in said.out
    said = connected.run("hours", "enter", *WEEK, "--yes")
    assert (said.status, len(entries_of(server))) == (UNREACHABLE, 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["file.csv"], "name no file"),
        (["--csv"], "as a table or with --json"),
        (["--period", "soonish"], "Write a period as"),
        (["--round", "down"], "--round: Write a rounding"),
        (["--task", "x"], "write TRACKER=TASK"),
        (["--task", "booking form=guest"], "2 tasks fit 'guest'"),
        (["--task", "booking form=nonsense"], "no task is called 'nonsense'; some are "),
        (
            ["--task", "booking form=gest berths"],
            "near is Pinehaven Marina › Berth planner › Guest",
        ),
        (["--task", "nobody=guest berths"], "no tracker is called 'nobody'"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    connected: Shell, server: EmbeddedServer, words: list[str], said: str
) -> None:
    outcome = connected.run("hours", "enter", *words)
    assert outcome.status in (USAGE, REFUSED)
    assert said in outcome.err
    assert entries_of(server) == []
