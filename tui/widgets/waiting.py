"""A dialog that stands for as long as something is on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic

from textual.widget import Widget

from tui.spoken_keys import key_for, keys_for
from tui.widgets.dialog import Dialog
from tui.widgets.lines import Lines, Paragraph

SEEN_SECONDS = 0.25
"""After so long a person who presses a key has seen what is waited for."""


class Waiting(Dialog[bool]):
    """Says what is on its way until that `has_ended`, and gives True; esc gives it up: False.

    It asks nothing: what is typed meanwhile is for what follows it.
    """

    def __init__(self, title: str, text: str, has_ended: Callable[[], bool]) -> None:
        super().__init__(title, f"{key_for('dialog.cancel')} gives up")
        self._text = text
        self._has_ended = has_ended
        self._said: Lines | None = None
        self._since: float | None = None
        """When (`monotonic`) it was shown."""

    def body(self) -> Iterable[Widget]:
        """The text."""
        self._said = Lines(self._paragraphs())
        yield self._said

    def _paragraphs(self) -> list[Paragraph]:
        return [Paragraph(f"… {self._text}")]

    def say(self, text: str) -> None:
        """How far it is by now."""
        self._text = text
        if self._said is not None:  # from then on, though it may not be mounted yet
            self._said.show(self._paragraphs())

    def end(self) -> None:
        """Close where it has ended; below another dialog it waits until that is closed."""
        if self.is_current and self._has_ended():
            self.dismiss(True)

    def on_screen_resume(self) -> None:
        """It may have ended before this was shown."""
        self.call_after_refresh(self._shown)

    def _shown(self) -> None:
        self._since = monotonic()
        self.end()

    def holds(self, key: str) -> bool:
        """See `HoldsKeys`: all but what gives it up, until it is gone."""
        return key not in keys_for("dialog.cancel")

    def is_told(self, key: str) -> bool:
        """See `HoldsKeys`."""
        is_seen = self._since is not None and monotonic() - self._since >= SEEN_SECONDS
        return is_seen and not self.holds(key)

    def action_cancel(self) -> None:
        """Wait no longer."""
        self.dismiss(False)
