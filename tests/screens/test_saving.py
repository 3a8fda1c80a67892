"""Paths as they are shown to a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.screens.saving import shown


def test_a_path_is_shown_from_here_or_from_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, home = tmp_path / "here", tmp_path / "home"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(home))
    assert shown(here / "a" / "b.csv") == "a/b.csv"
    assert shown(home / "b.csv") == "~/b.csv"
    assert shown(Path("/elsewhere/b.csv")) == "/elsewhere/b.csv"
    here.rmdir()
    assert shown(home / "b.csv") == "~/b.csv"
    assert shown(Path("/elsewhere/b.csv")) == "/elsewhere/b.csv"
