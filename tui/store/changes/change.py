"""One change as data: what is to be done, on what, what stood there, and how it is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

State = Literal["waiting", "sending", "done", "refused", "unknown", "undone", "dropped"]
OPEN: tuple[State, ...] = ("waiting", "sending", "unknown")
"""What is not settled: never dropped to make room, whatever its age."""
IN_ORDER = ", ".join(map(repr, OPEN))
"""The same in the words of the indices of the file."""


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One call as data: an operation's id and its arguments, as JSON values.

    `title` says what is so once it was made ("invoice 3 is deleted"). `inexact` says what it
    cannot bring back; then a person is asked first. `way` names the procedure that carries it
    out where one call is not enough; empty for the plain call. `about` is what is known of the
    record besides (see Change).
    """

    operation: str
    arguments: Mapping[str, Any] = {}
    title: str = ""
    inexact: str = ""
    way: str = ""
    about: Mapping[str, Any] = {}


FIELD_NAMES = "field_names"
"""Where `about` has what fields are called."""


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change of a service's data. Holds no secrets: `hidden` names what was left out.

    `owner` is the account that it belongs to (service, base URL and user): it is never sent to
    another. `record` is what it changes, in the words of `workspace`; changes of one record go
    out in their order. `before` and `wanted` are the fields of it that change, as they were
    read and as they are to be. `group` ties what one action of a person changed: one step of
    undo. `undoes` and `redoes` name the change that this one takes back or makes again.
    """

    id: str
    sequence: int
    """Its place in the order in which changes were begun."""
    time: datetime
    owner: str
    operation: str
    title: str
    arguments: Mapping[str, Any] = {}
    record: str = ""
    also: tuple[str, ...] = ()
    """Further records that it changes, where it changes several: the order holds for each."""
    about: Mapping[str, Any] = {}
    """What is known of the record and is not sent, such as the table of a row that is deleted."""
    before: Mapping[str, Any] | None = None
    wanted: Mapping[str, Any] = {}
    after: Mapping[str, Any] | None = None
    """The fields as the service had them once it was made; None where nobody looked."""
    inverse: Step | None = None
    no_inverse: str = ""
    """Why nothing takes it back, in a sentence; empty where something does, or may."""
    answer: Mapping[str, Any] = {}
    """What of the service's answer is needed later, such as the id of what was made."""
    needs: str = ""
    """The change that has to be made first."""
    group: str = ""
    undoes: str = ""
    redoes: str = ""
    hidden: tuple[str, ...] = ()
    state: State = "sending"
    reason: str = ""
    """What became of it, or what to look at, in a person's words."""
    theirs: Mapping[str, Any] | None = None
    """The fields as somebody else made them meanwhile: a person has to choose."""
    held: bool = False
    """Whether it waits for a person's word, not only for the way to be open."""
    passed: bool = False
    """Whether undo passes it over: a person said so, or it could not be taken back."""
    sender: str = ""
    maker: str = ""
    """Who began it, by the name that it sends under."""
    settled: datetime | None = None

    @property
    def service(self) -> str:
        """The id of its service."""
        return self.operation.partition(".")[0]

    @property
    def known(self) -> Mapping[str, Any]:
        """Arguments, and what is known besides: what its record is read by."""
        return {**self.about, **self.arguments}

    @property
    def field_names(self) -> Mapping[str, str]:
        """What those fields are called whose own names say nothing to a person, such as the
        columns of a table. What was kept before there were any has none.
        """
        return self.about.get(FIELD_NAMES) or {}

    @property
    def records(self) -> tuple[str, ...]:
        """Every record that it changes."""
        return (self.record, *self.also) if self.record else self.also

    @property
    def was_made(self) -> bool:
        """Whether the service has made it at least once."""
        return self.inverse is not None or bool(self.no_inverse)

    @property
    def is_open(self) -> bool:
        """Whether it is not settled."""
        return self.state in OPEN


class Renewal(msgspec.Struct, frozen=True):
    """A record that is there again under another id: every kept change of it means the new one.

    `record` is its name by the old id, `argument` what operations call the id.
    """

    record: str
    argument: str
    old: Any
    new: Any
