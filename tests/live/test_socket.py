"""The websocket over a real connection: whatever the server's cuts, frames arrive whole."""

from __future__ import annotations

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tui.live.connection import READ
from tui.live.socket import Closed, connect

FRAMES = ["1", "a" * READ, "b" * (5 * READ + 1), "", "c" * (READ - 4), "2"] * 3
PARTS = ["begun", "", "d" * (2 * READ), "ended"]


async def test_frames_of_any_length_and_in_fragments_arrive_whole_and_in_order() -> None:
    async def handle(connection: ServerConnection) -> None:
        for frame in FRAMES:
            await connection.send(frame)
        await connection.send(PARTS)
        await connection.close(4000, "enough")

    heard: list[bytes] = []

    def hear(frame: bytes) -> bool:
        heard.append(frame)
        return True

    async with serve(handle, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        socket = await connect(f"ws://127.0.0.1:{port}", {})
        with pytest.raises(Closed, match=r"4000.*enough"):
            await socket.listen(hear)
    assert heard == [frame.encode() for frame in [*FRAMES, "".join(PARTS)]]
    assert all(type(frame) is bytes for frame in heard)
