"""Pages under load: ``python -m bench.serving [--share 1.0] [--rounds 5] [--requests 200] [--pages dossier …] [--postgres]``.

Starts, one after the other on this machine's loopback, the portal with the full data, with a hundredth of it, and a bare
Flask hello, all behind the same server with one worker, and prints for each page: queries, median and p95 of one
client, requests per CPU-second of the server, bytes over the wire, and the ratios: of one client, and of a server that
sixteen connections keep busy (with wrk). Rounds are interleaved; a ratio is the median of its rounds. With ``--postgres``
both portals ask a PostgreSQL server of this run's own: what it spends is a column of its own, and part of the growth.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench import data
from tests import postgres

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Server:
    """One running server and how to ask it."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    made: dict[str, object]
    behind: Server | None = None
    database: postgres.Server | None = None

    def cpu(self) -> float:
        """CPU seconds of the server's threads so far, and of the one behind it."""
        return _scheduled(self.process.pid) + (self.behind.cpu() if self.behind else 0.0)

    def database_cpu(self) -> float:
        """CPU seconds so far of the PostgreSQL server it asks, if there is one."""
        return _scheduled(self.database.pid) if self.database else 0.0

    def memory(self) -> int:
        """Resident bytes of the largest process."""
        largest = 0
        for pid in _family(self.process.pid):
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except FileNotFoundError:
                continue
            found = re.search(r"VmRSS:\s+(\d+)", status)
            largest = max(largest, int(found.group(1)) * 1024 if found else 0)
        return largest

    def stop(self) -> None:
        """End it."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _scheduled(pid: int) -> float:
    """CPU seconds of a process and all below it, as the kernel's scheduler counts (nanoseconds)."""
    total = 0
    for one in _family(pid):
        for thread in Path(f"/proc/{one}/task").glob("*/schedstat"):
            try:
                total += int(thread.read_text().split()[0])
            except FileNotFoundError:
                continue
    return total / 1e9


def _family(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        current = waiting.pop()
        found.append(current)
        for children in Path(f"/proc/{current}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in children.read_text().split()]
            except FileNotFoundError:
                continue
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_nginx(name: str, folder: Path, behind: Server) -> Server:
    """nginx with the deployed configuration, but for the certificate, ports and folders, and one worker."""
    port = _free_port()
    text = (ROOT / "docs/nginx.conf").read_text()
    for old, new in (
        (r"listen 80;", f"listen 127.0.0.1:{_free_port()};"),
        (r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        (r"ssl_certificate\S* .*;", ""),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{behind.port}"),
        (r"/var/(cache|log)/nginx", str(folder)),
    ):
        text, times = re.subn(old, new, text)
        if not times:
            raise SystemExit(f"docs/nginx.conf has no line like {old}")
    configuration = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(f"daemon off; {user} pid {folder}/pid; events {{}} http {{ {text} }}")
    process = subprocess.Popen(
        [str(shutil.which("nginx")), "-c", str(configuration), "-e", str(folder / "errors.log")]
    )
    return _answering(Server(name, port, process, behind.made, behind))


def start(name: str, target: str, environment: dict[str, str], made: dict[str, object]) -> Server:
    """Start ``target`` behind the server and wait until it answers."""
    port = _free_port()
    process = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("granian")),
            "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
            "--blocking-threads", "2", "--no-ws", "--log-level", "error", target,
        ],
        cwd=ROOT,
        env={**os.environ, **environment},
    )  # fmt: skip
    return _answering(Server(name, port, process, made))


