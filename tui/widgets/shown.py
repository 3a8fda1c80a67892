"""A frame on its way to the terminal, drawn with the colours and signs that there are."""

from __future__ import annotations

from collections.abc import Callable

from tui.terminal import Shown
from tui.widgets.theme import ThemeColours


def drawn(theme: ThemeColours, shown: Shown) -> Callable[[str], str] | None:
    """How a frame of a theme is drawn there; None: as it is."""
    shades = theme.shades(shown.depth, shown.console)
    return None if shades is None else shades.drawn
