"""Every block of docs/clients.md does what the page says, against a real server."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import platformdirs
import pytest

from symbiosis.api.tokens import development_token
from symbiosis.store.graph import Graph
from tests.api.served import quick_app, served

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = (ROOT / "docs" / "clients.md").read_text("utf-8")
BLOCK: Final = re.compile(r"^```(sh|python|js|yaml)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
INSTALL: Final = re.compile(r"`npm install ([^`]+)`")
WITHIN_S: Final = 120.0


@dataclass(frozen=True)
class Block:
    """A block of the page, and what it prints."""

    language: str
    text: str
    prints: str

    @property
    def line(self) -> str:
        """Return what to call it."""
        return f"{self.language} at line {PAGE[: PAGE.index(self.text)].count(chr(10)) + 1}"


BLOCKS: Final = [Block(*(part or "" for part in found.groups())) for found in BLOCK.finditer(PAGE)]


def of(*languages: str) -> Any:
    """Return the blocks in these languages, as what a test is given."""
    return pytest.mark.parametrize(
        "block", [b for b in BLOCKS if b.language in languages], ids=lambda block: block.line
    )


@pytest.fixture
async def variables(api: Any, graph: Graph) -> AsyncIterator[dict[str, str]]:
    """Give the variables that the page names, of a server that runs."""
    app = quick_app(api.settings, graph)
    async with served(app) as where:
        token = development_token(api.settings, "manager-a", 600)
        given = {"SYMBIOSIS_URL": f"http://{where}/graphql", "TOKEN": token, "SITE_ID": "site-a"}
        yield {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", ""), "NO_PROXY": "*", **given}
    await app.state.services.live.stop()


async def run(command: list[str], variables: dict[str, str], folder: Path = ROOT) -> tuple[int, str]:
    """Return the exit code of a command and all that it says."""
    both = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.STDOUT}
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=variables, **both)  # type: ignore[arg-type]
    try:
        async with asyncio.timeout(WITHIN_S):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode or 0, said.decode()


def assert_prints(block: Block, result: tuple[int, str]) -> None:
    """Fail unless a block ended well and printed what the page says."""
    code, said = result
    assert code == 0, said
    wanted = ".*".join(re.escape(part) for part in block.prints.strip().split("…"))
    assert re.fullmatch(wanted, said.strip(), re.DOTALL), said


@of("sh")
async def test_a_block_for_the_shell(block: Block, variables: dict[str, str]) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl")
    assert_prints(block, await run(["bash", "-euo", "pipefail", "-c", block.text], variables))


@of("python")
async def test_a_block_of_python(block: Block, variables: dict[str, str]) -> None:
    assert_prints(block, await run([sys.executable, "-W", "error", "-c", block.text], variables))


async def packages(wanted: str) -> Path:
    """Return a folder with these npm packages, kept from one time to the next; skip where they cannot be had."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no node, or no npm")
    folder = Path(platformdirs.user_cache_dir("symbiosis-clients")) / re.sub(r"\W+", "-", wanted)
    if not (folder / "node_modules").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true, "type": "module"}')
        flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]
        code, said = await run(["npm", "install", *flags, *wanted.split()], dict(os.environ), folder)
        if code:
            shutil.rmtree(folder)
            pytest.skip(f"the packages of npm cannot be had: {said.strip()[-200:]}")
    return folder


@of("js")
async def test_a_block_of_javascript(block: Block, variables: dict[str, str]) -> None:
    folder = await packages(INSTALL.findall(PAGE)[0])
    assert_prints(block, await run(["node", "--input-type=module", "-e", block.text], variables, folder))


@of("yaml")
async def test_types_come_from_the_schema_and_the_operations(block: Block, tmp_path: Path) -> None:
    folder = await packages(INSTALL.findall(PAGE)[1])
    (tmp_path / "codegen.yaml").write_text(block.text)
    shutil.copytree(ROOT / "graphql", tmp_path / "graphql")
    (tmp_path / "node_modules").symlink_to(folder / "node_modules")
    command = ["node", "node_modules/@graphql-codegen/cli/cjs/bin.js", "--config", "codegen.yaml"]
    code, said = await run(command, dict(os.environ), tmp_path)
    assert code == 0, said
    written = (tmp_path / "symbiosis.ts").read_text("utf-8")
    assert "export type UpdateListingMutation " in written
    assert "export type SynergyStepsSubscription " in written


def test_the_page_has_a_block_in_every_language() -> None:
    assert {block.language for block in BLOCKS} == {"sh", "python", "js", "yaml"}
    assert len(BLOCKS) >= 10
