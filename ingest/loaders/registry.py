"""Every loader, in the order in which they are asked whether a file is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import MAX_BYTES, Loader, choose, refuse_endless
from ingest.loaders.changes import ChangesLoader
from ingest.loaders.glossary import GlossaryLoader
from ingest.loaders.markdown import MarkdownLoader
from ingest.loaders.relations import RelationsLoader
from ingest.loaders.survey import SurveyLoader
from ingest.loaders.text import TextLoader
from ingest.model import LoadedDocument

TEXT_LOADERS: tuple[Loader, ...] = (
    SurveyLoader(),
    GlossaryLoader(),
    ChangesLoader(),
    RelationsLoader(),
    MarkdownLoader(),
    TextLoader(),
)
"""What reads text; enough for the built-in library."""


def all_loaders() -> tuple[Loader, ...]:
    """The text loaders and those that need a parser of their own."""
    from ingest.loaders.law.formex import FormexLoader  # noqa: PLC0415
    from ingest.loaders.law.sfs import SfsLoader  # noqa: PLC0415
    from ingest.loaders.mail.eml import EmlLoader  # noqa: PLC0415
    from ingest.loaders.office.docx import DocxLoader  # noqa: PLC0415 - as with lxml below: only where files are parsed
    from ingest.loaders.office.odt import OdtLoader  # noqa: PLC0415
    from ingest.loaders.office.pptx import PptxLoader  # noqa: PLC0415
    from ingest.loaders.office.xlsx import XlsxLoader  # noqa: PLC0415
    from ingest.loaders.pdf import PdfLoader  # noqa: PLC0415 - pypdf is only needed in the process that parses
    from ingest.loaders.web.html import HtmlLoader  # noqa: PLC0415 - lxml is only needed in the process that parses

    law_and_mail: tuple[Loader, ...] = (FormexLoader(), SfsLoader(), EmlLoader())
    return (
        DocxLoader(),
        PptxLoader(),
        XlsxLoader(),
        OdtLoader(),
        PdfLoader(),
        HtmlLoader(),
        *law_and_mail,
        *TEXT_LOADERS,
    )


def load_file(path: Path, relative: str, loaders: Sequence[Loader], max_bytes: int = MAX_BYTES) -> LoadedDocument:
    """Choose the loader and read the file. Raises DocumentRejected, also where nothing is left to be found in it."""
    document = choose(path, loaders, max_bytes).load(path, relative)
    if not document.blocks:
        raise DocumentRejected(Reason.EMPTY, "no text")
    refuse_endless(sum(len(block.text) for block in document.blocks))
    return document
