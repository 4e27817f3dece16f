"""A Sankey diagram as SVG: columns of groups, and between them bands as wide as what flows.

Source     M. Schmidt (2008), J. Ind. Ecol. 12, 82-94 and 173-185: the sum of the bands on each side of a group is the
           group's height, in one scale for the whole picture
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 1000
HEIGHT: Final = 560
BAR: Final = 14
GAP: Final = 8
MARGIN: Final = 215
TOP: Final = 56
COLOURS: Final = ("#1b6ca8", "#d1495b", "#2e8b57", "#e0902c", "#7b4fa3", "#4a7c8c", "#a05a2c", "#6b7280")


@dataclass(frozen=True, slots=True)
class Band:
    """What flows from a group of one column to a group of the next; above zero."""

    column: int
    giver: str
    taker: str
    amount: float


@dataclass(frozen=True, slots=True)
class _Group:
    column: int
    name: str
    amount: float
    y: float
    height: float


def sankey_svg(title: str, unit: str, bands: Sequence[Band], columns: Sequence[str]) -> str:
    """Return the diagram; bands from a column to the next, `columns` name them, amounts are in `unit`."""
    groups = _placed(bands, len(columns))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{WIDTH / 2}" y="20" text-anchor="middle" font-size="15" font-weight="600">{escape(title)}</text>',
        *(_heading(name, column, len(columns)) for column, name in enumerate(columns)),
        *_bands(bands, groups, len(columns)),
        *(_bar(group, len(columns), unit) for group in groups.values()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _placed(bands: Sequence[Band], columns: int) -> dict[tuple[int, str], _Group]:
    """Return the groups with their places: largest on top, one scale for all columns."""
    out: dict[tuple[int, str], float] = {}
    into: dict[tuple[int, str], float] = {}
    for band in bands:
        out[band.column, band.giver] = out.get((band.column, band.giver), 0.0) + band.amount
        into[band.column + 1, band.taker] = into.get((band.column + 1, band.taker), 0.0) + band.amount
    amount = {key: max(out.get(key, 0.0), into.get(key, 0.0)) for key in {*out, *into}}
    by_column = [sorted((-a, name) for (c, name), a in amount.items() if c == column) for column in range(columns)]
    room = min((HEIGHT - TOP - 20 - GAP * max(0, len(rows) - 1) for rows in by_column), default=0.0)
    most = max((sum(-a for a, _ in rows) for rows in by_column), default=0.0)
    scale = room / most if most else 0.0
    placed = {}
    for column, rows in enumerate(by_column):
        y = float(TOP)
        for negative, name in rows:
            height = -negative * scale
            placed[column, name] = _Group(column, name, -negative, y, height)
            y += height + GAP
    return placed


def _x(column: int, columns: int) -> float:
    return MARGIN + column * (WIDTH - 2 * MARGIN - BAR) / max(1, columns - 1)


def _heading(name: str, column: int, columns: int) -> str:
    x = _x(column, columns) + BAR / 2
    return f'<text x="{x:.1f}" y="44" text-anchor="middle" fill="#555">{escape(name)}</text>'


def _bands(bands: Sequence[Band], groups: dict[tuple[int, str], _Group], columns: int) -> list[str]:
    colour = {key: COLOURS[place % len(COLOURS)] for place, key in enumerate(sorted(k for k in groups if k[0] == 1))}
    left = {key: group.y for key, group in groups.items()}
    right = dict(left)
    drawn = []
    for band in sorted(bands, key=lambda b: (b.column, groups[b.column, b.giver].y, groups[b.column + 1, b.taker].y)):
        start, end = (band.column, band.giver), (band.column + 1, band.taker)
        height = band.amount * groups[start].height / groups[start].amount
        x0, x1 = _x(band.column, columns) + BAR, _x(band.column + 1, columns)
        y0, y1, middle = left[start] + height / 2, right[end] + height / 2, (x0 + x1) / 2
        left[start] += height
        right[end] += height
        fill = colour.get(start if band.column == 1 else end, COLOURS[-1])
        drawn.append(
            f'<path d="M{x0:.1f},{y0:.1f} C{middle:.1f},{y0:.1f} {middle:.1f},{y1:.1f} {x1:.1f},{y1:.1f}" '
            f'fill="none" stroke="{fill}" stroke-opacity="0.45" stroke-width="{max(height, 0.5):.2f}">'
            f"<title>{escape(band.giver)} → {escape(band.taker)}: {band.amount:,.0f}</title></path>"
        )
    return drawn


def _bar(group: _Group, columns: int, unit: str) -> str:
    x, middle = _x(group.column, columns), group.y + group.height / 2
    side, anchor = (x - 6, "end") if group.column == 0 else (x + BAR + 6, "start")
    label = f"{group.name}, {group.amount:,.0f} {unit}" if group.height >= GAP else group.name
    return (
        f'<rect x="{x:.1f}" y="{group.y:.1f}" width="{BAR}" height="{max(group.height, 1):.1f}" fill="#333"/>'
        f'<text x="{side:.1f}" y="{middle + 4:.1f}" text-anchor="{anchor}">{escape(label)}</text>'
    )
