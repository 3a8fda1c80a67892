"""Messages, events and files of a book as items of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from tui.screens.books.lines import Item
from tui.spoken_keys import key_for
from tui.widgets.lines import Paragraph
from tui.words import counted
from tui.workspace.times import moment_text

if TYPE_CHECKING:
    from tui.workspace.books.agenda import Planned
    from tui.workspace.books.books import Shelf
    from tui.workspace.books.talk import Attachment, Message, MessageChange, Talk

OLDER = "older"
"""The key of the line that loads older messages."""


class Teller(NamedTuple):
    """Who reads: whose names are known, and in which zone times are told."""

    shelf: Shelf | None
    zone: tzinfo

    def name(self, u_c: str) -> str:
        """What a person is called here."""
        if self.shelf is None:
            return u_c
        return "You" if u_c == self.shelf.me else self.shelf.name(u_c) or "somebody"

    def is_me(self, u_c: str) -> bool:
        """Whether that is who reads."""
        return self.shelf is not None and u_c == self.shelf.me

    def when(self, moment: datetime | None) -> str:
        """A time, where it was told."""
        return moment_text(moment, self.zone) if moment else "time not told"


def message_items(
    talk: Talk,
    teller: Teller,
    unread_after: int | None,
    waiting: Sequence[MessageChange] = (),
) -> list[Item]:
    """The messages, with a line before the first that is new; behind them those that the service
    does not have yet. What waits to be done to one is said of it, and shown as it will be.
    """
    from tui.workspace.html_text import plain_text

    items: list[Item] = []
    if talk.more:
        items.append(
            Item(OLDER, [Paragraph(f"↑ {key_for('books.open')} loads older messages", "muted")])
        )
    new = False
    wanted = {change.smid: change for change in waiting}
    for message in talk.messages:
        mine = teller.is_me(message.author)
        lines: list[Paragraph] = []
        unread = unread_after is not None and message.smid > unread_after
        if unread and not mine and not new:
            new = True
            lines.append(Paragraph("── new ──", "accent"))
        changed = message.changed is not None and message.created is not None
        edited = changed and message.changed != message.created
        change = wanted.get(message.smid)
        mark = "● " if unread and not mine else ""
        head = f"{mark}{teller.name(message.author)} · {teller.when(message.created)}"
        lines.append(
            Paragraph(head + (" · changed" if edited else ""), "primary" if mine else "strong")
        )
        text = plain_text(message.text)
        if change is not None:
            lines.append(Paragraph(standing(change), "warn", 2))
            text = text if change.deletes else plain_text(change.text)
        if message.body and message.body != message.text:
            text = f"{text}\n{plain_text(message.body)}".strip()
        lines.append(Paragraph(text or "(no text)", "text" if text else "muted", 2))
        lines += [
            Paragraph(f"⊞ {file.name or 'file'}{_size(file)}", "muted", 2)
            for file in (*message.docs, *message.medias)
            if not file.deleted
        ]
        lines.append(Paragraph(""))
        items.append(Item(str(message.smid), lines))
    return items + new_items(waiting, teller)


def new_items(waiting: Sequence[MessageChange], teller: Teller) -> list[Item]:
    """Messages that the service does not have yet."""
    me = "You" if teller.shelf is None else teller.name(teller.shelf.me)
    return [
        Item(
            f"new:{change.id}",
            [
                Paragraph(f"{me} · {standing(change)}", "warn"),
                Paragraph(change.text or "(no text)", "text", 2),
                Paragraph(""),
            ],
        )
        for change in waiting
        if change.smid is None
    ]


def standing(change: MessageChange) -> str:
    """How a change that is not settled stands."""
    if change.unknown:
        return "? nobody knows whether it was " + ("deleted" if change.deletes else "sent")
    return "… waits to be " + ("deleted" if change.deletes else "sent")


def event_items(events: Sequence[Planned], teller: Teller) -> list[Item]:
    """The events as they will be, with what goes on now and what is over, and what of them the
    service does not have yet.
    """
    from tui.workspace.html_text import plain_text
    from tui.workspace.times.when import span_line

    zone = teller.zone
    now = datetime.now(zone)
    items: list[Item] = []
    for one in events:
        event, change = one
        past = event.end is not None and event.end < now
        goes_on = event.start is not None and event.start <= now and not past
        end = None if event.end == event.start else event.end
        head = span_line(event.start, end, zone, now) + (" · now" if goes_on else "")
        lines = [
            Paragraph(head, "muted" if past else "good" if goes_on else "strong"),
            Paragraph(plain_text(event.text) or "(no text)", "muted" if past else "text", 2),
        ]
        if event.author:
            lines.append(Paragraph(teller.name(event.author), "muted", 2))
        if change is not None:
            lines.insert(1, Paragraph(standing(change), "warn", 2))
        items.append(Item(event_key(one), [*lines, Paragraph("")]))
    return items


def event_key(planned: Planned) -> str:
    """What an event is called among the items."""
    event, change = planned
    return f"event:{event.id}" if change is None or event.id else f"new:{change.id}"


def file_items(talk: Talk, teller: Teller) -> list[Item]:
    """The files among the messages, each with the message that it came with."""
    from tui.workspace.books.talk import opening

    return [
        Item(
            file_key(message, file),
            [
                Paragraph(f"⊞ {file.name or 'file'}{_size(file)}", "strong"),
                Paragraph(
                    f"{teller.name(message.author)} · {teller.when(message.created)}", "muted", 2
                ),
                Paragraph(opening(message), "muted", 2),
                Paragraph(""),
            ],
        )
        for message, file in talk.files
    ]


def file_key(message: Message, file: Attachment) -> str:
    """What a file is called among the items."""
    return f"file:{message.smid}:{file.id}:{file.uuid}"


def _size(file: Attachment) -> str:
    return "" if file.size is None else f" · {counted(file.size, 'byte')}"
