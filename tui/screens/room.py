"""Where there is no room for all panes: the one with the focus has the whole body.

In a low or narrow window the panes of a screen would leave one another a line or a column, and the
one that has the keys nothing at all. The others stay there without any size, so that tab goes to
them as ever; the title of the one that is seen says that there are others.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

from textual.geometry import Size
from textual.widget import Widget

from tui.screens.pane import Pane
from tui.widgets.panel import Panel
from tui.widgets.screen import CalmScreen

CROWDED = "-crowded"
"""A screen that has no room for all of its panes."""
AWAY, HERE = "-away", "-here"
"""What has no size in there, and what has all of it."""


class SharingScreen(CalmScreen[None]):
    """A screen of panes, whose `.body` holds all of them."""

    ROOM: ClassVar[Sequence[tuple[int, int]]] = ((40, 8),)
    """What all panes need: a window's least width, and for that and greater ones its height."""

    DEFAULT_CSS = f"""
    SharingScreen.{CROWDED} .body .{HERE} {{
        width: 1fr !important; height: 1fr !important; margin: 0 !important;
        min-width: 0 !important; min-height: 0 !important;
        max-width: 100% !important; max-height: 100% !important;
    }}
    SharingScreen.{CROWDED} .body .{AWAY} {{
        width: 0 !important; height: 0 !important; margin: 0 !important; padding: 0 !important;
        min-width: 0 !important; min-height: 0 !important;
    }}
    """

    _counted = False
    """Whether titles say which of several panes they are of."""

    def on_mount(self) -> None:
        """Which panes tab goes to is something else where one comes, goes, or gets its content:
        each is laid out, also where a list hides for the sake of what has the focus now."""
        self.screen_layout_refresh_signal.subscribe(self, self._laid_out_anew, immediate=True)

    def _laid_out_anew(self, _screen: object) -> None:
        self._count_panes()

    def panes(self) -> list[Pane]:
        """The panes of this screen, in their order."""
        # Asked before every key; a query parses and matches selectors for that.
        return self.walk_children(Pane)

    @classmethod
    def is_crowded(cls, size: Size) -> bool:
        """Whether a window has no room for all panes."""
        least = None
        for width, height in cls.ROOM:
            if size.width >= width:
                least = height
        return least is None or size.height < least

    def fit(self, size: Size) -> None:
        """See `CalmScreen`."""
        super().fit(size)
        self.set_class(self.is_crowded(size), CROWDED)

    def _screen_resized(self, size: Size) -> None:
        """Textual's, wherever this screen is: in front, below a dialog, or gone to again."""
        self.set_class(self.is_crowded(size), CROWDED)
        self._give_room(self.focused)
        super()._screen_resized(size)

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """Give a widget the focus, and its pane the room."""
        super().set_focus(widget, scroll_visible, from_app_focus)
        self._give_room(self.focused)

    def _reset_focus(self, widget: Widget, avoiding: list[Widget] | None = None) -> None:
        """Textual's, which looks beside what is hidden or gone: where a pane hides with what has
        the focus in it, as in a smaller window, the keys go where they go at first."""
        super()._reset_focus(widget, avoiding)
        if self.focused is None and not avoiding:
            self._update_auto_focus()

    def _give_room(self, focused: Widget | None) -> None:
        """Mark what is in the body by where the focus is: what leads to the pane that has it, and
        what is beside that. While nothing has it, as when another window has, all stays so."""
        if focused is None or not self.has_class(CROWDED):
            return
        path = [*focused.ancestors_with_self]
        body = next((one for one in path if one.has_class("body")), None)
        # A pane may hold panes that stand in one another's place: that is its own affair.
        pane = next((one for one in reversed(path) if isinstance(one, Pane)), None)
        if pane is None or body is None:
            return
        for here, parent in pairwise(path[path.index(pane) : path.index(body) + 1]):
            for child in parent.children:
                child.set_class(child is here, HERE)
                child.set_class(child is not here, AWAY)
        self._count_panes()

    def _count_panes(self) -> None:
        """Have each pane say which of those that tab goes to it is; nothing where all are seen."""
        if not self.has_class(CROWDED):
            if self._counted:
                self._counted = False
                for one in self.query(Panel):
                    one.show_among(1, 1)
            return
        self._counted = True
        places: dict[Pane, int] = {}
        for widget in self.focus_chain:
            above = [one for one in widget.ancestors_with_self if isinstance(one, Panel)]
            whole = next((one for one in reversed(above) if isinstance(one, Pane)), None)
            if whole is not None:
                places.setdefault(whole, len(places) + 1)
        for whole, place in places.items():
            for one in (whole, *whole.query(Panel)):
                one.show_among(place, len(places))
