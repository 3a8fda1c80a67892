"""TickTocker's feeds by name: what there is to read, without anything that reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

FeedKind = Literal["community", "me", "user"]
Order = Literal["upcoming", "latest", "expired"]

COMMUNITY = ("hot", "fresh", "upcoming", "history")
SCOPES = ("all", "mine", "watched", "liked", "followed")
ORDERS: tuple[Order, ...] = ("upcoming", "latest", "expired")


@dataclass(frozen=True)
class Feed:
    """One feed. `name` is a community feed, a scope of the person's own, or an author_url."""

    kind: FeedKind
    name: str
    order: Order | None = None
    """Only for a person's own and a user's; the community's feeds are ordered by themselves."""

    @property
    def key(self) -> str:
        """Names it in an outline: the same in every order."""
        return f"{self.kind}/{self.name}"

    @property
    def id(self) -> str:
        """Names it among kept answers."""
        return f"{self.key}/{self.order or ''}"

    @property
    def title(self) -> str:
        """As it stands over a list."""
        name = self.name if self.kind == "user" else self.name.title()
        group = {"community": "Community", "me": "Me", "user": "User"}[self.kind]
        return f"{group} · {name}" + (f" · {self.order}" if self.order else "")

    def in_order(self, order: Order) -> Feed:
        """The same feed in another order; a community feed has only its own."""
        return self if self.order is None else replace(self, order=order)


def community(name: str) -> Feed:
    """A feed of the whole community."""
    return Feed("community", name)


def me(scope: str, order: Order = "upcoming") -> Feed:
    """A feed of the person's own."""
    return Feed("me", scope, order)


def user(author_url: str, order: Order = "latest") -> Feed:
    """The tocks of one author."""
    return Feed("user", author_url, order)


UPCOMING = community("upcoming")
