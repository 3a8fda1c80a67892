"""Movements of a bank account, whatever file they came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class BankError(Exception):
    """A file that is no statement, or that cannot be understood; says in a sentence why."""


NO_REFERENCE = frozenset({"", "NOTPROVIDED", "NONREF", "NOTAVAILABLE"})
"""What banks write where the payer gave none, in capitals."""


@dataclass(frozen=True)
class Movement:
    """Money that came in, or went out where the amount is below nothing."""

    day: date
    amount: Decimal
    currency: str = ""
    """By ISO 4217; empty where the file does not say."""
    text: str = ""
    """What the payer wrote."""
    name: str = ""
    """Who paid."""
    reference: str = ""
    """What tells it from all others of the account: the same in another file of the same days."""
    charges: Decimal | None = None
    """What the bank kept of it; `amount` is what arrived."""
    is_reversal: bool = False
    """Whether it undoes one that went the other way."""


class Unread(NamedTuple):
    """A part of a file that is no movement, and why."""

    where: str
    why: str


@dataclass
class Statement:
    """The movements of a file in its order, and what could not be read of it."""

    form: str
    movements: list[Movement] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
