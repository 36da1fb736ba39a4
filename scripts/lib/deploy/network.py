"""Who calls whom, by the code, and that the policies of the chart let exactly that through."""
import re

from .contracts_match import contracts
from .tree import Tree


def by_code(tree: Tree) -> dict:
    """Service to the services whose address it takes from its configuration."""
    graph = {}
    table = tree.text("services/gateway/app/route_table.cpp")
    for name in tree.code_services:
        folder = tree.root / "services" / name.replace("-", "_")
        text = "".join(path.read_text() for path in sorted(folder.rglob("*.cpp")))
        called = set(re.findall(r'(?:config::Peer\([^,]+, |MakePeer\(runtime, )"([a-z-]+)"', text))
        for constant in re.findall(r"config::Peer\([^,]+, (k\w+)\)", text):
            called |= set(re.findall(rf'\b{constant}\[?\]? = "([a-z-]+)"|\b{constant}\[\] = "([a-z-]+)"', text)[0]) - {""}
        if "TrustRegistry(" in text:
            called |= set(re.findall(r'config::Peer\([^,]+, "([a-z-]+)"', tree.text("libs/backbone/trust.cpp")))
        if "AskRegistry(*" in text:
            called |= set(re.findall(r'upstream\.Find\("([a-z-]+)"\)', text))
        if name == "gateway":
            called |= set(re.findall(r'\{"tilts\.[a-z.0-9]+", "([a-z-]+)"\}', table))
        graph[name] = called
    return graph


def check_calls(tree: Tree):
    code, complaints = by_code(tree), []
    owners = dict(re.findall(r'\{"(tilts\.[a-z.0-9]+)", "([a-z-]+)"\}', tree.text("services/gateway/app/route_table.cpp")))
    for package, callers in contracts(tree).callers().items():
        for caller in callers:
            owner = owners.get(package)
            if owner and caller != owner and owner not in code.get(caller, ()):
                complaints.append(f"{package} admits {caller}, whose code does not call {owner}")
    for caller, called in code.items():
        composed = set(tree.containers.CALLS.get(caller, ()))
        if composed != called:
            complaints.append(f"{caller} calls {sorted(called)}, in scripts/lib/containers.py {sorted(composed)}")
        for values in tree.values_files():
            peers = set(tree.chart_configs(values)[caller].get("peers", {}))
            if peers != called:
                complaints.append(f"{caller} calls {sorted(called)}, in the chart ({values}) {sorted(peers)}")
    return complaints


def component(peer: dict):
    return peer.get("podSelector", {}).get("matchLabels", {}).get("app.kubernetes.io/component")


def check_policies(tree: Tree):
    complaints = []
    for values in tree.values_files():
        policies = tree.objects("NetworkPolicy", values)
        if not policies:
            continue
        if "default-deny" not in policies or set(policies["default-deny"]["spec"]) != {"podSelector", "policyTypes"}:
            complaints.append(f"{values}: no policy denies what no other allows")
        for name, config in tree.chart_configs(values).items():
            if name not in policies:
                complaints.append(f"{values}: nothing limits {name}")
                continue
            complaints += [f"{values}: {name} {what}" for what in wrong(tree, name, config, policies[name]["spec"], values)]
    return complaints


def wrong(tree: Tree, name: str, config: dict, spec: dict, values: str):
    ports, graph = tree.ports[name], by_code(tree)
    if sorted(spec["policyTypes"]) != ["Egress", "Ingress"]:
        yield "is limited in one direction only"
    callers = set()
    for rule in spec["ingress"]:
        if not rule.get("from"):
            yield "is open to everybody"
            continue
        components = {component(peer) for peer in rule["from"]} - {None}
        if rule["ports"] == [{"port": ports["rpc"]}]:
            callers |= components
        elif rule["ports"] not in ([{"port": ports["metrics"]}], [{"port": ports.get("http")}]):
            yield f"admits to {rule['ports']}, on which it does not listen"
    wanted = {caller for caller, called in graph.items() if name in called} | {"tiltsctl"}
    if callers != wanted:
        yield f"admits {sorted(callers)}, is called by {sorted(wanted)}"
    reached, stores, outside = set(), 0, []
    for rule in spec["egress"]:
        callee = {component(peer) for peer in rule["to"]} - {None}
        if callee:
            reached |= callee
            if rule["ports"] != [{"port": tree.ports[one]["rpc"]} for one in callee]:
                yield f"reaches {sorted(callee)} on {rule['ports']}"
        elif any(peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0" for peer in rule["to"]):
            outside.append(rule)
        elif rule["ports"][0]["port"] not in (53, 4318):
            stores += 1
    if reached != graph[name]:
        yield f"reaches {sorted(reached)}, calls {sorted(graph[name])}"
    if stores != len({"postgres", "kafka", "redis"} & config.keys()):
        yield "reaches other stores than its configuration names"
    if bool(outside) != (name == "notification"):
        yield "reaches the Internet" if outside else "does not reach institutions' endpoints"
    for rule in outside:
        if not {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"} <= set(rule["to"][0]["ipBlock"]["except"]):
            yield "reaches private networks on its way out"
