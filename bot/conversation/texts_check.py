"""Checks the message catalogue against itself and against the code: `python -m bot.conversation.texts_check`.

Both languages hold the same keys with the same placeholders, the code asks only for texts that exist and with the
values that they need, and no text is left that nothing asks for. Keys that the code puts together at run time count
as asked for where an f-string of the code fits them. Templates of web pages count as code.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, nodes

from bot.conversation.texts import LANGUAGES, CatalogueInvalid, Texts

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "ingest", "knowledge")
FORBIDDEN = re.compile(r"!")


@dataclass(slots=True)
class Usage:
    """What the code says about keys: its literals, its f-strings as patterns, and its plain calls of `say`."""

    literals: set[str] = field(default_factory=set)
    patterns: list[re.Pattern[str]] = field(default_factory=list)
    calls: list[tuple[str, str, frozenset[str] | None]] = field(default_factory=list)

    def covers(self, key: str) -> bool:
        """Whether the code may ask for this key."""
        return key in self.literals or any(pattern.fullmatch(key) for pattern in self.patterns)


def usage_of(sources: Iterable[tuple[str, str]]) -> Usage:
    """Reads (file name, Python source) pairs."""
    usage = Usage()
    for name, source in sources:
        for node in ast.walk(ast.parse(source, name)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                usage.literals.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                _add_pattern(usage, node)
            elif isinstance(node, ast.Call):
                _add_call(usage, node, name)
    return usage


def _add_pattern(usage: Usage, node: ast.JoinedStr) -> None:
    first = node.values[0]
    if isinstance(first, ast.Constant) and re.match(r"[a-z_]+\.", str(first.value)):
        parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values)
        usage.patterns.append(re.compile("".join(parts)))


def _add_call(usage: Usage, node: ast.Call, name: str) -> None:
    if not (isinstance(node.func, ast.Attribute) and node.func.attr in {"say", "lines"} and node.args):
        return
    key = node.args[0]
    if isinstance(key, ast.Constant) and isinstance(key.value, str) and "." in key.value:
        names = [keyword.arg for keyword in node.keywords]
        given = None if None in names else frozenset(str(each) for each in names) - {"language"}
        usage.calls.append((f"{name}:{node.lineno}", key.value, given))


def add_templates(usage: Usage, sources: Iterable[tuple[str, str]]) -> None:
    """Reads (file name, source of a template) pairs, too."""
    for name, source in sources:
        tree = Environment(autoescape=True).parse(source, name)
        usage.literals.update(str(each.value) for each in tree.find_all(nodes.Const))
        for joined in tree.find_all(nodes.Concat):
            first = joined.nodes[0]
            if isinstance(first, nodes.Const) and re.match(r"[a-z_]+\.", str(first.value)):
                parts = (re.escape(str(each.value)) if isinstance(each, nodes.Const) else ".+" for each in joined.nodes)
                usage.patterns.append(re.compile("".join(parts)))
        for call in tree.find_all(nodes.Call):
            asks = isinstance(call.node, nodes.Name) and call.node.name in {"say", "lines"} and call.args
            key = call.args[0] if asks else None
            if isinstance(key, nodes.Const):
                given = None if call.dyn_kwargs else frozenset(each.key for each in call.kwargs)
                usage.calls.append((f"{name}:{call.lineno}", str(key.value), given))


def problems(texts: Texts, usage: Usage) -> Iterator[str]:
    """One line a problem."""
    first, *others = LANGUAGES
    for other in others:
        for key in sorted(texts.keys(first) ^ texts.keys(other)):
            yield f"{key}: missing in {other if key in texts.keys(first) else first}"
    shared = frozenset.intersection(*(texts.keys(language) for language in LANGUAGES))
    for key in sorted(shared):
        if len({texts.needs(key, language) for language in LANGUAGES}) > 1:
            yield f"{key}: the languages differ in placeholders"
        if not usage.covers(key):
            yield f"{key}: nothing in the code asks for it"
        if any(FORBIDDEN.search(line) for language in LANGUAGES for line in _spoken(texts, key, language)):
            yield f"{key}: holds an exclamation mark"
    for place, key, given in usage.calls:
        if key not in shared:
            yield f"{place}: asks for {key}, which does not exist"
        elif given is not None and given != texts.needs(key, first):
            yield f"{place}: {key} takes {sorted(texts.needs(key, first))}, not {sorted(given)}"


def _spoken(texts: Texts, key: str, language: str) -> tuple[str, ...]:
    entry = texts.raw(key, language)
    return (entry,) if isinstance(entry, str) else entry


def _source(path: Path) -> tuple[str, str]:
    return str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def main() -> int:
    """Print every problem; 1 where there is any."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    usage = usage_of(map(_source, files))
    add_templates(usage, map(_source, sorted((ROOT / "bot").rglob("*.html"))))
    try:
        found = list(problems(Texts.load(), usage))
    except CatalogueInvalid as error:
        found = [str(error)]
    for line in found:
        print(line, file=sys.stderr)  # noqa: T201 - a command's output
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
