"""Boxes, curves and lines of text as SVG; the same calls give the same bytes."""
import html

INK = ["#1b6ca8", "#b5482a", "#3c7d3f", "#7a4fa0", "#9a6b00", "#0f7b7b", "#a8326e", "#555b66", "#5c6f1f", "#8a3b12"]
STYLE = ("text{font:13px 'DejaVu Sans',Verdana,sans-serif;fill:#1d2433}.small{font-size:11px;fill:#4a5263}"
         ".title{font-size:16px;font-weight:bold}.box{fill:#fff;stroke:#4a5263;stroke-width:1.2}"
         ".quiet{fill:#f3f4f6;stroke:#9aa1ad}.line{fill:none;stroke-width:1.5}")


class Drawing:
    def __init__(self, title: str):
        self.lines, self.boxes, self.width, self.height = [], [], 0, 0
        self.text(20, 30, title, "title")

    def _reach(self, x: float, y: float):
        self.width, self.height = max(self.width, x + 20), max(self.height, y + 20)

    def text(self, x: float, y: float, words: str, kind: str = ""):
        name = f' class="{kind}"' if kind else ""
        self.boxes.append(f'<text x="{x:g}" y="{y:g}"{name}>{html.escape(words)}</text>')
        self._reach(x + len(words) * (9.5 if kind == "title" else 6.6 if kind == "small" else 8), y)

    def box(self, x: float, y: float, width: float, heading: str, below=(), quiet: bool = False):
        """Returns the height: a heading and a small line for each of `below`."""
        height = 26 + 15 * len(below)
        kind = "box quiet" if quiet else "box"
        self.boxes.append(f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height}" rx="5"/>')
        self.text(x + 9, y + 18, heading)
        for number, words in enumerate(below):
            self.text(x + 9, y + 34 + 15 * number, words, "small")
        self._reach(x + width, y + height)
        return height

    def curve(self, start, end, ink: str, upright: bool = False):
        """From one point to another with an arrow; leaves and arrives level, or upright."""
        (x, y), (to_x, to_y) = start, end
        bend = max(30, abs(to_y - y if upright else to_x - x) / 2)
        way = (f"{x:g},{y + bend:g} {to_x:g},{to_y - bend:g}" if upright else f"{x + bend:g},{y:g} {to_x - bend:g},{to_y:g}")
        head = (f"M{to_x - 4:g},{to_y - 7:g} L{to_x:g},{to_y:g} L{to_x + 4:g},{to_y - 7:g}" if upright else
                f"M{to_x - 7:g},{to_y - 4:g} L{to_x:g},{to_y:g} L{to_x - 7:g},{to_y + 4:g}")
        self.lines.append(f'<path class="line" stroke="{ink}" d="M{x:g},{y:g} C{way} {to_x:g},{to_y:g} {head}"/>')

    def render(self) -> str:
        size = f'width="{self.width:g}" height="{self.height:g}" viewBox="0 0 {self.width:g} {self.height:g}"'
        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', f"<style>{STYLE}</style>",
                 '<rect width="100%" height="100%" fill="#fff"/>', *self.lines, *self.boxes, "</svg>"]
        return "\n".join(parts) + "\n"


def inks(names):
    return {name: INK[number % len(INK)] for number, name in enumerate(sorted(names))}
