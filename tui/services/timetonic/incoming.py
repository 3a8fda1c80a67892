"""What comes in over TimeTonic's socket, one handler for each documented frame.

Source: seed document, "Access / Change Information via Sockets", which only names them: their
keys are our assumption, and every frame is kept as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.services.beside import insist_on_one_word
from tui.services.errors import ProtocolViolation
from tui.services.operation import is_change, operation
from tui.services.reading import read
from tui.services.timetonic.frames import decode_frame, kind_of
from tui.services.timetonic.happenings import (
    Acknowledged,
    BookUpdated,
    Happening,
    MessageArrived,
    SystemMessage,
    UnknownFrame,
)
from tui.services.timetonic.records import Message
from tui.services.timetonic.refusals import refusal

TEXT_SHOWN = 2000
"""Characters kept of a frame that is no object."""


class IncomingFrames:
    """Turns frames into happenings."""

    @operation("timetonic.socket.ack_message", "read")
    async def ack_message(self, frame: dict[str, Any]) -> Acknowledged:
        """Take the acknowledgement of a message that was sent.

        Source: seed document, index; the frame is our assumption.

        Args:
            frame: The frame as it came.
        """
        return acknowledged(frame)

    @operation("timetonic.socket.ack_ping", "read")
    async def ack_ping(self, frame: dict[str, Any]) -> Acknowledged:
        """Take the acknowledgement of a ping.

        Source: seed document, index; the frame is our assumption.

        Args:
            frame: The frame as it came.
        """
        return acknowledged(frame)

    @operation("timetonic.socket.ack_system", "read")
    async def ack_system(self, frame: dict[str, Any]) -> Acknowledged:
        """Take the acknowledgement of a system message that was sent.

        Source: seed document, index; the frame is our assumption.

        Args:
            frame: The frame as it came.
        """
        return acknowledged(frame)

    @operation("timetonic.socket.message", "read")
    async def message(self, frame: dict[str, Any]) -> MessageArrived:
        """Take a message that came.

        Source: seed document, index; the frame is assumed to hold the message's own keys.

        Args:
            frame: The frame as it came.
        """
        inner = frame.get("message")
        found: Message = read(Message, inner if isinstance(inner, dict) else frame, "frame")
        return MessageArrived(message=found, raw=frame)

    @operation("timetonic.socket.book_updates", "read")
    async def book_updates(self, frame: dict[str, Any]) -> BookUpdated:
        """Take the word that a book has changed.

        Source: seed document, index; the frame is our assumption.

        Args:
            frame: The frame as it came.
        """
        known = {name: frame[name] for name in ("b_c", "b_o", "sstamp") if name in frame}
        return read(BookUpdated, {**known, "raw": frame}, "frame")

    @operation("timetonic.socket.system", "read")
    async def system(self, frame: dict[str, Any]) -> SystemMessage:
        """Take a system message.

        Source: seed document, index; the frame is our assumption.

        Args:
            frame: The frame as it came.
        """
        text = frame.get("msg")
        return SystemMessage(text=text if isinstance(text, str) else "", raw=frame)

    async def happening(self, data: str | bytes, numbers: Mapping[str, int]) -> Happening:
        """What a frame tells; an UnknownFrame for what nobody has described."""
        try:
            frame = decode_frame(data)
        except ProtocolViolation:
            text = data if isinstance(data, str) else data.decode(errors="replace")
            return UnknownFrame(text=text[:TEXT_SHOWN])
        handlers = {
            "ack_message": self.ack_message,
            "ack_ping": self.ack_ping,
            "ack_system": self.ack_system,
            "ack_attach": self.ack_message,
            "ack_value": self.ack_message,
            "message": self.message,
            "book_updates": self.book_updates,
            "system": self.system,
        }
        handler = handlers.get(kind_of(frame, numbers))
        if handler is None:
            return UnknownFrame(raw=frame)
        try:
            return await handler(frame)
        except ProtocolViolation:
            # The number was a guess: a frame that does not read as what it was taken for.
            return UnknownFrame(raw=frame)


def acknowledged(frame: dict[str, Any]) -> Acknowledged:
    """An acknowledgement, as far as its keys are what HTTP answers have."""
    names = ("uuid", "smid", "sstamp")
    known = {name: frame[name] for name in names if frame.get(name) is not None}
    return read(Acknowledged, {**known, "raw": frame}, "frame")


def insist(frame: Mapping[str, Any]) -> None:
    """Raise the error of a frame that says "nok" as an HTTP answer would."""
    if str(frame.get("status", "ok")).lower() == "nok":
        raise refusal("socket", frame)


def insist_on_yes(frame: Mapping[str, Any]) -> None:
    """As `insist`, of what acknowledges a change: where it says anything of it, that it is a yes.

    Raises ProtocolViolation for what is neither a yes nor a no, or both.
    """
    insist(frame)
    if is_change() and str(frame.get("status", "ok")).lower() != "ok":
        raise ProtocolViolation('frame.status should be "ok" or "nok"')
    insist_on_one_word(frame)
