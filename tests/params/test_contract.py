"""One check of all params: what is taken, what templates get, and what is said about the rest."""

from __future__ import annotations

import math
import subprocess
import sys
from collections import OrderedDict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from notify.errors import DefinitionError, ParamsError
from notify.params import Contract, Html, Markdown

if TYPE_CHECKING:
    from params.conftest import Declare


@pytest.fixture
def check(declare: Declare) -> Any:
    """Validate one value as a param of a type (as YAML writes it, long form or short); returns what templates get."""

    def validate(annotation: str, value: object, types: str = "{}") -> object:
        contract, faults = declare(f"params: {{a: {annotation}}}\ntypes: {types}")
        assert not faults
        assert contract is not None
        return contract.validate({"a": value}, notification="case")["a"]

    return validate


@pytest.mark.parametrize(
    ("annotation", "value", "result"),
    [
        ("str", "x", "x"),
        ("str", Html("<b>"), "<b>"),
        ("Text", "a\nb", "a\nb"),
        ("int", 3, 3),
        ("int", 10**30, 10**30),
        ("float", 3, 3.0),
        ("float", 1.5, 1.5),
        ("bool", True, True),
        ("Decimal", "42.10", Decimal("42.10")),
        ("Decimal", 42.1, Decimal("42.1")),
        ("Decimal", 42, Decimal(42)),
        ("Decimal", Decimal("1.5"), Decimal("1.5")),
        ("date", "2030-12-31", date(2030, 12, 31)),
        ("date", date(2030, 12, 31), date(2030, 12, 31)),
        ("datetime", "2030-12-31T18:00", datetime(2030, 12, 31, 18)),  # noqa: DTZ001
        ("datetime", "2030-12-31 18:00:01Z", datetime(2030, 12, 31, 18, 0, 1, tzinfo=UTC)),
        ("datetime", datetime(2030, 12, 31, tzinfo=UTC), datetime(2030, 12, 31, tzinfo=UTC)),
        ("time", "18:30", time(18, 30)),
        ("time", time(18, 30), time(18, 30)),
        ("timedelta", "P1DT30M", timedelta(days=1, minutes=30)),
        ("timedelta", timedelta(1), timedelta(1)),
        ("bytes", b"x", b"x"),
        ("bytes", bytearray(b"x"), b"x"),
        ("bytes", "aGFs\nbG8=", b"hallo"),
        ("Email", "ada@EXAMPLE.com", "ada@example.com"),
        ("Url", "https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("Url", "HTTP://münchen.example/ä", "HTTP://münchen.example/ä"),
        ("{type: Url, schemes: [mailto]}", "mailto:a@b.example", "mailto:a@b.example"),
        ("Html", "<b>", Html("<b>")),
        ("Markdown", "*b*", Markdown("*b*")),
        ("Path", "a/b.pdf", "a/b.pdf"),
        ("Path", PurePosixPath("a/b.pdf"), "a/b.pdf"),
        ("\"'a' | 'b'\"", "b", "b"),
        ('"1 | 2"', 2, 2),
        ("\"'a' | 2\"", 2, 2),
        ('"list[int]"', [1, 2], [1, 2]),
        ('"list[int]"', (1, 2), [1, 2]),
        ('"dict[str, int]"', {"x": 1}, {"x": 1}),
        ("str | None", None, None),
        ("int | str", "5", "5"),
        ("date | str", "2030-12-31", date(2030, 12, 31)),
        ("date | str", "soon", "soon"),
        ("list[int] | None".replace("list[int]", "Ints"), [1], [1]),
        ("{type: int, ge: 1.5}", 2, 2),
        ("{type: int, lt: 2.5}", 2, 2),
        ("{type: Decimal, le: 2.5}", "2.5", Decimal("2.5")),
        ("{type: float, gt: 0}", 0.5, 0.5),
        ("{type: Path, max_length: 3}", "a/b", "a/b"),
        ("{type: bytes, max_length: 3}", b"abc", b"abc"),
        ("None", None, None),
    ],
)
def test_what_is_taken(check: Any, annotation: str, value: object, result: object) -> None:
    """Each type takes its values, and templates get them as the type says."""
    found = check(annotation, value, "{Ints: 'list[int]'}")

    assert found == result
    assert type(found) is type(result)


TEXT = "text"
WHOLE = "a whole number"
NUMBER = "a number"
DAY = "a date such as 2030-12-31"
MOMENT = "a date and time such as 2030-12-31T18:00"
URL = "an http or https URL"
PATH = "a relative path without .."
BYTES = "bytes, or text in base64"


@pytest.mark.parametrize(
    ("annotation", "value", "problem"),
    [
        ("str", 5, f"{TEXT}, got 5 (quote it)"),
        ("str", True, f"{TEXT}, got true (quote it)"),
        ("str", None, f"{TEXT}, got nothing"),
        ("str", ["x"], f"{TEXT}, got a list"),
        ("str", b"x", f"{TEXT}, got bytes"),
        ("str", date(2030, 1, 1), f"{TEXT}, got a date"),
        ("str", object(), f"{TEXT}, got an object"),
        ("str", "a\ud800", "text in valid Unicode, got a lone surrogate"),
        ("int", "5", f"{WHOLE}, got '5' (write it without quotes)"),
        ("float", "1.5", f"{NUMBER}, got '1.5' (write it without quotes)"),
        pytest.param("str", 10**5000, f"{TEXT}, got a number of 16610 bits (quote it)", id="huge"),
        ("int", "five", f"{WHOLE}, got 'five'"),
        ("int", "x" * 100, f"{WHOLE}, got '{'x' * 55}...'"),
        ("int", True, f"{WHOLE}, got true"),
        ("int", 3.0, f"{WHOLE}, got 3.0"),
        ("float", True, f"{NUMBER}, got true"),
        ("float", math.nan, "a finite number, got nan"),
        ("float", math.inf, "a finite number, got inf"),
        ("bool", "true", "true or false, got 'true' (write true or false without quotes)"),
        ("bool", 1, "true or false, got 1 (write true or false without quotes)"),
        ("bool", "maybe", "true or false, got 'maybe'"),
        ("Decimal", "x", f"{NUMBER}, got 'x'"),
        ("Decimal", True, f"{NUMBER}, got true"),
        ("Decimal", "NaN", "a finite number, got 'NaN'"),
        ("date", "2030-13-01", f"{DAY}, got '2030-13-01'"),
        ("date", 5, f"{DAY}, got 5"),
        ("date", "1700000000", f"{DAY}, got '1700000000'"),
        ("date", datetime(2030, 1, 1, tzinfo=UTC), f"{DAY}, got a datetime"),
        ("datetime", "2030-12-31", f"{MOMENT}, got '2030-12-31'"),
        ("datetime", "2030-12-31x18:00", f"{MOMENT}, got '2030-12-31x18:00'"),
        ("datetime", 1700000000, f"{MOMENT}, got 1700000000"),
        ("time", "25:00", "a time such as 18:00, got '25:00'"),
        ("timedelta", "3600", "a duration such as PT30M, got '3600'"),
        ("timedelta", 3600, "a duration such as PT30M, got 3600"),
        ("timedelta", "PXYZ", "a duration such as PT30M, got 'PXYZ'"),
        ("bytes", "%", f"{BYTES}, got '%' (text here is read as base64, which this is not)"),
        ("bytes", 5, f"{BYTES}, got 5"),
        ("Url", "ftp://x", f"{URL}, got 'ftp://x'"),
        ("Url", "javascript:alert(1)", f"{URL}, got 'javascript:alert(1)'"),
        ("Url", "https://", f"{URL}, got 'https://'"),
        ("Url", "https://a b", f"{URL}, got 'https://a b'"),
        ("Url", "https://a\n", f"{URL}, got 'https://a\\n'"),
        ("Url", 'https://a"b', f"{URL}, got 'https://a\"b'"),
        ("Url", "/relative", f"{URL}, got '/relative'"),
        ("{type: Url, schemes: [tel]}", "ftp:x", "a URL with http, https or tel, got 'ftp:x'"),
        ("Email", "Ada <ada@b.example>", "a bare e-mail address, got 'Ada <ada@b.example>' (give the address alone, "),
        ("Email", "ada", "a bare e-mail address, got 'ada' ("),
        ("Email", 5, "a bare e-mail address, got 5 (quote it)"),
        ("Path", "/etc/passwd", f"{PATH}, got '/etc/passwd' (it must be relative)"),
        ("Path", "C:x", f"{PATH}, got 'C:x' (it must be relative)"),
        ("Path", "a/../../b", f"{PATH}, got 'a/../../b' (it must stay below its folder, without ..)"),
        ("Path", "a\\b", f"{PATH}, got 'a\\\\b' (write it with forward slashes)"),
        ("Path", "", f"{PATH}, got ''"),
        ("Path", 5, f"{PATH}, got 5 (quote it)"),
        ("\"'a' | 'b'\"", "c", "'a' or 'b', got 'c'"),
        ('"1 | 2"', True, "1 or 2, got true"),
        ('"1 | 2"', 1.0, "1 or 2, got 1.0"),
        ("\"'a' | 1\"", True, "'a' or 1, got true"),
        ("int | date | None", "x", f"{WHOLE} or {DAY}, got 'x'"),
        ('"list[int]"', "12", "a list, got '12'"),
        ('"dict[str, int]"', [1], "a mapping, got a list"),
        ("{type: str, max_length: 2}", "abc", "text of at most 2 characters, got 3 characters"),
        ("{type: str, min_length: 2}", "a", "text of at least 2 characters, got 1 characters"),
        ("{type: str, pattern: '^a'}", "b", "text matching ^a, got 'b'"),
        ("{type: bytes, max_length: 2}", b"abc", "at most 2 bytes, got 3"),
        ("{type: bytes, min_length: 2}", b"a", "at least 2 bytes, got 1"),
        ('{type: "list[int]", max_length: 1}', [1, 2], "at most 1 items, got 2"),
        ('{type: "list[int]", min_length: 1}', [], "at least 1 items, got 0"),
        ('{type: "list[int]", max_length: 1}', (n for n in (1, 2)), "at most 1 items, got more"),
        ("{type: int, ge: 1}", 0, "a number of at least 1, got 0"),
        ("{type: int, gt: 1}", 1, "a number greater than 1, got 1"),
        ("{type: float, max: 1}", 2, "a number of at most 1.0, got 2"),
        ("{type: Decimal, lt: 1}", "1.5", "a number less than 1, got '1.5'"),
    ],
)
def test_what_is_not_taken(check: Any, annotation: str, value: object, problem: str) -> None:
    """Each problem says what was expected and what came, and where it helps what to do."""
    with pytest.raises(ParamsError) as caught:
        check(annotation, value)

    [found] = caught.value.problems
    assert str(found).startswith(f"a: expected {problem}")


ORDER = """
params:
  customer: Customer
  items: list[Item]
  note: str | None
  prices: {type: "dict[str, Decimal]", default: {}}
  tree: Node | None
  labels: {type: Labels, default: [a]}
types:
  Customer: {name: str, email: Email}
  Item: {name: str, quantity: {type: int, default: 1}, price: Decimal}
  Node: {value: int, below: {type: "list[Node]", default: []}}
  Labels: {type: "list[str]", max_length: 2}
"""
NO_ADDRESS = (
    "customer.email: expected a bare e-mail address, got 'x' "
    "(address 'x': there is no '@'; an address is written name@domain)"
)
GOOD: dict[str, Any] = {
    "customer": {"name": "Ada", "email": "ada@example.com"},
    "items": [{"name": "Pen", "price": "1.50"}],
}


@pytest.fixture
def order(declare: Declare) -> Contract:
    """A contract with nested values."""
    contract, faults = declare(ORDER)
    assert not faults
    assert contract is not None
    return contract


def test_nested_values_are_plain(order: Contract) -> None:
    """Mappings of any kind come out as dicts, with defaults filled in; None where nothing was given."""
    values = {**GOOD, "customer": MappingProxyType(OrderedDict(GOOD["customer"]))}

    result = order.validate(MappingProxyType(values), notification="order")

    assert result == {
        "customer": {"name": "Ada", "email": "ada@example.com"},
        "items": [{"name": "Pen", "quantity": 1, "price": Decimal("1.50")}],
        "note": None,
        "prices": {},
        "tree": None,
        "labels": ["a"],
    }
    assert type(result["customer"]) is dict


def test_a_union_with_a_type_of_ones_own(declare: Declare) -> None:
    """Is described by what its arms are."""
    contract, _ = declare(
        "params: {a: 'Money | Point | Nothing'}\ntypes: {Money: Decimal, Point: {x: int}, Nothing: {}}"
    )
    assert contract is not None

    with pytest.raises(ParamsError, match="expected a number or a mapping with x or an empty mapping, got 'x'"):
        contract.validate({"a": "x"}, notification="case")
    assert contract.validate({"a": {"x": 1}}, notification="case") == {"a": {"x": 1}}


def test_defaults_are_not_shared(order: Contract) -> None:
    """Whoever changes a list that came from a default changes no other message."""
    first = order.validate(GOOD, notification="order")
    second = order.validate(GOOD, notification="order")

    assert first["labels"] is not second["labels"]
    assert first["prices"] is not second["prices"]


def test_recursive_values(order: Contract) -> None:
    """As deep as they come, but not without an end."""
    node: dict[str, Any] = {"value": 1}
    endless: dict[str, Any] = {"value": 1}
    endless["below"] = [endless]

    good = order.validate({**GOOD, "tree": {"value": 0, "below": [node]}}, notification="order")
    with pytest.raises(ParamsError, match=r"tree\.below\[0\]: expected values that end, got one that contains itself"):
        order.validate({**GOOD, "tree": endless}, notification="order")

    assert good["tree"] == {"value": 0, "below": [{"value": 1, "below": []}]}


def test_all_problems_at_once(order: Contract) -> None:
    """Missing, wrong and unknown values, each with its dotted name."""
    values = {
        "customer": {"email": "x", "nmae": "Ada"},
        "items": [{"name": "Pen", "price": "1.50"}, {"name": 5, "price": None}],
        "prices": {"a": "x", "b c": "y", 5: "1"},
        "tree": {"value": 1, "below": [{"value": "x"}]},
        "labels": ["a", "b", "c"],
        "nota": "x",
        5: "y",
    }

    with pytest.raises(ParamsError) as caught:
        order.validate(values, notification="order")  # type: ignore[arg-type]

    assert str(caught.value).splitlines()[0] == "wrong params for order:"
    assert caught.value.notification == "order"
    assert [str(problem) for problem in caught.value.problems] == [
        "customer.name: expected text, got nothing",
        NO_ADDRESS,
        "customer.nmae: expected no param of that name, got one (did you mean 'name'?)",
        "items[1].name: expected text, got 5 (quote it)",
        "items[1].price: expected a number, got nothing",
        "prices.a: expected a number, got 'x'",
        "prices['b c']: expected a number, got 'y'",
        "prices[5]: expected text, got 5 (quote it)",
        "tree.below[0].value: expected a whole number, got 'x'",
        "labels: expected at most 2 items, got 3",
        "nota: expected no param of that name, got one (did you mean 'note'?)",
        "[5]: expected no param of that name, got one (there are: customer, items, labels, note, prices, tree)",
    ]
    assert "pydantic" not in str(caught.value)
    assert caught.value.__context__ is None


def test_no_params_at_all(declare: Declare) -> None:
    """`params: {}` takes nothing, and what is no mapping is told as such."""
    contract, _ = declare("params: {}")
    assert contract is not None

    with pytest.raises(ParamsError, match=r"x: expected no param of that name, got one \(there are none\)"):
        contract.validate({"x": 1}, notification="case")
    with pytest.raises(ParamsError, match="params: expected a mapping, got a list"):
        contract.validate([], notification="case")  # type: ignore[arg-type]
    assert contract.validate({}, notification="case") == {}


SENSITIVE = """
params:
  password: {type: str, sensitive: true}
  customer: Customer
  codes: list[Code]
  cards: "list[Card] | None"
  node: Node | None
types:
  Code: {type: str, sensitive: true, max_length: 4}
  Card: {number: Code, owner: Owner}
  Owner: {name: str, pin: {type: int, sensitive: true}}
  Customer: {type: Owner}
  Node: {below: "dict[str, Node]"}
"""


def test_sensitive_values_are_in_no_message(declare: Declare) -> None:
    """Neither their own nor that of a misspelt name, and whatever holds them shows nothing of its inside."""
    contract, faults = declare(SENSITIVE)
    assert not faults
    assert contract is not None
    values = {
        "password": 77001,
        "pasword": "77002",
        "customer": {"name": "Ada", "pin": "77003"},
        "codes": ["77004", 77005],
        "cards": [{"number": "77006", "owner": ["77007"]}],
    }

    with pytest.raises(ParamsError) as caught:
        contract.validate(values, notification="case")

    assert "7700" not in str(caught.value)
    assert [(problem.name, problem.got) for problem in caught.value.problems] == [
        ("password", "***"),
        ("customer.pin", "***"),
        ("codes[0]", "***"),
        ("codes[1]", "***"),
        ("cards[0].number", "***"),
        ("cards[0].owner", "***"),
        ("pasword", "one"),
    ]


def test_the_names_of_sensitive_values(declare: Declare) -> None:
    """Dotted, `[]` for items, through aliases and `| None`."""
    contract, _ = declare(SENSITIVE)

    assert contract is not None
    assert contract.sensitive == {"password", "customer.pin", "codes[]", "cards[].number", "cards[].owner.pin"}


def test_a_wrong_default(declare: Declare) -> None:
    """Is told with its place, by `check_defaults` or, at the latest, when params are validated."""
    contract, faults = declare(
        "params: {a: {type: int, default: x}, b: {type: T, default: {}}, c: {type: str, default: null}}\n"
        "types: {T: {d: {type: date, default: 5}, e: {type: int, default: 1}}}\n"
    )
    assert not faults
    assert contract is not None
    wrong = [
        "f.yaml:1:34: default of a: expected a whole number, got 'x'",
        "f.yaml:2:38: default of d: expected a date such as 2030-12-31, got 5",
        "f.yaml:1:89: default of c: expected text, got nothing",
    ]

    assert [str(fault) for fault in contract.check_defaults()] == wrong
    with pytest.raises(DefinitionError) as caught:
        contract.validate({}, notification="case")
    assert [str(fault) for fault in caught.value.faults] == wrong[:1]


def test_a_default_inside_its_own_type(declare: Declare) -> None:
    """Is read when it is needed; one without an end is told as a problem."""
    contract, faults = declare(
        "params: {a: T}\n"
        "types: {T: {n: int, t: {type: 'T | None', default: {n: 1, t: null}}}}\n"
    )  # fmt: skip
    endless, _ = declare("params: {a: T}\ntypes: {T: {t: {type: 'T | None', default: {}}}}\n")
    assert not faults
    assert contract is not None
    assert endless is not None

    assert contract.validate({"a": {"n": 0}}, notification="case")["a"] == {"n": 0, "t": {"n": 1, "t": None}}
    with pytest.raises(ParamsError, match="expected values that end"):
        endless.validate({"a": {}}, notification="case")


def test_recursive_aliases(declare: Declare) -> None:
    """An alias may contain itself by way of a list or another type."""
    contract, faults = declare(
        "params: {tree: Tree, chain: Chain}\n"
        "types: {Tree: 'str | list[Tree]', Chain: Link, Link: {next: 'Chain | None'}}"
    )
    assert not faults
    assert contract is not None

    result = contract.validate({"tree": ["a", ["b", []]], "chain": {"next": {}}}, notification="case")

    assert result == {"tree": ["a", ["b", []]], "chain": {"next": {"next": None}}}


def test_nothing_heavy_is_imported_to_declare() -> None:
    """Definitions are read without pydantic; the first validation needs only its core."""
    code = (
        "import sys\n"
        "from notify.params import read_contract\n"
        "from notify.yamlnodes import Reader\n"
        "reader = Reader()\n"
        "root = reader.parse('params: {a: int, b: Email}', 'f.yaml')\n"
        "contract = read_contract(reader, root.get('params'), {})\n"
        "print('pydantic_core' in sys.modules, 'email_validator' in sys.modules)\n"
        "contract.validate({'a': 1, 'b': 'a@b.example'}, notification='x')\n"
        "print('pydantic_core' in sys.modules, 'pydantic' in sys.modules)\n"
    )

    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert result.stdout.split() == ["False", "False", "True", "False"]


@pytest.mark.parametrize(
    ("values", "name"),
    [({"c": "SECRET"}, "c"), ({"c": {"name": 5}}, "c.name"), ({"c": {"name": "x"}, "m": {"SECRET": "x"}}, "m")],
)
def test_what_should_hold_a_sensitive_value_is_not_shown(declare: Declare, values: dict[str, Any], name: str) -> None:
    """A value of the wrong kind may be the secret itself; a key of a sensitive mapping is hidden too."""
    contract, _ = declare(
        "types: {C: {name: {type: str, sensitive: true}}}\n"
        "params: {c: C, m: {type: 'dict[str, int]', sensitive: true, default: {}}}\n"
    )
    assert contract is not None
    with pytest.raises(ParamsError) as caught:
        contract.validate(values, notification="case")

    assert [(problem.name, problem.got) for problem in caught.value.problems] == [(name, "***")]
    assert "SECRET" not in str(caught.value)
