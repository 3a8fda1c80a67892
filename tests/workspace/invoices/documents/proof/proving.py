"""One random invoice through everything: our checks, schema, rules, and its sums read back."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.workspace.invoices.documents.proof.random_documents import Case, case
from tests.workspace.invoices.documents.proof.reading import amounts
from tui.workspace.invoices.documents.checks import Weight, check
from tui.workspace.invoices.documents.outcome import DocumentError
from tui.workspace.invoices.documents.reckoning import totals
from tui.workspace.invoices.documents.rules import STANDARDS, judged


def proved(seed: int, done: Counter[str]) -> None:
    """Raises AssertionError for what is not as it should be; counts what was run."""
    made = case(seed)
    document = made.document
    sums = totals(document)
    paid = sum(one.amount for one in document.payments)
    gross = made.net + made.vat
    due = gross - paid + document.rounding
    assert (sums.net, sums.vat, sums.gross, sums.due) == (made.net, made.vat, gross, due), seed
    done[document.currency] += 1
    errors = [one for one in check(document) if one.weight is Weight.ERROR]
    if made.too_fine:
        assert errors, seed
        assert all("not rounded away" in one.words for one in errors), (seed, errors)
        for standard in STANDARDS.values():
            with pytest.raises(DocumentError, match="not rounded away"):
                standard.write(document)
        done["refused as too fine"] += 1
        return
    assert not errors, (seed, errors)
    for name in _standards(made):
        _holds(made, name, seed, done)


def _standards(made: Case) -> list[str]:
    home = made.document.seller.address.country
    at_home = home == made.document.buyer.address.country == "DE"
    return ["facturx", "ubl", *(["xrechnung"] if at_home else [])]


def _holds(made: Case, name: str, seed: int, done: Counter[str]) -> None:
    document = made.document
    xml = STANDARDS[name].write(document)
    both = (document.seller.address.country, document.buyer.address.country)
    french = both == ("FR", "FR")
    came = judged(xml, name, document.kind, french=french)
    assert came.valid, (seed, name, came.findings)
    for rule in came.rules:
        done[rule] += 1
    lines, groups, gross, due = amounts(xml, is_cii=STANDARDS[name].is_cii)
    sums = totals(document)
    assert lines == made.lines, (seed, name)
    assert groups == made.groups, (seed, name)
    assert (gross, due) == (sums.gross, sums.due), (seed, name)
