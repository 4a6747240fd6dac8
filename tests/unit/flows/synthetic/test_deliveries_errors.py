"""The errors departments make: what each does to a number, a name, a date of birth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from lunar_python import Solar

from flows.synthetic.deliveries import citizen_numbers as numbers
from flows.synthetic.deliveries import names
from flows.synthetic.deliveries.births import lunar, slipped
from flows.synthetic.deliveries.chance import Chance
from flows.synthetic.deliveries.errors import RATES, Rates

VALID = "11010519491231002X"
LUCKS = range(200)


@pytest.mark.parametrize("slip", [numbers.wrong_digit, numbers.swapped])
def test_a_misread_number_keeps_its_length_and_fails_the_check(slip: Callable[[str, int], str]) -> None:
    for luck in LUCKS:
        slipped_number = slip(VALID, luck)
        assert len(slipped_number) == 18
        assert slipped_number != VALID
        assert numbers.check_digit(slipped_number[:17]) != slipped_number[17]


def test_another_persons_number_passes_the_check_and_keeps_birth_and_sex() -> None:
    for luck in LUCKS:
        number = numbers.other(VALID, luck)
        assert numbers.check_digit(number[:17]) == number[17]
        assert number != VALID
        assert (number[:14], int(number[16]) % 2) == (VALID[:14], int(VALID[16]) % 2)


def test_a_workbook_that_took_a_number_for_a_number_keeps_fifteen_digits() -> None:
    assert {numbers.excel("230123196205140031", luck) for luck in LUCKS} == {"230123196205140000", "2.30123E+17"}


@pytest.mark.parametrize("name", ["王伟", "张秀英", "欧阳娜娜", "刘洋"])
def test_a_misheard_or_misread_name_keeps_surname_and_length(name: str) -> None:
    for slip in (names.sounds_alike, names.looks_alike):
        changed = {slip(name, luck) for luck in LUCKS} - {name}
        assert changed
        assert all(len(one) == len(name) and one[0] == name[0] for one in changed)


def test_rare_characters_become_what_the_system_can_print() -> None:
    assert names.rare_written("王䶮", "?") == "王?"
    assert names.rare_written("王䶮", "□") == "王□"
    assert names.rare_written("王喆", "pinyin") == "王zhe"
    assert names.rare_written("王伟", "?") == "王伟"


def test_names_are_spread_and_remarked_as_clerks_do() -> None:
    assert {names.spaced("王伟", luck) for luck in LUCKS} == {"王　伟", "王 伟"}
    assert all(names.remarked("王伟", luck).startswith("王伟") for luck in LUCKS)


def test_a_lunar_birthday_is_the_day_of_the_moon_of_that_day() -> None:
    days = np.array(["1962-02-05", "2023-04-01"], dtype="datetime64[D]")
    # New year 1962; a day in the leap second month of 2023.
    assert lunar(days).to_pylist() == ["1962-01-01", "2023-02-11"]
    many = np.datetime64("1935-01-01") + np.arange(0, 33_000, 97)
    for day, stated in zip(many.tolist(), lunar(many).to_pylist(), strict=True):
        moon = Solar.fromYmd(day.year, day.month, day.day).getLunar()
        true = (moon.getYear(), abs(moon.getMonth()), moon.getDay())
        told = tuple(int(part) for part in stated.split("-"))
        assert told == true or (told[:2] == true[:2] and true[2] >= 29), "only a 29th or 30th may be fitted"


def test_a_date_of_birth_goes_wrong_in_the_ways_it_does() -> None:
    assert [slipped("1962-05-14", kind, 0) for kind in range(1, 6)] == [
        "1963-05-14",
        "1962-05-00",
        "1900-01-01",
        None,
        "1962.5.14",
    ]
    assert slipped("1964-02-29", 1, 0) == "1965-02-28"


def test_luck_depends_on_seed_label_and_key_alone() -> None:
    keys = np.arange(1000, dtype=np.int64)
    one, again = Chance(1, "pension").share("id", keys), Chance(1, "pension").share("id", keys[::-1])[::-1]
    assert (one == again).all()
    assert abs(one.mean() - 0.5) < 0.05
    assert (Chance(2, "pension").share("id", keys) != one).all()
    assert (Chance(1, "pension").share("name", keys) != one).all()


def test_no_noise_means_no_error_of_any_kind() -> None:
    for rates in RATES.values():
        still = rates.times(0.0)
        assert not any(value for value in vars(still).values() if isinstance(value, float))
    assert Rates().times(1e9).no_id == 1.0
