"""A line of news: what stands there, and over it for a few seconds what has just happened.

News that is longer than the line has as many lines as it needs, and stands for as many times the
seconds: its end is often the figure, or the key, that it is about.
"""

from __future__ import annotations

from collections import deque

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.timer import Timer

from tui.widgets.bar import Bar, Piece, one_line
from tui.widgets.cells import cell_text, clip, fit, wrap
from tui.widgets.palette import Palette, Role

FLASH_SECONDS = 5.0
MOST_LINES, MOST_READ = 4, 2000
"""Lines that news has at most, which is a tenth of a small window's cells beside keys and tabs, and
characters of it that are read."""
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
        self._lines: list[str] = []
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
        self._wrap()
        seconds *= max(1, len(self._lines))

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
            self._wrap()
            self.refresh()
        if self._unasked:
            text, role = self._unasked.popleft()
            self._say(text, role, FLASH_SECONDS, answers=False)

    def on_resize(self) -> None:
        """As many lines as it needs at this width."""
        self._wrap()

    def _wrap(self) -> None:
        """Have as many lines as the news needs."""
        self._lines = self._wrapped(self.app.size.width) if self._flash is not None else []
        height = max(1, len(self._lines))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height

    def _wrapped(self, width: int) -> list[str]:
        assert self._flash is not None
        text, role = self._flash
        sign = _SIGNS.get(role, "")
        room = max(1, width - 1 - len(sign))
        lines = wrap(cell_text(text, MOST_READ), room)
        most = min(MOST_LINES, max(1, self.app.size.height // 4))
        if len(lines) > most:
            lines[most - 1 :] = [clip(" ".join(lines[most - 1 :]), room)]
        return [f" {sign}{lines[0]}", *(" " * (1 + len(sign)) + line for line in lines[1:])]

    def render_line(self, y: int) -> Strip:
        """A line of the news, or the quiet text."""
        if self._flash is None or y >= len(self._lines):
            return super().render_line(y)
        width = self.content_size.width
        style = self.palette.plain[self._flash[1]]
        return Strip([Segment(fit(self._lines[y], width), style)], width)

    def ground(self, palette: Palette) -> Style:
        """The background of the screen."""
        return palette.plain["text"]

    def pieces(self, width: int, palette: Palette) -> tuple[list[Piece], list[Piece]]:
        """The quiet text; news has lines of its own."""
        right = [Piece(one_line(self._right, width // 2) + " ", palette.plain["muted"])]
        return [Piece(" " + one_line(self._text, width), palette.plain["muted"])], right
