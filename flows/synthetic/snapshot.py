"""What the simulated world hands to the simulated departments: the true state of one chunk of people in one month."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Snapshot:
    """The true state of one chunk at the end of one month; every frame holds this chunk only.

    `persons`, one row per person ever alive in the chunk up to this month (index = position):
      person_no int64 (unique in the county) · household_no int64 (who really lives together) ·
      book_no int64 (household-register book; split registrations make it differ from household_no; -1 not registered here) ·
      book_relation str (GB/T 4761 code within the book) · full_name str · former_name str|None (before a renaming) ·
      sex int (1, 2) · birth_date datetime64[ns] · ethnicity_code str · national_id str (18, true) ·
      id15 str|None (15-digit leftover an old file may still hold) · old_national_id str|None (number before a correction) ·
      phone str|None · township_code str · township_name str · village_code str · village_name str · is_rural bool ·
      address str (below the village: group/street/house number) · hukou_village_code str|None ·
      is_migrant_out bool (registered here, lives elsewhere) · is_migrant_in bool (lives here, registered elsewhere) ·
      is_alive bool · death_date datetime64 · is_cremated bool · father_no, mother_no, spouse_no int64 (-1 none or unknown) ·
      guardian1_no, guardian2_no int64 · marriage_date datetime64 · divorce_date datetime64 · marital str (10, 20, 30, 40) ·
      job str (employee, flexible, farmer, none, student, retired, child) · employer str|None · job_lost_date datetime64 ·
      is_registered_unemployed bool · wage_month, business_month, property_month, pension_month, basic_pension_month,
      unemployment_month float (yuan, the current month; the basic pension is part of pension_month) · pension_kind str|None
      (employee, resident) · counted_income_year float (last 12 months, the four legal kinds, exempt incomes left out) ·
      disability_type int (0 none, 1-7) · disability_level int (0, 1-4) · cert_issue_date, cert_valid_to datetime64 ·
      cert_status str|None (valid, cancelled) · severe_illness bool · severe_illness_code str|None · self_care int (0-6 items unable) ·
      school_stage str|None (primary, junior, senior, vocational, university) · school str|None · grade int · boards bool ·
      insured_kind str|None (employee, resident) · insured_no str|None ·
      is_missing_contact, is_imprisoned bool (for the child rule) · state_since datetime64
      Also: former_spouse_no int64 (divorced or dead) · is_counted bool (a member in the sense of the subsistence rules) ·
      is_left_behind bool (parents away, kept by grandparents) · is_collective_book bool · shares_number bool (one number,
      two people) · support_month float (from children elsewhere; counted, in no department's list) · children_away int
      (grown children who left the county). book_relation is '' for whoever is registered elsewhere.
    `households`, one row per true household: household_no · deposits float · vehicle_count · vehicle_is_exempt bool ·
      house_count · house_grade str|None (A-D, rural) · has_company bool · land_mu float · rents_public bool ·
      public_rental_month float · anti_relapse_class str|None · anti_relapse_date datetime64 · disaster_date datetime64|NaT ·
      disaster_name str|None · disaster_loss float · head_no int64 (whom the rolls name) · member_count int (counted)
    `settlements`, one row per medical settlement of the last 12 months that is known this month:
      person_no · settlement_no str · settled_at datetime64 · med_type str (outpatient, chronic, inpatient) · total float ·
      in_scope float · fund_basic float · fund_large float · fund_serious float · aid float · own_part float · disease_code str ·
      is_reversal bool (the negative half of a reversal pair) · reported_month str (YYYY-MM in which the department learns of it)
    `entitlement`, one row per programme and entitled or receiving unit (orphan_allowance too, which is paid but is none of
      the screened programmes and not in the truth files): programme_id · unit (person, household) ·
      person_no (the person, or the household's head) · household_no · is_entitled bool · is_receiving bool ·
      amount_month float · since datetime64 (receipt) · roll_no str
    """

    month: str
    chunk: int
    persons: pd.DataFrame
    households: pd.DataFrame
    settlements: pd.DataFrame
    entitlement: pd.DataFrame
