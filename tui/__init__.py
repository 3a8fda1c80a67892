"""tockdeck: one keyboard-driven deck over five web services."""

from __future__ import annotations

__version__ = "0.1.0"
