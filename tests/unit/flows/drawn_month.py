"""Rows of the hand-made month that need no other rows."""

from __future__ import annotations

Row = dict[str, object]


def deliveries() -> list[Row]:
    """Return two sources that came and one that did not."""
    came: list[Row] = [
        {
            "source_id": source,
            **{"state": "delivered", "file_month": "2026-10", "as_of_date": "2026-10-31"},
            **{"file_name": f"{source}.csv", "sha256": "0" * 64},
            "encoding": "gb18030",
            "delivered_count": 63 if source == "population_register" else 60,
            "loaded_count": 60,
            "quarantined_count": 3 if source == "population_register" else 0,
            "record_count": 60,
        }
        for source in ("population_register", "disability_certificate")
    ]
    counts: Row = dict.fromkeys(("delivered_count", "loaded_count", "quarantined_count", "record_count"), 0)
    return [*came, {"source_id": "cremation", "state": "missing", "note": "not delivered", **counts}]


def signals() -> list[Row]:
    """Return one early warning of each grade in two townships, and one no source can place."""
    drawn = (
        ("own_medical_high", "red", "outside", "refer", 4, "230123102", "医保"),
        ("disaster_struck", "orange", "inside", "deliver", 5, "230123102", "应急"),
        ("lately_left", "yellow", "left", "refer", 0, "230123101", "民政"),
        ("recheck_deceased", "orange", "inside", "recheck", 8, None, "民政"),
    )
    return [
        {
            "signal_id": f"S{place:03d}", "indicator_id": indicator, "unit": "person", "unit_id": f"P{person:04d}",
            "person_id": f"P{person:04d}", "household_id": f"H{person // 4:04d}", "township_code": township,
            "village_code": f"{township}201" if township else None, "population": population,
            "standing": {"outside": "none", "left": "left"}.get(population, "subsistence_allowance"), "grade": grade,
            "visit_due_date": {"red": "2026-11-06", "orange": "2026-11-13", "yellow": "2026-11-20"}[grade],
            "disposition": disposition, "department": department, "is_new": True, "has_unknown": False, "authority": "drawn",
            "is_confirmed": place != 1, "link_probability": 1.0,
        }
        for place, (indicator, grade, population, disposition, person, township, department) in enumerate(drawn)
    ]  # fmt: skip
