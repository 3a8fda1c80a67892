"""A person's editor is given a text, and nothing of it is lost however it ends."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tui.widgets.outside import Editor, chosen_editor, edit, status_text


class Suspended:
    """An application that gives its terminal away."""

    @contextmanager
    def suspend(self) -> Iterator[None]:
        yield


def editor(code: str) -> Editor:
    """An editor that runs some Python with the file's path in `file`."""
    begin = "import os, pathlib, sys; file = pathlib.Path(sys.argv[1]); "
    return Editor((sys.executable, "-S", "-c", begin + code))


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def left(tmp_path: Path) -> list[Path]:
    return [one for one in tmp_path.rglob("*") if one.is_file()]


@pytest.mark.parametrize(
    ("code", "text", "trouble"),
    [
        ("pass", "as it was", ""),
        ("file.write_text('another\\n')", "another", ""),
        ("file.write_bytes(b'a\\r\\nb\\r\\n')", "a\r\nb", ""),
        ("file.write_text('saved'); sys.exit(3)", "saved", "ended with status 3: what it"),
        ("file.write_text('saved'); os.kill(os.getpid(), 9)", "saved", "ended with signal SIGKILL"),
        ("sys.exit(0o77 & (file.stat().st_mode | file.parent.stat().st_mode))", "as it was", ""),
        ("file.unlink()", "as it was", "left no file behind"),
    ],
)  # fmt: skip
def test_what_was_saved_counts(code: str, text: str, trouble: str, tmp_path: Path) -> None:
    app: Any = Suspended()
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTSTP)
    came = edit(app, editor(code), "as it was")
    assert (came.text, bool(came.trouble)) == (text, bool(trouble))
    assert trouble in came.trouble
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTSTP)) == before
    assert left(tmp_path) == []


@pytest.mark.parametrize("text", ["", "\n", "a\n", "a\r\nb", "\x1b[31m [b] \u202e é\u0000"])
def test_what_was_not_changed_is_the_same(text: str, tmp_path: Path) -> None:
    app: Any = Suspended()
    assert edit(app, editor("pass"), text) == (text, "")
    # Editors end the last line too, and nobody has changed anything by that.
    ended = edit(
        app, editor("file.open('ab').write(b'\\n' * (file.read_bytes()[-1:] != b'\\n'))"), text
    )
    assert ended == (text, "")
    assert left(tmp_path) == []


def test_what_is_no_text_stays_where_it_is(tmp_path: Path) -> None:
    app: Any = Suspended()
    came = edit(app, editor("file.write_bytes(b'caf\\xe9')"), "as it was")
    (file,) = left(tmp_path)
    assert came.text == "as it was"
    assert str(file) in came.trouble
    assert file.read_bytes() == b"caf\xe9"
    nowhere = edit(app, Editor(("/nowhere/at-all",)), "as it was")
    assert (nowhere.text, "could not be started" in nowhere.trouble) == ("as it was", True)


def test_the_editor_is_the_persons(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("mine", "other", "nano"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("VISUAL", "mine --wait 'a b'")
    monkeypatch.setenv("EDITOR", "other")
    assert chosen_editor() == Editor(("mine", "--wait", "a b"))
    monkeypatch.setenv("VISUAL", "'unbalanced")
    assert chosen_editor() == Editor(("other",))
    monkeypatch.setenv("EDITOR", "not-installed")
    found = chosen_editor()
    assert found is not None
    assert found.name == "nano"
    (tmp_path / "nano").unlink()
    assert chosen_editor() is None
    assert [status_text(one) for one in (1, -9, -250)] == [
        "status 1",
        "signal SIGKILL",
        "signal 250",
    ]
