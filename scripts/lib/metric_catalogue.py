"""Reads Prometheus expositions as families, and knows which labels are closed sets."""
import re
from dataclasses import dataclass, field

# Every label there may be, and how many values it may have at most. A new one is a decision: name it here.
LABELS = {
    "service": 20, "version": 1, "topic": 30, "handler": 80, "outcome": 12, "rpc": 120, "code": 24, "executor": 8,
    "store": 3, "institution_kind": 30, "urgency": 2, "kind": 20, "decision": 10,
}
ID_LIKE = re.compile(r"[0-9a-fA-F][0-9a-fA-F-]{14,}[0-9a-fA-F]|\d{6}|@")
LINE = re.compile(r"^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


@dataclass
class Family:
    name: str
    kind: str = ""
    help: str = ""
    labels: set = field(default_factory=set)
    services: set = field(default_factory=set)


def samples(text: str):
    """(name, labels, value) of every sample; `le` is left out."""
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            labels = dict(LABEL.findall(match.group(2) or ""))
            labels.pop("le", None)
            yield match.group(1), labels, match.group(3)


def read(text: str):
    """Families of one exposition, by name; those that the library adds of its own are left out."""
    families = {}
    for line in text.splitlines():
        if line.startswith("# HELP tilts_"):
            _, _, name, words = line.split(" ", 3)
            families.setdefault(name, Family(name)).help = words.rstrip(".")
        elif line.startswith("# TYPE tilts_"):
            _, _, name, kind = line.split(" ", 3)
            families.setdefault(name, Family(name)).kind = kind
    for name, labels, _ in samples(text):
        owner = families.get(name) or families.get(re.sub(r"_(bucket|sum|count)$", "", name))
        if owner:
            owner.labels |= set(labels)
    return families


def merge(texts):
    """Families of several services together, by name."""
    merged = {}
    for service, text in texts.items():
        for name, family in read(text).items():
            known = merged.setdefault(name, family)
            known.labels |= family.labels
            known.services.add(service)
    return dict(sorted(merged.items()))


def unbounded(texts):
    """Labels that are not known, have more values than their set, or values that look like ids."""
    complaints, values = [], {}
    for text in texts.values():
        for name, labels, _ in samples(text):
            if not name.startswith("tilts_"):
                continue
            for label, value in labels.items():
                values.setdefault((name, label), set()).add(value)
    for (name, label), seen in sorted(values.items()):
        if label not in LABELS:
            complaints.append(f"{name}: label {label} is not among the closed sets of scripts/lib/metric_catalogue.py")
        elif len(seen) > LABELS[label]:
            complaints.append(f"{name}: label {label} has {len(seen)} values, at most {LABELS[label]}")
        complaints += [f"{name}: {label}={value!r} looks like an id" for value in sorted(seen) if ID_LIKE.search(value)]
    return complaints


def golden_text(families) -> str:
    lines = ["# name type labels: what every service exposes. scripts/metrics write makes it, scripts/metrics check holds it."]
    lines += [f"{f.name} {f.kind} {','.join(sorted(f.labels)) or '-'}" for f in families.values()]
    return "\n".join(lines) + "\n"


def differences(golden: str, live: str):
    """Lines that only one side has."""
    wanted, seen = set(golden.splitlines()), set(live.splitlines())
    return [f"gone or changed: {line}" for line in sorted(wanted - seen)] + [
        f"not in the golden list: {line}" for line in sorted(seen - wanted)]


def page_text(families) -> str:
    """The catalogue for people, by subsystem."""
    groups = {}
    for family in families.values():
        groups.setdefault(family.name.split("_")[1], []).append(family)
    lines = ["# Metrics", "",
             "What the services expose, written by `scripts/metrics write` from a running city. Histograms and gauges are in",
             "seconds, bytes, items or ratios from 0 to 1; labels are closed sets, never ids or words of people. Prometheus adds",
             "`job` (the service) and `instance`. Rules and alerts over them are in [deploy/observability](../deploy/observability/README.md)."]
    for group, members in sorted(groups.items()):
        lines += ["", f"## {group}", "", "| metric | type | labels | of | says |", "|---|---|---|---|---|"]
        for f in members:
            labels = ", ".join(f"`{label}`" for label in sorted(f.labels)) or "none"
            of = "all" if len(f.services) >= 8 else ", ".join(sorted(f.services))
            lines.append(f"| `{f.name}` | {f.kind} | {labels} | {of} | {f.help} |")
    return "\n".join(lines) + "\n"
