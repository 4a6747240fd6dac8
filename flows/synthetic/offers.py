"""What the simulated county's departments and charities offer; every name and number is made up."""

from __future__ import annotations

from pathlib import Path

import yaml

from flows.synthetic.world.places import TOWNSHIPS

AREA = "230123"
SOURCE = "模拟数据"
HOMES = (("100", 12), ("102", 3), ("104", 5), ("202", None))  # care homes by township; one has not said its places


def write_offers(file: Path, month: str) -> None:
    """Write the catalogue of offers as an office would keep it."""
    names = dict(TOWNSHIPS)
    homes = [
        {
            "name": {"zh": f"{names[code]}敬老院集中供养", "en": f"Care home, {AREA}{code}"},
            "provider": {"zh": "县民政局（模拟）", "en": "Civil affairs (simulated)"},
            "kind": "department",
            "serves": ["extreme_difficulty"],
            "township_code": AREA + code,
            "places": places,
        }
        for code, places in HOMES
    ]
    county = [
        (
            "残疾儿童康复救助名额",
            "Rehabilitation of disabled children",
            "县残联（模拟）",
            "department",
            "child_rehabilitation",
            20,
        ),
        ("大病慈善援助", "Charity for the seriously ill", "县慈善总会（模拟）", "charity", "medical_aid", 30),
        ("助学金", "Study grants", "县慈善总会（模拟）", "charity", "education_aid", None),
    ]
    wide = [
        {
            "name": {"zh": zh, "en": en},
            "provider": {"zh": by, "en": f"{kind} (simulated)"},
            "kind": kind,
            "serves": [served],
            "places": places,
        }
        for zh, en, by, kind, served, places in county
    ]
    offers = [{**offer, "as_of": f"{month}-01", "source": SOURCE} for offer in (*homes, *wide)]
    file.write_text(yaml.safe_dump({"offers": offers}, allow_unicode=True, sort_keys=False), encoding="utf-8")
