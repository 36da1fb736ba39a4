"""Configurations and topics against the contracts, and against the programs themselves where a build exists."""
import json
import pathlib
import re
import tempfile

import yaml

from .contracts import Contracts
from .tree import Tree, run

# Where chart and compose differ on purpose: names of hosts, TLS and passwords of the stores.
BY_PLACE = ("postgres.host", "postgres.port", "redis.host", "redis.port", "redis.password_file", "kafka.brokers",
            "kafka.username", "kafka.password_file", "tracing.otlp_endpoint", "tracing.sample_ratio", "instance")


def contracts(tree: Tree) -> Contracts:
    if not hasattr(tree, "contracts"):
        tree.contracts = Contracts(tree.root / "proto")
    return tree.contracts


def flat(value, at: str = "") -> dict:
    """Dotted path to value; a section without keys is like one that is absent."""
    if isinstance(value, dict):
        return {key: one for name, inner in value.items() for key, one in flat(inner, f"{at}{name}.").items()}
    return {at.rstrip("."): value}


def required_sections(tree: Tree, name: str) -> set:
    """What the service's own code refuses to start without."""
    folder = tree.root / "services" / name.replace("-", "_")
    text = (folder / "main.cpp").read_text() + "".join(path.read_text() for path in sorted(folder.glob("adapters/wiring.cpp")))
    lists = re.findall(r"(?:\.sections\s*=\s*|config::Require\([^{;]*?,\s*)\{([^}]*)\}", text)
    return {section for one in lists for section in re.findall(r'"([a-z]+)"', one)}


def check_config(tree: Tree):
    complaints = []
    made = {f"compose {name}": (name, tree.composition.config(name)) for name in tree.code_services}
    for values in tree.values_files():
        for name, config in tree.chart_configs(values).items():
            made[f"chart ({values}) {name}"] = (name, config)
            complaints += [f"chart ({values}) {name}: {what}" for what in differences(tree, name, config)]
    for label, (name, config) in made.items():
        complaints += [f"{label}: {what}" for what in contracts(tree).faults(config)]
        for section in sorted(required_sections(tree, name) - config.keys() - filled(tree)):
            complaints.append(f"{label}: section {section} is missing, and the service needs it")
    return complaints + own_word(tree, made)


def filled(tree: Tree) -> set:
    """Sections that libs/config makes by itself when they are absent."""
    message = contracts(tree).message("tilts.config.v1.ServiceConfig").DESCRIPTOR
    bounds = {field.name: contracts(tree).option(field, "FieldOptions", "bounds") for field in message.fields}
    return {name for name, bound in bounds.items() if bound and bound.required and message.fields_by_name[name].message_type}


def differences(tree: Tree, name: str, config: dict):
    """The chart's configuration is the composed one but for where stores are and how peers are named."""
    ours = flat(tree.composition.config(name))
    theirs = flat(config)
    for one in (ours, theirs):
        if "auth.trusted_keys" in one:
            one["auth.trusted_keys"] = sorted(one["auth.trusted_keys"], key=json.dumps)
        for key in [key for key in one if key.startswith("peers.")]:
            host, _, port = one[key].partition(":")
            one[key] = f"{host.removeprefix('tilts-')}:{port}"
    for key in sorted(ours.keys() | theirs.keys()):
        if key not in BY_PLACE and ours.get(key) != theirs.get(key):
            yield f"{key} is {theirs.get(key)}, composed it is {ours.get(key)}"


def current_program(tree: Tree, name: str):
    """The newest build of a service's program, unless its own sources or the contracts changed since."""
    built = sorted((tree.root / "build").glob(f"*/bin/tilts-{name}"), key=lambda path: path.stat().st_mtime)
    sources = [path for folder in ("proto", f"services/{name.replace('-', '_')}") for path in (tree.root / folder).rglob("*")
               if path.suffix in (".proto", ".cpp", ".hpp")]
    return built[-1] if built and built[-1].stat().st_mtime > max(path.stat().st_mtime for path in sources) else None


