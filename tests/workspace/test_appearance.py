"""The theme that a person changed to stays, until the configuration names another one."""

from __future__ import annotations

from pathlib import Path

from tui.workspace.appearance import Appearance


def test_a_theme_stays_while_the_settings_name_the_same_one(tmp_path: Path) -> None:
    file = tmp_path / "state" / "theme"
    assert Appearance(file, "nightwatch").theme == "nightwatch"
    Appearance(file, "nightwatch").keep("ember")
    assert Appearance(file, "nightwatch").theme == "ember"
    assert Appearance(file, "daylight").theme == "daylight"


def test_a_file_that_is_none_of_ours_changes_nothing(tmp_path: Path) -> None:
    for content in (b"", b"\xff\xfe", b"nightwatch", b"nightwatch\n"):
        (tmp_path / "theme").write_bytes(content)
        assert Appearance(tmp_path / "theme", "nightwatch").theme == "nightwatch"
    (tmp_path / "file").write_text("")
    Appearance(tmp_path / "file" / "theme", "nightwatch").keep("ember")
