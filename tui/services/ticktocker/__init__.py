"""TickTocker's eight functions as a typed client."""

from tui.services.ticktocker.client import TickTocker
from tui.services.ticktocker.records import Account, ApiVersion, Followed, Submitted, Tock

__all__ = ["Account", "ApiVersion", "Followed", "Submitted", "TickTocker", "Tock"]
