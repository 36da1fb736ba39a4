"""deploy/compose.yaml as the specification's own loader reads it, and the house's rules for it."""
from .tree import Tree

STORES = ("postgres", "kafka", "redis", "prometheus")
PINNED = {"postgres": "15.", "kafka": "4.1.", "redis": "7.", "prometheus": "v2."}


def check(tree: Tree):
    services = tree.compose["services"]
    complaints = [f"no service {name}" for name in STORES + ("schemas", "topics") if name not in services]
    for name, service in services.items():
        complaints += [f"{name}: {what}" for what in faults(tree, name, service)]
    public = sorted(name for name, service in services.items() if service.get("ports"))
    if public != ["gateway"]:
        complaints.append(f"only the gateway is published, not {', '.join(public) or 'nobody'}")
    for name, network in tree.compose["networks"].items():
        if name not in ("public", "outbound", "default") and not (network or {}).get("internal"):
            complaints.append(f"network {name} is not internal")
    return complaints + kafka_settings(tree) + waits(tree)


def faults(tree: Tree, name: str, service: dict):
    if "no-new-privileges:true" not in (service.get("security_opt") or []):
        yield "may gain privileges"
    if service.get("privileged") or service.get("network_mode") == "host":
        yield "is not contained"
    if name != "kafka" and not service.get("read_only"):
        yield "its root file system can be written"
    if name in STORES:
        tag = service.get("image", "").rpartition(":")[2]
        if not tag.startswith(PINNED[name]):
            yield f"image {service.get('image')} is not pinned to {PINNED[name]}"
        if not service.get("healthcheck"):
            yield "has no health check"
    if name.startswith("migrate-") or name in tree.code_services + ["topics", "tiltsctl"]:
        if service.get("user") != "10001:10001":
            yield f"runs as {service.get('user')}"
        if service.get("cap_drop") != ["ALL"]:
            yield "keeps capabilities"
    networks = set(service.get("networks") or {})
    if "public" in networks and name != "gateway":
        yield "is in the public network"
    if "outbound" in networks and name != "notification":
        yield "may reach out"
    for key in service.get("environment") or {}:
        if "PASSWORD" in key and not key.endswith(("_FILE", "PASSWORDS")):
            yield f"{key} puts a secret into the environment"


def waits(tree: Tree):
    """Jobs end before their services start, stores are healthy before jobs."""
    services, complaints = tree.compose["services"], []

    def wants(name, other, condition):
        found = services[name].get("depends_on", {}).get(other, {}).get("condition")
        if found != condition:
            complaints.append(f"{name} does not wait for {other} ({condition})")

    wants("schemas", "postgres", "service_healthy")
    wants("topics", "kafka", "service_healthy")
    for name in tree.code_services:
        config = tree.composition.config(name)
        if "postgres" in config:
            wants(f"migrate-{name}", "schemas", "service_completed_successfully")
            wants(name, f"migrate-{name}", "service_completed_successfully")
        if "kafka" in config:
            wants(name, "topics", "service_completed_successfully")
        for store in ("postgres", "kafka", "redis"):
            if (store in config) != (store in (services[name].get("networks") or {})):
                complaints.append(f"{name}: its networks and its configuration differ about {store}")
    return complaints


# What one machine and containers say differently on purpose.
BY_PLACE = {"process.roles", "node.id", "controller.quorum.voters", "listeners", "log.dirs"}


def kafka_settings(tree: Tree):
    """The broker is set as scripts/servers sets its own."""
    environment = tree.compose["services"]["kafka"]["environment"]
    complaints = []
    for line in tree.text("deploy/kafka/server.properties.in").split("\n"):
        key, _, value = line.partition("=")
        if line.startswith("#") or not value or key in BY_PLACE:
            continue
        found = environment.get("KAFKA_" + key.upper().replace(".", "_"))
        if str(found) != value:
            complaints.append(f"kafka: {key} is {found}, in deploy/kafka/server.properties.in {value}")
    return complaints
