"""Which keys of a Compose file this workbook reads, which change nothing here, which it refuses.

All that Compose knows: https://github.com/compose-spec/compose-spec/blob/main/05-services.md
"""

from collections.abc import Mapping
from typing import Any

from workbook.stack.compose_error import ComposeFileError, NotReadError

READ = {
    *("image", "build", "entrypoint", "command", "environment", "env_file", "depends_on"),
    *("healthcheck", "ports", "volumes", "stop_grace_period", "stop_signal", "restart"),
    *("secrets", "networks", "profiles", "extends", "deploy"),
}
WITHOUT_EFFECT = {
    *("annotations", "attach", "blkio_config", "cap_add", "cap_drop", "cgroup", "cgroup_parent"),
    *("container_name", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota", "cpu_rt_period"),
    *("cpu_rt_runtime", "cpu_shares", "cpus", "cpuset", "develop", "device_cgroup_rules"),
    *("devices", "dns", "dns_opt", "dns_search", "domainname", "expose", "group_add", "init"),
    *("ipc", "isolation", "labels", "label_file", "logging", "mac_address", "mem_limit"),
    *("mem_reservation", "mem_swappiness", "memswap_limit", "oom_kill_disable"),
    *("oom_score_adj", "pids_limit", "platform", "privileged", "pull_policy", "read_only"),
    *("runtime", "security_opt", "shm_size", "stdin_open", "storage_opt", "sysctls", "tty"),
    *("ulimits", "userns_mode", "uts", "gpus"),
}
"""What a service may say without a difference to what is tried out here."""
NOT_READ = {
    *("configs", "credential_spec", "external_links", "extra_hosts", "hostname", "links"),
    *("models", "network_mode", "pid", "post_start", "pre_stop", "provider", "scale", "tmpfs"),
    *("use_api_socket", "user", "volumes_from", "working_dir"),
}
TOP_READ = {"services", "volumes", "secrets", "networks", "name", "version"}
TOP_NOT_READ = {"configs", "include", "models"}
BUILD = {
    "not read": {"additional_contexts", "args", "dockerfile_inline", "target", "ssh", "secrets"},
    "no effect": {
        *("cache_from", "cache_to", "context", "dockerfile", "entitlements", "extra_hosts"),
        *("isolation", "labels", "network", "no_cache", "no_cache_filter", "platforms"),
        *("privileged", "provenance", "pull", "sbom", "shm_size", "tags", "ulimits"),
    },
}
DEPLOY = {
    "not read": {"replicas", "endpoint_mode", "mode"},
    "no effect": {
        *("labels", "placement", "resources", "restart_policy", "rollback_config"),
        *("update_config",),
    },
}


DEEPER = "what belongs to a service is indented more than its name"


def look(name: str, said: Mapping[str, Any]) -> None:
    """Every key of a service is one that is read, or makes no difference; ComposeFileError."""
    if name in READ and not {"image", "build", "extends"} & {*said}:
        raise ComposeFileError(f"`{name}` stands among the services, as one of them: {DEEPER}")
    _each(f"`{name}`", said, READ | WITHOUT_EFFECT, NOT_READ)
    for part, keys in (("build", BUILD), ("deploy", DEPLOY)):
        if isinstance(said.get(part), dict):
            _each(f"`{part}` of `{name}`", said[part], keys["no effect"], keys["not read"])


def look_at_the_top(said: Mapping[str, Any]) -> None:
    """The same for the sections of the file."""
    outside = (key for key in said if key in READ - TOP_READ)
    if key := next(outside, ""):
        raise ComposeFileError(f"`{key}` stands outside of every service: {DEEPER}")
    _each("the file", said, TOP_READ, TOP_NOT_READ)


def _each(where: str, said: Mapping[str, Any], fine: set[str], refused: set[str]) -> None:
    for key in map(str, said):
        if key in refused:
            raise NotReadError(f"`{key}` of {where}")
        if key not in fine and not key.startswith("x-"):
            raise ComposeFileError(f"{where} has a key `{key}`, which Compose does not know")
