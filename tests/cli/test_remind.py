"""`tockdeck remind`: reminders from the shell, and what of them the status bar shows."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import re
import shlex
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.cli.conftest import Shell
from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.cli import DONE, REFUSED, USAGE
from tui.store.reminders import Reminders
from tui.workspace.hooks import FIELDS
from tui.workspace.timers.running import Running
from tui.workspace.today.items import Item, Items, kept_under


@pytest.fixture
def kept(shell: Shell) -> Reminders:
    shell.set({"TOCKDECK_DECK_TIME_ZONE": "UTC"})
    return Reminders(shell.home / "data" / "reminders.json")


def test_one_is_kept_listed_put_off_done_and_taken_back(shell: Shell, kept: Reminders) -> None:
    nothing = shell.run("remind")
    assert (nothing.status, nothing.out, nothing.err) == (REFUSED, "", "")
    tried = shell.run("remind", "--dry-run", "tomorrow 9:00 call")
    assert (tried.status, kept.all()) == (DONE, [])
    said = shell.run("remind", "tomorrow 9:00", "call", "the sailmaker")
    assert said.status == DONE
    assert said.out.startswith("1: ")
    assert said.out.endswith(": call the sailmaker\n")
    assert said.out.removeprefix("1: ").partition(": call")[0] == tried.out.partition(": call")[0]
    assert shell.run("remind").status == REFUSED, "nothing is due yet"
    listed = shell.run("remind", "list")
    assert (listed.status, listed.err) == (DONE, "1 reminder\n")
    assert listed.out.splitlines()[1].split() == [
        "1",
        "tomorrow",
        "09:00",
        "call",
        "the",
        "sailmaker",
    ]
    later = shell.run("remind", "snooze", "1", "in", "3", "d")
    assert later.status == DONE
    assert later.out.startswith("Later: call the sailmaker, again ")
    assert shell.run("remind", "done", "1").out == "Done: call the sailmaker\n"
    assert shell.run("remind", "list").status == REFUSED
    assert shell.run("remind", "undo").out == "Undone: Done: call the sailmaker\n"
    assert shell.run("remind", "delete", "1").out == "Deleted: call the sailmaker\n"
    assert kept.all() == []


def test_alone_it_lists_what_is_due_and_says_so_by_its_status(
    shell: Shell, kept: Reminders
) -> None:
    kept.add(datetime.now(UTC) - timedelta(hours=2), "tea\x1b[31m #(x)")
    kept.add(datetime.now(UTC) + timedelta(days=2), "later")
    said = shell.run("remind")
    assert said.status == DONE
    assert said.out.splitlines()[1].startswith("1       2 h ago  tea")
    assert "\x1b" not in said.out
    assert "later" not in said.out
    found = json.loads(shell.run("remind", "list", "--json").out)
    assert [(one["number"], one["due"]) for one in found] == [(1, True), (2, False)]
    assert shell.run("status").out.startswith("! tea"), "though nothing is known of the timer"
    Running(as_of=datetime.now(UTC).timestamp(), day_total=300).keep(
        shell.home / "state" / "status.json"
    )
    line = shell.run("status").out
    assert line.startswith("○ today 0:05 · ! tea")
    assert "\x1b" not in line
    assert "#(" not in line
    assert len(json.loads(shell.run("status", "--json").out)["reminders"]) == 1
    kept.add(datetime.now(UTC) - timedelta(hours=1), "second")
    assert shell.run("status", "--format", "{reminder}").out.endswith(" and 1 more\n")


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (("call",), USAGE, "Write when and what"),
        (("",), USAGE, "Nothing was kept."),
        ((" ", ""), USAGE, "Nothing was kept."),
        (("yesterday 9:00 call",), USAGE, "write a later time. Nothing was kept."),
        (("tomorrow 9-10 call",), USAGE, "not from one to another. Nothing was kept."),
        (("done",), USAGE, "write NUMBER behind done"),
        (("done", "one"), USAGE, "write NUMBER behind done"),
        (("done", "1", "2"), USAGE, "takes one number"),
        (("snooze", "1"), USAGE, "write NUMBER and WHEN behind snooze"),
        (("list", "all"), USAGE, "behind list"),
        (("done", "7"), REFUSED, "there is no reminder 7"),
        (("done", "9" * 5000), REFUSED, "there is no reminder 9"),
        (("undo",), REFUSED, "nothing to undo"),
    ],
)
def test_what_is_not_meant_so_is_refused(
    shell: Shell, kept: Reminders, words: tuple[str, ...], status: int, why: str
) -> None:
    said = shell.run("remind", *words)
    assert (said.status, said.out) == (status, "")
    assert why in said.err
    assert kept.all() == []


def test_a_file_that_cannot_be_read_is_said(shell: Shell, kept: Reminders) -> None:
    kept.add(datetime.now(UTC), "x")
    (shell.home / "data" / "reminders.json").write_text("{", encoding="utf-8")
    for words in (("remind",), ("remind", "tomorrow 9:00 x"), ("remind", "undo")):
        said = shell.run(*words)
        assert said.status == REFUSED
        assert "reminders cannot be read" in said.err


def test_a_disk_that_is_full_is_said_in_words(
    shell: Shell, kept: Reminders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Reminders, "add", full)
    said = shell.run("remind", "tomorrow 9:00 x")
    assert (said.status, said.out) == (REFUSED, "")
    assert said.err == "tockdeck: Disk: The disk is full. Free space, then retry.\n"


def test_ring_tells_each_once_and_runs_the_persons_command(shell: Shell, kept: Reminders) -> None:
    kept.add(datetime.now(UTC) - timedelta(hours=2), "tea")
    kept.add(datetime.now(UTC) + timedelta(days=2), "later")
    file = shell.home / "told"
    writes = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"
    command = shlex.join([sys.executable, "-I", "-S", "-c", writes, str(file)])
    shell.set({"TOCKDECK_HOOKS_DUE": command, "TOCKDECK_HOOKS_SECONDS": "300"})
    said = shell.run("remind", "--ring", "--json")
    assert said.status == DONE
    assert [one["text"] for one in json.loads(said.out)] == ["tea"]
    (told,) = map(json.loads, file.read_text().splitlines())
    assert (told["event"], told["title"], told["version"]) == ("due", "tea", 1)
    assert set(told) <= set(FIELDS)
    assert datetime.fromisoformat(told["due"]) < datetime.now(UTC)
    again = shell.run("remind", "--ring")
    assert (again.status, again.out) == (REFUSED, "")
    assert len(file.read_text().splitlines()) == 1
    assert shell.run("remind").status == DONE, "it is due still"
    assert shell.run("remind", "--ring", "list").status == USAGE


def test_what_was_paid_since_the_invoices_were_read_is_not_rung_for(
    shell: Shell, server: EmbeddedServer
) -> None:
    server.reset()
    shell.use(server)
    workspace = workspace_of(server, shell.home)

    async def read() -> None:
        await workspace.today.part("invoices")
        await workspace.close()

    asyncio.run(read())
    listed = json.loads(shell.run("invoices", "--json").out)
    late = [one for one in listed if one["state"] == "overdue"]
    for one in late:
        assert shell.run("invoices", "pay", f"{one['id']}").status == DONE
    assert shell.run("remind", "--ring").status == REFUSED
    assert shell.run("invoices", "unpaid", f"{late[0]['id']}", "--yes").status == DONE
    again = shell.run("remind", "--ring")
    assert (again.status, late[0]["client"] in again.out) == (DONE, True)


def test_ring_knows_what_is_overdue_by_who_never_opens_today(afresh: Shell) -> None:
    assert afresh.run("remind", "--ring").status == REFUSED, "nothing was read yet"
    late = [
        one for one in json.loads(afresh.run("invoices", "--json").out)
        if one["state"] == "overdue"
    ]  # fmt: skip
    told = afresh.run("remind", "--ring")
    assert (told.status, f"and {len(late) - 1} more invoices" in told.out) == (DONE, True), told.out
    assert re.search(r"^Overdue +\w+ \d+ \w+( \d{4})? +\w", told.out, re.MULTILINE), "no hour"
    assert afresh.run("remind", "--ring").status == REFUSED, "it is said once"


def test_ring_gives_word_of_what_else_this_machine_knows(
    connected: Shell, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forgotten timer and what is overdue, once each; no service is asked."""
    programs, told = connected.home / "bin", connected.home / "told"
    programs.mkdir()
    (programs / "notify-send").write_text(f'#!/bin/sh\nshift 2; printf "%s|" "$@" >> "{told}"\n')
    (programs / "notify-send").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("TMUX", raising=False)
    heard = connected.home / "heard"
    writes = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"
    command = shlex.join([sys.executable, "-I", "-S", "-c", writes, str(heard)])
    connected.set({"TOCKDECK_HOOKS_OVERDUE": command, "TOCKDECK_HOOKS_SECONDS": "300"})
    connected.set({"TOCKDECK_DECK_NOTICES": "desktop"})
    workspace = workspace_of(server, connected.home)
    item = Item(key="7", title="<Fulmar>", when=datetime(2026, 1, 5, tzinfo=UTC),
                amount=Decimal("12.50"), currency="CHF")  # fmt: skip
    kept = Items(items=[item], total=1)

    async def read() -> None:
        async def fetch() -> Items:
            return kept

        key = kept_under(workspace.connections.account("timesheets"), "invoices")
        await workspace.reads.fresh(key, fetch)
        await workspace.close()

    asyncio.run(read())
    began = datetime.now(UTC) - timedelta(hours=30)
    Running(as_of=0.0, tracker="Booking", started_at=began.timestamp()).keep(
        connected.home / "state" / "status.json"
    )
    said = connected.run("remind", "--ring")
    assert said.status == DONE
    assert said.err == "2 notices\n"
    rows = [line.split()[0] for line in said.out.splitlines()[1:]]
    assert rows == ["Timer", "Overdue"]
    timer, words, overdue, late = told.read_text().split("|")[:4]
    assert (timer, overdue) == ("Timer", "Overdue")
    assert words.startswith("Booking runs ")
    assert late.startswith("&lt;Fulmar&gt;, ")
    (hook,) = map(json.loads, heard.read_text().splitlines())
    assert set(hook) <= set(FIELDS)
    assert (hook["event"], hook["record"]) == ("overdue", "timesheets/invoice/7")
    assert (hook["amount"], hook["currency"]) == ("12.50", "CHF")
    assert hook["days"] > 300
    again = connected.run("remind", "--ring", "--json")
    assert (again.status, json.loads(again.out)) == (REFUSED, [])
