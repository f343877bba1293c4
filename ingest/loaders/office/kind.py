"""Which kind of Office or OpenDocument file this is, by what is inside; macros and passwords are found here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import olefile

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.office.package import Package, damage_rejects
from ingest.loaders.office.xml_parts import parse, related
from ingest.model import Block

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTENT_TYPES = "[Content_Types].xml"
_MAIN = {
    "wordprocessingml.document": "docx",
    "wordprocessingml.template": "docx",
    "presentationml.presentation": "pptx",
    "presentationml.slideshow": "pptx",
    "presentationml.template": "pptx",
    "spreadsheetml.sheet": "xlsx",
    "spreadsheetml.template": "xlsx",
}
_KINDS = frozenset((*_MAIN.values(), "odt"))
_MACRO_SIGNS = ("macroenabled", "vbaproject", "macrosheet")
_MACRO_PARTS = ("vbaproject.bin", "/macrosheets/", "/dialogsheets/")
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OTHER_PROGRAMS = (
    ("index/document.iwa", "a file of Pages, Numbers or Keynote"),
    ("meta-inf/container.xml", "an e-book (EPUB)"),
    ("visio/document.xml", "Visio drawing"),
    ("meta-inf/manifest.mf", "program"),
    ("androidmanifest.xml", "program"),
)
"""Parts by which zip files are known that are documents of programs whose files are not read, and no archives."""
_EMPTY_LIBRARIES = ("script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")
_OLDER = {"WordDocument": "older Word file (.doc)", "Workbook": "older Excel file (.xls)", "Book": "older Excel file"}


def kind_of_package(package: Package) -> str:
    """`docx`, `pptx`, `xlsx`, `odt`; empty for a zip file that is none of them.

    Raises DocumentRejected: MACROS, ENCRYPTED, WRONG_TYPE (an Office file of a kind that is not read), UNSAFE,
    UNREADABLE.
    """
    other = next((name for part, name in _OTHER_PROGRAMS if part in package), None)
    if other is not None:
        raise DocumentRejected(Reason.WRONG_TYPE, other)
    with damage_rejects():
        if "mimetype" in package and "content.xml" in package:
            return _open_document(package)
        if _CONTENT_TYPES in package:
            return _office(package)
    return ""


def kind_of_file(path: Path) -> str:
    """The same for a file whose first bytes are a zip file's; a broken one counts as what its name says.

    So does one that lacks the parts by which its kind is known: it is a damaged document, and no archive of its parts.
    Raises DocumentRejected, OSError.
    """
    ending = path.suffix.lower().lstrip(".")
    named = ending if ending in _KINDS else ""
    try:
        return kind_of_package(Package(path.read_bytes())) or named
    except DocumentRejected as rejection:
        if rejection.reason is Reason.UNREADABLE:
            return named
        raise


def require_kind(package: Package, kind: str) -> None:
    """Raises DocumentRejected(WRONG_TYPE) for a package of another kind, and whatever `kind_of_package` does."""
    found = kind_of_package(package)
    if found != kind:
        raise DocumentRejected(Reason.WRONG_TYPE, f"not {kind} but {found or 'some zip file'}")


def require_text(blocks: Sequence[Block], package: Package, pictures: str) -> None:
    """Raises DocumentRejected(NO_TEXT_LAYER) for a document that has pictures (in a folder) and no text at all."""
    if not blocks and any(name.startswith(pictures) for name in package.names):
        raise DocumentRejected(Reason.NO_TEXT_LAYER, "pictures only")


def main_part(package: Package) -> str:
    """The part that an Office file begins with. Raises DocumentRejected(UNREADABLE)."""
    name = related(package, "", "officeDocument")
    if not name or name not in package:
        raise DocumentRejected(Reason.UNREADABLE, "the file does not say where its text is")
    return name


def refuse_compound_file(path: Path) -> NoReturn:
    """For a file that begins like Office files before 2007: says what it is. Always raises DocumentRejected."""
    try:
        with olefile.OleFileIO(str(path)) as file:
            names = {entry[0] for entry in file.listdir(streams=True, storages=False)}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise DocumentRejected(Reason.WRONG_TYPE, "older Office file") from error
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        raise DocumentRejected(Reason.ENCRYPTED, "an Office file that is protected with a password")
    if any(name.startswith("__substg1.0_") or name.startswith("__properties_version1") for name in names):
        raise DocumentRejected(Reason.WRONG_TYPE, "Outlook message (.msg)")
    if "PowerPoint Document" in names:
        raise DocumentRejected(Reason.WRONG_TYPE, "older PowerPoint file (.ppt)")
    older = next((name for stream, name in _OLDER.items() if stream in names), "older Office file")
    raise DocumentRejected(Reason.WRONG_TYPE, older)


def _office(package: Package) -> str:
    types = parse(package, _CONTENT_TYPES)
    listed = [entry.get("ContentType", "").lower() for entry in types]
    macro_type = next((name for name in listed if any(sign in name for sign in _MACRO_SIGNS)), None)
    macro_part = next((n for n in package.names if any(sign in f"/{n}".lower() for sign in _MACRO_PARTS)), None)
    if macro_type or macro_part:
        raise DocumentRejected(Reason.MACROS, macro_part or macro_type or "")
    main = f"/{main_part(package)}".lower()
    stated = {entry.get("PartName", "").lower(): entry.get("ContentType", "").lower() for entry in types}
    by_ending = {entry.get("Extension", "").lower(): entry.get("ContentType", "").lower() for entry in types}
    content = stated.get(main) or by_ending.get(main.rsplit(".", 1)[-1], "")
    found = next((kind for name, kind in _MAIN.items() if f".{name}.main" in content), None)
    if found is None:
        raise DocumentRejected(Reason.WRONG_TYPE, content[:120] or "an Office file of an unknown kind")
    return found


def _open_document(package: Package) -> str:
    media = package.read("mimetype", 200).decode("ascii", "replace").strip()
    if not media.startswith(_OPEN_DOCUMENT):
        return ""
    if b"encryption-data" in (package.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in package else b""):
        raise DocumentRejected(Reason.ENCRYPTED, "a password is needed")
    for name in package.names:
        folder, _, file = name.partition("/")
        if folder in ("Basic", "Scripts") and file and file.rsplit("/", 1)[-1] not in _EMPTY_LIBRARIES:
            raise DocumentRejected(Reason.MACROS, name)
    if media.removeprefix(_OPEN_DOCUMENT) not in ("text", "text-template"):
        raise DocumentRejected(Reason.WRONG_TYPE, f"OpenDocument {media.removeprefix(_OPEN_DOCUMENT)}")
    return "odt"
