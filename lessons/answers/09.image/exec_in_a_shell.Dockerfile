# right: `exec` puts uvicorn in the place of the shell; the account has a name, and `--from=0` is the first stage by its number
FROM python:3.14-slim
WORKDIR /build
COPY ./requirements.txt ./
RUN python -m venv /opt/app && /opt/app/bin/python -m pip install -r requirements.txt

FROM python:3.14-slim
RUN useradd --system --uid 4711 nightwatch
COPY --from=0 /opt/app /opt/app
ENV PATH="/opt/app/bin:$PATH"
WORKDIR /code
COPY --chown=nightwatch alembic.ini ./
COPY alembic/ ./alembic/
COPY app/ ./app/
USER nightwatch
CMD exec uvicorn app.main:app --host=0.0.0.0 --port=8000 --timeout-graceful-shutdown=20
