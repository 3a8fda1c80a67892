"""Events of a book: added, changed, deleted, and seen by the month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from functools import partial
from typing import Any, ClassVar, Literal, NamedTuple

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from tui.screens.asking import Asking
from tui.spoken_keys import key_for, pair_of
from tui.widget_keys import EVENTS
from tui.widgets.bindings import bindings_from
from tui.widgets.dialog import Dialog
from tui.widgets.dialogs import Confirm
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FormField
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.month import Month, day_line
from tui.words import counted
from tui.workspace.books.agenda import by_day
from tui.workspace.books.talk import Book, BookEvent, EventGiven, Events, TalkDesk, title_of
from tui.workspace.html_text import plain_text
from tui.workspace.times import clock, moment_text

SHOWN = 8
"""Events of a day that the month has room for; of more it says how many."""
BEGINS = time(9)
"""When an event begins that is added on a day."""


def event_fields(event: BookEvent | None, start: datetime | None) -> list[FormField]:
    """The lines of an event's form."""
    known = event or BookEvent(start=start)
    return [
        FormField("text", "What", "lines", required=True, default=known.text or None),
        FormField("start", "From", "datetime", required=True, default=known.start, until="end"),
        FormField("end", "To", "datetime", default=None if known.end == known.start else known.end),
    ]


def end_of(values: Mapping[str, Any], event: BookEvent | None) -> datetime | None:
    """When an event ends. Where it was moved behind the end that it had, and that was left as it
    was, the event is as long as before.
    """
    start: datetime | None = values["start"]
    end: datetime | None = values["end"]
    if event is None or event.start is None or event.end is None or end != event.end:
        return end
    if start is not None and start > event.end > event.start:
        return start + (event.end - event.start)
    return end


def check_event(values: Mapping[str, Any], event: BookEvent | None = None) -> dict[str, str]:
    """An event ends after it begins; `event` is the one that is changed."""
    start, end = values["start"], end_of(values, event)
    wrong = start is not None and end is not None and end < start
    return {"end": "It would end before it begins."} if wrong else {}


def _given(values: Filled, zone: str | None, event: BookEvent | None = None) -> EventGiven:
    return EventGiven(
        text=values["text"].strip("\n"), start=values["start"], end=end_of(values, event),
        timezone=zone,
    )  # fmt: skip


async def add_event(
    asker: Asking, desk: TalkDesk, book: Book, day: date | None = None
) -> BookEvent | None:
    """Ask for an event and send it; which was sent. `day` is the one that it is proposed for."""
    zone = asker.workspace.zone
    added: BookEvent | None = None

    async def send(values: Filled) -> str:
        nonlocal added
        given = _given(values, getattr(zone, "key", None))
        added = BookEvent(id=await desk.add_event(book, given), start=given.start)
        return f"Added the event to {book.title[:40]}. {key_for('deck.undo')} deletes it again."

    start = None if day is None else datetime.combine(day, BEGINS, zone).astimezone(UTC)
    await asker.ask_form(
        f"books.event.{book.b_o}/{book.b_c}",
        f"New event in {book.title[:40]}",
        event_fields(None, start),
        send,
        save="Add",
        check=check_event,
        intro=f"{counted(book.member_count, 'member')} see it." if book.member_count > 1 else "",
    )
    return added


async def change_event(asker: Asking, desk: TalkDesk, book: Book, event: BookEvent) -> bool:
    """Another text or time for an event."""

    async def change(values: Filled) -> str:
        if not values.changed:
            return "Nothing was changed."
        given, carried = _given(values, event.timezone or None, event), ""
        if given.end is not None and given.end != values["end"]:
            carried = f" Its end went along: {moment_text(given.end, asker.workspace.zone)}."
        await desk.change_event(book, event, given)
        return f"Changed the event.{carried} {key_for('deck.undo')} makes it what it was."

    return await asker.ask_form(
        f"books.event.{book.b_o}/{book.b_c}.{event.id}",
        f"Change the event “{title_of(event)}”",
        event_fields(event, None),
        change,
        check=partial(check_event, event=event),
    )


