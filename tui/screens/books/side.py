"""The pane of a book's messages, events and files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from tui.screens.base import DeckScreen
from tui.screens.books.lines import Item, ItemLines
from tui.widgets.lines import Paragraph
from tui.widgets.panel import Panel
from tui.words import counted
from tui.workspace.times import moment_text

if TYPE_CHECKING:
    from tui.workspace.books.books import Book, Shelf
    from tui.workspace.books.talk import Attachment, Events, Message, Talk, TalkDesk

Kind = Literal["messages", "events", "files"]
KINDS: tuple[Kind, ...] = ("messages", "events", "files")
EMPTY: dict[Kind, str] = {
    "messages": "No message yet. m writes the first.",
    "events": "No event in the last month or the year to come.",
    "files": "No file among the messages that are loaded.",
}
OLDER = "older"


class SidePane:
    """What is said in one book."""

    def __init__(
        self,
        screen: DeckScreen,
        desk: Callable[[], TalkDesk],
        shelf: Callable[[], Shelf | None],
        read: Callable[[Book], None],
    ) -> None:
        """`read` is called when a book's messages were marked as read."""
        self._screen = screen
        self._desk = desk
        self._shelf = shelf
        self._read = read
        self.kind: Kind = "messages"
        self.book: Book | None = None
        self._talk: Talk | None = None
        self._events: Events | None = None
        self._as_of: datetime | None = None
        self._pages = 1
        self._unread_after: int | None = None

    @property
    def lines(self) -> ItemLines:
        """The text."""
        return self._screen.query_one("#talk", ItemLines)

    @property
    def panel(self) -> Panel:
        """Its frame."""
        return self._screen.query_one("#side", Panel)

    @property
    def desk(self) -> TalkDesk:
        """The use cases."""
        return self._desk()

    # -- loading ------------------------------------------------------------------------------

    def open(self, book: Book, kind: Kind | None = None) -> None:
        """Show another book, or another kind of things of it."""
        from tui.workspace.books.books import book_key

        kind = kind or self.kind
        other = self.book is None or book_key(self.book) != book_key(book)
        if other:
            self._talk = self._events = self._as_of = None
            self._pages = 1
            self._unread_after = book.last_read
        elif kind == self.kind and self._stands():
            return
        self.book, self.kind = book, kind
        self._show(at_start=True)
        self.refresh()

    def refresh(self) -> None:
        """Ask the service again."""
        book = self.book
        if book is None:
            return
        self._screen.load(
            self.panel, f"Loading the {self.kind} of {book.title}", self._load,
            has_content=self._stands,
        )  # fmt: skip

    def _stands(self) -> str:
        there = self._events if self.kind == "events" else self._talk
        if there is None or self._as_of is None:
            return ""
        return f"as of {moment_text(self._as_of, self._screen.workspace.zone)}"

    async def _load(self) -> None:
        book, kind = self.book, self.kind
        if book is None:
            return
        if kind == "events":
            found = await self.desk.events(book)
            self._events, self._as_of = found.value, found.as_of
        else:
            if self._talk is None:
                kept = await self.desk.kept_talk(book)
                if kept is not None:
                    self._talk, self._as_of = kept.value, kept.as_of
                    self._show(at_start=True)
                    self.panel.show_content()
            fresh = self._talk is None
            answer = await self.desk.talk(book, pages=self._pages)
            same = self._talk is not None and self._talk.messages == answer.value.messages
            self._talk, self._as_of = answer.value, answer.as_of
            if same:
                self._mark_seen()
                return
            self._show(at_start=fresh or self._at_end())
            self._mark_seen()
            return
        self._show(at_start=True)

    def _at_end(self) -> bool:
        return self.lines.cursor_row >= self.lines.row_count - 2

    def _mark_seen(self) -> None:
        if self.lines.has_focus:
            self.seen()

    def seen(self) -> None:
        """The person is in the pane: what is new in it counts as read, where that is wanted."""
        if self.desk.marks_on_open:
            self.mark_read()

    def mark_read(self) -> None:
        """What is shown of the book's messages counts as read."""
        book, talk = self.book, self._talk
        if (
            book is None or talk is None or not talk.messages or not book.unread
            or self.kind != "messages" or self._screen.workspace.settings.deck.read_only
        ):  # fmt: skip
            return
        until = max(message.smid for message in talk.messages)

        async def mark() -> str | None:
            await self.desk.mark_read(book, until)
            self._read(book)
            return None

        self._screen.act(mark)

    # -- showing ------------------------------------------------------------------------------

    def _show(self, *, at_start: bool = False, key: str = "") -> None:
        book = self.book
        if book is None:
            return
        key = key or ("" if at_start else self.lines.key)
        self.lines.empty_text = EMPTY[self.kind]
        items = self._items()
        self.lines.show(items, at_end=at_start and self.kind == "messages", key=key)
        shelf = self._shelf()
        title = shelf.title(book) if shelf is not None else book.title
        self.panel.show_title(f"{self.kind.title()} · {title}", self._note(len(items)))

    def _note(self, shown: int) -> str:
        talk = self._talk
        if self.kind == "messages" and talk is not None and self.book is not None:
            count = len(talk.messages)
            if talk.more:
                return f"{count:,} of {max(count, self.book.message_count):,}"
            return f"{count:,}"
        return f"{shown:,}" if self._stands() else ""

    def _items(self) -> list[Item]:
        if self.kind == "events":
            return [] if self._events is None else self._event_items(self._events)
        if self._talk is None:
            return []
        if self.kind == "files":
            return [
                Item(_file_key(message, file), self._file_lines(message, file))
                for message, file in self._talk.files
            ]
        return self._message_items(self._talk)

    def _name(self, u_c: str) -> str:
        shelf = self._shelf()
        if shelf is None:
            return u_c
        return "You" if u_c == shelf.me else shelf.name(u_c) or "somebody"

    def _when(self, moment: datetime | None) -> str:
        return moment_text(moment, self._screen.workspace.zone) if moment else "time not told"

    def _message_items(self, talk: Talk) -> list[Item]:
        from tui.workspace.html_text import plain_text

        items: list[Item] = []
        if talk.more:
            items.append(Item(OLDER, [Paragraph("↑ enter loads older messages", "muted")]))
        shelf, new = self._shelf(), False
        for message in talk.messages:
            mine = shelf is not None and message.author == shelf.me
            lines: list[Paragraph] = []
            unread = self._unread_after is not None and message.smid > self._unread_after
            if unread and not mine and not new:
                new = True
                lines.append(Paragraph("── new ──", "accent"))
            changed = message.changed is not None and message.created is not None
            edited = changed and message.changed != message.created
            head = f"{self._name(message.author)} · {self._when(message.created)}"
            lines.append(
                Paragraph(head + (" · changed" if edited else ""), "primary" if mine else "strong")
            )
            text = plain_text(message.text)
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
        return items

    def _event_items(self, events: Events) -> list[Item]:
        from tui.workspace.html_text import plain_text
        from tui.workspace.times.when import span_line

        zone = self._screen.workspace.zone
        now = datetime.now(zone)
        items: list[Item] = []
        for event in events.events:
            past = event.end is not None and event.end < now
            goes_on = event.start is not None and event.start <= now and not past
            head = span_line(event.start, event.end, zone, now) + (" · now" if goes_on else "")
            lines = [
                Paragraph(head, "muted" if past else "good" if goes_on else "strong"),
                Paragraph(plain_text(event.text) or "(no text)", "muted" if past else "text", 2),
            ]
            if event.author:
                lines.append(Paragraph(self._name(event.author), "muted", 2))
            items.append(Item(f"event:{event.id}", [*lines, Paragraph("")]))
        return items

    def _file_lines(self, message: Message, file: Attachment) -> list[Paragraph]:
        from tui.workspace.books.talk import opening

        return [
            Paragraph(f"⊞ {file.name or 'file'}{_size(file)}", "strong"),
            Paragraph(f"{self._name(message.author)} · {self._when(message.created)}", "muted", 2),
            Paragraph(opening(message), "muted", 2),
            Paragraph(""),
        ]

    # -- what a person does -------------------------------------------------------------------

    def next_kind(self) -> None:
        """Messages, then events, then files."""
        if self.book is not None:
            self.open(self.book, KINDS[(KINDS.index(self.kind) + 1) % len(KINDS)])

    @property
    def message(self) -> Message | None:
        """The message under the cursor."""
        if self.kind != "messages" or self._talk is None:
            return None
        return next((one for one in self._talk.messages if str(one.smid) == self.lines.key), None)

    async def choose(self) -> None:
        """Enter: older messages, a message in full, or a file."""
        if self.lines.key == OLDER:
            self._pages += 1
            self.refresh()
            return
        if self.kind == "files":
            await self._save_file()
            return
        text = self.text
        if text:
            from tui.widgets.viewer import Viewer

            await self._screen.ask(Viewer(self.kind.title()[:-1], text))

    @property
    def text(self) -> str:
        """What the cursor is in, as plain text to read or copy."""
        item = next((one for one in self._items() if one.key == self.lines.key), None)
        return "" if item is None else "\n".join(line.text for line in item.paragraphs).strip()

    async def _save_file(self) -> None:
        from tui.screens.books.messages import save_file

        files = [] if self._talk is None else self._talk.files
        found = next((f for m, f in files if _file_key(m, f) == self.lines.key), None)
        if found is not None:
            await save_file(self._screen, self.desk, found)

    async def write(self) -> None:
        """Write a message; a draft is kept until it is sent."""
        from tui.screens.books.messages import write_message

        if self.book is not None and await write_message(self._screen, self.desk, self.book):
            self._show_newest()

    async def change(self) -> None:
        """Give one's own message another text."""
        from tui.screens.books.messages import change_message

        message, shelf = self.message, self._shelf()
        if self.book is None or message is None or shelf is None:
            self._screen.flash("There is no message under the cursor.", "warn")
        elif message.author != shelf.me:
            self._screen.flash("Only one's own messages can be changed.", "warn")
        elif await change_message(self._screen, self.desk, self.book, message):
            self.refresh()

    async def delete(self) -> None:
        """Delete one's own message."""
        from tui.screens.books.messages import delete_message

        message, shelf = self.message, self._shelf()
        if self.book is None or message is None or shelf is None:
            self._screen.flash("There is no message under the cursor.", "warn")
        elif shelf.me not in (message.author, self.book.b_o):
            self._screen.flash("Only one's own messages can be deleted.", "warn")
        elif await delete_message(self._screen, self.desk, self.book, message):
            self.refresh()

    def _show_newest(self) -> None:
        self.lines.action_cursor_last()
        if self.kind != "messages" and self.book is not None:
            self.open(self.book, "messages")
        else:
            self.refresh()


def _file_key(message: Message, file: Attachment) -> str:
    return f"file:{message.smid}:{file.id}:{file.uuid}"


def _size(file: Attachment) -> str:
    return "" if file.size is None else f" · {counted(file.size, 'byte')}"
