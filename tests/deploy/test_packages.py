"""What people install: the wheel, the source distribution, and the environment that the image runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from fixtures.source import REPOSITORY

BIN = Path(sys.executable).parent
COMMIT = "0123456789abcdef0123456789abcdef01234567"
PIN = re.compile(r"^([a-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def built(folder: Path, source: Path = REPOSITORY, *, commit: str | None = COMMIT) -> Path:
    words = ["uv", "build", "--quiet", "--offline", "--no-build-isolation", "--python", sys.executable]
    environment = {name: value for name, value in os.environ.items() if name != "EVISTORE_BUILD_COMMIT"}
    environment |= {"PATH": f"{BIN}:{os.environ['PATH']}"} | ({"EVISTORE_BUILD_COMMIT": commit} if commit else {})
    subprocess.run([*words, "--out-dir", folder, source], env=environment, check=True, timeout=120)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return built(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def bill(wheel) -> dict:
    with zipfile.ZipFile(wheel) as files:
        return json.loads(
            files.read(f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info/sboms/evistore.cdx.json")
        )


@pytest.fixture
def open_folder():
    """A folder that the account of the embedded PostgreSQL may enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory(prefix="evistore-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def locked(path: str) -> dict[str, str]:
    return dict(PIN.findall((REPOSITORY / path).read_text("utf-8")))


def test_the_wheel_holds_every_file_of_the_program(wheel):
    with zipfile.ZipFile(wheel) as files:
        there = set(files.namelist())
    tracked = subprocess.run(
        ["git", "-C", REPOSITORY, "ls-files", "src/evistore"], capture_output=True, text=True, check=True
    ).stdout.split()
    wanted = {name.removeprefix("src/") for name in tracked if (REPOSITORY / name).exists()}
    assert wanted - there == set()


def test_the_wheel_knows_its_commit(wheel):
    with zipfile.ZipFile(wheel) as files:
        assert json.loads(files.read("evistore/build.json")) == {"commit": COMMIT}


def test_the_same_sources_give_the_same_bytes(wheel, tmp_path):
    assert built(tmp_path).read_bytes() == wheel.read_bytes()


def test_a_wheel_of_the_source_distribution_is_the_same_wheel(wheel, tmp_path):
    with tarfile.open(next(wheel.parent.glob("*.tar.gz"))) as sources:
        sources.extractall(tmp_path, filter="data")
    [folder] = tmp_path.iterdir()
    assert built(tmp_path / "again", folder, commit=None).read_bytes() == wheel.read_bytes()


def test_the_bill_of_materials_is_cyclonedx(bill):
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None


def test_the_bill_of_materials_names_every_locked_package_with_digests(bill):
    named = {one["name"]: one["version"] for one in bill["components"]}
    assert named == locked("deploy/requirements.lock")
    assert all(one["externalReferences"][0]["hashes"] for one in bill["components"])


def test_the_bill_of_materials_knows_who_asks_for_what(bill):
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    [own] = [one for one in bill["dependencies"] if one["ref"].startswith("pkg:pypi/evistore@")]
    assert {ref.partition("@")[0].removeprefix("pkg:pypi/") for ref in own["dependsOn"]} >= {
        re.split(r"[^a-z0-9._-]", one)[0] for one in asked
    }
    orphans = {one["purl"] for one in bill["components"]} - {
        ref for one in bill["dependencies"] for ref in one["dependsOn"]
    }
    assert orphans == set()


def test_the_image_runs_the_versions_that_are_tested():
    tested = locked("requirements.lock")
    other = {name: one for name, one in locked("deploy/requirements.lock").items() if tested.get(name) != one}
    assert other == {}


def test_the_environment_of_the_image_serves_a_demonstration(wheel, open_folder):
    """The steps of the Containerfile, in a virtual environment that knows nothing of this one."""
    bare = {"PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin", "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
    kept = {name: value for name, value in os.environ.items() if name.upper().endswith(("_PROXY", "CERT_FILE"))}
    kept |= {name: value for name, value in os.environ.items() if name.startswith(("UV_", "PIP_"))}
    installed = subprocess.run(
        [REPOSITORY / "deploy/image/install.sh", sys.executable, open_folder / "env", wheel, "pyarrow", "obstore"],
        env=bare | kept, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert installed.returncode == 0, installed.stderr
    assert installed.stdout.strip() == f"0.1.0 (commit {COMMIT})"
    there = {
        path.name.partition("-")[0] for path in (open_folder / "env").glob("lib/python3*/site-packages/*.dist-info")
    }
    assert there.isdisjoint({"pyarrow", "obstore", "pytest", "pip"})

    before = {*(open_folder / "env").rglob("*")}
    shown = subprocess.run(
        [open_folder / "env/bin/evistore", "demo", "--exit", "--services", "3", "--days", "2", "--port", "0"],
        env={"PATH": "/usr/bin:/bin"}, cwd=open_folder, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    assert "GET /ready" in shown.stdout
    assert {*(open_folder / "env").rglob("*")} == before  # it may be on a file system that nobody can write to
