"""In which zone the machine is that the embedded services run on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.embedded.zones import local_name


@pytest.mark.parametrize("written", ["Europe/Oslo", ":Europe/Oslo", "{link}", ":{link}", ":{file}"])
def test_a_zone_may_be_named_by_its_file(
    written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, link = tmp_path / "zoneinfo" / "Europe" / "Oslo", tmp_path / "localtime"
    link.symlink_to(file)
    monkeypatch.setenv("TZ", written.format(file=file, link=link))
    assert local_name() == "Europe/Oslo"


def test_what_names_no_zone_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    machine = local_name()
    for wrong in ("CET-1CEST", "/etc/passwd", "", ":"):
        monkeypatch.setenv("TZ", wrong)
        assert local_name() == machine
