"""What a PDF page draws, in pypdf's own words, with each font read once for a file instead of once for a page.

Reading a font with its table of characters takes longer than reading a page that is set in it, so this is most of the
time that a printed report takes. It is also why parts of pypdf are used here that it does not promise to keep; a
contract test holds them against its public `extract_text`.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final

from pypdf import PageObject
from pypdf._page import _get_font_resources, _get_page_resources
from pypdf._text_extraction import RTL_CHARACTER_PATTERN, _get_content_stream_for_text, orient
from pypdf._text_extraction._text_extractor import TextExtraction
from pypdf._utils import _TraversalState
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, NameObject
from pypdf.generic._font import Font

from ingest.loaders.pdf_operations import operations

UPRIGHT: Final = (0,)
"""Degrees of text that is read: a stamp across the page would stand in the middle of its sentences."""
_SPACE: Final = 200.0
"""Width of a blank in fonts that do not have it; pypdf's own default."""
_MOST_KEPT: Final = 20_000
"""Decoded strings that are remembered of a font."""
MOST_SHOWN: Final = 100_000
"""Strings of a page; a large one in small print, with a string a letter, has a third of that."""
_SHOWING: Final = frozenset((b"Tj", b"'", b'"'))

Visit = Callable[[str, Sequence[float], Sequence[float], Any, float], None]
"""Gets a text, the page's and the text's matrix, the font's dictionary, and the font size."""

_log = logging.getLogger(__name__)


class Face:
    """A font, and what strings that were shown in it say: the text, its width, and how many characters it had."""

    def __init__(self, font: Font) -> None:
        if font.character_widths.get(font.space_char, 0) == 0:
            font.space_width = _SPACE
        self.font = font
        self._said: dict[bytes, tuple[str, float, int]] = {}
        other = font.character_widths["default"]
        self._widths = defaultdict(lambda: other, font.character_widths)
        self._widths[font.space_char] = font.space_width
        self._table: dict[int, str] | None = None
        if isinstance(font.encoding, dict):
            known = font.character_map
            letters = {code: font.encoding.get(code, chr(code)) for code in range(256)}
            self._table = {code: "".join(known.get(each, each) for each in letter) for code, letter in letters.items()}
            self._lengths = [len(letters[code]) for code in range(256)]
            self._plain = all(length == 1 for length in self._lengths)

    def read(self, shown: bytes) -> tuple[str, float, int]:
        """Decode a string."""
        said = self._said.get(shown)
        if said is None:
            said = self._decoded(shown)
            if len(self._said) < _MOST_KEPT:
                self._said[shown] = said
        return said

    def _decoded(self, shown: bytes) -> tuple[str, float, int]:
        width = self._widths.__getitem__
        if self._table is not None:
            raw = shown.decode("latin-1")
            count = len(raw) if self._plain else sum(self._lengths[code] for code in shown)
            return raw.translate(self._table), sum(map(width, raw)), count
        encoding = str(self.font.encoding)
        try:
            raw = shown.decode(encoding, "surrogatepass")
        except UnicodeDecodeError:
            raw = shown.decode(encoding, "replace")
        known = self.font.character_map
        text = "".join([known.get(each, each) for each in raw])
        return text, sum(map(width, raw)), len(raw)


class Fonts:
    """What pages of one file share: the fonts that have been read, by the dictionary that describes each."""

    def __init__(self) -> None:
        self.text = _Extraction()
        self._faces: dict[int, tuple[DictionaryObject, Face]] = {}

    def of(self, resources: DictionaryObject) -> tuple[dict[str, DictionaryObject], dict[str, Face]]:
        """What a page calls its fonts: their dictionaries, and what was read of them."""
        described: dict[str, DictionaryObject] = {}
        faces: dict[str, Face] = {}
        for name, reference in _get_font_resources(resources).items():
            try:
                described[name] = reference.get_object()
                faces[name] = self._face(described[name])
            except (AttributeError, TypeError):  # as pypdf does: such a font has no name, and its text is not readable
                continue
        return described, faces

    def _face(self, described: DictionaryObject) -> Face:
        # The dictionary is kept too, so that no other one gets its identity.
        found = self._faces.get(id(described))
        if found is None:
            found = self._faces[id(described)] = described, Face(Font.from_font_resource(described))
        return found[1]


