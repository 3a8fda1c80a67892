"""What a look at one thing found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Verdict = Literal["ok", "warning", "fault", "unknown"]
VERDICTS: tuple[Verdict, ...] = ("ok", "warning", "unknown", "fault")
"""From the best to the worst; unknown is what could not be looked at."""


class Finding(NamedTuple):
    """One thing that was looked at, how it stands, and the line that mends it."""

    about: str
    verdict: Verdict
    found: str
    mend: str = ""


def worst_of(findings: Iterable[Finding]) -> Verdict:
    """The worst of the verdicts."""
    return max((one.verdict for one in findings), key=VERDICTS.index, default="ok")
