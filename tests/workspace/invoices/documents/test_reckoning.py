"""The sums of a document, against an independent reckoning in fractions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.invoices.documents import document as d
from tui.workspace.invoices.documents import reckoning


def half_up(exact: Fraction, digits: int) -> Decimal:
    """Rounded by whole numbers alone."""
    whole = abs(exact) * 10**digits
    unit = int(whole + Fraction(1, 2))
    return Decimal(unit if exact >= 0 else -unit).scaleb(-digits)


RATES = st.sampled_from([("S", "19"), ("S", "7"), ("S", "5.5"), ("S", "2.1"), ("E", "0")])
LINES = st.lists(
    st.tuples(
        st.integers(1, 400_000),
        st.decimals(0, 500, places=3),
        RATES,
        st.decimals(0, 60, places=1),
    ),
    min_size=1,
    max_size=12,
)


@given(LINES, st.sampled_from([("EUR", 2), ("JPY", 0), ("BHD", 3)]))
def test_the_sums_are_those_of_an_exact_reckoning(rows, money) -> None:
    currency, digits = money
    lines, groups, net = [], {}, Decimal()
    for seconds, price, (category, rate), percent in rows:
        vat = d.Vat(category=d.Category(category), rate=Decimal(rate))
        line = reckoning.work_line("Work", seconds, price, currency, vat=vat)
        gross = half_up(Fraction(seconds, 3600) * Fraction(price), digits)
        assert line.amount == gross
        assert abs(line.quantity - Decimal(seconds) / 3600) <= Decimal("0.00005")
        off = reckoning.discount(gross, percent, currency)
        amount = gross - half_up(Fraction(gross) * Fraction(percent) / 100, digits)
        lines.append(msgspec.structs.replace(line, amount=amount, adjustments=(off,)))
        assert reckoning.line_amount(lines[-1], currency) == amount
        groups[category, Decimal(rate)] = groups.get((category, Decimal(rate)), 0) + amount
        net += amount
    document = d.Document(
        number="1",
        issued=date(2026, 3, 1),
        seller=d.Party(),
        buyer=d.Party(),
        lines=tuple(lines),
        currency=currency,
        payments=(d.Payment(amount=Decimal("1")),),
    )
    found = reckoning.totals(document)
    vats = {
        key: half_up(Fraction(basis) * Fraction(key[1]) / 100, digits)
        for key, basis in groups.items()
    }
    assert {(one.category.value, one.rate): one.amount for one in found.groups} == vats
    assert sum(one.gross for one in found.groups) == found.gross == found.net + found.vat
    assert (found.net, found.vat) == (net, sum(vats.values()))
    assert found.due == net + sum(vats.values()) - 1
    assert -found.due.as_tuple().exponent == digits
    assert d.from_json(d.as_json(document)) == document


def test_a_unit_of_time_is_paid_by_the_second() -> None:
    """A day has 8 hours, a week 5 days, a month 4 weeks."""
    units = {"SEC": 1, "MIN": 60, "HUR": 3600, "DAY": 28_800, "WEE": 144_000, "MON": 576_000}
    assert units == reckoning.UNIT_SECONDS
    for unit, seconds in units.items():
        line = reckoning.work_line(
            "Work", 3 * seconds, Decimal("80.01"), "EUR", vat=d.Vat(), unit=unit
        )
        assert (line.quantity, line.amount) == (Decimal(3), Decimal("240.03"))


def test_reasons_of_one_rate_are_merged_and_a_code_only_where_all_have_it() -> None:
    def line(reason: str, code: str) -> d.Line:
        vat = d.Vat(category=d.Category.EXEMPT, reason=reason, reason_code=code)
        return reckoning.piece_line("x", Decimal(2), Decimal("1.005"), "EUR", vat=vat)

    def group(*lines: d.Line) -> reckoning.VatGroup:
        party = d.Party()
        document = d.Document(
            number="", issued=date(2026, 1, 1), seller=party, buyer=party, lines=lines
        )
        (one,) = reckoning.vat_groups(document)
        return one

    same = group(line("small", "VATEX-FR-FRANCHISE"), line("small", "VATEX-FR-FRANCHISE"))
    assert (same.reason, same.reason_code) == ("small", "VATEX-FR-FRANCHISE")
    other = group(line("small", "VATEX-FR-FRANCHISE"), line("school", ""))
    assert (other.reason, other.reason_code) == ("small; school", "")
    assert other.basis == Decimal("4.02")
