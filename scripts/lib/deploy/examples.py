"""Example manifests of the operators that run the stores: names, secrets and ports are those the chart expects."""
import yaml

from .tree import Tree


def check(tree: Tree):
    documents, complaints = {}, []
    for path in sorted((tree.root / "helm/examples").glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            if not document:
                continue
            if not {"apiVersion", "kind", "metadata", "spec"} <= document.keys() and document.get("kind") != "ConfigMap":
                complaints.append(f"{path.name}: a document without kind or specification")
                continue
            documents[(document["kind"], document["metadata"]["name"])] = document
    values = yaml.safe_load(tree.text("helm/tilts/values.yaml"))
    stores = values["networkPolicy"]["stores"]
    wanted = {"Cluster": values["postgres"]["host"].removesuffix("-rw"),
              "Kafka": values["kafka"]["brokers"][0].split(":")[0].removesuffix("-kafka-bootstrap"),
              "RedisReplication": values["redis"]["host"].removesuffix("-master")}
    for kind, name in wanted.items():
        if (kind, name) not in documents:
            complaints.append(f"no example makes {kind} {name}, which values.yaml expects")
    if complaints:
        return complaints
    return list(postgres(tree, documents[("Cluster", wanted["Cluster"])], stores)) + list(
        kafka(documents[("Kafka", wanted["Kafka"])], values)) + list(redis(documents, wanted["RedisReplication"]))


def postgres(tree: Tree, cluster: dict, stores: dict):
    roles = {role["name"]: role for role in cluster["spec"]["managed"]["roles"]}
    for name in tree.code_services:
        if "postgres" not in tree.composition.config(name):
            continue
        role = roles.get(f"tilts_{name.replace('-', '_')}")
        if not role or role["passwordSecret"]["name"] != f"tilts-{name}-postgres":
            yield f"PostgreSQL: no role of {name} with the Secret the chart mounts"
    if stores["postgres"]["to"][0]["podSelector"]["matchLabels"] != {"cnpg.io/cluster": cluster["metadata"]["name"]}:
        yield "PostgreSQL: the network policy looks for other pods"
    if cluster["spec"]["imageCatalogRef"]["major"] != 15:
        yield "PostgreSQL: not version 15, with which everything is tested"


def kafka(cluster: dict, values: dict):
    settings = cluster["spec"]["kafka"]["config"]
    if not cluster["spec"]["kafka"]["version"].startswith("4.1."):
        yield "Kafka: not version 4.1, with which everything is tested"
    if settings.get("min.insync.replicas") != 2 or settings.get("default.replication.factor") != values["kafka"]["replication"]:
        yield "Kafka: a lost broker would lose or stop what was accepted"
    if settings.get("log.message.timestamp.type") != "LogAppendTime":
        yield "Kafka: the log's time must be the broker's"
    listening = {one["port"] for one in cluster["spec"]["kafka"]["listeners"]}
    if int(values["kafka"]["brokers"][0].split(":")[1]) not in listening:
        yield "Kafka: no listener on the port of values.yaml"


def redis(documents: dict, name: str):
    settings = documents[("RedisReplication", name)]["spec"]["redisConfig"]["additionalRedisConfig"]
    lines = documents.get(("ConfigMap", settings), {}).get("data", {}).get("redis-additional.conf", "").split("\n")
    if "maxmemory-policy noeviction" not in lines:
        yield "Redis: it must refuse rather than forget (maxmemory-policy noeviction)"