def own_word(tree: Tree, made: dict):
    """tilts-X --check-config on every configuration, with paths of the image as they are in this tree."""
    programs = {name: program for name in tree.code_services if (program := current_program(tree, name))}
    if not programs:
        print("note: no program newer than its sources is built, so none was asked about its configuration")
        return []
    complaints, asked = [], 0
    with tempfile.TemporaryDirectory() as folder:
        composition = tree.containers.Containers(pathlib.Path(folder) / "run")
        composition.write()
        places = {tree.containers.SECRETS: composition.secrets, tree.containers.TRUST: composition.run / "trust",
                  tree.containers.STATE: folder, tree.containers.SOURCES: tree.root / "services"}
        for label, (name, config) in made.items():
            if name not in programs:
                continue
            text = json.dumps(config)
            for inside, outside in places.items():
                text = text.replace(f'"{inside}/', f'"{outside}/')
            file = pathlib.Path(folder) / "asked.json"
            file.write_text(text)
            answer = run([programs[name], "--config", file, "--check-config"], env={})
            asked += 1
            if answer.returncode:
                complaints.append(f"{label}: {answer.stderr.strip()}")
    print(f"note: {asked} configurations were asked of the programs that read them")
    return complaints


def check_topics(tree: Tree):
    """Whoever reads a topic has its dead letters made, and every name is one of the contracts'."""
    known = set(contracts(tree).topics())
    text = tree.text("libs/kafka/topics/main.cpp")
    table = re.search(r"kReaders = \{(.*?)\n\};", text, re.S)
    readers = {group: set(re.findall(r'"(tilts\.[a-z.-]+\.v\d+)"', topics))
               for group, topics in re.findall(r'\{"([a-z-]+)",\s*\{(.*?)\}\}', table[1] if table else "", re.S)}
    complaints = [f"tilts-topics names {topic}, which is no topic of the contracts"
                  for topics in readers.values() for topic in sorted(topics - known)]
    for name in tree.code_services:
        read = consumed(tree, name)
        if read != readers.get(name, set()):
            complaints.append(f"{name} reads {sorted(read)}, tilts-topics makes dead letters for {sorted(readers.get(name, ()))}")
        if read and "kafka" not in tree.composition.config(name):
            complaints.append(f"{name} reads topics and has no broker")
    return complaints + list(jobs(tree))


TOPIC = re.compile(r'"(tilts\.[a-z.-]+\.v\d+)"')


def consumed(tree: Tree, name: str) -> set:
    """Topics that stand in a call of Consume or Observe, in a constant named there, or in a function named after topics."""
    folder = tree.root / "services" / name.replace("-", "_")
    text = "".join(path.read_text() for path in sorted(folder.rglob("*.cpp")))
    told = re.findall(r"\b\w*Topics\w*\(\) \{(.*?)\n\}", text, re.S)
    for call in re.findall(r"(?:Consume|Observe)\(runtime,(.*?)\);", text, re.S):
        told.append(call)
        for constant in re.findall(r"\b(k[A-Z]\w+)\b", call):
            told += re.findall(rf"\b{constant}\b[^;]*= ?(.*?);", text, re.S)
    return {topic for one in told for topic in TOPIC.findall(one)}


def jobs(tree: Tree):
    """Both deployments make the topics before a service starts, by the same program."""
    compose = tree.compose["services"].get("topics", {})
    if "tilts-topics" not in str([steps for _, name, steps in tree.stages if name == "topics"]):
        yield "the stage topics has no tilts-topics"
    if compose.get("build", {}).get("target") != "topics" or "--brokers" not in (compose.get("command") or []):
        yield "compose: no job makes the topics"
    options = set(re.findall(r'add_(?:option|flag)\("(--[a-z-]+)"', tree.text("libs/kafka/topics/main.cpp")))
    for values in tree.values_files():
        job = tree.objects("Job", values).get("topics")
        if not job or "pre-install" not in job["metadata"]["annotations"]["helm.sh/hook"]:
            yield f"chart ({values}): no hook makes the topics"
            continue
        for argument in job["spec"]["template"]["spec"]["containers"][0]["args"]:
            if argument.split("=")[0] not in options:
                yield f"chart ({values}): tilts-topics has no option {argument.split('=')[0]}"
    for path in sorted((tree.root / "helm/examples").glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            if document and document.get("kind") == "Kafka":
                settings = document["spec"]["kafka"]["config"]
                if settings.get("auto.create.topics.enable") is not False:
                    yield f"{path.name}: topics come from the contracts only, the broker must not make any"
