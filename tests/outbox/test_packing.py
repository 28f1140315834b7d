"""What a row keeps of a call, and what comes back."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections import deque
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from outbox.packed_forms import EVERYTHING, definition_of, typed
from outbox.packing_models import Colour, Customer, Hashed, Level, Line, Login, Tags

from notify import Address, Attachment
from notify.call import Call, Common
from notify.errors import ConfigError, MessageError, ParamsError
from notify.outbox.hiding import hide
from notify.outbox.packing import Packed, pack_call, unpack_call
from notify.outbox.sealing import Seal
from notify.params import Html, Markdown
from notify.testing.strategies import params

if TYPE_CHECKING:
    from notify import Definition

NOTHING: dict[str, bytes] = {}
NOWHERE = Path("/nonexistent")
OFTEN = settings(max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck))
SEAL = Seal.of([Seal.new_key()])


class Plain(str):
    __slots__ = ()


def there_and_back(definition: Definition, values: Any, seal: Seal | None = None) -> dict[str, Any]:
    """The params after they were in the outbox."""
    packed = pack_call(Call.read("packed", to="a@x.example", params=values), definition, seal=seal, attachments=NOWHERE)
    return dict(unpacked(packed, seal).params)


def unpacked(packed: Packed, seal: Seal | None = None, attachments: Path = NOWHERE) -> Call:
    """The call of what was packed."""
    blob = dict(packed.blobs).__getitem__
    return unpack_call(packed.params, packed.call, packed.sealed, seal=seal, blob=blob, attachments=attachments)


def packed_params(definition: Definition, values: dict[str, Any]) -> str | None:
    """The JSON of the params."""
    call = Call.read("packed", to="a@x.example", params=values)
    return pack_call(call, definition, seal=None, attachments=NOWHERE).params


def refused(definition: Definition, values: dict[str, Any]) -> str:
    """What the error says, without its first line."""
    with pytest.raises(ParamsError) as caught:
        packed_params(definition, values)
    return str(caught.value).partition("\n  ")[2]


def disguised(value: Any, draw: Any) -> Any:
    """A value that types of contracts take for another one's."""
    if isinstance(value, dict):
        items = {key: disguised(item, draw) for key, item in value.items()}
        return MappingProxyType(items) if draw(st.booleans()) else items
    if isinstance(value, list):
        kind = draw(st.sampled_from([list, tuple, deque]))
        return kind([disguised(item, draw) for item in value])
    if type(value) is str:
        return draw(st.sampled_from([str, Html, Markdown]))(value)
    return bytearray(value) if isinstance(value, bytes) and draw(st.booleans()) else value


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    """A notification with a param of each type."""
    return definition_of(tmp_path_factory.mktemp("everything"), EVERYTHING)


