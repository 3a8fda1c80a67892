"""A pane says what of a service's answer could not be read, and shows the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.widgets.panel import Panel

WIDE = (200, 50)


def odder(service: str, answer: Any) -> Any:
    """The answer with one more element in its list, which is nothing."""
    if not isinstance(answer, dict):
        return answer
    match service:
        case "timetonic" if "allBooks" in answer:
            answer["allBooks"]["books"].append(None)
        case "ticktocker" if isinstance(answer.get("response"), dict):
            for items in answer["response"].values():
                if isinstance(items, list) and items and isinstance(items[0], dict):
                    items.append(None)
        case "igtimi" if "sessions" in answer:
            answer["sessions"].append(None)
        case "trackmypeople" if answer and all(key.isdecimal() for key in answer):
            answer["99"] = None
        case "timesheets" if isinstance(answer.get("data"), dict) and "clients" in answer["data"]:
            items = answer["data"]["clients"]
            if isinstance(items, list):
                items.append(None)
            else:
                items["99"] = None
    return answer


@pytest.mark.parametrize(
    ("screen", "said"),
    [
        ("books", "books could not be read: allBooks.books["),
        ("tocks", "could not be read: response"),
        ("sessions", "sessions could not be read: sessions["),
        ("timers", "trackers could not be read: trackers.99"),
        ("invoices", "clients could not be read: data.clients"),
    ],
)
async def test_a_pane_says_what_is_not_in_it(
    screen: str, said: str, server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = Transport.send

    async def odd(self: Transport, request: Request) -> Response:
        answer = await send(self, request)
        try:
            content = json.loads(answer.content)
        except ValueError:
            return answer
        changed = json.dumps(odder(self.service, content)).encode()
        return Response(answer.status, answer.headers, changed, answer.url)

    monkeypatch.setattr(Transport, "send", odd)
    server.reset()
    app = deck_of(server, tmp_path, screen)
    async with opened(app, WIDE) as pilot:
        await until(pilot, lambda: said in lines(pilot), said)
        assert "could not" in screen_text(pilot)


def lines(pilot: Pilot[Any]) -> str:
    """What the panels say above their contents, however it is wrapped."""
    return "\n".join(
        paragraph.text
        for panel in pilot.app.screen.query(Panel)
        if panel.is_stale
        for paragraph in panel._stale._paragraphs
    )
