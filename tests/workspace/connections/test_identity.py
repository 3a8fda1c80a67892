"""The account of embedded data is another when the data are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deck import locations_in
from tui.config.load import load
from tui.workspace.connections.connections import Connections


@pytest.fixture
def connections(tmp_path: Path) -> Connections:
    loaded = load(tmp_path / "config.toml", flags={}, environment={})
    return Connections(loaded, locations_in(tmp_path))


def test_the_account_names_the_embedded_data(tmp_path: Path, connections: Connections) -> None:
    file = tmp_path / "data" / "embedded" / "data.json"
    nobody_yet = connections.account("timesheets")
    assert nobody_yet == "timesheets@embedded:"
    file.parent.mkdir(parents=True)
    names = []
    for identity in ("first", "second"):
        file.write_text(f'{{"identity": "{identity}"}}')
        names.append(connections.account("timesheets"))
    first, second = names
    assert (first, second) == ("timesheets@embedded:first", "timesheets@embedded:second")
    assert connections.is_gone(first)
    assert not connections.is_gone(second)
    assert not connections.is_gone(nobody_yet)
    assert not connections.is_gone("timesheets@https://example.org:me")


@pytest.mark.parametrize("content", ["", "[1]", "{", '{"identity": '])
def test_a_name_that_cannot_be_read_is_none_and_nothing_is_gone(
    tmp_path: Path, connections: Connections, content: str
) -> None:
    file = tmp_path / "data" / "embedded" / "data.json"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    assert connections.account("igtimi") == "igtimi@embedded:"
    assert not connections.is_gone("igtimi@embedded:first")
