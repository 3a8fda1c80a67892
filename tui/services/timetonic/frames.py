"""The frames of TimeTonic's socket: one table of what is known and what is assumed.

Raw websocket, JSON text, one integer `type` each. One public client of 2017 shows how to attach
(4) and to send a message (1), and names 13 for updating a table. Nothing shows an incoming
frame. Source: reference page, section 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from tui.services.digits import whole
from tui.services.errors import ProtocolViolation


@dataclass(frozen=True)
class FrameType:
    """One type of frame: what it is called in the documents, and its number."""

    name: str
    direction: Literal["sent", "received"]
    number: int
    known: bool
    """False where the number is our assumption, to be corrected by `numbers`."""
    operation: str = ""
    """The id of the documented row; none for what must exist and is named nowhere."""


FRAME_TYPES: tuple[FrameType, ...] = (
    FrameType("attach", "sent", 4, True, "timetonic.socket.attach"),
    FrameType("send_message", "sent", 1, True, "timetonic.socket.send_message"),
    FrameType("update_value", "sent", 13, False, "timetonic.socket.update_value"),
    FrameType("ping", "sent", 7, False, "timetonic.socket.ping"),
    FrameType("send_system", "sent", 9, False, "timetonic.socket.send_system"),
    FrameType("ack_message", "received", 2, False, "timetonic.socket.ack_message"),
    FrameType("message", "received", 3, False, "timetonic.socket.message"),
    FrameType("book_updates", "received", 6, False, "timetonic.socket.book_updates"),
    FrameType("ack_ping", "received", 8, False, "timetonic.socket.ack_ping"),
    FrameType("ack_system", "received", 10, False, "timetonic.socket.ack_system"),
    FrameType("system", "received", 11, False, "timetonic.socket.system"),
    FrameType("ack_attach", "received", 5, False),
    FrameType("refused", "received", 12, False),
    FrameType("ack_value", "received", 14, False),
)
"""Every frame type in one place. 13 is only the default of an argument in that client."""

NUMBERS: Mapping[str, int] = MappingProxyType({each.name: each.number for each in FRAME_TYPES})


def encode_frame(number: int, fields: Mapping[str, object]) -> str:
    """A frame to be sent; fields that are None are left out."""
    frame = {"type": number, **{k: v for k, v in fields.items() if v is not None}}
    return msgspec.json.encode(frame).decode()


def decode_frame(data: str | bytes) -> dict[str, Any]:
    """A frame that came. Raises ProtocolViolation for what is no JSON object."""
    try:
        frame = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolViolation("a frame of the socket is not valid JSON") from error
    if not isinstance(frame, dict):
        raise ProtocolViolation("a frame of the socket should be an object")
    return frame


def kind_of(frame: Mapping[str, Any], numbers: Mapping[str, int]) -> str:
    """What a received frame is called; empty for a type that nobody has described."""
    number = frame.get("type")
    if isinstance(number, str):
        number = whole(number)
    for each in FRAME_TYPES:
        if each.direction == "received" and numbers[each.name] == number:
            return each.name
    return ""
