"""The typed module: what a type checker finds at the call, and that the calls work."""

from __future__ import annotations

import ast
import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from notify import Catalog, Notifier, ParamsError
from notify.codegen.module import module_text
from notify.configuration import Configuration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

ROOT = Path(__file__).parents[2]
DEFINITIONS = {
    "order": """\
description: Sent when a "parcel"\\'s on its way.
params:
  customer: Customer
  items: "list[Item]"
  total: Decimal
  due: date
  kind: "'gift' | 'own'"
  note: {type: "str | None", description: A line from the shop.}
  size: {type: int, default: 5, description: How large.}
  labels: {type: "list[str]", default: [a]}
  secret: {type: str, default: hunter2, sensitive: true}
  from: {type: Email, default: a@acme.example}
types:
  Item: {sku: str, amount: {type: int, default: 1}, class: {type: str, default: a}}
  Customer: {name: str, email: Email, boss: "Customer | None"}
""",
    "billing": "params: {}\n",
    "billing/paid": "params: {tree: Tree, by: 'dict[str, Item]'}\ntypes: {Tree: 'int | list[Tree]', Item: {x: int}}\n",
    "billing/import": "",
    "kinds": """\
params: {a: Short, b: 'Nothing | None', c: 'list[Short]'}
types: {Short: {type: str, max_length: 3}, Nothing: {}}
""",
    "model": "params: codegen_models:Order\n",
    "part": "params: {order: Order, params: str, Prepared: str}\ntypes: {Order: 'codegen_models:Order'}\n",
}
MODELS = """\
from dataclasses import dataclass

@dataclass
class Order:
    number: str
    count: int = 1
"""
CALLS = """\
from datetime import date
from decimal import Decimal
from notify import Notifier
from codegen_models import Order
from mails import Notifications

mail = Notifications(Notifier())
item = {"sku": "A"}
def good() -> None:
    mail.order(
        customer={"name": "Ada", "email": "a@acme.example", "boss": None}, items=[{"sku": "A"}], total=Decimal(1),
        due=date(2030, 1, 1), kind="gift", from_="b@acme.example", labels=("x",),
    ).send(to="a@acme.example", locale="fr", via="memory")
    mail.billing().render(to=["a@acme.example"])
    mail.billing.paid(tree=[1, [2]], by={"a": {"x": 1}}).send(to="a@acme.example")
    mail.billing.import_(anything=1).send(to="a@acme.example")
    mail.kinds(a="x", b={}, c=["x"]).send(to="a@acme.example")
    mail.model(Order("A")).send(to="a@acme.example")
    mail.part(order=Order("A"), params="x", Prepared_="y").send(to="a@acme.example")
    job = mail.billing.import_(anything=1).enqueue(to="a@acme.example", key="import:1", delay=60.0)
    print(mail.billing().render(to="a@acme.example").subject, job.state, job.key)
"""
GIVEN = 'customer={"name": "Ada", "email": "a@acme.example"}, items=[], total=1, due=date(2030, 1, 1), kind="own", '
BAD = {
    f"mail.order({GIVEN.replace('total=1, ', '')}).send(to='a')": "Missing named argument",
    f"mail.order({GIVEN}nte='x').send(to='a')": "Unexpected keyword argument",
    f"mail.order({GIVEN.replace('total=1', 'total=[1]')}).send(to='a')": "incompatible type",
    f"mail.order({GIVEN.replace('own', 'other')}).send(to='a')": "incompatible type",
    f"mail.order({GIVEN.replace('items=[]', 'items=[{}]')}).send(to='a')": "Missing key",
    f"mail.order({GIVEN.replace('name', 'nmae')}).send(to='a')": "nmae",
    f"mail.order({GIVEN}labels='x').send(to='a')": "incompatible type",
    f"mail.order({GIVEN}note=1).send(to='a')": "incompatible type",
    f"mail.order({GIVEN}).send()": "Missing named argument",
    f"mail.order({GIVEN}).send(to='a', lcoale='x')": "Unexpected keyword argument",
    "mail.ordr()": "has no attribute",
    "mail.billing.piad()": "has no attribute",
    "mail.billing(x=1)": "Unexpected keyword argument",
    "mail.model({'number': 1})": "incompatible type",
}


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """The catalog of `DEFINITIONS`, with their types' module beside."""
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "codegen_models.py").write_text(MODELS)
    for name, text in DEFINITIONS.items():
        path = tmp_path / "notifications" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"subject: {name}\ntext: Hello\n{text}", encoding="utf-8")
    monkeypatch.delitem(sys.modules, "codegen_models", raising=False)
    return Catalog.load([tmp_path / "notifications"])


def imported(text: str) -> ModuleType:
    """A module of this text."""
    from types import ModuleType

    module = ModuleType("mails")
    exec(compile(text, "mails.py", "exec"), vars(module))  # noqa: S102 - it is what is tested
    return module


