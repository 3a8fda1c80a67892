"""The tock streams: which tocks, in which order, twenty a page.

Source: `community`, `me` and `user` of the API page. Page size and the number of the first page
are not documented: twenty, and the first one is 1 or left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from tui.embedded.context import Context
from tui.embedded.ticktocker.codes import Code, Refusal, invalid
from tui.embedded.ticktocker.tocks import Seen, all_tocks

PAGE_SIZE = 20
COMMUNITY = ("hot", "fresh", "upcoming", "history")
SCOPES = ("all", "mine", "watched", "liked", "followed")
ORDERS = ("upcoming", "latest", "expired")

_PAGE = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
_COOLING = 1.2


def community(context: Context, user: int, feed: str, page: str) -> list[Seen]:
    """What everybody can see. Raises Refusal."""
    _one_of(feed, COMMUNITY)
    now = context.now()
    public = [tock for tock in all_tocks(context, user) if not tock.row["private"]]
    if feed == "hot":
        public.sort(key=lambda tock: (-_heat(tock, now), tock.row["id"]))
        return _page(public, page)
    order = {"fresh": "latest", "upcoming": "upcoming", "history": "expired"}[feed]
    return _page(_ordered(public, order, now), page)


def me(context: Context, user: int, scope: str, order: str, page: str) -> list[Seen]:
    """What concerns the person. Raises Refusal."""
    _one_of(scope, SCOPES)
    _one_of(order, ORDERS)
    tests: dict[str, Callable[[Seen], bool]] = {
        "mine": lambda tock: tock.row["author_id"] == user,
        "watched": lambda tock: bool(tock.row["watched"]),
        "liked": lambda tock: bool(tock.row["upvoted"]),
        "followed": lambda tock: bool(tock.row["author_followed"]),
    }
    invited: Callable[[Seen], bool] = lambda tock: bool(tock.row["invited"])  # noqa: E731
    wanted = [*tests.values(), invited] if scope == "all" else [tests[scope]]
    tocks = [
        tock
        for tock in all_tocks(context, user)
        if tock.visible_to(user) and any(test(tock) for test in wanted)
    ]
    return _page(_ordered(tocks, order, context.now()), page)


def of_user(context: Context, user: int, user_url: str, order: str, page: str) -> list[Seen]:
    """What one author shows to the person. Raises Refusal."""
    _one_of(order, ORDERS)
    author = author_id(context, user_url)
    tocks = [
        tock
        for tock in all_tocks(context, user)
        if tock.row["author_id"] == author and tock.visible_to(user)
    ]
    return _page(_ordered(tocks, order, context.now()), page)


def author_id(context: Context, user_url: str) -> int:
    """The author with that url, which is not always the username. Raises Refusal."""
    row = context.database.one("SELECT id FROM ticktocker_users WHERE url = ?", (user_url,))
    if row is None:
        raise Refusal(Code.NONE, f"There is no user {user_url[:60]}.")
    return int(row["id"])


def _ordered(tocks: Sequence[Seen], order: str, now: datetime) -> list[Seen]:
    if order == "latest":
        return sorted(tocks, key=lambda tock: (-tock.row["created"], -tock.row["id"]))
    if order == "upcoming":
        coming = [tock for tock in tocks if tock.end > now]
        return sorted(coming, key=lambda tock: (tock.start, tock.row["id"]))
    past = [tock for tock in tocks if tock.end <= now]
    return sorted(past, key=lambda tock: (tock.end, tock.row["id"]), reverse=True)


def _heat(tock: Seen, now: datetime) -> float:
    """Votes count less the longer ago the tock was submitted."""
    hours = max(0.0, (now - tock.created).total_seconds() / 3600)
    return float(tock.score / (hours / 24 + 1) ** _COOLING)


def _page(tocks: list[Seen], page: str) -> list[Seen]:
    if page and not _PAGE.fullmatch(page):
        raise invalid(f"A page is a number from 1 on, and {page[:40]} is none.")
    begin = (int(page or "1") - 1) * PAGE_SIZE
    return tocks[begin : begin + PAGE_SIZE]


def _one_of(given: str, allowed: Sequence[str]) -> None:
    if not given:
        raise Refusal(Code.NONE, f"One of {', '.join(allowed)} must be present.")
    if given not in allowed:
        raise invalid(f"One of {', '.join(allowed)} must be present, not {given[:40]}.")
