"""Chart, compose file, scripts and code name the same services, ports, probes, secrets and schemas."""
import json
import re
import tempfile
import pathlib

import yaml

from .tree import Tree


def check_services(tree: Tree):
    code = set(tree.code_services)
    lists = re.search(r"^services=\((.*?)\)", tree.text("scripts/lib/services.sh"), re.M)
    named = {
        "scripts/lib/configure.py": set(tree.containers.SERVICES),
        "scripts/lib/services.sh": set(lists[1].split()) if lists else set(),
        "the call graph of scripts/lib/containers.py": set(tree.containers.CALLS),
        "deploy/compose.yaml": {name for name, one in tree.compose["services"].items()
                                if one.get("build", {}).get("args", {}).get("SERVICE") == name},
        "scrapes of scripts/lib/containers.py": {one["job_name"].replace("_", "-")
                                                 for one in yaml.safe_load(tree.composition.prometheus())["scrape_configs"]},
    }
    for values in tree.values_files():
        named[f"chart ({values})"] = set(tree.workloads(values))
    complaints = [f"{where}: {', '.join(sorted(found ^ code))} there or in services/ only"
                  for where, found in named.items() if found != code]
    for name in code:
        if not re.search(rf"^tilts_service\({name.replace('-', '_')}\b", tree.text(f"services/{name.replace('-', '_')}/CMakeLists.txt"), re.M):
            complaints.append(f"{name}: CMake builds no tilts-{name} for the image")
    return complaints


def check_ports(tree: Tree):
    complaints = []
    for name, ports in tree.ports.items():
        numbers = {str(number) for number in ports.values()}
        service = tree.compose["services"][name]
        if set(map(str, service.get("expose", []))) != numbers:
            complaints.append(f"compose {name}: exposes {service.get('expose')}, listens on {sorted(numbers)}")
        if service["healthcheck"]["test"] != ["CMD", "/opt/tilts/bin/ready", str(ports["metrics"])]:
            complaints.append(f"compose {name}: its health check does not ask port {ports['metrics']}")
        config = tree.composition.config(name)
        if {section: config[section]["port"] for section in ports} != ports:
            complaints.append(f"compose {name}: its configuration listens elsewhere")
        for values in tree.values_files():
            complaints += [f"chart ({values}) {name}: {what}" for what in chart_ports(tree, values, name, ports)]
    published = tree.compose["services"]["gateway"].get("ports") or [{}]
    if published[0].get("target") != tree.ports["gateway"]["http"] or published[0].get("host_ip") != "127.0.0.1":
        complaints.append("compose gateway: publishes something else than its HTTP port on the loopback")
    everything = [number for ports in tree.ports.values() for number in ports.values()]
    if len(set(everything)) != len(everything):
        complaints.append("two services share a port")
    return complaints


def chart_ports(tree: Tree, values: str, name: str, ports: dict):
    container = tree.workloads(values)[name]["spec"]["template"]["spec"]["containers"][0]
    if {one["name"]: one["containerPort"] for one in container["ports"]} != ports:
        yield "its container's ports are others"
    if {one["name"]: one["port"] for one in tree.objects("Service", values)[name]["spec"]["ports"]} != ports:
        yield "its service's ports are others"
    config = tree.chart_configs(values)[name]
    if {section: config.get(section, {}).get("port") for section in ports} != ports:
        yield "its configuration listens elsewhere"


def check_probes(tree: Tree):
    """Probes ask what the code answers: gRPC health by libs/rpc, two paths by the gateway's door, the gauge by libs/service."""
    health = set(re.findall(r'service\.value\(\) == "([a-z]+)"', tree.text("libs/rpc/server.cpp")))
    paths = set(re.findall(r'path == "(/[a-z]+)"', tree.text("services/gateway/adapters/door.cpp")))
    complaints = []
    if '"tilts_service_ready"' not in tree.text("libs/service/process.cpp") or "tilts_service_ready" not in tree.text("deploy/ready"):
        complaints.append("deploy/ready does not look for the gauge of libs/service")
    for values in tree.values_files():
        for name, workload in tree.workloads(values).items():
            container = workload["spec"]["template"]["spec"]["containers"][0]
            names = {one["name"]: one["containerPort"] for one in container["ports"]}
            for kind, meant in (("startupProbe", "live"), ("livenessProbe", "live"), ("readinessProbe", "read")):
                probe = container.get(kind, {})
                if "grpc" in probe:
                    asked, known, port = probe["grpc"].get("service"), health, probe["grpc"]["port"]
                elif "httpGet" in probe:
                    asked, known, port = probe["httpGet"]["path"], paths, names.get(probe["httpGet"]["port"])
                else:
                    complaints.append(f"chart ({values}) {name}: no {kind}")
                    continue
                if asked not in known or meant not in asked or port not in names.values():
                    complaints.append(f"chart ({values}) {name}: {kind} asks {asked} on {port}; the code answers {sorted(known)}")
    return complaints


