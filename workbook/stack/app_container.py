"""A container of the app's image, as a plain process."""

from workbook.base.programs import search_path
from workbook.stack import dockerfile, programs
from workbook.stack.addresses import WEB
from workbook.stack.container import Container
from workbook.stack.process import ManagedProcess

ITS_PLACES = ("PATH", "HOME", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


class AppContainer(Container):
    """It runs the image's command, or the service's own, in the folder of the app."""

    def _make_box(self) -> ManagedProcess:
        network, name = self.site.network, self.service.name
        port = str(network.port(name, WEB))  # what uvicorn takes by itself: 8000
        image = dockerfile.image((self.site.app / "Dockerfile").read_text("utf-8"))
        self.stop_signal = self.service.stop_signal or image.stop_signal
        usual = {"PATH": search_path(), "PYTHONUNBUFFERED": "1", "UVICORN_PORT": port}
        return ManagedProcess(
            self.site.app,
            usual
            | network.rewrite_environment(name, of_the_image(image) | self.service.environment),
        )

    def _image(self) -> programs.Image:
        return dockerfile.programs_of((self.site.app / "Dockerfile").read_text("utf-8"))

    async def _run(self) -> int:
        text = (self.site.app / "Dockerfile").read_text("utf-8")
        words = dockerfile.command(text, self.service.command, self.service.entrypoint)
        command = _by_a_shell(words)
        await self.box.start(self.site.network.rewrite_command(self.service.name, command))
        return await self.box.wait()


def of_the_image(image: dockerfile.Image) -> dict[str, str]:
    """The image's own variables, without those that say where its programs are."""
    return {name: value for name, value in image.environment.items() if name not in ITS_PLACES}


def _by_a_shell(command: tuple[str, ...]) -> tuple[str, ...]:
    """The image's shell stays in front of what it runs; some others put the last command first."""
    if len(command) > 2 and command[0] in ("sh", "/bin/sh") and command[1] == "-c":
        return (*command[:2], f"{command[2]}\nexit $?", *command[3:])
    return command
