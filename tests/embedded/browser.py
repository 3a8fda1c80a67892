"""A plain browser: follows redirects, keeps cookies by path, sends forms, runs nothing."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.harness import Answer, EmbeddedServer

MOST_REDIRECTS = 5


@dataclass
class Browser:
    """One person's browser on a server. Without an `origin` it is as w3m, which sends none."""

    server: EmbeddedServer
    origin: str | None = None
    cookies: dict[tuple[str, str], str] = field(default_factory=dict)
    """By path and name."""
    address: str = ""
    """Where it stands now, path and query."""

    def open(self, address: str) -> Answer:
        """Go there, wherever that leads on this server."""
        return self._go("GET", address, None)

    def send(self, page: Answer, **fields: str) -> Answer:
        """Send the one form of a page, with what a person typed or pressed."""
        [action] = re.findall(r'<form method="post" action="([^"]*)">', page.text)
        inputs = re.findall(r'<input(?: type="hidden")? name="([^"]*)" value="([^"]*)">', page.text)
        for name, options in re.findall(r'<select name="([^"]*)">(.*?)</select>', page.text):
            inputs += [(name, one) for one in re.findall(r'value="([^"]*)" selected', options)]
        form = {name: html.unescape(value) for name, value in inputs} | fields
        return self._go("POST", html.unescape(action), form)

    def _go(self, method: str, address: str, form: dict[str, str] | None) -> Answer:
        for _ in range(MOST_REDIRECTS):
            self.address = address.removeprefix(self.server.base_url)
            path = urlsplit(self.address).path
            sent = "; ".join(
                f"{name}={value}" for (where, name), value in self.cookies.items()
                if path.startswith(where)
            )  # fmt: skip
            headers = {"Tockdeck-Session": ""} | ({"Cookie": sent} if sent else {})
            if self.origin is not None and method == "POST":
                headers["Origin"] = self.origin
            answer = self.server.http(method, self.address, form=form, headers=headers)
            self._keep(answer)
            address = answer.headers.get("location", "")
            if answer.status != 303:
                return answer
            method, form = "GET", None
        raise AssertionError("it goes on in a circle")

    def _keep(self, answer: Answer) -> None:
        given = answer.headers.get("set-cookie")
        if given is not None:
            pair, *attributes = given.split("; ")
            name, _, value = pair.partition("=")
            known = dict(one.lower().partition("=")[::2] for one in attributes)
            assert {"httponly", "samesite", "path", "max-age"} <= known.keys()
            assert known["samesite"] == "strict"
            self.cookies[known["path"], name] = value
