"""A call as data: what is known of a change before it is sent."""

from __future__ import annotations

import os
from collections.abc import Coroutine, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from tui.store.changes import Change
from tui.workspace.changes.arguments import (
    TOLD,
    arguments_of,
    as_data,
    given_of,
    kept_once,
    operation_of,
)
from tui.workspace.changes.kinds import Data, Kind, kind_of

T = TypeVar("T")
Call = partial[Coroutine[Any, Any, T]]


def planned_of(
    owner: str, title: str, call: Call[Any], about: Data | None = None, *, passed: bool = False
) -> Change:
    """A call as a change that is to be sent now; the rest is as in Change."""
    operation = operation_of(call)
    kind = kind_of(operation.id)
    arguments, hidden = arguments_of(call, kind.secret)
    return Change(
        id=os.urandom(6).hex(),
        sequence=0,
        time=datetime.now(UTC),
        owner=owner,
        operation=operation.id,
        title=title,
        arguments=kept_once(arguments),
        record=kind.record_of(operation.service, arguments),
        also=kind.also_of(operation.service, arguments),
        about=as_data(about) if about else {},
        wanted=kind.fields_of(arguments),
        hidden=hidden,
        passed=passed,
    )


def as_it_will_be(still_open: Sequence[Change], change: Change, seen: Data) -> Data:
    """The fields as they are once what is not settled yet of the same records was made: the
    person's own earlier changes are no conflict."""
    earlier = [
        one
        for one in reversed(still_open)
        if one.owner == change.owner and not set(one.records).isdisjoint(change.records)
    ]
    number = change.record.rpartition("/")[2]
    will_be = dict(seen)
    for name in seen:
        # One that is about several records has its fields by record.
        path = name if "/" in name else f"{number}/{name}"
        found = (wanted for one in earlier for wanted in _wanted_at(one, path))
        will_be[name] = next(found, seen[name])
    return will_be


def _wanted_at(change: Change, path: str) -> Iterator[Any]:
    """What a field, named `record/field`, becomes by a change; nothing where it stays."""
    record, _, field = path.partition("/")
    if path in change.wanted:
        yield change.wanted[path]
    elif field in change.wanted and change.record.rpartition("/")[2] == record:
        yield change.wanted[field]


def with_fresh(call: Call[T], kind: Kind) -> Call[T]:
    """The call with what is another each time, where it is not given."""
    if kind.fresh is None:
        return call
    given = given_of(call)
    fresh = kind.fresh(given)
    return partial(call, **{name: fresh[name] for name in fresh if given.get(name) is None})


def part_of(call: Call[Any]) -> str:
    """What a part of an action is called."""
    title = operation_of(call).title
    return title[:1].lower() + title[1:]


def with_ids(value: Any, earlier: Sequence[Change]) -> Any:
    """Arguments in which what an answer tells is named by the id of its change."""
    if isinstance(value, dict):
        if TOLD in value:
            index, name = value[TOLD]
            return {TOLD: [earlier[index].id, name]}
        return {key: with_ids(item, earlier) for key, item in value.items()}
    return [with_ids(item, earlier) for item in value] if isinstance(value, list) else value
