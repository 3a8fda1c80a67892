"""What came of a check, as lines that a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui.words import counted
from tui.workspace.invoices.documents.checks import (
    Finding,
    Weight,
    check,
    where_to_set,
    worst_first,
)
from tui.workspace.invoices.documents.document import Document
from tui.workspace.invoices.documents.rules import verdict

FRANCE = "FR"


class Report(NamedTuple):
    """Lines, worst first, and whether the document is valid in every form that was asked."""

    lines: list[str]
    valid: bool


def held_against(document: Document, standards: Sequence[str], *, french: bool = False) -> Report:
    """Our own checks, then the schema and the rules of each standard.

    From France to France the rules of its reform hold as well. Raises DocumentError.
    """
    own = check(document)
    lines = list(_findings(own))
    if any(one.weight is Weight.ERROR for one in own):
        told = [*lines, *_hint(own), "not valid; the rules were not run"]
        return Report(told, False)
    home, there = document.seller.address.country, document.buyer.address.country
    french = french or home == there == FRANCE
    valid, found = True, list(own)
    for standard in standards:
        came = verdict(document, standard, french=french)
        word = "valid" if came.valid else "not valid"
        ran = f"{counted(len(came.rules), 'file')}: {', '.join(came.rules)}"
        lines += [*_findings(came.findings), f"{came.standard}: {word}, {ran}"]
        valid = valid and came.valid
        found += came.findings
    return Report([*lines, *_hint(found)], valid)


def _hint(findings: Iterable[Finding]) -> list[str]:
    hint = where_to_set(findings)
    return [hint] if hint else []


def _findings(findings: Iterable[Finding]) -> Iterable[str]:
    for one in worst_first(findings):
        rule = f" [{one.rule}]" if one.rule else ""
        field = f"{one.field}: " if one.field else ""
        yield f"{one.weight.value}: {field}{one.words}{rule}"
