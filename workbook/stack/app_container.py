"""A container of the app's image, as a plain process."""

from workbook.base.programs import search_path
from workbook.stack import dockerfile
from workbook.stack.addresses import WEB
from workbook.stack.container import Container
from workbook.stack.process import ManagedProcess


class AppContainer(Container):
    """It runs the image's command, or the service's own, in the folder of the app."""

    def _make_box(self) -> ManagedProcess:
        network, name = self.site.network, self.service.name
        port = str(network.port(name, WEB))  # what uvicorn takes by itself: 8000
        usual = {"PATH": search_path(), "PYTHONUNBUFFERED": "1", "UVICORN_PORT": port}
        return ManagedProcess(
            self.site.app, usual | network.rewrite_environment(name, self.service.environment)
        )

    async def _run(self) -> int:
        text = (self.site.app / "Dockerfile").read_text("utf-8")
        command = _by_a_shell(dockerfile.command(text, self.service.command))
        await self.box.start(self.site.network.rewrite_command(self.service.name, command))
        return await self.box.wait()


def _by_a_shell(command: tuple[str, ...]) -> tuple[str, ...]:
    """The image's shell stays in front of what it runs; some others put the last command first."""
    if len(command) > 2 and command[0] in ("sh", "/bin/sh") and command[1] == "-c":
        return (*command[:2], f"{command[2]}\nexit $?", *command[3:])
    return command
