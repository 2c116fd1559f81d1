# wrong: is read at /srv/requirements.txt
FROM python:3.14-slim
WORKDIR /srv
COPY requirements.txt /tmp/
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER 10001
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--timeout-graceful-shutdown", "20"]
