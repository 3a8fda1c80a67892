"""The screen under a dialog, dimmed.

Textual's own way takes the whole screen through Rich and mixes the colours of every segment anew
with each layout of the dialog: most of what opening a dialog costs. A screen has a few dozen
styles and a thousand segments, so here each style is mixed once.
"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.css.styles import RulesMap
from textual.geometry import Size
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style as VisualStyle
from textual.visual import RenderOptions, Visual

Mixed = dict[tuple[Style | None, Color], Style]
MOST_MIXED = 4096
"""Styles that are remembered; more than any screen has, less than would be felt."""


class DimmedScreen(Visual):
    """What `BackgroundScreen` of the same screen and colour draws, for less.

    `mixed` holds the styles that were mixed so far; its owner keeps it from one frame to the next.
    """

    def __init__(self, screen: Screen[object], color: Color, mixed: Mixed) -> None:
        self.screen = screen
        self.color = color
        self._mixed = mixed

    def render_strips(
        self, width: int, height: int | None, style: VisualStyle, options: RenderOptions
    ) -> list[Strip]:
        """The screen's lines in the mixed colours, without links and without what clicks do."""
        del style, options
        rows = self.screen.size.height if height is None else height
        lines = self.screen._compositor.render_strips(Size(width, rows))
        return [Strip([self._dimmed(segment) for segment in line]) for line in lines]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """All that there is."""
        del rules
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """The height of the screen below."""
        del rules, width
        return self.screen.size.height

    def _dimmed(self, segment: Segment) -> Segment:
        text, style, control = segment
        if control:
            return segment
        key = (style, self.color)
        mixed = self._mixed.get(key)
        if mixed is None:
            if len(self._mixed) >= MOST_MIXED:
                self._mixed.clear()
            [(_, found, _)] = BackgroundScreen.process_segments([segment], self.color)
            mixed = self._mixed[key] = found or Style.null()
        return Segment(text, mixed)
