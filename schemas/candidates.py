"""What leaves the run: people and households worth a visit, with reasons and questions."""

from __future__ import annotations

from schemas.contract import Table, flag, money, one_of, share, text, whole
from schemas.findings import UNITS

CANDIDATE = Table(
    "candidate",
    row="one person or household worth visiting for one programme; an invitation to visit, never a decision",
    key=("candidate_id",),
    columns=(
        text("candidate_id", "programme and unit, the same next month", required=True),
        text("programme_id", "programme", required=True),
        one_of("unit", UNITS, "what is a candidate", required=True),
        text("unit_id", "person_id or household_id", required=True),
        text("person_id", "whom to ask for", required=True),
        text("household_id", "where they live"),
        text("township_code", "whose list it goes on; null where no source knows"),
        text("village_code", "village or community"),
        share("probability", "that the unit is entitled and not served, estimated from what is known", required=True),
        money("benefit_month_yuan", "what a month of the programme would bring, where the standard says"),
        money(
            "line_distance_yuan",
            "how much a head and month the income seen is below the line, negative above it; an upper bound where income is "
            "not declared; null where no line decides or no income is seen",
        ),
        whole("unknown_count", "criteria the data cannot settle", required=True),
        text("reasons_zh", "why it is listed, in Chinese", required=True),
        text("reasons_en", "the same in English", required=True),
        text("questions_zh", "what to ask, most telling first, one a line", required=True),
        text("questions_en", "the same in English", required=True),
        text("deciding_link", "the one uncertain link the verdict hangs on; null where none"),
        share("link_probability", "weakest link among the facts used", required=True),
        whole("rank", "1 is visited first, within the township", required=True),
        flag("is_within_capacity", "within this month's visiting capacity of the township", required=True),
        flag("is_random_share", "listed by the random share rather than by rank", required=True),
        flag("rests_on_unconfirmed", "a figure used is not confirmed against its published source", required=True),
    ),
)

OUTCOMES_ZH = (
    "符合条件—已启动申请",
    "符合条件—本人放弃",
    "已享受救助",
    "收入或财产超标",
    "不在本地居住",
    "已死亡",
    "查无此人",
    "重复线索",
    "数据有误（退回更正）",
    "转介其他部门",
    "继续观察",
)

LIST_COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("序号", "No.", 6),
    ("线索编号", "Lead id", 18),
    ("姓名", "Name", 12),
    ("身份证号（脱敏）", "Masked id number", 22),
    ("村（社区）", "Village or community", 18),
    ("住址", "Address", 28),
    ("联系电话", "Phone", 15),
    ("拟核查项目", "Programme", 18),
    ("列入理由", "Why listed", 46),
    ("入户核查问题", "Questions for the visit", 46),
    ("走访时限", "Visit by", 12),
    ("走访日期", "Visited on", 12),
    ("走访人（两人）", "Visitors (two)", 16),
    ("走访结果", "Outcome", 22),
    ("备注", "Notes", 24),
)
