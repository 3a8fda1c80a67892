"""One documented request: how it is called, what is sent, what is read from its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.services.timetonic.sample import SESSKEY
from tui.services.timetonic import TimeTonic

SIGNED = {"o_u": "demo", "u_c": "demo", "sesskey": SESSKEY}


@dataclass
class Row:
    id: str
    section: str
    """Where the request and its answer are documented."""
    call: Callable[[TimeTonic], Awaitable[Any]]
    form: dict[str, str]
    """Everything sent beside `req`."""
    answer: Any
    check: Callable[[Any], Any]
    """True when the answer was read as it should be."""
    undocumented: frozenset[str] = field(default_factory=frozenset)
    """Names that are sent and are not in the document's form or example."""


def row(
    id: str,
    section: str,
    call: Callable[[TimeTonic], Awaitable[Any]],
    form: dict[str, str],
    answer: Any,
    check: Callable[[Any], Any],
    undocumented: str = "",
) -> Row:
    return Row(id, section, call, form, answer, check, frozenset(undocumented.split()))
