"""Every documented change has a kind, and each kind tells the truth about its way back."""

from __future__ import annotations

import pytest

from tui.config.settings import SERVICES
from tui.services import registry
from tui.workspace.changes.kinds import kinds_of

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
