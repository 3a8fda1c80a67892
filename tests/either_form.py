"""Which tests are the same whatever form the embedded services answer in.

A second run with quirks would only repeat them: none of what they are made of starts a server
that does not say which form it has, begins another program, or reads the environment. What a
module may do is taken from its source, and rather too much than too little. A test that is taken
for such a one and begins a server of the run's own form after all fails in every run.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Generator
from functools import cache
from types import ModuleType

import pytest

from tests import harness

_DEPENDS = re.compile(
    r"\bEmbeddedServer\((?![^)]*\bquirks=)"  # its form is that of the run
    r"|\b(?:quirks_by_default|environ|subprocess|Popen|fork|execvpe?)\b"
    r"|\bload\((?![^)]*\benvironment=)"
    r"|\btui\.cli\b|\bfrom tui import cli\b|\btui\.embedded\.__main__\b"
)
_NO_PART = (harness.__name__, __name__, "tests.conftest")
"""What every test may know, and what only serves."""


def is_alike(item: pytest.Item) -> bool:
    """Whether a test is the same in either form."""
    assert isinstance(item, pytest.Function)
    fixtures = item._fixtureinfo.name2fixturedefs.values()
    modules = {item.module.__name__, *(one.func.__module__ for each in fixtures for one in each)}
    return not depends(*modules)


def depends(*modules: str) -> bool:
    """Whether what is in such modules, or in one that they know, may be of the run's own form."""
    return any(map(_depends, _all_of(frozenset(modules))))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What is not run with quirks must not depend on them."""
    chosen, harness.form_matters = harness.form_matters, not is_alike(item)
    try:
        return (yield)
    finally:
        harness.form_matters = chosen


@cache
def _all_of(names: frozenset[str]) -> frozenset[str]:
    """Modules of the tests, and those that they know, and so on."""
    left, seen = set(names), set[str]()
    while left:
        name = left.pop()
        if name not in seen and name not in _NO_PART:
            seen.add(name)
            left |= _known_by(name)
    return frozenset(seen)


@cache
def _known_by(name: str) -> frozenset[str]:
    """The modules of the tests whose names, functions or classes a module has."""
    if not name.startswith("tests."):
        return frozenset()
    values = [*vars(sys.modules[name]).values()]
    known = (
        value.__name__ if isinstance(value, ModuleType) else str(getattr(value, "__module__", ""))
        for value in values
    )
    return frozenset(one for one in known if one.startswith("tests."))


@cache
def _depends(name: str) -> bool:
    """The same of one module alone."""
    if not name.startswith("tests."):
        return False
    return _DEPENDS.search(inspect.getsource(sys.modules[name])) is not None
