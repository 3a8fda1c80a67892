"""Payments that earlier versions noted with the change that marks their invoice paid: where that is
taken back, so are they. Now they are changes of their own (`kept_here`). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from tui.store.changes import Change
from tui.store.papers import Payment, Payments

SET_PAYED = "timesheets.invoice.set_payed"


def payments_of(change: Change) -> list[Payment]:
    """Those that a change was noted with."""
    return [
        Payment(
            id=one["id"], invoice=one["invoice"], day=date.fromisoformat(one["day"]),
            amount=Decimal(one["amount"]), text=one["text"], reference=one["reference"],
        )
        for one in change.about.get("payments") or ()
    ]  # fmt: skip


def undone(changes: Iterable[Change]) -> dict[str, Change]:
    """The ids of payments that do not count, with the change that was taken back."""
    found: dict[str, Change] = {}
    for change in changes:
        # Of one that was taken back nothing is paid; what follows it tells of the same payments.
        if change.operation == SET_PAYED and not change.undoes and not change.redoes:
            for one in payments_of(change) if change.state == "undone" else ():
                found[one.id] = change
    return found


def without(paid: Mapping[int, Payments], gone: Iterable[str]) -> dict[int, Payments]:
    """What counts as paid, by invoice."""
    ids = frozenset(gone)
    left = {
        invoice: Payments([one for one in each.payments if one.id not in ids])
        for invoice, each in paid.items()
    }
    return {invoice: each for invoice, each in left.items() if each.payments}


def again(gone: Mapping[str, Change], new: Iterable[Payment]) -> list[str]:
    """Of payments that were taken back those that are noted anew, by what the bank calls them."""
    references = {one.reference for one in new} - {""}
    return [
        identity
        for identity, change in gone.items()
        if references & {one.reference for one in payments_of(change)}
    ]
