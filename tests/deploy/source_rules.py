"""Our own rules for source code, beside those of ruff and bandit: what must not stand in the product at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PACKAGES: Final = ("bot", "ingest", "knowledge", "prompts")
CODE_FROM_DATA: Final = frozenset({"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle", "jsonpickle"})
"""What turns stored bytes into code."""
CALLS: Final = {
    "eval": "runs data",
    "exec": "runs data",
    "compile": "makes code of data",
    "os.system": "is a shell",
    "os.popen": "is a shell",
    "tempfile.mktemp": "names a file that others can make first",
    "ssl._create_unverified_context": "believes every certificate",
}
FLAGS: Final = {
    "shell": (True, "is a shell"),
    "verify": (False, "believes every certificate"),
    "ssl": (False, "believes every certificate"),
    "verify_ssl": (False, "believes every certificate"),
    "allow_pickle": (True, "runs data"),
    "allow_dangerous_deserialization": (True, "runs data"),
    "verify_signature": (False, "believes every token"),
}
"""Arguments that must not have this value."""


def broken(root: Path) -> list[str]:
    """`file:line: what` of everything that breaks a rule."""
    paths = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
    return [
        f"{path.relative_to(root)}:{told}" for path in paths for told in broken_in(path.read_text(encoding="utf-8"))
    ]


def broken_in(source: str) -> Iterator[str]:
    """The same of one file's source."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
            for module in modules:
                if module.partition(".")[0] in CODE_FROM_DATA:
                    yield f"{node.lineno}: {module} makes code of data"
        elif isinstance(node, ast.Call):
            name = _name(node.func)
            if name in CALLS:
                yield f"{node.lineno}: {name} {CALLS[name]}"
            if name.endswith(".extractall"):
                yield f"{node.lineno}: {name} trusts an archive's names"
            for given in node.keywords:
                value, why = FLAGS.get(given.arg or "", (None, ""))
                if value is not None and isinstance(given.value, ast.Constant) and given.value.value is value:
                    yield f"{node.lineno}: {given.arg}={value} {why}"
        elif isinstance(node, ast.Dict):
            for key, content in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "verify_signature" and _is_false(content):
                    yield f"{node.lineno}: verify_signature=False believes every token"


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
