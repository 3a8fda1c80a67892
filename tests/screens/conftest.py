"""One embedded server for the tests of a module, the way to it, and a noted clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import EmbeddedServer
from tests.workspace.ways import way
from tui.screens import clipboard
from tui.workspace import beginning

__all__ = ["way"]


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """All five services with the sample workspace."""
    with EmbeddedServer() as running:
        yield running


@pytest.fixture(autouse=True)
def _none_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deck here has the server above or none: a process of its own would outlive the test."""

    async def begin_services(*_: object) -> None:
        """Whoever needs them starts them when asking."""

    monkeypatch.setattr(beginning, "begin_services", begin_services)


@pytest.fixture
def as_at_the_start(server: EmbeddedServer) -> None:
    """The sample as it was before any test."""
    server.reset()


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was copied, in place of a clipboard."""
    texts: list[str] = []

    async def copy(_app: object, text: str, _folder: Path) -> str:
        texts.append(text)
        return "Copied."

    monkeypatch.setattr(clipboard, "copy", copy)
    return texts
