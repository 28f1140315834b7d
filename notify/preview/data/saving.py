"""Writing a new sample into the YAML file of a notification."""

from __future__ import annotations

import io
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify.atomic import write_atomically
from notify.definition.samples import read_samples
from notify.errors import DefinitionError, Fault, Location
from notify.params import SAMPLE_NAMES
from notify.preview.data.comparing import differences, same
from notify.preview.data.insertion import below_key, insertions
from notify.preview.data.spans import spans
from notify.yamlnodes import MappingNode, Reader, ScalarNode, plain
from notify.yamlnodes.writing import check_writable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from notify.definition.model import Sample
    from notify.preview.data.insertion import Insertion
    from notify.preview.data.spans import Span

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A file's text (without a byte order mark) and what it says."""

    text: str
    root: MappingNode
    samples: Mapping[str, Sample]


def add_sample(
    path: Path,
    name: str,
    values: Mapping[str, Any],
    *,
    to: str | None = None,
    locale: str | None = None,
    based_on: tuple[str, Mapping[str, Any]] | None = None,
) -> Location:
    """Write a new sample into a definition's file, and change nothing else of it.

    What is going to be written is read first: it must say all that the file said, and the new sample, or nothing is
    written. Of two calls at the same moment for one file, one may be lost.

    Args:
        path: the file; where it is a symbolic link, the file that it points to is written.
        name: of the new sample.
        values: its params, as plain values.
        to: its recipient, as text; by default that of the sample in `based_on`.
        locale: its locale; by default that of the sample in `based_on`.
        based_on: the sample that the values began with, and its params. Where the file still says the same of it, the
            new sample takes its recipient and locale, and says `extends` and what differs if that is enough.

    Returns:
        Where the new sample stands.

    Raises:
        DefinitionError: the name or the values cannot be used, or the file cannot be read, understood or written.
    """
    shown = str(path)
    try:
        data = path.read_bytes()
        if not os.access(path, os.W_OK):
            raise _error(Location(shown, 1), "the file cannot be written: Permission denied", "change its permissions")
        old = _parse(data, shown)
        _check_new(old, name, values, shown)
        content = _content(values, to, locale, _base(old, based_on))
        text = _with_sample(old, name, content, values, shown)
        bom = _BOM if data.startswith(_BOM.encode()) else ""
        mode = stat.S_IMODE(path.stat().st_mode)
        write_atomically(path, (bom + text).encode(), mode=mode)
        with suppress(OSError):  # the umask may have taken something away
            path.chmod(mode)
    except OSError as error:
        raise _error(Location(shown, 1), f"the sample cannot be written: {error.strerror}") from None
    return _parse(text.encode(), shown).samples[name].location


def _error(at: Location, message: str, hint: str = "") -> DefinitionError:
    return DefinitionError([Fault(at, message, hint)])


def _parse(data: bytes, shown: str) -> _Parsed:
    reader = Reader()
    root = reader.read(io.BytesIO(data), shown)
    node = None if root is None else root.get("samples")
    samples = read_samples(reader, None if _is_empty(node) else node)
    if root is None or reader.faults:
        raise DefinitionError(reader.faults)
    return _Parsed(data.decode("utf-8-sig"), root, samples)


def _is_empty(node: object) -> bool:
    return isinstance(node, ScalarNode) and node.value is None and not node.source


def _check_new(old: _Parsed, name: str, values: Mapping[str, Any], shown: str) -> None:
    if not _NAME.fullmatch(name):
        raise _error(Location(shown, 1), f"a sample cannot be called {name[:80]!r}", "use letters, digits, _ and -")
    if name in old.samples:
        raise _error(old.samples[name].location, f"there is a sample {name!r} already", "choose another name")
    try:
        check_writable({"samples": {name: dict(values)}})
    except ValueError as error:
        raise _error(Location(shown, 1), f"the sample {name!r} cannot be written: {error}") from None
    if taken := sorted(SAMPLE_NAMES & values.keys()):
        raise _error(Location(shown, 1), f"a param cannot be called {taken[0]!r}: in samples it says something else")


def _base(old: _Parsed, based_on: tuple[str, Mapping[str, Any]] | None) -> Sample | None:
    name, params = based_on or ("", {})
    base = old.samples.get(name)
    return base if base is not None and same(dict(params), dict(base.params)) else None


def _content(values: Mapping[str, Any], to: str | None, locale: str | None, base: Sample | None) -> dict[str, Any]:
    """What the new sample says: the whole, or less on top of another."""
    less = None if base is None else differences(base.params, values)
    if base is not None and less is not None and len(less) < len(values):
        head = {"extends": base.name, "to": to, "locale": locale}
    else:
        less = dict(values)
        if base is not None:
            to = to or (str(base.to) if base.to else None)
            locale = locale or base.locale
        head = {"to": to, "locale": locale}
    return {**{key: value for key, value in head.items() if value is not None}, **less}


def _with_sample(old: _Parsed, name: str, content: dict[str, Any], values: Mapping[str, Any], shown: str) -> str:
    """The file's text with the new sample; what it says is checked."""
    node = old.root.get("samples") or old.root
    wanted = {**plain(old.root), "samples": {**(plain(old.root).get("samples") or {}), name: content}}
    faults: Sequence[Fault] = ()
    for way in _ways(old.text, name, content):
        text = way.into(old.text)
        try:
            new = _parse(text.encode(), shown)
        except DefinitionError as error:
            faults = error.faults
            continue
        if same(wanted, plain(new.root)) and same(dict(values), dict(new.samples[name].params)):
            return text
    why = "".join(f": {fault.message}" for fault in faults[:1])
    raise _error(node.location, f"the sample {name!r} cannot be added here{why}", "write it by hand")


def _ways(text: str, name: str, content: dict[str, Any]) -> Sequence[Insertion]:
    root = spans(text)
    samples = root.get("samples")
    step = _step(root, samples)
    if samples is None:
        return insertions(text, root, {"samples": {name: content}}, step=step)
    if samples.is_mapping:
        return insertions(text, samples, {name: content}, step=step)
    if samples.value != "":
        return ()
    return [below_key(text, samples, {name: content}, indent=root.column + step, step=step)]


def _step(root: Span, samples: Span | None) -> int:
    """How far the file indents: a sample's params, else the samples, else what is below any other key."""
    pairs = [(root, value) for _, value in root.entries()]
    if samples is not None:
        pairs = [*((samples, value) for _, value in samples.entries()), (root, samples), *pairs]
    blocks = (value.column - parent.column for parent, value in pairs if value.is_mapping and not value.is_flow)
    return next(blocks, 2)
