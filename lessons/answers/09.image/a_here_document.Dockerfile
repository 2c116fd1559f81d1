# right: `RUN <<EOT` runs the lines below it, up to `EOT`, as one instruction
FROM python:3.14-slim
WORKDIR /srv
COPY requirements.txt .
RUN <<EOT
set -e
pip install --no-cache-dir -r requirements.txt
EOT
COPY . .
USER 10001
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "20"]
