"""Books while its socket says what nobody has described: the deck goes on, and shows no defect."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

from tests.deck import deck_of, loaded, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.services.timetonic.frames import NUMBERS

ODD: list[Any] = [None, True, -1, 2**80, 1e300, "", "§\x1b[2J", [], [[1]], {}, {"§": 1}]
FRAMES: list[dict[str, Any]] = [
    {"type": 3, "smid": 5, "msg": "Hi", "b_c": "seabright-fleet", "b_o": "demo", "sstamp": 7},
    {"type": 6, "b_c": "seabright-fleet", "b_o": "demo", "sstamp": 8},
    {"type": 11, "msg": "restart"},
    {"type": 2, "uuid": "x", "status": "ok"},
    {"type": 12, "status": "nok", "errorMsg": "no", "uuid": "x"},
]
WHOLE = ["", "[]", "null", "{", '{"type": 3', "[" * 5000, "\ud7ff", '{"type": NaN}', "5"]


def odd_frames(seed: int) -> list[str | bytes]:
    """Frames in which one value, or all of it, is another."""
    choice = random.Random(seed)
    found: list[str | bytes] = [*WHOLE, b"\xff\xfe\x00", json.dumps(FRAMES[0]).encode("utf-16")]
    for frame in FRAMES:
        for name in frame:
            found += [json.dumps({**frame, name: odd}) for odd in ODD]
        found.append(json.dumps(frame)[: choice.randrange(1, 20)])
    choice.shuffle(found)
    return found


async def test_frames_of_any_kind_leave_books_as_it_is(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    sent: list[str | bytes] = []

    async def play(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send(json.dumps({"type": NUMBERS["ack_attach"], "status": "ok"}))
        for frame in odd_frames(len(sent)):
            await connection.send(frame)
            sent.append(frame)
        await connection.wait_closed()

    async with serve(play, "127.0.0.1", 0) as socket:
        port = socket.sockets[0].getsockname()[1]
        app = deck_of(server, tmp_path, "books", timetonic__events="socket",
                      timetonic__socket_url=f"ws://127.0.0.1:{port}/")  # fmt: skip
        async with opened(app) as pilot:
            await until(pilot, lambda: "Seabright Fleet" in screen_text(pilot))
            await until(pilot, lambda: len(sent) >= len(odd_frames(0)), "all frames are out")
            await loaded(pilot)
            await pilot.press("j", "k")
            text = screen_text(pilot)
            assert "Seabright Fleet" in text
            assert "Defect" not in text
            assert "\x1b" not in text
