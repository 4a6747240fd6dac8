"""Citizen numbers (GB 11643): what a delivered number is worth, worked out once per distinct number."""

from __future__ import annotations

import datetime

from matchers.sql import literal, literals
from matchers.stage import stage
from matchers.standardise.written import narrow
from schemas.records import STATED_IDENTITY, STATED_NUMBER

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
# The first two digits: provinces, Hong Kong, Macau and Taiwan residence permits among them.
PROVINCES = (
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
)  # fmt: skip
# 15-digit numbers with these sequences belong to centenarians; whether they were born in 18xx is not said.
CENTENARIANS = ("996", "997", "998", "999")
CERTIFICATE = r"\d{17}[\dX][1-7][1-4](B\d{0,2})?"
# Made before 18-digit numbers, from a number that has no check character.
SHORT_CERTIFICATE = r"\d{15}[1-7][1-4](B\d{0,2})?"
# 2.30123E+17: what a spreadsheet leaves of a number; the digits before the E are its first.
ROUNDED = r"\d+E\+\d{2}"
MASKED = r"\d{2,}[*X?]{2,}[\dX*?]*|\d{6,17}\*+"
HMT_TRAVEL_PERMIT = r"[HM]\d{8}(\d{2})?"
HMT_IDENTITY_CARD = r"[A-Z]{1,2}\d{6}\([\dA]\)|[A-Z]\d{6}[\dA]|[157]\d{6}\(\d\)"
# Three letters for the country and twelve digits: the permanent residence card for foreigners before December 2023.
OLD_FOREIGNER_PERMIT = r"[A-Z]{3}\d{12}"
PASSPORT = r"[A-Z]{1,2}\d{7,8}"
OTHER_DOCUMENT = rf"{HMT_TRAVEL_PERMIT}|{HMT_IDENTITY_CARD}|[A-Z]{{1,3}}\d{{6,12}}|.*字第.*"
# Since December 2023 that card has 18 characters like a citizen's: 9, the province, the country, birth, sequence, check.
NEW_FOREIGNER_PERMIT = "9"


@stage(reads=(STATED_IDENTITY,), writes=STATED_NUMBER)
def judge_numbers(day: datetime.date) -> str:
    """Every number any source states, and what becomes of it; nobody is born after `day`."""
    return f"""
        with written as (
            select national_id_raw, {bare_number("national_id_raw")} as bare
            from (select distinct national_id_raw from {STATED_IDENTITY.name} where national_id_raw is not null)
        ), shaped as (
            select *, regexp_full_match(bare, '{CERTIFICATE}') as is_certificate,
                regexp_full_match(bare, '{SHORT_CERTIFICATE}') as is_short_certificate
            from written
        ), cored as (
            select *, {number_in("bare")} as number, {seventeen("number")} as core,
                case when length(number) = 18 then right(number, 1) end as said_check
            from shaped
        ), checked as (
            select *, {check_character("core")} as right_check, try_strptime(substr(core, 7, 8), '%Y%m%d')::date as birth
            from cored
        ), judged as (
            select *, coalesce(coalesce(said_check, right_check) = right_check, false)
                and coalesce(birth between date '1850-01-01' and {literal(day)}, false) as is_sound,
                is_sound and left(core, 2) in ({literals(PROVINCES)}) as is_valid,
                is_sound and length(bare) = 18 and left(core, 1) = '{NEW_FOREIGNER_PERMIT}' as is_foreigner
            from checked
        )
        select national_id_raw, {state()} as id_state, case when is_valid then core || right_check end as national_id,
            case when id_state in ('invalid', 'masked') then {digits_and_mask("number")} end as id_digits,
            case when id_state = 'other_document' then bare end as document_no, {kind()} as document_kind,
            case when is_valid then birth end as id_birth_date,
            case when is_valid then if(substr(core, 17, 1)::integer % 2 = 1, '1', '2') end as id_sex_code,
            case when is_certificate or is_short_certificate then substr(bare, length(number) + 1, 1) end as certificate_type,
            case when is_certificate or is_short_certificate then substr(bare, length(number) + 2, 1) end as certificate_level,
            is_short_certificate
        from judged
    """


def bare_number(value: str) -> str:
    """Return SQL for a number in half-width capitals without blanks, dashes and the mark that keeps it text."""
    bare = f"regexp_replace(upper({narrow(value)}), '[\\s''’‘`\\-_.]', '', 'g')"
    return f"case when regexp_full_match({value}, '\\d{{17}}[\\dX]') then {value} else {bare} end"


def number_in(bare: str) -> str:
    """Return SQL for the citizen number that a text is or, being a certificate number, begins with."""
    return f"case when is_certificate then left({bare}, 18) when is_short_certificate then left({bare}, 15) else {bare} end"


def seventeen(number: str) -> str:
    """Return SQL for the 17 characters before the check character; null where the text is no citizen number."""
    return f"""case
        when regexp_full_match({number}, '\\d{{17}}[\\dX]') then left({number}, 17)
        when regexp_full_match({number}, '\\d{{15}}') and right({number}, 3) not in ({literals(CENTENARIANS)})
            then left({number}, 6) || '19' || substr({number}, 7)
        end"""


def check_character(core: str) -> str:
    """Return SQL for the check character (ISO 7064 MOD 11-2) of 17 digits."""
    number = f"try_cast({core} as bigint)"
    places = enumerate(WEIGHTS)
    total = " + ".join(f"({number} // {10 ** (16 - place)}) % 10 * {weight}" for place, weight in places)
    return f"substr('{CHECK_CHARACTERS}', (({total}) % 11 + 1)::integer, 1)"


def state() -> str:
    """Return SQL for what became of a number."""
    return f"""case
        when is_valid then 'valid' when is_foreigner then 'other_document'
        when bare = '' then 'missing'
        when core is null and regexp_full_match(bare, '{MASKED}|{ROUNDED}') then 'masked'
        when core is null and regexp_full_match(bare, '{OTHER_DOCUMENT}') then 'other_document'
        else 'invalid' end"""


def kind() -> str:
    """Return SQL for what document a number is of; a certificate is one even where the number inside it is wrong."""
    forms = {"hmt_travel_permit": HMT_TRAVEL_PERMIT, "hmt_identity_card": HMT_IDENTITY_CARD, "passport": PASSPORT}
    shaped = " ".join(f"when regexp_full_match(bare, '{form}') then '{name}'" for name, form in forms.items())
    return f"""case
        when is_certificate or is_short_certificate then 'disability_certificate'
        when is_valid and left(core, 2) in ('81', '82', '83') then 'hmt_residence_permit'
        when is_valid then 'citizen'
        when is_foreigner or regexp_full_match(bare, '{OLD_FOREIGNER_PERMIT}') then 'foreigner_permit'
        {shaped} when id_state = 'other_document' then 'other' end"""


def digits_and_mask(bare: str) -> str:
    """Return SQL for the digits of an unusable number, each masked place as *."""
    kept = f"regexp_replace(regexp_replace({bare}, '[X?](.)', '*\\1', 'g'), '[^\\dX*]', '', 'g')"
    rounded = f"rpad(split_part({bare}, 'E', 1), right({bare}, 2)::integer + 1, '*')"
    plain = f"nullif(regexp_replace({bare}, '[^\\dX]', '', 'g'), '')"
    return f"""case
        when id_state = 'invalid' then {plain} when regexp_full_match({bare}, '{ROUNDED}') then {rounded} else {kept} end"""
