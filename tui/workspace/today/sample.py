"""That services show the sample, in words."""

from __future__ import annotations

from collections.abc import Sequence

from tui.config.settings import SERVICES
from tui.workspace.problems import SERVICE_TITLES

SAMPLE = "Sample data"


def sample_words(services: Sequence[str]) -> str:
    """Where the sample is: on this machine where all services show it, else in which of them."""
    if len(services) == len(SERVICES):
        return f"{SAMPLE} on this machine"
    return f"{SAMPLE} in {', '.join(SERVICE_TITLES[one] for one in services)}"
