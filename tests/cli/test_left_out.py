"""What of the answers cannot be read is said, whichever verb sums up or writes the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.cli.conftest import Shell
from tui.services.transport import Transport
from tui.services.wire import Request, Response

Spoil = Callable[[Any], object]


@pytest.fixture
def spoil(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Spoil], None]:
    """Lets a service answer requests to a path otherwise."""
    send = Transport.send

    def spoil(path: str, change: Spoil) -> None:
        async def spoiled(self: Transport, request: Request) -> Response:
            answer = await send(self, request)
            if not request.path.endswith(path):
                return answer
            content = json.loads(answer.content)
            change(content)
            return msgspec.structs.replace(answer, content=json.dumps(content).encode())

        monkeypatch.setattr(Transport, "send", spoiled)

    return spoil


def _last_block(answer: dict[str, Any]) -> None:
    blocks = [name for name in answer if name.startswith("block")]
    if blocks:
        answer[blocks[-1]]["TimeIn"] = "§"


def _last_row(answer: dict[str, Any]) -> None:
    if answer["data"]:
        answer["data"][-1]["amount"] = "12,50 EUR"


def _last_tracker(answer: dict[str, Any]) -> None:
    answer["beyond"] = {}


SUM = ("hours", "report", "--from", "2020-01-01")
EXPORT = ("hours", "export", "--as", "csv", "--from", "2020-01-01")
SPOILED: list[tuple[str, Spoil, tuple[str, ...], str]] = [
    ("report.json", _last_block, SUM, "blocks"),
    ("report.json", _last_block, EXPORT, "blocks"),
    ("invoice/search", _last_row, ("invoices",), "entries"),
    ("invoice/search", _last_row, ("invoices", "--json"), "entries"),
    ("invoice/search", _last_row, ("invoices", "--owed"), "entries"),
    ("trackers.json", _last_tracker, ("stop",), "trackers"),
    ("trackers.json", _last_tracker, ("call", "trackmypeople.trackers"), "trackers"),
]


@pytest.mark.parametrize(("path", "change", "words", "what"), SPOILED)
def test_what_a_verb_could_not_read_is_counted_on_standard_error(
    afresh: Shell,
    spoil: Callable[[str, Spoil], None],
    path: str,
    change: Spoil,
    words: tuple[str, ...],
    what: str,
) -> None:
    assert "could not be read" not in afresh.run(*words[:1], "--help").err
    spoil(path, change)
    said = afresh.run(*words)
    assert f"{what} could not be read: " in said.err, said
    assert said.out, "the rest stands there"
    assert "could not be read" not in said.out
