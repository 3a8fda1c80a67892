"""A pane that can stand in the place of the wall."""

from __future__ import annotations

from textual.widget import Widget

from tui.screens.live.beat import Tick
from tui.screens.live.picture import LivePane


class StagePane(LivePane):
    """Is drawn when it is told to by `tick`; its keys are its own."""

    def on_mount(self) -> None:
        """Have it drawn once it stands: of a picture that is held nothing would later, and what was
        asked for before found nothing to draw on.
        """
        self.call_after_refresh(self.draw)

    @property
    def takes_focus(self) -> Widget:
        """What has its keys."""
        raise NotImplementedError

    def tick(self, now: int, clock: float, *, forced: bool = False) -> Tick:
        """Draw what is at `now`, in ms; `forced` does so before it is due, too.

        `clock` is in seconds on any steady clock: it paces the pictures.
        """
        raise NotImplementedError
