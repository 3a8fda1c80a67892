"""One embedded server for the tests of a module, and a clipboard that notes what it gets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import EmbeddedServer
from tui.screens import clipboard


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """All five services with the sample workspace."""
    with EmbeddedServer() as running:
        yield running


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was copied, in place of a clipboard."""
    texts: list[str] = []

    async def copy(_app: object, text: str, _folder: Path) -> str:
        texts.append(text)
        return "Copied."

    monkeypatch.setattr(clipboard, "copy", copy)
    return texts
