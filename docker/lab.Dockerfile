# JupyterLab and the workbook, for `docker compose up`. The checkout is the context.
ARG PYTHON_IMAGE=python:3.14-slim
FROM ${PYTHON_IMAGE}
WORKDIR /workbook
ENV PATH=/workbook/.venv/bin:$PATH PYTHONUNBUFFERED=1 RUFF_CACHE_DIR=/tmp/ruff SHELL=/bin/bash

# The packages, as ./wb installs them: made again when one of these files changes, and not before.
COPY wb requirements.txt requirements-postgres.txt ./
COPY workbook/__init__.py workbook/
COPY workbook/base/__init__.py workbook/base/causes.py workbook/base/disk.py workbook/base/paths.py workbook/base/platforms.py workbook/base/problem.py workbook/base/settings.py workbook/base/whole.py workbook/base/
COPY workbook/cli/__init__.py workbook/cli/install.py workbook/cli/manifest.py workbook/cli/stick.py workbook/cli/
COPY workbook/cli/setup workbook/cli/setup
RUN PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 UV_COMPILE_BYTECODE=1 \
    python3 -c "import runpy; runpy.run_path('wb')['set_up']()"

# A host's umask may have closed the files; a learner cannot write the bytecode.
COPY . .
RUN chmod -R a+rX ./[!.]* && .venv/bin/python -m compileall -q workbook && mkdir -p /home/learner && \
    printf '#!/bin/sh\nexec python3 /workbook/docker/as_owner.py python3 /workbook/wb "$@"\n' \
    >/usr/local/bin/wb && chmod 755 /usr/local/bin/wb

ENTRYPOINT ["python3", "docker/as_owner.py"]
CMD ["python3", "wb", "lab", "--no-browser"]
