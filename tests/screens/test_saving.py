"""Paths as they are shown to a person."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tui.screens.asking import Asking
from tui.screens.saving import shown, tell_where


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


def test_news_of_a_file_have_its_name_in_a_narrow_line() -> None:
    said: list[str] = []
    screen = SimpleNamespace(size=SimpleNamespace(width=60))
    asker = cast(Asking, SimpleNamespace(app=screen, flash=lambda text, _role: said.append(text)))
    path = Path("/") / "far" / ("away " * 20) / "hours-2026-11.csv"
    tell_where(asker, path, lambda where: f"3 entries written to {where}.", "good")
    tell_where(asker, path, lambda where: f"3 entries written to {where}; and more.", "good")
    tell_where(asker, Path("/far/a.csv"), lambda where: f"Saved {where}.", "good")
    assert [len(one) for one in said] == [57, 57, 17]
    assert all(one.startswith("3 entries written to /") for one in said[:2])
    assert said[0].endswith("/hours-2026-11.csv.")
    assert said[1].endswith("/hours-2026-11.csv; and more.")