def mypy(folder: Path, files: Mapping[str, str]) -> str:
    """What `mypy --strict` says of some files."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--cache-dir",
        str(folder.parent / "mypy"),
    ]
    environ = {"MYPYPATH": f"{folder}:{ROOT}", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([*command, *files], cwd=folder, env=environ, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("stub", [False, True])
def test_what_mypy_finds(tmp_path: Path, catalog: Catalog, stub: bool) -> None:  # noqa: FBT001
    """A right caller is right; each missing, unknown or wrongly typed param is found in its line."""
    module = module_text(catalog, stub=stub)
    bad = [f"    {call}" for call in BAD]
    first = len(CALLS.splitlines()) + 2
    name = "mails.pyi" if stub else "mails.py"
    said = mypy(tmp_path, {name: module, "calls.py": "\n".join([f"{CALLS}def bad() -> None:", *bad, ""])})
    by_line = {int(line): "" for line in re.findall(r"^calls.py:(\d+): error", said, re.MULTILINE)}
    for line, message in re.findall(r"^calls.py:(\d+): error: (.*)$", said, re.MULTILINE):
        by_line[int(line)] += message

    assert name not in said
    assert list(range(first, first + len(bad))) == sorted(by_line), said
    assert [] == [
        (call, by_line[line]) for line, (call, words) in enumerate(BAD.items(), first) if words not in by_line[line]
    ]


def test_the_calls_work(catalog: Catalog) -> None:
    """What is given reaches the notifier by the names of the definition; what is not has its default."""
    import codegen_models  # type: ignore[import-not-found]  # the fixture wrote it

    notifier = Notifier(catalog=catalog, transport="memory", sender="shop@acme.example")
    mail: Any = imported(module_text(catalog)).Notifications(notifier)
    values = {"customer": {"name": "Ada", "email": "a@acme.example"}, "items": [], "total": 1, "due": "2030-01-01"}
    order = mail.order(**values, kind="own", from_="b@acme.example")

    assert {**values, "kind": "own", "note": None, "from": "b@acme.example"} == order.params
    assert "order" == order.render(to="a@acme.example").subject
    assert ("a@acme.example",) == tuple(map(str, order.send(to="a@acme.example").accepted))
    assert {"tree": 1, "by": {}} == mail.billing.paid(tree=1, by={}).params
    assert "billing.import" == mail.billing.import_(x=1).notification
    assert {"number": "A", "count": 1} == mail.model(codegen_models.Order("A")).params
    assert ("a@acme.example",) == tuple(map(str, asyncio.run(mail.billing().asend(to="a@acme.example")).accepted))
    with pytest.raises(ParamsError, match="kind"):
        mail.order(**values, kind="other").send(to="a@acme.example")


def test_what_a_model_is_given_by() -> None:
    """A pydantic model is taken by the names that it takes."""
    from pydantic import BaseModel, Field

    from notify.codegen.prepared import UNSET, params_of

    class Model(BaseModel):
        number: str = Field(alias="no")
        count: int = 1

    assert {"no": "A", "count": 1} == params_of(Model(no="A"))
    assert "UNSET" == repr(UNSET)


def test_docstrings_are_those_of_the_file(catalog: Catalog) -> None:
    """Description and params are there; a sensitive default is not, and nothing ends the string early."""
    text = module_text(catalog)
    tree = ast.parse(text)
    docs = {
        node.name: ast.get_docstring(call)
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        for call in node.body
        if isinstance(call, ast.FunctionDef) and call.name == "__call__"
    }
    order = docs["Order"]

    assert order is not None
    assert order.startswith('Sent when a "parcel"\\\'s on its way.\n\nArgs:\n')
    assert "    note: A line from the shop\n    size: How large; default 5\n" in order
    assert "hunter2" not in text


def test_it_is_written_the_same_again(catalog: Catalog) -> None:
    """Equal definitions give equal text, whichever came first; nothing of the machine is in it."""
    names = list(catalog)
    turned = Catalog(catalog[name] for name in reversed(names))

    assert module_text(catalog) == module_text(turned)
    assert str(Path.cwd()) not in module_text(catalog)


def test_names_are_given_once(tmp_path: Path) -> None:
    """Two ids that would be one class, and types that would be one, are told apart."""
    for name, text in {
        "a_b": "params: {i: Item}\ntypes: {Item: {x: int}}\n",
        "a/b": "params: {i: Item}\ntypes: {Item: {y: int}}\n",
        "any": "params: {}\n",
    }.items():
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"subject: A\ntext: x\n{text}")
    tree = ast.parse(module_text(Catalog.load([tmp_path])))
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]

    assert len(set(classes)) == len(classes)
    assert {"AB", "AB_", "ABItem", "ABItem_", "Any_", "Notifications"} <= set(classes)


@pytest.mark.parametrize("folder", ["examples/shop", "bench/project"])
def test_every_example_gives_a_module(folder: str) -> None:
    """It can be imported, and has a callable for each id."""
    catalog = Configuration.load(ROOT / folder).catalog()
    mail: Any = imported(module_text(catalog)).Notifications(None)

    for name in catalog:
        node = mail
        for part in name.split("."):
            node = getattr(node, part)
        assert callable(node)
