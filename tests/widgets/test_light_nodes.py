"""Classes of widgets that are made in short are what Textual makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.reactive import reactive, var
from textual.widget import Widget
from textual.widgets import Input

from tui.screens.books.screen import BooksScreen
from tui.widgets.grid import Grid
from tui.widgets.light_nodes import lighten

MADE = (
    "_reactives", "_computes", "_inherit_css", "_inherit_bindings", "_inherit_component_classes",
    "_css_type_name", "_css_type_names", "_merged_bindings",
)  # fmt: skip
TEXTUAL = vars(DOMNode)["__init_subclass__"]


@pytest.fixture(autouse=True)
def _light() -> Iterator[None]:
    lighten()
    assert DOMNode.__init_subclass__.__module__ == lighten.__module__
    yield
    DOMNode.__init_subclass__ = TEXTUAL


def _made(node: type[DOMNode]) -> dict[str, Any]:
    found = {name: getattr(node, name) for name in MADE}
    return {
        **found, "_reactives": list(node._reactives.items()),
        "_merged_bindings": node._merged_bindings and node._merged_bindings.key_to_bindings,
    }  # fmt: skip


def test_a_class_is_as_textual_makes_it() -> None:
    class Beside:
        level = reactive(3)

        def _compute_total(self) -> int:
            return 1

    class Own(Beside, Widget, inherit_css=False):
        BINDINGS: ClassVar[list[BindingType]] = [("x", "cut", "Cut")]
        size_now = var(1)
        disabled = reactive(True)

        def compute_size_now(self) -> int:
            return 2

    class _Hidden(Own, Input, inherit_bindings=False):
        level = 4

    class Larger(Grid):
        wide = reactive(False)

    class Other(BooksScreen):
        pass

    assert Own._computes >= {"size_now", "total"}
    assert list(Own._reactives)[-1] == "size_now"
    how: dict[type[DOMNode], dict[str, bool]] = {
        Own: {"inherit_css": False}, _Hidden: {"inherit_bindings": False}, Larger: {}, Other: {},
    }  # fmt: skip
    for node, options in how.items():
        short = _made(node)
        TEXTUAL.__func__(node, **options)
        assert short == _made(node), node
