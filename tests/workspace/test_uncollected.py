"""Garbage is looked for again, whatever became of what was made without."""

from __future__ import annotations

import gc

import pytest

from tui.workspace.uncollected import uncollected


def test_garbage_is_looked_for_again_after_an_error_and_by_whoever_ends_first() -> None:
    assert gc.isenabled()
    try:

        @uncollected()
        def broken() -> None:
            assert not gc.isenabled()
            raise ValueError("broken")

        with pytest.raises(ValueError, match="broken"):
            broken()
        assert gc.isenabled()
        with uncollected():
            with uncollected():
                assert not gc.isenabled()
            assert not gc.isenabled(), "the outer one still makes very much"
        assert gc.isenabled()
        gc.unfreeze()
        with uncollected(stays=False):
            assert not gc.isenabled()
        assert gc.isenabled()
        assert not gc.get_freeze_count(), "what is there may be garbage one day"
        gc.disable()
        with uncollected():
            pass
        assert not gc.isenabled(), "who had it off before keeps it off"
    finally:
        gc.unfreeze()
        gc.enable()
