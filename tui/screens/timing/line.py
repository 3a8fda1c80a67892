"""One line for time that is added: what is understood below it, the day's gaps below that.

Import this module where the line is opened, not where a screen is defined: it brings the form.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, ClassVar, NamedTuple

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from tui.spoken_keys import with_keys
from tui.widget_keys import TRACKER
from tui.widgets.bindings import bindings_from
from tui.widgets.form import Form
from tui.widgets.form_fields import FieldRow
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.palette import Role
from tui.widgets.rows import CURSOR_MARK
from tui.widgets.work import begin_work
from tui.workspace.timers.gaps import Tracked, typed_gap
from tui.workspace.timers.one_line import parted
from tui.workspace.timers.overview import Overview
from tui.workspace.timers.timers import Block
from tui.workspace.timers.typing_line import (
    Understood,
    completions,
    overlap,
    understood,
    with_time,
)
from tui.workspace.times import Stretch, day_text, stretch_text
from tui.workspace.times import zone as local_zone

LINE = "line"
"""The name of the only field."""
MOST_GAPS = 4
UNDERSTOOD_LINES = 3
KEYS = (
    "enter adds · <tracker.next> tracker · <form.field_before><form.next_field> gaps · "
    "<dialog.cancel> closes"
)


class About(NamedTuple):
    """What a line is read by."""

    overview: Overview
    chosen: int | None
    """The tracker that the cursor is on: what tab puts in where none is typed."""
    tracked: Callable[[date], AsyncIterator[Tracked]]
    """What of a day was tracked, once and again where that becomes better known."""
    time: str = ""
    """What it begins with, in the place of a time of a draft."""


class LineForm(Form):
    """A form of one field: enter saves it, tab completes the tracker, up and down put a gap in."""

    DEFAULT_CSS = """
    LineForm FieldRow #label { display: none; }
    LineForm #gaps { margin-top: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(TRACKER, priority=True)

    def __init__(self, about: About, *fields: Any, **more: Any) -> None:
        """`fields` and `more` are those of a form."""
        super().__init__(*fields, **more)
        self._dialog_keys = f"{'ctrl+u empties · ' if self._note else ''}{with_keys(KEYS)}"
        self._about = about
        self._where = self._zone or local_zone("local")
        self._help_lines = UNDERSTOOD_LINES
        self._day: date | None = None
        self._gaps: list[Stretch] = []
        self._blocks: Sequence[Block] = ()
        self._gap = -1
        self._own_time = ""
        self._refused: str | None = None
        """What enter was refused for, until something else is typed."""
        self._completed: tuple[str, list[str], int] = ("", [], -1)
        self._offers = Lines(id="gaps")

    def body(self) -> list[Widget]:
        """What a form has, without its buttons; the gaps instead."""
        return [*super().body()[:-1], self._offers]

    def on_mount(self) -> None:
        """As high as it can become: nothing moves while one types."""
        self._offers.styles.height = MOST_GAPS + 1
        about = self._about
        if about.time:
            now = datetime.now(UTC)
            self._put(with_time(self._text, about.time, about.overview, self._where, now))
        elif self._note and isinstance(self._rows[0].editor, Input):
            # An earlier line is gone on with by a key that moves, and replaced by typing another.
            self._rows[0].editor.select_all()
        self._tell(self._rows[0])

    def _fit_height(self) -> None:
        """There is one line, and nothing to scroll to."""

    @property
    def _text(self) -> str:
        return self._rows[0].text

    def _put(self, text: str) -> None:
        """Have another text in the line, to be gone on with at its end."""
        row = self._rows[0]
        row.text = text
        if isinstance(row.editor, Input):
            row.editor.cursor_position = len(text)

    # -- what is understood ---------------------------------------------------------------------

    def _tell(self, row: FieldRow | None) -> None:
        del row
        read = understood(self._text, self._about.overview, self._where, datetime.now(UTC))
        # Gaps that come meanwhile say nothing new of it.
        role: Role = "bad" if self._text == self._refused else "warn"
        self._show_read(read, role if self._text.strip() else "muted")
        if read.day != self._day:
            self._day, self._gaps, self._gap, self._blocks = read.day, [], -1, ()
            self._show_gaps()
            begin_work(self, partial(self._look_for_gaps, read.day), group="gaps", exclusive=True)

    def _show_read(self, read: Understood, role: Role) -> None:
        said = []
        if read.why:
            said.append(Paragraph(f"✗ {read.why}" if role == "bad" else read.why, role))
        if read.words:
            said.append(Paragraph(f"= {read.words}", "muted" if read.why else "text"))
        now = datetime.now(UTC)
        over = overlap(read.stretch, self._blocks, self._about.overview, self._where, now)
        if over:
            said.append(Paragraph(f"! {over}", "warn"))
        self._foot.show(said)

    def action_save(self) -> None:
        """Add it, or say why not."""
        read = understood(self._text, self._about.overview, self._where, datetime.now(UTC))
        self._refused = self._text if read.why else None
        if read.why:
            self._show_read(read, "bad")
        else:
            super().action_save()

    async def _look_for_gaps(self, day: date) -> None:
        async for tracked in self._about.tracked(day):
            chosen = self._gaps[self._gap] if self._gap >= 0 else None
            self._gaps, self._blocks = tracked.gaps[:MOST_GAPS], tracked.blocks
            self._gap = self._gaps.index(chosen) if chosen in self._gaps else -1
            self._show_gaps()
            self._tell(self._rows[0])

    def _show_gaps(self) -> None:
        if not self._gaps or self._day is None:
            self._offers.show([])
            return
        today = datetime.now(self._where).date()
        lines = [Paragraph(f"Not tracked {day_text(self._day, today)}:", "muted")]
        for place, gap in enumerate(self._gaps):
            words = stretch_text(gap.start, gap.end, self._where)
            if place == self._gap:
                lines.append(Paragraph(f"{CURSOR_MARK} {words}", "primary"))
            else:
                lines.append(Paragraph(words, indent=2))
        self._offers.show(lines)

    # -- keys -------------------------------------------------------------------------------------

    def action_complete(self, by: int) -> None:
        """The tracker that fits what is typed of it; again, the next one that fits."""
        about, (before, found, at) = self._about, self._completed
        if self._text != before or not found:
            found = completions(
                self._text, about.overview, self._where, datetime.now(UTC), about.chosen
            )
            at = -1 if by > 0 else 0
        if not found:
            return
        at = (at + by) % len(found)
        self._put(found[at])
        self._completed = (self._text, found, at)

    def action_field_before(self) -> None:
        """To the gap before, or back to the time that was typed: there is no other field."""
        self._choose_gap(-1)

    def action_next_field(self) -> None:
        """To the next gap."""
        self._choose_gap(1)

    def _choose_gap(self, by: int) -> None:
        at = max(-1, min(self._gap + by, len(self._gaps) - 1))
        if at == self._gap:
            return
        now, overview = datetime.now(UTC), self._about.overview
        if self._gap < 0:
            self._own_time = parted(self._text, overview, self._where, now).typed
        self._gap = at
        today = now.astimezone(self._where).date()
        when = typed_gap(self._gaps[at], self._where, today) if at >= 0 else self._own_time
        self._put(with_time(self._text, when, overview, self._where, now))
        self._show_gaps()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter adds it."""
        event.stop()
        event.prevent_default()
        self.action_save()
