"""deploy/ is what Kubernetes takes, and fits the service: its user, its settings, its times."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml
from flask import Flask

from service import __version__
from service.gunicorn_conf import BOOT_SECONDS, configuration
from service.settings import Settings
from service.worker import PATIENCE
from tests.conftest import service
from tests.load.image import USER

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
FOLDERS = ("base", "overlays/production", "overlays/rate-limits")
VERSIONS = ("1.30", kubernetes_validate.latest_version())
"""Of Kubernetes: the oldest that deploy/README.md names, and the newest known here."""

PREFIX = next(
    ([found, *rest] for name, rest in (("kubectl", ["kustomize"]), ("kustomize", ["build"])) if (found := shutil.which(name))), []
)
renders = pytest.mark.skipif(not PREFIX, reason="neither kubectl nor kustomize is on the PATH")

Resource = dict[str, Any]


@cache
def rendered(folder: str) -> tuple[Resource, ...]:
    """What would be applied."""
    made = subprocess.run([*PREFIX, str(DEPLOY / folder)], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert not made.stderr, "kustomize warns"
    return tuple(yaml.safe_load_all(made.stdout))


def one(folder: str, kind: str, name: str = "quotes") -> Resource:
    """The resource of this kind and name."""
    (found,) = (each for each in rendered(folder) if (each["kind"], each["metadata"]["name"]) == (kind, name))
    return found


def pod(folder: str) -> Resource:
    """The service's pod."""
    spec: Resource = one(folder, "Deployment")["spec"]["template"]["spec"]
    return spec


def environment(folder: str) -> dict[str, str]:
    """The variables its container is given."""
    return {each["name"]: each["value"] for each in pod(folder)["containers"][0].get("env", [])}


def seconds(probe: Resource) -> int:
    """The longest from the first failure to the consequence."""
    return int(probe["failureThreshold"] * probe["periodSeconds"] + probe["timeoutSeconds"])


@renders
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("folder", FOLDERS)
def test_kubernetes_takes_it(folder: str, version: str) -> None:
    for resource in rendered(folder):
        kubernetes_validate.validate(resource, version, strict=True)


def test_every_folder_with_a_kustomization_is_tested() -> None:
    assert {str(found.parent.relative_to(DEPLOY)) for found in DEPLOY.rglob("kustomization.yaml")} == set(FOLDERS)


@renders
@pytest.mark.parametrize("folder", FOLDERS)
def test_pods_may_do_next_to_nothing(folder: str) -> None:
    for deployment in (each for each in rendered(folder) if each["kind"] == "Deployment"):
        spec = deployment["spec"]["template"]["spec"]
        assert spec["enableServiceLinks"] is spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in spec["containers"]:
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"] is True
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert {"cpu", "memory", "ephemeral-storage"} <= container["resources"]["limits"].keys()
            assert {"readinessProbe", "livenessProbe"} <= container.keys()
            assert ":" in container["image"]


@renders
def test_the_user_and_the_files_are_those_of_the_image() -> None:
    spec = pod("base")
    assert spec["securityContext"]["runAsUser"] == USER
    mounts = {mount["mountPath"]: mount["name"] for mount in spec["containers"][0]["volumeMounts"]}
    volumes = {volume["name"]: volume["emptyDir"] for volume in spec["volumes"]}
    assert volumes[mounts["/tmp"]]["sizeLimit"]
    assert volumes[mounts["/dev/shm"]]["medium"] == "Memory"
    assert one("overlays/production", "Deployment")["spec"]["template"]["spec"]["containers"][0]["image"] == f"quotes:{__version__}"


