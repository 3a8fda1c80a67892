"""Why nothing is there yet: a service that is not connected is never waited for."""

from __future__ import annotations

from tui.spoken_keys import key_for
from tui.workspace.problems import SERVICE_TITLES
from tui.workspace.workspace import Workspace


def why_absent(workspace: Workspace, service: str, otherwise: str) -> str:
    """That the service is not connected, with the key that does; `otherwise` where it is."""
    if workspace.connections.connected(service):
        return otherwise
    return absent(service)


def absent(service: str) -> str:
    """That a service is not connected, and which key connects it."""
    return f"{SERVICE_TITLES[service]} is not connected. {key_for('deck.connect')} connects it."
