"""Ports of this machine that stay a test's own, also while nobody listens there."""

from __future__ import annotations

import socket

from tui.embedded.rendezvous import HOST


def kept_port() -> socket.socket:
    """Something that keeps a port of its own until it is closed, and listens there to nobody.

    Whoever wants any port is never given that one, so that it refuses all; whoever names it may
    listen there.
    """
    keeper = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # What is named and listens has to set this too, as servers do.
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    keeper.bind((HOST, 0))
    return keeper


def number_of(keeper: socket.socket) -> int:
    """The number of the port that it keeps."""
    return int(keeper.getsockname()[1])
