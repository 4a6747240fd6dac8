"""Splink 5 on one set of the FEBRL generator; run by its own Python. Imports nothing of this project.

Rules and comparisons are a knowing user's, by column; parameters are learnt without labels, as its documentation shows.
"""

from __future__ import annotations

import sys

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

NUMBERS = ("date_of_birth", "soc_sec_id", "phone_number")
RULES = (
    ("soc_sec_id",),
    ("surname", "date_of_birth"),
    ("given_name", "date_of_birth"),
    ("phone_number",),
    ("surname", "postcode"),
    ("given_name", "postcode", "street_number"),
    ("substr(given_name,1,3)", "substr(surname,1,3)", "substr(date_of_birth,1,4)"),
    ("address_1", "street_number"),
    ("date_of_birth", "postcode"),
)


def main(folder: str) -> None:
    """Train, predict and cluster; who starts it takes the time and the memory of the whole process."""
    con = duckdb.connect()
    con.execute("set threads=2")
    api = DuckDBAPI(con)
    people = api.register(con.sql(f"select * from '{folder}/records.parquet'").to_arrow_table())
    comparisons = [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        *(cl.DamerauLevenshteinAtThresholds(column, [1, 2]) for column in NUMBERS),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address_1", [0.9]),
        cl.JaroWinklerAtThresholds("suburb", [0.9]),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in RULES],
        comparisons=comparisons,
    )
    linker = Linker(people, settings)
    certain = [block_on("soc_sec_id", "surname"), block_on("given_name", "surname", "date_of_birth")]
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.4)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block_on("soc_sec_id"), block_on("given_name", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
    pairs = linker.inference.predict(threshold_match_weight=-8)
    linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.95)


if __name__ == "__main__":
    main(sys.argv[1])
