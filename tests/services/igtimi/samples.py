"""The document's own samples, recorded answers, and a client that gets them without a server."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.services.capture import Capture
from tui.services.igtimi import Igtimi

DATA = Path(__file__).parents[2] / "data" / "igtimi"
DOCUMENT: dict[str, dict[str, Any]] = {
    row["id"]: row
    for row in map(json.loads, (DATA / "document.jsonl").read_text("utf-8").splitlines())
}
BASE = "https://www.igtimi.com"
START = datetime(2013, 2, 7, 0, 42, 20, tzinfo=UTC)
END = datetime(2013, 2, 7, 0, 47, 20, tzinfo=UTC)
STARTS, ENDS = "1360197740000", "1360198040000"


def recorded(name: str) -> Any:
    """A recorded answer as JSON."""
    return json.loads((DATA / name).read_text("utf-8"))


def client(*given: Any, **options: Any) -> tuple[Igtimi, Capture]:
    """A client with a user's token that gets these answers in turn."""
    capture = Capture(*given)
    dry_run = options.pop("dry_run", False)
    made = Igtimi(
        capture.transport("igtimi", BASE, dry_run=dry_run), **{"access_token": "user", **options}
    )
    return made, capture
