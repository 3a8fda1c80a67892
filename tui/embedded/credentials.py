"""The credentials of the embedded services, made once, in a file that only its owner reads."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tui.embedded.files import read_object, write_private


def _token() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, repr=False)
class Credentials:
    """Names and secrets that the embedded services accept. No repr: it would show them."""

    timetonic_login: str = "demo"
    timetonic_password: str = field(default_factory=_token)
    timetonic_sesskey: str = field(default_factory=_token)
    """A session key made ahead, as a person would paste one."""
    ticktocker_user: str = "demo"
    ticktocker_password: str = field(default_factory=_token)
    ticktocker_application: str = field(default_factory=_token)
    ticktocker_key: str = field(default_factory=_token)
    igtimi_access_token: str = field(default_factory=_token)
    igtimi_client_id: str = field(default_factory=_token)
    igtimi_client_secret: str = field(default_factory=_token)
    igtimi_application_token: str = field(default_factory=_token)
    trackmypeople_user: str = "demo"
    trackmypeople_password: str = field(default_factory=_token)
    timesheets_app: str = "demo"
    timesheets_email: str = "demo@example.org"
    timesheets_password: str = field(default_factory=lambda: secrets.token_hex(6))
    """Eight to fifteen characters, as the service demands."""
    deck_token: str = field(default_factory=_token)
    """The secret of the door (door.py). It is never sent: both sides prove that they know it."""

    @classmethod
    def load_or_create(cls, path: Path) -> Credentials:
        """Read the file, or make one with mode 0600.

        Raises OSError when it can be neither read nor written, ValueError when it holds
        something else.
        """
        try:
            known = _read(path)
        except FileNotFoundError:
            known = {}
        loaded = cls(**known)
        if len(known) < len(cls.__annotations__):
            loaded.save(path)
        return loaded

    @classmethod
    def load(cls, path: Path) -> Credentials:
        """Those that a server has written down. Raises OSError, ValueError as above."""
        return cls(**_read(path))

    def save(self, path: Path) -> None:
        """Write all of it at once, readable by its owner only."""
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, json.dumps(asdict(self), indent=2))


def _read(path: Path) -> dict[str, str]:
    content = read_object(path)
    known = {name: content[name] for name in Credentials.__annotations__ if name in content}
    if not all(isinstance(value, str) and value for value in known.values()):
        raise ValueError(f"{path} does not hold credentials")
    return {name: str(value) for name, value in known.items()}
