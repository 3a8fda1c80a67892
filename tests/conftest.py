"""What holds for the whole suite: how examples are searched for, and how the services answer."""

from __future__ import annotations

import gc
import os
import sys

import pytest
from hypothesis import settings

from tests import either_form, hangs, harness

# How long an example takes says nothing: the machine may be busy with something else.
settings.register_profile("tockdeck", deadline=None)
settings.load_profile("tockdeck")


# What graphs are drawn with follows the locale, which is no matter of who runs the tests.
os.environ["LC_ALL"] = "C.UTF-8"

# What is compiled once serves every run, and each of the many programs that the tests start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

YOUNG, MIDDLE, OLD = 20_000, 20, 50
"""Objects and rounds between two collections. A suite keeps its modules, its collected tests and
their answers; looking through all of that every few seconds was a fifth of its time."""


def pytest_collection_finish(session: pytest.Session) -> None:
    """What has been imported and collected stays to the end and need not be looked through."""
    del session
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What was made once for all tests is closed: from Python 3.13 on that is asked for."""
    del session
    harness.close_templates()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The second mode of the suite."""
    parser.addoption(
        "--quirks",
        action="store_true",
        help="the embedded services answer with every documented inconsistency, except for tests"
        " that are about the plain form; what meets no server, or says itself in which form it"
        " answers, is left to a run without it, in which it is the same",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let every server of this run answer in the chosen way, and no test hang."""
    config.pluginmanager.register(hangs)
    config.pluginmanager.register(either_form)
    if config.getoption("--quirks"):
        harness.quirks_by_default = True
        os.environ["TOCKDECK_EMBEDDED_QUIRKS"] = "true"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With quirks, only what may meet a server that has them."""
    if not config.getoption("--quirks"):
        return
    same = {one for one in items if either_form.is_alike(one)}
    if same:
        config.hook.pytest_deselected(items=[*same])
        items[:] = [one for one in items if one not in same]