class _Extraction(TextExtraction):
    """pypdf's, with strings decoded by `Face`, and without the output that nobody asks for."""

    def __init__(self) -> None:
        super().__init__()
        self._faces: dict[int, Face] = {}
        self._fresh = dict(vars(self))

    def begin(self, visit: Visit, described: dict[str, DictionaryObject], faces: dict[str, Face]) -> None:
        """Start a page. To be made anew takes pypdf's object longer than many a page takes it."""
        for name, value in self._fresh.items():
            setattr(self, name, value.copy() if isinstance(value, (dict, list)) else value)
        self._faces = {id(face.font): face for face in faces.values()}
        fonts = {name: face.font for name, face in faces.items()}
        self.initialize_extraction(UPRIGHT, visit, described, fonts)

    def _handle_tj_operation(self, operands: list[Any]) -> float:
        shown = operands[0] if operands else None
        face = self._faces.get(id(self.font))
        if face is None or not isinstance(shown, bytes) or self.rtl_dir:
            return super()._handle_tj_operation(operands)
        text, width, count = face.read(shown)
        if not text.isascii() and RTL_CHARACTER_PATTERN.search(text) is not None:
            return super()._handle_tj_operation(operands)
        self._previous_font_space = None
        self._actual_str_size["str_height"] = self.font_size
        if self._is_upright():
            self.text += text
            self._actual_str_size["str_widths"] += width * self.font_size + 1000 * self.char_spacing * count
        return 0.0

    def show(self, parts: Sequence[Any]) -> None:
        """Strings with gaps between them (`TJ`).

        Kerned text has a string a letter. Between two of them the pen is moved by numbers only, so what pypdf works
        out anew for each string, whether a line or a word begins, needs no answer.
        """
        # A gap counts as a blank a little before it is as wide as one.
        blank = self._space_width * 0.95
        face = self._faces.get(id(self.font))
        runs_on = False
        for part in parts:
            if isinstance(part, (int, float)):
                if runs_on and -part < blank:
                    self._actual_str_size["str_widths"] -= part * self.font_size
                else:
                    self.process_tj_offset(float(part), blank)
                continue
            if not isinstance(part, (str, bytes)) or isinstance(part, NameObject):
                continue
            if runs_on and face is not None and isinstance(part, bytes):
                text, width, count = face.read(part)
                if "\n" not in text and (text.isascii() or RTL_CHARACTER_PATTERN.search(text) is None):
                    self.text += text
                    self._actual_str_size["str_widths"] += width * self.font_size + 1000 * self.char_spacing * count
                    continue
            self.process_operation(b"Tj", [part])
            runs_on = self._runs_on()

    def _runs_on(self, str_widths: float = 0.0) -> bool:
        """Whether another string, shown right behind the last one, belongs to the same word or line."""
        cm, tm = self.cm_matrix, self.tm_matrix
        along = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
        written = self.text[-1:] not in ("", "\n")
        wide = self.compute_str_widths(self.font_size * self._space_width)
        spaced = wide > 0 and wide + str_widths > 0 and any(along)
        return written and spaced and not self.rtl_dir and self._is_upright()

    def _is_upright(self) -> bool:
        cm, tm = self.cm_matrix, self.tm_matrix
        up = tm[2] * cm[1] + tm[3] * cm[3]
        return orient([0.0, tm[0] * cm[1] + tm[1] * cm[3], 0.0, up]) in UPRIGHT

    def _post_process_text_operation(self, str_widths: float) -> None:
        # Only its last character is asked for, and growing with every step it would be copied with every step.
        self.output = self.output[-1:]
        moved = self.tm_matrix != self.tm_prev or self.cm_matrix != self.cm_prev
        if moved or self._line_span is None or self._previous_font_space is not None or not self._runs_on(str_widths):
            super()._post_process_text_operation(str_widths)