@renders
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_settings_are_ones_that_the_service_starts_with(folder: str, tmp_path: Path) -> None:
    given = environment(folder)
    if "QUOTES_API_KEYS_FILE" in given:
        mounts = {mount["mountPath"] for mount in pod(folder)["containers"][0]["volumeMounts"]}
        assert str(Path(given["QUOTES_API_KEYS_FILE"]).parent) in mounts
        keys = tmp_path / "keys"
        keys.write_text("desk=" + "x" * 32)
        given |= {"QUOTES_API_KEYS_FILE": str(keys)}
    settings = Settings.from_environment(given)
    assert settings.port == pod(folder)["containers"][0]["ports"][0]["containerPort"]
    assert bool(settings.keys) is (folder != "base")
    if settings.rate_limit:
        name = settings.rate_limit_storage.removeprefix("redis://").split(":")[0]
        assert one(folder, "Service", name)["spec"]["selector"] == {"app.kubernetes.io/name": name}


@renders
@pytest.mark.parametrize("folder", FOLDERS)
def test_what_was_accepted_has_time_to_be_finished(folder: str) -> None:
    spec = pod(folder)
    before = int(spec["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert spec["terminationGracePeriodSeconds"] >= max(45, before + configuration(Settings())["graceful_timeout"])


@renders
def test_probes_ask_what_they_are_for_in_time() -> None:
    container = pod("base")["containers"][0]
    startup, liveness, readiness = (container[f"{name}Probe"] for name in ("startup", "liveness", "readiness"))
    assert [probe["httpGet"]["path"] for probe in (startup, liveness, readiness)] == ["/readyz", "/livez", "/readyz"]
    assert seconds(startup) >= BOOT_SECONDS
    assert seconds(liveness) < PATIENCE * Settings().hang_seconds  # before the process ends itself
    assert seconds(readiness) <= 5


@renders
def test_torch_gets_whole_processors_and_all_that_was_asked_for() -> None:
    resources = pod("base")["containers"][0]["resources"]
    assert resources["limits"]["cpu"] == resources["requests"]["cpu"] == str(int(resources["limits"]["cpu"]))
    assert resources["limits"]["memory"] == resources["requests"]["memory"]


@renders
@pytest.mark.parametrize("folder", FOLDERS)
def test_everything_selects_the_pods(folder: str) -> None:
    template = one(folder, "Deployment")["spec"]["template"]
    labels = template["metadata"]["labels"].items()
    assert one(folder, "Service")["spec"]["selector"].items() <= labels
    assert one(folder, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"].items() <= labels
    assert one(folder, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"].items() <= labels
    scaler = one(folder, "HorizontalPodAutoscaler")["spec"]
    assert scaler["scaleTargetRef"]["name"] == one(folder, "Deployment")["metadata"]["name"]
    assert scaler["minReplicas"] > one(folder, "PodDisruptionBudget")["spec"]["maxUnavailable"]
    assert "replicas" not in one(folder, "Deployment")["spec"]  # the autoscaler's
    ports = {port["name"] for port in template["spec"]["containers"][0]["ports"]}
    assert {port["targetPort"] for port in one(folder, "Service")["spec"]["ports"]} <= ports


def test_the_readme_names_every_folder_and_every_metric(app: Flask) -> None:
    readme = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert all(f"`{folder}`" in readme for folder in FOLDERS)
    assert VERSIONS[0] in readme
    declared = {family.name for family in service(app).metrics.registry.collect() if family.name.startswith("quotes_")}
    assert len(declared) > 15
    assert all(f"`{name}" in readme for name in declared)


def test_the_sizing_is_worked_out_from_the_figures() -> None:
    readme = (DEPLOY / "README.md").read_text(encoding="utf-8")
    cells = dict(re.findall(r"^\| (.+?) \| ([\d,.]+) \|$", readme, re.MULTILINE))
    words, cores = (float(cells[name].replace(",", "")) for name in ("words a second of one pod, W", "cores of one pod"))
    scaler = yaml.safe_load((DEPLOY / "base" / "autoscaler.yaml").read_text(encoding="utf-8"))["spec"]
    use = scaler["metrics"][0]["resource"]["target"]["averageUtilization"] / 100
    a_day = words / cores / 600 * 86_400
    assert f"**{a_day * use:,.0f} articles a day per core**" in readme
    assert f"{a_day * use * cores:,.0f} a pod; at full use {a_day:,.0f} a core" in readme
    assert f"at {words * use:,.0f} a pod" in readme
