"""XML as plain values, both ways. What a server sends is hostile until read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.late_patterns import late_pattern
from tui.services.errors import InvalidArgument, ProtocolViolation
from tui.services.reading import Record

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element as Parsed

DEEPEST = 64
_UNWRITABLE = late_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = late_pattern(r"[A-Za-z_][\w.\-]*(:[A-Za-z_][\w.\-]*)?")


class Element(Record, frozen=True, kw_only=True):
    """One XML element: its name, attributes, text, and the elements in it."""

    name: str
    text: str = ""
    attributes: dict[str, str] = {}
    children: list[Element] = []

    def child(self, name: str) -> Element | None:
        """The first element of that name in it."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> list[Element]:
        """Every element of that name in it."""
        return [child for child in self.children if child.name == name]

    def text_of(self, name: str, default: str = "") -> str:
        """The text of the first element of that name in it."""
        found = self.child(name)
        return found.text if found else default

    def find(self, *path: str) -> Element | None:
        """The first element at the end of a path of names."""
        here: Element | None = self
        for name in path:
            here = here.child(name) if here else None
        return here


def parse_xml(content: bytes) -> Element:
    """Read an XML document.

    Raises ProtocolViolation when it is broken, nested too deeply, or declares a document type
    or entities: no service needs them, and they are how XML bombs are built.
    """
    # Here, not above: a program that only lists operations should not pay for a parser.
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise ProtocolViolation("the answer's XML declares entities, which is refused") from error
    except (ParseError, ValueError, LookupError) as error:
        raise ProtocolViolation(f"the answer is not valid XML ({error})"[:200]) from error
    return _element(root, 0)


def _element(parsed: Parsed, depth: int) -> Element:
    if depth > DEEPEST:
        raise ProtocolViolation("the answer's XML is nested too deeply")
    return Element(
        name=parsed.tag,
        text=(parsed.text or "").strip(),
        attributes=dict(parsed.attrib),
        children=[_element(child, depth + 1) for child in parsed],
    )


def write_xml(root: Element) -> bytes:
    """A document in UTF-8. Raises InvalidArgument for names and text that XML cannot hold."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + _written(root, 0)).encode()


def _written(element: Element, depth: int) -> str:
    # Here, not above: it brings HTTP's and mail's modules of the standard library with it.
    from xml.sax.saxutils import escape, quoteattr

    if depth > DEEPEST:
        raise InvalidArgument("the XML is nested too deeply")
    for name in (element.name, *element.attributes):
        if not _NAME.fullmatch(name):
            raise InvalidArgument(f"{name!r} is no name of an XML element")
    for text in (element.text, *element.attributes.values()):
        if _UNWRITABLE.search(text):
            raise InvalidArgument(f"{element.name} holds a character that XML cannot hold")
    attributes = "".join(
        f" {name}={quoteattr(value)}" for name, value in element.attributes.items()
    )
    inner = escape(element.text) + "".join(_written(child, depth + 1) for child in element.children)
    return f"<{element.name}{attributes}>{inner}</{element.name}>"
