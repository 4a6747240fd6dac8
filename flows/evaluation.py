"""A month held against the truth of a simulated county: values, links, households, candidates, calibration, visits."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.outputs.evaluation_tables import tables_of
from flows.settings import RunSettings
from matchers.errors import DeliveryError, MissingTableError
from matchers.quality.accuracy import Subset, count_pairs, measures
from matchers.quality.discovery import (
    best_households,
    bin_calibration,
    calibration_of_groups,
    explain_misses,
    found_and_missed,
    hold_candidates_against_truth,
    lost_ways,
    visits,
    wrong_candidates,
)
from matchers.quality.standardised import check_values, judge_names, name_pairs_query
from matchers.quality.truth import (
    StatedRole,
    group_people,
    name_households,
    name_persons,
    name_records,
    overlay_truth,
)
from matchers.stage import keep
from schemas.truth import GROUPS, MISS_CAUSES, PAIR_COUNT, TRUE_NAME, VALUE_CHECK

TRUTH = ("row_person", "person", "identity", "entitlement")
READ = ("std_record", "person_record", "person", "household", "household_member", "finding", "served", "candidate")
# What candidates are told apart by, and how many entitled make a group large enough to be called the worst.
CANDIDATE_GROUPS = (*GROUPS, "township")
LEAST_GROUP = 20
Result = dict[str, Any]


def evaluate(home: Path, truth: Path, month: str, capacity_share: float = 0.01) -> Result:
    """Return every measure of a finished month against its truth, as JSON-able counts and shares."""
    run = RunSettings(home=home, month=month)
    with TemporaryDirectory() as scratch, DuckEngine(memory=run.memory, scratch=Path(scratch)) as db:
        open_truth(db, truth, month)
        lake = open_month(run, db)
        name_records(db, stated_roles(lake, db))
        keep(db, TRUE_NAME, judge_names(db.rows(name_pairs_query())))
        check_values(db)
        group_people(db, run.day)
        name_persons(db)
        name_households(db)
        overlay_truth(db)
        count_pairs(db, subsets(db))
        hold_candidates_against_truth(db)
        bin_calibration(db)
        explain_misses(db)
        return {
            "month": month,
            "known": known(db),
            "values": value_measures(db),
            "linkage": pair_measures(db, "person"),
            "households": pair_measures(db, "household"),
            "candidates": candidate_measures(db),
            "calibration": calibration(db),
            "calibration_by_group": [
                {"group": topic, "item": item, "candidates": candidates, "expected_calibration_error": error}
                for topic in CANDIDATE_GROUPS
                for item, candidates, error in db.rows(calibration_of_groups(topic))
            ],
            "visits": visit_measures(db, capacity_share),
        }


def print_evaluation(console: Console, result: Result) -> None:
    """Print the measures as tables."""
    for table in tables_of(result):
        console.print(table)


def open_month(run: RunSettings, db: DuckEngine) -> Lake:
    """Let the finished tables of the month stand in the session; raises MissingTableError where the month was not run."""
    lake = Lake(run.home, run.home / "work" / "evaluate", run.month)
    for table in READ:
        if not lake.has(table):
            raise MissingTableError(f"{table} of {run.month} is not in the lake of {run.home}. Run the month first.")
        lake.read(db, table)
    return lake


def open_truth(db: DuckEngine, truth: Path, month: str) -> None:
    """Let the truth files of the month stand in the session."""
    for name in TRUTH:
        file = truth / f"{name}-{month}.parquet"
        if not file.exists():
            raise DeliveryError(
                f"{file.name} is not in {truth}. Truth comes with `zhaoren simulate`, in its folder truth."
            )
        db.view(f"truth_{name}", str(file))


def stated_roles(lake: Lake, db: DuckEngine) -> tuple[StatedRole, ...]:
    """Let the loaded tables stand in the session; return every role the truth knows of them."""
    found = []
    for source, role in db.rows("select distinct source_id, role from truth_row_person order by all"):
        if not lake.has(f"raw_{source}"):
            continue
        lake.read(db, f"raw_{source}")
        own = f"record_id_{role}"
        column = own if own in db.column_types(f"raw_{source}") else "record_id"
        found.append(StatedRole(source, role, column))
    if not found:
        raise MissingTableError("none of the sources the truth speaks of is in the lake. Run the month first.")
    return tuple(found)


def subsets(db: DuckEngine) -> tuple[Subset, ...]:
    """Return every group that occurs, for persons and households."""
    found = [Subset("person", topic, "") for topic in ("overall", "with_valid_id", "one_valid_id", "without_valid_id")]
    for what, topics in (("person", (*GROUPS, "source_id")), ("household", GROUPS)):
        if what == "household":
            found.append(Subset("household", "overall", ""))
        for topic in topics:
            values = db.rows(f"select distinct {topic} from overlap where what = '{what}' order by 1")
            found += [Subset(what, topic, value) for (value,) in values]
    return tuple(found)


def known(db: DuckEngine) -> Result:
    """Return how many of the living some source knows at all; nobody else can be found."""
    alive, found = db.rows(
        "select count(*), count(*) filter (where person_no in (select person_no from true_person)) "
        "from true_group where is_alive"
    )[0]
    split = db.rows("select count(*) from true_person where not is_main")[0][0]
    return {"alive": alive, "known": found, "persons_that_are_a_second_self": split}


def value_measures(db: DuckEngine) -> list[Result]:
    """Return per field, over all sources (source empty) and each, what of the stated values was recovered or made up."""
    names = ("field", "source", *VALUE_CHECK.column_names[2:])
    counts = ", ".join(f"sum({name})::bigint" for name in names[2:])
    rows = db.rows(
        f"select field, coalesce(source_id, ''), {counts} from {VALUE_CHECK.name} "
        "group by grouping sets ((field), (field, source_id)) order by field desc, 2"
    )
    made = [dict(zip(names, row, strict=True)) for row in rows]
    return [{**row, "right_share": share(row["right_count"], row["recoverable_count"], 6)} for row in made]


def pair_measures(db: DuckEngine, what: str) -> list[Result]:
    """Return pair and cluster measures per group."""
    names = PAIR_COUNT.column_names
    rows = db.rows(
        f"select {', '.join(names)} from pair_count where what = '{what}' order by topic <> 'overall', topic, item"
    )
    made = []
    for values in rows:
        row = dict(zip(names, values, strict=True))
        made.append(
            {
                "topic": row["topic"],
                "item": row["item"],
                "units": row["unit_count"],
                "pairs": measures(row["right_pairs"], row["found_pairs"], row["true_pairs"]),
                "clusters": measures(row["right_clusters"], row["found_clusters"], row["true_clusters"]),
            }
        )
    return made


def candidate_measures(db: DuckEngine) -> Result:
    """Return what was found and missed per programme, per group, and what wrong candidates are."""
    programmes, groups = found_rows(db, None), {group: found_rows(db, group) for group in CANDIDATE_GROUPS}
    unjudged = """
        select distinct programme_id from candidate
        where programme_id not in (select programme_id from truth_entitlement) order by 1
    """
    wrong: dict[str, dict[str, int]] = {}
    for programme, reason, number in db.rows(wrong_candidates()):
        wrong.setdefault(programme, {})[reason] = number
    return {
        "by_programme": programmes,
        "by_group": groups,
        "worst_groups": worst_groups(groups),
        "wrong": wrong,
        "missed": missed_measures(db, programmes),
        "without_truth": [name for (name,) in db.rows(unjudged)],
    }


def missed_measures(db: DuckEngine, programmes: list[Result]) -> list[Result]:
    """Return per programme (null: all) how the missed were lost, and the shares wrongly held served or excluded."""
    lost = db.rows(lost_ways())
    made = []
    for row in programmes:
        own = [
            (cause, criteria, number)
            for programme, cause, criteria, number in lost
            if row["programme"] in (None, programme)
        ]
        ways = {name: sum(number for cause, _, number in own if cause == name) for name in MISS_CAUSES}
        made.append(
            {
                "programme": row["programme"],
                "entitled_and_unserved": row["entitled_and_unserved"],
                **ways,
                "wrongly_served_share": share(ways["served"], row["entitled_and_unserved"]),
                "wrongly_excluded_share": share(ways["excluded"], row["entitled_and_unserved"]),
                "excluded_by": {criteria: number for _, criteria, number in own if criteria},
            }
        )
    return made


def worst_groups(groups: dict[str, list[Result]]) -> list[Result]:
    """Return per programme (null: all) and grouping the group with the lowest recall, of those with enough entitled."""
    made = []
    for topic, rows in groups.items():
        for programme in dict.fromkeys(row["programme"] for row in rows):
            large = [
                row for row in rows if row["programme"] == programme and row["entitled_and_unserved"] >= LEAST_GROUP
            ]
            if large:
                worst = min(large, key=lambda row: (row["recall"], row["item"]))
                kept = ("programme", "item", "entitled_and_unserved", "recall", "candidates", "precision")
                made.append({"group": topic, **{name: worst[name] for name in kept}})
    return sorted(made, key=lambda row: (row["programme"] or "", row["recall"], row["group"]))


def found_rows(db: DuckEngine, topic: str | None) -> list[Result]:
    """Return precision and recall per programme (null: all programmes) and value of a group."""
    made = []
    for programme, item, candidates, right, entitled, found, listed, right_listed in db.rows(found_and_missed(topic)):
        made.append(
            {
                "programme": programme,
                "item": item,
                "candidates": candidates,
                "precision": share(right, candidates),
                "entitled_and_unserved": entitled,
                "found": found,
                "recall": share(found, entitled),
                "listed": listed,
                "listed_precision": share(right_listed, listed),
            }
        )
    return made


def calibration(db: DuckEngine) -> list[Result]:
    """Return expected calibration error and Brier score per programme (empty: all), with the ten bins."""
    names = ("programme_id", "bin", "candidate_count", "mean_probability", "true_share", "squared_error")
    rows = [
        dict(zip(names, row, strict=True))
        for row in db.rows(f"select {', '.join(names)} from calibration_bin order by 1, 2")
    ]
    made = []
    for programme in dict.fromkeys(row["programme_id"] for row in rows):
        bins = [row for row in rows if row["programme_id"] == programme]
        total = sum(row["candidate_count"] for row in bins)
        gaps = sum(row["candidate_count"] * abs(row["mean_probability"] - row["true_share"]) for row in bins)
        brier = sum(row["squared_error"] for row in bins)
        made.append(
            {
                "programme": programme,
                "candidates": total,
                "expected_calibration_error": round(gaps / total, 4),
                "brier": round(brier / total, 4),
                "bins": [{key: row[key] for key in names[1:5]} for row in bins],
            }
        )
    return made


def visit_measures(db: DuckEngine, capacity_share: float) -> Result:
    """Return households visited and hit: the list by rank, the random share, and a given capacity."""
    asked = {
        "listed_by_rank": visits("is_within_capacity and not is_random_share"),
        "listed_at_random": visits("is_random_share"),
        "all_candidates": visits("true"),
        "at_capacity": best_households(capacity_share),
    }
    made: Result = {"capacity_share": capacity_share}
    for name, query in asked.items():
        visited, hit = db.rows(query)[0]
        made[name] = {"households": visited, "hit": hit, "hit_rate": share(hit, visited)}
    return made


def share(part: int, whole: int, digits: int = 4) -> float | None:
    """Return a share; None where there is nothing to measure."""
    return round(part / whole, digits) if whole else None
