"""What of an answer could not be read: collected around a use case, and said in a line."""

from __future__ import annotations

from tui.services.left_out import LeftOut, collecting, sentences

__all__ = ["LeftOut", "collecting", "sentences"]
