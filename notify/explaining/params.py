"""The params: the value of each, where it comes from, and what it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.errors import ParamProblem, ParamsError
from notify.explaining.facts import Fact, Origin, Problem, Section, option
from notify.explaining.shown import MASK, masked, plain, ways
from notify.yamlnodes import MappingNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from notify.explaining.case import Case
    from notify.params import Contract, Param
    from notify.yamlnodes import Node


def params(case: Case) -> Section:
    """Every param that is declared, then those that are given and not declared."""
    contract = case.definition.contract
    declared = () if contract is None else tuple(_declared(case, contract, each) for each in contract.params.values())
    known = {name for fact in declared for name in (fact.name, *_other_names(contract, fact.name))}
    others = tuple(_other(case, name) for name in case.asked.params if name not in known)
    return Section("params", "Params", (*declared, *others, *_whole(case, {*known, *case.asked.params})))


def _declared(case: Case, contract: Contract, param: Param) -> Fact:
    given = next(
        (name for name in (param.name, *_other_names(contract, param.name)) if name in case.asked.params), None
    )
    is_sensitive = [param.name] in ways(contract.sensitive)
    words = f"{param.annotation}, sensitive" if is_sensitive else param.annotation
    kind = Fact("type", words, Origin("file", "declared", param.location))
    value = _value(case, contract, param, given)
    origin, parts = (_default(contract, param), ()) if given is None else _given(case, given, value)
    problems = _problems(case, param.name, *_other_names(contract, param.name))
    return Fact(param.name, value, origin, problems, (*parts, kind))


def _value(case: Case, contract: Contract, param: Param, given: str | None) -> Any:
    sensitive = [way for way in ways(contract.sensitive) if way[0] == param.name]
    if case.values is not None:
        return plain(masked(case.values.get(param.name), [way[1:] for way in sensitive]))
    value = param.default if given is None else case.asked.params[given]
    # What is not of its type may hold the sensitive part anywhere.
    return MASK if sensitive and value is not None else plain(value)


def _other(case: Case, name: str) -> Fact:
    """A param that is not declared: unchecked where none is, else wrong, and then it may be a secret."""
    value = plain(case.asked.params[name]) if case.definition.contract is None else MASK
    origin, parts = _given(case, name, value)
    if case.definition.contract is not None:
        return Fact(name, value, origin, _problems(case, name))
    kind = Fact("type", "unchecked", Origin("derived", "the definition declares no params"))
    return Fact(name, value, origin, inner=(*parts, kind))


def _whole(case: Case, names: set[str]) -> Iterator[Fact]:
    """What is wrong with the params, but with none of those that have a line."""
    rest = [problem.shown for problem in case.param_problems if not problem.steps or problem.steps[0] not in names]
    error = case.composed.error if case.definition.contract is None else None
    rest += error.problems if isinstance(error, ParamsError) else ()
    if rest:
        yield Fact("params", None, problems=tuple(map(_problem, rest)))


def _problems(case: Case, *names: str) -> tuple[Problem, ...]:
    return tuple(_problem(each.shown) for each in case.param_problems if each.steps and each.steps[0] in names)


def _problem(found: ParamProblem) -> Problem:
    return Problem(ParamsError, str(found))


def _other_names(contract: Contract | None, name: str) -> tuple[str, ...]:
    """By which other names a model of the application takes a field."""
    fields: dict[str, Any] = getattr(contract.model.model, "model_fields", {}) if contract and contract.model else {}
    field = fields.get(name)
    found = (getattr(field, "alias", None), getattr(field, "validation_alias", None))
    return tuple(dict.fromkeys(each for each in found if isinstance(each, str) and each != name))


def _default(contract: Contract, param: Param) -> Origin | None:
    if param.required:
        return None
    if param.default_location is not None:
        return Origin("file", "the default", param.default_location)
    if contract.model is not None:
        return Origin("default", f"the default of {contract.model.source}")
    return Origin("default", "left out, as its type allows")


def _given(case: Case, name: str, value: Any) -> tuple[Origin, tuple[Fact, ...]]:
    """What gives a param; where several do, the first of them, and a fact for each part."""
    assigned = [steps for steps in case.asked.assigned if steps[0] == name]
    # One that sets the whole makes those before it count no more.
    whole = next((number for number in reversed(range(len(assigned))) if len(assigned[number]) == 1), None)
    node = case.asked.node.get(name) if case.asked.node is not None and whole is None else None
    later = [] if node is None and whole is None else assigned[0 if whole is None else whole + 1 :]
    set_later = [(steps, option("--set")) for steps in dict.fromkeys(later)]
    origins = {} if node is None else dict(_mixed(case, node, (name,)))
    parts = {**origins, **dict(set_later)}
    facts = tuple(Fact(".".join(steps), _within(value, steps[1:]), origin) for steps, origin in parts.items())
    return option("--set") if node is None else _origin(case, node), facts


def _mixed(case: Case, node: Node, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Origin]]:
    """Of a mapping that a sample and a file give together, where each part comes from."""
    if not isinstance(node, MappingNode) or len(set(_paths(node.entries.values()))) < 2:  # noqa: PLR2004 - more than one
        return
    for key, value in node.entries.items():
        yield (*way, key), _origin(case, value)
        yield from _mixed(case, value, (*way, key))


def _within(value: Any, steps: Sequence[str]) -> Any:
    """A part of a value that may be shown."""
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return value if value == MASK else None
    return value


def _paths(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, MappingNode) and node.entries:
            yield from _paths(node.entries.values())
        else:
            yield node.location.path


def _origin(case: Case, node: Node) -> Origin:
    own = node.location.path == case.definition.location.path
    return Origin("file", f"the sample {case.asked.sample!r}" if own else "the call, --params", node.location)
