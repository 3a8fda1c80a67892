"""What killed processes left half written: the next who writes the file takes it away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.terminal import ROOT
from tui.config.connect import keep_connection
from tui.embedded.credentials import Credentials
from tui.embedded.rendezvous import Endpoint, publish
from tui.store.changes import Changes
from tui.store.files import write_atomically


def put_back(path: Path) -> None:
    """A file of SQLite is taken away while it is open, and put back."""
    with closing(Changes(path)) as changes:
        assert changes.newest(1) == []
        path.unlink(missing_ok=True)
        assert changes.newest(1) == []


def endpoint(path: Path) -> None:
    publish(path.parent, Endpoint(8080, "http://127.0.0.1:8080", 1, "", ""))


WRITERS: dict[str, Callable[[Path], None]] = {
    "a.xlsx": lambda path: write_atomically(path, b"whole"),
    "changes.db": put_back,
    "connections.toml": lambda path: keep_connection(path, "timetonic", {"login": "somebody"}),
    "credentials.json": lambda path: Credentials().save(path),
    "endpoint.json": endpoint,
}


def killed_while_writing(file: Path) -> int:
    """A process of its own, which is killed just before what it has written takes its place."""
    code = (
        "import sys; from pathlib import Path; from tests import test_halves as the\n"
        "the.kill_before_it_is_whole(Path(sys.argv[1]))"
    )
    killed = subprocess.Popen([sys.executable, "-c", code, str(file)], cwd=ROOT)
    assert killed.wait() == -signal.SIGKILL
    return killed.pid


def kill_before_it_is_whole(file: Path) -> None:
    def kill(*_names: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with patch.object(Path, "replace", kill), patch("os.link", kill):
        WRITERS[file.name](file)


@pytest.mark.parametrize("name", WRITERS)
def test_what_a_killed_process_left_half_is_taken_away_by_the_next_who_writes_the_file(
    tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    left = tmp_path / f".{name}.{killed_while_writing(file)}.tockdeck"
    assert left.exists()
    if name == "changes.db":
        file.unlink(missing_ok=True)  # as it was when its deck was killed
    WRITERS[name](file)
    assert not left.exists()
    assert [one for one in tmp_path.iterdir() if one.name.startswith(f".{name}")] == []
