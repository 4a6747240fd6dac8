"""Names as departments write them down."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import opencc
import pyarrow as pa
import pyarrow.compute as pc
from pypinyin import lazy_pinyin

from flows.synthetic.deliveries.chance import Chance, Mask, Numbers
from flows.synthetic.deliveries.citizen_numbers import Entry, has
from flows.synthetic.deliveries.columns import join, mask, put, rewrite, take
from flows.synthetic.deliveries.errors import Rates
from flows.synthetic.deliveries.people import RARE, People

# Characters met in given names; those that sound alike are taken for one another.
COMMON = (
    "伟玮维卫炜苇芳方坊舫娜那娜秀绣岫敏闵旻闽静婧净靖敬丽莉立俐莅利力强蔷磊蕾雷累军君俊均钧骏洋阳扬杨勇永咏泳艳燕雁彦妍岩延"
    "杰洁捷婕涛韬桃陶明铭鸣茗名超朝潮霞侠遐夏平萍苹坪刚钢纲岗桂贵英瑛莹颖影红宏洪鸿虹弘华桦骅花国果玉宇雨羽育裕昱春纯淳"
    "梅美媚枚珍真贞臻振震辉晖慧惠卉会建健剑坚兰岚蓝澜志智芝之知文雯闻纹新欣鑫心辛馨龙隆泷波博伯勃海亥林琳霖麟淋云芸运韵"
    "生胜升盛圣飞菲斐霏凤奉峰锋丰枫风金锦进晋瑾成诚城程承晨辰德得东冬栋董学雪清青庆卿晴佳家嘉加佩培沛月悦岳跃福富甫付"
    "荣容蓉融祥翔香湘向兴星杏兵斌冰彬宾广光广根耕财才彩菜凡帆范繁浩皓昊豪荷河和贺江姜疆娇姣骄焦娟涓鹃卷康抗可科克坤昆"
    "莲连廉联良亮梁粮玲灵凌铃岭菱满曼民岷鹏朋彭琴勤秦芹全泉权荃森善珊山少绍邵树淑书舒顺舜思斯丝松颂素苏堂唐棠天田甜婷亭"
    "庭廷薇微威巍祖租先贤仙宪晓小肖潇萧旭序绪宣轩璇萱亚雅雁义艺怡仪依易毅益逸翼银寅音友有佑元圆源园媛远忠中钟仲珠竹朱"
)
ALIKE = (
    "琳淋 洁浩 娟捐 辉挥 钢纲 峰锋 慧彗 玫玖 凤风 春舂 宇字 祥详 刘列 张弛 陈阵 杨扬 玉王 晴睛 梅侮 伟纬 静净 敏繁 强弦 磊垒 军车 "
    "勇男 艳绝 涛铸 明朋 超起 秀季 霞霎 平乎 刚则 桂佳 英芙 兰三 红江 国园 海悔 建健 志忘 文交 新斩 波坡 林材 云去 生主 飞乙 金全 "
    "成戎 德得 东车 学字 佳佳 福富 荣菜 广厂 财材 凡几 浩洁 江汪 康唐 莲连 良艮 玲铃 民氏 鹏鸥 琴琹 全金 树村 淑椒 思恩 松杉 天夭 "
    "婷停 薇微 贤览 晓哓 旭旮 亚业 义叉 友反 元无 圆园 源原 忠患 珍诊 芳芬 丽册 俊峻 杰木 龙尤 月目 永水 士土 未末 己已 日曰 人入 力刀"
)
REMARKS = ("（户主）", "（大）", "(小)", "（二组）", "*", "（代）")
SHAPES = {a: b for pair in ALIKE.split() for a, b in ((pair[0], pair[1]), (pair[1], pair[0]))}
RARE_CHARACTER = re.compile(re.sub(r"\\x\{([0-9A-F]+)\}", lambda found: f"{chr(int(found[1], 16))}", RARE))


@lru_cache(maxsize=1)
def homophones() -> dict[str, str]:
    """Return for each common character the others that sound like it, tones aside."""
    by_sound: dict[str, list[str]] = {}
    for character in dict.fromkeys(COMMON):
        by_sound.setdefault(lazy_pinyin(character)[0], []).append(character)
    return {one: "".join(each for each in alike if each != one) for alike in by_sound.values() for one in alike}


@lru_cache(maxsize=1)
def to_traditional() -> opencc.OpenCC:
    """Return the converter, made once."""
    return opencc.OpenCC("s2t")


def sounds_alike(name: str, luck: int) -> str:
    """Return the name with one character of the given name written as another of the same sound."""
    places = [place for place in range(len(name) - 1, 0, -1) if homophones().get(name[place])]
    return swap(name, places, luck, lambda one: homophones()[one][luck // 7 % len(homophones()[one])])


def looks_alike(name: str, luck: int) -> str:
    """Return the name with one character of the given name misread."""
    places = [place for place in range(len(name) - 1, 0, -1) if name[place] in SHAPES]
    return swap(name, places, luck, lambda one: SHAPES[one]) if places else sounds_alike(name, luck)


def swap(name: str, places: list[int], luck: int, change: Callable[[str], str]) -> str:
    """Return the name with the character at one of the places changed; unchanged where there is no place."""
    if not places:
        return name
    place = places[luck % len(places)]
    return name[:place] + change(name[place]) + name[place + 1 :]


def spaced(name: str, luck: int) -> str:
    """Return a two-character name spread over three places, as old printouts align them; others with a blank behind."""
    return f"{name[0]}{'　 '[luck % 2]}{name[1]}" if len(name) == 2 else f"{name} "


def remarked(name: str, luck: int) -> str:
    """Return the name with a clerk's remark behind it."""
    return name + REMARKS[luck % len(REMARKS)]


