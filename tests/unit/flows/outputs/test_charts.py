from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from flows.outputs.charts import Bar, columns, funnel, meter, short, stacked

BARS = (Bar("甲", 1000, "10 %"), Bar("乙 <&>", 0), Bar("丙", 3, "x", (("c1", 0.5), ("none", 0.5))))


def test_every_chart_is_well_formed_whatever_the_labels_say() -> None:
    for chart in (funnel(BARS, "a"), stacked(BARS, "b"), columns(BARS, "<c>"), meter((("ok", 0.5),), "d")):
        drawn = ElementTree.fromstring(str(chart))  # noqa: S314  our own text
        assert drawn.tag == "svg"
        assert "<&>" not in str(chart)


def test_a_chart_of_nothing_is_empty_and_not_an_error() -> None:
    for chart in (funnel((), "a"), stacked((), "b"), columns((), "c")):
        assert str(chart).startswith("<svg")


def test_the_same_numbers_are_the_same_bytes() -> None:
    assert columns(BARS, "a", marks=((1, "0"),)) == columns(BARS, "a", marks=((1, "0"),))


def test_parts_of_a_column_add_up_to_its_height() -> None:
    drawn = ElementTree.fromstring(str(columns((Bar("a", 10, parts=(("c1", 0.3), ("none", 0.7))),), "a")))  # noqa: S314
    heights = [float(rect.attrib["height"]) for rect in drawn.findall("rect")]
    assert heights == [51.0, 119.0]


def test_counts_on_an_axis_are_short() -> None:
    assert [short(value) for value in (7, 1234, 56_000, 7_800_000)] == ["7", "1,234", "56k", "7.8M"]
