# wrong: which files does that mount show
FROM python:3.14-slim
WORKDIR /srv
RUN --mount=type=bind,target=/context pip install -r /context/requirements.txt
COPY . .
USER 10001
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "20"]
