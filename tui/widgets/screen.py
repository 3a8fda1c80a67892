"""Screens that write to the terminal what changed, where Textual's own write everything."""

from __future__ import annotations

from asyncio import sleep
from typing import ClassVar, Generic, Self, TypeVar, cast

from rich.console import RenderableType
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import UPDATE_PERIOD, ModalScreen, Screen
from textual.timer import Timer
from textual.widget import Widget

from tui.widgets import light_handlers, light_rules, light_strips, light_values
from tui.widgets.compositor import FrugalCompositor
from tui.widgets.dimmed import DimmedScreen, Mixed
from tui.widgets.late_timers import call_though_late
from tui.widgets.panel import Panel
from tui.widgets.resting_timer import RestingTimer

for light in (light_handlers, light_rules, light_strips, light_values):
    light.lighten()  # before the first line is drawn
call_though_late()

Result = TypeVar("Result")
FRAME_WRITTEN_SECONDS = 0.005
TINY = (60, 16)
"""Cells of a window below which notices have as little room as they need."""
TURNS = 8
"""Turns that others get before a frame is painted: so long does a message take to be heard by the
pane around a list, and what that changes to be told to the screen."""
LATE_SECONDS = 1.0
"""After this a screen that is shown and has not been painted is painted whatever was left out,
and again until it is."""


class _Calm(Screen[Result], Generic[Result]):
    """What both kinds of screens share.

    Textual repaints a whole screen whenever another widget gets the focus (some 20 kB at 120x40),
    and paints a screen twice when it is shown for the first time: once for its layout, once
    because it was shown. Our widgets repaint the lines that show the focus themselves, and the
    layout's paint is enough.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    _laying_out = False
    _is_held = False
    """Whether a frame waits for the one before to leave."""

    def __init__(
        self, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name, id, classes)
        self._compositor = FrugalCompositor()
        self._frames: Timer | None = None

    @property
    def _update_timer(self) -> Timer:
        """Textual's, which paints at once what has changed after a rest."""
        if self._frames is None:
            self._frames = RestingTimer.begin(self, UPDATE_PERIOD, self._in_one_frame)
        return self._frames

    async def _in_one_frame(self) -> None:
        """Paint in one frame what a key comes to: a row says that the cursor is on it, and its
        pane's title where that is, some turns of the loop later. Nobody's time is taken for it.
        """
        for _ in range(TURNS):
            await sleep(0)
        self._on_timer_update()

    def _compositor_refresh(self) -> None:
        """Paint only what the terminal can take: what is new meanwhile belongs to that frame."""
        if not self.app.screen_stack:
            return  # the deck ends, and there is nothing in front
        # Textual notes what widgets say when its time to paint has come. A frame that was due comes
        # in between, after which nothing would be left of what was said since.
        if self._dirty_widgets:
            self._compositor.update_widgets(self._dirty_widgets)
        hold = getattr(self.app._driver, "hold", None)
        self._is_held = self is self.app.screen and hold is not None and hold()
        if self._is_held:
            # All is noted; else this would be asked sixty times a second.
            self._dirty_widgets.clear()
        else:
            super()._compositor_refresh()

    def paint_due(self) -> None:
        """Paint the frame that had to wait, if there is room for it still."""
        if self.is_current:
            self._compositor_refresh()

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """Give the focus to what is seen where the widget is: `Widget.focus` comes here later than
        it is called, and the panel may show that it loads by then."""
        if widget is not None:
            for panel in widget.ancestors:
                if isinstance(panel, Panel):
                    widget = panel.instead_of(widget)
        super().set_focus(widget, scroll_visible, from_app_focus)

    def _screen_resized(self, size: Size) -> None:
        """Textual's, wherever this screen is."""
        self._fit_notices(size)
        super()._screen_resized(size)

    def _fit_notices(self, size: Size) -> None:
        self.set_class(size.width < TINY[0] or size.height < TINY[1], "-tiny")

    def on_screen_resume(self) -> None:
        """Runs before Textual's own handler, which lays a screen of another size out."""
        if self._size != self.app.size:
            self._laying_out = True
            self.call_next(self._laid_out)

    def _laid_out(self) -> None:
        self._laying_out = False

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Leave out repaints of everything where the layout paints what is new."""
        if not (regions or layout or recompose) and (self._laying_out or not self.size):
            return self
        everything = repaint and not layout
        return super().refresh(*regions, repaint=everything, layout=layout, recompose=recompose)


class CalmScreen(_Calm[Result], Generic[Result]):
    """A screen of the deck."""

    _painted = False

    def on_screen_resume(self) -> None:
        """A first frame that fell into somebody's batch, say, would never come by itself."""
        self._look_whether_painted()

    def _look_whether_painted(self) -> None:
        if not self._painted:
            self.set_timer(LATE_SECONDS, self._paint_if_late)

    def _paint_if_late(self) -> None:
        if not self._painted and self.is_current:
            self.refresh()
            # The batch may not be over yet, and nothing tells this screen when it is.
            self._look_whether_painted()

    def fit(self, size: Size) -> None:
        """Set the classes of the breakpoints, before the first layout instead of after it."""
        for breakpoints, extent in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            names = self._get_breakpoint_classes(extent, breakpoints or [])
            self.add_class(*names, update=False)
        self._fit_notices(size)

    def painted(self) -> None:
        """Called once, after the first frame of this screen was written to the terminal."""

    def _compositor_refresh(self) -> None:
        """Where Textual hands a frame over; `call_after_refresh` may run before the first one.

        Its version is pinned exactly, and a test holds that `painted` comes after the frame.
        """
        super()._compositor_refresh()
        if self._is_held or self._painted or not self.size:
            return
        if self.is_current and not self.app._batch_count:
            self._painted = True
            # A thread writes it, and gets no turn while this one has anything to do.
            self.set_timer(FRAME_WRITTEN_SECONDS, self.painted)


class CalmModalScreen(ModalScreen[Result], _Calm[Result], Generic[Result]):
    """The same for what opens over a screen, which is seen dimmed below it."""

    _mixed: ClassVar[Mixed] = {}
    """Shared by all dialogs: they lie over the same few screens."""
    points_at: Widget | None = None
    """The list in which the cursor was moved last, while a line to type in has the focus."""

    @property
    def followed(self) -> Widget | None:
        """What the terminal's own cursor stands on."""
        return self.points_at or self.focused

    def render(self) -> RenderableType:
        """What lies below, drawn the quick way."""
        below = super().render()
        if isinstance(below, BackgroundScreen):
            # Textual takes any visual here; only this one method's type is narrower.
            return cast("RenderableType", DimmedScreen(below.screen, below.color, self._mixed))
        return below
