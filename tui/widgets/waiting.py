"""A dialog that stands for as long as something is on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget

from tui.spoken_keys import key_for
from tui.widgets.dialog import Dialog
from tui.widgets.lines import Lines, Paragraph


class Waiting(Dialog[bool]):
    """Says what is on its way until that `has_ended`, and gives True; esc gives it up: False."""

    def __init__(self, title: str, text: str, has_ended: Callable[[], bool]) -> None:
        super().__init__(title, f"{key_for('dialog.cancel')} gives up")
        self._text = text
        self._has_ended = has_ended
        self._said: Lines | None = None

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
        self.call_after_refresh(self.end)

    def action_cancel(self) -> None:
        """Wait no longer."""
        self.dismiss(False)