Change = Callable[[str, int], str]
SLIPS: tuple[tuple[str, Change], ...] = (
    ("homophone", sounds_alike),
    ("shape", looks_alike),
    ("traditional", lambda name, luck: str(to_traditional().convert(name))),
    ("blank_in_name", spaced),
    ("remark", remarked),
)


def rare_written(name: str, way: str) -> str:
    """Return the name as a system writes it that cannot hold a rare character."""
    return RARE_CHARACTER.sub(lambda found: lazy_pinyin(found[0])[0] if way == "pinyin" else way, name)


def write_names(people: People, entry: Entry, chance: Chance, rates: Rates) -> pa.Array:
    """Return the name as this source states it for each entry; null where nobody is entered."""
    names = take(people.text("full_name"), entry.positions)
    there = entry.positions >= 0
    renamed = has(people, "former_name", entry) & chance.happens("former", entry.keys, rates.former)
    names = put(names, renamed, take(people.text("former_name"), entry.positions[renamed]))
    rare = there & people.has_rare[entry.positions] & ~renamed & chance.happens("rare", entry.keys, rates.rare)
    names = rewrite(names, rare, lambda name: rare_written(name, rates.rare_as))
    dotted = there & people.has_dot[entry.positions] & chance.happens("dot", entry.keys, rates.dot_rate)
    names = rewrite(names, dotted, lambda name: name.replace("·", rates.dot))
    names = slip(names, entry.keys, chance, rates)
    dead = there & ~people.is_alive[entry.positions] & chance.happens("dead_remark", entry.keys, rates.dead_remark)
    return put(names, dead, join(names.filter(pa.array(dead)), "（已故）"))


def slip(names: pa.Array, keys: Numbers, chance: Chance, rates: Rates) -> pa.Array:
    """Return the names with this source's slips of the pen, at most one per name."""
    edges = np.cumsum([getattr(rates, name) for name, _ in SLIPS])
    kinds = np.searchsorted(edges, chance.share("name", keys), side="right")
    hit = (kinds < len(SLIPS)) & mask(names.is_valid())
    if not hit.any():
        return names
    luck = chance.whole("name luck", keys[hit], 1 << 20).tolist()
    written = zip(names.filter(pa.array(hit)).to_pylist(), kinds[hit].tolist(), luck, strict=True)
    return put(names, hit, pa.array([SLIPS[kind][1](name, chosen) for name, kind, chosen in written], pa.string()))


def of_newborn(people: People, entry: Entry, unnamed: Mask) -> pa.Array:
    """Return how a baby without a name is called: the mother's name and "her son" or "her daughter"."""
    babies = entry.positions[unnamed]
    mothers = take(people.text("full_name"), people.related("mother_no")[babies])
    words = pa.array(["之女", "之子"]).take(pa.array(people.is_male[babies].astype(np.int64)))
    return pc.if_else(mothers.is_valid(), join(mothers, words), take(people.text("full_name"), babies))
