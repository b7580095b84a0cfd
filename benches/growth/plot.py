"""Plots as SVG, made by hand: panels of lines with whiskers from minimum to maximum, axes from zero, units on both.

Colours are named in one style sheet, which has another set for readers who prefer a dark page; the ground stays clear.
"""

import math
from html import escape

WIDTH, HEIGHT = 380, 270
LEFT, RIGHT, TOP, BOTTOM = 58, 18, 56, 46
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; font-size: 13px; }
  .small { font-size: 11px; fill: #57606a; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .axis { stroke: #57606a; stroke-width: 1; }
  .even { stroke: #8c959f; stroke-width: 1.2; stroke-dasharray: 4 4; fill: none; }
  .line { stroke-width: 2; fill: none; stroke-linejoin: round; }
  .whisker { stroke-width: 1.2; }
  .c0 { stroke: #0969da; } .f0 { fill: #0969da; }
  .c1 { stroke: #bc4c00; } .f1 { fill: #bc4c00; }
  .c2 { stroke: #1a7f37; } .f2 { fill: #1a7f37; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .small { fill: #9198a1; }
    .grid { stroke: #30363d; }
    .axis { stroke: #9198a1; }
    .even { stroke: #6e7681; }
    .c0 { stroke: #58a6ff; } .f0 { fill: #58a6ff; }
    .c1 { stroke: #f0883e; } .f1 { fill: #f0883e; }
    .c2 { stroke: #3fb950; } .f2 { fill: #3fb950; }
  }
"""


def figure(panels: list[dict]) -> str:
    """An SVG of panels, two in a row.

    A panel has a `title`, labels of its axes (`x`, `y`, with units), `lines` (name, then points of x, median, minimum
    and maximum), a `note` to print below the title, and `even`: whether to draw what growth in proportion would be.
    """
    columns = min(2, len(panels))
    rows = math.ceil(len(panels) / 2)
    width, height = columns * WIDTH, rows * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img">',
        f"<title>{escape('; '.join(dict.fromkeys(panel['title'] for panel in panels)))}</title>",
        f"<style>{STYLE}</style>",
    ]
    for number, shown in enumerate(panels):
        parts.append(f'<g transform="translate({number % 2 * WIDTH} {number // 2 * HEIGHT})">')
        parts += panel(shown)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def panel(shown: dict) -> list[str]:
    points = [point for _, line in shown["lines"] for point in line]
    whole = all(float(point[0]).is_integer() for point in points)
    xs, ys = ticks(max(point[0] for point in points), 1 if whole else 0), ticks(max(point[3] for point in points))
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def at_x(value: float) -> float:
        return LEFT + (right - LEFT) * value / xs[-1]

    def at_y(value: float) -> float:
        return bottom - (bottom - TOP) * value / ys[-1]

    parts = [text(LEFT, 18, shown["title"], "title"), text(LEFT, 35, shown.get("note", ""), "small")]
    for value in ys:
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{at_y(value):.1f}" y2="{at_y(value):.1f}"/>')
        parts.append(text(LEFT - 6, at_y(value) + 4, number_text(value, ys), "small", "end"))
    for value in xs:
        parts.append(f'<line class="axis" x1="{at_x(value):.1f}" x2="{at_x(value):.1f}" '
                     f'y1="{bottom}" y2="{bottom + 4}"/>')
        parts.append(text(at_x(value), bottom + 17, number_text(value, xs), "small", "middle"))
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>')
    parts.append(text((LEFT + right) / 2, HEIGHT - 10, shown["x"], "", "middle"))
    parts.append(f'<text transform="translate(14 {(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">'
                 f"{escape(shown['y'])}</text>")
    if shown.get("even"):
        x, y, *_ = shown["lines"][0][1][-1]
        parts.append(f'<line class="even" x1="{at_x(0):.1f}" y1="{at_y(0):.1f}" '
                     f'x2="{at_x(x):.1f}" y2="{at_y(y):.1f}"/>')
    key = LEFT + 8
    for colour, (name, line) in enumerate(shown["lines"]):
        parts += drawn(line, colour, at_x, at_y)
        parts.append(f'<circle class="f{colour}" cx="{key}" cy="{TOP - 8}" r="4"/>')
        parts.append(text(key + 8, TOP - 4, name, "small"))
        key += 22 + 6 * len(name)
    if shown.get("even"):
        parts.append(f'<line class="even" x1="{key - 4}" y1="{TOP - 8}" x2="{key + 14}" y2="{TOP - 8}"/>')
        parts.append(text(key + 19, TOP - 4, "in proportion", "small"))
    return parts


def drawn(line: list[tuple], colour: int, at_x, at_y) -> list[str]:
    """A line through the medians, a dot on each, and a whisker from the minimum to the maximum."""
    path = " ".join(f"{at_x(x):.1f},{at_y(y):.1f}" for x, y, _, _ in line)
    parts = [f'<polyline class="line c{colour}" points="{path}"/>']
    for x, y, low, high in line:
        parts.append(f'<line class="whisker c{colour}" x1="{at_x(x):.1f}" x2="{at_x(x):.1f}" '
                     f'y1="{at_y(low):.1f}" y2="{at_y(high):.1f}"/>')
        parts.append(f'<circle class="f{colour}" cx="{at_x(x):.1f}" cy="{at_y(y):.1f}" r="3.2"/>')
    return parts


def text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def ticks(most: float, least_step: float = 0) -> list[float]:
    """Round numbers from 0 to `most` or just above: four to six of them, or fewer where steps would be too small."""
    most = most or 1
    unit = 10 ** math.floor(math.log10(most / 4))
    step = max(least_step, next(unit * times for times in (1, 2, 2.5, 5, 10) if unit * times * 5 >= most))
    return [step * number for number in range(math.ceil(most / step - 1e-9) + 1)]


def number_text(value: float, scale: list[float]) -> str:
    step = scale[1]
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    # 2.5 and 0.25 need one digit more.
    if abs(step * 10**digits - round(step * 10**digits)) > 1e-6:
        digits += 1
    return f"{value:,.{digits}f}"
