"""Who is attached to the socket, and what is pushed to them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tui.embedded.database import Database
from tui.embedded.timetonic.frames import FrameType

QUEUE_LIMIT = 256
"""Frames that wait for one slow reader; beyond it that reader is let go, not the memory."""

Frame = dict[str, object]


@dataclass(eq=False)
class Attachment:
    """One socket after its attach frame."""

    user: str
    session_id: int
    outgoing: asyncio.Queue[Frame] = field(default_factory=lambda: asyncio.Queue(QUEUE_LIMIT))
    overrun: asyncio.Event = field(default_factory=asyncio.Event)
    held: list[Frame] | None = None
    """Frames kept back while this socket's own frame is worked on: the acknowledgement must be
    the next frame that it reads (reference 8)."""

    def push(self, frame: Frame) -> None:
        """Queue a frame. A reader that is too slow is marked, and its socket gets closed."""
        if self.held is not None:
            self.held.append(frame)
            return
        try:
            self.outgoing.put_nowait(frame)
        except asyncio.QueueFull:
            self.overrun.set()

    def release(self, acknowledgement: Frame) -> None:
        """The acknowledgement, then what was kept back, without news of the socket's own write."""
        kept, self.held = self.held or [], None
        self.push(acknowledgement)
        for frame in kept:
            if frame["type"] != FrameType.BOOK_UPDATES:
                self.push(frame)


class Hub:
    """The attached sockets. Used in the event loop's own thread only."""

    def __init__(self) -> None:
        self._attached: set[Attachment] = set()

    def add(self, attachment: Attachment) -> None:
        """From now on it gets what its user may see."""
        self._attached.add(attachment)

    def remove(self, attachment: Attachment) -> None:
        """The socket has gone."""
        self._attached.discard(attachment)

    def to_members(self, database: Database, book_id: int, frame: Frame) -> None:
        """Push to every attached member of a book."""
        if not self._attached:
            return
        members = {
            str(row["user"])
            for row in database.read(
                "SELECT user FROM timetonic_member WHERE book_id = ?", (book_id,)
            )
        }
        for attachment in self._attached:
            if attachment.user in members:
                attachment.push(frame)

    def to_user(self, user: str, frame: Frame, *, but: Attachment | None = None) -> None:
        """Push to all sockets of one user."""
        for attachment in self._attached:
            if attachment.user == user and attachment is not but:
                attachment.push(frame)

    def book_updated(self, database: Database, book_id: int, sstamp: int, writer: str) -> None:
        """Book-updates-ready: names the book and its new stamp, and lets the client fetch."""
        if not self._attached:
            return
        book = database.one("SELECT b_c, b_o FROM timetonic_book WHERE id = ?", (book_id,))
        if book is None:
            return
        frame: Frame = {
            "type": int(FrameType.BOOK_UPDATES),
            "b_c": book["b_c"],
            "b_o": book["b_o"],
            "sstamp": sstamp,
            "u_c": writer,
        }
        self.to_members(database, book_id, frame)
