"""What is left out of a run with quirks is what they change nothing of."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests import either_form, harness
from tests.harness import EmbeddedServer


@pytest.mark.parametrize(
    ("module", "depends"),
    [
        ("tests.workspace.hours", True),  # begins a server and does not say in which form
        ("tests.workspace.hours.test_hours", True),  # knows who does
        ("tests.cli.conftest", True),  # reads the environment
        ("tests.cli.forks", True),  # begins programs
        ("tests.services.conftest", False),  # says in which form
        ("tests.services.timetonic.test_embedded", False),  # and so who knows it
        ("tests.services.test_loose_json", False),  # meets no server
    ],
)
def test_what_depends_on_the_form_is_known_by_its_source(module: str, depends: bool) -> None:
    import_module(module)
    assert either_form.depends(module) is depends


def test_what_is_left_out_and_depends_on_the_form_after_all_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(harness, "form_matters", False)
    with pytest.raises(AssertionError, match="left out"):
        EmbeddedServer()
    assert EmbeddedServer(quirks=True).quirks
