"""Numbers as lists write them: digits, letters, Roman numerals."""

from __future__ import annotations

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_SHAPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal", "": "none"}


def counted(number: int, shape: str) -> str:
    """A number in a shape by Word's names: `decimal`, `lowerLetter`, `upperRoman` and so on; digits for others."""
    if shape == "none":
        return ""
    if shape in ("lowerLetter", "upperLetter") and 0 < number <= 26 * 30:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if shape == "lowerLetter" else letters.upper()
    if shape in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        return _roman(number) if shape == "lowerRoman" else _roman(number).upper()
    return f"{number:02d}" if shape == "decimalZero" else str(number)


def shape_of(sign: str) -> str:
    """Word's name for the sign by which OpenDocument and PowerPoint tell a shape, as `a` or `1`."""
    return _SHAPES.get(sign, "decimal")


def item_label(text: str) -> str:
    """A number in front of an item as blocks write it: `2.` and `(2)` give `2) `; nothing for an empty one."""
    core = text.strip().strip("().: ")
    return f"{core}) " if core else ""


def _roman(number: int) -> str:
    result = ""
    for value, letters in _ROMAN:
        result += letters * (number // value)
        number %= value
    return result