async def delete_event(asker: Asking, desk: TalkDesk, book: Book, event: BookEvent) -> bool:
    """Ask, then delete."""
    sure = await asker.ask(
        Confirm(
            "Delete event",
            f"Delete “{title_of(event)}”?",
            loses=(
                f"{key_for('deck.undo')} sends it again, as a new event; files that hang "
                "at it are gone for good."
            ),
            yes="delete",
        )
    )
    if sure:
        await desk.delete_event(book, event)
        asker.flash(f"Deleted the event. {key_for('deck.undo')} sends it again.", "good")
    return bool(sure)


class Picked(NamedTuple):
    """A day of the month, and what is wanted of it."""

    day: date
    way: Literal["look", "add"]


class EventsMonth(Dialog[Picked | None]):
    """A month, and what takes place on the day under the cursor."""

    DEFAULT_CSS = """
    EventsMonth > #box { width: 64; }
    EventsMonth Month { margin-left: 16; }
    EventsMonth #day { height: 10; margin-top: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(EVENTS)

    def __init__(
        self,
        title: str,
        events: Events,
        planned: Iterable[BookEvent],
        day: date,
        zone: tzinfo,
        *,
        adds: bool,
    ) -> None:
        """`planned` are the events as they are to be shown, of what `events` tells; `adds` is
        whether an event may be added.
        """
        add = f"{key_for('events.add')} adds · " if adds else ""
        keys = (
            f"{key_for('month.choose')} goes to the day · {add}{key_for('month.today')} today · "
            f"{pair_of('month.month_before', 'month.next_month')}"
        )
        super().__init__(title, keys)
        self._adds = adds
        self._events = events
        self._zone = zone
        self._today = datetime.now(zone).date()
        self._by_day = by_day(planned, zone)
        self.month = Month(day, self._today, self._by_day)
        self._lines = Lines(id="day")

    def body(self) -> Iterable[Widget]:
        """The month, and the day."""
        yield self.month
        yield self._lines

    def on_mount(self) -> None:
        """Keys are the month's."""
        self._show_day()
        self.set_focus(self.month)

    @on(Month.Moved)
    def _show_day(self) -> None:
        day = self.month.day
        found = self._by_day.get(day, [])
        lines = [Paragraph(day_line(day, self._today), "strong")]
        if not self._events.first <= day <= self._events.last:
            known = f"{self._events.first} to {self._events.last}"
            lines.append(Paragraph(f"Not asked for: events are known from {known}.", "muted"))
        elif not found:
            lines.append(Paragraph("Nothing takes place.", "muted"))
        for event in found[:SHOWN]:
            lines.append(Paragraph(f"{self._hours(event, day):<12} {_line(event)}", "text"))
        if len(found) > SHOWN:
            lines.append(Paragraph(f"and {len(found) - SHOWN:,} more", "muted"))
        self._lines.show(lines)

    def _hours(self, event: BookEvent, day: date) -> str:
        """When on that day it goes on."""
        start, end = event.start, event.end
        assert start is not None
        begins = start.astimezone(self._zone).date() == day
        last = end is not None and end.astimezone(self._zone).date() == day
        first_hour = clock(start, self._zone) if begins else "…"
        if end is None or end == start:
            return first_hour
        return f"{first_hour}-{clock(end, self._zone) if last else '…'}"

    @on(Month.Chosen)
    def _taken(self) -> None:
        self.dismiss(Picked(self.month.day, "look"))

    def action_add(self) -> None:
        """Add an event on the day under the cursor."""
        if self._adds:
            self.dismiss(Picked(self.month.day, "add"))


def _line(event: BookEvent, most: int = 44) -> str:
    text = " ".join(plain_text(event.text).split()) or "(no text)"
    return text if len(text) <= most else text[: most - 1] + "…"


def day_of(event: BookEvent | None, zone: tzinfo) -> date:
    """The day that a month opens with: that of the event, else today."""
    start = None if event is None else event.start
    return (start or datetime.now(UTC)).astimezone(zone).date()
