"""A server that answers what it was told, byte by byte, and keeps what it was sent."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import parse_headers
from io import BytesIO

Script = bytes | Callable[[socket.socket], None]
"""What is done once a request has come; the connection is closed after it."""

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
PACE = 0.01
"""Seconds between two pieces of what dribbles."""


def answer(content: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", "Connection: close", *headers]
    lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def holding(begin: bytes) -> Callable[[socket.socket], None]:
    """These bytes and nothing more, until the other side hangs up."""

    def run(link: socket.socket) -> None:
        link.sendall(begin)
        while link.recv(65536):
            pass

    return run


def dribbling(begin: bytes, again: bytes) -> Callable[[socket.socket], None]:
    """These bytes, then `again` every now and then until the other side hangs up."""

    def run(link: socket.socket) -> None:
        link.sendall(begin)
        while not select.select([link], [], [], PACE)[0] or link.recv(65536):
            link.sendall(again)

    return run


class ScriptedServer:
    """Takes one request a connection and answers each by the next script, then by the last."""

    def __init__(self, scripts: tuple[Script, ...], of: str, *, unread: bool = False) -> None:
        self._of = of.encode()
        self._unread = unread
        self._scripts = list(scripts)
        self._listener = socket.create_server(("127.0.0.1", 0))
        if unread:
            # Little of what nobody reads is kept for them.
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self.bodies: list[bytes] = []
        """What the requests carried, in their order."""
        self.asked = threading.Event()
        """A request has come."""
        self.hung_up = threading.Event()
        """The other side, or the script, has ended a connection."""
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(link,))
            self._threads.append(thread)
            self._open.append(link)
            thread.start()

    def _serve(self, link: socket.socket) -> None:
        with link, suppress(ConnectionError):
            if self._unread or self._take(link):
                script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
                if isinstance(script, bytes):
                    link.sendall(script)
                else:
                    script(link)
        self.hung_up.set()

    def _take(self, link: socket.socket) -> bool:
        """Read one request; False when none came that the scripts are for."""
        with link.makefile("rb") as incoming:
            line = incoming.readline()
            if not line:
                return False
            head = parse_headers(incoming)
            body = BytesIO()
            if head.get("transfer-encoding"):
                while size := int(incoming.readline(), 16):
                    body.write(incoming.read(size + 2)[:-2])
                incoming.readline()
            body.write(incoming.read(int(head.get("content-length", 0))))
        if self._of not in line + body.getvalue():
            return False
        self.bodies.append(body.getvalue())
        self.asked.set()
        return True

    def close(self) -> None:
        """End every connection and wait until nothing runs any more."""
        # Only this wakes a thread that waits for a connection.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        for link in self._open:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()


@contextmanager
def scripted(*scripts: Script, of: str = "", unread: bool = False) -> Iterator[ScriptedServer]:
    """A scripted server for as long as it is needed.

    The scripts are for requests with `of` in their first line or body, and only those are kept:
    what is read before a change is not answered. Where requests are left `unread`, the scripts
    begin with the connection.
    """
    server = ScriptedServer(scripts, of, unread=unread)
    try:
        yield server
    finally:
        server.close()
