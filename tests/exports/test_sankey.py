"""The bands of a Sankey diagram are as wide as what flows, in one scale."""

import re
from xml.etree import ElementTree as ET

from symbiosis.exports.sankey import Band, sankey_svg

BANDS = [Band(0, "Chemicals", "Heat", 30), Band(0, "Metals & <more>", "Heat", 10), Band(1, "Heat", "Homes", 40)]


def widths(svg: str) -> list[float]:
    return [float(width) for width in re.findall(r'stroke-width="([\d.]+)"', svg)]


def test_bands_are_as_wide_as_what_flows() -> None:
    first, second, third = widths(sankey_svg("Flows", "t", BANDS, ("gives", "what", "takes")))
    assert abs(first - 3 * second) < 0.05
    assert abs(first + second - third) < 0.05


def test_the_picture_is_well_formed_and_names_are_escaped() -> None:
    root = ET.fromstring(sankey_svg("A & B", "t", BANDS, ("gives", "what", "takes")))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any(text and text.startswith("Metals & <more>") for text in texts)


def test_nothing_to_draw_is_an_empty_picture() -> None:
    assert widths(sankey_svg("Nothing", "t", [], ("gives", "takes"))) == []
