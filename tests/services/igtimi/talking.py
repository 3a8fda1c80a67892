"""A conversation in Igtimi's own dialect, and what was heard in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tui.services.igtimi.batches import Batch
from tui.services.igtimi.live import Conversation
from tui.services.igtimi.live_json import JsonDialect

DATA = Path(__file__).parents[2] / "data" / "igtimi"
SERIAL = "GA-DK-AAAD"
OTHER = "GA-EN-AAEA"
WALL = 1_384_906_719_500
T = 1_384_906_719_040


def talk(*serials: str) -> Conversation:
    conversation = Conversation(JsonDialect("secret-token"), serials or (SERIAL,))
    conversation.open(100.0)
    return conversation


def heard(*frames: Any, serials: tuple[str, ...] = (SERIAL,)) -> dict[Any, Any]:
    conversation = talk(*serials)
    for frame in frames:
        text = frame if isinstance(frame, str | bytes) else json.dumps(frame)
        conversation.receive(text, 101.0, WALL)
    return merged(conversation.drain())


def merged(batches: list[Batch]) -> dict[Any, Any]:
    return {key: (times, *axes) for key, times, axes in batches}
