"""A module that is not installed is looked for once.

httpcore 1.0.9, below httpx 0.28.1, tries to import sniffio four times a request, which anyio 4.16.0
does not bring any more: seen by a finder on sys.meta_path, findings/httpcore-looks-for-sniffio.sh.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from unittest.mock import patch

import pytest

from tui.services.missing import settle_missing

NAME = "tockdeck_module_that_nobody_has"


def test_what_is_missing_is_looked_for_once() -> None:
    with patch.dict(sys.modules):
        settle_missing(NAME)
        settle_missing(NAME)
        with patch.object(PathFinder, "find_spec") as looked, pytest.raises(ModuleNotFoundError):
            import_module(NAME)
        looked.assert_not_called()


def test_what_is_there_stays_so() -> None:
    with patch.dict(sys.modules):
        settle_missing("wave")
        settle_missing("json")
        assert import_module("wave").open
        assert import_module("json").loads
