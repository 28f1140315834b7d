"""Runs the code of a page of the manual, block by block, as a reader would.

In a folder of its own, in the order of the page:

- A block whose first line is a comment that names a file (`# notify.yaml`, `{# templates/welcome.html #}`) is written
  to that file, comment and all.
- Any other `python` block is run, all of a page in one namespace.
- A `console` block has commands behind `$ ` and what they print, both streams together; `...` stands for anything. A
  command fails if, and only if, it prints a line that begins with `Error:` or `Usage:`. `$ export NAME=value` and
  `$ cd folder` hold for the rest of the page.
- A `json` block is read. A `text` block is for people.
- A comment `<!-- not run: why -->` before a block leaves it out.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patience import PATIENCE
from sybil import Document
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown.codeblock import CodeBlockParser

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sybil import Example

_NAMED = re.compile(r"(?:#|\{#|<!--) ([\w./-]+\.(?:yaml|yml|html|txt|md|py|json|toml)|\.env)(?: #\}| -->)?")
_NOT_RUN = re.compile(r"<!-- not run: [^\n]+ -->\s*\Z")
_FENCE = re.compile(r"^ *```(\S+)", re.MULTILINE)
_FAILED = re.compile(r"^(Error:|Usage:|\d+ errors? in )", re.MULTILINE)


class Page:
    """One page of the manual.

    Args:
        path: the Markdown file.
        folder: where its files are written and its commands are run; the working directory.
        environ: the environment of its commands.
        replace: texts that stand for something else while the tests run, such as a server's address.
    """

    def __init__(
        self, path: Path, folder: Path, environ: Mapping[str, str], replace: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.environ = dict(environ)
        self._here = folder
        self._python = PythonEvaluator()
        languages: dict[str, Any] = {
            "python": self._run_python,
            "console": self._run_console,
            "json": self._run_json,
            "text": lambda _example: None,
            **dict.fromkeys(("yaml", "jinja", "html", "ini", "toml", "markdown"), self._write),
        }
        text = path.read_text(encoding="utf-8")
        for shown, real in (replace or {}).items():
            text = text.replace(shown, real)
        self.document = Document(text, str(path))
        for language, evaluator in languages.items():
            for region in CodeBlockParser(language, evaluator)(self.document):
                self.document.add(region)
        self.unknown = sorted(set(_FENCE.findall(text)) - languages.keys())

    @property
    def examples(self) -> Iterator[Example]:
        """The blocks that are run, in order."""
        for example in self.document.examples():
            if not _NOT_RUN.search(self.document.text, 0, example.region.start):
                yield example

    def run(self) -> None:
        """Run every block."""
        for example in self.examples:
            example.evaluate()

    def _write(self, example: Example) -> None:
        text = str(example.parsed)
        named = _NAMED.fullmatch(text.partition("\n")[0].split("  ")[0].rstrip())
        assert named, f"{example.path}:{example.line}: the first line of the block names no file:\n{text}"
        path = self.folder / named[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _run_python(self, example: Example) -> None:
        if _NAMED.fullmatch(example.parsed.partition("\n")[0]):
            self._write(example)
        else:
            self._python(example)

    def _run_json(self, example: Example) -> None:
        json.loads(example.parsed)

    def _run_console(self, example: Example) -> None:
        for command, expected in _commands(str(example.parsed)):
            printed, code = self._run(command)
            where = f"{example.path}:{example.line}: $ {command}\n"
            assert _matches(expected, printed), f"{where}--- expected\n{expected}\n--- printed\n{printed}"
            assert bool(_FAILED.search(expected)) == (code != 0), f"{where}exit code {code}\n{printed}"

    def _run(self, command: str) -> tuple[str, int]:
        words = shlex.split(command, comments=True)
        if words[:1] == ["export"]:
            for word in words[1:]:
                name, _, value = word.partition("=")
                self.environ[name] = value
            return "", 0
        if words[:1] == ["cd"]:
            self._here = (self._here / words[1]).resolve()
            return "", 0
        done = subprocess.run(  # noqa: S602 - the manual's own commands, for a shell
            command,
            shell=True,
            cwd=self._here,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        return done.stdout, done.returncode


def clean_environment(home: Path) -> dict[str, str]:
    """What a command of the manual finds: the tools of this Python, and nothing of whoever runs the tests."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "COLUMNS": "100",
    }


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command with what it is to print."""
    command, expected = "", list[str]()
    for line in text.splitlines():
        if command.endswith("\\"):
            command = f"{command[:-1]}{line.lstrip()}"
        elif line.startswith("$ "):
            if command:
                yield command, "\n".join(expected)
            command, expected = line[2:], []
        else:
            expected.append(line)
    if command:
        yield command, "\n".join(expected)


def _matches(expected: str, printed: str) -> bool:
    """Whether a command printed what the page shows; blanks at the ends of lines, and lines at the end, are nothing."""
    pattern = ".*?".join(map(re.escape, _trimmed(expected).split("...")))
    return re.fullmatch(pattern, _trimmed(printed), re.DOTALL) is not None


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
