#!/usr/bin/env python3
"""Writes what the services of one private run are told: keys, passwords, one configuration each.

Keys and passwords are made once and kept; configurations are written anew each time, so that a moved
clone or another port base is picked up. Nothing here is for production: see deploy/ for that.
"""

import argparse
import base64
import calendar
import json
import os
import secrets
import struct
import subprocess
import time
from pathlib import Path

# name: (offset of the rpc port, offset of the metrics port, has its own PostgreSQL schema)
SERVICES = {
    "registry": (20, 21, True),
    "case-intake": (30, 31, True),
    "referral-routing": (40, 41, True),
    "notification": (50, 51, True),
    "audit": (60, 61, True),
    "risk-scoring": (70, 71, False),
    "indicator-aggregation": (80, 81, True),
    "gateway": (11, 12, False),
}
GATEWAY_HTTP = 10


def write_secret(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)


def once(path: Path, make) -> Path:
    if not path.exists() or path.stat().st_size == 0:
        make(path)
    return path


def symmetric_key(path: Path) -> None:
    write_secret(path, f"{secrets.token_hex(4)} {base64.b64encode(secrets.token_bytes(32)).decode()}\n")


def api_key(path: Path) -> None:
    # The form of every Tilts key: tk_<16 of a-z0-9>_<32 random bytes in base64url>.
    write_secret(path, f"tk_{secrets.token_hex(8)}_{secrets.token_urlsafe(32)}\n")


def password(path: Path) -> None:
    write_secret(path, secrets.token_urlsafe(24) + "\n")


def signing_key(path: Path) -> None:
    made = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], check=True, capture_output=True, text=True)
    write_secret(path, made.stdout)


def public_half(private: Path, public: Path) -> None:
    made = subprocess.run(["openssl", "pkey", "-in", private, "-pubout"], check=True, capture_output=True, text=True)
    public.write_text(made.stdout, encoding="ascii")


def city_clock(path: Path, start: str) -> None:
    # Eight bytes, little endian: microseconds since 1970 UTC.
    moment = time.strptime(start, "%Y-%m-%dT%H:%M:%SZ")
    path.write_bytes(struct.pack("<q", calendar.timegm(moment) * 1_000_000))


