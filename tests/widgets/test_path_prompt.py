"""Completing paths: as far as only one way leads on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.widgets import path_prompt
from tui.widgets.path_prompt import completed


def test_a_path_is_completed_as_far_as_one_way_leads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hours 2026").mkdir()
    (tmp_path / "hours 2026" / "étude.csv").touch()
    for name in ("log-a.csv", "log-b.csv", ".hidden"):
        (tmp_path / name).touch()
    here = str(tmp_path)
    assert completed(f"{here}/h") == (f"{here}/hours 2026/", ["hours 2026/"])
    assert completed(f"{here}/hours 2026/") == (f"{here}/hours 2026/étude.csv", ["étude.csv"])
    assert completed(f"{here}/l") == (f"{here}/log-", ["log-a.csv", "log-b.csv"])
    assert completed(f"{here}/") == (f"{here}/", ["hours 2026/", "log-a.csv", "log-b.csv"])
    assert completed(f"{here}/.h") == (f"{here}/.hidden", [".hidden"])
    for typed in (f"{here}/x", f"{here}/none/x", "/\0", "~nobody-is-called-so/x"):
        assert completed(typed) == (typed, [])
    monkeypatch.chdir(tmp_path)
    assert completed("log-a") == ("log-a.csv", ["log-a.csv"])
    monkeypatch.setenv("HOME", here)
    assert completed("~/log-b") == ("~/log-b.csv", ["log-b.csv"])
    monkeypatch.setattr(path_prompt, "MOST_LOOKED_AT", 2)
    assert completed(f"{here}/l") == (f"{here}/l", []), "of very many nothing is read"
