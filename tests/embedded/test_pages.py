"""Pages for people: one visit an address, one page, and forms from there alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.embedded.browser import Browser
from tests.harness import Clock, EmbeddedServer
from tui.embedded.igtimi.oauth import OUT_OF_BAND
from tui.embedded.pages import MOST, ONCE_SECONDS, PAGE_SECONDS, Pages

LOOPBACK = "http://127.0.0.1:51234/callback"
NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    """Two services behind the door, with one block from 10 to 11 o'clock on the ninth."""
    services = ("trackmypeople", "igtimi")
    with EmbeddedServer(services=services, seeded=False, door=True, clock=Clock(NOON)) as running:
        added = call(running, "add", start="2026-03-09 10:00", stop="2026-03-09 11:00")
        assert added["result"] == 1
        yield running


def call(server: EmbeddedServer, function: str, **fields: str) -> dict[str, object]:
    known = server.credentials
    pair = (known.trackmypeople_user, known.trackmypeople_password)
    answer = server.http("POST", f"/trackmypeople/api/{function}.json", form=fields, basic=pair)
    content: dict[str, object] = answer.json()
    return content


def in_the_way(server: EmbeddedServer) -> str:
    """The address that the refusal of an overlap gives."""
    refused = call(server, "add", start="2026-03-09 10:30", stop="2026-03-09 12:00")
    return str(refused["url"])


def block(server: EmbeddedServer) -> dict[str, object]:
    [found] = call(server, "report", profile_id="1").values()
    assert isinstance(found, dict)
    return found


def minted(server: EmbeddedServer, target: str) -> str:
    answer = server.http("POST", "/_deck/page", json_body={"target": target})
    assert answer.status == 200, answer.text
    return str(answer.json()["address"])


def authorize(server: EmbeddedServer, **pairs: str) -> str:
    query = {
        "response_type": "code",
        "client_id": server.credentials.igtimi_client_id,
        "redirect_uri": LOOPBACK,
        "state": "a b&c",
    } | pairs
    return minted(server, f"/igtimi/oauth/authorize?{urlencode(query)}")


@pytest.mark.parametrize("own", [True, False], ids=["origin", "w3m"])
def test_a_block_is_changed_in_a_browser(server: EmbeddedServer, own: bool) -> None:
    browser = Browser(server, origin=server.base_url if own else None)
    page = browser.open(in_the_way(server))
    assert page.status == 200
    assert "Own work" in page.text
    assert "<script" not in page.text
    saved = browser.send(page, stop="2026-03-09 10:15", description='<b>"tide"</b> & more')
    assert saved.status == 200
    assert "Saved." in saved.text
    assert "&lt;b&gt;&quot;tide&quot;&lt;/b&gt; &amp; more" in saved.text
    assert (block(server)["TimeOut"], block(server)["Description"]) == (
        "2026-03-09 10:15:00",
        '<b>"tide"</b> & more',
    )
    again = browser.open(browser.address)  # a reload
    assert again.status == 200
    for wrong, words in (
        ({"stop": "2026-03-09 09:00"}, "Start is after stop."),
        ({"start": ""}, "Please give a start."),
        ({"start": "soon"}, "no valid date"),
        ({"description": "x" * 3000}, "at most"),
    ):
        refused = browser.send(again, **wrong)
        assert refused.status == 400
        assert words in refused.text
    assert call(server, "add", start="2026-03-09 10:15", stop="2026-03-09 11:00")["result"] == 1
    overlapping = browser.send(again, stop="2026-03-09 10:30")
    assert "would overlap block 2" in overlapping.text
    before = server.context.database.read("SELECT * FROM trackmypeople_blocks")
    assert browser.send(again).status == 200
    after = server.context.database.read("SELECT * FROM trackmypeople_blocks")
    assert [tuple(row) for row in after] == [tuple(row) for row in before]


def test_a_block_is_given_another_tracker_or_deleted_in_a_browser(server: EmbeddedServer) -> None:
    with server.context.database.write() as connection:
        connection.execute(
            "INSERT INTO trackmypeople_trackers VALUES (2, 1, 'project', 'Racing & more', 'R')"
        )
        connection.execute(
            "INSERT INTO trackmypeople_permissions SELECT profile_id, 2, permission"
            " FROM trackmypeople_permissions"
        )
    browser = Browser(server)
    page = browser.open(in_the_way(server))
    assert 'value="2">\u2002Racing &amp; more<' in page.text, "the tree of trackers is there"
    saved = browser.send(page, tracker="2")
    assert ("Saved." in saved.text, block(server)["TrackerId"]) == (True, 2)
    page = browser.open(browser.address)
    refused = browser.send(page, tracker="999")
    assert (refused.status, "can not book time there" in refused.text) == (400, True)
    unsure = browser.send(page, act="Delete")
    assert (unsure.status, "Tick the box" in unsure.text) == (400, True)
    assert block(server)["Description"] == ""
    gone = browser.send(page, act="Delete", sure="yes")
    assert (gone.status, "Deleted." in gone.text) == (200, True)
    assert call(server, "report", profile_id="1") == {}
    assert browser.open(browser.address).status == 404


