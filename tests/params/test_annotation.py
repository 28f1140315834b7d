"""Types as Python writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.errors import DefinitionError
from notify.params import DictOf, ListOf, Literal, Name, OneOf, Type, parse_annotation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("str", Name("str")),
        (" Decimal ", Name("Decimal")),
        ("Item", Name("Item")),
        ("list[Item]", ListOf(Name("Item"))),
        ("list [ list[int] ]", ListOf(ListOf(Name("int")))),
        ("dict[str, list[int]]", DictOf(ListOf(Name("int")))),
        ("str | None", OneOf((Name("str"), Name("None")))),
        ("int|int", Name("int")),
        ("'a' | \"b\"", Literal(("a", "b"))),
        ("'a' | None | 2 | -3", OneOf((Literal(("a", 2, -3)), Name("None")))),
        ("''", Literal(("",))),
    ],
)
def test_what_is_understood(text: str, expected: Type) -> None:
    """Names, lists, dicts, unions and literals, with blanks where one likes."""
    assert parse_annotation(text, {"Item"}) == expected


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("strr", 1, "unknown type 'strr'", "did you mean 'str'?"),
        ("list[Itm]", 6, "unknown type 'Itm'", "did you mean 'Item'?"),
        ("URL", 1, "unknown type 'URL'", "did you mean 'Url'?"),
        ("string", 1, "unknown type 'string'", "did you mean 'str'?"),
        ("datetime.date", 1, "unknown type 'datetime.date'", "did you mean 'date'?"),
        ("Optional[str]", 1, "unknown type 'Optional'", "write X | None"),
        ("typing.Any", 1, "unknown type 'typing.Any'", "name the type"),
        ("list", 1, "unknown type 'list'", "say of what: list[str]"),
        ("shop.models:Order", 1, "unknown type 'shop.models:Order'", "give it a name under types:"),
        ("Xyzzy", 1, "unknown type 'Xyzzy'", "there are: Decimal, "),
        ("dict[int, str]", 6, "the keys of a dict are text", "write dict[str, ...]"),
        ("dict[str]", 9, "expected ',' here", ""),
        ("list[str", 9, "expected ']' here", ""),
        ("list[str, int]", 9, "expected ']' here", ""),
        ("str |", 6, "a type is missing here", "such as str"),
        ("", 1, "a type is missing here", "such as str"),
        ("str]", 4, "']' is too much here", "write types as Python does"),
        ("str int", 5, "'int' is too much here", "write types as Python does"),
        ("str?", 4, "'?' cannot stand in a type", "such as list[str]"),
        ("'a", 1, '"\'" cannot stand in a type', "such as list[str]"),
        ("list[" * 30 + "str" + "]" * 30, 106, "this type is nested too deeply", "give its parts names"),
    ],
)
def test_what_is_not(text: str, column: int, message: str, hint: str) -> None:
    """The fault stands at the character, and says what was probably meant."""
    with pytest.raises(DefinitionError) as caught:
        parse_annotation(text, {"Item"})

    [fault] = caught.value.faults
    assert fault.location.column == column
    assert fault.message == message
    assert fault.hint.startswith(hint)


@given(st.text("str list[]dict,|'\"None 05-.:é", max_size=30))
def test_any_text_is_a_type_or_a_fault(text: str) -> None:
    """Never another kind of error."""
    try:
        parse_annotation(text)
    except DefinitionError as error:
        assert len(error.faults) == 1  # noqa: PT017
