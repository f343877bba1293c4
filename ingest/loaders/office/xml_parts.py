"""XML parts of Office and OpenDocument files: parsed to trees, and found by their relationships."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ingest.loaders.office.package import MAX_PARSED, Package
from ingest.loaders.office.xml_opening import Opening

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_STRICT = tuple(
    (f"http://purl.oclc.org/ooxml/{strict}".encode(), f"http://schemas.openxmlformats.org/{usual}".encode())
    for strict, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("drawingml/main", "drawingml/2006/main"),
        ("presentationml/main", "presentationml/2006/main"),
        ("spreadsheetml/main", "spreadsheetml/2006/main"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
        ("officeDocument/math", "officeDocument/2006/math"),
        ("officeDocument/extendedProperties", "officeDocument/2006/extended-properties"),
    )
)


def as_usual(data: bytes) -> bytes:
    """The strict kind of Office XML differs in its namespaces only; these become the usual ones."""
    if b"http://purl.oclc.org/ooxml/" in data:
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
    return data


def xml_bytes(package: Package, name: str, limit: int = MAX_PARSED) -> bytes:
    """A part's XML, whatever the part is called. Raises DocumentRejected: see Package.read; UNSAFE for declarations."""
    data = package.read(name, limit)
    Opening(name).feed(data)
    return as_usual(data)


def parse(package: Package, name: str) -> Element:
    """A part's root. Raises DocumentRejected (see Package.read), ParseError."""
    return ElementTree.fromstring(xml_bytes(package, name))  # noqa: S314 - no declaration of entities passes xml_bytes


def parse_if_there(package: Package, name: str) -> Element | None:
    """A part's root; None where the package has no such part. Raises as parse."""
    return parse(package, name) if name and name in package else None


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another inside the package. `kind` is the last step of its type, as in `styles`."""

    id: str
    kind: str
    target: str


def relations(package: Package, part: str = "") -> tuple[Relation, ...]:
    """What a part (the whole package where none is given) refers to; targets outside the package are left out."""
    folder, name = posixpath.split(part)
    root = parse_if_there(package, posixpath.join(folder, "_rels", f"{name}.rels"))
    found: list[Relation] = []
    for link in root if root is not None else ():
        if link.get("TargetMode") == "External":
            continue
        target = link.get("Target", "")
        path = target if target.startswith("/") else posixpath.join("/", folder, target)
        kind = link.get("Type", "").rstrip("/").rsplit("/", 1)[-1]
        found.append(Relation(link.get("Id", ""), kind, posixpath.normpath(path).lstrip("/")))
    return tuple(found)


def related(package: Package, part: str, kind: str) -> str:
    """The first part of a kind that a part refers to; empty where there is none."""
    return next((link.target for link in relations(package, part) if link.kind == kind), "")


def chosen(element: Element) -> Iterator[Element]:
    """The children of one reading of an `AlternateContent`: the first choice, else what stands in for it."""
    for name in ("Choice", "Fallback"):
        reading = element.find(f"{MC}{name}")
        if reading is not None:
            yield from reading
            return


def is_on(element: Element | None, attribute: str) -> bool | None:
    """An on-off property: None where it is not said, on where it is there without a value."""
    if element is None:
        return None
    return element.get(attribute, "1").lower() not in ("0", "false", "off", "none")
