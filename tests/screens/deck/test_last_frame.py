"""What is kept for the first moment of the next start holds nothing that is secret or passes."""

from __future__ import annotations

import os
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets._toast import Toast

from tests.deck import deck_of, loaded, opened, screen_text, until
from tests.harness import EmbeddedServer
from tests.widgets.test_sgr import Shown
from tests.widgets.test_terminal_cells import inked
from tui import first_moment
from tui.app import Tockdeck
from tui.screens.deck.last_frame import KEPT, keep
from tui.widgets.filterline import FilterLine

NEVER = "hush-hush"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*os.environ]:
        if name.startswith("TOCKDECK_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TOCKDECK_HOME", str(tmp_path))


def kept(pilot: Pilot[Any], folder: Path, scope: str) -> str:
    """The text of what is kept of the screen that is shown; nothing where none is."""
    app = pilot.app
    keep(app.screen_stack[0], scope, app.size, instant=True)
    file = folder / "cache" / first_moment.NAME
    if not file.exists():
        return ""
    assert file.stat().st_mode & 0o077 == 0, "nobody else can read it"
    shown = file.read_bytes().decode().split("\n", 3)[3]
    # pyte erases no cell that was never written.
    blank = "".join(f"\x1b[{row + 1};1H{' ' * app.size.width}" for row in range(app.size.height))
    before = first_moment.TAKE + blank
    same, frame = (Shown(size=app.size).after(before + one) for one in shown.split("\0"))
    assert inked(same) == inked(frame), "in few bytes, and line by line"
    return re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "\n", shown)


async def test_no_secret_and_nothing_that_passes_is_kept_of_any_screen(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    secrets = {
        value
        for name, value in asdict(server.credentials).items()
        if len(value) > 8 and "email" not in name
    }
    assert len(secrets) > 8
    # The server's own widgets too: all screens, also those with nothing to keep.
    async with opened(deck_of(server, tmp_path), notifications=True) as pilot:
        app = pilot.app
        assert isinstance(app, Tockdeck)
        for scope in (*KEPT[1:], "today"):
            await app.go_to(scope)
            await loaded(pilot)
            text = kept(pilot, tmp_path, scope)
            assert scope == app.screen_stack[0].SCOPE
            assert "Today" in text, "the tabs"
            assert not [one for one in secrets if one in text], scope
        # What was said, and what was typed to narrow a list.
        await until(pilot, lambda: app.focused is not None, "something has the focus")
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(app.focused, FilterLine), "the filter is open")
        await pilot.press(*"zzz")
        line = app.focused
        assert isinstance(line, FilterLine)
        await until(pilot, lambda: line.value == "zzz")
        line.value = f"{NEVER} typed"
        app.notify(f"{NEVER} told", markup=False, timeout=600)
        await until(pilot, lambda: bool(app.screen.query(Toast)), "the toast is there")
        app.screen.flash(f"{NEVER} said")
        await until(pilot, lambda: screen_text(pilot).count(NEVER) == 3, "all three are seen")
        text = kept(pilot, tmp_path, "today")
        assert "Today" in text
        assert NEVER not in text
        # Books may show what only a password of theirs has opened; and a person may want none.
        assert kept(pilot, tmp_path, "books") == ""
        kept(pilot, tmp_path, "today")
        keep(app.screen_stack[0], "today", app.size, instant=False)
        assert not (tmp_path / "cache" / first_moment.NAME).exists()