class Run:
    def __init__(self, options: argparse.Namespace):
        self.root, self.run, self.base, self.environment = options.root, options.run, options.base, options.environment
        self.clock_start = options.clock_start
        self.secrets = self.run / "secrets"

    def make_keys(self) -> None:
        for name, (_, _, stores) in SERVICES.items():
            private = once(self.secrets / f"{name}.key", signing_key)
            once(self.secrets / f"{name}.pub", lambda public, private=private: public_half(private, public))
            if stores:
                once(self.secrets / f"{name}.password", password)
        checkpoint = once(self.secrets / "audit-checkpoint.key", signing_key)
        once(self.secrets / "audit-checkpoint.pub", lambda public: public_half(checkpoint, public))
        once(self.secrets / "operator.key", api_key)
        for name in ("master", "holding", "index"):
            once(self.secrets / f"{name}.keys", symmetric_key)
        once(self.run / "city.clock", lambda path: city_clock(path, self.clock_start))

    def address(self, name: str) -> str:
        return f"127.0.0.1:{self.base + SERVICES[name][0]}"

    def common(self, name: str) -> dict:
        rpc, metrics, stores = SERVICES[name]
        folder = self.root / "services" / name.replace("-", "_")
        config = {
            "environment": self.environment,
            "instance": "0",
            "log_level": "info",
            "data_dir": str(folder / "data"),
            "rpc": {"address": "127.0.0.1", "port": self.base + rpc},
            "metrics": {"address": "127.0.0.1", "port": self.base + metrics},
            "clock": {"city_clock_file": str(self.run / "city.clock")},
            "auth": {
                "signing_key_file": str(self.secrets / f"{name}.key"),
                "trusted_keys": [{"issuer": other, "public_key_file": str(self.secrets / f"{other}.pub")} for other in SERVICES],
                "grant_cache_file": str(self.run / "state" / f"{name}.grants"),
                "grant_refresh": "0.5s",
            },
            "peers": {other: self.address(other) for other in SERVICES if other != name},
            "shutdown": {},
        }
        if stores:
            config["migrations_dir"] = str(folder / "migrations")
            config["postgres"] = {
                "host": "127.0.0.1", "port": self.base + 1, "database": "tilts",
                "user": f"tilts_{name.replace('-', '_')}", "schema": name.replace("-", "_"),
                "password_file": str(self.secrets / f"{name}.password"),
            }
            config["kafka"] = {"brokers": [f"127.0.0.1:{self.base + 2}"]}
        return config

    def risk_scoring(self) -> dict:
        return {
            # A replay of a year writes each pupil once a batch: large batches write less.
            "kafka": {"brokers": [f"127.0.0.1:{self.base + 2}"], "batch_size": 50000},
            "redis": {"host": "127.0.0.1", "port": self.base + 4, "command_timeout": "5s"},
            "risk": {},
        }

    def config(self, name: str) -> dict:
        config = self.common(name)
        keys = {"index_key_file": str(self.secrets / "index.keys")}
        if name == "gateway":
            config["http"] = {"address": "127.0.0.1", "port": self.base + GATEWAY_HTTP}
            config["redis"] = {"host": "127.0.0.1", "port": self.base + 4}
            # One simulated vendor speaks for a whole city, in minutes instead of weeks.
            config["gateway"] = {"requests_per_second": 2000, "burst": 4000}
        elif name == "registry":
            config["crypto"] = keys | {"master_key_file": str(self.secrets / "master.keys")}
            config["registry"] = {
                "seed_dir": str(self.root / "services" / "registry" / "data"),
                "operator_key_file": str(self.secrets / "operator.key"),
            }
        elif name in ("case-intake", "referral-routing", "notification"):
            config["crypto"] = keys | {"holding_key_file": str(self.secrets / "holding.keys")}
        if name == "case-intake":
            # A call with facts keeps its thread until the broker has them.
            config["rpc"]["executor_threads"] = 32
            config["intake"] = {"institution_cache_file": str(self.run / "state" / f"{name}.institutions")}
        elif name == "referral-routing":
            config["routing"] = {
                "directory_cache_file": str(self.run / "state" / "referral-routing.directory"),
                "directory_refresh": "1s",
            }
        elif name == "notification":
            config["notification"] = {"allow_private_addresses": True, "attempt_timeout": "2s"}
        elif name == "risk-scoring":
            config |= self.risk_scoring()
        elif name == "indicator-aggregation":
            config["crypto"] = keys
            config["kafka"]["batch_size"] = 2000  # attendance comes by the million
        elif name == "audit":
            config["audit"] = {
                "witness_file": str(self.run / "state" / "audit.witness"),
                "checkpoint_key_file": str(self.secrets / "audit-checkpoint.key"),
                "checkpoint_public_key_file": str(self.secrets / "audit-checkpoint.pub"),
            }
        return config

    def write(self) -> None:
        (self.run / "config").mkdir(parents=True, exist_ok=True)
        (self.run / "state").mkdir(parents=True, exist_ok=True)
        (self.run / "gateway.url").write_text(f"http://127.0.0.1:{self.base + GATEWAY_HTTP}\n", encoding="ascii")
        client = {
            "key_file": str(self.secrets / "operator.key"),
            "institution": "tilts-operator",
            "services": {name: self.address(name) for name in SERVICES},
            "audit_witness_file": str(self.run / "state" / "audit.witness"),
            "audit_public_key_files": [str(self.secrets / "audit-checkpoint.pub")],
        }
        (self.run / "client.json").write_text(json.dumps(client, indent=2) + "\n", encoding="ascii")
        for name in SERVICES:
            path = self.run / "config" / f"{name}.json"
            path.write_text(json.dumps(self.config(name), indent=2) + "\n", encoding="ascii")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--base", type=int, required=True)
    parser.add_argument("--environment", default="demo")
    parser.add_argument("--clock-start", default="2025-10-27T05:00:00Z", help="where a new city clock begins, UTC")
    run = Run(parser.parse_args())
    run.secrets.mkdir(parents=True, exist_ok=True)
    run.make_keys()
    run.write()


if __name__ == "__main__":
    main()
