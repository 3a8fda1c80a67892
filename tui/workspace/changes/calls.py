"""Calls out of what is kept, and what their answers add to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui.services.errors import InvalidArgument, Refused
from tui.services.operation import Operation
from tui.store.changes import Change, Changes, Renewal
from tui.workspace.changes.arguments import ASKED, TOLD, call_with
from tui.workspace.changes.kinds import Data, Kind, kind_of

if TYPE_CHECKING:
    from tui.services.client import ServiceClient


async def called(client: ServiceClient, operation: str, arguments: Data) -> Any:
    """Call an operation with arguments in the form of data. Raises InvalidArgument where this
    version of the program does not know it or does not take them, and what the call raises."""
    try:
        method = client.methods[operation]
        marked: Operation = method.__operation__  # type: ignore[attr-defined]
        given = call_with(marked, arguments)
    except (LookupError, ValueError) as error:
        raise InvalidArgument(
            f"what was kept cannot be sent by this version of tockdeck: {error}"
        ) from error
    return await method(**given)


async def resolved(changes: Changes, arguments: Data) -> dict[str, Any]:
    """The arguments with what earlier changes were asked, and their answers told, in its place."""

    def told(value: Any) -> Any:
        if isinstance(value, Mapping):
            if ASKED in value:
                asked, name = value[ASKED]
                earlier = changes.get(asked)
                if earlier is None or name not in earlier.arguments:
                    raise Refused("what it was made of is not kept any more")
                return earlier.arguments[name]
            if TOLD in value:
                made_by, name = value[TOLD]
                earlier = changes.get(made_by)
                if earlier is None or name not in earlier.answer:
                    raise Refused("the change before it did not tell what this one needs")
                return earlier.answer[name]
            return {key: told(item) for key, item in value.items()}
        return [told(item) for item in value] if isinstance(value, list) else value

    def all_of_them() -> dict[str, Any]:
        return {name: told(value) for name, value in arguments.items()}

    return await asyncio.to_thread(all_of_them)


def told_by(kind: Kind, change: Change, answer: Data) -> dict[str, Any]:
    """What the answer of a change that was made adds to it: above all its way back."""
    named = {kind.id_argument: answer["id"]} if answer.get("id") is not None else {}
    record = kind.record_of(change.service, {**change.arguments, **named}) or change.record
    also = kind.also_of(change.service, {**change.arguments, **answer}) or change.also
    back = kind.inverse(replace(change, answer=answer, record=record, also=also))
    known = {"answer": answer, "record": record, "also": also}
    if isinstance(back, str):
        return {**known, "inverse": None, "no_inverse": back}
    return {**known, "inverse": back, "no_inverse": ""}


def followed_by(
    original: Change, change: Change, answer: Data, anew: Sequence[tuple[Any, Any]]
) -> dict[str, Any]:
    """What becomes of a change that was undone or made again, and of the ids of its records."""
    kind = kind_of(original.operation)
    if change.undoes:
        old = original.arguments.get(kind.id_argument)
        now = replace(original, state="undone", reason="", settled=datetime.now(UTC))
    else:
        old = original.answer.get("id")
        told = told_by(kind, original, answer)
        now = replace(original, state="done", passed=False, settled=datetime.now(UTC), **told)
    new = answer.get("id")
    renewed = old is not None and new is not None and old != new
    return {
        "followed": now,
        "renewals": [
            Renewal(
                kind.record_of(original.service, {**original.arguments, kind.id_argument: one}),
                kind.id_argument, one, other,
            )
            for one, other in anew or ([(old, new)] if renewed else [])
        ],
    }  # fmt: skip
