"""A client whose answers are given, and the documents' own samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.services.capture import Answer, Capture
from tui.services.timetonic import Keys, TimeTonic

DATA = Path(__file__).parents[2] / "data" / "timetonic"
SESSKEY = "AP2Q-AzPK-IFM2-c4w4-qQau-HH36-cgSl"
KEYS = Keys(o_u="demo", sesskey=SESSKEY)
BASE = "https://timetonic.com"


def data(name: str) -> Any:
    """A saved answer."""
    return json.loads((DATA / name).read_text())


def example(request: str) -> tuple[dict[str, str], list[str]] | None:
    """The document's example query of a request and the fields of its form; None without."""
    for line in (DATA / "requests.tsv").read_text().splitlines()[1:]:
        name, query, fields = line.split("\t")
        if name == request:
            return dict(parse_qsl(query, keep_blank_values=True)), fields.split(" | ")
    return None


def ok(**payload: Any) -> dict[str, Any]:
    """An answer in the documented envelope."""
    return {"status": "ok", **payload, "createdVNB": "live-6.49q/6.49", "req": "x"}


def nok(words: str, *, code: str | None = None) -> dict[str, Any]:
    """A refusal, in the newer form when it has a code."""
    if code is None:
        return {"status": "nok", "error": words, "createdVNB": "dev-1.030c", "req": "x"}
    return {"status": "nok", "errorCode": code, "errorMsg": words, "transactionId": "7"}


def client(capture: Capture, **options: Any) -> TimeTonic:
    """A client with a pasted session key, whose waits are recorded and not slept."""

    async def sleep(seconds: float) -> None:
        capture.slept.append(seconds)

    options = {"keys": KEYS, "sleep": sleep, **options}
    return TimeTonic(capture.transport("timetonic", BASE), "demo", **options)


def answering(*answers: Answer, **options: Any) -> tuple[TimeTonic, Capture]:
    """A client and what it will have sent."""
    capture = Capture(*answers)
    return client(capture, **options), capture
