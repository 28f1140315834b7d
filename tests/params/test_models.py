"""Types that the application has already."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from notify.errors import DefinitionError, ParamsError
from notify.params import Name, OneOf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from params.conftest import Declare

SHOP = '''
"""The models of a shop."""
from dataclasses import dataclass, field
from decimal import Decimal
from pydantic import BaseModel, ConfigDict, Field, SecretStr, computed_field, field_validator

class Customer(BaseModel):
    name: str
    email: str = Field("x@example.com", alias="mail", description="Where to reach them.")

    @field_validator("name")
    @classmethod
    def is_not_bob(cls, value: str) -> str:
        if value == "Bob":
            raise ValueError("not Bob")
        return value

@dataclass
class Line:
    sku: str
    price: Decimal = Decimal(1)
    tags: list[str] = field(default_factory=list)
    total: int = field(init=False, default=0)

class Order(BaseModel):
    customer: Customer
    lines: list[Line] = []

class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    a: int

class Opaque:
    pass

@dataclass
class Unusable:
    thing: Opaque

class Named(BaseModel):
    recipient: str

@dataclass
class Code:
    name: str
    code: str = field(repr=False)
    backup: tuple[SecretStr, ...] = ()

class Access(BaseModel):
    user: str
    note: str | None = None
    key: SecretStr = SecretStr("hush")
    pin: int = Field(1234, repr=False)
    codes: list[Code] = []
    by: dict[str, "Code | None"] = {}
    parent: "Access | None" = None

    @computed_field(repr=False)
    def link(self) -> str:
        return "https://example.com/" + self.key.get_secret_value()

@dataclass
class Lazy:
    of: "Nowhere"
    pin: str = field(repr=False)

@dataclass
class Chain:
    next: "Chain | None" = None

NOT_A_TYPE = 5
'''


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module `shop_of_test`, importable for one test."""
    (tmp_path / "shop_of_test.py").write_text(SHOP)
    (tmp_path / "broken_of_test.py").write_text("raise RuntimeError('no database')")
    monkeypatch.syspath_prepend(str(tmp_path))
    import shop_of_test  # type: ignore[import-not-found]

    yield shop_of_test
    sys.modules.pop("shop_of_test")


def test_a_model_under_types(shop: Any, declare: Declare) -> None:
    """Takes an instance or a mapping; templates get a plain mapping by field names."""
    contract, faults = declare(
        'params: {customer: Customer, lines: "list[Line]"}\n'
        'types: {Customer: "shop_of_test:Customer", Line: "shop_of_test:Line"}'
    )
    assert not faults
    assert contract is not None

    result = contract.validate(
        {"customer": shop.Customer(name="Ada", mail="a@b.example"), "lines": [shop.Line("A"), {"sku": "B"}]},
        notification="order",
    )

    assert result["customer"] == {"name": "Ada", "email": "a@b.example"}
    assert [line["sku"] for line in result["lines"]] == ["A", "B"]
    assert type(result["customer"]) is type(result["lines"][0]) is dict
    assert contract.check_defaults() == []


@pytest.mark.usefixtures("shop")
def test_problems_inside_a_model(declare: Declare) -> None:
    """Have dotted names and the model's own words."""
    contract, _ = declare(
        'params: {a: C, b: C, c: C, d: {type: C, sensitive: true}}\ntypes: {C: "shop_of_test:Customer"}'
    )
    assert contract is not None

    with pytest.raises(ParamsError) as caught:
        contract.validate({"a": {"name": 5}, "b": {"name": "Bob"}, "c": 5, "d": {"name": 77}}, notification="order")

    assert [str(problem) for problem in caught.value.problems] == [
        "a.name: expected a valid string, got 5",
        "b.name: expected not Bob, got 'Bob'",
        "c: expected Customer, or a mapping of its fields, got 5",
        "d.name: expected a valid string, got ***",
    ]


@pytest.mark.usefixtures("shop")
def test_a_model_for_all_params(declare: Declare) -> None:
    """Its fields are the params; unknown ones are problems although pydantic would pass over them."""
    contract, faults = declare('params: "shop_of_test:Order"')
    assert not faults
    assert contract is not None

    result = contract.validate({"customer": {"name": "Ada"}}, notification="order")
    with pytest.raises(ParamsError) as caught:
        contract.validate({"custmer": 1}, notification="order")

    assert result == {"customer": {"name": "Ada", "email": "x@example.com"}, "lines": []}
    assert [(param.name, param.required) for param in contract.params.values()] == [
        ("customer", True),
        ("lines", False),
    ]
    assert contract.params["customer"].annotation == "Customer"
    assert [str(problem) for problem in caught.value.problems] == [
        "custmer: expected no param of that name, got one (did you mean 'customer'?)",
        "customer: expected a value, got nothing",
    ]
    assert contract.check_defaults() == []


