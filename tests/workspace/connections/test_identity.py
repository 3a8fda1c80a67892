"""The account of embedded data is another when the data are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deck import locations_in
from tui.config.load import load
from tui.config.settings import SERVICES
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


@pytest.mark.parametrize(
    ("flags", "shown"),
    [
        ({}, list(SERVICES)),
        ({"ticktocker.user": "me"}, []),
        (
            {"ticktocker.user": "me", "embedded.use": "always"},
            [one for one in SERVICES if one != "ticktocker"],
        ),
        ({"embedded.use": "never"}, []),
    ],
)
def test_the_sample_is_shown_only_where_nothing_else_is_set_up(
    tmp_path: Path, flags: dict[str, str], shown: list[str]
) -> None:
    if "ticktocker.user" in flags:
        more = ("base_url", "password", "api_key", "application_token")
        flags = flags | {f"ticktocker.{name}": "https://example.org" for name in more}
    loaded = load(tmp_path / "config.toml", flags=flags, environment={})
    connections = Connections(loaded, locations_in(tmp_path))
    assert connections.shows_sample() == [], "nothing is there yet"
    file = tmp_path / "data" / "embedded" / "data.json"
    file.parent.mkdir(parents=True)
    for text, is_sample in (("true", True), ("false", False), ('"true"', False), ("1", False)):
        file.write_text(f'{{"identity": "first", "sample": {text}}}')
        assert connections.shows_sample() == (shown if is_sample else [])
    file.write_text('{"identity": "first"}')
    assert connections.shows_sample() == [], "of an earlier version"
