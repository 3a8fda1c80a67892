"""What each documented change means: its record, its fields, its way back, its effect.

One `Kind` an operation, in one module a service (`kinds_of`). Everything that is said of a
change beyond sending it is derived from these: conflicts, undo, the search for the effect of
one whose outcome is not known, and the list of those that nothing takes back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import msgspec

from tui.config.settings import SERVICES
from tui.services.errors import ProtocolViolation
from tui.services.left_out import collecting, sentences
from tui.store.changes import Change, Step
from tui.workspace.changes.keeping import is_here
from tui.workspace.changes.ways_back import Never

Data = Mapping[str, Any]
Reader = Callable[[Any, Data], Awaitable[Data | None]]
"""Given the client and the arguments (as data): the fields that change as they are now, as data
in the form in which the operation takes them; None where the record is gone."""
Also = Callable[[Data], Iterable[str]]
"""Given the arguments: further records that are changed, named as `Kind.record` names one."""
Finder = Callable[[Any, Change], Awaitable[Data | None]]
"""Given the client and an unknown change: what its answer would have told, where its effect is
found; None where it is not (or not for certain)."""
Performer = Callable[[Any, Step], Awaitable["Performed"]]
"""Given the client and a step: carries it out in more than one call. Raises what the client
raises."""


class Noted(dict[str, Any]):
    """What a reader tells where something new is made: it is kept as it was before, to tell the
    new from the old, and is compared with nothing."""


NO_WAY = Never("The service's document has no way to take it back.")


class Performed(msgspec.Struct, frozen=True):
    """How a step went: what a person should know of it, in a sentence; what was told, such as the
    new `id` of what was made again; of several, each with its old id."""

    news: str = ""
    answer: Data = msgspec.field(default_factory=dict)
    anew: tuple[tuple[Any, Any], ...] = ()


def _none(_arguments: Data) -> Iterable[str]:
    return ()


def _nothing(_answer: Any) -> Data:
    return {}


def _as_before(before: Data) -> Data:
    return before


def _wanted(change: Change) -> Data:
    return change.wanted


def gone(find: Finder) -> Finder:
    """A finder of what is there no more: it finds nothing where something could not be read, since
    that may be it.
    """

    async def is_gone(client: Any, change: Change) -> Data | None:
        with collecting() as left_out:
            found = await find(client, change)
        return None if left_out else found

    return is_gone


class Kind(msgspec.Struct, frozen=True):
    """What is known of the changes that one operation makes."""

    operation: str
    record: str = ""
    """A template of the record's name over the arguments: `invoice/{invoice_id}`. Empty where
    something new is made."""
    also: Also = _none
    """Further records, where it changes several: asked with the arguments, and once it was made
    with what `answer` keeps besides."""
    secret: Also = _none
    """Arguments besides those of known names whose values are secret: `name` or `name.key`."""
    fresh: Callable[[Data], Data] | None = None
    """Arguments that are others each time it is made, such as a unique id by which its effect is
    found; one that is given is kept until it is made again."""
    id_argument: str = ""
    """The argument by which operations name the record, where it has an id."""
    fields: tuple[str, ...] = ()
    """The arguments that are fields of the record."""
    fields_in: str = ""
    """The one argument that holds the fields by name, where they are no arguments of their own."""
    by_record: bool = False
    """Whether the fields stand there by record, for several; they are called `record/field`."""
    read: Reader | None = None
    inverse: Callable[[Change], Step | str] = NO_WAY
    """The step back, once it was made; or why there is none, in a sentence."""
    made: Callable[[Change], Data] = _wanted
    """The fields as they are once it was made, by the names of the way back."""
    find: Finder | None = None
    answer: Callable[[Any], Data] = _nothing
    """What of the answer is kept: what the way back needs, such as an id."""
    waits: bool = True
    """Whether it may be sent later, when the way is open."""
    moment_in: tuple[str, ...] = ()
    """Arguments without which the service takes the moment at which it hears of it: where one is
    not given it may not be sent later."""
    counts: bool = True
    """False for what is no change of a record, such as logging in: undo passes it over."""
    look_after: bool = False
    """Whether the fields are read after it was made as well, since the service may keep them in
    another form than they were sent in."""

    sets: Data = msgspec.field(default_factory=dict)
    """Fields of the record that it sets without naming them, and to what."""
    turns_over: str = ""
    """The field that it turns over, whatever it is: it is read before, and where it is already as
    it was wanted nothing is sent."""
    held_when_refused: bool = False
    """Whether one that waited and is then refused goes on waiting, for a person's word: what it
    says stands nowhere else."""
    keeps: bool = False
    """Whether all that `read` gives is kept as it was before, not only the fields that change:
    what is deleted is made of that again."""
    left: Callable[[Data], Data] = _as_before
    """What was there before, as the way back leaves it: redo expects that, and not what the way
    back cannot bring back."""

    @property
    def no_inverse(self) -> str:
        """Why nothing ever takes such a change back, in a sentence; empty where something may."""
        return self.inverse.why if isinstance(self.inverse, Never) else ""

    def record_of(self, service: str, arguments: Data) -> str:
        """The record that a change is about; "" for none, or where the arguments do not say."""
        if not self.record:
            return ""
        known = {name: one for name, one in arguments.items() if not isinstance(one, Mapping)}
        try:
            return f"{service}/{self.record.format_map(known)}"
        except KeyError:
            return ""

    def also_of(self, service: str, arguments: Data) -> tuple[str, ...]:
        """The further records."""
        if self.also is _none:
            return ()
        return tuple(f"{service}/{name}" for name in self.also(arguments))

    async def look(self, client: Any, known: Data) -> Data | None:
        """The fields of the record as they are now; None where it is not there, or where its
        operation has none that are read.

        Raises what reading raises, and ProtocolViolation where the record is not among what could
        be read while something else could not: that may be it.
        """
        if self.read is None:
            return None
        with collecting() as left_out:
            now = await self.read(client, known)
        if now is None and left_out:
            raise ProtocolViolation(
                f"whether it is still there cannot be told: {sentences(left_out)[0]}"
            )
        return now

    def may_wait(self, arguments: Data) -> bool:
        """Whether a change with these arguments means the same when it is sent later."""
        return self.waits and all(name in arguments for name in self.moment_in)

    def fields_of(self, arguments: Data) -> Data:
        """The fields as they are to become."""
        held = arguments.get(self.fields_in) or {}
        if self.by_record:
            if not any(map(str.isdecimal, held)):
                # All of them are new: what they are to hold stands in the arguments.
                return {}
            return {
                f"{record}/{name}": value
                for record, values in held.items()
                for name, value in (values or {}).items()
            }
        if self.fields_in:
            return dict(held)
        return {**self.sets, **{n: arguments[n] for n in self.fields if n in arguments}}

    def with_fields(self, arguments: Data, fields: Data) -> dict[str, Any]:
        """The arguments with other values of the fields, and with no field besides."""
        if self.by_record:
            held = arguments.get(self.fields_in) or {}
            records: dict[str, dict[str, Any]] = {one: {} for one in held if not held[one]}
            for path, value in fields.items():
                record, _, name = path.partition("/")
                records.setdefault(record, {})[name] = value
            return {**arguments, self.fields_in: records}
        if self.fields_in:
            return {**arguments, self.fields_in: dict(fields)}
        others = {name: value for name, value in arguments.items() if name not in self.fields}
        return {**others, **{name: fields[name] for name in fields if name not in self.sets}}


def put_back(change: Change) -> Step | str:
    """The way back of a change of fields: the same operation with what stood there before."""
    kind = kind_of(change.operation)
    if change.before is None:
        return "Nobody knows what stood there before."
    before = {name: value for name, value in change.before.items() if name in change.wanted}
    missing = [name for name, value in before.items() if value is None]
    if missing and not kind.fields_in:
        return (
            f"What was not there before, or is not told, cannot be sent back: {', '.join(missing)}."
        )
    arguments = kind.with_fields(change.arguments, before)
    return Step(operation=change.operation, arguments=arguments, about=change.about)


def kind_of(operation: str) -> Kind:
    """What is known of an operation's changes; of an unknown one, that nothing takes it back."""
    if is_here(operation):
        return Kind(operation, inverse=_back_here, waits=False)
    return kinds_of(operation.partition(".")[0]).get(operation) or Kind(operation)


def _back_here(change: Change) -> Step | str:
    return change.no_inverse or Step(operation=change.operation, arguments=change.arguments)


@cache
def kinds_of(service: str) -> Mapping[str, Kind]:
    """All kinds of one service by operation id; its module is imported when first asked for."""
    if service not in SERVICES:
        return {}
    kinds: tuple[Kind, ...] = _module(service).KINDS
    return {kind.operation: kind for kind in kinds}


def performer_of(step: Step) -> Performer:
    """The procedure of a step that takes more than one call. Raises LookupError."""
    found: Performer = _module(step.operation.partition(".")[0]).WAYS[step.way]
    return found


def _module(service: str) -> Any:
    return import_module(f"tui.workspace.changes.of_{service}")
