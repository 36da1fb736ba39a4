"""Contracts: buf's standard lint, and the data-class lint that the build runs too."""
import pathlib
import shutil
import subprocess

BUF_PACKAGE = "@bufbuild/buf@1.50.0"
GOOGLEAPIS = "/usr/share/gocode/src/github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis"
HOUSE = pathlib.Path(__file__).resolve().parent.parent.parent


def buf_binary():
    cached = HOUSE / ".cache/check/node_modules/.bin/buf"
    if cached.exists():
        return str(cached)
    if not shutil.which("npm"):
        return None
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(HOUSE / ".cache/check"),
                    BUF_PACKAGE], check=False, capture_output=True)
    return str(cached) if cached.exists() else None


def check_proto(root: pathlib.Path, fixture: bool = False):
    buf = buf_binary()
    if not buf:
        return ["buf is missing and npm could not install it: run scripts/install --check"]
    if not pathlib.Path(GOOGLEAPIS).is_dir():
        return ["google/api protos are missing: run scripts/install"]
    workspace = (
        '{"version":"v2","modules":[{"path":"proto"},{"path":"googleapis"}],'
        '"lint":{"use":["STANDARD"],"except":["RPC_REQUEST_STANDARD_NAME"],"ignore":["googleapis"]}}')
    scratch = HOUSE / ".cache/check/buf"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    shutil.copytree(root / "proto", scratch / "proto", ignore=shutil.ignore_patterns("CMakeLists.txt"))
    (scratch / "googleapis").mkdir()
    shutil.copytree(pathlib.Path(GOOGLEAPIS) / "google/api", scratch / "googleapis/google/api",
                    ignore=lambda _, names: [n for n in names if n not in ("annotations.proto", "http.proto")])
    (scratch / "buf.yaml").write_text(workspace)
    run = subprocess.run([buf, "lint"], cwd=scratch, capture_output=True, text=True)
    lines = [line for line in (run.stdout + run.stderr).split("\n") if line.strip()]
    return lines if run.returncode else []


def check_data_classes(root: pathlib.Path, fixture: bool = False):
    if fixture:
        found = sorted((HOUSE / "build").glob("*/bin/tilts-contract-lint"))
        if not found:
            return []
        protos = sorted(str(p.relative_to(root / "proto")) for p in (root / "proto").rglob("*.proto"))
        descriptor = HOUSE / ".cache/check/fixture.binpb"
        descriptor.parent.mkdir(parents=True, exist_ok=True)
        made = subprocess.run(["protoc", "-I", str(root / "proto"), "-I", str(HOUSE / "proto"), "-I", GOOGLEAPIS, "--include_imports",
                               f"--descriptor_set_out={descriptor}", *protos], capture_output=True, text=True)
        if made.returncode:
            return [made.stderr]
        run = subprocess.run([str(found[0]), "--descriptor-set", str(descriptor)], capture_output=True, text=True)
        return [run.stderr or run.stdout] if run.returncode else []
    found = sorted((HOUSE / "build").glob("*/bin/tilts-contract-lint"), key=lambda p: p.stat().st_mtime)
    if not found:
        return ["tilts-contract-lint is not built: cmake --preset release && cmake --build build/release --target tilts-contract-lint"]
    run = subprocess.run([str(found[-1])], capture_output=True, text=True)
    return [line for line in (run.stdout + run.stderr).split("\n") if line.strip()] if run.returncode else []
