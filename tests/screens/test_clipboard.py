"""Copying: which way it went, and what is said where none works."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.app import App

from tui.screens import clipboard
from tui.screens.clipboard import TERMINAL_LIMIT, copy


class Terminal(App[object]):
    """What remembers the text that a terminal was sent."""

    sent = ""

    def copy_to_clipboard(self, text: str) -> None:
        self.sent = text


@pytest.fixture
def helpers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, and no session of any kind around."""
    for name in ("TMUX", "STY", "SSH_CONNECTION", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def helper(
    folder: Path, name: str, script: str = 'while read -r line; do echo "$line"; done'
) -> Path:
    """A helper that writes what it is given beside itself."""
    path = folder / name
    path.write_text(f'#!/bin/sh\n({script}) > "{folder}/{name}.copied"\n')
    path.chmod(0o755)
    return folder / f"{name}.copied"


@pytest.mark.parametrize(
    ("name", "variable", "way"),
    [
        ("tmux", "TMUX", "tmux's buffer, and sent them to the terminal"),
        ("wl-copy", "WAYLAND_DISPLAY", "the clipboard"),
        ("xclip", "DISPLAY", "the clipboard"),
        ("xsel", "DISPLAY", "the clipboard"),
        ("pbcopy", "", "the clipboard"),
    ],
)
async def test_the_way_is_told(
    helpers: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    variable: str,
    way: str,
) -> None:
    copied, app = helper(helpers, name), Terminal()
    if variable:
        monkeypatch.setenv(variable, "x")
    assert await copy(app, "é\n", tmp_path) == f"Copied 2 characters to {way}."
    assert copied.read_text() == "é\n"
    assert not app.sent


async def test_over_ssh_only_tmux_or_the_terminal_reach_the_person(
    helpers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied, app = helper(helpers, "xclip"), Terminal()
    monkeypatch.setenv("SSH_CONNECTION", "x")
    monkeypatch.setenv("DISPLAY", "x")
    assert (
        await copy(app, "abc", tmp_path)
        == "Sent 3 characters to the terminal's clipboard; it may not allow that."
    )
    assert app.sent == "abc"
    assert not copied.exists()
    monkeypatch.setenv("TMUX", "x")
    helper(helpers, "tmux")
    assert (await copy(app, "a", tmp_path)).startswith("Copied 1 character to tmux's buffer")


async def test_a_helper_that_fails_or_hangs_is_passed_by(
    helpers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "HELPER_SECONDS", 0.2)
    app = Terminal()
    monkeypatch.setenv("TMUX", "x")
    helper(helpers, "tmux", "exit 1")
    assert (await copy(app, "one", tmp_path)).startswith("Sent 3 characters to the terminal")
    # It reads its own file of no end, and never what it is given.
    helper(helpers, "tmux", "exec 3<>fifo; read -r line <&3")
    monkeypatch.chdir(helpers)
    assert (await copy(app, "two", tmp_path)).startswith("Sent 3 characters to the terminal")
    assert app.sent == "two"


async def test_more_than_terminals_take_is_not_cut(helpers: Path, tmp_path: Path) -> None:
    app = Terminal()
    assert (await copy(app, "x" * TERMINAL_LIMIT, tmp_path)).startswith("Sent 74,000 characters")
    said = await copy(app, "x" * (TERMINAL_LIMIT + 1), tmp_path)
    file = tmp_path / "copied.txt"
    assert said == (
        f"Not copied: 74,001 characters are more than terminals take. The text is in {file}."
    )
    assert len(app.sent) == TERMINAL_LIMIT
    assert file.read_text() == "x" * (TERMINAL_LIMIT + 1)
    assert file.stat().st_mode & 0o777 == 0o600
    # In the place of the folder stands a file.
    said = await copy(app, "x" * (TERMINAL_LIMIT + 1), file)
    assert said.startswith(
        "Not copied: 74,001 characters are more than terminals take, and no file"
    )


async def test_gnu_screen_is_given_what_it_hands_on(
    helpers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STY", "1.a")
    app, written = Terminal(), list[str]()
    monkeypatch.setattr(app, "_driver", SimpleNamespace(write=written.append))
    said = await copy(app, "é" * 277, tmp_path)
    assert said == "Sent 277 characters through GNU screen to the terminal, which may take them."
    (sent,) = written
    assert sent.startswith("\x1bP\x1b]52;c;")
    assert sent.endswith("\a\x1b\\")
    # What of a longest one arrived through GNU screen 4.9.0.
    assert len(sent) - len("\x1bP" + "\x1b\\") <= 763
    said = await copy(app, "é" * 278, tmp_path)
    assert said.startswith("Not copied: 278 characters are more than GNU screen hands on. The text")
    assert (tmp_path / "copied.txt").read_text() == "é" * 278
    assert len(written) == 1
    assert not app.sent
