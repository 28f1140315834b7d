"""Samples: reading them, one on top of another, and checking them against the params."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.definition.model import Sample
from notify.definition.people import read_address
from notify.errors import DefinitionError, Fault
from notify.locales import normal_locale
from notify.params import SAMPLE_NAMES
from notify.suggest import did_you_mean
from notify.yamlnodes import MappingNode, merge, nearest_location, plain

if TYPE_CHECKING:
    from notify.definition.model import Definition
    from notify.errors import Location
    from notify.params.problems import Problem
    from notify.yamlnodes import Node, Reader

RECIPIENT = "recipient@example.com"
"""Who gets the mail of a sample that does not say."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def read_samples(reader: Reader, node: Node | None) -> dict[str, Sample]:
    """All samples by name.

    A sample that extends another takes its params (mappings merge, all else is replaced), its `to` and its `locale`;
    what is expected of the one is not expected of the other.
    """
    root = reader.mapping(node, "samples")
    if root is None:
        return {}
    written: dict[str, MappingNode] = {}
    for name, value in root.entries.items():
        if not _NAME.fullmatch(name):
            reader.fault(root.keys[name], f"a sample cannot be called {name!r}", "use letters, digits, _ and -")
        elif (mapping := reader.mapping(value, f"the sample {name!r}")) is not None:
            written[name] = mapping
    samples = {}
    for name, mapping in written.items():
        samples[name] = _sample(reader, name, root.keys[name], mapping, _extended(reader, name, written))
    return samples


def check_samples(definition: Definition) -> list[Fault]:
    """Every value of the defaults and samples that the params do not allow, at the place where it is written.

    Nothing is found where the definition declares no params.
    """
    contract = definition.contract
    if contract is None:
        return []
    try:
        if faults := contract.check_defaults():
            return faults
        found: dict[tuple[Location, str], Fault] = {}
        for sample in definition.samples.values():
            problems: list[Problem] = []
            contract.attempt(sample.params, problems)
            for problem in problems:
                fault = _fault(sample, problem)
                found.setdefault((fault.location, str(problem.shown)), fault)
    except DefinitionError as error:
        return list(error.faults)
    return list(found.values())


def _fault(sample: Sample, problem: Problem) -> Fault:
    location = sample.location if sample.node is None else nearest_location(sample.node, problem.steps)
    shown = problem.shown
    message = f"sample {sample.name!r}: {shown.name}: expected {shown.expected}, got {shown.got}"
    return Fault(location, message, shown.hint)


def _extended(reader: Reader, name: str, written: dict[str, MappingNode]) -> MappingNode:
    """A sample with all that it extends; each fault is noted at the sample that has it."""
    merged = written[name]
    seen = [name]
    step = written[name]
    while (node := step.get("extends")) is not None:
        base = _base(reader, node, written) if step is written[name] else plain(node)
        if base in seen:
            reader.fault(node, f"the samples {' > '.join([*seen, base])} extend one another in a circle")
            break
        if not isinstance(base, str) or base not in written:
            break
        seen.append(base)
        step = written[base]
        merged = _on_top(step.without("expect"), merged)
    return merged


def _base(reader: Reader, node: Node, written: dict[str, MappingNode]) -> str | None:
    base = reader.text(node, "extends")
    if base is not None and base not in written:
        reader.fault(node, f"there is no sample {base!r}", did_you_mean(base, written))
    return base


def _on_top(base: MappingNode, over: MappingNode) -> MappingNode:
    merged = merge(base, over)
    return merged if isinstance(merged, MappingNode) else over


def _sample(reader: Reader, name: str, location: Location, own: MappingNode, node: MappingNode) -> Sample:
    params = node.without(*SAMPLE_NAMES)
    expect = reader.mapping(own.get("expect"), f"expect of the sample {name!r}")
    return Sample(
        name,
        location,
        params=plain(params),
        to=read_address(reader, node.get("to"), "to"),
        locale=_locale(reader, node.get("locale")),
        expect=None if expect is None else plain(expect),
        node=params,
    )


def _locale(reader: Reader, node: Node | None) -> str | None:
    text = reader.text(node, "locale")
    if node is None or text is None:
        return None
    locale = normal_locale(text)
    if locale is None:
        reader.fault(node, f"locale: {text!r} is not a locale", "such as en or pt-BR")
    return locale