def _answering(server: Server) -> Server:
    """The server once it takes connections."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", server.port), 1).close()
            return server
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{server.name} did not start")


@dataclass
class Round:
    """One round of equal requests: CPU (of the server, and of the database) and wall per request in milliseconds."""

    cpu: float
    walls: list[float]
    size: int
    status: int
    database: float = 0.0


def ask(server: Server, path: str, requests: int, headers: dict[str, str] | None = None) -> Round:
    """``requests`` GETs, one after another, over one kept connection."""
    headers = headers or {}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    size = status = 0
    for _ in range(5):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
    walls, before, asked = [], server.cpu(), server.database_cpu()
    for _ in range(requests):
        begun = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        walls.append((time.perf_counter() - begun) * 1000)
        size, status = len(content), answer.status
    spent, looked_up = server.cpu() - before, server.database_cpu() - asked
    connection.close()
    return Round(spent * 1000 / requests, walls, size, status, looked_up * 1000 / requests)


BUSY = 16


def ask_busily(server: Server, path: str, headers: dict[str, str] | None = None, seconds: int = 2) -> float:
    """CPU milliseconds of one GET while ``BUSY`` connections ask as fast as they are answered (wrk). A single client's
    server falls asleep after each answer, and waking up costs it as much as a kept page does."""
    command = ["wrk", "-t1", f"-c{BUSY}", f"-d{seconds}s"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    before = server.cpu()
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{server.port}{path}"], check=True, capture_output=True, text=True
    )
    spent = server.cpu() - before
    answers = re.search(r"(\d+) requests in", done.stdout)
    if not answers or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(done.stdout)
    return spent * 1000 / int(answers[1])


def past_the_cache(path: str) -> str:
    """The same page with a query parameter it does not know: such an address is neither looked up nor kept, so the
    page is made anew by a process that is otherwise as in production."""
    return path + ("&" if "?" in path else "?") + "past=1"


AS_A_BROWSER = {"Accept-Encoding": "gzip, deflate"}
REMARKS = 10  # of one person in a short time; the portal slows down who writes more
WRITERS = 4


class Writer:
    """A signed-in person's browser: keeps cookies, reads the tokens out of the forms."""

    def __init__(self, server: Server, number: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.cookies: dict[str, str] = {}
        fields = self.form("/accounts/sign-in", "password")
        status = self.post(
            "/accounts/sign-in", {**fields, "email": f"{number}@measuring.example", "password": data.PASSWORD}
        )
        if status != 303:
            raise SystemExit(f"signing in answered {status}")

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            key, _, value = cookie.split(";")[0].partition("=")
            self.cookies[key] = value
        return answer.status, answer.read().decode()

    def form(self, path: str, holding: str) -> dict[str, str]:
        """The hidden fields of the form on a page that has a field of this name."""
        _, page = self._ask("GET", path)
        forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
        wanted = next(one for one in forms if f'name="{holding}"' in one)
        return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', wanted))

    def post(self, path: str, fields: dict[str, str]) -> int:
        """The status of a form sent off."""
        return self._ask("POST", path, urlencode(fields))[0]


def post_remarks(server: Server, turn: int) -> Round:
    """Remarks of a few people, each under a form of its own; only the sending is measured."""
    path, cpu, database, walls = f"/comments/{server.made['item_topic']}", 0.0, 0.0, []
    for number in range(WRITERS):
        writer = Writer(server, 3 + turn * WRITERS + number)
        forms = [writer.form(path, "text") for _ in range(REMARKS)]
        before, asked = server.cpu(), server.database_cpu()
        for fields in forms:
            begun = time.perf_counter()
            status = writer.post(path, {**fields, "text": "น่าจะทำให้เสร็จก่อนหน้าฝน"})
            walls.append((time.perf_counter() - begun) * 1000)
            if status != 303:
                raise SystemExit(f"a remark was answered {status}")
        cpu += server.cpu() - before
        database += server.database_cpu() - asked
        writer.connection.close()
    return Round(cpu * 1000 / len(walls), walls, 0, 303, database * 1000 / len(walls))


def paths(made: dict[str, object]) -> dict[str, str]:
    """The pages that are measured."""
    return {
        "home": "/",
        "district": f"/dossier/districts/{made['district']}",
        "community": f"/dossier/communities/{made['community']}",
        "plan": f"/plans/{made['plan']}",
        "dossier": f"/dossier/{made['item']}",
        "action plan": f"/actionplan/{made['action_plan']}",
        "search": "/search?q=%E0%B9%80%E0%B8%95%E0%B9%87%E0%B8%99%E0%B8%97%E0%B9%8C",
    }


def queries(url: str, made: dict[str, object]) -> dict[str, int]:
    """Statements per page, counted in a process of its own."""
    program = (
        "import json,sys;from sqlalchemy import event;from sqlalchemy.engine import Engine;seen=[];"
        "event.listen(Engine,'before_cursor_execute',lambda *a:seen.append(a[2]));"
        "from portal.app import create_app;c=create_app().test_client();out={};"
        "pages=json.loads(sys.argv[1]);\n"
        "for n,p in pages.items():\n c.get(p);seen.clear();a=c.get(p);out[n]=[len(seen),a.status_code]\n"
        "print(json.dumps(out))"
    )
    environment = {
        **os.environ,
        "PORTAL_DATABASE_URL": url,
        "PORTAL_ENV": "development",
        "PORTAL_PAGE_CACHE_BYTES": "0",
    }
    out = subprocess.run(
        [sys.executable, "-c", program, json.dumps(paths(made))],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    counted: dict[str, list[int]] = json.loads(out.stdout.strip().splitlines()[-1])
    wrong = {name: status for name, (_, status) in counted.items() if status != 200}
    if wrong:
        raise SystemExit(f"these pages do not answer 200: {wrong}")
    return {name: number for name, (number, _) in counted.items()}


def weights(server: Server, path: str) -> tuple[int, int]:
    """Bytes over the wire of a cold visit (page, style sheet, fonts, pictures, scripts) and of a repeat visit."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def get(address: str, extra: dict[str, str] | None = None) -> tuple[int, bytes, str, str]:
        connection.request("GET", address, headers={"Accept-Encoding": "gzip", **(extra or {})})
        answer = connection.getresponse()
        content = answer.read()
        head = sum(len(key) + len(value) + 4 for key, value in answer.getheaders())
        plain = gzip.decompress(content) if answer.getheader("Content-Encoding") == "gzip" else content
        return (
            len(content) + head,
            plain,
            answer.getheader("ETag") or "",
            answer.getheader("Content-Type") or "",
        )

    size, page, etag, _ = get(path)
    cold, seen, waiting = size, set(), re.findall(r'(?:src|href)="(/(?:static|files)/[^"]+)"', page.decode())
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        weight, content, _, kind = get(address)
        cold += weight
        if "css" in kind:
            waiting += [
                found
                for found in re.findall(r"url\(\"?(/static/[^)\"]+)\"?\)", content.decode())
                if ".woff2" not in found
            ]
    repeat, _, _, _ = get(path, {"If-None-Match": etag} if etag else {})
    connection.close()
    return cold, repeat


def make(url: str, name: str, share: float, environment: dict[str, str]) -> str:
    """Fill an empty database with this share of the full data; what is in it, as JSON."""
    print(f"Making the {name} data", flush=True)
    out = subprocess.run(
        [sys.executable, "-m", "bench.make", url, str(share)],
        cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return out.stdout.strip().splitlines()[-1]


def prepare(folder: Path, name: str, share: float, environment: dict[str, str]) -> dict[str, object]:
    """An SQLite file of this share of the full data, made unless the folder has it; what is in it."""
    url, facts = f"sqlite:///{(folder / name).resolve()}.sqlite3", folder / f"{name}.json"
    if not facts.exists():
        facts.write_text(make(url, name, share, environment))
    return {**json.loads(facts.read_text()), "url": url}


def prepare_postgres(
    database: postgres.Server, name: str, share: float, environment: dict[str, str]
) -> dict[str, object]:
    """A PostgreSQL database of this share of the full data; what is in it."""
    url = postgres.create(database.url, name).render_as_string(hide_password=False)
    return {**json.loads(make(url, name, share, environment)), "url": url}


def main() -> None:
    """Make the data, start the servers, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--share", type=float, default=1.0, help="how much of the full data")
    parser.add_argument("--folder", type=Path, help="keep the made data here and use it again")
    parser.add_argument("--pages", nargs="+", help="these alone, and no remarks")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL; the data is made anew")
    chosen = parser.parse_args()
    for tool in ("wrk", "nginx"):
        if not shutil.which(tool):
            raise SystemExit(f"This needs {tool}: apt-get install {tool}")
    with ExitStack() as closing:
        folder = chosen.folder or Path(closing.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        base = {
            "PORTAL_ENV": "development",
            "PORTAL_SECRET_KEY": secrets.token_hex(32),
            "PORTAL_INSTANCE": str(folder),
        }
        made, database = {}, None
        if chosen.postgres:
            database = postgres.Server(**postgres.LASTING)
            closing.callback(database.stop)
            database.start()
        for name, share in (("full", chosen.share), ("hundredth", chosen.share / 100)):
            if database:
                made[name] = prepare_postgres(database, name, share, base)
                continue
            kept = prepare(folder, name, share, base)
            # Served from a copy: the remarks that are posted would make the next run's pages longer.
            copy = Path(closing.enter_context(tempfile.TemporaryDirectory())) / f"{name}.sqlite3"
            shutil.copy(folder / f"{name}.sqlite3", copy)
            made[name] = {**kept, "url": f"sqlite:///{copy}"}
        servers = {}
        for name, facts in made.items():
            servers[name] = start(
                name, "wsgi:application", {**base, "PORTAL_DATABASE_URL": str(facts["url"])}, facts
            )
            servers[name].database = database
            closing.callback(servers[name].stop)
        servers["hello"] = start("hello", "bench.hello:application", {}, {})
        closing.callback(servers["hello"].stop)
        for name, behind in (("nginx", "full"), ("nginx hello", "hello")):
            front = Path(closing.enter_context(tempfile.TemporaryDirectory()))
            servers[name] = start_nginx(name, front, servers[behind])
            closing.callback(servers[name].stop)
        counted = {size: queries(str(made[size]["url"]), made[size]) for size in made}
        report(chosen, servers, counted)


def line(
    name: str,
    rounds: dict[str, list[Round]],
    counted: dict[str, dict[str, int]],
    weight: tuple[int, int] | None,
    busy: str = f"{'–':>10}" * 4,
) -> None:
    """One line of the table; a ratio is the median of its rounds."""
    cpu = {server: [one.cpu for one in many] for server, many in rounds.items()}
    all_of_it = {name: [one.cpu + one.database for one in rounds[name]] for name in ("full", "hundredth")}
    growth = statistics.median(a / b for a, b in zip(*all_of_it.values(), strict=True))
    database = statistics.median(one.database for one in rounds["full"])
    walls = sorted(wall for one in rounds["full"] for wall in one.walls)

    def ratio(above: str, below: str) -> str:
        if below not in cpu or above not in cpu:
            return "–"
        pairs = zip(cpu[above], cpu[below], strict=True)
        return f"{statistics.median(a / max(b, 1e-6) for a, b in pairs):.2f}"

    cold, repeat = (f"{size:,}" for size in weight) if weight else ("–", "–")
    print(
        f"{name:<12}{counted['full'].get(name, 0) or '–':>8}{counted['hundredth'].get(name, 0) or '–':>6}"
        f"{statistics.median(walls):>11.2f}{walls[int(len(walls) * 0.95)]:>8.2f}"
        f"{1000 / statistics.median(cpu['full']):>11.0f}{f'{database:.2f}' if database else '–':>13}{growth:>14.2f}"
        f"{ratio('hello', 'full'):>18}{ratio('hello', 'cached'):>16}{ratio('hello', 'nginx'):>8}"
        f"{ratio('nginx hello', 'nginx'):>8}{busy}"
        f"{rounds['full'][-1].size:>9,}{cold:>9}{repeat:>8}",
        flush=True,
    )


def report(
    chosen: argparse.Namespace, servers: dict[str, Server], counted: dict[str, dict[str, int]]
) -> None:
    """Interleaved rounds, page by page."""
    print(f"\n{chosen.rounds} interleaved rounds of {chosen.requests} requests, one client, one worker")
    print(
        f"{'page':<12}{'queries':>8}{'1/100':>6}{'median ms':>11}{'p95 ms':>8}{'req/CPU-s':>11}{'database ms':>13}{'full ÷ 1/100':>14}"
        f"{'uncached ÷ hello':>18}{'cached ÷ hello':>16}{'nginx':>8}{'both':>8}{'busy: un-':>10}{'cached':>10}{'nginx':>10}{'both':>10}{'bytes':>9}{'cold':>9}{'repeat':>8}"
    )
    for page in chosen.pages or paths(servers["full"].made):
        rounds: dict[str, list[Round]] = {
            name: [] for name in ("hello", "full", "hundredth", "cached", "nginx", "nginx hello")
        }
        busy: dict[str, list[float]] = {"full": [], "cached": [], "nginx": [], "both": []}
        for _ in range(chosen.rounds):
            for name in ("hello", "nginx hello"):
                rounds[name].append(ask(servers[name], "/", chosen.requests))
            path = paths(servers["full"].made)[page]
            for name, server in (("cached", servers["full"]), ("nginx", servers["nginx"])):
                rounds[name].append(ask(server, path, chosen.requests, AS_A_BROWSER))
            hello = ask_busily(servers["hello"], "/")
            busy["full"].append(hello / ask_busily(servers["full"], past_the_cache(path)))
            busy["cached"].append(hello / ask_busily(servers["full"], path, AS_A_BROWSER))
            front = ask_busily(servers["nginx"], path, AS_A_BROWSER)
            busy["nginx"].append(hello / front)
            busy["both"].append(ask_busily(servers["nginx hello"], "/") / front)
            for name in ("full", "hundredth"):
                path = paths(servers[name].made)[page]
                rounds[name].append(ask(servers[name], past_the_cache(path), chosen.requests))
        weight = weights(servers["full"], paths(servers["full"].made)[page])
        line(
            page,
            rounds,
            counted,
            weight,
            "".join(f"{statistics.median(ratios):>10.2f}" for ratios in busy.values()),
        )
    posted: dict[str, list[Round]] = {name: [] for name in ("hello", "full", "hundredth")}
    for turn in range(0 if chosen.pages else chosen.rounds):
        posted["hello"].append(ask(servers["hello"], "/", chosen.requests))
        for name in ("full", "hundredth"):
            posted[name].append(post_remarks(servers[name], turn))
    if not chosen.pages:
        line("a remark", posted, counted, None)
    for name, server in servers.items():
        print(f"memory of {name}: {server.memory() / 1_000_000:.0f} MB")


if __name__ == "__main__":
    main()
