"""A screen that is gone to for the first time costs its own widgets, and no other's styles."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.screen import Screen

from tests.deck import deck_of, loaded, opened, until
from tests.harness import EmbeddedServer
from tui.app import Tockdeck
from tui.screens.base import deck_screen


def styles_of(screen: DOMNode) -> dict[DOMNode, dict[str, Any]]:
    """What the style sheets say of a screen and all that is in it."""
    nodes = screen.walk_children(with_self=True)
    return {node: dict(node.styles.base.get_rules()) for node in nodes}


def is_another(app: Tockdeck, before: Screen[Any]) -> bool:
    """Whether another screen of the deck is in front."""
    return app.screen is not before and deck_screen(app) is app.screen


async def test_no_style_sheet_is_read_again_and_what_is_new_is_styled_all_the_same(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[str] = []
    reparse = Stylesheet.reparse

    def counted(self: Stylesheet) -> None:
        again.append("read")
        reparse(self)

    monkeypatch.setattr(Stylesheet, "reparse", counted)
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        for key in "2345671":
            before = app.screen
            await pilot.press(key)
            await until(pilot, partial(is_another, app, before), key)
            await loaded(pilot)
            assert again == []
            styles = styles_of(app.screen)
            app.refresh_css(animate=False)
            assert again == ["read"]
            assert styles_of(app.screen) == styles
            again.clear()
