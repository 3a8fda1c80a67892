"""`tockdeck disconnect`: what the deck keeps of a service goes, what a person wrote stays."""

from __future__ import annotations

import asyncio
import io
import sys
import tomllib

import pytest

from tests.changes import put, some_change
from tests.cli.conftest import Shell
from tui.cli import DONE, REFUSED, USAGE
from tui.cli.settings import settings_of
from tui.config.connect import keep_connection
from tui.workspace.workspace import Workspace


def set_up(shell: Shell) -> None:
    """Two services, as the deck keeps them."""
    file = shell.home / "data" / "connections.toml"
    keep_connection(file, "igtimi", {"access_token": "rosebud"})
    keep_connection(file, "timetonic", {"login": "demo"})


def kept(shell: Shell) -> set[str]:
    """The services that the deck's own file has."""
    return set(tomllib.loads((shell.home / "data" / "connections.toml").read_text()))


class Asked(io.StringIO):
    """A terminal at which this was typed."""

    def isatty(self) -> bool:
        return True


def test_without_a_person_nothing_is_forgotten(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(shell)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert shell.run("disconnect", "igtimi").status == USAGE
    monkeypatch.setattr(sys, "stdin", Asked("n\n"))
    said = shell.run("disconnect", "igtimi")
    assert (said.status, said.out) == (REFUSED, "")
    assert "Igtimi stays connected" in said.err
    assert kept(shell) == {"igtimi", "timetonic"}


@pytest.mark.parametrize(("words", "typed"), [((), "y\n"), (("--yes",), "")])
def test_one_service_goes_and_the_others_stay(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], typed: str
) -> None:
    set_up(shell)
    file = shell.home / "config" / "config.toml"
    file.parent.mkdir()
    file.write_text('[igtimi]\ndialect = "riot"\n')
    monkeypatch.setattr(sys, "stdin", Asked(typed))
    said = shell.run("disconnect", "igtimi", *words)
    assert (said.status, said.out) == (DONE, "Igtimi is disconnected.\n")
    assert f"It is still set up: {file} sets dialect." in said.err
    assert kept(shell) == {"timetonic"}
    assert "dialect" in file.read_text()
    again = shell.run("disconnect", "igtimi")
    assert (again.status, kept(shell)) == (DONE, {"timetonic"})
    assert "nothing to forget" in again.out


def test_a_service_that_there_is_not_is_named(shell: Shell) -> None:
    assert shell.run("disconnect", "outlook").status == USAGE


@pytest.mark.parametrize(
    ("words", "typed", "status", "states"),
    [
        (("--yes",), "", USAGE, ["waiting", "unknown"]),
        (("--yes", "--waiting", "keep"), "", DONE, ["waiting", "unknown"]),
        (("--yes", "--waiting", "drop"), "", DONE, ["dropped", "dropped"]),
        ((), "y\nno\n", REFUSED, ["waiting", "unknown"]),
        ((), "y\ndrop\n", DONE, ["dropped", "dropped"]),
        (("--yes", "--waiting", "send"), "", REFUSED, ["waiting", "unknown"]),
    ],
)
def test_it_is_asked_what_becomes_of_what_waits(
    shell: Shell,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    typed: str,
    status: int,
    states: list[str],
) -> None:
    set_up(shell)
    workspace = Workspace(*settings_of({}, None, []))
    owner = workspace.connections.account("igtimi")
    waiting, unknown, other = put(
        workspace,
        [
            some_change(
                workspace, title, owner=account, operation="igtimi.groups.create", state=state,
                held=True,
            )
            for title, account, state in [
                ("New group", owner, "waiting"), ("Other", owner, "unknown"),
                ("Another's", "igtimi@elsewhere", "waiting"),
            ]
        ],
    )  # fmt: skip
    asyncio.run(workspace.close())
    monkeypatch.setattr(sys, "stdin", Asked(typed))
    said = shell.run("disconnect", "igtimi", *words)
    assert said.status == status, said.err
    assert ("igtimi" in kept(shell)) is (status != DONE)
    if status == USAGE:
        assert "2 changes of Igtimi not settled: say --waiting send, keep or drop" in said.err
    after = [workspace.history.changes.get(one.id) for one in (waiting, unknown, other)]
    assert [one.state for one in after if one is not None] == [*states, "waiting"]
    asyncio.run(workspace.close())