def test_a_page_that_is_old_does_not_let_a_stopped_block_run_again(
    server: EmbeddedServer,
) -> None:
    assert call(server, "start")["result"] == 1
    browser = Browser(server)
    page = browser.open(minted(server, "/trackmypeople/block/edit/id/2"))
    server.clock.advance(seconds=600)
    assert call(server, "stop", description="stopped")["result"] == 1
    assert "Saved." in browser.send(page).text
    refused = browser.send(page, description="written before")
    assert (refused.status, "changed elsewhere meanwhile" in refused.text) == (400, True)
    row = server.context.database.one("SELECT * FROM trackmypeople_blocks WHERE id = 2")
    assert row is not None
    assert (row["time_out"] - row["time_in"], row["description"]) == (600, "stopped")
    assert "Saved." in browser.send(refused, description="after").text


def test_hours_that_there_are_not_or_twice_are_not_taken(server: EmbeddedServer) -> None:
    with server.context.database.write() as connection:
        connection.execute("UPDATE trackmypeople_profiles SET timezone = 'Europe/Berlin'")
    browser = Browser(server)
    page = browser.open(minted(server, "/trackmypeople/block/edit/id/1"))
    for start, words in (
        ("2026-03-29 02:30:00", "does not exist in Europe/Berlin"),
        ("2025-10-26 02:30:00", "exists twice in Europe/Berlin: send"),
    ):
        refused = browser.send(page, start=start, stop="2026-03-29 04:00")
        assert (refused.status, words in refused.text) == (400, True)
    saved = browser.send(page, start="2025-10-26 02:30+01:00", stop="2025-10-26 02:45+01:00")
    assert "(900 seconds)" in saved.text


def test_an_unchanged_form_leaves_the_second_half_past_two_alone(server: EmbeddedServer) -> None:
    """The hour that exists twice: read again from its text it would be the other one."""
    second = int(datetime(2026, 10, 25, 1, 30, tzinfo=UTC).timestamp())
    with server.context.database.write() as connection:
        connection.execute("UPDATE trackmypeople_profiles SET timezone = 'Europe/Berlin'")
        connection.execute(
            "UPDATE trackmypeople_blocks SET time_in = ?, time_out = ?", (second, second + 900)
        )
    browser = Browser(server)
    page = browser.open(minted(server, "/trackmypeople/block/edit/id/1"))
    assert "2026-10-25 02:30:00" in page.text
    assert "Saved." in browser.send(page, description="tea").text
    row = server.context.database.one("SELECT * FROM trackmypeople_blocks")
    assert row is not None
    assert (row["time_in"], row["time_out"], row["description"]) == (second, second + 900, "tea")


def test_an_address_opens_once_and_for_its_page_alone(server: EmbeddedServer) -> None:
    address = in_the_way(server)
    first, second = Browser(server), Browser(server)
    assert first.open(address).status == 200
    late = second.open(address)
    assert late.status == 403
    assert "used already" in late.text
    assert second.open(first.address).status == 403, "the page is open in the other browser"
    elsewhere = in_the_way(server).replace("/id/1?", "/id/2?")
    assert second.open(elsewhere).status == 403
    assert second.open(elsewhere.replace("/id/2?", "/id/1?")).status == 403, "it is used up"
    for path in ("/trackmypeople/api/status.json", "/_deck/stop", "/timesheets/api/demo/login"):
        for name in ("once", "page"):
            assert second.open(f"{path}?{name}=x").status == 403
    page_id = first.address.partition("page=")[2]
    other = Browser(
        server, cookies=dict.fromkeys([("/", "tockdeck-1")], first.cookies.popitem()[1])
    )
    for path in ("/_deck/health", "/trackmypeople/block/edit/id/2", "/igtimi/oauth/authorize"):
        assert other.open(f"{path}?page={page_id}").status == 403


