"""The prompts: what a language model is told, one file a prompt, kept out of the code.

    PromptsError
    ├── PromptInvalid    a prompt file cannot be used; the message names it
    └── PromptMissing    a prompt that does not exist, or values that are not exactly its variables

A file is Markdown: between two lines `---` its version and the variables that it takes, then a part under the heading
`# System` and one under `# User`. Both parts are Jinja2 templates.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from jinja2 import Environment, StrictUndefined, TemplateError, meta

FOLDER = Path(__file__).parent
_FILE = re.compile(r"---\n(?P<head>.*?)\n---\n+# System\n+(?P<system>.*?)\n+# User\n+(?P<user>.*)", re.DOTALL)
_INSERTED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.?])\s+|\n+")
DISTINCTIVE = 50
"""Characters from which a sentence of a prompt is told from what anybody might write."""

# A prompt is plain text: nothing in it is escaped for HTML. Values are inserted, never read as templates.
_TEMPLATES = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)  # noqa: S701  # nosec B701 - see above


class PromptsError(Exception):
    """Root of what this package raises."""


class PromptInvalid(PromptsError):
    """A prompt file lacks a part, or its variables are others than those that it names."""


class PromptMissing(PromptsError):
    """There is no such prompt, or it takes other values."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a model is sent: instructions, and what they are about."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt as its file holds it."""

    name: str
    version: int
    variables: frozenset[str]
    system: str
    user: str

    def rendered(self, values: Mapping[str, object]) -> Rendered:
        """The prompt with its variables filled in. Raises PromptMissing unless these are exactly its variables."""
        if values.keys() != self.variables:
            raise PromptMissing(f"{self.name} takes {sorted(self.variables)}, not {sorted(values)}")
        try:
            system, user = (_TEMPLATES.from_string(part).render(values) for part in (self.system, self.user))
        except TemplateError as error:
            raise PromptMissing(f"{self.name}: {error}") from error
        return Rendered(system.strip(), user.strip())


class Prompts:
    """All prompts; immutable, and safe to share."""

    def __init__(self, prompts: Mapping[str, Prompt], version: str) -> None:
        self._prompts = prompts
        self.version = version
        """Changes with any text: answers that are kept belong to one version."""

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Prompts:
        """Every prompt of a folder, named as its file. Raises PromptInvalid; reads files."""
        prompts: dict[str, Prompt] = {}
        digest = hashlib.sha256()
        for path in sorted(folder.glob("*.md")):
            try:
                content = path.read_text(encoding="utf-8").replace("\r\n", "\n")
            except (OSError, UnicodeDecodeError) as error:
                raise PromptInvalid(f"{path.name}: {error}") from error
            prompts[path.stem] = _read(path.stem, content)
            digest.update(f"{path.name}\0{content}\0".encode())
        if not prompts:
            raise PromptInvalid(f"{folder.name} holds no prompts")
        return cls(prompts, digest.hexdigest()[:16])

    def render(self, name: str, /, **values: object) -> Rendered:
        """A prompt with its variables filled in. Raises PromptMissing."""
        return self.named(name).rendered(values)

    def named(self, name: str) -> Prompt:
        """A prompt as its file holds it. Raises PromptMissing."""
        try:
            return self._prompts[name]
        except KeyError as error:
            raise PromptMissing(f"there is no prompt {name}") from error

    @property
    def names(self) -> frozenset[str]:
        """Every prompt's name."""
        return frozenset(self._prompts)

    @property
    def phrases(self) -> tuple[str, ...]:
        """Sentences of the instructions that nobody would write by chance: by them a repeated prompt is known."""
        said = (
            sentence.strip(" -*,")
            for prompt in self._prompts.values()
            for sentence in _SENTENCE_END.split(_INSERTED.sub("\n", prompt.system))
        )
        return tuple(dict.fromkeys(one for one in said if len(one) >= DISTINCTIVE))


def _read(name: str, content: str) -> Prompt:
    match = _FILE.fullmatch(content.strip())
    if match is None:
        raise PromptInvalid(f"{name}: not a head between lines of ---, then # System and # User")
    version, variables = _head(name, match["head"])
    try:
        used = {
            variable
            for part in ("system", "user")
            for variable in meta.find_undeclared_variables(_TEMPLATES.parse(match[part]))
        }
    except TemplateError as error:
        raise PromptInvalid(f"{name}: {error}") from error
    if used != variables:
        raise PromptInvalid(f"{name}: names the variables {sorted(variables)} and uses {sorted(used)}")
    return Prompt(name, version, variables, match["system"], match["user"])


def _head(name: str, text: str) -> tuple[int, frozenset[str]]:
    try:
        head = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PromptInvalid(f"{name}: {error}") from error
    if not isinstance(head, dict) or head.keys() != {"version", "variables"}:
        raise PromptInvalid(f"{name}: the head holds version and variables, and nothing else")
    version, variables = head["version"], head["variables"]
    if not isinstance(version, int) or not isinstance(variables, list):
        raise PromptInvalid(f"{name}: version is a number, and variables are a list")
    return version, frozenset(map(str, variables))
