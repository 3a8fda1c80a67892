"""What of invoices is kept on this machine alone, as changes: what each says, and its way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec

from tui.services.errors import Refused
from tui.store.changes import Change
from tui.store.papers import (
    Claimed,
    NumberTaken,
    Papers,
    Payment,
    PeriodKey,
    Recurring,
    Reminded,
    RemindedAlready,
)
from tui.store.papers.periodic import PASSED
from tui.workspace.changes.keeping import Keeping

PAYMENT = "timesheets.here.payment"
NO_PAYMENT = "timesheets.here.payment_taken_back"
ISSUE = "timesheets.here.issue"
CREDIT = "timesheets.here.credit_note"
REMINDER = "timesheets.here.reminder"
NO_REMINDER = "timesheets.here.reminder_taken_back"
PASSED_OVER = "timesheets.here.passed_over"
RECURRING = "timesheets.here.recurring"
OFFERED_AGAIN = "timesheets.here.offered_again"
NEXT_NUMBER = "timesheets.here.next_number"
FREED = "timesheets.here.freed_work"

ISSUED_STANDS = "What is issued stands. A credit note takes it back."
NOTE_STANDS = "A credit note stands, as its invoice did."


def keepings(papers: Papers) -> Mapping[str, Keeping]:
    """The ways of each of these changes, in the file of invoices."""
    return {
        **_of_payments(papers),
        **_of_reminders(papers),
        **_of_periods(papers),
        **_of_recurring(papers),
        **_of_numbers(papers),
        **_of_work(papers),
    }


def _of_payments(papers: Papers) -> Mapping[str, Keeping]:
    def noted(change: Change) -> set[str]:
        paid = papers.payments(change.owner).values()
        return {one.id for payments in paid for one in payments.payments}

    def pay(change: Change) -> None:
        papers.pay(change.owner, payments_in(change))

    def take_back(change: Change) -> None:
        papers.take_back(change.owner, [one.id for one in payments_in(change)])

    def all_noted(change: Change) -> bool:
        return {one.id for one in payments_in(change)} <= noted(change)

    def none_noted(change: Change) -> bool:
        return noted(change).isdisjoint(one.id for one in payments_in(change))

    return {
        PAYMENT: Keeping(all_noted, pay, take_back),
        NO_PAYMENT: Keeping(none_noted, take_back, pay),
    }


def _of_reminders(papers: Papers) -> Mapping[str, Keeping]:
    def is_reminded(change: Change) -> bool:
        one = reminded_of(change)
        found = papers.periodic.reminded(change.owner).get(one.invoice, [])
        return any((each.day, each.level) == (one.day, one.level) for each in found)

    def remind(change: Change) -> None:
        # Another deck may note it at the same moment.
        with suppress(RemindedAlready):
            papers.periodic.remind(change.owner, reminded_of(change))

    def not_reminded(change: Change) -> None:
        papers.periodic.not_reminded(change.owner, reminded_of(change))

    return {
        REMINDER: Keeping(is_reminded, remind, not_reminded),
        NO_REMINDER: Keeping(_not(is_reminded), not_reminded, remind),
    }


def _of_periods(papers: Papers) -> Mapping[str, Keeping]:
    def is_passed(change: Change) -> bool:
        return papers.periodic.settled(change.owner).get(period_of(change)) == PASSED

    def pass_over(change: Change) -> None:
        if period_of(change) not in papers.periodic.settled(change.owner):
            papers.periodic.settle(change.owner, period_of(change))

    def offer(change: Change) -> None:
        papers.periodic.offer_again(change.owner, period_of(change))

    return {
        PASSED_OVER: Keeping(is_passed, pass_over, offer),
        OFFERED_AGAIN: Keeping(_not(is_passed), offer, pass_over),
    }


def _of_recurring(papers: Papers) -> Mapping[str, Keeping]:
    def is_as_it_became(change: Change) -> bool:
        found = {one.id: one for one in papers.periodic.all_of(change.owner)}
        return found.get(change.arguments["recurring"]) == _recurring(change, "after")

    def put(change: Change, which: Literal["before", "after"]) -> None:
        one = _recurring(change, which)
        if one is not None:
            papers.periodic.put(change.owner, one)
        else:
            papers.periodic.remove(change.owner, change.arguments["recurring"])

    return {
        RECURRING: Keeping(
            is_as_it_became, lambda one: put(one, "after"), lambda one: put(one, "before")
        ),
    }


def _of_numbers(papers: Papers) -> Mapping[str, Keeping]:
    def has_a_note(change: Change) -> bool:
        number = int(change.arguments["invoice_id"])
        return any(one.cancels == number for one in papers.all_of(change.owner))

    def has_a_number(change: Change) -> bool:
        paper = papers.paper(change.owner, int(change.arguments["invoice_id"]))
        return paper is not None and paper.state != "draft"

    def goes_on(change: Change) -> bool:
        held = change.arguments
        return papers.series.first(change.owner, held["series"]) == int(held["after"])

    def go_on(change: Change, which: Literal["before", "after"]) -> None:
        owner, held = change.owner, change.arguments
        try:
            if which == "before" and goes_on(change):
                # Once it is used a way back could only leave numbers out.
                papers.series.insist_on_unused(owner, held["series"], held["after"])
            papers.series.go_on_with(owner, held["series"], held[which])
        except NumberTaken as error:
            raise Refused(f"{change.title}: {error}", advice="Nothing was changed.") from error

    return {
        NEXT_NUMBER: Keeping(
            goes_on, lambda one: go_on(one, "after"), lambda one: go_on(one, "before")
        ),
        ISSUE: Keeping(has_a_number),
        CREDIT: Keeping(has_a_note),
    }


def _of_work(papers: Papers) -> Mapping[str, Keeping]:
    def is_free(change: Change) -> bool:
        return int(change.arguments["invoice_id"]) not in papers.billed(change.owner).values()

    def free(change: Change) -> None:
        try:
            papers.free(change.owner, int(change.arguments["invoice_id"]))
        except NumberTaken as error:
            raise Refused(f"{change.title}: {error}", advice="Nothing was changed.") from error

    def hold(change: Change) -> None:
        held = change.arguments
        try:
            papers.hold(change.owner, int(held["invoice_id"]), map(int, held["entries"]))
        except Claimed as error:
            by = ", ".join(f"{one}" for one in sorted(set(error.holders.values())) if one > 0)
            raise Refused(
                f"{change.title}: its work is billed anew{f', by invoice {by}' if by else ''}.",
                advice="Nothing was changed.",
            ) from error

    return {FREED: Keeping(is_free, free, hold)}


def _not(stands: Callable[[Change], bool]) -> Callable[[Change], bool]:
    return lambda change: not stands(change)


def with_payments(payments: Iterable[Payment]) -> dict[str, Any]:
    """What a change tells of payments; by invoice, so that one that is made again by a redo under
    another id is known again.
    """
    invoices: dict[str, list[dict[str, str]]] = {}
    for one in payments:
        invoices.setdefault(f"{one.invoice}", []).append(
            {"id": one.id, "day": one.day.isoformat(), "amount": f"{one.amount:f}",
             "text": one.text, "reference": one.reference}
        )  # fmt: skip
    return {"invoices": invoices}


def payments_in(change: Change) -> list[Payment]:
    """The payments that a change tells of."""
    return [
        Payment(
            id=one["id"], invoice=int(invoice), day=date.fromisoformat(one["day"]),
            amount=Decimal(one["amount"]), text=one["text"], reference=one["reference"],
        )
        for invoice, held in change.arguments["invoices"].items()
        for one in held
    ]  # fmt: skip


def with_reminded(one: Reminded) -> dict[str, Any]:
    """What a change tells of a reminder."""
    return {
        "invoice_id": one.invoice, "day": one.day.isoformat(), "level": one.level,
        "amount": f"{one.amount:f}", "currency": one.currency,
    }  # fmt: skip


def reminded_of(change: Change) -> Reminded:
    """The reminder that a change tells of."""
    held = change.arguments
    return Reminded(
        invoice=int(held["invoice_id"]), day=date.fromisoformat(held["day"]), level=held["level"],
        amount=Decimal(held["amount"]), currency=held["currency"],
    )  # fmt: skip


def with_period(key: PeriodKey) -> dict[str, Any]:
    """What a change tells of a due day."""
    return {"recurring": key.recurring, "day": key.day.isoformat()}


def period_of(change: Change) -> PeriodKey:
    """The due day that a change tells of."""
    return PeriodKey(change.arguments["recurring"], date.fromisoformat(change.arguments["day"]))


def with_recurring(before: Recurring | None, after: Recurring | None) -> dict[str, Any]:
    """What a change tells of a definition as it was and as it became; None where there is none."""
    one = after or before
    assert one is not None
    return {
        "recurring": one.id,
        "before": msgspec.to_builtins(before),
        "after": msgspec.to_builtins(after),
    }


def with_next_number(series: str, before: int, after: int) -> dict[str, Any]:
    """What a change tells of the place that is next in a series, as it was and as it became."""
    return {"series": series, "before": before, "after": after}


def _recurring(change: Change, which: Literal["before", "after"]) -> Recurring | None:
    held = change.arguments.get(which)
    return None if held is None else msgspec.convert(held, Recurring)