def test_a_form_needs_page_cookie_and_token(server: EmbeddedServer) -> None:
    browser = Browser(server)
    page = browser.open(in_the_way(server))
    [token] = re.findall(r'name="token" value="([^"]*)"', page.text)
    headers = {"Tockdeck-Session": "", "Cookie": "; ".join(
        f"{name}={value}" for (_, name), value in browser.cookies.items())}  # fmt: skip
    form = {"token": token, "description": "by a stranger"}

    def status(path: str, sent: dict[str, str], **more: str) -> int:
        return server.http("POST", path, form=sent, headers=headers | more).status

    path = urlsplit(browser.address).path
    assert status(path, form) == 403
    assert status(f"{path}?page=x", form) == 403
    assert status(browser.address, {"description": "x"}) == 403
    assert status(browser.address, form | {"token": token[:-1]}) == 403
    assert status(browser.address, form, Cookie="") == 403
    assert status(browser.address, form, Cookie="tockdeck-1=x") == 403
    assert status(browser.address, form | {"description": "x" * 70_000}) == 403
    for foreign in ("http://evil.example", "null", "http://127.0.0.1:1"):
        assert status(browser.address, form, Origin=foreign) == 403
    plain = headers | {"Content-Type": "text/plain"}
    body = urlencode(form).encode()
    assert server.http("POST", browser.address, body=body, headers=plain).status == 403
    assert server.http("PUT", browser.address, body=body, headers=headers).status == 403
    assert block(server)["Description"] == ""
    assert status(browser.address, form) == 200
    assert block(server)["Description"] == "by a stranger"


def test_pages_load_nothing_and_are_framed_nowhere(server: EmbeddedServer) -> None:
    page = Browser(server).open(in_the_way(server))
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"


def test_a_person_allows_access_or_does_not(server: EmbeddedServer) -> None:
    browser = Browser(server)
    page = browser.open(authorize(server))
    assert page.status == 200
    assert LOOPBACK in page.text
    assert not server.context.database.read("SELECT * FROM igtimi_code"), "nothing before the form"
    back = browser.send(page, answer="allow")
    assert back.status == 302
    given = parse_qs(urlsplit(back.headers["location"]).query)
    assert given["state"] == ["a b&c"]
    known = server.credentials
    form = {
        "grant_type": "authorization_code",
        "code": given["code"][0],
        "redirect_uri": LOOPBACK,
        "client_id": known.igtimi_client_id,
        "client_secret": known.igtimi_client_secret,
    }
    assert server.http("POST", "/igtimi/oauth/token", form=form).status == 200
    denied = browser.send(page, answer="deny")
    assert parse_qs(urlsplit(denied.headers["location"]).query)["error"] == ["access_denied"]


def test_out_of_band_shows_the_code_after_the_form(server: EmbeddedServer) -> None:
    browser = Browser(server)
    page = browser.open(authorize(server, redirect_uri=OUT_OF_BAND))
    assert "authorization_code" not in page.text
    assert '<code id="authorization_code">' in browser.send(page, answer="allow").text
    assert "Nobody was given access" in browser.send(page, answer="no").text


def test_addresses_are_made_for_pages_alone(server: EmbeddedServer) -> None:
    for target in (
        "/trackmypeople/api/status.json",
        "/_deck/stop",
        "/igtimi/oauth/token",
        "/igtimi/oauth/authorize/more",
        "//evil.example/",
        "http://evil.example/",
        "",
    ):
        answer = server.http("POST", "/_deck/page", json_body={"target": target})
        assert answer.status == 404
    for body in (b"", b"[]", b'{"target": 5}', b'{"target": "/trackmypeople/download\\r\\nX: y"}'):
        assert server.http("POST", "/_deck/page", body=body).status == 400


def test_addresses_and_pages_are_bounded_and_end() -> None:
    seconds = 0.0
    pages = Pages(lambda: seconds)
    addresses = [pages.address("/a") for _ in range(MOST + 1)]

    def opens(address: str) -> bool:
        return pages._begin(address.partition("once=")[2], "/a").status_code == 303

    assert not opens(addresses[0])
    assert opens(addresses[1])
    seconds = ONCE_SECONDS - 1
    assert opens(addresses[-1])
    seconds = ONCE_SECONDS
    assert not opens(addresses[-2])
    for _ in range(MOST + 5):
        assert opens(pages.address("/a"))
    assert len(pages._open) == MOST
    seconds += PAGE_SECONDS
    assert opens(pages.address("/a"))
    assert len(pages._open) == 1
