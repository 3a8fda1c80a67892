"""The feeds as an outline, and the order that a person chose for each. No widgets."""

from __future__ import annotations

from tui.widgets.outline_model import Node
from tui.workspace.tocks.feeds import COMMUNITY, ORDERS, SCOPES, Feed, Order, community, me, user


class FeedList:
    """Community, the person's own, and the people whose tocks were looked at."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}
        self._users: list[str] = []

    def nodes(self) -> list[Node]:
        """The outline. The groups have no feed of their own."""

        def group(title: str, feeds: list[Feed]) -> Node:
            children = [
                Node(feed.key, feed.name if feed.kind == "user" else feed.name.title())
                for feed in feeds
            ]
            return Node(title, title, role="muted", children=children, open=True)

        groups = [
            group("Community", [community(name) for name in COMMUNITY]),
            group("Me", [me(scope) for scope in SCOPES]),
        ]
        return [*groups, group("People", list(map(user, self._users)))] if self._users else groups

    def of(self, key: str) -> Feed | None:
        """The feed of a node, in the order that the person last chose for it."""
        kind, slash, name = key.partition("/")
        if not slash:
            return None
        if kind == "community":
            return community(name)
        feed = me(name) if kind == "me" else user(name)
        order = self._orders.get(key)
        return feed if order is None else feed.in_order(order)

    def next_order(self, feed: Feed) -> Feed | None:
        """The feed in the next order; None where it has only its own."""
        if feed.order is None:
            return None
        order = ORDERS[(ORDERS.index(feed.order) + 1) % len(ORDERS)]
        return self.remember(feed.in_order(order))

    def remember(self, feed: Feed) -> Feed:
        """This is the order, or the person, that is wanted from now on."""
        if feed.order is not None:
            self._orders[feed.key] = feed.order
        if feed.kind == "user" and feed.name not in self._users:
            self._users.append(feed.name)
        return feed
