"""A month of days with a cursor, to choose one; and the dialog that asks for a day."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import ClassVar

from rich.segment import Segment
from textual import events, on
from textual.binding import BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.spoken_keys import key_for, pair_of
from tui.widget_keys import MONTH
from tui.widgets.bindings import bindings_from
from tui.widgets.dialog import Dialog
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.palette import palette_of
from tui.widgets.rows import CURSOR_MARK

CELL = 4
"""Cells of a day: the cursor's mark, two digits, the mark of a day that holds something."""
WIDTH = 7 * CELL
WEEKS = 6
HEIGHT = 2 + WEEKS
HOLDS = "•"
FIRST, LAST = date(1000, 1, 1), date(9000, 12, 31)
"""Days beyond are nobody's; within, every week of every month can be drawn."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def by_days(day: date, days: int) -> date:
    """So many days on, within the days that are drawn."""
    return FIRST + timedelta(days=max(0, min((day - FIRST).days + days, (LAST - FIRST).days)))


def by_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month, within the days that are drawn."""
    place = day.year * 12 + day.month - 1 + months
    place = max(FIRST.year * 12, min(place, LAST.year * 12 + 11))
    first = date(place // 12, place % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def weeks_of(day: date) -> list[list[date]]:
    """The weeks of the day's month, from Monday, with the days beside it that fill them."""
    return Calendar().monthdatescalendar(day.year, day.month)


def day_line(day: date, today: date) -> str:
    """`Sunday 29 November 2026 · today`."""
    distance = (day - today).days
    near = {0: " · today", 1: " · tomorrow", -1: " · yesterday"}.get(distance, "")
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}{near}"


class Month(Widget, can_focus=True):
    """The days of the month that the cursor is in; days that hold something have a mark."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings_from(MONTH)

    DEFAULT_CSS = f"""
    Month {{ height: {HEIGHT}; width: {WIDTH}; background: $background; }}
    """

    class Moved(Message):
        """The cursor is on another day."""

    class Chosen(Message):
        """A person chose the day under the cursor."""

    def __init__(self, day: date, today: date, marked: Collection[date] = ()) -> None:
        super().__init__()
        self.day = by_days(day, 0)
        self._today = today
        self._marked = frozenset(marked)

    def go(self, day: date) -> None:
        """Put the cursor on a day."""
        if day != self.day:
            self.day = day
            self.refresh()
            self.post_message(self.Moved())

    def action_days(self, days: int) -> None:
        """So many days on."""
        self.go(by_days(self.day, days))

    def action_weeks(self, weeks: int) -> None:
        """So many weeks on."""
        self.go(by_days(self.day, 7 * weeks))

    def action_months(self, months: int) -> None:
        """So many months on."""
        self.go(by_months(self.day, months))

    def action_today(self) -> None:
        """To today."""
        self.go(by_days(self._today, 0))

    def action_choose(self) -> None:
        """Take the day under the cursor."""
        self.post_message(self.Chosen())

    def pointed(self) -> Offset | None:
        """Where the cursor's day stands."""
        for row, week in enumerate(weeks_of(self.day)):
            if self.day in week:
                return Offset(week.index(self.day) * CELL + 1, 2 + row)
        return None

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a day, another one takes it."""
        place, weeks = event.get_content_offset(self), weeks_of(self.day)
        if place is None or not 0 <= place.y - 2 < len(weeks) or not 0 <= place.x < WIDTH:
            return
        event.stop()
        day = weeks[place.y - 2][place.x // CELL]
        if day == self.day:
            self.action_choose()
        else:
            self.go(by_days(day, 0))

    def render_line(self, y: int) -> Strip:
        """The month's name, the names of the days, a week."""
        palette = palette_of(self.app)
        plain = palette.plain
        if y == 0:
            title = f"{MONTHS[self.day.month - 1]} {self.day.year}"
            return Strip([Segment(title.center(WIDTH), plain["strong"])], WIDTH)
        if y == 1:
            names = "".join(f" {name[:2]} " for name in WEEKDAYS)
            return Strip([Segment(names, plain["muted"])], WIDTH)
        weeks = weeks_of(self.day)
        if y - 2 >= len(weeks):
            return Strip([Segment(" " * WIDTH, plain["text"])], WIDTH)
        drawn: list[Segment] = []
        for day in weeks[y - 2]:
            here = day == self.day
            role = "muted" if day.month != self.day.month else "text"
            style = palette.cell if here else plain["key" if day == self._today else role]
            mark = CURSOR_MARK if here else " "
            drawn.append(
                Segment(f"{mark}{day.day:>2}{HOLDS if day in self._marked else ' '}", style)
            )
        return Strip(drawn, WIDTH)


class DayPrompt(Dialog[date | None]):
    """Asks for a day by a month of them."""

    DEFAULT_CSS = """
    DayPrompt > #box { width: 44; }
    DayPrompt Month { margin-left: 6; }
    """

    def __init__(self, title: str, day: date, today: date) -> None:
        super().__init__(
            title,
            (
                f"{key_for('month.choose')} takes it · "
                f"{pair_of('month.month_before', 'month.next_month')} month · "
                f"{key_for('month.today')} today"
            ),
        )
        self._today = today
        self.month = Month(day, today)
        self._line = Lines()

    def body(self) -> Iterable[Widget]:
        """The month, and the day in words."""
        yield self.month
        yield self._line

    def on_mount(self) -> None:
        """Keys are the month's."""
        self._show_day()
        self.set_focus(self.month)

    @on(Month.Moved)
    def _show_day(self) -> None:
        self._line.show([Paragraph(day_line(self.month.day, self._today), "text")])

    @on(Month.Chosen)
    def _taken(self) -> None:
        self.dismiss(self.month.day)