def secrets_read(config) -> set:
    return set(re.findall(r'"/run/secrets/([^"]+)"', json.dumps(config)))


def check_secrets(tree: Tree):
    """Whatever a configuration reads is mounted, nothing else is, and the first set of Secrets has it."""
    complaints = []
    for name in tree.code_services:
        wanted = secrets_read(tree.composition.config(name))
        for service in (name, f"migrate-{name}"):
            if service in tree.compose["services"]:
                mounted = {one["source"] for one in tree.compose["services"][service].get("secrets", [])}
                if mounted != wanted:
                    complaints.append(f"compose {service}: mounts and needs differ by {sorted(mounted ^ wanted)}")
    for name, secret in (tree.compose.get("secrets") or {}).items():
        if not secret.get("file", "").endswith(f"/secrets/{name}"):
            complaints.append(f"compose: secret {name} is no file of the run's secrets")
    with tempfile.TemporaryDirectory() as folder:
        composition = tree.containers.Containers(pathlib.Path(folder) / "run")
        composition.write()
        there = {(one["kind"], one["metadata"]["name"]): set(one["data"])
                 for one in yaml.safe_load_all(composition.kubernetes("tilts"))}
    for values in tree.values_files():
        for name, workload in tree.workloads(values).items():
            volumes = {one["name"]: one for one in workload["spec"]["template"]["spec"]["volumes"]}
            mounted = {item["path"] for source in volumes["secrets"]["projected"]["sources"] for item in source["secret"]["items"]}
            wanted = secrets_read(tree.chart_configs(values)[name])
            if not wanted <= mounted or mounted - wanted - {"kafka-ca.crt", "postgres-ca.crt"}:
                complaints.append(f"chart ({values}) {name}: mounts and needs differ by {sorted(mounted ^ wanted)}")
            for source in volumes["secrets"]["projected"]["sources"]:
                complaints += [f"chart ({values}) {name}: {what}" for what in missing(source["secret"], there)]
            trust = there.get(("ConfigMap", volumes["trust"]["configMap"]["name"]), set())
            for file in re.findall(r'"/etc/tilts/trust/([^"]+)"', json.dumps(tree.chart_configs(values)[name])):
                if file not in trust:
                    complaints.append(f"chart ({values}) {name}: {file} is not among the public keys")
    return complaints


def missing(secret: dict, there: dict):
    """Secrets of the house only: users of stores and certificates are made by whoever runs those."""
    keys = there.get(("Secret", secret["name"]))
    house = any(item["path"].endswith((".key", ".keys")) or item["path"] not in ("kafka.password", "redis.password")
                and item["path"].endswith(".password") for item in secret["items"])
    if keys is None:
        if house:
            yield f"refers to Secret {secret['name']}, which containers.py does not make"
        return
    for item in secret["items"]:
        if item["key"] not in keys:
            yield f"Secret {secret['name']} has no {item['key']}"


def check_schemas(tree: Tree):
    """Every service with migrations gets its role, schema and migration job in both deployments."""
    owners = {path.parent.name.replace("_", "-") for path in (tree.root / "services").glob("*/migrations")}
    listed = re.search(r"^stateful_services=\((.*?)\)", tree.text("scripts/lib/services.sh"), re.M)
    complaints = [] if set(listed[1].split()) == owners else ["scripts/lib/services.sh: stateful_services are others"]
    passwords = {f"{name}.password" for name in owners}
    compose = tree.compose["services"]
    given = {one["source"] for one in compose["schemas"]["secrets"]} - {"postgres.password"}
    if given != passwords:
        complaints.append(f"compose schemas: passwords differ by {sorted(given ^ passwords)}")
    if {name.removeprefix("migrate-") for name in compose if name.startswith("migrate-")} != owners:
        complaints.append("compose: not every schema is migrated")
    for values in tree.values_files():
        jobs = tree.objects("Job", values)
        migrated = {name.removeprefix("migrate-"): job for name, job in jobs.items() if name.startswith("migrate-")}
        if set(migrated) != owners:
            complaints.append(f"chart ({values}): not every schema is migrated")
        for name, job in migrated.items():
            if "pre-upgrade" not in job["metadata"]["annotations"]["helm.sh/hook"]:
                complaints.append(f"chart ({values}): {name} is not migrated before an upgrade")
            if job["spec"]["template"]["spec"]["containers"][0]["image"] != tree.workloads(values)[name]["spec"]["template"]["spec"]["containers"][0]["image"]:
                complaints.append(f"chart ({values}): {name} is migrated by another image than it runs")
        if "schemas" in jobs:
            roles = next(one for one in jobs["schemas"]["spec"]["template"]["spec"]["volumes"] if one["name"] == "roles")
            if {item["path"] for one in roles["projected"]["sources"] for item in one["secret"]["items"]} != passwords:
                complaints.append(f"chart ({values}) schemas: not every role has a password")
    return complaints
