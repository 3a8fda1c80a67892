"""`tockdeck store`: a backup is written, asked about, restored; what cannot be is said."""

from __future__ import annotations

import io
import secrets
import stat
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.cli.test_disconnect import Asked
from tui.cli import DONE, REFUSED, USAGE
from tui.config.connect import keep_connection
from tui.store.changes import Change, Changes


def changed(home: Path, title: str) -> None:
    with closing(Changes(home / "data" / "changes.db")) as changes:
        (begun,) = changes.begin(
            [
                Change(
                    id=secrets.token_hex(6),
                    sequence=0,
                    time=datetime.now(UTC),
                    owner="timesheets@x:me",
                    operation="timesheets.client.update",
                    title=title,
                )
            ]
        )
        changes.settle(begun, state="done", no_inverse="Nothing.")


def titles(home: Path) -> list[str]:
    with closing(Changes(home / "data" / "changes.db")) as changes:
        return [one.title for one in changes.newest(9)]


@pytest.fixture
def file(shell: Shell, tmp_path: Path) -> Path:
    """A backup of a machine of this person's."""
    shell.set({"TOCKDECK_HOME": str(tmp_path / "old")})
    changed(tmp_path / "old", "There")
    keep_connection(
        tmp_path / "old" / "data" / "connections.toml",
        "timetonic",
        {"login": "me", "base_url": "https://timetonic.com/live/api.php", "sesskey": "rosebud"},
    )
    said = shell.run("store", "backup", str(tmp_path / "backup.zip"))
    assert (said.status, said.out) == (DONE, f"{tmp_path / 'backup.zip'}: connections, changes.\n")
    assert "Passwords, keys, tokens and sessions are in no backup" in said.err
    shell.set({"TOCKDECK_HOME": str(shell.home / "new")})
    return tmp_path / "backup.zip"


def test_there_and_back(shell: Shell, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    said = shell.run("store", "restore", str(file))
    assert (said.status, said.out) == (DONE, f"Restored from {file}: connections, 1 change.\n")
    told = "TimeTonic is set up at https://timetonic.com, without what is secret: C in the deck"
    assert told in said.err
    assert titles(shell.home / "new") == ["There"]


def test_what_is_there_is_asked_about(
    shell: Shell, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(shell.home / "new", "Here")
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    said = shell.run("store", "restore", str(file))
    assert (said.status, said.out) == (USAGE, "")
    assert "say --yes" in said.err
    monkeypatch.setattr(sys, "stdin", Asked("n\n"))
    assert shell.run("store", "restore", str(file)).status == REFUSED
    assert titles(shell.home / "new") == ["Here"]
    monkeypatch.setattr(sys, "stdin", Asked("y\n"))
    said = shell.run("store", "restore", str(file))
    assert said.status == DONE
    assert "changes.before-restore-" in said.err
    assert titles(shell.home / "new") == ["There"]
    assert shell.run("store", "restore", str(file), "--yes").status == DONE


def test_a_backup_is_not_written_over_unasked(
    shell: Shell, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()
    monkeypatch.setattr(sys, "stdin", Asked("\n"))
    assert shell.run("store", "backup", str(file)).status == REFUSED
    assert file.read_bytes() == before
    said = shell.run("store", "backup", str(file), "--yes")
    assert (said.status, said.out) == (DONE, f"{file}: nothing yet.\n")


def test_a_folder_that_is_not_there_is_said_with_the_name_that_was_given(
    shell: Shell, tmp_path: Path
) -> None:
    wanted = tmp_path / "gone" / "backup.zip"
    said = shell.run("store", "backup", str(wanted))
    assert said.status == USAGE
    assert f"{wanted}: No such file or directory." in said.err


def test_what_cannot_be_restored_is_said_in_a_line(shell: Shell, file: Path) -> None:
    assert shell.run("store", "restore").status == USAGE
    said = shell.run("store", "restore", str(file.with_name("gone.zip")))
    assert (said.status, said.err.count("\n")) == (USAGE, 1)
    file.write_bytes(file.read_bytes()[:-30])
    said = shell.run("store", "restore", str(file), "--yes")
    assert (said.status, said.err.count("\n")) == (REFUSED, 1)
    assert "cannot be restored" in said.err
    assert "Nothing was changed" in said.err
    assert not (shell.home / "new" / "data" / "changes.db").exists()


def test_a_deck_that_is_open_is_said(shell: Shell, file: Path) -> None:
    with closing(Changes(shell.home / "new" / "data" / "changes.db")) as deck:
        deck.newest(1)
        said = shell.run("store", "restore", str(file), "--yes")
        assert said.status == REFUSED
        assert "is open. End it" in said.err
        shell.set({"TOCKDECK_HOME": str(shell.home / "old")})
        assert shell.run("store", "backup", str(file), "--yes").status == DONE, "that needs none"


def test_a_restore_that_was_broken_off_is_finished_first(shell: Shell, file: Path) -> None:
    from tui.config.locations import Locations
    from tui.workspace.backup import restore as module

    new = Locations.of_user()
    module._stage(file, new)
    assert titles(shell.home / "new") == []
    with closing(Changes(new.data / "changes.db")) as deck:
        deck.newest(1)
        said = shell.run("status")
        assert said.status == USAGE
        assert "when every other deck has ended" in said.err
    said = shell.run("config", "show")
    assert said.status == DONE
    assert "A restore that had been broken off is finished." in said.err
    assert titles(shell.home / "new") == ["There"]
    assert shell.run("config", "show").err == "", "once"
