"""Alerts, their metrics, tests, boards and runbooks belong together: none without the others."""
import pathlib
import re
import shutil
import subprocess
import sys

# What Prometheus has of its own, and what rules record.
BUILT_IN = {"up"}
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
NOT_METRICS = re.compile(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(?:by|on|without|ignoring)\s*\([^)]*\)|\b[a-z_]+\s*(?=\()')
WORDS = {"sum", "min", "max", "avg", "count", "topk", "and", "or", "unless", "by", "on", "without", "ignoring", "bool", "offset", "le"}


def metrics_of(expression: str):
    """Names of metrics in a PromQL expression."""
    bare = re.sub(NOT_METRICS, " ", expression)
    return {n for n in NAME.findall(bare) if n not in WORDS and not re.fullmatch(r"[0-9]*[eE]?[0-9]*", n)}


def blocks(text: str, key: str):
    """(name, block) of each `- key: name` of a rule file."""
    parts = re.split(rf"^      - {key}: ", text, flags=re.MULTILINE)[1:]
    for part in parts:
        name, _, rest = part.partition("\n")
        yield name.strip(), rest


def expression_of(block: str) -> str:
    match = re.search(r"expr:\s*(?:>-\n((?:          .*\n?)+)|(.*))", block)
    return (match.group(1) or match.group(2) or "") if match else ""


def check(root: pathlib.Path, fixture: bool = False):
    home = root / "deploy/observability"
    if not home.is_dir():
        return []
    golden = {line.split()[0] for line in (home / "metrics.golden").read_text().splitlines() if not line.startswith("#")}
    texts = {p.name: p.read_text() for p in sorted((home / "rules").glob("*.yaml"))}
    recorded = {name for text in texts.values() for name, _ in blocks(text, "record")}
    complaints, named, alerts = [], set(), set()
    for file, text in texts.items():
        for kind in ("record", "alert"):
            for name, block in blocks(text, kind):
                for metric in metrics_of(expression_of(block)):
                    base = re.sub(r"_(bucket|sum|count)$", "", metric)
                    if not {metric, base} & golden and metric not in recorded | BUILT_IN:
                        complaints.append(f"{file}: {name} waits on {metric}, which no service exposes")
        for name, block in blocks(text, "alert"):
            alerts.add(name)
            runbook = re.search(r"runbook: docs/runbooks/([a-z-]+)\.md", block)
            if not runbook:
                complaints.append(f"{file}: {name} names no runbook")
                continue
            named.add(runbook.group(1))
    complaints += check_pages(root / "docs/runbooks", named)
    boards = re.findall(r"board: (\S+)", "".join(texts.values()))
    complaints += check_boards(home / "boards", golden | recorded | BUILT_IN, set(boards), named)
    tests = "".join(p.read_text() for p in (home / "rules/tests").glob("*.yaml"))
    complaints += [f"rules/tests: {name} has no test" for name in sorted(alerts) if f"alertname: {name}\n" not in tests]
    return complaints + ([] if fixture else promtool(home))


def check_boards(folder: pathlib.Path, known, wanted, pages):
    """Boards ask for known metrics and link to pages that exist; alerts name boards that exist."""
    if not folder.is_dir():
        return []
    sys.path.insert(0, str(folder))
    try:
        import content
    finally:
        sys.path.pop(0)
    complaints = [f"alerts name the board {uid}, which there is not"
                  for uid in sorted(wanted - {board.uid for board in content.BOARDS})]
    for board in content.BOARDS:
        for panel in board.panels():
            if panel.runbook and panel.runbook not in pages:
                complaints.append(f"{board.uid}: {panel.title} links to {panel.runbook}, which is no runbook")
            for query in panel.queries:
                for metric in sorted(metrics_of(query.expression)):
                    if not {metric, re.sub(r"_(bucket|sum|count)$", "", metric)} & known:
                        complaints.append(f"{board.uid}: {panel.title} asks for {metric}, which no service exposes")
    return complaints


def check_pages(folder: pathlib.Path, named):
    pages = {p.stem: p.read_text() for p in folder.glob("*.md") if p.stem != "README"}
    complaints = [f"docs/runbooks/{name}.md is missing, and an alert names it" for name in sorted(named - set(pages))]
    complaints += [f"docs/runbooks/{name}.md belongs to no alert" for name in sorted(set(pages) - named)]
    complaints += [f"docs/runbooks/{name}.md has no safe next command" for name, text in sorted(pages.items())
                   if not re.search(r"## Safe next command\n\n```sh\n.+\n```", text)]
    return complaints


def promtool(home: pathlib.Path):
    if not shutil.which("promtool"):
        return ["promtool is missing; scripts/install brings it with prometheus"]
    tests = sorted(str(p) for p in (home / "rules/tests").glob("*.yaml"))
    try:
        ran = subprocess.run(["promtool", "test", "rules", *tests], capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired:
        return ["promtool has not come back within ten minutes"]
    said = (ran.stdout + ran.stderr).splitlines()
    return [] if ran.returncode == 0 else [f"promtool: {line}" for line in said if line.strip()]
