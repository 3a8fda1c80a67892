"""Who may come to the deck by a browser: once by an address, then by path and cookie together."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from tests.cli.conftest import PATIENCE
from tui.cli.browser.deck import MOST_CELLS, NOT_HERE, Deck, command_of
from tui.cli.browser.gate import FOREIGN, NOT_OURS, Gate
from tui.cli.browser.inviting import Inviting


def gate(*names: str, persons: int = 1) -> Gate:
    made = Gate(names, persons)
    made.listens("127.0.0.1", 8021)
    return made


@pytest.mark.parametrize(
    ("host", "origin", "socket", "why"),
    [
        ("127.0.0.1:8021", None, False, ""),
        ("LocalHost:8021", "http://localhost:8021", True, ""),
        ("deck.example.org", "https://deck.example.org", True, ""),
        ("127.0.0.1:8021", "http://127.0.0.1:8021", True, ""),
        ("127.0.0.1:8021", None, True, FOREIGN),
        ("127.0.0.1:8021", "null", False, FOREIGN),
        ("127.0.0.1:8021", "http://localhost:8021", True, FOREIGN),
        ("127.0.0.1:8021", "http://127.0.0.1:8022", True, FOREIGN),
        ("127.0.0.1:8021", "http://127.0.0.1:8021.example.org", True, FOREIGN),
        ("127.0.0.1:8022", None, False, NOT_OURS),
        ("127.0.0.1", None, False, NOT_OURS),
        ("", None, False, NOT_OURS),
        ("x.deck.example.org", "http://x.deck.example.org", True, NOT_OURS),
    ],
)
def test_host_and_origin_have_to_be_ours(
    host: str, origin: str | None, socket: bool, why: str
) -> None:
    origins = [] if origin is None else [origin]
    assert gate("Deck.example.org").refuses([host], origins, is_socket=socket) == why


def test_of_two_hosts_or_origins_none_is_believed() -> None:
    ours, own, foreign = "127.0.0.1:8021", "http://127.0.0.1:8021", "http://elsewhere.example"
    for origins in ([own, foreign], [foreign, own], [own, own]):
        for socket in (False, True):
            assert gate().refuses([ours], origins, is_socket=socket) == FOREIGN
    for hosts in ([], [ours, "elsewhere.example"], ["elsewhere.example", ours], [ours, ours]):
        assert gate().refuses(hosts, [own]) == NOT_OURS


def test_an_address_is_good_once_and_then_both_path_and_cookie_are_needed() -> None:
    ours = gate(persons=2)
    first, second = ours.tokens
    assert ours.enter("") is None
    assert ours.enter(first[:-1]) is None
    seat = ours.enter(first)
    assert seat is not None
    assert ours.enter(first) is None
    assert ours.tokens == (second,)
    assert first not in seat
    assert ours.knows(*seat)
    for page, cookie in ((seat.page, ""), ("", seat.cookie), (seat.page, f"{seat.cookie}x"),
                         (seat.cookie, seat.page), (seat.page, "\udcff")):  # fmt: skip
        assert not ours.knows(page, cookie)
    other = ours.enter(second)
    assert other is not None
    assert not ours.knows(seat.page, other.cookie)
    assert len({*seat, *other}) == 4


class Heard(Deck):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    async def send_bytes(self, data: bytes) -> bool:
        self.heard.append(data)
        return True

    async def send_meta(self, data: dict[str, str | int | bool | None]) -> bool:
        self.heard.append(data)
        return True


async def test_what_a_page_says_is_done_and_what_is_none_of_its_words_is_passed_over() -> None:
    deck = Heard()
    for said in (
        None, 3, {}, [], ["stdin"], ["stdin", 5], ["resize", {"width": "9", "height": 1}],
        ["resize", {"width": 1}], ["quit"], ["ping", []], ["focus2"],
    ):  # fmt: skip
        assert await deck.hear(said) is None
    assert deck.heard == []
    assert await deck.hear(["ping", "7"]) == ["pong", "7"]
    for said in (["stdin", "é\ud800"], ["resize", {"width": 10**9, "height": -1}], ["blur"],
                 ["focus"]):  # fmt: skip
        assert await deck.hear(said) is None
    assert deck.heard == [
        "é?".encode(),
        {"type": "resize", "width": MOST_CELLS, "height": 1},
        {"type": "blur"},
        {"type": "focus"},
    ]


def test_a_deck_in_a_page_is_told_nothing_of_the_terminal_that_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in NOT_HERE:
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("TERM", "linux")
    deck = Deck.__new__(Deck)
    deck.debug = False
    environment = deck._build_environment(100, 30)
    assert not set(NOT_HERE) & set(environment)
    assert environment["TEXTUAL_DRIVER"].endswith(":WebDriver")
    assert (environment["COLUMNS"], environment["ROWS"]) == ("100", "30")
    assert (environment["TERM"], environment["COLORTERM"]) == ("xterm-256color", "truecolor")
    assert command_of(["--set", "a=b c; d"]).endswith(" -m tui open --set 'a=b c; d'")


def test_a_further_address_takes_over_and_never_lets_one_more_in() -> None:
    ours = gate()
    (lost,) = ours.tokens
    # One that nobody has come by gives way to the new one: only that is good now.
    first = ours.invite()
    assert ours.tokens == (first,)
    assert ours.enter(lost) is None
    seat = ours.enter(first)
    assert seat is not None
    assert ours.given_up() == []
    unused, second = ours.invite(), ours.invite()
    assert ours.knows(*seat), "until somebody comes"
    assert ours.enter(unused) is None
    other = ours.enter(second)
    assert other is not None
    assert ours.enter(second) is None
    assert (ours.knows(*seat), ours.knows(*other)) == (False, True)
    assert (ours.given_up(), ours.given_up()) == ([seat.page], [])
    several = gate(persons=2)
    came = [several.enter(token) for token in several.tokens]
    third = several.enter(several.invite())
    assert third is not None
    assert [one is not None and several.knows(*one) for one in (*came, third)] == [
        False, True, True,
    ]  # fmt: skip


async def test_enter_where_it_is_served_asks_for_an_address() -> None:
    wanted: asyncio.Queue[str] = asyncio.Queue()
    typing, terminal = os.openpty()
    try:
        inviting = Inviting(lambda: wanted.put_nowait("address"))
        inviting.listen(terminal)
        os.write(typing, b"\n")
        async with asyncio.timeout(PATIENCE):
            assert await wanted.get() == "address"
            os.kill(os.getpid(), signal.SIGUSR1)
            assert await wanted.get() == "address"
        assert wanted.empty()
    finally:
        loop = asyncio.get_running_loop()
        loop.remove_reader(terminal)
        loop.remove_signal_handler(signal.SIGUSR1)
        os.close(typing)
        os.close(terminal)
