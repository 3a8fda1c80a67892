"""Prices are exact: every sum is counted again by hand, in Decimal."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.embedded.timesheets.api import Api
from tui.embedded.timesheets.pricing import UNIT_SECONDS, Price, cost

CENT = Decimal("0.01")
MONDAY_NINE = 1_768_208_400
"""2026-01-12 09:00 UTC."""
ALL_DAYS = dict.fromkeys(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), True
)


def _task(api: Api) -> tuple[int, int]:
    client = api.call("client/create", name="Payer")["id"]
    project = api.call("project/create", client_id=client, name="Project")["id"]
    return client, api.call("task/create", project_id=project, name="Task")["id"]


def _approved(api: Api, user: int, task: int, start: int, seconds: int) -> int:
    entry: int = api.call(
        "ts/create", user_id=user, task_id=task, start_time=start, end_time=start + seconds
    )["id"]
    assert api.call("ts/approve", time_entry_ids=[entry])["data"] == [entry]
    return entry


@given(
    seconds=st.integers(0, 10**7),
    amount=st.decimals(0, 10**6, places=4),
    unit=st.sampled_from(sorted(UNIT_SECONDS)),
)
def test_cost_is_the_exact_fraction_rounded_half_up(
    seconds: int, amount: Decimal, unit: str
) -> None:
    exact = Fraction(amount) * seconds / UNIT_SECONDS[unit] * 100
    cents = (exact.numerator * 2 + exact.denominator) // (exact.denominator * 2)
    assert cost(seconds, Price(amount, unit)) == Decimal(cents) / 100


def test_half_a_cent_goes_up() -> None:
    assert cost(1800, Price(Decimal("0.01"))) == Decimal("0.01")
    assert cost(1799, Price(Decimal("0.01"))) == Decimal("0.00")
    assert cost(3600, Price(Decimal("10.005"))) == Decimal("10.01")


def test_a_long_chain_agrees_with_the_sum_by_hand(own: Api) -> None:
    """400 entries of four users with awkward rates: calc, parts of it, and the invoice."""
    chance = random.Random(7)
    client, task = _task(own)
    rates = ["0.07", "33.3333", "19.99", "1234.5678"]
    users = [
        own.call("user/create", email=f"u{at}@example.org", hourly_rate=float(rate))["id"]
        for at, rate in enumerate(rates)
    ]
    expected = Decimal(0)
    worked = 0
    entries = []
    start = MONDAY_NINE
    for at in range(400):
        seconds = chance.randrange(1, 30_000)
        entries.append(
            own.call(
                "ts/create",
                user_id=users[at % 4],
                task_id=task,
                start_time=start,
                end_time=start + seconds,
            )["id"]
        )
        start += seconds
        worked += seconds
        price = Decimal(rates[at % 4]) * seconds / 3600
        expected += price.quantize(CENT, ROUND_HALF_UP)
    assert own.call("ts/calc", time_entry_ids=entries)["data"] == {"duration": 0, "sum": 0}
    assert own.call("ts/approve", time_entry_ids=entries)["count"] == 400
    whole = own.send("ts/calc", {"time_entry_ids": entries}).text
    # The digits on the wire, not what a float makes of them.
    assert f'"data": {{"duration": {worked}, "sum": {_plain(expected)}}}' in whole
    parts = [
        own.call("ts/calc", time_entry_ids=entries[at : at + 37])["data"]["sum"]
        for at in range(0, 400, 37)
    ]
    assert sum(Decimal(str(part)) for part in parts) == expected
    invoice = own.call("invoice/create", client_id=client, task_ids=[task])["id"]
    assert f'"amount": {_plain(expected)}' in own.send("invoice", {"invoice_id": invoice}).text


def _plain(amount: Decimal) -> str:
    return str(amount.normalize()) if amount % 1 else str(int(amount))


def test_breaks_are_not_paid(own: Api) -> None:
    _, task = _task(own)
    user = own.call("user/create", email="u@example.org", hourly_rate=36)["id"]
    clock = own.server.clock
    entry = own.call("ts/create", user_id=user, task_id=task)["id"]
    clock.advance(minutes=30)
    own.call("ts/break_start", time_entry_id=entry)
    clock.advance(minutes=10)
    own.call("ts/break_stop", time_entry_id=entry)
    clock.advance(minutes=20)
    end = int(clock().timestamp())
    own.call("ts/update", time_entry_id=entry, end_datetime=end)
    own.call("ts/approve", time_entry_ids=[entry])
    calculated = own.call("ts/calc", time_entry_ids=[entry])["data"]
    assert calculated == {"duration": 50 * 60, "sum": 30}


def test_only_approved_entries_count(own: Api) -> None:
    _, task = _task(own)
    user = own.call("user/create", email="u@example.org", hourly_rate=10)["id"]
    good = _approved(own, user, task, MONDAY_NINE, 3600)
    waiting = own.call(
        "ts/create", user_id=user, task_id=task, start_time=MONDAY_NINE, end_time=MONDAY_NINE + 3600
    )["id"]
    calculated = own.call("ts/calc", time_entry_ids=[good, waiting, 4711, good])["data"]
    assert calculated == {"duration": 3600, "sum": 10}
    assert own.call("ts/calc")["data"] == {"duration": 0, "sum": 0}


@pytest.mark.parametrize(
    ("unit", "amount", "hour"),
    [
        ("minutes", 0.5, 30),
        ("hours", 21.25, 21.25),
        ("days", 400, 50),
        ("weeks", 2000, 50),
        ("months", 8000, 50),
        ("years", 96000, 50),
    ],
)
def test_a_rate_of_user_and_schedule_goes_before_the_hourly_rate(
    own: Api, unit: str, amount: float, hour: float
) -> None:
    _, task = _task(own)
    user = own.call("user/create", email="u@example.org", hourly_rate=7)["id"]
    schedule = own.call(
        "schedule/create",
        name="Mornings",
        days_of_week=ALL_DAYS,
        start_time="08:00",
        end_time="10:59",
        is_holiday=False,
        is_overnight=False,
    )["id"]
    rate = own.call(
        "rate/create",
        user_id=user,
        schedule_id=schedule,
        name="R",
        amount=amount,
        duration_unit=unit,
    )["id"]
    inside = _approved(own, user, task, MONDAY_NINE, 3600)
    outside = _approved(own, user, task, MONDAY_NINE + 7200, 3600)
    assert own.call("ts/calc", time_entry_ids=[inside])["data"]["sum"] == hour
    assert own.call("ts/calc", time_entry_ids=[outside])["data"]["sum"] == 7
    own.call("rate/delete", rate_id=rate)
    assert own.call("ts/calc", time_entry_ids=[inside])["data"]["sum"] == 7


def test_amounts_come_back_as_they_were_sent(own: Api) -> None:
    client, task = _task(own)
    for amount, shown in (
        (0.1, "0.1"),
        (100, "100"),
        (100.0, "100"),
        (99999999999.99, "99999999999.99"),
    ):
        invoice = own.call("invoice/create", client_id=client, task_ids=[task], amount=amount)["id"]
        answer = own.send("invoice", {"invoice_id": invoice}).text
        assert f'"amount": {shown},' in answer
