"""The chart: helm's lint, every values file rendered and validated, and values that must be refused."""
import copy
import functools
import json
import tempfile

import yaml
from kubernetes_validate import utils as kubernetes_schemas

from .tree import KUBERNETES, Tree

# Kinds of operators; their schemas are not Kubernetes' own.
FOREIGN = ("PodMonitor",)
RESTRICTED_CAPABILITIES = {"drop": ["ALL"]}


# The validator reads a schema of megabytes anew for every document.
kubernetes_schemas.schema_contents = functools.lru_cache(maxsize=None)(kubernetes_schemas.schema_contents)
kubernetes_schemas.all_versions = functools.lru_cache(maxsize=None)(kubernetes_schemas.all_versions)


def check(tree: Tree):
    complaints = []
    for name, arguments in tree.values_files().items():
        linted = tree.helm("lint", "--strict", "helm/tilts", *arguments)
        if linted.returncode:
            complaints.append(f"helm lint with {name}: {linted.stdout.strip()} {linted.stderr.strip()}")
            continue
        for version in KUBERNETES:
            documents = tree.rendered(name, version)
            complaints += [f"{name} on {version}: {what}" for what in validate(documents, version)]
        complaints += [f"{name}: {what}" for what in house(tree, name)]
    return complaints


def validate(documents, version: str):
    seen = set()
    for document in documents:
        label = f"{document.get('kind')} {document['metadata']['name']}"
        if label in seen:
            yield f"{label} is there twice"
        seen.add(label)
        if document["kind"] in FOREIGN:
            continue
        fault = fault_of(json.dumps(document, sort_keys=True), version)
        if fault:
            yield f"{label}: {fault}"


@functools.lru_cache(maxsize=None)
def fault_of(document: str, version: str):
    """Renderings by several values files are mostly alike, so an answer is kept."""
    try:
        kubernetes_schemas.validate(json.loads(document), version, strict=True)
        return None
    except (kubernetes_schemas.ValidationError, kubernetes_schemas.SchemaNotFoundError) as error:
        return str(getattr(error, "message", error))


def pods(documents):
    for document in documents:
        if document["kind"] in ("StatefulSet", "Deployment", "Job"):
            yield f"{document['kind']} {document['metadata']['name']}", document["spec"]["template"]["spec"]


def house(tree: Tree, values: str):
    """Rules of the house for every pod and every service of a rendering."""
    documents = tree.rendered(values)
    for name, pod in pods(documents):
        security = pod.get("securityContext", {})
        if not security.get("runAsNonRoot") or security.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{name}: not as the restricted pod security standard asks"
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{name}: has a token of the cluster"
        for container in pod["containers"]:
            inner = container.get("securityContext", {})
            if (inner.get("allowPrivilegeEscalation") is not False or not inner.get("readOnlyRootFilesystem")
                    or inner.get("capabilities") != RESTRICTED_CAPABILITIES):
                yield f"{name}: its container may more than it needs"
            if not container.get("resources", {}).get("limits", {}).get("memory"):
                yield f"{name}: no limit of memory"
            if any("PASSWORD" in one["name"] and not one["name"].endswith(("_FILE", "PASSWORDS")) for one in container.get("env", [])):
                yield f"{name}: a secret in the environment"
    for document in documents:
        if document["kind"] == "Secret":
            yield f"makes Secret {document['metadata']['name']}; secrets are referred to only"
    budgets = tree.objects("PodDisruptionBudget", values)
    for name, workload in tree.workloads(values).items():
        if name not in budgets:
            yield f"{name}: no disruption budget"
        elif budgets[name]["spec"]["selector"] != workload["spec"]["selector"]:
            yield f"{name}: its disruption budget watches other pods"
        if not workload["spec"]["template"]["spec"].get("topologySpreadConstraints"):
            yield f"{name}: replicas may all be on one node"
        labels = workload["spec"]["template"]["metadata"]["labels"]
        if not workload["spec"]["selector"]["matchLabels"].items() <= labels.items():
            yield f"{name}: does not select its own pods"
    yield from scalers(tree, values)


def scalers(tree: Tree, values: str):
    for name, scaler in tree.objects("HorizontalPodAutoscaler", values).items():
        workload = tree.workloads(values)[name]
        if scaler["spec"]["scaleTargetRef"]["kind"] != workload["kind"]:
            yield f"{name}: its autoscaler looks for a {scaler['spec']['scaleTargetRef']['kind']}"
        if "replicas" in workload["spec"]:
            yield f"{name}: replicas are fixed and scaled at once"
        kind = scaler["spec"]["metrics"][0]["type"]
        if kind == "External" and "kafka" not in tree.chart_configs(values)[name]:
            yield f"{name}: scaled by the lag of a group it does not have"


def check_refusals(tree: Tree):
    """Each case of tests/deploy/refused-values.yaml changes valid values in one place; the schema must refuse it by name."""
    defaults = yaml.safe_load(tree.text("helm/tilts/values.yaml"))
    complaints = []
    for case in yaml.safe_load(tree.text("tests/deploy/refused-values.yaml")):
        values = copy.deepcopy(defaults)
        *path, last = case["set"].split("/")
        of = values
        for key in path:
            of = of[key]
        if case.get("remove"):
            del of[last]
        else:
            of[last] = case["to"]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(values, file)
            file.flush()
            # A chart without its defaults, so that what is removed is missing.
            rendered = tree.helm("template", "tilts", "helm/tilts", "--values", file.name,
                                 *(["--set-json", f"{case['set'].replace('/', '.')}=null"] if case.get("remove") else []))
        if rendered.returncode == 0:
            complaints.append(f"{case['set']}: {case.get('to', 'its absence')} is not refused")
        elif "values don't meet the specifications of the schema" not in rendered.stderr:
            complaints.append(f"{case['set']}: refused, but not by the schema: {rendered.stderr.strip()[-200:]}")
    return complaints