@pytest.fixture(scope="module")
def undeclared(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    """A notification without a contract."""
    return definition_of(tmp_path_factory.mktemp("undeclared"), "subject: Hi\ntext: x\n")


@pytest.fixture(scope="module")
def modelled(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    """A notification whose params are of the application's own types."""
    text = (
        "params: {customer: Customer, line: 'Line | None', word: 'Hashed | None'}\n"
        "types: {Customer: 'outbox.packing_models:Customer', Line: 'outbox.packing_models:Line',\n"
        "  Hashed: 'outbox.packing_models:Hashed'}\nsubject: Hi\ntext: x\n"
    )
    return definition_of(tmp_path_factory.mktemp("modelled"), text)


@pytest.mark.no_cover  # others cover it
@pytest.mark.parametrize("seal", [None, SEAL], ids=["open", "sealed"])
def test_declared_values_validate_to_the_same(everything: Definition, seal: Seal | None) -> None:
    """Whatever a contract takes, in whatever form, is valid after it was kept, and validates to the same value."""

    @OFTEN
    @given(params(everything), st.data())
    def holds(values: dict[str, Any], data: st.DataObject) -> None:
        assert everything.contract is not None
        # A path of a class of its own stays of that class when it is validated, which no template sees.
        values = {name: value if name == "path" else disguised(value, data.draw) for name, value in values.items()}
        before = everything.contract.validate(values, notification="packed")
        after = there_and_back(everything, values, seal)

        assert typed(before) == typed(everything.contract.validate(after, notification="packed"))

    holds()


def test_declared_values_are_readable_text(everything: Definition) -> None:
    """Where the types leave no doubt, a row says dates and decimals as a person writes them."""
    values = {
        "text": Html("<b>"),
        "total": Decimal("42.00"),
        "day": date(2030, 12, 31),
        "moment": datetime(2030, 12, 31, 18, tzinfo=UTC),
        "span": timedelta(days=-1, microseconds=1),
        "path": Path("a/b.txt"),
    }

    assert (
        '{"text":"<b>","total":"42.00","day":"2030-12-31","moment":"2030-12-31T18:00:00+00:00",'
        '"span":"-P0DT86399.999999S","path":"a/b.txt"}'
    ) == packed_params(everything, values)


def test_doubtful_types_get_a_tag(everything: Definition) -> None:
    """In a union, and where a float may be, a date or decimal is not mistaken for text."""
    values = {"either": date(2030, 1, 1), "stamp": Decimal(1), "ratio": Decimal(2)}

    assert ('{"either":{"$date":"2030-01-01"},"stamp":{"$decimal":"1"},"ratio":{"$decimal":"2"}}') == packed_params(
        everything, values
    )


def test_a_decimal_is_taken_as_a_tuple(everything: Definition) -> None:
    """The tuple that Python makes a Decimal of is still one."""
    assert {"total": (0, (1, 2), -1)} == there_and_back(everything, {"total": (0, (1, 2), -1)})


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(), st.binary(),
    st.decimals(allow_nan=False, allow_infinity=False), st.dates(), st.times(), st.timedeltas(), st.uuids(),
    st.datetimes(timezones=st.sampled_from([None, UTC, ZoneInfo("Europe/Oslo"), ZoneInfo("UTC")])),
    st.text().map(Html), st.text().map(Markdown), st.sampled_from([Path("a/b"), Address("ada@x.example", "Ada")]),
    st.sampled_from(["$blob", "$5.00", '"$', "$dict"]),
)  # fmt: skip
KEYS = st.one_of(st.text(), st.sampled_from(["$blob", "$decimal", "$dict", "$"]))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(KEYS, inner, max_size=3),
        st.dictionaries(st.one_of(st.integers(), st.dates(), st.tuples(st.integers())), inner, max_size=2),
        st.sets(st.one_of(st.integers(), st.dates()), max_size=3),
        st.frozensets(st.text(), max_size=3),
    ),
    max_leaves=10,
)


@settings(OFTEN, max_examples=300)
@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_undeclared_values_come_back(undeclared: Definition, values: dict[str, Any]) -> None:
    """Without a contract, values come back as they were, with their types, even where they look like our tags."""
    before = typed(copy.deepcopy(values))

    assert before == typed(there_and_back(undeclared, values))


