"""At the very first start the embedded services begin before a screen asks them for something."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from io import BytesIO
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


async def test_what_starts_while_a_deck_ends_is_nobodys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on, read = threading.Event(), threading.Event(), threading.Event()

    class Said(BytesIO):
        def close(self) -> None:
            read.set()
            super().close()

    class Process:
        returncode: int | None = None
        pid = 1

        def __init__(self, *_words: object, **_how: object) -> None:
            started.append(self)
            self.stdout = Said(b'{"port": 1}\n')
            begun.set()
            goes_on.wait()

        def poll(self) -> int | None:
            return self.returncode

    started: list[Process] = []
    monkeypatch.setattr(subprocess, "Popen", Process)
    services = workspace_in(tmp_path).connections.embedded
    starting = asyncio.create_task(services.ensure())
    try:
        await asyncio.to_thread(begun.wait)
        starting.cancel()
        await services.close()
    finally:
        goes_on.set()
    await asyncio.to_thread(read.wait)
    # A thread ends with what it has begun: with this loop's others it is waited for.
    await asyncio.get_running_loop().shutdown_default_executor()
    assert [one.returncode for one in started] == [0], "it outlives the deck on purpose"


async def test_who_waits_for_a_start_that_fails_is_told_the_same_and_the_next_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: list[EmbeddedServices] = []

    def launch(self: EmbeddedServices) -> int:
        launched.append(self)
        raise self._unavailable("the directory cannot be written to", "Name another one.")

    monkeypatch.setattr(EmbeddedServices, "_launch", launch)
    services = workspace_in(tmp_path).connections.embedded
    waiting = [services.ensure() for _ in range(5)]
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert len(launched) == 1
    assert {(str(one), getattr(one, "advice", "")) for one in told} == {
        ("embedded: the directory cannot be written to", "Name another one.")
    }
    with pytest.raises(ConnectionFailed):
        await services.ensure()
    assert len(launched) == 2
