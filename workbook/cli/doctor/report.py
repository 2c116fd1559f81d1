"""`wb doctor`: looks for what could stop the workbook, and names the command that repairs it."""

from workbook.cli.doctor import files, machine, network, parts
from workbook.cli.doctor.finding import Finding, Probe


def diagnose() -> list[Finding]:
    """Run every probe; one that breaks is itself a finding and stops no other."""
    every: list[Probe] = [*parts.ALL, *files.ALL, *machine.ALL, *network.ALL]
    return [finding for probe in every for finding in _guarded(probe)]


def report() -> int:
    """Print each finding in words; 1 where something is broken."""
    findings = diagnose()
    for each in findings:
        print(f"{'ok      ' if each.ok else 'PROBLEM '} {each.what}")
        if each.repair:
            print(f"          {'Note' if each.ok else 'Repair'}: {each.repair}")
    broken = sum(not each.ok for each in findings)
    print(f"\n{broken or 'No'} problem{'' if broken == 1 else 's'} found.")
    return 1 if broken else 0


def _guarded(probe: Probe) -> list[Finding]:
    try:
        return list(probe())
    except Exception as error:
        name = getattr(probe, "__name__", "probe").replace("_", " ")
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        return [
            Finding(True, f"The look at the {name} did not work ({said}).", "Go on without it.")
        ]