@pytest.mark.parametrize(
    ("given_value", "kept"),
    [
        (Markup("<b>"), Html("<b>")),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (deque([1]), [1]),
        ({"a": 1}.keys(), ["a"]),
        (range(2), [0, 1]),
        (bytearray(b"x"), b"x"),
        (memoryview(b"x"), b"x"),
        (Plain("x"), "x"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_templates_cannot_tell_apart(undeclared: Definition, given_value: Any, kept: Any) -> None:
    """A kind of mapping, list, markup or bytes that templates use alike comes back as the usual one."""
    assert typed({"x": kept}) == typed(there_and_back(undeclared, {"x": given_value}))


def test_times_that_are_twice(undeclared: Definition) -> None:
    """The second of two equal times of the clock, and the zone's name, come back."""
    zone = ZoneInfo("Europe/Oslo")
    values = {
        "a": datetime(2030, 10, 27, 2, 30, fold=1, tzinfo=zone),
        "b": datetime(2030, 10, 27, 2, 30, fold=1),  # noqa: DTZ001  # naive ones stay naive
        "c": time(2, 30, tzinfo=zone),
        "d": time(2, 30, fold=1),
    }
    back = there_and_back(undeclared, values)

    assert typed(values) == typed(back)
    assert "CET" == back["a"].tzname()


def test_a_zone_that_this_machine_does_not_know() -> None:
    """Where the zone is not known, the offset still says when it is."""
    row = '{"x":{"$datetime":["2030-01-01T12:00:00+01:00","Nowhere/Land",0]}}'
    call = unpack_call(row, '{"to":["a@x.example"]}', None, seal=None, blob=NOTHING.__getitem__, attachments=NOWHERE)

    assert timedelta(hours=1) == call.params["x"].utcoffset()


class Pair(NamedTuple):
    left: int


class Number(IntEnum):
    ONE = 1


class Word(StrEnum):
    A = "a"


class Silent:
    pass


LOOP: list[Any] = []
LOOP.append(LOOP)


UNKNOWN = "a value that the outbox can keep"
DECLARE = " (give plain values, or declare the params)"


@pytest.mark.parametrize(
    ("value", "expected", "came"),
    [
        (float("nan"), "a finite number", "nan"),
        (float("-inf"), "a finite number", "-inf"),
        (Decimal("NaN"), "a finite number", "a Decimal"),
        ("a\ud800", "text in valid Unicode", "a lone surrogate"),
        (10**4100, "a number of at most 4000 digits", "a longer one"),
        (iter([1]), "values that can be read more than once", "a list_iterator (give a list)"),
        (Number.ONE, UNKNOWN, "a Number (give its value)"),
        (Word.A, UNKNOWN, "a Word (give its value)"),
        (Level.LOW, UNKNOWN, "a Level (give its value)"),
        (Pair(1), UNKNOWN, f"a Pair{DECLARE}"),
        (Silent(), UNKNOWN, f"a Silent{DECLARE}"),
        (Line("a", Decimal(1)), UNKNOWN, f"a Line{DECLARE}"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_kept(undeclared: Definition, value: Any, expected: str, came: str) -> None:
    """What would not come back is an error that names it, and not its value."""
    assert f"x.y[0]: expected {expected}, got {came}" == refused(undeclared, {"a": 1, "x": {"y": [value]}})


def test_keys_that_cannot_be_kept(undeclared: Definition) -> None:
    """A key is looked at, too."""
    assert "x['\\ud800']: expected text in valid Unicode, got a lone surrogate" == refused(
        undeclared, {"x": {"\ud800": 1}}
    )
    assert "expected a value that the outbox can keep" in refused(undeclared, {"x": {Silent: 1}})


def test_collections_without_an_end(undeclared: Definition) -> None:
    """What contains itself is refused."""
    assert refused(undeclared, {"x": LOOP}).endswith("expected at most 80 collections in each other, got more")
    deep: Any = {1: 1}
    for _ in range(90):
        deep = {1: deep}

    assert "expected at most 80 collections in each other, got more" in refused(undeclared, {"x": deep})
    assert {"x": [[1]]} == there_and_back(undeclared, {"x": [[1]]})


def test_long_digits_are_not_a_long_number(undeclared: Definition) -> None:
    """Text of many digits is kept."""
    assert {"x": "1" * 5000} == there_and_back(undeclared, {"x": "1" * 5000})


def test_instances_of_models(modelled: Definition) -> None:
    """A model's or dataclass's instance comes back as a mapping that validates to the same, with all that is in it."""
    customer = Customer(
        full_name="Ada",
        born=date(1815, 12, 10),
        level=Level.HIGH,
        seen=datetime(2030, 1, 1, tzinfo=ZoneInfo("Europe/Oslo")),
        lines=[Line("a", Decimal("1.10"), b"\0\1", (1, 2))],
        tags=Tags(["x"]),
        by_number={1: "one"},
        more={"$blob": Html("x")},
    )
    values = {"customer": customer, "line": Line("b", Decimal(1), b"x")}
    assert modelled.contract is not None
    before = modelled.contract.validate(values, notification="packed")
    after = modelled.contract.validate(there_and_back(modelled, values), notification="packed")

    assert before == after


def test_params_that_are_a_model(tmp_path: Path) -> None:
    """Where a model stands for all params, they come back with the types of their values."""
    whole = definition_of(tmp_path, "params: 'outbox.packing_models:Customer'\nsubject: Hi\ntext: x\n")
    values = {"full_name": "Ada", "born": date(1815, 12, 10), "lines": [Line("a", Decimal(1), b"x")], "more": Html("x")}
    back = there_and_back(whole, values)
    assert whole.contract is not None
    before, after = (whole.contract.validate(each, notification="packed") for each in (values, back))

    assert before.pop("number") != after.pop("number")  # made by chance, as it was not given
    assert before == after
    assert Html("x") == back["more"]


def test_mappings_for_models(modelled: Definition) -> None:
    """A mapping for a model comes back with the types of its values."""
    values = {"customer": {"full_name": "Ada", "born": date(1815, 12, 10), "colour": Colour.RED, "more": (1,)}}
    back = there_and_back(modelled, values)

    assert typed({**values["customer"], "colour": "red"}) == typed(back["customer"])


@OFTEN
@given(st.from_type(Line))
def test_any_dataclass(modelled: Definition, line: Line) -> None:
    """Whatever is in a dataclass comes back, or is named."""
    assert modelled.contract is not None
    values = {"customer": {"full_name": "Ada", "born": "1815-12-10", "number": str(UUID(int=1))}, "line": line}
    if line.price.is_finite():
        before = modelled.contract.validate(values, notification="packed")
        back = there_and_back(modelled, values)

        assert before == modelled.contract.validate(back, notification="packed")
    else:
        assert "line.price: expected a finite number" in refused(modelled, values)


def test_models_that_do_not_come_back(modelled: Definition) -> None:
    """An instance that its own fields do not make again is refused when it is put in, not when it is to be sent."""
    words = "word: expected a value that its own fields make again, got another (give a mapping of what its type takes)"
    values = {"customer": {"full_name": "Ada", "born": date(1815, 12, 10)}, "word": Hashed(word="x")}

    assert words in refused(modelled, values)


def test_a_model_that_holds_anything(modelled: Definition) -> None:
    """What no library has a form for is refused inside a model, too."""
    customer = Customer(full_name="Ada", born=date(1815, 12, 10), more=[Silent()])

    assert f"customer.more[0]: expected {UNKNOWN}, got a Silent{DECLARE}" == refused(modelled, {"customer": customer})


def test_a_model_that_was_not_validated(modelled: Definition) -> None:
    """An instance whose fields are not valid when they come back is refused; the model may have other rules then."""
    customer = Customer.model_construct(name="Ada", born="no date")
    values = {"customer": {"full_name": "Ada", "born": date(1815, 12, 10)}, "line": Line("a", Decimal(1))}

    assert ["customer", "line"] == list(there_and_back(modelled, values))
    assert refused(modelled, {"customer": customer}).startswith("customer.born: expected a value that its own fields")


SECRETS = """\
params:
  name: str
  password: {type: "str | None", sensitive: true}
  keys: {type: "dict[str, bytes]", sensitive: true, default: {}}
  items: {type: "list[Item]", default: []}
  by_name: {type: "dict[str, Item]", default: {}}
  either: {type: "str | Item | None", default: null}
  login: {type: "Login | None", default: null}
types:
  Item: {title: str, code: {type: str, sensitive: true}}
  Login: outbox.packing_models:Login
subject: Hi
text: x
"""


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    """A notification with sensitive params."""
    return definition_of(tmp_path_factory.mktemp("secret"), SECRETS)


SECRET = {
    "name": "Ada",
    "password": "hunter2",
    "keys": {"hunter2": b"hunter2"},
    "items": ({"title": "One", "code": "hunter2"},),
    "by_name": {"x": {"title": "Two", "code": "hunter2"}},
    "either": {"title": "Three", "code": "hunter2"},
    "login": Login(user="ada", password="hunter2", extra="more"),  # type: ignore[call-arg, arg-type]  # pydantic's
}


def test_sealed_params(secret: Definition) -> None:
    """With a key, no sensitive value can be read in a row or beside it, and all come back."""
    packed = pack_call(Call.read("packed", to="a@x.example", params=SECRET), secret, seal=SEAL, attachments=NOWHERE)
    assert secret.contract is not None
    assert packed.params is not None
    assert packed.sealed is not None
    before = secret.contract.validate(SECRET, notification="packed")

    assert {
        "name": "Ada",
        "password": "***",
        "keys": "***",
        "items": {"$tuple": [{"title": "One", "code": "***"}]},
        "by_name": {"x": {"title": "Two", "code": "***"}},
        "either": {"title": "Three", "code": "***"},
        "login": {"user": "ada", "password": "***", "extra": "more"},
    } == json.loads(packed.params)
    for kept in (packed.params, packed.call, packed.sealed, repr(packed), *map(repr, packed.blobs.values())):
        assert "hunter2" not in kept
    assert before == secret.contract.validate(unpacked(packed, SEAL).params, notification="packed")


def test_params_without_a_key(secret: Definition) -> None:
    """Without a key all params are in the row, where `hide` takes the sensitive ones out of a listing."""
    packed = pack_call(Call.read("packed", to="a@x.example", params=SECRET), secret, seal=None, attachments=NOWHERE)
    assert secret.contract is not None
    assert packed.params is not None

    assert packed.sealed is None
    assert "hunter2" in packed.params
    assert "hunter2" not in hide(packed.params, secret.contract.sensitive)


def test_nothing_sensitive_is_not_sealed(everything: Definition) -> None:
    """Params that are not sensitive stay readable although there is a key."""
    call = Call.read("packed", to="a@x.example", params={"text": "x"})

    assert Packed('{"text":"x"}', '{"to":["a@x.example"]}') == pack_call(
        call, everything, seal=SEAL, attachments=NOWHERE
    )


def test_sealed_params_and_no_key(secret: Definition) -> None:
    """Who has no key is told so; who has another one, too."""
    packed = pack_call(Call.read("packed", to="a@x.example", params=SECRET), secret, seal=SEAL, attachments=NOWHERE)

    with pytest.raises(ConfigError, match="are sealed, and there is no key: set `outbox_key:`"):
        unpacked(packed)
    with pytest.raises(ConfigError, match="none of the keys opens"):
        unpacked(packed, Seal.of([Seal.new_key()]))


def test_errors_do_not_show_secrets(secret: Definition) -> None:
    """The keys of a sensitive mapping are in no error."""
    message = refused(secret, {"name": "Ada", "keys": {"hunter2": iter([])}})

    assert "keys: expected values that can be read more than once, got a list_iterator (give a list)" == message


def everything_of_a_call() -> Common:
    """A call that says all that can be said."""
    return Common.read(
        "packed",
        cc=[('Größe, "A"', "a@bücher.example"), "jörg@x.example"],
        bcc=[],
        sender="Shop <shop@x.example>",
        reply_to="r@x.example",
        locale="pt-BR",
        theme="dark",
        headers={"X-A": "ü", "X-B": ""},
        attachments=[Attachment("a.txt", b"one", type="text/plain"), Attachment("i.png", b"two", cid="logo")],
        tags=["a", "b"],
        metadata={"order": "1"},
        options={"sendgrid": {"ip_pool": "shop", "n": 1, "raw": b"\0", "when": date(2030, 1, 1), "$": {"$x": ()}}},
    )


def test_all_of_a_call_comes_back(undeclared: Definition) -> None:
    """Every keyword of a call is kept; what a new one adds must be given here, too."""
    common = everything_of_a_call()
    defaults = Common()
    call = Call((Address("to@x.example", "Tö"), Address("b@x.example")), {}, common)
    packed = pack_call(call, undeclared, seal=None, attachments=NOWHERE)

    assert call == unpacked(packed)
    assert packed.params is None
    assert [] == [
        each.name for each in dataclasses.fields(Common) if getattr(common, each.name) == getattr(defaults, each.name)
    ]


def test_nothing_given_is_nothing_kept(undeclared: Definition) -> None:
    """A call that says nothing but whom it is for has only them in its row; nobody as copies is not nothing."""
    plain = Call.read("packed", to="a@x.example")
    without_copies = Call.read("packed", to="a@x.example", cc=[])

    assert Packed(None, '{"to":["a@x.example"]}') == pack_call(plain, undeclared, seal=None, attachments=NOWHERE)
    for call in (plain, without_copies):
        assert call == unpacked(pack_call(call, undeclared, seal=None, attachments=NOWHERE))


def test_keywords_that_cannot_be_kept(undeclared: Definition) -> None:
    """A keyword's value is named as a param is."""
    call = Call.read("packed", to="a@x.example", options={"sendgrid": {"x": [Silent()]}})

    with pytest.raises(ParamsError, match=r"options\.sendgrid\.x\[0\]: expected a value that the outbox can keep"):
        pack_call(call, undeclared, seal=None, attachments=NOWHERE)


def test_no_content_is_in_the_row(undeclared: Definition) -> None:
    """Contents are beside the row whatever their size, each once."""
    common = Common(attachments=(Attachment("a.txt", b"same"), Attachment("b.txt", b"same"), Attachment("c", b"")))
    call = Call((Address("a@x.example"),), {"raw": b"same", "list": [b"other"]}, common)
    packed = pack_call(call, undeclared, seal=None, attachments=NOWHERE)

    assert {b"same", b"other", b""} == set(packed.blobs.values())
    assert call == unpacked(packed)


@pytest.fixture
def invoices(tmp_path: Path) -> Path:
    """An attachments folder with a file."""
    (tmp_path / "invoices").mkdir()
    (tmp_path / "invoices" / "1.pdf").write_bytes(b"%PDF one")
    return tmp_path


def test_a_file_is_kept_by_reference(undeclared: Definition, invoices: Path) -> None:
    """A file of the attachments folder stays there, and what comes back has the content that was compared."""
    for path in (Path("invoices/1.pdf"), invoices / "invoices/1.pdf"):
        call = Call.read("packed", to="a@x.example", attachments=Attachment(path=path, type="application/pdf"))
        packed = pack_call(call, undeclared, seal=None, attachments=invoices)

        assert {} == packed.blobs
        assert '"path":"invoices/1.pdf"' in packed.call
        assert (Attachment("1.pdf", b"%PDF one", type="application/pdf"),) == unpacked(
            packed, attachments=invoices
        ).common.attachments


def test_a_file_that_changed(undeclared: Definition, invoices: Path) -> None:
    """A file that is not what it was, or is gone, is an error that names it."""
    call = Call.read("packed", to="a@x.example", attachments=Attachment(path=Path("invoices/1.pdf")))
    packed = pack_call(call, undeclared, seal=None, attachments=invoices)
    (invoices / "invoices/1.pdf").write_bytes(b"%PDF two")
    with pytest.raises(MessageError, match=r"'invoices/1\.pdf': the file has changed since"):
        unpacked(packed, attachments=invoices)
    (invoices / "invoices/1.pdf").unlink()
    with pytest.raises(MessageError, match=r"'invoices/1\.pdf': cannot be read below .*; it was there when"):
        unpacked(packed, attachments=invoices)


def test_a_file_outside_of_the_folder(undeclared: Definition, invoices: Path) -> None:
    """What could not be sent cannot be put in."""
    call = Call.read("packed", to="a@x.example", attachments=Attachment(path=Path("/etc/passwd")))

    with pytest.raises(ConfigError, match="expected a relative path below"):
        pack_call(call, undeclared, seal=None, attachments=invoices)


def test_contents_that_are_lost(undeclared: Definition) -> None:
    """A content that is missing, or is another one, is an error and not sent."""
    packed = pack_call(
        Call.read("packed", to="a@x.example", params={"x": b"one"}), undeclared, seal=None, attachments=NOWHERE
    )
    [digest] = packed.blobs
    for blobs, words in (({}, "no longer has the content"), ({digest: b"two"}, "is not what was put into the outbox")):
        with pytest.raises(MessageError, match=words):
            unpacked(packed._replace(blobs=blobs))


@pytest.mark.parametrize(
    "params_text",
    [
        '{"x": ',
        '{"x":{"$new":1}}',
        '{"x":{"$decimal":"hunter2"}}',
        '{"x":{"$timedelta":"1"}}',
        '{"x":{"$dict":[1]}}',
        "[]",
    ],
)
def test_rows_that_were_changed(params_text: str) -> None:
    """What cannot be read is an error of ours that does not show the value."""
    with pytest.raises(MessageError, match="what the outbox keeps of a call cannot be read") as caught:
        unpack_call(
            params_text, '{"to":["a@x.example"]}', None, seal=None, blob=NOTHING.__getitem__, attachments=NOWHERE
        )

    assert "hunter2" not in str(caught.value)


def test_rows_without_recipients() -> None:
    """A row that does not say whom it is for cannot be read."""
    with pytest.raises(MessageError, match="expected mappings, and `to` in one"):
        unpacked(Packed(None, "{}"))
