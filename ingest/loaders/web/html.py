"""HTML pages: the main content of a municipality's page, and laws, which are told by how official pages set them."""

from __future__ import annotations

from pathlib import Path

from lxml.html import HtmlElement

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import readable_name, slug
from ingest.loaders.law.eurlex import is_act, read_act
from ingest.loaders.law.sfs import is_statute, read_statute
from ingest.loaders.stated_date import stated_date
from ingest.loaders.titling import titled
from ingest.loaders.web.blocks import blocks_of
from ingest.loaders.web.facts import Facts, facts_of
from ingest.loaders.web.hidden import drop_hidden
from ingest.loaders.web.main import main_part
from ingest.loaders.web.processed import drop_heads, is_processed, title_of
from ingest.loaders.web.tree import is_html, page_text, tree_of
from ingest.model import Block, BlockKind, LoadedDocument


class HtmlLoader:
    """Loader for pages that were saved as `.html`."""

    name = "html"
    suffixes = frozenset({".html", ".htm", ".xhtml"})

    def sniff(self, head: bytes) -> bool:
        """A document type, or one of the outermost tags."""
        return is_html(head)

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected (EMPTY, WRONG_TYPE, UNREADABLE, TOO_LARGE)."""
        return document_of(page_text(path.read_bytes()), relative)


def document_of(text: str, relative: str) -> LoadedDocument:
    """What a page of these characters holds. Raises DocumentRejected (EMPTY, UNREADABLE)."""
    tree = tree_of(text)
    facts = facts_of(tree)
    set_as_title = ""
    if is_processed(tree):
        drop_heads(tree)
        set_as_title = title_of(tree)
    hidden = drop_hidden(tree)
    if is_act(tree):
        return read_act(tree, facts, hidden, relative)
    if is_statute(tree):
        return read_statute(tree, hidden)
    return _page(tree, facts, hidden, relative, set_as_title)


def _page(tree: HtmlElement, facts: Facts, hidden: int, relative: str, set_as_title: str) -> LoadedDocument:
    blocks = blocks_of(main_part(tree))
    if not any(block.kind is not BlockKind.HEADING for block in blocks):
        raise DocumentRejected(Reason.EMPTY, "no text below the headings" if blocks else "no text")
    if set_as_title:
        title, rest = titled("", set_as_title, blocks, relative)
    else:
        title = facts.title or readable_name(relative)
        rest = _untitled(blocks, title)
    return LoadedDocument(
        id=slug(relative),
        title=title,
        blocks=rest,
        as_of=facts.as_of or stated_date(rest) or facts.made,
        url=facts.url,
        hidden=hidden,
    )


def _untitled(blocks: list[Block], title: str) -> tuple[Block, ...]:
    """The blocks without the heading that is the title."""
    same = next((one for one in blocks if one.kind is BlockKind.HEADING and one.level == 1 and one.text == title), None)
    return tuple(block for block in blocks if block is not same)
