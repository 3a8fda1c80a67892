"""What the links of a feed have brought and passed by, those that stand and those that are over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.live.feed import Lately
from tui.live.link import Link


class Totals:
    """Counts over all links that a feed has had; those that stand are given, and count as well."""

    def __init__(self) -> None:
        self._dropped: dict[str, int] = {}
        self._messages = self._bytes = self._reconnects = 0
        self.lately = Lately()
        """What of them is of the last minute."""

    def settle(self, link: Link) -> None:
        """Keep the counts of a conversation that is over."""
        if link.conversation is not None:
            add(self._dropped, link.conversation.dropped())
            link.conversation = None

    def keep(self, link: Link) -> None:
        """Keep the counts of a link that is over."""
        self.settle(link)
        self._messages += link.rate.messages
        self._bytes += link.rate.bytes
        self._reconnects += max(link.connections - 1, 0)

    def messages(self, links: Iterable[Link]) -> int:
        """How many messages came."""
        return self._messages + sum(link.rate.messages for link in links)

    def received_bytes(self, links: Iterable[Link]) -> int:
        """How many bytes came."""
        return self._bytes + sum(link.rate.bytes for link in links)

    def reconnects(self, links: Iterable[Link]) -> int:
        """How often a link had to connect again."""
        return self._reconnects + sum(max(link.connections - 1, 0) for link in links)

    def dropped(self, links: Iterable[Link]) -> dict[str, int]:
        """How much was passed by in their conversations, by reason."""
        dropped = dict(self._dropped)
        for link in links:
            if link.conversation is not None:
                add(dropped, link.conversation.dropped())
        return dropped


def add(total: dict[str, int], more: Mapping[str, int]) -> None:
    """Count further ones, by reason."""
    for reason, count in more.items():
        total[reason] = total.get(reason, 0) + count
