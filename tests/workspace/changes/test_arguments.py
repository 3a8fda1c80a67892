"""Arguments of every write come back from the disk as the values that they were."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.igtimi.contract_table import TABLE
from tests.services.ticktocker.test_contract import ROWS as TICKTOCKER
from tests.services.timesheets.samples import DOCUMENT
from tests.services.timesheets.test_contract import arguments, sample_request
from tests.services.timetonic.rows_books import BOOK_ROWS
from tests.services.timetonic.rows_tables import TABLE_ROWS
from tests.services.trackmypeople.test_contract import ROWS as TRACKMYPEOPLE
from tui.services import registry
from tui.services.igtimi.devices import Devices
from tui.services.operation import Operation
from tui.services.reading import Record
from tui.workspace.changes.arguments import arguments_of, as_data, call_with, operation_of

WRITES = {name: one for name, one in registry.operations().items() if one.effect != "read"}


class Listening:
    """Takes the place of a client: keeps how it is called, and sends nothing."""

    def __init__(self, service: str) -> None:
        self.calls: list[partial[Any]] = []
        self._kind = registry.client(service)

    def __getattr__(self, name: str) -> Any:
        def called(*args: Any, **keywords: Any) -> Any:
            method = getattr(self._kind, name)
            self.calls.append(partial(types.MethodType(method, self), *args, **keywords))
            raise Heard

        return called


class Heard(Exception):
    """A call was kept."""


def documented() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every write that a document shows, with the arguments that it shows."""
    for service, rows in (
        ("timetonic", [*BOOK_ROWS, *TABLE_ROWS]),
        ("ticktocker", TICKTOCKER),
        ("trackmypeople", TRACKMYPEOPLE),
    ):
        for row in rows:
            client: Any = Listening(service)
            with pytest.raises(Heard):
                row.call(client)
            (call,) = client.calls
            operation = operation_of(call)
            names = [parameter.name for parameter in operation.parameters]
            yield operation.id, dict(zip(names, call.args, strict=False)) | call.keywords
    for told in TABLE:
        yield told.id, told.arguments
    for name in DOCUMENT:
        yield name, arguments(registry.find(name), sample_request(name))


SAMPLES = [(name, given) for name, given in documented() if name in WRITES]


def back_from_disk(operation: Operation, given: dict[str, Any]) -> dict[str, Any]:
    """The arguments as another deck reads them."""
    written = {name: as_data(value) for name, value in given.items()}
    return call_with(operation, json.loads(json.dumps(written)))


def test_the_documents_show_nearly_every_write() -> None:
    lacking = set(WRITES) - {name for name, _ in SAMPLES}
    assert len(lacking) <= 12, lacking


@pytest.mark.parametrize(("name", "given"), SAMPLES, ids=[name for name, _ in SAMPLES])
def test_documented_arguments_come_back_as_they_were(name: str, given: dict[str, Any]) -> None:
    assert back_from_disk(WRITES[name], given) == given


@cache
def values(hint: Any, depth: int = 2) -> st.SearchStrategy[Any]:
    """Any value that a parameter of this type takes; one strategy a type, since each new one is
    looked through anew before it draws.
    """
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(parts)
    if origin in (Union, types.UnionType):
        return st.one_of(*(values(part, depth) for part in parts if part is not type(None)))
    if origin is list:
        return st.lists(values(parts[0], depth - 1), max_size=2) if depth else st.just([])
    if origin is dict:
        if not depth:
            return st.just({})
        return st.dictionaries(values(parts[0], depth), values(parts[1], depth - 1), max_size=2)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return records(hint, depth)
    return _PLAIN[hint]


@cache
def records(kind: type[msgspec.Struct], depth: int) -> st.SearchStrategy[Any]:
    """Records of a kind, those that are made of themselves not too deep."""
    hints = get_type_hints(kind)
    fields = [name for name in kind.__struct_fields__ if name != "extra"]
    return st.builds(kind, **{name: values(hints[name], depth - 1) for name in fields})


_ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=5)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.datetimes(timezones=st.just(UTC))
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=8),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates(),
    Path: st.text("abc./ ", min_size=1).map(Path),
    Any: _ANY,
}


@pytest.mark.parametrize("operation", WRITES.values(), ids=list(WRITES))
@settings(max_examples=25)
@given(data=st.data())
def test_any_arguments_come_back_as_they_were(operation: Operation, data: st.DataObject) -> None:
    given = {
        parameter.name: data.draw(values(parameter.hint), label=parameter.name)
        for parameter in operation.parameters
    }
    assert back_from_disk(operation, given) == given


class Point(Record, frozen=True, kw_only=True):
    """A record among arguments."""

    x: int


def test_records_and_maps_by_number_come_back_too() -> None:
    async def method(_self: Any, *, points: list[Point], by: dict[int, Decimal]) -> None:
        """Take them."""

    method.__annotations__ = {"points": list[Point], "by": dict[int, Decimal]}
    operation = Operation("x.y", "write", False, method)
    given = {"points": [Point(x=1)], "by": {3: Decimal("1.50")}}
    assert back_from_disk(operation, given) == given


def test_a_secret_is_left_out_and_named() -> None:
    register: Any = types.MethodType(Devices.register, Listening("igtimi"))
    call = partial(register, "GA-EN-AAAA", "SECRET")
    assert arguments_of(call) == ({"serial_number": "GA-EN-AAAA"}, ("service_tag",))
