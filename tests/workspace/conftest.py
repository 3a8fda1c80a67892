"""The way to the services, for tests of what is changed without them."""

from __future__ import annotations

from tests.workspace.ways import way

__all__ = ["way"]
