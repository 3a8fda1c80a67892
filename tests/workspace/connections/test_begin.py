"""At the very first start the embedded services begin before a screen asks them for something."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deck import locations_in
from tui.config.load import load
from tui.services.errors import ConnectionFailed
from tui.workspace.beginning import begin_services
from tui.workspace.cache_files import ANSWERS
from tui.workspace.connections.embedded_services import EmbeddedServices
from tui.workspace.workspace import Workspace

OWN = {"timetonic.base_url": "https://books.example.org"}


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Whose services were looked for; none can be started here."""
    found: list[Path] = []

    async def ensure(self: EmbeddedServices) -> None:
        found.append(self.directory)
        raise ConnectionFailed("none is started here", service="embedded")

    monkeypatch.setattr(EmbeddedServices, "ensure", ensure)
    return found


def workspace_in(folder: Path, **flags: str) -> Workspace:
    loaded = load(folder / "config.toml", flags=flags, environment={})
    return Workspace(loaded, locations_in(folder))


@pytest.mark.parametrize("room", ["today", "books", "live"])
async def test_they_begin_where_nothing_is_kept_to_be_shown(
    tmp_path: Path, begun: list[Path], room: str
) -> None:
    await begin_services(workspace_in(tmp_path), room)
    assert begun == [locations_in(tmp_path).embedded]


async def test_where_something_is_kept_that_is_shown_first(
    tmp_path: Path, begun: list[Path]
) -> None:
    cache = locations_in(tmp_path).cache
    cache.mkdir(parents=True)
    (cache / ANSWERS).touch()
    await begin_services(workspace_in(tmp_path), "today")
    assert begun == []


async def test_they_are_not_begun_for_a_room_that_asks_a_service_of_ones_own(
    tmp_path: Path, begun: list[Path]
) -> None:
    own = workspace_in(tmp_path, **OWN, **{"embedded.use": "always"})
    await begin_services(own, "books")
    assert begun == []
    await begin_services(own, "today")
    assert len(begun) == 1
    await begin_services(workspace_in(tmp_path, **{"embedded.use": "never"}), "today")
    assert len(begun) == 1
