"""Debian's nginx before a server, as an operator would set it up."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
INSTALL = "apt-get install -y nginx-light"
CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream clerk {{ server {server}; keepalive 8; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://clerk;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_buffering off;
    }}
  }}
}}
"""


@contextmanager
def nginx_before(server: str, folder: Path) -> Iterator[str]:
    """nginx on a free port, passing on to `server` (`host:port`); its own address."""
    program = NGINX or _missing()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    written = folder / "nginx.conf"
    written.write_text(CONFIGURATION.format(folder=folder, server=server, port=port))
    process = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(written)], stderr=subprocess.PIPE, text=True
    )
    try:
        _wait_until_it_listens(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _wait_until_it_listens(process: "subprocess.Popen[str]", port: int) -> None:
    ends = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    process.terminate()
    raise AssertionError(f"nginx did not start: {process.communicate(timeout=10)[1]}")


def _missing() -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"nginx is missing: {INSTALL}")
    pytest.skip(f"needs nginx: {INSTALL}")
