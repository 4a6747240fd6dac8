"""The townships and villages of the county: the same for every chunk, each village living in one chunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.synthetic.world.columns import Array, texts, words
from flows.synthetic.world.plan import WorldPlan

TOWNSHIPS = (
    ("100", "依兰镇"),
    ("101", "达连河镇"),
    ("102", "江湾镇"),
    ("103", "三道岗镇"),
    ("104", "道台桥镇"),
    ("105", "宏克力镇"),
    ("200", "团山子乡"),
    ("201", "愚公乡"),
    ("202", "迎兰朝鲜族乡"),
)
"""The nine townships of Yilan; codes follow the national pattern (towns from 100, townships from 200)."""
VILLAGES = words(
    "红旗 红星 红光 红岩 向阳 东风 胜利 团结 前进 先锋 民主 民权 民安 永丰 永安 永胜 永兴 永发 "
    "永和 永平 永乐 福兴 福利 福安 福山 福民 太平 太安 太和 太利 长兴 长安 长发 长胜 长山 新兴 "
    "新民 新立 新发 新胜 新华 新合 新安 新城 新建 东兴 东升 东安 东胜 东河 东岗 西兴 西山 西林 "
    "西岗 南山 南河 北山 北星 双龙 双河 双山 双兴 双丰 双合 三合 三星 三道 四合 四平 五星 靠山 "
    "靠河 临江 临河 沿江 沿河 江东 江南 江北 江西 河东 河西 河南 河北 大兴 大林 大成 大安 平安 "
    "平原 平房 安乐 安山 安平 和平 和兴 宏伟 宏图 宏丰 宏江 宏华 祥顺 庆安 庆丰 金沟 金星 金山 "
    "金河 富强 富民 富国 富江 光明 光华 建国 建设 建民 建新 兴隆 兴旺 兴华 兴国 德胜 德兴 德安 "
    "吉兴 吉祥 万兴 万宝 万发 顺山 顺河 复兴 共和 共荣 联合 曙光 朝阳 卫国 保安 保国 解放 爱国 "
    "幸福 丰收 丰产 丰林 青山 青松 松江 松林 柳树 榆树 桦林 杨树 梨树 马家 杨家 袁家 李家 王家 "
    "张家 刘家 孙家 徐家 于家 高家 吴家 许家 崔家 二道 头道 小河 大沟 二龙 石头 石场 鱼汇 渔业 "
    "倭肯 巴兰 "
)
"""Names of villages as they repeat all over the north-east: 红旗 is found in many townships, once in each."""
COMMUNITIES = words(
    "中心 松江 通河 健康 建设 文化 靖安 北山 东顺 五国城 站前 朝阳 和平 繁荣 育才 光明 幸福 振兴 江滨 友谊"
)
PEOPLE_PER_VILLAGE = 1_500
URBAN_SHARE = 0.34
"""Share of people in residents' communities; 44 % of Yilan's residents were urban in 2020, small towns included."""


@dataclass(frozen=True)
class Places:
    """Villages and communities, one position each: what an address is made of, and how many people live there."""

    township_code: Array
    township_name: Array
    village_code: Array
    village_name: Array
    is_rural: Array
    is_korean: Array
    weight: Array


def places_of(plan: WorldPlan, chunk: int) -> Places:
    """The villages and communities whose people are in this chunk: every chunk has both kinds."""
    county = _county(plan)
    mine = np.arange(len(county.weight)) % plan.chunk_count == chunk
    return Places(**{name: column[mine] for name, column in vars(county).items()})


def _county(plan: WorldPlan) -> Places:
    """All villages: rural ones over all townships, communities in the two biggest towns, dealt out chunk by chunk."""
    draws = plan.draws(-1, "places")
    per_chunk = max(4, min(plan.chunk_size, plan.people) // PEOPLE_PER_VILLAGE)
    urban_per_chunk = max(1, round(per_chunk * URBAN_SHARE * 0.75))
    count = per_chunk * plan.chunk_count
    round_number, chunk = np.divmod(np.arange(count), plan.chunk_count)
    is_rural = round_number >= urban_per_chunk
    # townships in turn, so that every chunk has villages in most of them
    rural_township = (round_number + chunk + int(draws.integers(0, 9))) % len(TOWNSHIPS)
    township = np.where(is_rural, rural_township, np.where(draws.random(count) < 0.8, 0, 1))
    names = _village_names(draws, is_rural, township)
    serial = _serial_in(township, is_rural)
    codes = [f"{plan.area_code}{TOWNSHIPS[t][0]}{s:03d}" for t, s in zip(township, serial, strict=True)]
    weight = draws.lognormal(0, 0.35, count) * np.where(is_rural, 1.0, 1.35)
    return Places(
        township_code=texts([plan.area_code + TOWNSHIPS[t][0] for t in township]),
        township_name=texts([TOWNSHIPS[t][1] for t in township]),
        village_code=texts([*codes]),
        village_name=texts([*names]),
        is_rural=is_rural,
        is_korean=is_rural & (township == 8) & (draws.random(count) < 0.25),
        weight=weight,
    )


def _serial_in(township: Array, is_rural: Array) -> list[int]:
    """Communities count from 001, villages from 200, within their township."""
    counters = {(t, rural): (200 if rural else 1) for t in range(len(TOWNSHIPS)) for rural in (False, True)}
    serial = []
    for t, rural in zip(township.tolist(), is_rural.tolist(), strict=True):
        serial.append(counters[t, rural])
        counters[t, rural] += 1
    return serial


def _village_names(draws: np.random.Generator, is_rural: Array, township: Array) -> list[str]:
    """Names usual in the north-east, no two alike within a township."""
    order = draws.permutation(len(VILLAGES))
    taken: dict[int, int] = {}
    names = []
    for rural, home in zip(is_rural.tolist(), township.tolist(), strict=True):
        serial = taken[home] = taken.get(home, -1) + 1
        names.append(_village(serial, order[(serial + 41 * home) % len(VILLAGES)]) if rural else _community(serial))
    return names


def _village(serial: int, stem: int) -> str:
    """A village's name; a township with more villages than names has 新红旗村 too."""
    return f"{'新' * (serial // len(VILLAGES))}{VILLAGES[stem]}村"


def _community(serial: int) -> str:
    """The n-th community of a town: 中心社区, … 中心第二社区."""
    round_number, place = divmod(serial, len(COMMUNITIES))
    suffix = "" if round_number == 0 else f"第{'二三四五六七八九十'[min(round_number - 1, 8)]}"
    return f"{COMMUNITIES[place]}{suffix}社区"
