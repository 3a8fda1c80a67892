"""What one source has to say to today, as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

Part = Literal["tocks", "books", "events", "sessions", "invoices", "work"]
SERVICES: Mapping[Part, str] = {
    "tocks": "ticktocker",
    "books": "timetonic",
    "events": "timetonic",
    "sessions": "igtimi",
    "invoices": "timesheets",
    "work": "timesheets",
}
"""Which service each part is asked of."""


def kept_under(account: str, part: Part) -> str:
    """The key of the latest answer of a part; the account is that of its service."""
    return f"{account}/today/{part}"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of a part: `key` is what its own screen calls it."""

    key: str
    title: str
    detail: str = ""
    when: datetime | None = None
    until: datetime | None = None
    amount: Decimal | None = None
    """What of an invoice is still to be paid."""
    currency: str = ""
    """Of that; empty where nobody knows it: it is taken for the usual one."""
    count: int | None = None
    """Unread messages of a book; seconds of work that is to be billed."""


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """A part's things; `total` counts those that are not kept too."""

    items: list[Item]
    total: int
    asked: str = ""
    """What of all was asked for, where that is not all of it."""
