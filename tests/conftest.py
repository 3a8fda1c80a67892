"""What holds for the whole suite: how examples are searched for, and how the services answer."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests import harness

# How long an example takes says nothing: the machine may be busy with something else.
settings.register_profile("tockdeck", deadline=None)
settings.load_profile("tockdeck")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The second mode of the suite."""
    parser.addoption(
        "--quirks",
        action="store_true",
        help="the embedded services answer with every documented inconsistency, except for tests"
        " that are about the plain form",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let every server of this run answer in the chosen way."""
    if config.getoption("--quirks"):
        harness.quirks_by_default = True
        os.environ["TOCKDECK_EMBEDDED_QUIRKS"] = "true"
