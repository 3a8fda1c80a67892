"""A frame on its way to the terminal, drawn with the colours and signs that there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tui.terminal import Shown
from tui.widgets.theme import ThemeColours


def drawn(theme: ThemeColours, shown: Shown) -> Callable[[str], str] | None:
    """How a frame of a theme is drawn there; None: as it is."""
    shades = theme.shades(shown.depth, shown.console)
    if shown.glyphs == "unicode":
        return None if shades is None else shades.drawn
    from tui.widgets.plain_signs import in_plain_signs

    if shades is None:
        return partial(in_plain_signs, encoding=shown.encoding)
    colours = shades.drawn
    return lambda frame: in_plain_signs(colours(frame), shown.encoding)
