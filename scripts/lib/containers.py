#!/usr/bin/env python3
"""Keys, configurations and secrets of a deployment in containers, derived from what scripts/services writes for one machine.

usage: scripts/lib/containers.py --dir DIRECTORY [--kubernetes NAMESPACE]

Writes DIRECTORY/{secrets,trust,config}, a Prometheus configuration and a client.json for deploy/compose.yaml. What exists
is kept, so that running it again changes no key. --kubernetes also writes DIRECTORY/kubernetes.yaml: the Secrets and the
ConfigMap that the chart refers to.
"""
import argparse
import base64
import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import configure  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORT_BASE = 17000
SERVICES = tuple(configure.SERVICES)

# Who calls whom by gRPC. Everybody asks the registry for grants, the gateway forwards to everybody.
CALLS = {
    "registry": (),
    "case-intake": ("registry",),
    "referral-routing": ("registry", "case-intake"),
    "notification": ("registry",),
    "audit": ("registry",),
    "risk-scoring": ("registry",),
    "indicator-aggregation": ("registry",),
    "gateway": tuple(name for name in configure.SERVICES if name != "gateway"),
}

SECRETS, TRUST, STATE, SOURCES = "/run/secrets", "/etc/tilts/trust", "/var/lib/tilts", "/opt/tilts/services"
# A configuration of a demonstration that no deployment has: files that step the clock, answers within milliseconds.
DEMONSTRATION = (("clock",), ("auth", "grant_refresh"), ("routing", "directory_refresh"), ("gateway",),
                 ("notification", "allow_private_addresses"), ("notification", "attempt_timeout"))


class Containers(configure.Run):
    """The same services, each in a container of its own: a name instead of a port of one machine, mounts instead of paths."""

    def __init__(self, directory: pathlib.Path):
        super().__init__(argparse.Namespace(root=ROOT, run=directory, base=PORT_BASE, environment="production",
                                            clock_start="2025-09-01T05:00:00Z"))

    def address(self, name: str) -> str:
        return f"{name}:{self.base + configure.SERVICES[name][0]}"

    def make_keys(self) -> None:
        super().make_keys()
        (self.run / "city.clock").unlink()  # production follows the system's clock
        configure.once(self.secrets / "postgres.password", configure.password)

    def config(self, name: str) -> dict:
        config = self.inside(super().config(name))
        for section in ("rpc", "metrics", "http"):
            if section in config:
                config[section]["address"] = "0.0.0.0"
        config["peers"] = {other: self.address(other) for other in CALLS[name]}
        for section, host, port in (("postgres", "postgres", 5432), ("redis", "redis", 6379)):
            if section in config:
                config[section] |= {"host": host, "port": port}
        if "kafka" in config:
            config["kafka"]["brokers"] = ["kafka:9092"]
        for *sections, last in DEMONSTRATION:
            of = config
            for section in sections:
                of = of.get(section, {})
            of.pop(last, None)
        # Balancers and proxies hear of "not ready" later than the process itself.
        config["shutdown"] = {"drain": "3s", "budget": "7s"}
        if name == "gateway":
            config["gateway"] = {}
        return config

    def inside(self, value):
        """Paths of this machine as the container sees them."""
        if isinstance(value, dict):
            return {key: self.inside(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.inside(one) for one in value]
        if not isinstance(value, str) or not value.startswith("/"):
            return value
        path = pathlib.Path(value)
        if path.parent == self.secrets:
            return f"{TRUST if path.suffix == '.pub' else SECRETS}/{path.name}"
        if path.parent == self.run / "state":
            return f"{STATE}/{path.name}"
        if path.is_relative_to(ROOT / "services"):
            return f"{SOURCES}/{path.relative_to(ROOT / 'services')}"
        return value

    def write(self) -> None:
        self.run.mkdir(parents=True, exist_ok=True)
        self.run.chmod(0o700)  # whoever may not enter cannot read; the containers' users may read what is mounted
        for folder in ("secrets", "config", "trust"):
            (self.run / folder).mkdir(exist_ok=True)
        self.make_keys()
        for file in self.secrets.iterdir():
            file.chmod(0o444)
            if file.suffix == ".pub":
                shutil.copy(file, self.run / "trust" / file.name)
        for name in SERVICES:
            self.json(self.run / "config" / f"{name}.json", self.config(name))
        self.json(self.run / "config" / "client.json", {
            "key_file": f"{SECRETS}/operator.key", "institution": "tilts-operator",
            "services": {name: self.address(name) for name in SERVICES},
            "audit_witness_file": f"{STATE}/audit.witness", "audit_public_key_files": [f"{TRUST}/audit-checkpoint.pub"]})
        (self.run / "config" / "prometheus.yaml").write_text(self.prometheus(), encoding="ascii")

    @staticmethod
    def json(path: pathlib.Path, value) -> None:
        path.write_text(json.dumps(value, indent=2) + "\n", encoding="ascii")

    def prometheus(self) -> str:
        text = "global:\n  scrape_interval: 15s\n  evaluation_interval: 15s\n"
        text += "rule_files: [/etc/prometheus/rules/*.yaml]\nscrape_configs:\n"
        for name, (_, metrics, _) in configure.SERVICES.items():
            text += (f"  - job_name: {name.replace('-', '_')}\n    static_configs:\n"
                     f"      - targets: [\"{name}:{self.base + metrics}\"]\n")
        return text

    def secret_files(self, name: str) -> set:
        """Names of the secrets that this service's configuration reads."""
        found = set()

        def walk(value):
            if isinstance(value, dict):
                for one in value.values():
                    walk(one)
            elif isinstance(value, str) and value.startswith(f"{SECRETS}/"):
                found.add(value.removeprefix(f"{SECRETS}/"))

        walk(self.config(name))
        return found

    def kubernetes(self, namespace: str) -> str:
        """What the chart refers to: keys of each service, its database role, everybody's public halves."""
        documents = []

        def add(kind, name, data, **more):
            documents.append({"apiVersion": "v1", "kind": kind,
                              "metadata": {"name": name, "namespace": namespace}, "data": data} | more)

        def encoded(text: str) -> str:
            return base64.b64encode(text.encode()).decode()

        for name in SERVICES:
            keys = sorted(self.secret_files(name) - {f"{name}.password"})
            add("Secret", f"tilts-{name}", {key: encoded((self.secrets / key).read_text()) for key in keys}, type="Opaque")
            if configure.SERVICES[name][2]:
                secret = (self.secrets / f"{name}.password").read_text().strip()
                add("Secret", f"tilts-{name}-postgres", type="kubernetes.io/basic-auth",
                    data={"username": encoded(f"tilts_{name.replace('-', '_')}"), "password": encoded(secret)})
        public = {file.name: file.read_text() for file in sorted(self.secrets.glob("*.pub"))}
        add("ConfigMap", "tilts-trust", public)
        return "".join(f"---\n{json.dumps(document, indent=2)}\n" for document in documents)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=pathlib.Path, required=True)
    parser.add_argument("--kubernetes", metavar="NAMESPACE")
    options = parser.parse_args()
    containers = Containers(options.dir.resolve())
    containers.write()
    if options.kubernetes:
        configure.write_secret(containers.run / "kubernetes.yaml", containers.kubernetes(options.kubernetes))
    print(f"keys and configurations are in {options.dir}")


if __name__ == "__main__":
    main()
