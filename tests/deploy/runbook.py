"""The commands that our pages tell people to type."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from deploy.local.places import ROOT

PAGES = (
    *sorted((ROOT / "docs" / "operating").glob("*.md")),
    ROOT / "README.md",
    ROOT / "docs" / "integrating" / "README.md",
    ROOT / "demo" / "README.md",
)
_PROGRAMS = ("tungngo", "make", "docker")
_INDENTED = re.compile(r"^    (\S.*)$", re.MULTILINE)
_INLINE = re.compile(r"`([^`]+)`")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_UNNAMED = {"…"}


class Typed(NamedTuple):
    """One command, and where it stands."""

    page: str
    line: str

    @property
    def words(self) -> list[str]:
        """Without what a shell makes of it."""
        return shlex.split(self.line, comments=True)


def typed(program: str) -> list[Typed]:
    """Every command of this program, once a page."""
    return [one for page in PAGES for one in dict.fromkeys(_of(page)) if one.words[0] == program]


def _of(page: Path) -> Iterator[Typed]:
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    for pattern in (_INDENTED, _INLINE):
        for said in pattern.findall(text):
            line = " ".join(said.split())
            words = line.split()
            if len(words) > 1 and words[0] in _PROGRAMS and not _UNNAMED & set(words):
                yield Typed(page.name, line)
