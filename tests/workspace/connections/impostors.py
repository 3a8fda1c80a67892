"""Whoever else may listen where the embedded services are looked for."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType


@dataclass
class Impostor:
    """Listens on a port and keeps all that it is told, over any number of connections.

    `answer` is what it says to whatever comes; None says nothing. `onward` is a port to which
    everything is passed on instead, with all that comes back.
    """

    port: int = 0
    answer: bytes | None = None
    onward: int = 0
    heard: bytearray = field(default_factory=bytearray)
    connections: int = 0

    def __enter__(self) -> Impostor:
        self._listener = _taken(self.port)
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in (self._listener, *self._open):
            # Shutting down wakes whoever waits on it.
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                came, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(came)
            threading.Thread(target=self._serve, args=(came,), daemon=True).start()

    def _serve(self, came: socket.socket) -> None:
        further = socket.create_connection(("127.0.0.1", self.onward)) if self.onward else None
        if further is not None:
            self._open.append(further)
            threading.Thread(target=_pump, args=(further, came), daemon=True).start()
        try:
            while piece := came.recv(65536):
                self.heard += piece
                if further is not None:
                    further.sendall(piece)
                elif self.answer is not None:
                    came.sendall(self.answer)
        except OSError:
            return


def _taken(port: int) -> socket.socket:
    """A listener on that port, as soon as whoever was killed there has let go of it."""
    end = time.monotonic() + 20.0
    while True:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > end:
                raise


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        return


def page(status: str = "200 OK", body: bytes = b'{"nonce": "1-2", "proof": "3"}') -> bytes:
    """An answer over HTTP."""
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body)
