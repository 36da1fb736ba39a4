"""Boards as Grafana's JSON, by its own typed builders (requirements.txt); nothing else of the project needs them."""
import json

from board import Board, Panel
from content import SERVICES
from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import (DashboardLinkType, DataSourceRef, Threshold, ThresholdsMode,
                                                     VariableOption)

SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
RUNBOOKS = "https://tilts.invalid/docs/runbooks"  # replaced by --runbooks


def _panel(panel: Panel, runbooks: str):
    if panel.kind == "figure":
        made = stat.Panel().height(4).span(4)
    else:
        legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
        made = timeseries.Panel().height(8).span(8).legend(legend.show_legend(True))
    made = made.title(panel.title).unit(panel.unit).datasource(SOURCE).min(0)
    if panel.says:
        made = made.description(panel.says)
    if panel.limit is not None:
        steps = [Threshold(value=None, color="green"), Threshold(value=panel.limit, color="red")]
        made = made.thresholds(dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
    if panel.runbook:
        made = made.links([dashboard.DashboardLink(f"Runbook: {panel.runbook}").type(DashboardLinkType.LINK)
                           .url(f"{runbooks}/{panel.runbook}.md")])
    for number, query in enumerate(panel.queries):
        target = prometheus.Dataquery().expr(query.expression).ref_id(chr(ord("A") + number))
        made = made.with_target(target.legend_format(query.legend) if query.legend else target)
    return made


def json_of(board: Board, runbooks: str = RUNBOOKS) -> str:
    made = dashboard.Dashboard(board.title).uid(board.uid).tags(["tilts"]).timezone("Europe/Riga").readonly()
    made = made.time("now-6h", "now").refresh("30s")
    made = made.link(dashboard.DashboardLink("Tilts boards").type(DashboardLinkType.DASHBOARDS).tags(["tilts"]).as_dropdown(True))
    if board.per_service:
        options = [VariableOption(text=name, value=name) for name in SERVICES]
        made = made.with_variable(dashboard.CustomVariable("job").label("Service").values(",".join(SERVICES))
                                  .options(options).current(options[0]))
    for title, panels in board.rows.items():
        made = made.with_row(dashboard.Row(title))
        for panel in panels:
            made = made.with_panel(_panel(panel, runbooks))
    return json.dumps(made.build(), cls=JSONEncoder, indent=2, sort_keys=True) + "\n"