def test_other_models_for_all_params(shop: Any, declare: Declare) -> None:
    """A dataclass, a model that takes more than it declares, an instance, and an alias."""
    line, _ = declare('params: "shop_of_test:Line"')
    open_model, _ = declare('params: "shop_of_test:Open"')
    customer, _ = declare('params: "shop_of_test:Customer"')
    assert line is not None
    assert open_model is not None
    assert customer is not None

    assert [(param.name, param.required) for param in line.params.values()] == [
        ("sku", True),
        ("price", False),
        ("tags", False),
    ]
    assert line.params["sku"].annotation == "str"
    assert open_model.validate({"a": 1, "b": 2}, notification="x") == {"a": 1, "b": 2}
    assert customer.validate({"name": "Ada", "mail": "y@z.example"}, notification="x")["email"] == "y@z.example"
    assert customer.validate(shop.Customer(name="Ada"), notification="x")["name"] == "Ada"
    assert customer.params["email"].default == "x@example.com"
    assert [param.default for param in line.params.values()] == [None, None, None]
    assert customer.params["email"].description == "Where to reach them."


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("nowhere_of_test:X", "cannot be imported: ModuleNotFoundError: No module named 'nowhere_of_test'"),
        ("broken_of_test:X", "cannot be imported: RuntimeError: no database"),
        ("shop_of_test:Nothing", "cannot be imported: AttributeError: "),
        ("shop_of_test:NOT_A_TYPE", "is neither a pydantic model nor a dataclass"),
        ("shop_of_test:Opaque", "is neither a pydantic model nor a dataclass"),
    ],
)
def test_what_cannot_be_imported(declare: Declare, source: str, fault: str) -> None:
    """Is a fault where the definition names it."""
    _, under_types = declare(f'types: {{T: "{source}"}}')
    _, as_params = declare(f'params: "{source}"')

    assert [each.startswith(f"f.yaml:1:12: T: {source} {fault}") for each in under_types] == [True]
    assert [each.startswith(f"f.yaml:1:9: params: {source} {fault}") for each in as_params] == [True]


@pytest.mark.usefixtures("shop")
def test_a_field_with_a_reserved_name(declare: Declare) -> None:
    """Is a fault as for any param."""
    _, faults = declare('params: "shop_of_test:Named"')

    assert faults == ["f.yaml:1:9: a param cannot be called 'recipient': templates have that name already (rename it)"]


@pytest.mark.usefixtures("shop")
def test_a_model_that_pydantic_cannot_use(declare: Declare) -> None:
    """Is told as a fault of the definition, not as a traceback of pydantic."""
    contract, faults = declare('params: {a: T}\ntypes: {T: "shop_of_test:Unusable"}')
    assert not faults
    assert contract is not None

    with pytest.raises(DefinitionError, match="shop_of_test:Unusable cannot be used: Unable to generate"):
        contract.validate({"a": {}}, notification="x")


@pytest.mark.usefixtures("shop")
def test_models_in_json_schema(declare: Declare) -> None:
    """A model brings its own schema."""
    nested, _ = declare('params: {o: Order}\ntypes: {Order: "shop_of_test:Order"}')
    whole, _ = declare('params: "shop_of_test:Order"')
    assert nested is not None
    assert whole is not None

    assert nested.json_schema()["$defs"]["Order"]["properties"].keys() == {"customer", "lines"}
    assert whole.json_schema()["properties"].keys() == {"customer", "lines"}


@pytest.mark.usefixtures("shop")
def test_sensitive_fields_of_models(declare: Declare) -> None:
    """`repr=False`, and pydantic's secret types, mean sensitive, however deep; what recurs is so as a whole."""
    inside, _ = declare('params: {a: A, c: "list[A]"}\ntypes: {A: "shop_of_test:Access"}')
    whole, _ = declare('params: "shop_of_test:Access"')
    chain, _ = declare('params: "shop_of_test:Chain"')
    lazy, _ = declare('params: "shop_of_test:Lazy"')
    assert inside is not None
    assert whole is not None
    assert chain is not None
    assert lazy is not None

    names = {"key", "pin", "codes[].code", "codes[].backup[]", "by[].code", "by[].backup[]", "parent", "link"}
    assert names == whole.sensitive
    assert {f"{prefix}.{name}" for prefix in ("a", "c[]") for name in names} == inside.sensitive
    assert ["key", "pin", "parent"] == [param.name for param in whole.params.values() if param.sensitive]
    assert frozenset() == chain.sensitive
    assert {"pin"} == lazy.sensitive
    for contract in (whole, inside):
        assert "1234" not in str(contract.json_schema())
        assert "'default': None" in str(contract.json_schema())


def test_a_secret_reaches_templates_as_its_text(shop: Any, declare: Declare) -> None:
    """Otherwise the mail would show asterisks."""
    contract, _ = declare('params: {a: A}\ntypes: {A: "shop_of_test:Access"}')
    assert contract is not None

    code = shop.Code("c", "7", ("x", "y"))
    result = contract.validate({"a": {"user": "Ada", "key": "k", "codes": [code]}}, notification="x")["a"]

    assert ("k", "https://example.com/k") == (result["key"], result["link"])
    assert [{"name": "c", "code": "7", "backup": ["x", "y"]}] == result["codes"]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("text", ['params: {a: A}\ntypes: {A: "shop_of_test:Access"}', 'params: "shop_of_test:Access"'])
def test_problems_do_not_show_sensitive_fields(declare: Declare, text: str) -> None:
    """Not even deep inside a model."""
    contract, _ = declare(text)
    assert contract is not None

    values: dict[str, object] = {"user": 5, "key": 777, "pin": "777x", "by": {"x": {"name": "n", "code": 777}}}
    with pytest.raises(ParamsError) as caught:
        contract.validate({"a": values} if contract.model is None else values, notification="x")

    assert ["5", "***", "***", "***"] == [problem.got for problem in caught.value.problems]
    assert "777" not in str(caught.value)


@pytest.mark.usefixtures("shop")
def test_types_of_models_are_types(declare: Declare) -> None:
    """What notify has a word for is that type, so that others need not read its text."""
    contract, _ = declare('params: "shop_of_test:Access"')
    assert contract is not None

    assert OneOf((Name("str"), Name("None"))) == contract.params["note"].type
    assert Name("SecretStr") == contract.params["key"].type


def test_annotations_are_shown_as_written(declare: Declare) -> None:
    """Also those of a dataclass whose annotations are text."""
    contract, faults = declare('params: "params.test_models:Local"')

    assert not faults
    assert contract is not None
    assert contract.params["names"].annotation == "list[str]"


@dataclass
class Local:
    """A dataclass of a module with postponed annotations."""

    names: list[str]
