"""The schema of a database as text that is the same for the same schema, on every machine and day."""

from __future__ import annotations

import os
import re
import subprocess

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from evistore.kernel.connecting import checked
from evistore.kernel.embedded import binary
from evistore.kernel.errors import Misconfigured

# Names of the versions that dumped, a random token against injected text, settings of the session, and blank lines for each.
_NOISE = re.compile(
    r"^(?:--\s*$|-- Dumped .*|-- PostgreSQL database dump.*|\\(?:un)?restrict .*|SET .*;|SELECT pg_catalog\.set_config.*;)\n",
    re.MULTILINE,
)


def dump_schema(url: str, *, schemas: tuple[str, ...] = ("cdviz", "evistore", "public", "dvo", "clusters")) -> str:
    """What makes the *schemas* of the database at *url*, by ``pg_dump`` of the embedded PostgreSQL, without what differs from run to run.

    Raises:
        Misconfigured: the embedded PostgreSQL is not installed, or cannot read this database.
    """
    chosen = [f"--schema={name}" for name in schemas]
    parts = conninfo_to_dict(checked(url))
    password = parts.pop("password", None)  # whoever lists processes reads their arguments
    place = make_conninfo("", **parts)
    done = subprocess.run(  # noqa: S603  # our own program, and no shell
        [str(binary("pg_dump")), "--schema-only", *chosen, f"--dbname={place}"],
        env=os.environ | ({"PGPASSWORD": str(password)} if password else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Misconfigured(f"the schema cannot be dumped: {done.stderr.strip()}", code="dump-failed")
    return re.sub(r"\n{3,}", "\n\n", _NOISE.sub("", done.stdout)).strip() + "\n"
