"""One line of news: what stands there, and over it for a few seconds what has just happened."""

from __future__ import annotations

from collections import deque

from rich.style import Style
from textual.timer import Timer

from tui.widgets.bar import Bar, Piece, one_line
from tui.widgets.palette import Palette, Role

FLASH_SECONDS = 5.0
WAITING = 3
"""How many lines that nobody asked for wait to be said; of more the newest."""
_SIGNS: dict[Role, str] = {"good": "✓ ", "warn": "! ", "bad": "✗ "}


class StatusLine(Bar):
    """A quiet line with text at the left and at the right; `flash` covers it for a moment."""

    def __init__(
        self,
        text: str = "",
        right: str = "",
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._text = text
        self._right = right
        self._flash: tuple[str, Role] | None = None
        self._unasked: deque[tuple[str, Role]] = deque(maxlen=WAITING)
        self._answers = True  # what is being said answers a person
        self._timer: Timer | None = None

    def show(self, text: str, right: str = "") -> None:
        """What stands here while there is no news."""
        if (text, right) != (self._text, self._right):
            self._text, self._right = text, right
            self.refresh()

    def flash(self, text: str, role: Role = "text", seconds: float = FLASH_SECONDS) -> None:
        """Say one thing for some seconds; a later one takes its place.

        What nobody asked for and has not been said for as long comes back after it: a person who
        looks at the answer to a key would never read it otherwise.
        """
        if not self._answers and self._flash is not None and len(self._unasked) < WAITING:
            self._unasked.appendleft(self._flash)
        self._say(text, role, seconds)

    def _say(self, text: str, role: Role, seconds: float, *, answers: bool = True) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._flash, self._answers = (text, role), answers

        def end() -> None:
            # A timer that was stopped for later news may have called already.
            if self._timer is timer:
                self.end_flash()

        self._timer = timer = self.set_timer(seconds, end)
        self.refresh()

    def mention(self, text: str, role: Role = "text") -> None:
        """Say what nobody asked for: after what is being said, which may answer a person."""
        if self._flash is None:
            self._say(text, role, FLASH_SECONDS, answers=False)
        elif (text, role) != self._flash and (text, role) not in self._unasked:
            self._unasked.append((text, role))

    def end_flash(self) -> None:
        """Take the news away."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._flash is not None:
            self._flash = None
            self.refresh()
        if self._unasked:
            text, role = self._unasked.popleft()
            self._say(text, role, FLASH_SECONDS, answers=False)

    def ground(self, palette: Palette) -> Style:
        """The background of the screen."""
        return palette.plain["text"]

    def pieces(self, width: int, palette: Palette) -> tuple[list[Piece], list[Piece]]:
        """The news with its sign, or the quiet text."""
        if self._flash is not None:
            text, role = self._flash
            return [
                Piece(" " + _SIGNS.get(role, "") + one_line(text, width), palette.plain[role])
            ], []
        right = [Piece(one_line(self._right, width // 2) + " ", palette.plain["muted"])]
        return [Piece(" " + one_line(self._text, width), palette.plain["muted"])], right