def drawn(page: PageObject, fonts: Fonts, visit: Visit) -> None:
    """Tell of every upright text of a page, in the order in which it is drawn.

    What is told is what `page.extract_text(orientations=(0,), visitor_text=visit)` tells; raises what that raises.
    """
    resources = _get_page_resources(page)
    if not resources:
        return
    content = _get_content_stream_for_text(page, page.pdf, "/Contents", has_visitor=False)
    if content is not None:
        fonts.text.begin(visit, *fonts.of(resources))
        _Page(page, resources, fonts.text, visit).run(content)


def _shown(operation: tuple[Any, bytes]) -> int:
    """How many strings an operation shows."""
    operands, operator = operation
    if operator == b"TJ":
        return len(operands[0]) if operands and isinstance(operands[0], ArrayObject) else 0
    return 1 if operator in _SHOWING else 0


class _Page:
    """Goes through the operations of a page."""

    def __init__(self, page: PageObject, resources: DictionaryObject, text: _Extraction, visit: Visit) -> None:
        self._page, self._resources, self._text, self._visit = page, resources, text, visit
        self._forms = _TraversalState()

    def run(self, content: ContentStream) -> None:
        """All of them. Raises LimitReachedError, before any is gone through, where more is shown than a page holds."""
        text = self._text
        found = operations(content)
        shown = sum(map(_shown, found))
        if shown > MOST_SHOWN:
            raise LimitReachedError(f"{shown} strings on a page, limit {MOST_SHOWN}")
        for operands, operator in found:
            match operator:
                case b"TJ":
                    self._show_spaced(operands)
                case b"'":
                    self._show_below(operands)
                case b'"' if len(operands) >= 3:
                    text.process_operation(b"Tw", [operands[0]])
                    text.process_operation(b"Tc", [operands[1]])
                    self._show_below(operands[2:])
                case b"TD" if len(operands) >= 2:
                    if isinstance(operands[1], (int, float)):
                        text.process_operation(b"TL", [-operands[1]])
                    text.process_operation(b"Td", operands)
                case b"Do" if operands:
                    self._form(operands)
                case _:
                    text.process_operation(operator, operands)
        if text.text:
            self._tell(text.text)

    def _tell(self, said: str) -> None:
        text = self._text
        self._visit(said, text.memo_cm, text.memo_tm, text.font_resource, text.font_size)

    def _show_spaced(self, operands: Sequence[Any]) -> None:
        if operands and isinstance(operands[0], ArrayObject):
            self._text.show(operands[0])

    def _show_below(self, operands: Sequence[Any]) -> None:
        self._text.process_operation(b"T*", [])
        self._text.process_operation(b"Tj", list(operands))

    def _form(self, operands: Sequence[Any]) -> None:
        """A drawing within the page is left to pypdf, which bounds how deep and how often that goes."""
        text = self._text
        before = (text.output + text.text)[-1:]
        self._tell(text.text)
        if before not in ("", "\n"):
            self._tell("\n")
        text.output = "\n" if before else ""
        try:
            said = self._page._extract_text__xform(
                resources_dict=self._resources,
                operands=operands,
                orientations=UPRIGHT,
                space_width=_SPACE,
                visitor_text=self._visit,
                known_ids=set(),
                traversal_state=self._forms,
            )
            text.output = (text.output + (said or ""))[-1:]
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - as pypdf does: whatever is wrong with a drawing, the page has more
            _log.info("a drawing on a page is not readable: %s", type(error).__name__)
        text.text = ""
        text.memo_cm, text.memo_tm = text.cm_matrix.copy(), text.tm_matrix.copy()
