"""`tockdeck table`: a table by its names out of the shell."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.harness import EmbeddedServer
from tui.cli import DONE, REFUSED, USAGE


@pytest.fixture
def shell(
    server: EmbeddedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    server.reset()
    found = Shell(tmp_path, monkeypatch, capsys)
    found.use(server)
    return found


def test_a_table_is_written_by_its_names(shell: Shell, tmp_path: Path) -> None:
    ran = shell.run(
        "table", "seabright fleet/fleet MAINTENANCE", "--where", "Status=Done", "--columns",
        "Task,Boat", "--sort", "-Task",
    )  # fmt: skip
    assert ran.status == DONE, ran.err
    rows = list(csv.DictReader(StringIO(ran.out)))
    assert list(rows[0]) == ["row id", "Task", "Boat", "Boat (row ids)"]
    tasks = [row["Task"].casefold() for row in rows]
    assert tasks == sorted(tasks, reverse=True)
    assert f"{len(rows)} rows" in ran.err
    file = tmp_path / "all.json"
    assert (
        shell.run("table", "Seabright Fleet/Boats", "--to", "json", "-o", str(file)).status == DONE
    )
    assert len(json.loads(file.read_text())) == 14
    assert file.stat().st_mode & 0o777 == 0o600
    wrong = shell.run("table", "Seabright Fleet/Boots")
    assert wrong.status == USAGE
    assert "'Boats'?" in wrong.err
    assert shell.run("table", "Nobody/Boats").status == USAGE
    assert shell.run("table", "Boats").status == USAGE
    nothing = shell.run("table", "Seabright Fleet/Boats", "--where", "Nme=x")
    assert nothing.status == REFUSED
    assert "is no condition on a column" in nothing.err
