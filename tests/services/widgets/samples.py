"""The documents' own samples, and copies of them with something changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tui.services.widgets import WidgetDocument, document_of, read_document

FOLDER = Path(__file__).parents[2] / "data" / "widgets"
TYPES = sorted(path.stem for path in FOLDER.glob("*.json"))


def content(name: str) -> bytes:
    """A sample as it is printed."""
    return (FOLDER / f"{name}.json").read_bytes()


def sample(name: str) -> WidgetDocument:
    """A sample, read."""
    return read_document(content(name))


def raw(name: str) -> Any:
    """A sample as JSON values, to be changed."""
    return json.loads(content(name))


def form(*fields: dict[str, Any], **email: Any) -> WidgetDocument:
    """A form of one group with these fields."""
    return document_of(
        {
            "widgetid": "1",
            "type": "customform",
            "data": {
                "title": "Form",
                "form": {
                    "email": {"#address": "a@example.com", "#subject": "", **email},
                    "groups": [{"#title": "Group", "fields": list(fields)}],
                },
            },
        }
    )
