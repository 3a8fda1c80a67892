"""Every documented change has a kind, and each kind tells the truth about its way back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tui.config.settings import SERVICES
from tui.services import registry
from tui.services.errors import ProtocolViolation
from tui.services.left_out import LeftOut, notes
from tui.store.changes import Change
from tui.workspace.changes.kinds import Kind, gone, kinds_of

CHANGE = Change(
    id="1",
    sequence=1,
    time=datetime(2026, 1, 1, tzinfo=UTC),
    owner="x",
    operation="x.y.z",
    title="x",
)
EVERY = {**registry.operations(), **registry.socket_operations()}


@pytest.mark.parametrize("service", SERVICES)
def test_every_change_has_a_kind_and_no_kind_is_of_nothing(service: str) -> None:
    changes = {one.id for one in EVERY.values() if one.service == service and one.effect != "read"}
    assert set(kinds_of(service)) == changes


@pytest.mark.parametrize("service", SERVICES)
def test_kinds_name_arguments_that_the_operation_takes(service: str) -> None:
    operations = EVERY
    for kind in kinds_of(service).values():
        operation = operations[kind.operation]
        takes = {parameter.name for parameter in operation.parameters}
        named = {*kind.fields, *filter(None, [kind.fields_in])}
        assert named <= takes, kind.operation
        if kind.fields or kind.fields_in:
            assert kind.read is not None, f"{kind.operation}: nobody can see whether it changed"
        if not operation.id.endswith((".create", "Rows")) and kind.id_argument:
            several = f"{kind.id_argument}s"
            assert {kind.id_argument, several} & takes, kind.operation


async def test_a_record_is_gone_only_where_all_could_be_read() -> None:
    there: dict[str, Any] | None = None
    odd = False

    async def read(_client: Any, _known: Any) -> dict[str, Any] | None:
        found = notes()
        assert found is not None
        if odd:
            found.append(LeftOut(name="rows", total=2, places=("rows[1]",), reason="no number"))
        return there

    kind = Kind("x.y.z", read=read)
    assert await Kind("x.y.z").look(None, {}) is None
    assert await kind.look(None, {}) is None
    odd = True
    with pytest.raises(ProtocolViolation, match=r"cannot be told: 1 of 2 rows .* rows\[1\]"):
        await kind.look(None, {})
    there = {"name": "Heron"}
    assert await kind.look(None, {}) == there, "it was read, whatever was not"


async def test_what_is_no_more_is_so_only_where_all_could_be_read() -> None:
    odd = False

    async def find(_client: Any, _change: Change) -> dict[str, Any]:
        found = notes()
        assert found is not None
        if odd:
            found.append(LeftOut(name="rows", total=2, places=("rows[1]",), reason="no number"))
        return {}

    assert await gone(find)(None, CHANGE) == {}
    odd = True
    assert await gone(find)(None, CHANGE) is None


@pytest.mark.parametrize("service", SERVICES)
def test_effects_that_are_an_absence_are_looked_for_with_care(service: str) -> None:
    for kind in kinds_of(service).values():
        name = kind.operation.rpartition(".")[2]
        if kind.find is not None and name.startswith(("delete", "unregister")):
            assert kind.find.__qualname__.startswith(gone.__name__), kind.operation
