"""The document's own samples, and a client that answers them without any server of ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from tests.services.capture import Capture
from tui.services.timesheets import Timesheets

DATA = Path(__file__).parents[2] / "data" / "timesheets" / "document.jsonl"
DOCUMENT: dict[str, dict[str, Any]] = {
    row["id"]: row
    for row in (
        json.loads(line, parse_float=Decimal) for line in DATA.read_text("utf-8").splitlines()
    )
}
TOKEN = "$2y$10$UP8aZvonwuqnaSBrdpiB4eq5NI3VHZtzcFhC73o0Slf/6uSBU3.je"
BASE = "https://timesheets.example"


def answers(id: str, status: int = 200) -> list[dict[str, Any]]:
    """The answers with one HTTP status that the document shows for an operation."""
    return [body for shown, body in DOCUMENT[id]["answers"] if shown == status]


def encoded(body: Any, status: int = 200) -> httpx.Response:
    """A JSON answer with every digit of its numbers."""
    text = json.dumps(body, default=lambda number: float(number))
    return httpx.Response(status, content=text, headers={"content-type": "application/json"})


def client(*given: Any, **options: Any) -> tuple[Timesheets, Capture]:
    """A client with a token that gets these answers in turn."""
    capture = Capture(*(encoded(item) if isinstance(item, dict) else item for item in given))
    dry_run = options.pop("dry_run", False)
    made = Timesheets(
        capture.transport("timesheets", BASE, dry_run=dry_run),
        **{"app": "KIKKY", "token": TOKEN, **options},
    )
    return made, capture


DONE = {"status": "SUCCESS", "message": "Successfully."}
MADE = {"status": "SUCCESS", "message": "Successfully created.", "id": 2}
MOMENT = datetime(2020, 4, 20, tzinfo=UTC)
UNIX = 1587340800


def sent(capture: Capture) -> Any:
    """The body of the last request."""
    return json.loads(capture.request.content, parse_float=Decimal)


def success(data: Any, **more: Any) -> dict[str, Any]:
    """An envelope around data."""
    return {"status": "SUCCESS", "message": "", "data": data, **more}
