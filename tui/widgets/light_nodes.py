"""Classes of widgets that are made without looking through all that they inherit.

For each of them Textual looks at every name of every class that it is made of, for those few that
it watches: with a hundred classes a tenth of the time to the first frame. Here each class is
looked at once. Textual's version is pinned exactly, and a test holds what is used of it here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from textual.dom import DOMNode
from textual.reactive import Reactive

_COMPUTES = ("_compute_", "compute_")


def lighten() -> None:
    """Let every class that is made from now on be made so; those there are stay as they are."""
    DOMNode.__init_subclass__ = classmethod(_init_subclass)  # type: ignore[assignment,method-assign]


@cache
def _own(base: type) -> tuple[dict[str, Reactive[Any]], frozenset[str]]:
    """What a class itself has: what is watched, and what is worked out of that."""
    names = vars(base)
    reactives = {name: one for name, one in names.items() if isinstance(one, Reactive)}
    computed = (name for name in names if name.startswith(_COMPUTES))
    return reactives, frozenset(name.lstrip("_")[8:] for name in computed)


def _init_subclass(
    cls: type[DOMNode],
    inherit_css: bool = True,
    inherit_bindings: bool = True,
    inherit_component_classes: bool = True,
) -> None:
    super(DOMNode, cls).__init_subclass__()
    cls._reactives = {}
    computes: frozenset[str] = frozenset()
    for base in reversed(cls.__mro__):
        reactives, computed = _own(base)
        cls._reactives.update(reactives)
        computes |= computed
    cls._computes = computes
    cls._inherit_css = inherit_css
    cls._inherit_bindings = inherit_bindings
    cls._inherit_component_classes = inherit_component_classes
    bases = cls._css_bases(cls)
    cls._css_type_name = bases[0].__name__
    cls._css_type_names = frozenset(base.__name__ for base in bases)
    cls._merged_bindings = cls._merge_bindings()
