"""The tree that is checked: its files, the chart as helm renders it, the compose file as its specification reads it."""
import functools
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys

import yaml

TOOLS = pathlib.Path(os.environ["TILTS_DEPLOY_TOOLS"])
# The oldest and the newest Kubernetes the chart is rendered and validated for.
KUBERNETES = ("1.28", "1.34")


def run(command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)


# The C parser where there is one: renderings are large.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def documents(text: str) -> list:
    return [document for document in yaml.load_all(text, Loader) if document]


class Tree:
    def __init__(self, root: pathlib.Path, values=None):
        self.root = root
        self.chart = root / "helm/tilts"
        self.chosen = values

    def text(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    @functools.cached_property
    def containers(self):
        """scripts/lib/containers.py of this tree: ports, call graph and configurations."""
        folder = self.root / "scripts/lib"
        modules = {}
        for name in ("configure", "containers"):
            spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
            modules[name] = importlib.util.module_from_spec(spec)
            sys.modules[name] = modules[name]
            spec.loader.exec_module(modules[name])
        return modules["containers"]

    @functools.cached_property
    def composition(self):
        return self.containers.Containers(self.root / "run/compose")

    @property
    def ports(self) -> dict:
        """Service to its ports, from what scripts/services starts."""
        configure = self.containers.configure
        ports = {name: {"rpc": self.containers.PORT_BASE + rpc, "metrics": self.containers.PORT_BASE + metrics}
                 for name, (rpc, metrics, _) in configure.SERVICES.items()}
        ports["gateway"]["http"] = self.containers.PORT_BASE + configure.GATEWAY_HTTP
        return ports

    @functools.cached_property
    def code_services(self) -> list:
        """Services by the code: folders whose main.cpp hands itself to service::Run."""
        mains = sorted((self.root / "services").glob("*/main.cpp"))
        return [main.parent.name.replace("_", "-") for main in mains if "service::Run(" in main.read_text()]

    @functools.cached_property
    def compose(self) -> dict:
        made = run([TOOLS / "bin/compose-spec", "-format", "json", "compose.yaml"], cwd=self.root / "deploy")
        if made.returncode:
            raise ValueError(f"deploy/compose.yaml: {made.stderr.strip() or made.stdout.strip()}")
        return json.loads(made.stdout)

    def values_files(self) -> dict:
        """Name to the arguments that choose it; the defaults are "default"."""
        files = {"default": []}
        for path in sorted((self.chart / "values").glob("*.yaml")):
            files[path.stem] = ["--values", str(path)]
        return {name: files[name] for name in self.chosen or files}

    def helm(self, *arguments, kubernetes: str = KUBERNETES[-1]):
        return run([TOOLS / "bin/helm", *arguments, "--kube-version", f"{kubernetes}.0"], cwd=self.root,
                   env={**os.environ, "HELM_CACHE_HOME": str(TOOLS / "helm"), "HELM_CONFIG_HOME": str(TOOLS / "helm"),
                        "HELM_DATA_HOME": str(TOOLS / "helm")})

    @functools.lru_cache(maxsize=None)
    def rendered(self, values: str, kubernetes: str = KUBERNETES[-1]) -> list:
        made = self.helm("template", "tilts", "helm/tilts", *self.values_files()[values], kubernetes=kubernetes)
        if made.returncode:
            raise ValueError(f"helm template with {values}: {made.stderr.strip()}")
        return documents(made.stdout)

    def objects(self, kind: str, values: str = "default") -> dict:
        """Objects of a kind by name, without the release's prefix."""
        return {one["metadata"]["name"].removeprefix("tilts-"): one for one in self.rendered(values) if one["kind"] == kind}

    def workloads(self, values: str = "default") -> dict:
        return self.objects("StatefulSet", values) | self.objects("Deployment", values)

    def chart_configs(self, values: str = "default") -> dict:
        """Service to the configuration the chart gives it."""
        maps = self.objects("ConfigMap", values)
        return {name: json.loads(maps[name]["data"]["config.json"]) for name in self.workloads(values)}

    @functools.cached_property
    def stages(self) -> list:
        """The Dockerfile's stages: (image, name, instructions with continued lines joined)."""
        text = re.sub(r"^\s*#.*\n", "", self.text("deploy/Dockerfile"), flags=re.M).replace("\\\n", " ")
        stages = []
        for line in filter(None, (line.strip() for line in text.split("\n"))):
            word, _, rest = line.partition(" ")
            if word == "FROM":
                image, _, name = rest.partition(" AS ")
                stages.append((image, name, []))
            elif stages:
                stages[-1][2].append((word, rest))
        return stages
