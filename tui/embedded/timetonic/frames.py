"""The socket's frames: raw websocket, JSON text, one integer `type` each.

Source: reference TimeTonic, 8. A public client shows types 1, 4 and 13 and nothing else.
"""

from __future__ import annotations

from enum import IntEnum


class FrameType(IntEnum):
    """Every frame type in one table.

    1, 4 and 13 are seen in a public client. All other numbers are THIS PROGRAM'S ASSUMPTION:
    no public text names them, only the functions that must exist.
    """

    SEND_MESSAGE = 1
    ACK_MESSAGE = 2
    MESSAGE = 3
    ATTACH = 4
    ACK_ATTACH = 5
    BOOK_UPDATES = 6
    PING = 7
    ACK_PING = 8
    SEND_SYSTEM = 9
    ACK_SYSTEM = 10
    SYSTEM = 11
    REFUSED = 12
    UPDATE_VALUE = 13
    ACK_VALUE = 14
