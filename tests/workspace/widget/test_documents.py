"""Widget documents by path and by address, and their entries as lists."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tui.config.settings import Network
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    InvalidArgument,
    NotFound,
    ProtocolViolation,
    ServiceError,
)
from tui.workspace.widget.documents import LARGEST, listing_of, load, menu_of, read_document

SAMPLES = Path(__file__).parents[2] / "data" / "widgets"
NETWORK = Network(connect_seconds=5.0, read_seconds=5.0)


class Pages(BaseHTTPRequestHandler):
    """Answers by path and keeps what it was asked."""

    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        Pages.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        name = self.path.partition("?")[0].strip("/")
        status, content, more = 200, b"", {}
        if name == "elsewhere":
            status, more = 302, {"Location": "http://127.0.0.1:9/stolen"}
        elif name == "again":
            status, more = 302, {"Location": "/ebook.json"}
        elif name == "endless":
            content = b" " * (LARGEST + 4096)
        elif name == "secret":
            status = 401
        elif name == "html":
            content = b"<!DOCTYPE html><html>Sign in</html>"
        elif (SAMPLES / name).is_file():
            content = (SAMPLES / name).read_bytes()
        else:
            status = 404
        self.send_response(status)
        for key, value in more.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


async def test_a_document_is_read_from_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await load(f" {SAMPLES / 'ebook.json'} ", NETWORK)).type == "ebook"
    monkeypatch.setenv("HOME", str(SAMPLES))
    assert (await load("~/qrscaner.json", NETWORK)).type == "qrscaner"


async def test_a_document_is_fetched_without_any_credentials(pages: str) -> None:
    Pages.asked.clear()
    document = await load(f"{pages}/ebook.json?a=1&b=http://c", NETWORK)
    assert document.type == "ebook"
    path, headers = Pages.asked[-1]
    assert path == "/ebook.json?a=1&b=http://c"
    assert not {"authorization", "cookie"} & set(headers)


async def test_a_redirect_is_followed_on_the_same_server_only(pages: str) -> None:
    assert (await load(f"{pages}/again", NETWORK)).type == "ebook"
    with pytest.raises(ProtocolViolation, match="points to another address"):
        await load(f"{pages}/elsewhere", NETWORK)


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/endless", ProtocolViolation, "larger than"),
        ("/missing", NotFound, "HTTP 404"),
        ("/secret", AuthenticationFailed, "HTTP 401"),
        ("/html", ProtocolViolation, "a web page"),
    ],
)
async def test_what_cannot_be_fetched_is_said(
    pages: str, path: str, kind: type[ServiceError], words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        await load(f"{pages}{path}", NETWORK)
    assert caught.value.service == "widgets"


@pytest.mark.parametrize(
    "source",
    ["ftp://example.com/x", "file:///etc/passwd", "http://", "http://[x", "http://x:y/",
     "http://me:secret@example.com/x", "javascript://x"],
)  # fmt: skip
async def test_other_addresses_are_not_fetched(source: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        await load(source, NETWORK)
    assert "secret" not in str(caught.value)


async def test_nobody_there_is_a_failed_connection() -> None:
    with pytest.raises(ConnectionFailed):
        await load("http://127.0.0.1:9/x", NETWORK)


async def test_a_path_that_is_no_file_is_said(tmp_path: Path) -> None:
    for source in (str(tmp_path), str(tmp_path / "nothing"), "/dev/zero"):
        with pytest.raises(NotFound, match="there is no file"):
            await load(source, NETWORK)


async def test_a_file_is_read_no_further_than_a_document_may_be_long(tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(3 * 1024**3)
    with pytest.raises(ProtocolViolation, match="larger than 8 MB"):
        await load(str(huge), NETWORK)


def listing(name: str) -> Any:
    return listing_of(read_document((SAMPLES / f"{name}.json").read_bytes()))


@pytest.mark.parametrize(
    ("name", "columns", "first", "link"),
    [
        ("ebook", "title kind address", ("Chapter 1", "page"), "https://ibuildapp.com/gethtml"),
        ("dashboard", "kind text place opens", ("image", "", "185,71 80×144"), "http://ibuildapp"),
        ("photogallery", "album title description address", ("My album", "image1",
         "description1"), "http://ibuildapp"),
        ("audioplayer", "title description stream", ("My track", "My track description"),
         "http://www.WebSite.com/MyMusicFile.mp3"),
        ("videoplayer", "title length made description address",
         ("Тизер StarCraft II (RU)", "00:04:01", "2010-08-06"), "http://www.youtube.com/watch"),
        ("catalogbooks", "title author category price marked address",
         ("The Atlatis Gene", "A.G. Riddle", "Science Fiction", "5", "recommended"),
         "https://ibuildapp.com"),
    ],
)  # fmt: skip
def test_a_list_widget_is_a_table(
    name: str, columns: str, first: tuple[str, ...], link: str
) -> None:
    found = listing(name)
    assert found.columns == tuple(columns.split())
    assert found.entries[0].values[: len(first)] == first
    assert found.entries[0].link.startswith(link)
    assert all(len(one.values) == len(found.columns) for one in found.entries)


@pytest.mark.parametrize("name", ["customform", "qrscaner", "htmlcode", "takepicture"])
def test_other_widgets_list_nothing(name: str) -> None:
    assert listing(name) is None


def test_a_dashboard_lists_images_buttons_and_labels() -> None:
    assert [one.values[0] for one in listing("dashboard").entries] == [
        "image", "button", "button", "label",
    ]  # fmt: skip
    assert listing("dashboard").entries[1].link == "36575814"


def test_an_album_without_pictures_is_listed_with_its_own_address() -> None:
    content = json.loads((SAMPLES / "photogallery.json").read_bytes())
    content["data"]["album"][0] |= {"image": [], "#url": "http://a.example/album"}
    found = listing_of(read_document(json.dumps(content).encode()))
    assert found is not None
    assert [one.link for one in found.entries] == ["http://a.example/album"]


def test_books_are_found_by_text_and_by_the_menu() -> None:
    found = listing("catalogbooks")
    assert [one.values[0] for one in found.matching("stieg")] == ["The Girl Dragon Tattoo"]
    assert len(found.matching(choice="recommended")) == 1
    assert len(found.matching("tower", "recommended")) == 0
    assert len(found.matching(choice="category/Science Fiction")) == 3


def test_a_menu_says_how_many_books_a_choice_finds() -> None:
    menu = menu_of(read_document((SAMPLES / "catalogbooks.json").read_bytes()))
    assert len(menu) == 37
    counts = {one.title: one.books for one in menu if one.books}
    assert counts == {"Genre: Science Fiction": 3, "Recommended": 1}
    assert menu_of(read_document((SAMPLES / "ebook.json").read_bytes())) == []
