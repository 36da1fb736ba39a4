"""What a board is, before any tool draws it: titles, units and queries. No import outside the standard library."""
from dataclasses import dataclass, field

# Grafana's names of units.
SECONDS, ITEMS, RATIO, PER_SECOND, BYTES = "s", "short", "percentunit", "ops", "bytes"


@dataclass(frozen=True)
class Query:
    expression: str
    legend: str = ""


@dataclass(frozen=True)
class Panel:
    title: str
    unit: str
    queries: tuple
    says: str = ""           # what a bad value means, one line
    runbook: str = ""        # page of docs/runbooks to read then
    kind: str = "lines"      # or "figure": the last value, large
    limit: float | None = None  # where it turns red


@dataclass(frozen=True)
class Board:
    uid: str
    title: str
    rows: dict = field(hash=False)  # title of the row -> panels
    # The board once per service: `$job` in its queries is the chosen one.
    per_service: bool = False

    def panels(self):
        return [panel for panels in self.rows.values() for panel in panels]


def lines(title, unit, *queries, **more):
    """A panel over time; a query is an expression or (expression, legend)."""
    made = tuple(Query(*q) if isinstance(q, tuple) else Query(q) for q in queries)
    return Panel(title, unit, made, **more)


def figure(title, unit, expression, **more):
    return Panel(title, unit, (Query(expression),), kind="figure", **more)


def quantile(share, metric, by="", where=""):
    """A quantile of a histogram over five minutes."""
    group = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({group}) (rate({metric}_bucket{where}[5m])))"
