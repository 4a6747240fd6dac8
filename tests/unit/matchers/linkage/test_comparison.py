from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matchers.linkage.coded import CodedColumn
from matchers.linkage.comparison import Comparer
from matchers.linkage.fields import LEVELS, Field
from matchers.linkage.signatures import MISSING, UNDECIDED


def column(*texts: str | None) -> CodedColumn:
    values = sorted({text for text in texts if text is not None})
    codes = np.array([values.index(text) if text is not None else -1 for text in texts], np.int32)
    return CodedColumn(codes, pa.array(values, pa.string()), np.bincount(codes[codes >= 0], minlength=len(values)))


def level(kind: str, one: str | None, other: str | None) -> str | int:
    found = Comparer({"x": column(one, other)}).levels(Field("x", kind), *pair())[0]
    return LEVELS[kind][found] if found >= 0 else int(found)


def pair() -> tuple[np.ndarray, np.ndarray]:
    return np.array([0], np.int32), np.array([1], np.int32)


@pytest.mark.parametrize(
    ("kind", "one", "other", "expected"),
    [
        ("name", "martha", "martha", "equal"),
        ("name", "martha", "marhta", "very alike"),
        ("name", "ann", "xu", "different"),
        ("name", "r", "robert", "alike"),
        ("name", "r", "anna", "different"),
        ("name", "мария", "мариа", "very alike"),
        ("email", "james.lewis@example.org", "james.lewsi@exmple.org", "very alike"),
        ("email", "james.lewis@example.org", "james.lowery@example.org", "different"),
        ("email", "matthew.rivera@example.org", "matthew.diaz@example.org", "different"),
        ("email", "a.b@example.org", "c.d@example.org", "very alike"),
        ("han_name", "桂红", "桂江", "one character off"),
        ("han_name", "红", "江", "different"),
        ("han_name", "桂红", "红", "one character off"),
        ("number", "13912345678", "13912345687", "one slip"),
        ("number", "13912345678", "13912345600", "two slips"),
        ("postcode", "ct5 3ep", "ct5 1ab", "same head"),
        ("postcode", "2296", "2297", "one slip"),
        ("full_name", "ann mary lee", "lee ann mary", "same words"),
        ("full_name", "ann lee", "ann mary lee", "contained"),
        ("full_name", "janice davis", "davis ajnice m", "nearly contained"),
        ("full_name", "c a ruiz", "caroline a ruiz", "nearly contained"),
        ("full_name", "ann marie lee", "anna mary wood", "one word alike"),
        ("full_name", "ann mary lee", "ann mary wood", "some words alike"),
        ("full_name", "ann lee", "tom lee", "one word alike"),
        ("full_name", "a b", "c d", "different"),
        ("full_name", "хан мария", "мариа хан", "nearly contained"),
        ("full_name", "a b c d e f g", "a b c d e f h", "some words alike"),
        ("initial", "m", "mary", "same initial"),
        ("text", "12 bourne street", "12 bourne st", "very alike"),
        ("text", "讷河市江湾镇", "黑龙江省讷河市江湾镇东胜村", "one inside the other"),
        ("text", "江湾镇胜利村1", "讷河市江湾镇胜利村12", "alike"),
        ("text", "胜利村1", "讷河市胜利村12号1组胜利村1", "one inside the other"),
        ("text", "north adelaide", "st peters adelaide north sa", "one inside the other"),
        ("text", "ann", "the annapolis", "different"),
        ("text", "x", "y x", "different"),
        ("near_number", "12", "14", "near"),
        ("near_number", "12", "19", "different"),
        ("near_number", "5", "51", "different"),
        ("near_number", "128", "182", "near"),
        ("near_number", "1280", "128", "near"),
        ("near_number", "0120", "120", "near"),
        ("near_number", "a 318", "318", "same digits"),
        ("near_number", "3单元502室", "3单元503室", "near"),
        ("near_number", "upstairs", "upstair", "different"),
        ("near_number", "12345678", "12345679", "different"),
        ("exact", "a", "b", "different"),
        ("date", "19800512", "19800513", "one slip"),
    ],
)
def test_two_values_reach_the_level_their_kind_names(kind: str, one: str, other: str, expected: str) -> None:
    assert level(kind, one, other) == expected


def test_bounds_of_its_own_part_a_text_but_leave_one_inside_the_other() -> None:
    comparer = Comparer({"x": column("bourne st", "bourne street", "st bourne flat 12", "qqq")})
    own, left, right = Field("x", "text", bounds=(0.5, 0.99)), np.zeros(3, np.int32), np.array([1, 2, 3], np.int32)
    found = [LEVELS["text"][each] for each in comparer.levels(own, left, right)]
    assert found == ["alike", "one inside the other", "different"]
    near = comparer.levels(Field("x", "text", bounds=(0.5, 0.6)), left[:1], right[:1])
    assert LEVELS["text"][near[0]] == "very alike"


def test_a_short_form_is_as_good_as_a_slip_for_given_names_alone() -> None:
    for name, expected in (("given_name", "very alike"), ("surname", "different")):
        comparer = Comparer({name: column("polly", "anna")}, short_forms=frozenset({("anna", "polly")}))
        found = comparer.levels(Field(name, "name"), *pair())[0]
        cheap = comparer.cheap_levels(Field(name, "name"), *pair())[0]
        assert LEVELS["name"][found] == expected
        assert cheap == found or UNDECIDED - cheap >= found


@pytest.mark.parametrize("kind", sorted(LEVELS))
def test_missing_values_neither_agree_nor_disagree(kind: str) -> None:
    value = "19800512" if kind == "date" else "a"
    assert level(kind, value, None) == MISSING
    assert level(kind, None, None) == MISSING


@pytest.mark.parametrize(
    ("given", "surname", "expected"),
    [
        (("isla", "hall"), ("hall", "isla"), [4, 4]),
        (("isla", "hall"), ("hall", "qu"), [4, MISSING]),
        (("isla", "isla"), ("hall", "isla"), [5, 0]),
    ],
    ids=["both exchanged", "one in the other slot", "an equal name is not in another slot"],
)
def test_names_in_each_others_slot_are_recognised_and_counted_once(
    given: tuple[str, str], surname: tuple[str, str], expected: list[int]
) -> None:
    first, last = column(*given), column(*surname)
    place = {text: code for code, text in enumerate(first.values)}
    as_given = CodedColumn(np.array([place.get(text, -2) for text in surname], np.int32), first.texts, first.counts)
    comparer = Comparer({"given_name": first, "surname": last, "surname_as_given": as_given})
    fields = (Field("given_name", "name"), Field("surname", "name"))
    assert comparer.matrix(fields, *pair()).tolist() == [expected]


def test_homophones_are_recognised_by_their_sound() -> None:
    comparer = Comparer({"given_name": column("桂红", "贵宏"), "given_sound": column("gui hong", "gui hong")})
    found = comparer.levels(Field("given_name", "han_name"), *pair())[0]
    assert LEVELS["han_name"][found] == "sounds equal"


def test_what_needs_no_text_comparison_is_settled_and_the_rest_gets_a_ceiling() -> None:
    texts = ("martha", "marhta", "qqq", None)
    comparer = Comparer({"x": column(*texts)})
    left, right = np.array([0, 0, 0, 0], np.int32), np.array([0, 1, 2, 3], np.int32)
    equal, undecided, different, missing = comparer.cheap_levels(Field("x", "name"), left, right).tolist()
    assert (equal, different, missing) == (5, 0, MISSING)
    assert undecided == UNDECIDED - 3
