"""A day as a bar with a cursor on its parts: what was tracked, gaps, overlaps, in words below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import ClassVar

from rich.segment import Segment as Drawn
from textual.binding import BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.spoken_keys import key_for
from tui.widget_keys import DAY
from tui.widgets.bindings import bindings_from
from tui.widgets.cells import cell_text, fit
from tui.widgets.palette import Role, palette_of
from tui.workspace.timers.reckoning.day_bar import NOT_TRACKED, OVERLAP, DayBar, Segment
from tui.workspace.times import length_text, stretch_text

LEFT = 2
LINES = 6


class DayBarView(Widget, can_focus=True):
    """The hours, the bar, the cursor, what it is on, and what the signs mean."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings_from(DAY)

    DEFAULT_CSS = f"""
    DayBarView {{ height: {LINES}; width: 1fr; background: $background; }}
    """

    class Moved(Message):
        """The cursor is on another part."""

    class Chosen(Message):
        """A person chose the part under the cursor: enter."""

    def __init__(
        self, name: Callable[[int | None], str], where: tzinfo, *, id: str | None = None
    ) -> None:
        """`name` is what a tracker is called."""
        super().__init__(id=id)
        self._named = name
        self._zone = where
        self._bar: DayBar | None = None
        self._at = 0

    def show(self, bar: DayBar) -> None:
        """Show a day; the cursor stays on the part at the same time of the same day."""
        before, day = self.segment, self._bar.day if self._bar is not None else None
        self._bar = bar
        at = before.start if before is not None and day == bar.day else None
        if at is None:
            gaps = [place for place, one in enumerate(bar.segments) if one.kind == "gap"]
            self._at = gaps[-1] if gaps else max(0, len(bar.segments) - 1)
        else:
            held = [place for place, one in enumerate(bar.segments) if one.start <= at]
            self._at = held[-1] if held else 0
        self.refresh()

    @property
    def segment(self) -> Segment | None:
        """The part that the cursor is on."""
        found = self._bar.segments if self._bar is not None else []
        return found[self._at] if self._at < len(found) else None

    def action_move(self, by: int) -> None:
        """To the part beside it."""
        self._go(self._at + by)

    def action_edge(self, last: int) -> None:
        """To the first or the last part."""
        self._go(len(self._bar.segments) if last and self._bar is not None else 0)

    def action_choose(self) -> None:
        """Tell that the part is chosen."""
        self.post_message(self.Chosen())

    def _go(self, place: int) -> None:
        count = len(self._bar.segments) if self._bar is not None else 0
        self._at = max(0, min(place, count - 1))
        self.refresh()
        self.post_message(self.Moved())

    def pointed(self) -> Offset:
        """The part that the cursor is on."""
        segment = self.segment
        if self._bar is None or segment is None:
            return Offset(LEFT, 1)
        room = max(1, self.content_size.width - 2 * LEFT)
        return Offset(LEFT + self._bar.place(segment, room)[0], 1)

    def render_line(self, y: int) -> Strip:
        """One of its lines."""
        width = self.content_size.width
        plain = palette_of(self.app).plain
        bar, room = self._bar, max(1, width - 2 * LEFT)
        if bar is None:
            return Strip([Drawn(" " * width, plain["text"])], width)
        before = Drawn(" " * LEFT, plain["text"])
        if y == 1:
            drawn = [Drawn(sign, plain[_role(sign)]) for sign in bar.cells(room)]
            return Strip([before, *drawn]).adjust_cell_length(width, plain["text"])
        text, role = self._text(y, bar, room)
        return Strip([before, Drawn(fit(text, room), plain[role])]).adjust_cell_length(
            width, plain["text"]
        )

    def _text(self, y: int, bar: DayBar, room: int) -> tuple[str, Role]:
        segment = self.segment
        if y == 0:
            return bar.hours(room, self._zone), "muted"
        if y == 2 and segment is not None:
            first, cells = bar.place(segment, room)
            return " " * first + "^" * cells, "key"
        if y == 3:
            return self.words(segment), "warn" if segment and segment.kind != "block" else "text"
        if y == 4:
            return self._legend(bar), "muted"
        if y == 5:
            return _sums(bar), "muted"
        return "", "text"

    def words(self, segment: Segment | None) -> str:
        """What a part is: from when to when, of what."""
        if segment is None:
            return "Nothing was tracked, and nothing can be filled."
        when = stretch_text(*segment.stretch, self._zone, datetime.now(UTC))
        if segment.kind == "gap":
            return f"Not tracked: {when}. {key_for('timers.add')} fills it."
        names = [cell_text(self._named(one.tracker_id), 40) for one in segment.blocks]
        if segment.kind == "overlap":
            return f"Overlap: {when}: {' and '.join(names)}"
        what = cell_text(segment.blocks[0].description, 200)
        return f"{names[0]}: {when}" + (f" · {what}" if what else "")

    def _legend(self, bar: DayBar) -> str:
        known = [
            f"{sign} {cell_text(self._named(tracker), 24)}" for tracker, sign in bar.signs.items()
        ]
        kinds = {one.kind for one in bar.segments}
        if "gap" in kinds:
            known.append(f"{NOT_TRACKED} not tracked")
        if "overlap" in kinds:
            known.append(f"{OVERLAP} overlap")
        return "   ".join(known)


def _sums(bar: DayBar) -> str:
    told = []
    for kind, name in (("gap", "not tracked"), ("overlap", "more than once")):
        seconds = sum(one.seconds for one in bar.segments if one.kind == kind)
        if seconds:
            told.append(f"{length_text(seconds)} {name}")
    seconds = sum(one.seconds for one in bar.segments if one.kind != "gap")
    return " · ".join([f"{length_text(seconds)} tracked", *told])


def _role(sign: str) -> Role:
    if sign == OVERLAP:
        return "bad"
    return "muted" if sign in (NOT_TRACKED, " ") else "primary"
