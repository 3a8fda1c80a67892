"""Who may come to the deck by a browser.

An address is printed for each person, and is good for one visit. That visit is answered with a
cookie, and leads to a page under a path that was never printed; from then on both are needed. The
one who serves may have a further address: who comes by it takes the place of who came first, so
that there are never more than were allowed. Of path and cookie

- the cookie alone will not do: browsers do not keep cookies apart by port. It is sent to that path
  alone, so that no other server on this machine ever hears it.
- the path alone will not do: it may be read over a shoulder, or in a history.

Before all of this the Host has to be a name that is answered for, and an Origin, which a websocket
must have, that of the Host.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui.hosts import are_origin_of, own_names

COOKIE = "tockdeck"

NOT_OURS = "This server does not answer for that name. A tunnel's is given by --name."
FOREIGN = "Pages of other sites have no business here."
USED = (
    "This address was used already, or another was printed since, and the deck is one person's. "
    "Whoever is to come in needs an address of their own: enter where `tockdeck serve` runs prints "
    "one, by which another browser takes over; --persons lets several in."
)
UNKNOWN = (
    "The deck opens by the address that `tockdeck serve` printed, and from then on only in the "
    "browser that opened it, until another took over. It has to keep cookies for that."
)


class Seat(NamedTuple):
    """Where one person sits."""

    page: str
    """Part of a path."""
    cookie: str


class Gate:
    """The addresses that wait for their visit, and who has come in by one."""

    def __init__(self, names: Iterable[str], persons: int) -> None:
        """`names` are further ones (host, or host:port) than where it listens."""
        self._names = frozenset(name.lower() for name in names)
        self._persons = persons
        self._waiting = [secrets.token_urlsafe(24) for _ in range(persons)]
        self._seats: dict[str, Seat] = {}
        """By page, in the order in which they were taken."""
        self._given_up: list[str] = []

    def listens(self, host: str, port: int) -> None:
        """From now on requests come to this address."""
        self._names |= own_names(host, port)

    @property
    def tokens(self) -> tuple[str, ...]:
        """One for each person who has not come yet; nobody is told them but the one who serves."""
        return tuple(self._waiting)

    def invite(self) -> str:
        """A further address. It stands in the place of one that nobody has come by, if there is
        one; else who comes by it takes over from who came first.
        """
        del self._waiting[:1]
        self._waiting.append(secrets.token_urlsafe(24))
        return self._waiting[-1]

    def given_up(self) -> list[str]:
        """The pages that others have taken over since this was asked last."""
        pages, self._given_up = self._given_up, []
        return pages

    def refuses(
        self, hosts: Sequence[str], origins: Sequence[str], *, is_socket: bool = False
    ) -> str:
        """Why a request with these headers is not looked at, in words; empty where it is."""
        if len(hosts) != 1 or hosts[0].lower() not in self._names:
            return NOT_OURS
        if is_socket and not origins:
            return FOREIGN
        return "" if are_origin_of(origins, hosts[0]) else FOREIGN

    def enter(self, token: str) -> Seat | None:
        """The one visit of an address; None where it is none, or was made."""
        found = [one for one in self._waiting if _same(token, one)]
        if not found:
            return None
        self._waiting.remove(found[0])
        seat = Seat(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
        self._seats[seat.page] = seat
        if len(self._seats) > self._persons:
            first = next(iter(self._seats))
            del self._seats[first]
            self._given_up.append(first)
        return seat

    def knows(self, page: str, cookie: str) -> bool:
        """Whether this is who came in by an address."""
        seat = self._seats.get(page)
        return seat is not None and _same(cookie, seat.cookie)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())
