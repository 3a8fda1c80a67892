"""What keeps a change from being made now, besides the service's own no."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tui.services.errors import NotFound, PermissionDenied, Refused, ServiceError


class ReadOnly(PermissionDenied):
    """The deck is in read-only mode."""

    kind = "read-only"
    default_advice = "Start without --read-only to change things."


class NotNoted(OSError):
    """A change could not be put on the disk: nothing was sent."""

    @classmethod
    def of(cls, error: OSError) -> NotNoted:
        """What the disk said, as this."""
        return cls(error.errno, error.strerror or str(error), error.filename)


class Waiting(ServiceError):
    """The change is kept and will be sent when the way is open; `change` is its id."""

    kind = "waiting"
    nothing_done = True
    default_advice = (
        "It is kept and sent by itself when the way is open; Changes shows it. Do not repeat it."
    )

    def __init__(self, message: str, change: str, **details: Any) -> None:
        super().__init__(message, **details)
        self.change = change


class Conflict(ServiceError):
    """Somebody else changed meanwhile what is about to be written over; nothing was sent.

    `seen`, `theirs` and `mine` are the fields that differ: as the person saw them, as they are
    now, and as they are to become. `called` is what those are called whose own names say nothing.
    """

    kind = "changed meanwhile"
    nothing_done = True
    default_advice = "Nothing was sent; look at both, then write yours or leave theirs."

    def __init__(
        self,
        message: str,
        *,
        seen: Mapping[str, Any],
        theirs: Mapping[str, Any],
        mine: Mapping[str, Any],
        undoing: bool = False,
        called: Mapping[str, str] = MappingProxyType({}),
        **details: Any,
    ) -> None:
        super().__init__(message, **details)
        self.called = called
        self.seen = seen
        self.theirs = theirs
        self.mine = mine
        self.undoing = undoing

    def in_a_form(self, message: str) -> Conflict:
        """The same, told where it is written: who saves there again has seen theirs."""
        return Conflict(
            message,
            seen=self.seen,
            theirs=self.theirs,
            mine=self.mine,
            undoing=self.undoing,
            called=self.called,
            service=self.service,
            advice="Save again to write yours in its place.",
        )


class TheirsStay(Conflict):
    """A person chose to leave what somebody else has made of it; nothing was sent."""

    kind = "theirs stays"
    default_advice = "Nothing was sent."

    @classmethod
    def of(cls, conflict: Conflict) -> TheirsStay:
        """What became of a conflict."""
        return cls(
            f"{conflict.message} It stays so.",
            seen=conflict.seen,
            theirs=conflict.theirs,
            mine=conflict.mine,
            undoing=conflict.undoing,
            service=conflict.service,
            operation=conflict.operation,
        )


class AlreadySo(Refused):
    """What was wanted is so already; nothing was sent, since that would have turned it back."""

    kind = "so already"
    default_advice = "Nothing was sent."


class Gone(NotFound):
    """What was to be changed is not there any more; nothing was sent."""

    kind = "gone"
    default_advice = "Nothing was sent. Refresh to see what is there."
